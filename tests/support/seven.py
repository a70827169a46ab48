"""Seven teams in two buildings, each with a session of its own to which nearly everybody goes."""

from __future__ import annotations

from datetime import date

from planner.domain.model import DependencyState, WorkingHours
from planner.domain.transfer import (
    DependencyDraft,
    Draft,
    MemberDraft,
    PersonDraft,
    PlaceDraft,
    SessionDraft,
    TeamDraft,
    TravelDraft,
)

NORTH, SOUTH = "North building", "South building"
OWNERS = {
    "accounts": ("ada-amsel", "Ada Amsel"),
    "billing": ("ben-brook", "Ben Brook"),
    "catalogue": ("cleo-castro", "Cleo Castro"),
    "delivery": ("dov-dahl", "Dov Dahl"),
    "entry-portal": ("eva-egger", "Eva Egger"),
    "fulfilment": ("finn-fisk", "Finn Fisk"),
    "gateway": ("gia-grant", "Gia Grant"),
}
"""The product owner of each team, by its key."""
IN_THE_SOUTH = {"entry-portal", "fulfilment", "gateway"}
STAYS_AWAY = {"accounts": "gateway", "billing": "fulfilment", "fulfilment": "billing", "gateway": "accounts"}
"""Whose owner does not come to the session of a team; everybody else does."""
NEEDS = (
    ("accounts", "billing", "Invoice numbers", 0.5),
    ("billing", "accounts", "Account status", 0.25),
    ("billing", "catalogue", "Price list", 0.0),
    ("catalogue", "accounts", "Customer groups", 0.5),
    ("catalogue", "delivery", "Delivery times", 0.5),
    ("delivery", "entry-portal", "Address form", 0.25),
    ("entry-portal", "delivery", "Parcel tracking", 0.75),
    ("fulfilment", "entry-portal", "Order feed", 0.5),
    ("gateway", "fulfilment", "Stock levels", 0.0),
    ("gateway", "entry-portal", "Sign-in page", 0.5),
    ("gateway", "delivery", "Carrier list", 0.0),
)
"""Who needs what from whom, and how far apart the two see it."""
SETTLED = DependencyDraft(
    "packing-rules",
    "fulfilment",
    "delivery",
    "Packing rules",
    needed_by=date(2026, 3, 2),
    promised_for=date(2026, 3, 2),
    state=DependencyState.AGREED,
    gap=0.0,
)


def seven_teams() -> Draft:
    """Return the organisation in which everybody sits in six or seven sessions a fortnight."""
    return Draft(
        name="Parcel House",
        places=(PlaceDraft(NORTH, "Europe/London"), PlaceDraft(SOUTH, "Europe/London")),
        travel=(TravelDraft(NORTH, SOUTH, 6),),
        people=tuple(
            PersonDraft(key, name, f"{key}@example.org", _place(team), WorkingHours("Europe/London"))
            for team, (key, name) in OWNERS.items()
        ),
        teams=tuple(
            TeamDraft(team, _name(team), place=_place(team), members=(MemberDraft(key, decides=True),))
            for team, (key, _person) in OWNERS.items()
        ),
        sessions=tuple(_session(team) for team in OWNERS),
        dependencies=(*(_need(*one) for one in NEEDS), SETTLED),
    )


def _place(team: str) -> str:
    return SOUTH if team in IN_THE_SOUTH else NORTH


def _name(team: str) -> str:
    return team.replace("-", " ").capitalize()


def _session(team: str) -> SessionDraft:
    return SessionDraft(
        f"{team}-prioritisation",
        f"{_name(team)} prioritisation",
        team,
        tuple(key for other, (key, _person) in OWNERS.items() if other != STAYS_AWAY.get(team)),
        local_minutes=20,
        place=_place(team),
    )


def _need(consumer: str, provider: str, what: str, gap: float) -> DependencyDraft:
    key = what.lower().replace(" ", "-")
    return DependencyDraft(key, consumer, provider, what, needed_by=date(2026, 3, 2), gap=gap)
