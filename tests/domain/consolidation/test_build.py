from __future__ import annotations

from datetime import date

from planner.domain.consolidation.build import build_task
from planner.domain.consolidation.model import Attendee, Interdependence, Item, Rules, Task
from planner.domain.consolidation.selection import select
from planner.domain.model import GoalId, Organisation, WorkingHours
from tests.domain.consolidation.organisations import (
    TODAY,
    kubernetes,
    make_dependency,
    make_organisation,
    seed_organisation,
)


def built(organisation: Organisation, **settings: object) -> Task:
    rules = Rules(**settings)  # type: ignore[arg-type]  # the tests name settings by hand
    selection = select(organisation, rules=rules, today=TODAY)
    return build_task(organisation, selection, rules=rules, days=[TODAY])


def groups(task: Task) -> list[list[str]]:
    return [sorted(group) for group in task.keep_together]


def test_an_organisation_without_dependencies_asks_for_nothing() -> None:
    assert built(Organisation()) == Task(items=(), attendees={}, days=(TODAY,))


def test_an_item_names_both_sides_their_people_and_what_it_waits_for() -> None:
    first = make_dependency(1, 2, 1, goal_id=GoalId(1), needed_by=date(2026, 5, 1), gap=0.0)
    second = make_dependency(2, 3, 2, goal_id=GoalId(1), needed_by=date(2026, 5, 2), gap=0.5)

    task = built(make_organisation([first, second]))

    assert task.items == (
        Item("d1", "t2", "t1", frozenset({"p1", "p2"}), 5, Interdependence.SEQUENTIAL, rank=0),
        Item("d2", "t3", "t2", frozenset({"p2", "p3"}), 10, waits_for=frozenset({"d1"}), rank=1),
    )
    assert task.attendees == {f"p{n}": Attendee(f"p{n}", hours=WorkingHours()) for n in (1, 2, 3)}


def test_two_directions_and_rings_stay_together() -> None:
    pair = [make_dependency(1, 1, 2), make_dependency(2, 2, 1)]
    ring = [make_dependency(3, 3, 4), make_dependency(4, 4, 5), make_dependency(5, 5, 3)]

    assert groups(built(make_organisation([*pair, *ring, make_dependency(6, 6, 1)]))) == [
        ["d1", "d2"],
        ["d3", "d4", "d5"],
    ]


def test_a_ring_that_breaks_a_cap_keeps_only_its_two_way_pairs_together() -> None:
    ring = [
        make_dependency(1, 1, 2),
        make_dependency(2, 2, 3),
        make_dependency(3, 3, 1),
        make_dependency(4, 2, 1),
    ]

    assert groups(built(make_organisation(ring), minutes_max=60)) == [["d1", "d4"]]
    assert groups(built(make_organisation(ring), people_max=2)) == [["d1", "d4"]]


def test_whole_queues_fuse_with_the_rings_they_touch() -> None:
    task = built(seed_organisation(), queues_whole=True, people_max=8)

    assert groups(task) == [
        ["d1", "d2", "d3", "d4"],
        ["d10", "d11", "d12", "d5", "d6", "d7", "d8"],
    ]
    assert task.travel == {frozenset({"l1", "l2"}): 6}
    assert {attendee.id: attendee.place for attendee in task.attendees.values()} == {
        "p1": "l1", "p2": "l1", "p3": "l1", "p4": "l1", "p5": "l2", "p6": "l2", "p7": "l2",
    }  # fmt: skip


def test_the_task_of_a_release_cycle_has_an_item_for_each_open_dependency() -> None:
    task = built(kubernetes("v1.37"), unrated_gap=0.5)

    assert len(task.items) == 65
    assert len(task.attendees) == 17
    assert all(len(item.people) == 2 for item in task.items)
