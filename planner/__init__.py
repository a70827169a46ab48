"""A cross-team dependency planner: record, agree, see, and meet less, together."""

__version__ = "0.1.0"
