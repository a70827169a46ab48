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
from planner.render.curve import curve
from planner.render.scene import Dot
from planner.services.consolidation.suggestions import ITEMS_AT_ONCE, answer
from planner.storage.results import fetch, keep

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from planner.domain.consolidation.model import Plan
    from planner.domain.model import Organisation, PersonId
    from planner.services.consolidation.suggestions import Question, SuggestionRequest

DIAL_TITLE = "Sessions per person against hours in meetings"
VERSION = "1"
"""Raise it when a dial is counted differently, so that kept ones are made anew."""
EFFORT = 0.1
FIRST_PLANS = 0.0

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


def read_dial(
    session: Session,
    organisation: Organisation,
    request: SuggestionRequest,
    today: date,
    *,
    reader: PersonId | None = None,
) -> DialView:
    """Return the dial around the suggestion at hand; found once, then kept.

    Raises InvalidInput for a horizon, a state or a rule that does not exist.
    """
    answered = answer(session, organisation, request, today)
    question = answered.question
    is_first = len(question.task.items) > ITEMS_AT_ONCE
    # plans are compared with their like: a whole search on one side only would bend the curve
    chosen = None if is_first else answered.solution.plan
    found = _found(session, question, chosen, effort=FIRST_PLANS if is_first else EFFORT)
    rows = _rows(found)
    return DialView(found, rows, _neighbours(question, found, reader), is_first, _picture(found, rows))


def _found(session: Session, question: Question, chosen: Plan | None, *, effort: float) -> Dial:
    key = _key(question, chosen, effort)
    kept = fetch(session, key)
    if kept is not None:
        return _dial_from(json.loads(kept))
    with _turning:
        kept = fetch(session, key)
        if kept is not None:
            return _dial_from(json.loads(kept))
        found = dial(question.task, chosen=chosen, effort=effort)
        keep(session, key, json.dumps(asdict(found), sort_keys=True).encode())
    return found


def _key(question: Question, chosen: Plan | None, effort: float) -> str:
    """The task and the plan that was chosen under it: another plan is another point."""
    facts = [VERSION, question.key, effort, [one.items for one in chosen.sessions] if chosen else []]
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
