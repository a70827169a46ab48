"""What happened, newest first: to the whole organisation, or to one thing and what belongs to it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, func, or_, select

from planner.services.changes import WITHOUT_VALUES
from planner.services.permissions import Right, may
from planner.storage.models import ChangeRow, EventRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

PAGE = 50
MOST_EVENTS = 12
"""Rows of one change that are shown; an import writes thousands."""

# what a person calls a thing, the tables that tell of it, and the columns by which those belong to it
TABLES: Mapping[str, str] = {
    "dependency": "dependency",
    "team": "team",
    "person": "person",
    "goal": "goal",
    "session": "team_session",
    "place": "place",
    "horizon": "horizon",
    "proposal": "proposal",
    "meeting": "meeting",
    "organisation": "organisation",
}
BELONGS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "dependency": (("message", "dependency_id"),),
    "team": (("membership", "team_id"), ("goal_team", "team_id")),
    "person": (("membership", "person_id"), ("attendance", "person_id")),
    "goal": (("goal_team", "goal_id"),),
    "session": (("attendance", "session_id"),),
    "place": (("travel", "place_id"), ("travel", "other_place_id")),
    "proposal": (("proposal_answer", "proposal_id"), ("shared_session", "proposal_id")),
    "meeting": (("agenda_item", "meeting_id"), ("minutes", "meeting_id")),
}
_KNOWN = frozenset(TABLES.values()) | {table for links in BELONGS.values() for table, _column in links}
# of everything else, such as where messages are sent, the history says that it was changed and not how
TOLD = _KNOWN - {"proposal", "proposal_answer", "shared_session", "meeting", "agenda_item", "minutes"}
ONE_THING = re.compile(r"([a-z]+)-(\d{1,9})")


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """What a history is narrowed to: who acted, on what kind of thing, since when, or on one thing."""

    who: str = ""
    what: str = ""
    since: date | None = None
    thing: tuple[str, int] | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> HistoryFilter:
        """Return the filter of an address; what it does not know is ignored."""
        who, what = query.get("who", ""), query.get("what", "")
        one = ONE_THING.fullmatch(query.get("of", ""))
        return cls(
            who=who if _can_be_stored(who) else "",
            what=what if what in TABLES else "",
            since=_day(query.get("since", "")),
            thing=(one[1], int(one[2])) if one and one[1] in TABLES and one[2].isascii() else None,
        )

    def as_query(self) -> dict[str, str]:
        """Return the address again, without what is at its default."""
        named = {
            "who": self.who,
            "what": self.what,
            "since": self.since.isoformat() if self.since else "",
            "of": f"{self.thing[0]}-{self.thing[1]}" if self.thing else "",
        }
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One row that a change wrote: of a new row what it became, of a removed one what it was."""

    subject: str
    subject_id: int
    act: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change: who did what and when, and whether this actor can take it back.

    Of its events the first are there, `more` counts the rest. `begins` is true where the one thing that
    was asked about came to be by this change.
    """

    id: int
    at: datetime
    who: str
    tag: str
    summary: str
    is_undone: bool
    may_undo: bool
    events: tuple[HistoryEvent, ...] = ()
    more: int = 0
    begins: bool = False


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Up to fifty changes, newest first, and the number to go on before when there are earlier ones."""

    chosen: HistoryFilter
    entries: tuple[HistoryEntry, ...]
    earlier: int | None


def read_history(
    session: Session, actor: Actor | None, chosen: HistoryFilter, *, before: int | None = None
) -> HistoryPage:
    """Return the changes that pass the filter, those before the given id. Three queries."""
    query = select(ChangeRow).where(*_conditions(chosen)).order_by(ChangeRow.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(ChangeRow.id < before)
    found = session.scalars(query).all()
    rows = found[:PAGE]
    shown = [row.id for row in rows]
    undone = set(session.scalars(select(ChangeRow.undoes_id).where(ChangeRow.undoes_id.in_(shown))))
    entries = {row.id: _entry(row, row.id in undone, actor) for row in rows}
    _add_events(session, entries, chosen)
    return HistoryPage(chosen, tuple(entries.values()), rows[-1].id if len(found) > PAGE else None)


def read_history_of(session: Session, actor: Actor | None, noun: str, row_id: int) -> HistoryPage:
    """Return the changes of one thing and of what belongs to it: members, seats, messages, ways."""
    return read_history(session, actor, HistoryFilter(thing=(noun, row_id)))


def read_actors(session: Session) -> list[str]:
    """Return the names of all who ever changed something, sorted."""
    return list(session.scalars(select(ChangeRow.actor_name).distinct().order_by(ChangeRow.actor_name)))


def _conditions(chosen: HistoryFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.who:
        conditions.append(ChangeRow.actor_name == chosen.who)
    if chosen.since:
        conditions.append(ChangeRow.at >= datetime.combine(chosen.since, time(), UTC))
    if chosen.what:
        tables = [TABLES[chosen.what], *(table for table, _column in BELONGS.get(chosen.what, ()))]
        conditions.append(exists().where(EventRow.change_id == ChangeRow.id, EventRow.subject.in_(tables)))
    if chosen.thing:
        conditions.append(ChangeRow.id.in_(select(EventRow.change_id).where(_concerns(*chosen.thing))))
    return conditions


def _concerns(noun: str, row_id: int) -> ColumnElement[bool]:
    """The condition that an event is of this row, or of a row that belonged to it when it was made."""
    own = and_(EventRow.subject == TABLES[noun], EventRow.subject_id == row_id)
    parts = (
        and_(EventRow.subject == table, EventRow.subject_id.in_(_made_for(table, column, row_id)))
        for table, column in BELONGS.get(noun, ())
    )
    return or_(own, *parts)


def _made_for(table: str, column: str, row_id: int) -> Select[tuple[int]]:
    made = EventRow.__table__.alias()
    return select(made.c.subject_id).where(
        made.c.subject == table, made.c.act == "created", made.c.after[column].as_integer() == row_id
    )


def _add_events(session: Session, entries: dict[int, HistoryEntry], chosen: HistoryFilter) -> None:
    found: defaultdict[int, list[HistoryEvent]] = defaultdict(list)
    counts: dict[int, int] = {}
    for change_id, subject, subject_id, act, before, after, count in session.execute(
        _events(entries, chosen)
    ):
        found[change_id].append(HistoryEvent(subject, subject_id, act, before or {}, after or {}))
        counts[change_id] = count
    for change_id, events in found.items():
        entries[change_id] = replace(
            entries[change_id],
            events=tuple(events),
            more=counts[change_id] - len(events),
            begins=_begins(events, chosen),
        )


def _events(entries: Mapping[int, HistoryEntry], chosen: HistoryFilter) -> Select[Any]:
    """The first events of each change, those of the kind that was asked for before the others."""
    first = case((EventRow.subject == TABLES[chosen.what], 0), else_=1) if chosen.what else EventRow.change_id
    number = func.row_number().over(partition_by=EventRow.change_id, order_by=(first, EventRow.id))
    count = func.count().over(partition_by=EventRow.change_id)
    concerned = (_concerns(*chosen.thing),) if chosen.thing else ()
    numbered = (
        select(EventRow.id, number.label("number"), count.label("count"))
        .where(EventRow.change_id.in_(list(entries)), EventRow.subject.in_(TOLD), *concerned)
        .subquery()
    )
    return (
        select(
            EventRow.change_id,
            EventRow.subject,
            EventRow.subject_id,
            EventRow.act,
            EventRow.before,
            EventRow.after,
            numbered.c.count,
        )
        .join(numbered, numbered.c.id == EventRow.id)
        .where(numbered.c.number <= MOST_EVENTS)
        .order_by(EventRow.change_id, numbered.c.number)
    )


def _begins(events: Sequence[HistoryEvent], chosen: HistoryFilter) -> bool:
    if chosen.thing is None:
        return False
    row = (TABLES[chosen.thing[0]], chosen.thing[1], "created")
    return any((event.subject, event.subject_id, event.act) == row for event in events)


def _entry(row: ChangeRow, is_undone: bool, actor: Actor | None) -> HistoryEntry:
    made_by = [row.actor_id] if row.actor_id is not None else []
    mine = actor is not None and may(actor, Right.UNDO, made_by)
    mine = mine and not row.tag.startswith(WITHOUT_VALUES)
    return HistoryEntry(
        row.id, row.at, row.actor_name, row.tag, row.summary, is_undone, mine and not is_undone
    )


def _can_be_stored(text: str) -> bool:
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
