"""Larkfield Rail as Payments sees it on Monday 2 February 2026."""

from __future__ import annotations

from datetime import date

from planner.domain.model import GoalId, Horizon, HorizonId, SharedGoal, Team, TeamId
from planner.domain.sentence import Vocabulary

TODAY = date(2026, 2, 2)
TEAM_NAMES = (
    "Payments",
    "Partner API",
    "Identity",
    "Mobile App",
    "Web Shop",
    "Loyalty",
    "Fares & Pricing",
    "Customer Care",
    "Disruption Desk",
    "Data Platform",
    "Legal",
    "Station Screens",
    "Timetable",
    "Crew Rostering",
)
TEAMS = tuple(Team(TeamId(n), f"team-{n}", name) for n, name in enumerate(TEAM_NAMES, 1))
GOALS = (
    SharedGoal(GoalId(1), "faster-refunds", "Faster refunds"),
    SharedGoal(GoalId(2), "passkeys", "Passkey sign-in"),
    SharedGoal(GoalId(3), "one-fare", "One fare across operators"),
)
HORIZONS = (
    Horizon(HorizonId(1), "Sprint 1", date(2026, 2, 2), date(2026, 2, 13)),
    Horizon(HorizonId(2), "Sprint 2", date(2026, 2, 16), date(2026, 2, 27)),
    Horizon(HorizonId(3), "Sprint 3", date(2026, 3, 2), date(2026, 3, 13)),
    Horizon(HorizonId(4), "v1.37", date(2026, 1, 1), date(2026, 4, 20)),
)
PAYMENTS, PARTNER_API, IDENTITY = TEAMS[0].id, TEAMS[1].id, TEAMS[2].id
LARKFIELD = Vocabulary(TEAMS, GOALS, HORIZONS, TODAY, PAYMENTS)
