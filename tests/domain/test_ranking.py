from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.errors import InvalidInput
from planner.domain.ranking import EXACT_UP_TO, Rankable, Ranked, Ranking, rank

API, CHECKOUT, REPORT, LOGO = 1, 2, 3, 4
EARLY, LATE = date(2026, 3, 2), date(2026, 3, 30)
SEED = 20261129


def thing(
    id_: int, cost: Fraction | int = 1, weeks: Fraction | int = 1, *needs: int, by: date | None = None
) -> Rankable:
    return Rankable(id_, Fraction(cost), Fraction(weeks), frozenset(needs), by)


SHOP = (thing(API, 1, 2), thing(CHECKOUT, 9, 1, API), thing(REPORT, 6, 2), thing(LOGO, 2, 1))


def cost_of(items: tuple[Rankable, ...], order: tuple[int, ...]) -> Fraction:
    known = {item.id: item for item in items}
    at, cost = Fraction(), Fraction()
    for id_ in order:
        at += known[id_].weeks
        cost += known[id_].cost_of_delay * at
    return cost


def legal_orders(items: tuple[Rankable, ...]) -> list[tuple[int, ...]]:
    """Every order in which nothing comes before what it needs, written without any thought."""
    needs = {item.id: item.needs for item in items}
    orders = itertools.permutations(needs)
    return [order for order in orders if all(needs[id_] <= {*order[:at]} for at, id_ in enumerate(order))]


def random_case(chance: random.Random, size: int) -> tuple[Rankable, ...]:
    """Things that need some of those with a smaller id."""
    return tuple(
        thing(
            id_,
            chance.randint(0, 10),
            chance.randint(1, 8),
            *(other for other in range(1, id_) if chance.random() < 0.3),
        )
        for id_ in range(1, size + 1)
    )


def test_nothing_has_no_order_and_costs_nothing() -> None:
    assert rank([]) == Ranking((), Fraction(), is_exact=True)


def test_what_a_costly_thing_needs_comes_forward_with_it() -> None:
    assert rank(SHOP) == Ranking(
        (
            Ranked((API,), Fraction(1, 2), pulled_by=CHECKOUT),
            Ranked((CHECKOUT,), Fraction(9)),
            Ranked((REPORT,), Fraction(3)),
            Ranked((LOGO,), Fraction(2)),
        ),
        cost=Fraction(71),
        is_exact=True,
    )


def test_the_order_of_the_example_is_the_cheapest_of_all_legal_ones() -> None:
    costs = sorted(cost_of(SHOP, order) for order in legal_orders(SHOP))

    assert costs[:4] == [71, 73, 73, 77]
    assert cost_of(SHOP, (REPORT, LOGO, API, CHECKOUT)) == 77
    assert rank(SHOP).cost == costs[0]


def test_without_prerequisites_points_over_duration_decide() -> None:
    points = [thing(1, 16, 5), thing(2, 13, 2), thing(3, 15, 13)]

    assert rank(points).ids == (2, 1, 3)


def test_the_order_does_not_depend_on_how_the_things_are_given() -> None:
    assert {rank(order) for order in itertools.permutations(SHOP)} == {rank(SHOP)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (thing(2, by=EARLY), thing(1, by=LATE)),
        (thing(2, by=EARLY), thing(1)),
        (thing(2, 1, 1), thing(1, 2, 2)),
        (thing(1), thing(2)),
    ],
    ids=["needed earlier", "dated before undated", "shorter", "older"],
)
def test_equal_ratios_are_told_apart(one: Rankable, other: Rankable) -> None:
    assert rank([one, other]).ids == (one.id, other.id)


def test_of_equal_things_that_with_more_behind_it_comes_first() -> None:
    assert rank([thing(1), thing(2), thing(3, 1, 2, 2)]).ids == (2, 1, 3)


def test_a_smaller_closure_comes_before_a_larger_one_of_the_same_ratio() -> None:
    # 1 with 3, and 2 alone, are both worth 2 a week
    assert rank([thing(1, 1, 1), thing(2, 2, 1), thing(3, 3, 1, 1)]).ids == (2, 1, 3)


def test_things_that_need_one_another_in_a_circle_are_one_place() -> None:
    knot = [thing(1, 1, 1, 2), thing(2, 5, 1, 3), thing(3, 3, 1, 1)]

    found = rank([*knot, thing(4, 9, 1), thing(5, 1, 1, 1)])

    assert [(place.ids, place.is_knot, place.ratio) for place in found.places] == [
        ((4,), False, Fraction(9)),
        ((1, 2, 3), True, Fraction(3)),
        ((5,), False, Fraction(1)),
    ]
    assert found.ids == (4, 1, 2, 3, 5)
    assert found.cost == 9 * 1 + 9 * 4 + 1 * 5


def test_a_need_that_is_not_ranked_and_one_of_itself_do_not_count() -> None:
    assert rank([thing(1, 1, 1, 1, 99)]).places == (Ranked((1,), Fraction(1)),)


def test_costs_and_weeks_may_be_parts_of_a_whole() -> None:
    found = rank([thing(1, Fraction(7, 2), Fraction(1, 3)), thing(2, Fraction(5, 2), Fraction(1, 5))])

    assert found.ids == (2, 1)
    assert found.cost == Fraction(5, 2) * Fraction(1, 5) + Fraction(7, 2) * Fraction(8, 15)


def test_a_negative_cost_and_no_duration_are_refused_together() -> None:
    with pytest.raises(InvalidInput) as refused:
        rank([thing(1, -1), thing(2, 1, 0), thing(3)])

    assert [problem.where for problem in refused.value.problems] == ["item 1", "item 2"]


def test_where_the_closure_rule_errs_the_exact_order_is_taken() -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same cases each time
    # so many of them that the rule is left alone, and so small that they come last
    padding = [thing(100 + number, 0, Fraction(1, 10**6)) for number in range(EXACT_UP_TO)]
    dearer_by_rule = 0
    for _ in range(60):
        case = random_case(chance, 7)
        best = min(cost_of(case, order) for order in legal_orders(case))
        by_rule = tuple(id_ for id_ in rank([*case, *padding]).ids if id_ < 100)
        dearer_by_rule += cost_of(case, by_rule) > best
        assert rank(case).cost == best
    assert dearer_by_rule > 0


def test_it_is_optimal_wherever_it_says_exact() -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same cases each time
    for _ in range(500):
        case = random_case(chance, chance.randint(1, 7))

        found = rank(case)

        assert found.is_exact
        assert found.ids in legal_orders(case)
        assert cost_of(case, found.ids) == found.cost
        assert found.cost == min(cost_of(case, order) for order in legal_orders(case))


def test_twelve_are_exact_and_thirteen_are_not_unless_nothing_waits() -> None:
    chain = [thing(number, 1, 1, number - 1) for number in range(1, EXACT_UP_TO + 2)]

    assert rank(chain[:EXACT_UP_TO]).is_exact
    assert not rank(chain).is_exact
    assert rank(replace(one, needs=frozenset()) for one in chain).is_exact


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(1, 9), st.sets(st.integers(1, 16), max_size=4)), max_size=16
    )
)
def test_everything_stands_once_and_after_all_it_needs(drawn: list[tuple[int, int, set[int]]]) -> None:
    items = [thing(number, cost, weeks, *needs) for number, (cost, weeks, needs) in enumerate(drawn, 1)]

    found = rank(items)

    assert sorted(found.ids) == [item.id for item in items]
    place = {id_: at for at, ranked in enumerate(found.places) for id_ in ranked.ids}
    known = {item.id for item in items}
    assert all(place[other] <= place[item.id] for item in items for other in item.needs & known)
