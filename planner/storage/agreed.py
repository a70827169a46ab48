"""What people agreed on, as one tree of plain values and back: proposals, shared sessions and their minutes,
votes that were shown, plans that were kept, and what two sides said to each other.

A proposal is known by its question and number, a shared session by its `uid`; people, dependencies and
teams stand in these rows by their keys anyway, and items of an agenda are known by their place on it. So the
tree holds in another database. Blind votes, what a session was worth to whom, and when somebody came and
left are nobody else's and are not in it.

The names in the tree are those of the columns: whoever adds one has it here too.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import select

from planner.storage.agreed_votes import add_ballots, add_polls, add_times, ballots_of, polls_of, times_of
from planner.storage.agreed_words import new_words, read_words, save_words
from planner.storage.db import Row
from planner.storage.models import (
    AgendaItemRow,
    AnswerRow,
    MeetingAttendanceRow,
    MeetingRow,
    MinutesRow,
    ObjectionRow,
    OutcomeRow,
    PersonRow,
    ProposalRow,
    SharedSessionRow,
    TeamSessionRow,
)
from planner.storage.plain_rows import RowsByParent, Tree, add_row, records, values_in, with_items, wrong

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

AnyRow = TypeVar("AnyRow", bound=Row)


def read_agreed(session: Session) -> Tree:
    """Return all of it, in the order in which it was made; empty where nothing was agreed."""
    reader = _Reader(session)
    tree = {
        "proposals": [reader.proposal(row) for row in reader.rows(ProposalRow)],
        "shared_sessions": [reader.shared_session(row) for row in reader.rows(SharedSessionRow)],
        **read_words(session, reader.all),
    }
    return tree if any(tree.values()) else {}


def save_agreed(session: Session, tree: Mapping[str, Any]) -> dict[str, int]:
    """Add what is not here yet, within a change that is open, and return how many came of each.

    What is here already stays as people have it. Raises InvalidInput with the place of what is wrong.
    """
    writer = _Writer(session)
    return {
        "proposals": sum(writer.proposal(*one) for one in records(tree, "proposals", "agreed")),
        "shared sessions": sum(
            writer.shared_session(*one) for one in records(tree, "shared_sessions", "agreed")
        ),
        **save_words(session, tree),
    }


def new_in(session: Session, tree: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Return how many of each are in a tree, and how many of them are new here."""
    named = set(session.execute(select(ProposalRow.question, ProposalRow.number)).tuples().all())
    known = set(session.scalars(select(SharedSessionRow.uid)))
    proposals = [(one.get("question"), one.get("number")) for one, _ in records(tree, "proposals", "agreed")]
    sessions = [one.get("uid") for one, _ in records(tree, "shared_sessions", "agreed")]
    return {
        "proposals": (len(proposals), sum(one not in named for one in proposals)),
        "shared sessions": (len(sessions), sum(one not in known for one in sessions)),
        **new_words(session, tree),
    }


class _Reader:
    def __init__(self, session: Session) -> None:
        self.all = RowsByParent(session)
        self.rows = self.all.of
        self._person = dict(session.execute(select(PersonRow.id, PersonRow.key)).tuples().all())
        self._pauses: defaultdict[int, list[str]] = defaultdict(list)
        paused = select(TeamSessionRow.paused_by_id, TeamSessionRow.key).order_by(TeamSessionRow.key)
        for number, key in session.execute(paused.where(TeamSessionRow.paused_by_id.is_not(None))).tuples():
            self._pauses[cast("int", number)].append(key)
        self._named = {row.id: [row.question, row.number] for row in self.rows(ProposalRow)}

    def proposal(self, row: ProposalRow) -> Tree:
        answers = [values_in(one) for one in self.rows(AnswerRow, "proposal_id", row.id)]
        sharer = self._person.get(row.shared_by_id or 0)
        return {
            **values_in(row),
            "shared_by_key": sharer,
            "pauses": self._pauses[row.id],
            "answers": answers,
        }

    def shared_session(self, row: SharedSessionRow) -> Tree:
        meetings = [self._meeting(one) for one in self.rows(MeetingRow, "session_id", row.id)]
        return {
            **values_in(row),
            "proposal": self._named.get(row.proposal_id or 0),
            **times_of(self.all, row.id),
            "ballots": ballots_of(self.all, row.id),
            "meetings": meetings,
        }

    def _meeting(self, row: MeetingRow) -> Tree:
        items = self.rows(AgendaItemRow, "meeting_id", row.id)
        place = {one.id: at for at, one in enumerate(items, start=1)}
        attendance = self.rows(MeetingAttendanceRow, "meeting_id", row.id)
        versions = self.rows(MinutesRow, "meeting_id", row.id)
        return {
            **values_in(row),
            "current": place.get(row.current_id or 0, 0),
            "agenda_items": [self._item(one) for one in items],
            "attendance": [values_in(one) for one in attendance],
            "minutes": [self._minutes(one, place) for one in versions],
        }

    def _item(self, row: AgendaItemRow) -> Tree:
        outcomes = self.rows(OutcomeRow, "item_id", row.id)
        polls = polls_of(self.all, row.id)
        return {**values_in(row), "outcomes": [values_in(one) for one in outcomes], "polls": polls}

    def _minutes(self, row: MinutesRow, place: Mapping[int, int]) -> Tree:
        objections = [
            {**values_in(one), "item": None if one.item_id is None else place.get(one.item_id, 0)}
            for one in self.rows(ObjectionRow, "minutes_id", row.id)
        ]
        body = with_items(row.body, lambda item: place.get(item, 0))
        return {**values_in(row), "body": body, "objections": objections}


class _Writer:
    """Adds rows parents first, so that the history of the change can be taken back row by row."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def proposal(self, value: Tree, where: str) -> bool:
        """Add a proposal with what was said to it, unless it is here; return whether it was added."""
        if self._proposal_id([value.get("question"), value.get("number")]) is not None:
            return False
        sharer = select(PersonRow.id).where(PersonRow.key == str(value.get("shared_by_key")))
        shared_by_id = self._session.scalar(sharer)
        row = self._add(ProposalRow, value, where, shared_by_id=shared_by_id)
        for answer, spot in records(value, "answers", where):
            self._add(AnswerRow, answer, spot, proposal_id=row.id)
        pauses = value.get("pauses")
        keys = [key for key in pauses if isinstance(key, str)] if isinstance(pauses, list) else []
        for one in self._session.scalars(select(TeamSessionRow).where(TeamSessionRow.key.in_(keys))):
            if one.paused_by_id is None:
                one.paused_by_id = row.id
        self._session.flush()
        return True

    def shared_session(self, value: Tree, where: str) -> bool:
        """Add a session with its meetings, unless it is here; return whether it was added."""
        known = select(SharedSessionRow.id).where(SharedSessionRow.uid == str(value.get("uid")))
        if self._session.scalar(known) is not None:
            return False
        proposal_id = self._proposal_id(value.get("proposal"))
        if proposal_id is None and value.get("proposal") is not None:
            raise wrong(f"{where}.proposal", "expected the question and the number of a proposal")
        row = self._add(SharedSessionRow, value, where, proposal_id=proposal_id)
        add_times(self._session, value, where, session_id=row.id)
        add_ballots(self._session, value, where, session_id=row.id)
        for meeting, spot in records(value, "meetings", where):
            self._meeting(meeting, spot, row.id)
        return True

    def _meeting(self, value: Tree, where: str, session_id: int) -> None:
        row = self._add(MeetingRow, value, where, session_id=session_id, current_id=None)
        ids, came = [0], row.started_at or row.closed_at
        for item, spot in records(value, "agenda_items", where):
            added = self._add(AgendaItemRow, item, spot, meeting_id=row.id)
            ids.append(added.id)
            for outcome, place in records(item, "outcomes", spot):
                self._add(OutcomeRow, outcome, place, item_id=added.id)
            add_polls(self._session, item, spot, item_id=added.id, at=came)
        for one, spot in records(value, "attendance", where):
            if came is None:
                raise wrong(spot, "nobody comes to a meeting that has not begun")
            self._add(MeetingAttendanceRow, one, spot, meeting_id=row.id, arrived_at=came, left_at=None)
        for version, spot in records(value, "minutes", where):
            self._minutes(version, spot, row.id, ids)
        row.current_id = _id_of(value.get("current"), ids, f"{where}.current") or None
        self._session.flush()

    def _minutes(self, value: Tree, where: str, meeting_id: int, ids: list[int]) -> None:
        body = with_items(value.get("body"), lambda at: _id_of(at, ids, f"{where}.body"))
        row = self._add(MinutesRow, {**value, "body": body}, where, meeting_id=meeting_id)
        for one, spot in records(value, "objections", where):
            item = one.get("item")
            item_id = None if item is None else _id_of(item, ids, f"{spot}.item")
            self._add(ObjectionRow, one, spot, minutes_id=row.id, item_id=item_id)

    def _add(self, table: type[AnyRow], value: Tree, where: str, **more: Any) -> AnyRow:
        return add_row(self._session, table, value, where, **more)

    def _proposal_id(self, named: object) -> int | None:
        """The number of the proposal that its question and its own number name."""
        if not isinstance(named, list) or len(named) != 2:
            return None
        question, number = named
        if not isinstance(question, str) or not isinstance(number, int):
            return None
        query = select(ProposalRow.id).where(ProposalRow.question == question, ProposalRow.number == number)
        return self._session.scalar(query)


def _id_of(place: object, ids: list[int], where: str) -> int:
    """The number of the item at this place of the agenda; 0 for one that is not there any more."""
    if isinstance(place, int) and 0 <= place < len(ids):
        return ids[place]
    raise wrong(where, f"expected the place of an item on the agenda, up to {len(ids) - 1}")
