"""Numbers in addresses: those that a row can have, nothing larger."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter

LARGEST = 2**31 - 1
"""The largest id that PostgreSQL keeps in a column; it refuses to look for a larger one."""


class RowNumber(IntegerConverter):
    """A number in a path; what no row can have is no address of ours."""

    def __init__(self, rules: Any, **options: Any) -> None:
        super().__init__(rules, max=LARGEST, **options)


def row_number(text: str) -> int:
    """Return the number that a row could have. Raises ValueError."""
    number = int(text)
    if not 0 <= number <= LARGEST:
        raise ValueError(f"expected 0 to {LARGEST}")
    return number
