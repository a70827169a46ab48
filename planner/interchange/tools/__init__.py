"""What other tools export: one small reader for each, found by looking at the file."""

from planner.interchange.tools.registry import FORMATS, Format, expect_known, read_files
from planner.interchange.tools.source import Source, Stopped, source_of

__all__ = ["FORMATS", "Format", "Source", "Stopped", "expect_known", "read_files", "source_of"]
