"""The sessions of today and those suggested, with the teams whose people sit in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.domain.model import DependencyId, Team, TeamId
from planner.domain.pictures.around import owners_of
from planner.domain.pictures.cards import PictureTable
from planner.domain.pictures.scope import Scope
from planner.domain.pictures.sides import beside, ordered_sides
from planner.domain.text import counted

SESSIONS_MAX = (16, 10, 6)  # on each side
TEAMS_MAX = (32, 20, 12)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session and whose people sit in it. `about` is empty for one of today, which has its host's needs."""

    title: str
    team_ids: frozenset[TeamId]
    people: int
    about: frozenset[DependencyId] = frozenset()
    host_id: TeamId | None = None


@dataclass(frozen=True, slots=True)
class SessionTeam:
    """A team in the middle; `is_free` where none of its people has to sit anywhere any more."""

    team: Team
    owners: str
    is_free: bool


@dataclass(frozen=True, slots=True)
class SessionChange:
    """Sessions today, teams, sessions suggested; lines are pairs of a place in a column and a team."""

    title: str
    subtitle: str
    before: tuple[Sitting, ...]
    teams: tuple[SessionTeam, ...]
    after: tuple[Sitting, ...]
    lines_before: tuple[tuple[int, int], ...]
    lines_after: tuple[tuple[int, int], ...]
    seats_before: int
    seats_after: int
    areas: tuple[str, ...]
    left_out: str
    table: PictureTable
    is_assumed: bool = False


def session_change(
    scope: Scope, before: Sequence[Sitting], after: Sequence[Sitting], *, is_assumed: bool = False
) -> SessionChange:
    """Return both sides, as far as they are about these dependencies.

    A session of today is in it when the team that holds it has one of them; a suggested one when it is
    about one. Seats are counted over all of them, drawn or not.
    """
    before, after = _about(scope, before, after)
    shown_after = _largest(after, SESSIONS_MAX[scope.detail])
    near = _teams(scope, shown_after or _largest(before, SESSIONS_MAX[scope.detail]), shown_after, before)
    shown_before = _largest([one for one in before if one.team_ids & near], SESSIONS_MAX[scope.detail])
    lines_before, lines_after = _lines(shown_before, near), _lines(shown_after, near)
    seated = {int(team) for one in after for team in one.team_ids}
    ordered_after, teams = ordered_sides(range(len(shown_after)), lines_after)
    teams += [team for team in sorted(map(int, near)) if team not in teams]
    ordered_before = beside(lines_before, teams)
    return SessionChange(
        title=_title(scope),
        subtitle=scope.subtitle,
        before=tuple(shown_before[place] for place in ordered_before),
        teams=tuple(_team(scope, TeamId(team), is_free=team not in seated) for team in teams),
        after=tuple(shown_after[place] for place in ordered_after),
        lines_before=_renumbered(lines_before, ordered_before),
        lines_after=_renumbered(lines_after, ordered_after),
        seats_before=sum(one.people for one in before),
        seats_after=sum(one.people for one in after),
        areas=scope.areas,
        left_out=_left_out((len(shown_before), len(before)), (len(shown_after), len(after)), len(near)),
        table=_table(scope, before, after),
        is_assumed=is_assumed,
    )


def _about(
    scope: Scope, before: Iterable[Sitting], after: Iterable[Sitting]
) -> tuple[list[Sitting], list[Sitting]]:
    numbers = frozenset(one.id for one in scope.dependencies)
    ends = {end for one in scope.dependencies for end in (one.consumer_id, one.provider_id)}
    return [one for one in before if one.host_id in ends], [one for one in after if one.about & numbers]


def _largest(sessions: Sequence[Sitting], most: int) -> list[Sitting]:
    """Those with most people, in the order given."""
    ranked = sorted(range(len(sessions)), key=lambda place: (-sessions[place].people, place))
    return [sessions[place] for place in sorted(ranked[:most])]


def _teams(
    scope: Scope, first: Iterable[Sitting], after: Iterable[Sitting], before: Iterable[Sitting]
) -> frozenset[TeamId]:
    """The teams that sit in most of what is shown; then, while there is room, those of today's sessions."""
    weight: Counter[TeamId] = Counter()
    for factor, sessions in ((100, first), (10, after), (1, before)):
        for one in sessions:
            weight.update({team: factor for team in one.team_ids if team in scope.organisation.team})
    ranked = sorted(weight, key=lambda team: (-weight[team], team))
    return frozenset(ranked[: TEAMS_MAX[scope.detail]])


def _lines(sessions: Sequence[Sitting], near: frozenset[TeamId]) -> tuple[tuple[int, int], ...]:
    return tuple(
        (place, int(team)) for place, one in enumerate(sessions) for team in sorted(one.team_ids & near)
    )


def _renumbered(lines: Iterable[tuple[int, int]], order: Sequence[int]) -> tuple[tuple[int, int], ...]:
    place = {old: new for new, old in enumerate(order)}
    return tuple(sorted((place[session], team) for session, team in lines if session in place))


def _team(scope: Scope, team_id: TeamId, *, is_free: bool) -> SessionTeam:
    return SessionTeam(
        scope.organisation.team[team_id], owners_of(scope.organisation, team_id), is_free=is_free
    )


def _title(scope: Scope) -> str:
    name = scope.organisation.name
    return f"Sessions of {name}, before and after" if name else "Sessions before and after"


def _left_out(before: tuple[int, int], after: tuple[int, int], teams: int) -> str:
    said = [
        f"Showing {shown} of {counted(all_, 'session')} {word}, those with most people."
        for (shown, all_), word in ((before, "today"), (after, "suggested"))
        if shown < all_
    ]
    return " ".join([*said, f"Only {counted(teams, 'team')}."] if said else said)


def _table(scope: Scope, before: Iterable[Sitting], after: Iterable[Sitting]) -> PictureTable:
    rows = [
        (word, one.title, str(one.people), ", ".join(_names(scope, one)))
        for word, sessions in (("Today", before), ("Suggested", after))
        for one in sessions
    ]
    return PictureTable("Every session of both sides", ("When", "Session", "People", "Teams"), tuple(rows))


def _names(scope: Scope, one: Sitting) -> list[str]:
    teams = scope.organisation.team
    return sorted((teams[team].name for team in one.team_ids if team in teams), key=str.casefold)
