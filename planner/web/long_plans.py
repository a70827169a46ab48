"""A long plan on a page: ten of its sessions, the reader's own first, and its other lists by pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from flask import request

from planner.domain.text import fold
from planner.web.paging import ListPage, list_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from planner.domain.consolidation.suggestion import Suggestion
    from planner.domain.model import DependencyId, PersonId

SESSIONS = 10
LINES = 30
"""A list beside the sessions that is longer stands on pages of its own."""
PARTS = ("uncovered", "torn", "writing", "apart", "load")
"""The lists beside the sessions of a suggestion, as addresses name them."""


class _HasAgenda(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def agenda(self) -> Sequence[Any]: ...


Held = TypeVar("Held", bound=_HasAgenda)


@dataclass(frozen=True, slots=True)
class Numbered(Generic[Held]):
    """A session with its place in the whole plan, from 1."""

    number: int
    session: Held


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of a list says of `record`, and the words in it by which it is found."""

    record: Any
    text: str
    person_id: PersonId | None = None


def is_whole() -> bool:
    """Return whether all of a plan is asked for at once, to print it."""
    return request.args.get("whole") == "1"


def sessions_page(
    sessions: Sequence[Held],
    *,
    is_mine: Callable[[Held], bool],
    names: Callable[[Held], Iterable[str]],
    is_asked: Callable[[Numbered[Held]], bool] = lambda _one: False,
) -> ListPage[Numbered[Held]]:
    """Return the sessions of a page: the reader's own first, then those that settle most.

    All of them as they are where they are few or asked for as a whole. The `q` of an address narrows them
    down by title and names; where it names no page, it leads to that of the session that is asked for.
    """
    numbered = [Numbered(number, one) for number, one in enumerate(sessions, start=1)]
    if is_whole() or len(numbered) <= SESSIONS:
        return ListPage(numbered, len(numbered), 1, 1)
    numbered.sort(key=lambda one: (not is_mine(one.session), -len(one.session.agenda)))
    wanted = fold(request.args.get("q", ""))
    found = [one for one in numbered if _is_in(wanted, (one.session.title, *names(one.session)))]
    place = next((place for place, one in enumerate(found) if is_asked(one)), 0)
    return list_page(found, size=SESSIONS, usual=place // SESSIONS + 1)


def lines_page(lines: Iterable[Line], reader: PersonId | None) -> ListPage[Line]:
    """Return a page of the lines with the `q` of the address in them, what is said of the reader first."""
    wanted = fold(request.args.get("q", ""))
    found = [one for one in lines if _is_in(wanted, (one.text,))]
    return list_page(found, is_mine=lambda one: reader is not None and one.person_id == reader)


def lines_of(suggestion: Suggestion, part: str, what: Mapping[DependencyId, str]) -> list[Line]:
    """Return one list beside the sessions of a suggestion; `what` is that of each dependency."""
    match part:
        case "uncovered":
            return [Line(one, f"{what[one.dependency_id]} {one.sentence}") for one in suggestion.uncovered]
        case "writing":
            return [Line(one, f"{what[one.dependency_id]} {one.sentence}") for one in suggestion.in_writing]
        case "torn":
            return [Line(one, one.sentence) for one in suggestion.torn]
        case "apart":
            titles = [one.title for one in suggestion.sessions]
            return [
                *(Line(one, one.sentence) for one in suggestion.too_large),
                *(Line(one, f"{titles[one.first]} {titles[one.second]}") for one in suggestion.kept_apart),
            ]
        case _:
            return [Line(one, one.name, one.person_id) for one in suggestion.people]


def _is_in(wanted: str, texts: Iterable[str]) -> bool:
    return not wanted or any(wanted in fold(text) for text in texts)
