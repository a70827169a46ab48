"""From the file of another tool to one change: read, looked at, confirmed, written, reported."""
