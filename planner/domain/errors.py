"""The one tree of errors. An error carries facts; the edges of the product turn them into words."""

from __future__ import annotations

from dataclasses import dataclass


class PlannerError(Exception):
    """Anything the product refuses. `str()` names the thing, what is wrong and what to do."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input: where it stands, what was read and what was expected.

    `where` is a field name, "line 12" or a JSON pointer; it may be empty for the input as a whole.
    """

    where: str
    message: str


class InvalidInput(PlannerError):
    """Input that cannot be accepted, with every problem found, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{p.where}: {p.message}" if p.where else p.message for p in problems))


class Clash(InvalidInput):
    """The database refuses this beside what is there already, perhaps since a moment ago."""


class NotFound(PlannerError):
    """The thing does not exist, or this person may not know that it does."""


class NotAllowed(PlannerError):
    """The person may see the thing but not do this to it."""


class StaleVersion(PlannerError):
    """Somebody else changed the thing since it was read; nothing was saved."""


class Outrun(StaleVersion):
    """The database let another act of the same moment go first; the same again may well be done."""


class CannotUndo(PlannerError):
    """The change cannot be taken back, with the reason."""


class NotNow(PlannerError):
    """The act is not possible as things stand now, with the reason."""
