from __future__ import annotations

import itertools
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from planner.domain import graph
from planner.domain.model import Dependency, DependencyId, GoalId, TeamId

EDGES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12)
LETTERS = [("A", "B"), ("B", "A"), ("C", "A"), ("D", "E"), ("E", "F"), ("F", "D"), ("F", "C")]


def need(
    id_: int, consumer: int, provider: int, *, by: date | None = None, goal: int | None = 1
) -> Dependency:
    return Dependency(
        id=DependencyId(id_),
        key=f"k{id_}",
        consumer_id=TeamId(consumer),
        provider_id=TeamId(provider),
        what="a part",
        needed_by=by,
        goal_id=None if goal is None else GoalId(goal),
    )


def test_no_edges_have_no_components() -> None:
    assert graph.strongly_connected([]) == ()
    assert graph.levels([]) == ()
    assert graph.tear({}) == ()


def test_levels_put_providers_first_and_keep_loops_in_one_piece() -> None:
    assert graph.levels(LETTERS) == ((("A", "B"),), (("C",),), (("D", "E", "F"),))
    assert graph.loops(LETTERS) == (("A", "B"), ("D", "E", "F"))


def test_a_team_that_needs_itself_is_no_loop() -> None:
    assert graph.loops([("A", "A")]) == ()


def test_a_chain_of_ten_thousand_teams_is_no_problem() -> None:
    edges = [(number, number + 1) for number in range(10_000)]

    found = graph.levels(edges)

    assert len(found) == 10_001
    assert found[0] == ((10_000,),)


def reached(edges: list[tuple[int, int]], start: int) -> set[int]:
    found = {start}
    for _ in range(6):
        found |= {provider for consumer, provider in edges if consumer in found}
    return found


@given(EDGES)
def test_two_teams_share_a_component_exactly_when_each_reaches_the_other(
    edges: list[tuple[int, int]],
) -> None:
    component = {node: c for c in graph.strongly_connected(edges) for node in c}

    for one, other in itertools.product(component, repeat=2):
        together = other in reached(edges, one) and one in reached(edges, other)
        assert (component[one] == component[other]) == together


@given(EDGES, st.randoms(use_true_random=False))
def test_the_order_of_edges_changes_nothing(edges: list[tuple[int, int]], random: object) -> None:
    shuffled = list(edges)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis hands over random.Random

    assert graph.levels(shuffled) == graph.levels(edges)
    assert graph.shortest_loop(shuffled) == graph.shortest_loop(edges)


def test_the_shortest_loop_is_named_from_its_first_team_on() -> None:
    assert graph.shortest_loop(LETTERS) == ("A", "B")
    assert graph.shortest_loop(LETTERS, at_least=3) == ("D", "E", "F")
    assert graph.shortest_loop([("A", "B"), ("B", "A")], at_least=3) == ()


def test_the_tear_is_the_lightest_set_of_edges_that_opens_every_loop() -> None:
    weights = {
        ("A", "B"): 1, ("B", "C"): 3, ("C", "D"): 2, ("D", "A"): 2, ("B", "A"): 1, ("D", "B"): 1,
    }  # fmt: skip

    assert graph.tear(weights) == (("A", "B"), ("D", "B"))


def test_a_ring_of_ten_loses_one_edge() -> None:
    ring = {(number, (number + 1) % 10): 1 for number in range(10)}

    assert graph.tear(ring) == ((0, 1),)


@given(st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 5), max_size=9))
def test_the_tear_weighs_no_more_than_any_other(weights: dict[tuple[int, int], int]) -> None:
    edges = [edge for edge in weights if edge[0] != edge[1]]
    opening = (
        sum(weights[edge] for edge in cut)
        for size in range(len(edges) + 1)
        for cut in itertools.combinations(edges, size)
        if not graph.loops(edge for edge in edges if edge not in cut)
    )

    found = graph.tear(weights)

    assert not graph.loops(edge for edge in weights if edge not in found)
    assert sum(weights[edge] for edge in found) == min(opening)


def test_a_loop_too_large_for_the_exact_search_is_opened_all_the_same() -> None:
    everyone = dict.fromkeys(itertools.permutations(range(7), 2), 1)

    found = graph.tear(everyone)

    assert len(found) == 21
    assert not graph.loops(edge for edge in everyone if edge not in found)


def test_the_longest_chain_follows_the_hand_overs_of_one_goal() -> None:
    first, second, third = need(3, 2, 1), need(1, 3, 2), need(2, 4, 3)
    elsewhere = need(4, 5, 4, goal=2)

    assert graph.longest_chains([elsewhere, third, second, first]) == {GoalId(1): (first, second, third)}


def test_two_in_a_row_are_no_chain() -> None:
    assert graph.longest_chains([need(1, 2, 1), need(2, 3, 2)]) == {}


def test_a_need_without_a_goal_is_in_no_chain() -> None:
    assert graph.longest_chains([need(1, 2, 1, goal=None), need(2, 3, 2), need(3, 4, 3)]) == {}


def test_what_is_needed_sooner_does_not_wait_for_what_is_needed_later() -> None:
    late, soon = need(1, 2, 1, by=date(2026, 3, 2)), need(2, 3, 2, by=date(2026, 3, 1))

    assert graph.waits([late, soon]) == {1: (), 2: ()}


def test_a_team_that_needs_something_from_itself_waits_for_nothing() -> None:
    assert graph.waits([need(1, 2, 2)]) == {1: ()}


def test_hand_overs_in_a_circle_wait_for_none_of_each_other() -> None:
    circle = [need(1, 2, 1), need(2, 3, 2), need(3, 1, 3)]

    assert graph.waits(circle) == {1: (), 2: (), 3: ()}
    assert graph.waits([*circle, need(4, 9, 3)]) == {1: (), 2: (), 3: (), 4: (2,)}
