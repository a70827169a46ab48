"""The order of an agenda."""

from dataclasses import replace
from itertools import permutations
from random import Random

import pytest

from planner.domain.consolidation.agenda import item_times, waits_without_knots
from planner.domain.consolidation.cost import spans
from planner.domain.consolidation.model import Item
from planner.domain.consolidation.order import order_items
from tests.domain.consolidation.build import WHOLE, WINDOW, item


def ids(items: tuple[Item, ...] | None) -> str:
    return "".join(one.id for one in items or ())


def ordered(*items: Item, room: int = 8, whole: bool = False) -> str:
    rules = WHOLE if whole else replace(WINDOW, room_max=room)
    return ids(order_items(items, rules, waits=waits_without_knots(items)))


def test_items_of_the_same_people_come_together() -> None:
    assert ordered(item("x", "ab"), item("y", "cd"), item("z", "ab")) == "xzy"


def test_a_chain_of_pairs_is_walked_along() -> None:
    assert ordered(item("p", "ab"), item("q", "cd"), item("r", "bc"), item("s", "de")) == "prqs"


def test_what_is_waited_for_comes_first_though_it_costs_more() -> None:
    x, y, z = item("x", "ab", waits="y"), item("y", "cd"), item("z", "ab")

    assert ordered(x, y, z) == "yxz"


def test_two_that_wait_for_each_other_do_not_wait() -> None:
    assert ordered(item("x", "ab", waits="y"), item("y", "ab", waits="x")) == "xy"


def test_everybody_stays_so_only_rank_and_waiting_count() -> None:
    low, high = replace(item("x", "ab"), rank=2), replace(item("y", "cd"), rank=1)

    assert ordered(low, high, item("z", "ab", waits="x"), whole=True) == "yxz"


def test_an_order_that_no_room_allows_is_none() -> None:
    assert ordered(item("x", "abc"), item("y", "cde"), room=2) == ""


def test_an_empty_agenda_is_in_order() -> None:
    assert order_items([], WINDOW, waits={}) == ()


@pytest.mark.parametrize("seed", range(40))
def test_up_to_six_items_no_permutation_is_cheaper(seed: int) -> None:
    luck = Random(seed)  # noqa: S311 - a test that can be repeated
    crowds = ["".join(luck.sample("abcdef", luck.choice((2, 2, 3)))) for _ in range(6)]
    items = [item(key, crowd, luck.randint(1, 30)) for key, crowd in zip("pqrstu", crowds, strict=True)]

    found = order_items(items, WINDOW, waits={})

    assert found is not None
    best = min(sum(spans(order).values()) for order in permutations(items))
    assert sum(spans(found).values()) == best


def test_many_items_are_ordered_well_and_within_the_room() -> None:
    chain = [item(f"{n:02}", "abcdefghijklmnopq"[n : n + 2]) for n in range(15)]
    Random(1).shuffle(chain)  # noqa: S311 - a test that can be repeated

    found = order_items(chain, replace(WINDOW, room_max=3), waits={})

    assert found is not None
    assert sum(spans(found).values()) == 2 * 150


def test_a_long_session_has_its_break_between_the_two_items_nearest_to_the_middle() -> None:
    items = [item("x", "ab", 30), item("y", "ab", 30), item("z", "ab", 30)]

    assert item_times(WINDOW, items) == [(15, 45), (55, 85), (85, 115)]
