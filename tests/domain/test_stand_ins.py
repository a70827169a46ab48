"""Somebody for each team of which nobody is recorded."""

from __future__ import annotations

from planner.domain.model import Membership, Organisation, Person, PersonId, Place, PlaceId, Team, TeamId
from planner.domain.stand_ins import with_stand_ins

DANA = Person(PersonId(1), "dana", "Dana")
PAYMENTS = Team(TeamId(1), "payments", "Payments")
IDENTITY = Team(TeamId(2), "identity", "Identity", place_id=PlaceId(1))


def test_a_team_without_any_member_gets_somebody_at_its_place() -> None:
    here = Organisation(
        places=(Place(PlaceId(1), "Dock Street", "Europe/London"),),
        people=(DANA,),
        teams=(PAYMENTS, IDENTITY),
        memberships=(Membership(DANA.id, PAYMENTS.id, decides=True),),
    )

    found = with_stand_ins(here)

    somebody = Person(PersonId(-2), "stand-in-identity", "Somebody of Identity", place_id=PlaceId(1))
    assert found.people == (somebody, DANA)
    assert found.product_owners == {PAYMENTS.id: (DANA.id,), IDENTITY.id: (somebody.id,)}


def test_a_team_with_members_names_its_own_product_owner() -> None:
    here = Organisation(
        people=(DANA,), teams=(PAYMENTS,), memberships=(Membership(DANA.id, PAYMENTS.id, decides=False),)
    )

    assert with_stand_ins(here) is here


def test_nothing_stays_nothing() -> None:
    assert with_stand_ins(Organisation()) == Organisation()
