"""Read a public record as an organisation: everything that can be taken, with remarks for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from planner.domain.transfer import DependencyDraft, Draft, Reading, SessionDraft, TeamDraft
from planner.interchange.keeping import only_what_is_said
from planner.interchange.normalised.cycles import Calendar, looks_like_a_day, read_calendar
from planner.interchange.normalised.dependencies import Known, read_dependencies
from planner.interchange.normalised.goals import read_goals
from planner.interchange.normalised.keys import Keys
from planner.interchange.normalised.meetings import read_sessions
from planner.interchange.normalised.row import Row
from planner.interchange.normalised.teams import read_people, read_teams
from planner.interchange.report import Report

_LISTS = frozenset({"people", "teams", "dependencies", "goals"})


def is_normalised(value: object) -> bool:
    """True for a parsed file that has the five parts of a public record."""
    return isinstance(value, dict) and _LISTS | {"meta"} <= value.keys()


def reading_of(value: dict[str, object]) -> Reading:
    """Return the organisation in a parsed public record; wrong records are repaired or left out."""
    report = Report()
    whole = Row(value, "", report)
    calendar = read_calendar(whole.row("meta"))
    people = read_people(whole.rows("people"))
    if people:
        report.repaired("people", "no working hours on record: taken as 9:00 to 17:00 UTC, Monday to Friday")
    team_rows, goal_rows = tuple(whole.rows("teams")), tuple(whole.rows("goals"))
    teams = read_teams(team_rows, frozenset(person.key for person in people))
    team_keys = frozenset(team.key for team in teams)
    goals = read_goals(goal_rows, teams=team_keys, calendar=calendar, report=report)
    known = Known(team_keys, frozenset(goal.key for goal in goals), calendar)
    dependencies = read_dependencies(whole.rows("dependencies"), known)
    draft = Draft(
        name=whole.row("meta").text("set").capitalize(),
        people=people,
        teams=teams,
        horizons=calendar.horizons(_cycles(goal_rows, dependencies, calendar)),
        goals=goals,
        sessions=tuple(_sessions(team_rows, teams)),
        dependencies=dependencies,
    )
    return Reading(only_what_is_said(draft), report.remarks)


def _cycles(
    goal_rows: Iterable[Row], dependencies: Iterable[DependencyDraft], calendar: Calendar
) -> set[str]:
    """Return every cycle that a dependency or a goal names, goals that nobody shares included."""
    periods = dict.fromkeys(row.text("period") for row in goal_rows)
    named = {calendar.name_of(name) for name in periods if name and not looks_like_a_day(name)}
    return named | {dependency.horizon for dependency in dependencies if dependency.horizon}


def _sessions(team_rows: Iterable[Row], teams: Iterable[TeamDraft]) -> Iterator[SessionDraft]:
    keys = Keys()
    waiting = {team.key: team for team in teams}
    for row in team_rows:
        if team := waiting.pop(row.text("id"), None):
            yield from read_sessions(team, row.rows("meetings"), keys)
