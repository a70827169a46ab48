"""Generated organisations: the same each time, and of the shape that their name claims."""

from __future__ import annotations

from collections import Counter

import pytest

from planner.bench.consolidation.bundles import Caps, bundles
from planner.bench.consolidation.families import FAMILIES, generate
from planner.bench.consolidation.graphs import components
from planner.bench.consolidation.instances import Instance, bench_rules
from planner.domain.consolidation.model import Attendance, Item

RULES = bench_rules(Attendance.WHOLE)


def made(family: str, teams: int) -> Instance:
    return generate(family, teams, RULES)


def teams_of(items: tuple[Item, ...]) -> Counter[str]:
    """In how many items each team is."""
    return Counter(team for item in items for team in (item.consumer, item.provider))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_size_is_the_same_instance(family: str) -> None:
    assert made(family, 20) == made(family, 20)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_item_can_be_talked_about(family: str) -> None:
    instance = made(family, 20)
    caps = Caps(instance.task)

    assert len(instance.teams) == 20
    assert {item.minutes for item in instance.task.items} == {5, 10, 15, 20}
    assert [item for item in instance.task.items if not caps.allow(item.people, item.minutes)] == []


def test_clustered_teams_have_three_items_each_and_need_a_few_platforms() -> None:
    instance = made("clustered", 300)
    needed = sorted(Counter(item.provider for item in instance.task.items).values())
    decided = Counter(person for people in instance.teams.values() for person in people)

    assert 860 <= len(instance.task.items) <= 900
    assert len(instance.written) > 100
    assert needed[-1] > 20 > 5 >= needed[len(needed) // 2]
    assert {1, 2} <= set(decided.values()) <= {1, 2, 3}
    assert 10 <= sum(number > 1 for number in decided.values()) <= 40


def test_all_items_of_a_star_share_a_team() -> None:
    assert sorted(teams_of(made("star", 20).task.items).values()) == [*[1] * 19, 19]


def test_in_a_clique_every_two_teams_share_an_item() -> None:
    pairs = {item.people for item in made("clique", 6).task.items}

    assert len(pairs) == 6 * 5 / 2


def test_a_chain_has_two_ends() -> None:
    assert sorted(teams_of(made("chain", 20).task.items).values()) == [1, 1, *[2] * 18]


def test_the_halves_of_a_bipartite_organisation_need_nothing_from_themselves() -> None:
    items = made("bipartite", 8).task.items

    assert len({(item.consumer, item.provider) for item in items}) == 16
    assert {item.consumer for item in items} & {item.provider for item in items} == set()


def test_islands_of_five_teams_are_apart() -> None:
    task = made("disconnected", 20).task

    islands = components(bundles(task, Caps(task)))

    assert [len(frozenset().union(*(bundle.people for bundle in island))) for island in islands] == [5] * 4


@pytest.mark.parametrize(("teams", "owned"), [(24, 8), (300, 100)])
def test_one_person_decides_for_every_third_team(teams: int, owned: int) -> None:
    reps = made("one-person", teams).teams.values()

    assert sum(people == {"p-many"} for people in reps) == owned


def test_people_of_the_zones_family_work_in_four_cities_on_given_days() -> None:
    task = made("zones", 60).task
    hours = [attendee.hours for attendee in task.attendees.values()]

    assert len({one.zone for one in hours if one}) == 4
    assert None not in hours
    assert len(task.days) == 10


def test_goals_keep_a_few_items_together() -> None:
    task = made("goals", 60).task
    live = {item.id for item in task.items}

    assert len(task.keep_together) == 6
    assert [group for group in task.keep_together if not group <= live or not 1 < len(group) <= 4] == []


def test_two_people_attend_for_each_team() -> None:
    assert {len(item.people) for item in made("two-representatives", 20).task.items} == {4}
