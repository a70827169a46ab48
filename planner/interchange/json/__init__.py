"""Our own format: a whole organisation as one JSON file, described in docs/file-formats.md."""

from planner.interchange.json.reader import draft_of, read_organisation
from planner.interchange.json.writer import FORMAT, write_organisation

__all__ = ["FORMAT", "draft_of", "read_organisation", "write_organisation"]
