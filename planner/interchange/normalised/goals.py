"""The goals that two teams or more share."""

from __future__ import annotations

from collections.abc import Iterable

from planner.domain.transfer import GoalDraft
from planner.interchange import limits
from planner.interchange.normalised.cycles import Calendar
from planner.interchange.normalised.row import Row
from planner.interchange.report import Report


def read_goals(
    rows: Iterable[Row], *, teams: frozenset[str], calendar: Calendar, report: Report
) -> tuple[GoalDraft, ...]:
    """Return the goals of at least two known teams; the others are counted in one remark."""
    goals: dict[str, GoalDraft] = {}
    alone = 0
    for row in rows:
        key = row.text("id")
        if not key or key in goals:
            row.left_out(f"id stands twice: {key}" if key else "no id")
            continue
        goal = _goal(key, row, teams, calendar)
        alone += len(goal.teams) < 2
        goals[key] = goal
    if alone:
        report.left_out("goals", f"fewer than two teams, so nothing shared: {alone} goals")
    return tuple(goal for goal in goals.values() if len(goal.teams) >= 2)


def _goal(key: str, row: Row, teams: frozenset[str], calendar: Calendar) -> GoalDraft:
    named = dict.fromkeys((row.text("owner"), *row.texts("teams")))
    return GoalDraft(
        key=key,
        outcome=row.text("title", limit=limits.LINE) or key,
        due_on=calendar.cycle(calendar.name_of(row.text("period"))).ends_on,
        teams=tuple(team for team in named if team in teams),
    )
