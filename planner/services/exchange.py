"""A whole organisation out, and what is read merged by key in one change: twice changes nothing more.

The way in for files is `planner.services.importing.imports`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import delete, func, select

from planner.domain.model import DependencyState
from planner.domain.transfer import (
    DependencyDraft,
    Draft,
    GoalDraft,
    HorizonDraft,
    PersonDraft,
    PlaceDraft,
    Remark,
    SessionDraft,
    TeamDraft,
    draft_of,
)
from planner.interchange.csv import CsvList, write_csv
from planner.interchange.csv.plain import write_table as write_table  # noqa: PLC0414  # pages know services alone
from planner.interchange.json import write_organisation
from planner.interchange.ordering import ordered
from planner.services.changes import recorded
from planner.services.finding import DependencyFilter, find_dependencies
from planner.services.import_rights import require_changes
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, require
from planner.storage import uploads
from planner.storage.agreed import read_agreed
from planner.storage.models import (
    AgendaItemRow,
    AnswerRow,
    AwayRow,
    BallotRow,
    DependencyRow,
    EventRow,
    GoalRow,
    HorizonRow,
    KeptPlanRow,
    MeetingAttendanceRow,
    MeetingRow,
    MinutesRow,
    ObjectionRow,
    OrganisationRow,
    OutcomeRow,
    PaperRow,
    PersonRow,
    PlaceRow,
    PollRow,
    PollVoteRow,
    ProposalRow,
    ReplyRow,
    SharedSessionRow,
    TeamRow,
    TeamSessionRow,
    TimePollAnswerRow,
    TimePollRow,
    WordRow,
)
from planner.storage.store import NOUN, AnyRow, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange

AnyDraft = TypeVar(
    "AnyDraft", PlaceDraft, PersonDraft, TeamDraft, HorizonDraft, GoalDraft, SessionDraft, DependencyDraft
)

LISTS = tuple(kind.value for kind in CsvList)
PART = 1_000
"""So many records are written at once."""

# children last: the reverse is the order in which everything can be removed
NOUNS = (PlaceRow, PersonRow, TeamRow, HorizonRow, GoalRow, TeamSessionRow, DependencyRow)
MEETINGS = (
    ObjectionRow,
    MinutesRow,
    PollVoteRow,
    PollRow,
    OutcomeRow,
    AgendaItemRow,
    MeetingAttendanceRow,
    MeetingRow,
)
TIMES = (TimePollAnswerRow, TimePollRow, ReplyRow, WordRow)
# in the order in which they can be removed
WITHOUT_A_NOUN = (KeptPlanRow, *MEETINGS, *TIMES, SharedSessionRow, AnswerRow, ProposalRow)
PLURAL = {"person": "people", "dependency": "dependencies"}
SINGULAR = {many: one for one, many in PLURAL.items()}


@dataclass(frozen=True)
class ImportReport:
    """What an import did: records added, changed and already equal, by noun, and each remark.

    `kept` is how many stayed as people here have them although the file has them otherwise.
    """

    added: dict[str, int]
    changed: int
    taken: int
    remarks: tuple[Remark, ...]
    change_id: int | None
    kept: int = 0

    @property
    def added_words(self) -> tuple[str, ...]:
        """What was added, each noun with its number: "1 team", "65 dependencies"."""
        return tuple(
            f"{number} {SINGULAR.get(noun, noun.removesuffix('s')) if number == 1 else noun}"
            for noun, number in self.added.items()
        )

    @property
    def changed_anything(self) -> bool:
        return self.change_id is not None


def store_draft(
    session: Session, actor: Actor, draft: Draft, *, tag: str, summary: str, is_example: bool = False
) -> OpenChange:
    """Merge a draft into what is there, by key, as one change."""
    # stored in one order, so that a file with its rows shuffled gives the same numbers and suggestions
    draft = ordered(draft)
    with recorded(session, actor, tag, summary) as change:
        merge_draft(session, draft, actor.today, is_example=is_example)
        require_changes(session, actor, change.id)
    return change


def merge_draft(
    session: Session,
    draft: Draft,
    today: date,
    *,
    is_example: bool = False,
    saved: Callable[[int], None] = lambda _more: None,
) -> None:
    """Save every record of a draft over the one that has its key, within a change that is open.

    `saved` hears how many more were written.
    """
    store = Store(session)
    if draft.name:
        _name_organisation(session, draft.name, is_example=is_example)
    _merge(store, PlaceRow, draft.places, store.save_place, saved)
    store.save_ways(draft.travel)
    _merge(store, PersonRow, draft.people, store.save_person, saved)
    _merge(store, TeamRow, draft.teams, store.save_team, saved)
    _merge(store, HorizonRow, draft.horizons, store.save_horizon, saved)
    _merge(store, GoalRow, draft.goals, store.save_goal, saved)
    _merge(store, TeamSessionRow, draft.sessions, store.save_session, saved)
    if draft.dependencies:
        asked = _asked_today(store, draft.dependencies, today)
        _merge(store, DependencyRow, asked, store.save_dependency, saved)


def _asked_today(store: Store, drafts: Iterable[DependencyDraft], today: date) -> Iterable[DependencyDraft]:
    """What comes in as asked and does not say since when is asked today."""
    for draft in drafts:
        is_new = draft.state is DependencyState.ASKED and store.find(DependencyRow, draft.key) is None
        yield replace(draft, asked_on=draft.asked_on or today) if is_new else draft


def _merge(
    store: Store,
    table: type[AnyRow],
    drafts: Iterable[AnyDraft],
    save: Callable[[AnyDraft, AnyRow | None], AnyRow],
    saved: Callable[[int], None],
) -> None:
    """Save the drafts of a noun, a thousand at once, each over the row that has its key."""
    waiting = iter(drafts)
    while part := list(islice(waiting, PART)):
        with store.together():
            for draft in part:
                key = draft.name if isinstance(draft, PlaceDraft | HorizonDraft) else draft.key
                save(draft, store.find(table, key))
        saved(len(part))


def export_organisation(session: Session) -> bytes:
    """Return the whole organisation in our JSON format; the same rows give the same bytes."""
    return write_organisation(draft_of(read_organisation(session)))


def export_everything(session: Session) -> bytes:
    """Return what `export_organisation` does, and with it what was agreed: for whoever moves it elsewhere.

    It holds what was said in sessions that others were not in, so it is for the command line alone.
    """
    return write_organisation(replace(draft_of(read_organisation(session)), agreed=read_agreed(session)))


def export_list(session: Session, kind: str, chosen: DependencyFilter | None, today: date) -> bytes:
    """Return one list as CSV; dependencies narrowed to the filter, everything without one."""
    organisation = read_organisation(session)
    draft = draft_of(organisation)
    if chosen is not None and kind == "dependencies":
        keys = {d.key for d in find_dependencies(organisation, chosen, today)}
        draft = replace(draft, dependencies=tuple(d for d in draft.dependencies if d.key in keys))
    return write_csv(CsvList(kind), draft)


def remove_everything(session: Session, actor: Actor) -> OpenChange:
    """Remove every record as one change that can be undone; the history stays."""
    require(actor, Right.REMOVE_EVERYTHING)
    store = Store(session)
    with recorded(session, actor, "organisation:removed", "Removed everything that was recorded") as change:
        for noun in reversed(NOUNS):
            for row in list(store.rows(noun).values()):
                store.remove(row)
        for table in WITHOUT_A_NOUN:
            for one in session.scalars(select(table).order_by(table.id)):
                session.delete(one)
            session.flush()
        for beside in (PaperRow, BallotRow, AwayRow):  # nothing of it is in the history: it is gone for good
            session.execute(delete(beside))
        organisation = session.get(OrganisationRow, 1)
        if organisation is not None:
            session.delete(organisation)
        uploads.forget_all(session)
    return change


def _name_organisation(session: Session, name: str, *, is_example: bool) -> None:
    row = session.get(OrganisationRow, 1)
    if row is None:
        session.add(OrganisationRow(id=1, name=name, rules={}, is_example=is_example))
    elif row.name != name:
        row.name = name
    session.flush()


def size_of(draft: Draft) -> int:
    """Return how many records a draft has."""
    parts: tuple[tuple[object, ...], ...] = (
        draft.places,
        draft.people,
        draft.teams,
        draft.horizons,
        draft.goals,
        draft.sessions,
        draft.dependencies,
    )
    return sum(map(len, parts))


def counts(session: Session, change: OpenChange, act: str) -> dict[str, int]:
    """Return how many records of each noun a change created, updated or removed."""
    if change.id is None:
        return {}
    query = (
        select(EventRow.subject, func.count())
        .where(EventRow.change_id == change.id, EventRow.act == act)
        .group_by(EventRow.subject)
    )
    numbers = {str(subject): int(number) for subject, number in session.execute(query)}
    found = {noun: numbers.get(table.__tablename__, 0) for table, noun in NOUN.items()}
    return {PLURAL.get(noun, noun + "s"): number for noun, number in found.items() if number}
