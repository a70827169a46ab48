from __future__ import annotations

from statistics import median

from planner.domain.consolidation.baseline import Baseline, BaselineKind, baseline, pair_talks
from planner.domain.consolidation.load import Load, Totals
from planner.domain.consolidation.model import Rules
from planner.domain.consolidation.selection import select
from planner.domain.model import Organisation, PersonId, SessionId, TeamId, TeamSession
from tests.domain.consolidation.organisations import (
    TODAY,
    kubernetes,
    make_dependency,
    make_organisation,
    seed_organisation,
)

QUEUES = Rules(queues_whole=True)


def today_of(organisation: Organisation, rules: Rules) -> Baseline:
    return baseline(organisation, select(organisation, rules=rules, today=TODAY), rules=rules)


def sessions_each(found: Baseline) -> list[int]:
    return [load.sessions for load in found.loads().values()]


def test_nobody_meets_where_nothing_is_needed() -> None:
    found = today_of(Organisation(), Rules())

    assert found == Baseline(BaselineKind.ASSUMED, ())
    assert found.totals() == Totals(0, 0, 0, 1.0, 0)


def test_seven_teams_sit_in_six_or_seven_sessions_each() -> None:
    found = today_of(seed_organisation(), QUEUES)

    assert found.kind is BaselineKind.RECORDED
    assert sessions_each(found) == [6, 6, 7, 7, 7, 6, 6]
    assert (found.totals().seats, found.totals().hours) == (45, 49.0)
    assert [load.minutes / 60 for load in found.loads().values()] == [6.4, 6.4, 7.6, 7.6, 7.8, 6.6, 6.6]


def test_giving_back_seats_without_a_decision_leaves_nineteen() -> None:
    found = today_of(seed_organisation(), QUEUES).released()

    assert sessions_each(found) == [2, 3, 3, 2, 2, 3, 4]
    assert (found.totals().seats, found.totals().hours) == (19, 19.8)


def test_without_recorded_sessions_each_team_is_assumed_to_meet_its_neighbours() -> None:
    found = today_of(make_organisation([make_dependency(1, 1, 2), make_dependency(2, 2, 3)]), Rules())

    assert found.kind is BaselineKind.ASSUMED
    assert found.loads() == {
        1: Load(2, 23 + 31, 23 + 31, 23 + 8),
        2: Load(3, 23 + 31 + 23, 23 + 31 + 23, 8 + 31 + 8),
        3: Load(2, 31 + 23, 31 + 23, 8 + 23),
    }


def test_a_recorded_session_of_four_weeks_counts_half_in_a_cadence_of_two() -> None:
    monthly = TeamSession(
        SessionId(1), "m", "B's month", TeamId(2), frozenset({PersonId(1)}), minutes=90, cadence_days=28
    )
    organisation = make_organisation([make_dependency(1, 1, 2)], sessions=(monthly,))

    assert today_of(organisation, Rules()).loads() == {1: Load(1, 45, 45, 4)}


def test_pair_talks_take_no_minute_of_anybody_else() -> None:
    organisation = make_organisation([make_dependency(n, 1, n % 2 + 2, gap=0.5) for n in (1, 2, 3)])

    found = pair_talks(select(organisation, rules=Rules(), today=TODAY), Rules())

    assert found == Totals(sessions=2, seats=4, minutes=60, relevance=1.0, busiest=2)


def test_siloed_sessions_of_one_release_cycle_take_71_seats() -> None:
    found = today_of(kubernetes("v1.37"), Rules())

    counts = sorted(sessions_each(found))
    assert (len(counts), sum(counts), found.vacant_seats) == (17, 71, 0)
    assert (median(counts), counts[round(0.9 * 16)], counts[-1]) == (4, 7, 11)


def test_siloed_sessions_of_everything_open_take_263_seats_eleven_of_them_vacant() -> None:
    found = today_of(kubernetes(), Rules())

    assert found.totals().seats == 263
    assert (len(found.sessions), found.vacant_seats, found.totals().busiest) == (37, 11, 21)
