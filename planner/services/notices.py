"""What people are told: written with the act that it tells of, read, and chosen by each for themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from planner.domain.model import DependencyId
from planner.domain.notices import USUAL, HowTold, Notice, NoticeKind, notices_of
from planner.services import hooks
from planner.services.notice_rows import choices_of, keep
from planner.storage import snapshot
from planner.storage.audit import change_in
from planner.storage.models import NoticeChoiceRow, NoticeRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from planner.domain.model import Dependency, Organisation
    from planner.domain.negotiation.acts import Act
    from planner.services.actor import Actor

PAGE = 50


@dataclass(frozen=True, slots=True)
class NoticeEntry:
    """A notice as its reader sees it. What it is about may be gone since."""

    id: int
    kind: NoticeKind
    dependency_id: DependencyId | None
    text: str
    at: datetime
    is_new: bool
    proposal_id: int | None = None
    promise_id: int | None = None
    session_id: int | None = None
    change_id: int | None = None


def tell(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    *,
    before: Dependency,
    after: Dependency,
    act: Act,
) -> None:
    """Write who is told of an act, and the messages to web hooks; saved with the change it is called in.

    `organisation` is that before the act.
    """
    session.flush()
    dependencies = tuple(after if d.id == after.id else d for d in organisation.dependencies)
    _tell(session, actor, replace(organisation, dependencies=dependencies), [(before, after, act)])


def tell_asked(session: Session, actor: Actor, keys: Collection[str]) -> None:
    """Write who is told that these dependencies are asked for, as `tell` does for one."""
    session.flush()
    # what is about to be saved may be rolled back: it must not be kept for others to read
    organisation = snapshot.load(session)
    asked = [d for d in organisation.dependencies if d.key in keys]
    _tell(session, actor, organisation, [(None, dependency, None) for dependency in asked])


def read_notices(session: Session, actor: Actor, *, before: int | None = None) -> tuple[NoticeEntry, ...]:
    """Return up to fifty notices of the actor, newest first, those before the given id."""
    query = select(NoticeRow).where(NoticeRow.person_id == actor.person_id)
    if before is not None:
        query = query.where(NoticeRow.id < before)
    rows = session.scalars(query.order_by(NoticeRow.id.desc()).limit(PAGE))
    return tuple(_entry(row) for row in rows)


def read_count(session: Session, actor: Actor) -> int:
    """Return how many notices are new to the actor."""
    return session.scalar(select(func.count()).select_from(NoticeRow).where(*_new_to(actor))) or 0


def mark_read(session: Session, actor: Actor, *, up_to: int) -> None:
    """Take the actor's notices up to this one as read; what came after it was not seen."""
    session.execute(
        update(NoticeRow)
        .where(*_new_to(actor), NoticeRow.id <= up_to)
        .values(read_at=actor.at)
        .execution_options(synchronize_session=False)
    )
    session.commit()


def read_choices(session: Session, actor: Actor) -> dict[NoticeKind, HowTold]:
    """Return how the actor is told each kind."""
    if actor.person_id is None:
        return dict(USUAL)
    chosen = choices_of(session, [actor.person_id])
    return {kind: chosen.get((actor.person_id, kind), USUAL[kind]) for kind in NoticeKind}


def choose(session: Session, actor: Actor, chosen: Mapping[NoticeKind, HowTold]) -> None:
    """Keep how the actor wants to be told; it holds for what comes from now on."""
    if actor.person_id is None:
        return
    query = select(NoticeChoiceRow).where(NoticeChoiceRow.person_id == actor.person_id)
    rows = {row.kind: row for row in session.scalars(query)}
    for kind, how in chosen.items():
        if kind.value in rows:
            rows[kind.value].how = how.value
        else:
            session.add(NoticeChoiceRow(person_id=actor.person_id, kind=kind.value, how=how.value))
    session.commit()


def write(
    session: Session,
    organisation: Organisation,
    notices: Sequence[Notice],
    *,
    at: datetime,
    change_id: int | None = None,
    once: str | None = None,
) -> None:
    """Keep notices, each with what its reader has chosen by now. `once` is what keeps a second one away."""
    with_mail = {one.person_id for one in notices if organisation.person[one.person_id].email is not None}
    keep(session, notices, with_mail, at=at, change_id=change_id, once=once)


def _tell(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    acts: Iterable[tuple[Dependency | None, Dependency, Act | None]],
) -> None:
    change = change_in(session)
    change_id = None if change is None else change.id
    notices: list[Notice] = []
    events: list[tuple[str, Dependency]] = []
    for before, after, act in acts:
        notices += notices_of(organisation, before, after, act, actor.person_id)
        events.append((_event(before, act), after))
    write(session, organisation, notices, at=actor.at, change_id=change_id)
    hooks.announce(session, organisation, events, at=actor.at, change_id=change_id)


def _event(before: Dependency | None, act: Act | None) -> str:
    """What web hooks call it: the act, or what came of none."""
    if act is not None:
        return act.value
    return NoticeKind.ASKED.value if before is None else "changed"


def _new_to(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return NoticeRow.person_id == actor.person_id, NoticeRow.read_at.is_(None)


def _entry(row: NoticeRow) -> NoticeEntry:
    number = None if row.dependency_id is None else DependencyId(row.dependency_id)
    return NoticeEntry(
        id=row.id,
        kind=NoticeKind(row.kind),
        dependency_id=number,
        text=row.text,
        at=row.at,
        is_new=row.read_at is None,
        proposal_id=row.proposal_id,
        promise_id=row.promise_id,
        session_id=row.session_id,
        change_id=row.change_id if row.kind == NoticeKind.CHANGED else None,
    )
