"""Drafts to rows: how each noun is written and removed. Keys are looked up, changes flushed in order.

Everything is flushed parents first, so that the history, read backwards, can be undone row by row. What is
saved together is written with a statement for each table and thousand, however many rows there are.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import make_transient_to_detached

from planner.domain.errors import InvalidInput, Problem
from planner.domain.text import fold
from planner.storage.audit import insert_noted, update_noted
from planner.storage.db import Row, table_of
from planner.storage.models import (
    AttendanceRow,
    DependencyRow,
    GoalRow,
    GoalTeamRow,
    HorizonRow,
    MembershipRow,
    MessageRow,
    PersonRow,
    PlaceRow,
    TeamRow,
    TeamSessionRow,
    TravelRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy.orm import Session

    from planner.domain import transfer

AnyRow = TypeVar("AnyRow", bound=Row)

# the column that holds a noun's key, and what it is called when it is missing
KEY_COLUMN: Mapping[type[Row], str] = {
    PlaceRow: "name_folded",
    HorizonRow: "name_folded",
    PersonRow: "key",
    TeamRow: "key",
    GoalRow: "key",
    TeamSessionRow: "key",
    DependencyRow: "key",
}
NOUN: Mapping[type[Row], str] = {
    PlaceRow: "place",
    HorizonRow: "horizon",
    PersonRow: "person",
    TeamRow: "team",
    GoalRow: "goal",
    TeamSessionRow: "session",
    DependencyRow: "dependency",
}
# rows that go when their parent goes, and columns that are emptied instead
CHILDREN: Mapping[type[Row], tuple[tuple[type[Row], str], ...]] = {
    DependencyRow: ((MessageRow, "dependency_id"),),
    TeamRow: (
        (DependencyRow, "consumer_id"),
        (DependencyRow, "provider_id"),
        (GoalTeamRow, "team_id"),
        (MembershipRow, "team_id"),
        (TeamSessionRow, "host_id"),
    ),
    TeamSessionRow: ((AttendanceRow, "session_id"),),
    PersonRow: ((MembershipRow, "person_id"), (AttendanceRow, "person_id")),
    GoalRow: ((GoalTeamRow, "goal_id"),),
    PlaceRow: ((TravelRow, "place_id"), (TravelRow, "other_place_id")),
}
MENTIONS: Mapping[type[Row], tuple[tuple[type[Row], str], ...]] = {
    GoalRow: ((DependencyRow, "goal_id"),),
    HorizonRow: ((DependencyRow, "horizon_id"),),
    TeamRow: ((DependencyRow, "proposed_provider_id"),),
    PersonRow: ((GoalRow, "lead_id"),),
    PlaceRow: ((TeamRow, "place_id"), (PersonRow, "place_id"), (TeamSessionRow, "place_id")),
}


@dataclass(frozen=True, slots=True)
class _Links:
    """What joins a row to others: one row of `table` for each wanted id of the other end."""

    table: type[Row]
    parent: str
    row: Row
    child: str
    wanted: dict[int, dict[str, Any]]
    may_exist: bool


class Store:
    """Writes drafts through one session; remembers what it has looked up."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._known: dict[type[Row], dict[str, Row]] = {}
        self._links: list[_Links] = []
        self._new: dict[type[Row], list[Row]] = {}
        self._changed: dict[type[Row], list[tuple[Row, dict[str, Any]]]] = {}
        self._made: set[Row] = set()  # nobody can have looked at these before
        self._waits = False

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write what is saved inside at its end, all rows at once; they have no ids before.

        What is changed is written before what is new, so that a name that was given up can be taken.
        """
        self._waits = True
        try:
            yield
        finally:
            self._waits = False
        self._write()

    def rows(self, table: type[AnyRow]) -> dict[str, AnyRow]:
        """Return all rows of a noun by their key."""
        if table not in self._known:
            column = KEY_COLUMN[table]
            found = self.session.scalars(select(table).order_by(table.id))
            self._known[table] = {getattr(row, column): row for row in found}
        return self._known[table]  # type: ignore[return-value] # kept by table

    def find(self, table: type[AnyRow], key: str) -> AnyRow | None:
        """Return the row with this key; places and horizons are known by their name."""
        return self.rows(table).get(fold(key) if KEY_COLUMN[table] == "name_folded" else key)

    def id_of(self, table: type[Row], key: str) -> int:
        """Return the id behind a key. Raises InvalidInput when there is none."""
        row = self.find(table, key)
        if row is None:
            raise InvalidInput(Problem(NOUN[table], f"there is no {NOUN[table]} “{key}”"))
        return row.id

    def optional_id(self, table: type[Row], key: str | None) -> int | None:
        return None if key is None else self.id_of(table, key)

    def save_place(self, draft: transfer.PlaceDraft, row: PlaceRow | None = None) -> PlaceRow:
        values = {"name": draft.name, "name_folded": fold(draft.name), "zone": draft.zone}
        days = [day.isoformat() for day in draft.days_off]
        if row is None or "days_off" not in draft.silent:
            return self._put(PlaceRow, row, {**values, "days_off": days})
        return self._put(PlaceRow, row, values)

    def save_travel(self, draft: transfer.TravelDraft) -> None:
        """Set the minutes between two places, whichever comes first."""
        self.save_ways([draft])

    def save_ways(self, drafts: Iterable[transfer.TravelDraft]) -> None:
        """Set the minutes between pairs of places, all at once."""
        wanted = {self._way(one.place, one.other_place): one.minutes for one in drafts}
        if not wanted:
            return
        known = {(row.place_id, row.other_place_id): row for row in self.session.scalars(select(TravelRow))}
        here = {ends: row.minutes for ends, row in known.items()}
        changed = [ends for ends, minutes in wanted.items() if here.get(ends) != minutes]
        update_noted(
            self.session, [(known[ends], {"minutes": wanted[ends]}) for ends in changed if ends in known]
        )
        new = [
            {"place_id": ends[0], "other_place_id": ends[1], "minutes": wanted[ends]}
            for ends in changed
            if ends not in known
        ]
        insert_noted(self.session, TravelRow, ("place_id", "other_place_id"), new)
        self._mark_places({place for ends in changed for place in ends})

    def remove_travel(self, place: str, other_place: str) -> None:
        """Forget the minutes between two places, when there are any."""
        ids = self._way(place, other_place)
        row = self._travel(ids)
        if row is not None:
            self.remove(row)
            self._mark_places(ids)

    def _mark_places(self, ids: Collection[int]) -> None:
        """Both ends have changed: who looked at either before must not overwrite the way unseen."""
        found = {row.id: row for row in self.rows(PlaceRow).values()}  # one that is renamed has two names
        ends = (found[number] for number in sorted(ids))
        update_noted(self.session, [(row, {}) for row in ends if row not in self._made])

    def _way(self, place: str, other_place: str) -> tuple[int, int]:
        ids = self.id_of(PlaceRow, place), self.id_of(PlaceRow, other_place)
        return min(ids), max(ids)

    def _travel(self, ids: tuple[int, int]) -> TravelRow | None:
        query = select(TravelRow).where(TravelRow.place_id == ids[0], TravelRow.other_place_id == ids[1])
        return self.session.scalar(query)

    def save_person(self, draft: transfer.PersonDraft, row: PersonRow | None = None) -> PersonRow:
        hours = draft.hours
        return self._put(
            PersonRow,
            row,
            {
                "key": draft.key,
                "name": draft.name,
                "email": draft.email,
                "place_id": self.optional_id(PlaceRow, draft.place),
                "zone": hours.zone,
                "work_start": hours.start,
                "work_end": hours.end,
                "days": "".join(map(str, sorted(hours.days))),
            },
        )

    def save_team(self, draft: transfer.TeamDraft, row: TeamRow | None = None) -> TeamRow:
        saved = self._put(
            TeamRow,
            row,
            {
                "key": draft.key,
                "name": draft.name,
                "name_folded": fold(draft.name),
                "area": draft.area,
                "purpose": draft.purpose,
                "place_id": self.optional_id(PlaceRow, draft.place),
            },
        )
        members = {
            self.id_of(PersonRow, m.person): {"decides": m.decides, "role": m.role} for m in draft.members
        }
        self._link(_Links(MembershipRow, "team_id", saved, "person_id", members, row is not None))
        return saved

    def save_horizon(self, draft: transfer.HorizonDraft, row: HorizonRow | None = None) -> HorizonRow:
        return self._put(
            HorizonRow,
            row,
            {
                "name": draft.name,
                "name_folded": fold(draft.name),
                "starts_on": draft.starts_on,
                "ends_on": draft.ends_on,
            },
        )

    def save_goal(self, draft: transfer.GoalDraft, row: GoalRow | None = None) -> GoalRow:
        values = {
            "key": draft.key,
            "outcome": draft.outcome,
            "due_on": draft.due_on,
            "lead_id": self.optional_id(PersonRow, draft.lead),
        }
        saved = self._put(GoalRow, row, values)
        teams: dict[int, dict[str, Any]] = {self.id_of(TeamRow, team): {} for team in draft.teams}
        self._link(_Links(GoalTeamRow, "goal_id", saved, "team_id", teams, row is not None))
        return saved

    def save_session(self, draft: transfer.SessionDraft, row: TeamSessionRow | None = None) -> TeamSessionRow:
        saved = self._put(
            TeamSessionRow,
            row,
            {
                "key": draft.key,
                "title": draft.title,
                "host_id": self.id_of(TeamRow, draft.host),
                "minutes": draft.minutes,
                "local_minutes": draft.local_minutes,
                "cadence_days": draft.cadence_days,
                "weekday": draft.weekday,
                "start": draft.start,
                "zone": draft.zone,
                "place_id": self.optional_id(PlaceRow, draft.place),
            },
        )
        seats: dict[int, dict[str, Any]] = {self.id_of(PersonRow, key): {} for key in draft.attendees}
        self._link(_Links(AttendanceRow, "session_id", saved, "person_id", seats, row is not None))
        return saved

    def save_dependency(
        self, draft: transfer.DependencyDraft, row: DependencyRow | None = None
    ) -> DependencyRow:
        return self._put(
            DependencyRow,
            row,
            {
                "key": draft.key,
                "consumer_id": self.id_of(TeamRow, draft.consumer),
                "provider_id": self.id_of(TeamRow, draft.provider),
                "what": draft.what,
                "needed_by": draft.needed_by,
                "promised_for": draft.promised_for,
                "state": draft.state.value,
                "goal_id": self.optional_id(GoalRow, draft.goal),
                "horizon_id": self.optional_id(HorizonRow, draft.horizon),
                "item": draft.item,
                "kind": draft.kind.value,
                "gap": draft.gap,
                "asked_on": draft.asked_on,
                "criteria": list(draft.criteria),
            },
        )

    def remove(self, row: Row) -> None:
        """Delete a row, first everything that cannot stand without it; empty what only mentions it."""
        for table, column in CHILDREN.get(type(row), ()):
            for child in self._pointing_at(table, column, row):
                self.remove(child)
        for table, column in MENTIONS.get(type(row), ()):
            for mention in self._pointing_at(table, column, row):
                setattr(mention, column, None)
        self.session.flush()
        self.session.delete(row)
        self.session.flush()
        self._known.pop(type(row), None)

    def _pointing_at(self, table: type[Row], column: str, row: Row) -> list[Row]:
        query = select(table).where(getattr(table, column) == row.id).order_by(table.id)
        return list(self.session.scalars(query))

    def _put(self, table: type[AnyRow], row: AnyRow | None, values: dict[str, Any]) -> AnyRow:
        if row is not None and self._waits:
            self._change(row, _differing(row, values))
        elif row is not None:
            _set(row, values)
        elif self._waits:
            self.rows(table)  # those that are there, before this one is among them
            row = table(**values)
            self._new.setdefault(table, []).append(row)
        else:
            row = table(**values)
            self.session.add(row)
        if not self._waits:
            self.session.flush()
        if table in self._known:
            self.rows(table)[getattr(row, KEY_COLUMN[table])] = row
        return row

    def _link(self, links: _Links) -> None:
        self._links.append(links)
        if not self._waits:
            self._write()

    def _write(self) -> None:
        """Write the rows, then what links them: a link needs the ids of both ends."""
        self._update()
        for table, rows in self._new.items():
            self._insert(table, rows)
        self._new.clear()
        there = self._links_there()
        new: dict[tuple[type[Row], str, str], list[dict[str, Any]]] = {}
        for links in self._links:
            added = self._relink(links, there.get((links.table, links.row.id), []))
            new.setdefault((links.table, links.parent, links.child), []).extend(added)
        self._links.clear()
        self.session.flush()
        self._update()
        for (table, *ends), values in new.items():
            insert_noted(self.session, table, ends, values)

    def _change(self, row: Row, values: dict[str, Any]) -> None:
        if values:
            self._changed.setdefault(type(row), []).append((row, values))

    def _update(self) -> None:
        for changes in self._changed.values():
            update_noted(self.session, changes)
        self._changed.clear()

    def _insert(self, table: type[Row], rows: list[Row]) -> None:
        """Insert rows at once; afterwards they are as if each had been added and flushed."""
        names = [column.name for column in table_of(table).c if column.name not in {"id", "version"}]
        values = [{name: getattr(row, name) for name in names if name in row.__dict__} for row in rows]
        numbers = insert_noted(self.session, table, (KEY_COLUMN[table],), values)
        for row, number in zip(rows, numbers, strict=True):
            row.id, row.version = number, 1
            make_transient_to_detached(row)
            self.session.add(row)
        self._made.update(rows)

    def _links_there(self) -> dict[tuple[type[Row], int], list[Row]]:
        """The links of all rows that may have some, by table and row; a query for each table."""
        asked: dict[tuple[type[Row], str], list[int]] = {}
        for links in self._links:
            if links.may_exist:
                asked.setdefault((links.table, links.parent), []).append(links.row.id)
        found: dict[tuple[type[Row], int], list[Row]] = {}
        for (table, parent), ids in asked.items():
            query = select(table).where(getattr(table, parent).in_(ids)).order_by(table.id)
            for row in self.session.scalars(query):
                found.setdefault((table, getattr(row, parent)), []).append(row)
        return found

    def _relink(self, links: _Links, found: list[Row]) -> Iterator[dict[str, Any]]:
        """Change and remove links, and yield those that are to be added."""
        existing = {getattr(row, links.child): row for row in found}
        gone = sorted(existing.keys() - links.wanted.keys())
        differs = existing.keys() != links.wanted.keys()
        for child_id in gone:
            self.session.delete(existing[child_id])
        for child_id, values in sorted(links.wanted.items()):
            if child_id in existing:
                different = _differing(existing[child_id], values)
                self._change(existing[child_id], different)
                differs |= bool(different)
            else:
                yield {links.parent: links.row.id, links.child: child_id, **values}
        if differs and links.may_exist:
            # who looked at the row before must not overwrite its links unseen
            self._changed.setdefault(type(links.row), []).append((links.row, {}))


def _set(row: Row, values: dict[str, Any]) -> None:
    """Set what differs, so that equal values leave no trace."""
    for column, value in _differing(row, values).items():
        setattr(row, column, value)


def _differing(row: Row, values: dict[str, Any]) -> dict[str, Any]:
    return {column: value for column, value in values.items() if getattr(row, column) != value}
