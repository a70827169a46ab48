"""People: who they are and when they can meet."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from planner.domain.errors import InvalidInput, Problem
from planner.domain.model import MINUTES_PER_DAY
from planner.domain.text import EMAIL_LONGEST, clean, fold
from planner.services.changes import expect_version, recorded
from planner.services.keys import existing, expect_zone, free_key
from planner.services.permissions import Right, may, require
from planner.services.teams import with_people
from planner.storage.models import AwayRow, MembershipRow, PersonRow, TeamRow
from planner.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from planner.domain.model import WorkingHours
    from planner.domain.transfer import PersonDraft
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange


def record_person(
    session: Session, actor: Actor, draft: PersonDraft, *, teams: Collection[str] = ()
) -> tuple[str, OpenChange]:
    """Add a person as a member of these teams and return their key. Raises NotAllowed, InvalidInput."""
    require(actor, Right.RECORD)
    store = Store(session)
    draft = checked(store, draft, None)
    draft = replace(draft, key=free_key(store, PersonRow, draft.name))
    team_ids = _team_ids(store, teams)
    _require_teams(session, actor, team_ids)
    with recorded(session, actor, "person:recorded", f"Added {draft.name}") as change:
        join(session, store.save_person(draft), team_ids)
    return draft.key, change


def change_person(
    session: Session,
    actor: Actor,
    key: str,
    draft: PersonDraft,
    *,
    version: int | None,
    teams: Collection[str] | None = None,
) -> OpenChange:
    """Change a person, and the teams they are in unless these are None; who decides stays as it is.

    Raises NotFound, NotAllowed, InvalidInput, StaleVersion.
    """
    store = Store(session)
    row = existing(store, PersonRow, key)
    _require_near(session, actor, row)
    expect_version(row, version)
    draft = replace(checked(store, draft, row), key=key)
    now = set(teams_of(session, row.id))
    team_ids = now if teams is None else _team_ids(store, teams)
    _require_teams(session, actor, team_ids ^ now)
    with recorded(session, actor, "person:changed", f"Changed {draft.name}") as change:
        join(session, store.save_person(draft, row), team_ids)
    return change


def remove_person(session: Session, actor: Actor, key: str) -> OpenChange:
    """Remove a person with their seats and memberships. Raises NotFound, NotAllowed."""
    store = Store(session)
    row = existing(store, PersonRow, key)
    _require_near(session, actor, row)
    with recorded(session, actor, "person:removed", f"Removed {row.name}") as change:
        session.execute(delete(AwayRow).where(AwayRow.person_id == row.id))
        store.remove(row)
    return change


def teams_of(session: Session, person_id: int) -> list[int]:
    return list(session.scalars(select(MembershipRow.team_id).where(MembershipRow.person_id == person_id)))


def _require_near(session: Session, actor: Actor, row: PersonRow) -> None:
    """A person's record is changed by themselves or by somebody of a team they are in."""
    if not may(actor, Right.CHANGE_TEAM, teams_of(session, row.id)):
        require(actor, Right.CHANGE_PERSON, [row.id])


def _require_teams(session: Session, actor: Actor, team_ids: Collection[int]) -> None:
    """Joining and leaving changes a team, so each of them is asked."""
    for team_id in sorted(team_ids):
        require(actor, Right.CHANGE_TEAM, with_people(session, [team_id]))


def _team_ids(store: Store, keys: Collection[str]) -> set[int]:
    return {store.id_of(TeamRow, key) for key in keys}


def join(session: Session, row: PersonRow, team_ids: Collection[int]) -> None:
    seats = {
        seat.team_id: seat
        for seat in session.scalars(select(MembershipRow).where(MembershipRow.person_id == row.id))
    }
    for team_id in sorted(seats.keys() - team_ids):
        session.delete(seats[team_id])
    for team_id in sorted(team_ids - seats.keys()):
        session.add(MembershipRow(team_id=team_id, person_id=row.id, decides=False, role=""))
    for team in session.scalars(select(TeamRow).where(TeamRow.id.in_(seats.keys() ^ team_ids))):
        flag_modified(team, "key")  # an older form of the team must not undo this unseen
    session.flush()


def checked(store: Store, draft: PersonDraft, row: PersonRow | None) -> PersonDraft:
    name = clean(draft.name, where="name")
    email = clean(draft.email or "", where="email", longest=EMAIL_LONGEST, required=False).casefold() or None
    draft = replace(draft, name=name, email=email)
    problems = [*email_problems(draft), *_hours_problems(draft.hours)]
    for other in store.rows(PersonRow).values():
        if other is not row:
            problems += _clashes(draft, other)
    if problems:
        raise InvalidInput(*problems)
    expect_zone(draft.hours.zone)
    return draft


def email_problems(draft: PersonDraft) -> list[Problem]:
    if draft.email is None or re.fullmatch(r"[^@\s]+@[^@\s]+", draft.email):
        return []
    return [Problem("email", f"“{draft.email}” is no e-mail address; expected name@example.org")]


def _hours_problems(hours: WorkingHours) -> list[Problem]:
    problems = []
    if not 0 <= hours.start < hours.end <= MINUTES_PER_DAY:
        problems.append(Problem("end", "is not after the start; choose a later time, 00:00 is midnight"))
    if not hours.days:
        problems.append(Problem("days", "are empty; choose at least one"))
    return problems


def _clashes(draft: PersonDraft, other: PersonRow) -> list[Problem]:
    if draft.email is not None and other.email == draft.email:
        return [Problem("email", f"“{draft.email}” is the address of {other.name} already")]
    if fold(other.name) == fold(draft.name) and (draft.email is None or other.email is None):
        hint = "give both an e-mail address to tell them apart"
        return [Problem("name", f"there is a {other.name} already; {hint}")]
    return []
