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
from functools import partial
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
from planner.storage.plain_rows import Levels, RowsByParent, Tree, records, values_in, with_items, wrong

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

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
        "proposals": writer.proposals(tree),
        "shared sessions": writer.shared_sessions(tree),
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
    """Adds what is not here yet, level by level."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._levels = Levels(session)
        self._person = dict(session.execute(select(PersonRow.key, PersonRow.id)).tuples().all())
        self._uids = set(session.scalars(select(SharedSessionRow.uid)))
        self._proposals = self._known_proposals()

    def proposals(self, tree: Mapping[str, Any]) -> int:
        """Add proposals with what was said to them; return how many were added."""
        number = sum(self._proposal(*one) for one in records(tree, "proposals", "agreed"))
        self._levels.finish()
        self._proposals = self._known_proposals()
        return number

    def shared_sessions(self, tree: Mapping[str, Any]) -> int:
        """Add sessions with their meetings; return how many were added."""
        number = sum(self._shared_session(*one) for one in records(tree, "shared_sessions", "agreed"))
        self._levels.finish()
        return number

    def _known_proposals(self) -> dict[tuple[object, object], int]:
        named = select(ProposalRow.question, ProposalRow.number, ProposalRow.id)
        return {(one.question, one.number): one.id for one in self._session.execute(named)}

    def _proposal(self, value: Tree, where: str) -> bool:
        name = (value.get("question"), value.get("number"))
        if not _is_name(name):
            self._levels.add(ProposalRow, value, where)  # which says what is wrong with it
        if name in self._proposals:
            return False
        sharer = self._person.get(str(value.get("shared_by_key")))
        row = self._levels.add(ProposalRow, value, where, shared_by_id=sharer)
        self._proposals[name] = 0  # it has no number yet
        self._levels.then(partial(self._said_to, row, value, where))
        return True

    def _said_to(self, row: ProposalRow, value: Tree, where: str) -> None:
        for answer, spot in records(value, "answers", where):
            self._levels.add(AnswerRow, answer, spot, proposal_id=row.id)
        pauses = value.get("pauses")
        keys = [key for key in pauses if isinstance(key, str)] if isinstance(pauses, list) else []
        if keys:
            self._levels.then(partial(self._pause, keys, row.id))

    def _pause(self, keys: list[str], proposal_id: int) -> None:
        for one in self._session.scalars(select(TeamSessionRow).where(TeamSessionRow.key.in_(keys))):
            if one.paused_by_id is None:
                one.paused_by_id = proposal_id

    def _shared_session(self, value: Tree, where: str) -> bool:
        uid = str(value.get("uid"))
        if uid in self._uids:
            return False
        self._uids.add(uid)
        proposal_id = self._proposal_id(value.get("proposal"))
        if proposal_id is None and value.get("proposal") is not None:
            raise wrong(f"{where}.proposal", "expected the question and the number of a proposal")
        row = self._levels.add(SharedSessionRow, value, where, proposal_id=proposal_id)
        self._levels.then(partial(self._of_session, row, value, where))
        return True

    def _of_session(self, row: SharedSessionRow, value: Tree, where: str) -> None:
        add_times(self._levels, value, where, session_id=row.id)
        add_ballots(self._levels, value, where, session_id=row.id)
        for one, spot in records(value, "meetings", where):
            meeting = self._levels.add(MeetingRow, one, spot, session_id=row.id, current_id=None)
            self._levels.then(partial(self._of_meeting, meeting, one, spot))

    def _of_meeting(self, row: MeetingRow, value: Tree, where: str) -> None:
        came = row.started_at or row.closed_at
        items = []
        for one, spot in records(value, "agenda_items", where):
            item = self._levels.add(AgendaItemRow, one, spot, meeting_id=row.id)
            self._levels.then(partial(self._of_item, item, one, spot, came))
            items.append(item)
        for one, spot in records(value, "attendance", where):
            if came is None:
                raise wrong(spot, "nobody comes to a meeting that has not begun")
            self._levels.add(
                MeetingAttendanceRow, one, spot, meeting_id=row.id, arrived_at=came, left_at=None
            )
        self._levels.then(partial(self._of_agenda, row, items, value, where))

    def _of_item(self, row: AgendaItemRow, value: Tree, where: str, came: datetime | None) -> None:
        for outcome, spot in records(value, "outcomes", where):
            self._levels.add(OutcomeRow, outcome, spot, item_id=row.id)
        add_polls(self._levels, value, where, item_id=row.id, at=came)

    def _of_agenda(self, row: MeetingRow, items: list[AgendaItemRow], value: Tree, where: str) -> None:
        """Add what names items by their place, now that they have their ids."""
        ids = [0, *(item.id for item in items)]
        row.current_id = _id_of(value.get("current"), ids, f"{where}.current") or None
        for version, spot in records(value, "minutes", where):
            body = with_items(version.get("body"), partial(_id_of, ids=ids, where=f"{spot}.body"))
            minutes = self._levels.add(MinutesRow, {**version, "body": body}, spot, meeting_id=row.id)
            self._levels.then(partial(self._objections, minutes, version, spot, ids))

    def _objections(self, row: MinutesRow, value: Tree, where: str, ids: list[int]) -> None:
        for one, spot in records(value, "objections", where):
            item = one.get("item")
            item_id = None if item is None else _id_of(item, ids, f"{spot}.item")
            self._levels.add(ObjectionRow, one, spot, minutes_id=row.id, item_id=item_id)

    def _proposal_id(self, named: object) -> int | None:
        """The number of the proposal that its question and its own number name."""
        if not isinstance(named, list) or len(named) != 2:
            return None
        name = (named[0], named[1])
        return self._proposals.get(name) if _is_name(name) else None


def _is_name(name: tuple[object, object]) -> bool:
    """Whether this can be the question and the number of a proposal."""
    return isinstance(name[0], str) and isinstance(name[1], int)


def _id_of(place: object, ids: list[int], where: str) -> int:
    """The number of the item at this place of the agenda; 0 for one that is not there any more."""
    if isinstance(place, int) and 0 <= place < len(ids):
        return ids[place]
    raise wrong(where, f"expected the place of an item on the agenda, up to {len(ids) - 1}")
