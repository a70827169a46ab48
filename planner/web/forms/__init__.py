"""One file per feature; what every form shares stands in base."""
