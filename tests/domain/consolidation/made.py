"""Organisations and rules of every kind, made from a seed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from planner.domain.consolidation.model import Attendance, Rules
from planner.domain.model import (
    DependencyKind,
    DependencyState,
    Membership,
    Organisation,
    Person,
    PersonId,
    Place,
    PlaceId,
    SessionId,
    Team,
    TeamId,
    TeamSession,
    Travel,
    WorkingHours,
)
from tests.domain.consolidation.organisations import TODAY, make_dependency

ZONES = ("Europe/Berlin", "Europe/London", "America/New_York", "UTC")


def made(seed: int) -> Organisation:
    """Two to nine teams with everything that an organisation can have."""
    luck = Random(seed)  # noqa: S311 - a test that can be repeated
    teams = range(1, luck.randint(2, 9) + 1)
    people = range(1, len(teams) + luck.randint(1, 4))
    places = tuple(Place(PlaceId(n), f"Place {n}") for n in (1, 2, 3))
    decide = {team: luck.sample(people, luck.choice((0, 1, 1, 1, 2))) for team in teams}
    return Organisation(
        places=places if luck.random() < 0.5 else (),
        travel=(Travel(PlaceId(1), PlaceId(2), luck.randint(1, 30)),) if luck.random() < 0.5 else (),
        people=tuple(_person(n, luck) for n in people),
        teams=tuple(Team(TeamId(n), f"t{n}", f"Team {n}") for n in teams),
        memberships=tuple(
            Membership(PersonId(who), TeamId(team), decides=True) for team in teams for who in decide[team]
        ),
        sessions=tuple(_session(n, people, luck) for n in teams) if luck.random() < 0.6 else (),
        dependencies=tuple(
            make_dependency(
                n,
                *luck.sample(teams, 2),
                gap=luck.choice((None, 0.0, 0.2, 0.5, 1.0)),
                state=luck.choice(list(DependencyState)),
                kind=luck.choice((*[DependencyKind.HAND_OVER] * 3, *DependencyKind)),
                needed_by=luck.choice((None, TODAY + timedelta(days=luck.randint(-5, 30)))),
            )
            for n in range(1, luck.randint(2, 24))
        ),
    )


def _person(number: int, luck: Random) -> Person:
    hours = WorkingHours(luck.choice(ZONES), luck.choice((480, 540, 555)), luck.choice((960, 1020)))
    place = luck.choice((None, PlaceId(1), PlaceId(2), PlaceId(3)))
    return Person(PersonId(number), f"p{number}", f"Person {number:02}", place_id=place, hours=hours)


def _session(team: int, people: range, luck: Random) -> TeamSession:
    return TeamSession(
        SessionId(team),
        f"s{team}",
        f"Session {team}",
        TeamId(team),
        frozenset(PersonId(who) for who in luck.sample(people, luck.randint(1, len(people)))),
        minutes=luck.choice((30, 45, 60)),
        local_minutes=luck.choice((0, 10, 25)),
        cadence_days=luck.choice((7, 14, 21)),
        place_id=luck.choice((None, PlaceId(1), PlaceId(2))),
    )


def with_odd_hours(organisation: Organisation, seed: int) -> Organisation:
    """The same people, who begin and end at any minute."""
    luck = Random(seed)  # noqa: S311 - a test that can be repeated
    hours = {p.id: replace(p.hours, start=luck.randint(420, 660), end=luck.randint(900, 1440))
             for p in organisation.people}  # fmt: skip
    return replace(organisation, people=tuple(replace(p, hours=hours[p.id]) for p in organisation.people))


def made_rules(seed: int) -> Rules:
    """Rules anywhere in what they can be."""
    luck = Random(seed)  # noqa: S311 - a test that can be repeated
    return Rules(
        attendance=luck.choice(list(Attendance)),
        people_max=luck.choice((2, 3, 5, 8, 12)),
        room_max=luck.choice((None, 3, 5, 8)),
        minutes_max=luck.choice((45, 75, 120, 240)),
        opening=luck.choice((0, 5, 15)),
        seat_cost=luck.choice((0, 15, 60)),
        sessions_max=luck.choice((None, None, 2)),
        split_cost=luck.choice((0, 5, 20)),
        queues_whole=luck.random() < 0.4,
        settled_minutes=luck.choice((0, 1, 5)),
        earliest=luck.choice((0, 0, 600)),
        latest=luck.choice((24 * 60, 24 * 60, 900)),
    )
