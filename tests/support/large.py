"""An organisation of any size, the same every time."""

from __future__ import annotations

from datetime import date, timedelta

from planner.domain.transfer import (
    DependencyDraft,
    Draft,
    MemberDraft,
    PersonDraft,
    SessionDraft,
    TeamDraft,
)

FIRST_DAY = date(2026, 2, 9)


def large_organisation(teams: int, dependencies: int) -> Draft:
    """Return teams in a ring, each with one product owner and a session with its neighbour in it."""
    numbers = range(teams)
    return Draft(
        people=tuple(PersonDraft(f"p{n}", f"Person {n}", f"p{n}@example.org") for n in numbers),
        teams=tuple(TeamDraft(f"t{n}", f"Team {n}", members=(MemberDraft(f"p{n}", True),)) for n in numbers),
        sessions=tuple(
            SessionDraft(f"s{n}", f"Session {n}", f"t{n}", (f"p{n}", f"p{(n + 1) % teams}")) for n in numbers
        ),
        dependencies=tuple(_dependency(n, teams) for n in range(dependencies)),
    )


def _dependency(number: int, teams: int) -> DependencyDraft:
    consumer = number % teams
    provider = (consumer + 1 + number // teams) % teams
    return DependencyDraft(
        f"d{number}", f"t{consumer}", f"t{provider}", f"Part {number}", FIRST_DAY + timedelta(days=number)
    )
