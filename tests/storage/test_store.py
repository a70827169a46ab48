"""Many drafts are written with few statements, and taking them back leaves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.bench.organisations import clustered
from planner.domain.transfer import Draft, MemberDraft, PersonDraft, TeamDraft, draft_of
from planner.services.actor import Actor
from planner.services.changes import undo
from planner.services.exchange import store_draft
from planner.services.organisation import read_organisation
from tests.conftest import MONDAY

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.storage.audit import OpenChange

OPERATOR = Actor(at=MONDAY)


def save(session: Session, draft: Draft) -> OpenChange:
    return store_draft(session, OPERATOR, draft, tag="organisation:imported", summary="Imported")


def test_what_is_stored_together_comes_back_whole(session: Session) -> None:
    draft = clustered(12)

    save(session, draft)

    assert draft_of(read_organisation(session)) == draft


def test_storing_the_same_again_changes_nothing(session: Session) -> None:
    save(session, clustered(12))

    again = save(session, clustered(12))

    assert again.id is None


def test_a_large_import_can_be_taken_back(session: Session) -> None:
    change = save(session, clustered(12))
    assert change.id is not None

    undo(session, OPERATOR, change.id)

    assert draft_of(read_organisation(session)) == Draft()


def test_members_are_joined_changed_and_dropped(session: Session) -> None:
    people = tuple(PersonDraft(key, key.title()) for key in ("ann", "ben", "cem"))
    before = TeamDraft("pay", "Payments", members=(MemberDraft("ann"), MemberDraft("ben", decides=True)))
    after = TeamDraft("pay", "Payments", members=(MemberDraft("ben"), MemberDraft("cem", decides=True)))
    save(session, Draft(people=people, teams=(before,)))

    save(session, Draft(teams=(after,)))

    assert draft_of(read_organisation(session)) == Draft(people=people, teams=(after,))
