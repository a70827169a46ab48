"""A part too large for one search: searched district by district, one in mind at a time."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakSet

import pytest

from planner.domain.consolidation import districts
from planner.domain.consolidation.compiling import Compiled, compile_task
from planner.domain.consolidation.exact import Agenda
from planner.domain.consolidation.model import Rules
from planner.domain.consolidation.pricing import Group, Pricer
from planner.domain.consolidation.puzzle import puzzle_of
from planner.domain.consolidation.watch import Watch
from planner.domain.consolidation.windows import WindowPricer
from tests.domain.consolidation.build import WINDOW, random_task

SIZE = 12


@pytest.fixture(autouse=True)
def small_districts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patched, because a part of more than three thousand groups takes a test many seconds."""
    monkeypatch.setattr(districts, "SIZE", SIZE)


class Making:
    """Makes pricers, and notes how large each is and how many are still there when the next is made."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.sizes: list[int] = []
        self.kept: list[int] = []
        self._known: WeakSet[Pricer] = WeakSet()

    def pricer(self, numbers: Sequence[int]) -> Pricer:
        self.sizes.append(len(numbers))
        self.kept.append(len(self._known))
        made = WindowPricer(puzzle_of(self.compiled, numbers))
        self._known.add(made)
        return made


def agenda(group: Group, pricer: Pricer) -> Agenda:
    return tuple(pricer.items(group))


def in_districts(compiled: Compiled, making: Making, *, effort: float) -> list[Agenda]:
    numbers = range(len(compiled.groups))
    return districts.in_districts(compiled, numbers, making.pricer, agenda, effort=effort, watch=Watch(1))


@pytest.mark.parametrize("effort", [0.0, 0.02])
def test_every_item_is_in_one_session_within_its_caps(effort: float) -> None:
    compiled = compile_task(random_task(1, 40, rules=WINDOW, people="abcdefghijkl"))
    making = Making(compiled)

    agendas = in_districts(compiled, making, effort=effort)

    assert sorted(item.id for items in agendas for item in items) == [f"i{at:03}" for at in range(40)]
    assert [items for items in agendas if not keeps_caps(items, WINDOW)] == []


def keeps_caps(items: Agenda, rules: Rules) -> bool:
    people = {person for item in items for person in item.people}
    minutes = rules.opening + sum(item.minutes for item in items)
    return len(people) <= rules.people_max and minutes <= rules.minutes_max


def test_both_turns_have_every_group_in_districts_of_about_one_size() -> None:
    compiled = compile_task(random_task(1, 40, rules=WINDOW, people="abcdefghijkl"))
    making = Making(compiled)

    in_districts(compiled, making, effort=0)

    assert sum(making.sizes) == 2 * 40
    assert len(making.sizes) >= 8
    assert max(making.sizes) < 2 * SIZE


def test_no_district_is_remembered_beside_the_one_before() -> None:
    compiled = compile_task(random_task(1, 40, rules=WINDOW, people="abcdefghijkl"))
    making = Making(compiled)

    in_districts(compiled, making, effort=0.02)

    assert making.kept == [0] + [1] * (len(making.sizes) - 1)


def test_no_effort_costs_no_round() -> None:
    compiled = compile_task(random_task(1, 40, rules=WINDOW, people="abcdefghijkl"))
    watch = Watch(1)

    districts.in_districts(compiled, range(40), Making(compiled).pricer, agenda, effort=0, watch=watch)

    assert watch.done == 0
