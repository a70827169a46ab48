from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from planner.domain.consolidation.model import Interdependence, Rules
from planner.domain.consolidation.selection import Scope, Treatment, select
from planner.domain.model import (
    DependencyId,
    DependencyKind,
    DependencyState,
    GoalId,
    HorizonId,
    Organisation,
    TeamId,
)
from tests.domain.consolidation.organisations import (
    TODAY,
    kubernetes,
    make_dependency,
    make_organisation,
    seed_organisation,
)

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
AGREED = {"state": DependencyState.AGREED, "needed_by": JUNE, "promised_for": MAY}


def treated(organisation: Organisation, **scope: Any) -> dict[int, tuple[Treatment, int]]:
    found = select(organisation, rules=Rules(), today=TODAY, scope=Scope(**scope))
    return {one.dependency.id: (one.treatment, one.minutes) for one in found.chosen}


def test_nothing_in_play_asks_for_nothing() -> None:
    found = select(Organisation(), rules=Rules(), today=TODAY)

    assert (found.chosen, found.live, found.team_ids) == ((), (), ())


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, (Treatment.OPEN, 8)),
        ({"gap": 0.0}, (Treatment.OPEN, 5)),
        (AGREED, (Treatment.SETTLED, 8)),
        ({**AGREED, "gap": 0.34}, (Treatment.SETTLED, 8)),
        ({**AGREED, "gap": 0.35}, (Treatment.SPLIT_VIEWS, 9)),
        ({**AGREED, "promised_for": JUNE, "needed_by": MAY}, (Treatment.LATE, 8)),
        ({**AGREED, "promised_for": date(2026, 2, 27)}, (Treatment.LATE, 8)),
        ({**AGREED, "promised_for": None}, (Treatment.OPEN, 8)),
        ({"state": DependencyState.AGREED}, (Treatment.SETTLED, 8)),
        ({"state": DependencyState.COUNTERED}, (Treatment.COUNTERED, 8)),
        ({"state": DependencyState.REOPENED}, (Treatment.REOPENED, 8)),
        ({"state": DependencyState.DELIVERED}, (Treatment.DELIVERED, 8)),
        ({"kind": DependencyKind.SHARED}, (Treatment.SHARED, 0)),
        ({"kind": DependencyKind.BACK_AND_FORTH, "gap": 1.0}, (Treatment.TWO_WAY, 30)),
    ],
)
def test_what_is_recorded_decides_what_is_talked_about(
    values: dict[str, Any], expected: tuple[Treatment, int]
) -> None:
    assert treated(make_organisation([make_dependency(1, 1, 2, **values)])) == {1: expected}


def test_two_directions_are_talked_about_even_when_both_are_agreed() -> None:
    pair = [make_dependency(1, 1, 2, **AGREED), make_dependency(2, 2, 1, **AGREED)]

    assert treated(make_organisation(pair)) == {1: (Treatment.TWO_WAY, 15), 2: (Treatment.TWO_WAY, 15)}


def test_agreed_work_on_the_longest_chain_of_its_goal_is_walked_through() -> None:
    row = [make_dependency(n, n + 1, n, goal_id=GoalId(1), **AGREED) for n in (1, 2, 3)]
    beside = make_dependency(4, 5, 1, goal_id=GoalId(1), **AGREED)

    found = treated(make_organisation([*row, beside]))

    walked, settled = (Treatment.LONGEST_CHAIN, 8), (Treatment.SETTLED, 8)
    assert found == {1: walked, 2: walked, 3: walked, 4: settled}


def test_what_is_settled_and_takes_no_minute_stays_in_writing_beside_its_open_queue() -> None:
    pair = [make_dependency(1, 1, 2), make_dependency(2, 3, 2, **AGREED)]
    organisation, two = make_organisation(pair), Rules(queues_whole=True, settled_minutes=2)

    queued = select(organisation, rules=two, today=TODAY)
    written = select(organisation, rules=replace(two, settled_minutes=0), today=TODAY)

    assert [one.treatment for one in queued.chosen] == [Treatment.OPEN, Treatment.QUEUE]
    assert [one.treatment for one in written.chosen] == [Treatment.OPEN, Treatment.SETTLED]


def test_one_person_for_both_sides_needs_no_session() -> None:
    organisation = make_organisation([make_dependency(1, 1, 2)], deciders={1: [1], 2: [1]})

    assert treated(organisation) == {1: (Treatment.ONE_DECIDER, 8)}


def test_a_team_without_product_owner_cannot_be_placed_and_is_named() -> None:
    organisation = make_organisation([make_dependency(1, 1, 2)], deciders={2: []})

    found = select(organisation, rules=Rules(), today=TODAY)

    assert [(one.treatment, one.missing_team_ids) for one in found.unplaceable] == [
        (Treatment.NO_PRODUCT_OWNER, (TeamId(2),))
    ]
    assert found.live == ()


def test_people_can_settle_something_in_writing() -> None:
    organisation = make_organisation([make_dependency(1, 1, 2)])

    assert treated(organisation, in_writing=frozenset({DependencyId(1)})) == {1: (Treatment.BY_CHOICE, 8)}


def test_the_scope_narrows_to_horizon_goal_teams_and_states() -> None:
    rows = [
        make_dependency(1, 1, 2, horizon_id=HorizonId(7)),
        make_dependency(2, 3, 4, goal_id=GoalId(8)),
        make_dependency(3, 5, 6),
        make_dependency(4, 7, 8, state=DependencyState.DECLINED),
    ]
    organisation = make_organisation(rows)

    assert set(treated(organisation)) == {1, 2, 3}
    assert set(treated(organisation, horizon_id=HorizonId(7))) == {1}
    assert set(treated(organisation, goal_id=GoalId(8))) == {2}
    assert set(treated(organisation, team_ids=frozenset({TeamId(6)}))) == {3}
    assert set(treated(organisation, states=frozenset({DependencyState.DECLINED}))) == {4}


def test_the_seven_teams_of_the_story_have_the_minutes_worked_out_by_hand() -> None:
    found = select(seed_organisation(), rules=Rules(queues_whole=True), today=TODAY)

    assert [one.minutes for one in found.live] == [20, 15, 10, 20, 10, 15, 25, 10, 5, 10, 5, 1]
    assert found.links.rings == ((1, 2, 3), (4, 5))


def test_a_settled_item_waits_in_no_queue_that_nobody_talks_about() -> None:
    organisation = make_organisation([make_dependency(1, 1, 2, **AGREED)])

    found = select(organisation, rules=Rules(queues_whole=True), today=TODAY)

    assert [one.treatment for one in found.chosen] == [Treatment.SETTLED]


def test_a_release_cycle_of_kubernetes_is_read_as_counted_by_hand() -> None:
    found = select(kubernetes("v1.37"), rules=Rules(unrated_gap=0.5), today=TODAY)

    assert Counter((one.kind, one.treatment, one.minutes) for one in found.chosen) == {
        (Interdependence.RECIPROCAL, Treatment.TWO_WAY, 20): 34,
        (Interdependence.SEQUENTIAL, Treatment.OPEN, 10): 31,
    }
    assert len(found.team_ids) == len(set(found.representative.values())) == 17
    assert len(found.links.edges) == 33
    assert found.links.rings == ()
    assert len(found.links.too_large) == 1
