"""Markdown, as wikis and issue trackers read it."""

from planner.interchange.markdown.writer import write_markdown

__all__ = ["write_markdown"]
