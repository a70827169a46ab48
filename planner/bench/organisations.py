"""Organisations of any size to measure with: clusters of teams around a few platforms that many need.

The same number of teams gives the same organisation, name for name.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from planner.domain.model import DependencyState
from planner.domain.transfer import (
    DependencyDraft,
    Draft,
    HorizonDraft,
    MemberDraft,
    PersonDraft,
    SessionDraft,
    TeamDraft,
)

FIRST_DAY = date(2026, 2, 2)
FIRST_PERSON = "owner-team-00000"
DAYS = 84
TEAMS_PER_AREA = 10
DEPENDENCIES_PER_TEAM = 3
PLATFORM_SHARE = 0.1
TAIL = 1.2  # Pareto: the smaller, the more of all needs go to the few largest platforms
TO_PLATFORM, TO_OWN_AREA = 0.35, 0.85  # of ten needs 3.5 go to a platform, 5 stay in the area
SETTLED_SHARE = 0.4


def clustered(teams: int, dependencies: int | None = None) -> Draft:
    """Return an organisation of that many teams, at least two, with three dependencies each or so many."""
    random = Random(teams)  # noqa: S311 - a repeatable organisation, no secret
    keys = [f"team-{number:05}" for number in range(teams)]
    needs = _dependencies(random, keys, dependencies or teams * DEPENDENCIES_PER_TEAM)
    return Draft(
        name=f"{teams} teams",
        people=tuple(PersonDraft(_owner(key), f"Owner of {_name(key)}") for key in keys),
        teams=tuple(_team(number, key) for number, key in enumerate(keys)),
        horizons=(HorizonDraft("Twelve weeks", FIRST_DAY, FIRST_DAY + timedelta(days=DAYS)),),
        sessions=tuple(_sessions(keys, needs)),
        dependencies=needs,
    )


def _team(number: int, key: str) -> TeamDraft:
    area = f"Area {number // TEAMS_PER_AREA + 1:03}"
    return TeamDraft(key, _name(key), area, members=(MemberDraft(_owner(key), decides=True),))


def _dependencies(random: Random, keys: list[str], number: int) -> tuple[DependencyDraft, ...]:
    platforms = random.sample(range(len(keys)), max(1, round(len(keys) * PLATFORM_SHARE)))
    weights = [random.paretovariate(TAIL) for _ in platforms]
    found: list[DependencyDraft] = []
    while len(found) < number:
        consumer = random.randrange(len(keys))
        provider = _provider(random, consumer, platforms, weights, len(keys))
        if provider != consumer:
            found.append(_dependency(random, len(found), keys[consumer], keys[provider]))
    return tuple(found)


def _provider(random: Random, consumer: int, platforms: list[int], weights: list[float], teams: int) -> int:
    way = random.random()
    if way < TO_PLATFORM:
        return random.choices(platforms, weights)[0]
    if way < TO_OWN_AREA:
        first = consumer - consumer % TEAMS_PER_AREA
        return random.randrange(first, min(first + TEAMS_PER_AREA, teams))
    return random.randrange(teams)


def _dependency(random: Random, number: int, consumer: str, provider: str) -> DependencyDraft:
    is_settled = random.random() < SETTLED_SHARE
    needed_by = FIRST_DAY + timedelta(days=random.randrange(1, DAYS))
    return DependencyDraft(
        key=f"dependency-{number:05}",
        consumer=consumer,
        provider=provider,
        what=f"part {number} of what {_name(provider)} makes",
        needed_by=needed_by,
        promised_for=needed_by if is_settled else None,
        state=DependencyState.AGREED if is_settled else DependencyState.ASKED,
        asked_on=None if is_settled else FIRST_DAY,
        horizon="Twelve weeks",
        gap=random.choice((None, 0.0, 0.25, 0.5, 1.0)),
    )


def _sessions(keys: list[str], dependencies: tuple[DependencyDraft, ...]) -> list[SessionDraft]:
    """Each team holds a session of its own, with the owner of every team it has to do with."""
    seats = {key: {_owner(key)} for key in keys}
    for dependency in dependencies:
        seats[dependency.consumer].add(_owner(dependency.provider))
        seats[dependency.provider].add(_owner(dependency.consumer))
    return [
        SessionDraft(f"session-{key}", f"Priorities of {_name(key)}", key, tuple(sorted(seats[key])))
        for key in keys
    ]


def _owner(key: str) -> str:
    return f"owner-{key}"


def _name(key: str) -> str:
    return key.replace("-", " ").capitalize()
