"""What the dial between few long and many short sessions does, for everybody and for oneself."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from planner.domain.consolidation.dial import Dial, Neighbour, Point, Shift, dial
from planner.domain.consolidation.dial_words import heading_of, name_of, told, told_to
from planner.domain.consolidation.naming import person_id, person_name
from planner.domain.errors import NotNow
from planner.render.curve import curve
from planner.render.scene import Dot
from planner.services.consolidation.suggestions import ITEMS_AT_ONCE, answer, first_solution
from planner.storage.results import fetch, keep

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from planner.domain.consolidation.model import Plan
    from planner.domain.model import Organisation, PersonId
    from planner.services.consolidation.suggestions import Question, SuggestionRequest

DIAL_TITLE = "Sessions per person against hours in meetings"
VERSION = "2"
"""Raise it when a dial is counted differently, so that kept ones are made anew."""
EFFORT = 0.1
FIRST_PLANS = 0.0
ITEMS_UNASKED = 1500
"""Of more, five plans take longer than anybody waits for a page that they opened."""

_turning = Lock()
"""One dial at a time: it takes a whole core, and who waits mostly asked for the same."""


@dataclass(frozen=True)
class Row:
    """A point of the curve, called by words."""

    point: Point
    name: str
    is_chosen: bool


@dataclass(frozen=True)
class Told:
    """What a neighbour changes: sentences for everybody, and one that is only for who looks."""

    heading: str
    sentences: tuple[str, ...]
    mine: str


@dataclass(frozen=True)
class DialView:
    """The dial as a page shows it. `is_first`: all its plans are those that are there at once."""

    dial: Dial
    rows: tuple[Row, ...]
    neighbours: tuple[Told, ...]
    is_first: bool
    picture: Markup


@dataclass(frozen=True)
class _Asked:
    """What a dial is found for: under the plan that was chosen, or of first plans alone."""

    question: Question
    chosen: Plan | None
    effort: float

    @property
    def is_first(self) -> bool:
        return self.chosen is None


def read_dial(
    session: Session,
    organisation: Organisation,
    request: SuggestionRequest,
    today: date,
    *,
    reader: PersonId | None = None,
) -> DialView:
    """Return the dial around the suggestion at hand; found once, then kept.

    Raises InvalidInput for a horizon, a state or a rule that does not exist, and NotNow where finding it
    takes long and nobody has had it made.
    """
    asked = _asked(session, organisation, request, today)
    if len(asked.question.task.items) > ITEMS_UNASKED and fetch(session, _key(asked)) is None:
        raise NotNow("The dial of so many dependencies takes half a minute; have it found on its own page.")
    return _view(session, asked, reader)


def make_dial(
    session: Session,
    organisation: Organisation,
    request: SuggestionRequest,
    today: date,
    *,
    reader: PersonId | None = None,
) -> DialView:
    """Return the dial however long it takes to find. Raises InvalidInput as `read_dial` does."""
    return _view(session, _asked(session, organisation, request, today), reader)


def _asked(session: Session, organisation: Organisation, request: SuggestionRequest, today: date) -> _Asked:
    answered = answer(session, organisation, request, today)
    if len(answered.question.task.items) > ITEMS_AT_ONCE:
        # plans are compared with their like: a whole search on one side only would bend the curve
        return _Asked(answered.question, None, FIRST_PLANS)
    return _Asked(answered.question, answered.solution.plan, EFFORT)


def _view(session: Session, asked: _Asked, reader: PersonId | None) -> DialView:
    found = _found(session, asked)
    rows = _rows(found)
    neighbours = _neighbours(asked.question, found, reader)
    return DialView(found, rows, neighbours, asked.is_first, _picture(found, rows))


def _found(session: Session, asked: _Asked) -> Dial:
    key = _key(asked)
    kept = fetch(session, key)
    if kept is not None:
        return _dial_from(json.loads(kept))
    with _turning:
        kept = fetch(session, key)
        if kept is not None:
            return _dial_from(json.loads(kept))
        chosen = asked.chosen or first_solution(asked.question).plan
        found = dial(asked.question.task, chosen=chosen, effort=asked.effort)
        keep(session, key, json.dumps(asdict(found), sort_keys=True).encode())
    return found


def _key(asked: _Asked) -> str:
    """The task and the plan that was chosen under it: another plan is another point."""
    chosen = [one.items for one in asked.chosen.sessions] if asked.chosen else []
    facts = [VERSION, asked.question.key, asked.effort, chosen]
    return f"dial:{hashlib.sha256(json.dumps(facts).encode()).hexdigest()}"


def _dial_from(kept: dict[str, Any]) -> Dial:
    return Dial(
        Point(**kept["chosen"]),
        tuple(Point(**one) for one in kept["points"]),
        _neighbour_from(kept["fewer"]),
        _neighbour_from(kept["more"]),
    )


def _neighbour_from(kept: dict[str, Any] | None) -> Neighbour | None:
    if kept is None:
        return None
    return Neighbour(Point(**kept["point"]), tuple(Shift(**one) for one in kept["shifts"]))


def _rows(found: Dial) -> tuple[Row, ...]:
    shown = sorted({*found.points, found.chosen}, key=lambda point: (point.per_person, point.minutes))
    return tuple(Row(point, name_of(found, point), point == found.chosen) for point in shown)


def _neighbours(question: Question, found: Dial, reader: PersonId | None) -> tuple[Told, ...]:
    names = {
        shift.person: question.organisation.person[person_id(shift.person)].name
        for one in (found.fewer, found.more)
        if one is not None
        for shift in one.shifts
    }
    mine = None if reader is None else person_name(reader)
    return tuple(
        Told(heading_of(found, one.point), told(one, names), told_to(one, mine))
        for one in (found.fewer, found.more)
        if one is not None
    )


def dots_of(rows: tuple[Row, ...], found: Dial) -> tuple[Dot, ...]:
    """Return the points as they are drawn: sessions per person across, hours up."""
    return tuple(
        Dot(
            str(number),
            row.name,
            row.point.per_person,
            row.point.minutes / 60,
            is_filled=row.is_chosen,
            is_joined=row.point in found.points,
        )
        for number, row in enumerate(rows, start=1)
    )


def _picture(found: Dial, rows: tuple[Row, ...]) -> Markup:
    # our own drawing code, which escapes what it is given
    return Markup(curve(dots_of(rows, found), DIAL_TITLE))  # noqa: S704 - drawn by us, with every label escaped
