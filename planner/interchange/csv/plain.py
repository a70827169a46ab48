"""A table of words and numbers as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from planner.interchange.csv.cells import neutral

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def write_table(rows: Iterable[Sequence[str | int]]) -> bytes:
    """Return the rows as UTF-8 CSV; text that would be a formula gets an apostrophe before it."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode()
