"""Collect everything that is wrong with an input, so that it can be told in one go."""

from __future__ import annotations

from planner.domain.errors import InvalidInput, Problem
from planner.interchange.limits import PROBLEMS_SHOWN

_SHOWN_LENGTH = 60


class Problems:
    """A growing list of problems; the first 200 are kept, the rest is counted."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._more = 0

    def add(self, where: str, message: str) -> None:
        if len(self._kept) < PROBLEMS_SHOWN:
            self._kept.append(Problem(where, message))
        else:
            self._more += 1

    def raise_if_any(self) -> None:
        """Raise InvalidInput with all that was collected."""
        if self._more:
            self._kept.append(Problem("", f"and {self._more} more problems"))
        if self._kept:
            raise InvalidInput(*self._kept)


def refusal(message: str, where: str = "") -> InvalidInput:
    """Return the error for an input that is refused as a whole."""
    return InvalidInput(Problem(where, message))


def shown(value: object) -> str:
    """Return a value as a message may quote it: short, on one line, text in quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    quoted = repr(value)
    return quoted if len(quoted) <= _SHOWN_LENGTH else f"{quoted[:_SHOWN_LENGTH]}…"
