"""Ways in and out: files of other tools and our own, read into and written from a `Draft`."""
