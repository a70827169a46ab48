from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from planner.domain.consolidation.representatives import representatives
from planner.domain.model import TeamId
from tests.domain.consolidation.organisations import make_dependency, make_organisation

ALL = [TeamId(number) for number in (1, 2, 3)]


def test_a_team_is_spoken_for_by_its_product_owner() -> None:
    organisation = make_organisation([make_dependency(1, 1, 3)])

    assert representatives(organisation, ALL) == {1: 1, 2: 2, 3: 3}


def test_people_make_room_so_that_each_team_has_a_person_of_its_own() -> None:
    organisation = make_organisation([make_dependency(1, 1, 3)], deciders={1: [1, 2], 2: [1, 3], 3: [1]})

    assert representatives(organisation, ALL) == {1: 2, 2: 3, 3: 1}


def test_a_team_left_over_gets_whoever_speaks_for_the_fewest_teams() -> None:
    organisation = make_organisation([make_dependency(1, 1, 3)], deciders={1: [1], 2: [1], 3: [1]})

    assert representatives(organisation, ALL) == {1: 1, 2: 1, 3: 1}


def test_a_team_without_a_product_owner_is_absent() -> None:
    organisation = make_organisation([make_dependency(1, 1, 3)], deciders={2: []})

    assert representatives(organisation, ALL) == {1: 1, 3: 3}


def test_somebody_left_out_speaks_for_nobody() -> None:
    organisation = make_organisation([make_dependency(1, 1, 3)], deciders={1: [1, 2], 2: [2]})

    assert representatives(organisation, ALL, excluded={organisation.people[0].id}) == {1: 2, 2: 2, 3: 3}


@given(st.lists(st.sets(st.integers(1, 5), min_size=1, max_size=3), min_size=1, max_size=5))
def test_as_many_different_people_speak_as_there_can_be(groups: list[set[int]]) -> None:
    deciders = {number: sorted(group) for number, group in enumerate(groups, start=1)}
    organisation = make_organisation([make_dependency(1, len(groups), 1)], deciders=deciders)

    found = representatives(organisation, [team.id for team in organisation.teams])

    assert all(found[TeamId(team)] in deciders[team] for team in deciders)
    assert len(set(found.values())) == max(len(set(way)) for way in itertools.product(*deciders.values()))
