"""The addresses of pages: numbers in them, those that a row can have, and how links are built."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from werkzeug.routing import IntegerConverter, Rule

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST = 2**31 - 1
"""The largest id that PostgreSQL keeps in a column; it refuses to look for a larger one."""

_ONE_AT_A_TIME = threading.Lock()
"""Python 3.11 counts how deep a syntax tree is for all threads together, and fails where two make one."""


class RowNumber(IntegerConverter):
    """A number in a path; what no row can have is no address of ours."""

    def __init__(self, rules: Any, **options: Any) -> None:
        super().__init__(rules, max=LARGEST, **options)


class Address(Rule):
    """An address that learns to build links when the first link to it is written.

    Werkzeug compiles two functions for each address when it is added: with three hundred of them that is
    two thirds of what making an application costs, for links that mostly nobody writes.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            if not compiled:
                with _ONE_AT_A_TIME:
                    compiled.append(super(Address, self)._compile_builder(append_unknown))
            return compiled[0](rule, **values)

        return build


def row_number(text: str) -> int:
    """Return the number that a row could have. Raises ValueError."""
    number = int(text)
    if not 0 <= number <= LARGEST:
        raise ValueError(f"expected 0 to {LARGEST}")
    return number
