"""The one door for files of a whole organisation: looks at what is inside and picks the reader."""

from __future__ import annotations

from planner.domain.transfer import Reading
from planner.interchange.json import FORMAT, draft_of
from planner.interchange.normalised import is_normalised, reading_of
from planner.interchange.problems import refusal
from planner.interchange.safe_json import load_json

_TABLE_ENDINGS = (".csv", ".tsv", ".xlsx", ".xls", ".ods")


def read_any(data: bytes, filename: str = "") -> Reading:
    """Return the organisation in a file, whichever of the known formats it is in.

    Raises InvalidInput, and nothing else, for a file that cannot be taken. `filename` only helps
    to say what to do instead.
    """
    if filename.lower().endswith(_TABLE_ENDINGS):
        raise refusal(
            "this is a table; a whole organisation is read from a JSON file, lists are pasted or read as CSV"
        )
    value = load_json(data)
    if isinstance(value, dict) and "format" in value:
        return Reading(draft_of(value))
    if isinstance(value, dict) and is_normalised(value):
        return reading_of(value)
    raise refusal(
        f'the file is neither an organisation of ours ("format": "{FORMAT}") '
        'nor a public record ("meta", "people", "teams", "dependencies" and "goals")'
    )
