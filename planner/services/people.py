"""People: who they are and when they can meet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.errors import InvalidInput, Problem
from planner.domain.text import clean, fold
from planner.services.changes import expect_version, recorded
from planner.services.keys import existing, free_key
from planner.services.permissions import Right, may, require
from planner.storage.models import MembershipRow, PersonRow
from planner.storage.store import Store

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.transfer import PersonDraft
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange

EMAIL_LONGEST = 254


def record_person(session: Session, actor: Actor, draft: PersonDraft) -> tuple[str, OpenChange]:
    """Add a person and return their key. Raises InvalidInput."""
    require(actor, Right.RECORD)
    store = Store(session)
    draft = _checked(store, draft, None)
    draft = replace(draft, key=free_key(store, PersonRow, draft.name))
    with recorded(session, actor, "person:recorded", f"Added {draft.name}") as change:
        store.save_person(draft)
    return draft.key, change


def change_person(
    session: Session, actor: Actor, key: str, draft: PersonDraft, *, version: int | None
) -> OpenChange:
    """Change a person. Raises NotFound, NotAllowed, InvalidInput, StaleVersion."""
    store = Store(session)
    row = existing(store, PersonRow, key)
    _require_near(session, actor, row)
    expect_version(row, version)
    draft = replace(_checked(store, draft, row), key=key)
    with recorded(session, actor, "person:changed", f"Changed {draft.name}") as change:
        store.save_person(draft, row)
    return change


def remove_person(session: Session, actor: Actor, key: str) -> OpenChange:
    """Remove a person with their seats and memberships. Raises NotFound, NotAllowed."""
    store = Store(session)
    row = existing(store, PersonRow, key)
    _require_near(session, actor, row)
    with recorded(session, actor, "person:removed", f"Removed {row.name}") as change:
        store.remove(row)
    return change


def teams_of(session: Session, person_id: int) -> list[int]:
    return list(session.scalars(select(MembershipRow.team_id).where(MembershipRow.person_id == person_id)))


def _require_near(session: Session, actor: Actor, row: PersonRow) -> None:
    """A person's record is changed by themselves or by somebody of a team they are in."""
    if not may(actor, Right.CHANGE_TEAM, teams_of(session, row.id)):
        require(actor, Right.CHANGE_PERSON, [row.id])


def _checked(store: Store, draft: PersonDraft, row: PersonRow | None) -> PersonDraft:
    name = clean(draft.name, where="name")
    email = clean(draft.email or "", where="email", longest=EMAIL_LONGEST, required=False).casefold() or None
    if email is not None and email.count("@") != 1:
        raise InvalidInput(Problem("email", f"“{email}” is no e-mail address; expected name@example.org"))
    for other in store.rows(PersonRow).values():
        if other is row:
            continue
        if email is not None and other.email == email:
            raise InvalidInput(Problem("email", f"{other.name} has this address already"))
        if fold(other.name) == fold(name) and (email is None or other.email is None):
            raise InvalidInput(
                Problem(
                    "name", f"there is a {other.name} already; give both an e-mail address to tell them apart"
                )
            )
    return replace(draft, name=name, email=email)
