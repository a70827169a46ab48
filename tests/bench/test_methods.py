"""The methods that our plans are compared with: priced alike, and honest about the rules they keep."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from planner.bench.consolidation.bundles import Caps, bundles, pair_talks
from planner.bench.consolidation.communities import Setting, leiden, metis
from planner.bench.consolidation.families import FAMILIES, generate
from planner.bench.consolidation.instances import (
    Instance,
    Link,
    Outline,
    bench_rules,
    instance_of,
    published_files,
    read_published,
)
from planner.bench.consolidation.packing import (
    Session,
    cheapest_fit,
    cut,
    cut_by_first_fit,
    first_fit,
    ordered,
    plan_of,
    price,
)
from planner.bench.consolidation.plain import released, siloed
from planner.bench.consolidation.results import Row
from planner.bench.consolidation.running import Clock, _best_of
from planner.domain.consolidation.cost import plan_cost
from planner.domain.consolidation.model import Attendance, Attendee, Item, Task
from planner.domain.consolidation.solver import solve
from planner.domain.errors import InvalidInput
from planner.domain.model import WorkingHours
from tests.domain.consolidation.checker import check

BOTH = list(Attendance)


def talks(task: Task, caps: Caps) -> list[Session]:
    return [(talk,) for talk in pair_talks(task, caps)]


def by_first_fit(task: Task, caps: Caps) -> list[Session]:
    return first_fit(bundles(task, caps), caps)


def by_cheapest_fit(task: Task, caps: Caps) -> list[Session]:
    return cheapest_fit(bundles(task, caps), caps)


@pytest.mark.parametrize("attendance", BOTH)
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("method", [by_first_fit, by_cheapest_fit])
def test_a_simple_method_keeps_the_caps(
    method: Callable[[Task, Caps], list[Session]], family: str, attendance: Attendance
) -> None:
    task = replace(generate(family, 30, bench_rules(attendance)).task, days=())

    assert check(task, plan_of(method(task, Caps(task)))) == ()


@pytest.mark.parametrize("attendance", BOTH)
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("peer", "library"), [(leiden, "igraph"), (metis, "pymetis")])
@pytest.mark.parametrize("way", [cut, cut_by_first_fit])
def test_a_peer_keeps_the_caps_with_each_setting(
    way: Callable[..., list[Session]],
    peer: Callable[..., list[Setting]],
    library: str,
    family: str,
    attendance: Attendance,
) -> None:
    pytest.importorskip(library, reason="a peer that is not there is left out of the comparison")
    task = replace(generate(family, 20, bench_rules(attendance)).task, days=())
    caps = Caps(task)

    plans = {one.name: plan_of(way(one.group(), caps)) for one in peer(bundles(task, caps), caps)}

    assert len(plans) > 1
    assert {name: check(task, plan) for name, plan in plans.items() if check(task, plan)} == {}


@pytest.mark.parametrize("library", ["igraph", "pymetis"])
def test_a_peer_gives_the_same_groups_again(library: str) -> None:
    pytest.importorskip(library, reason="a peer that is not there is left out of the comparison")
    peer = {"igraph": leiden, "pymetis": metis}[library]
    task = generate("clustered", 30, bench_rules(Attendance.WHOLE)).task
    caps = Caps(task)

    first, again = ([one.group() for one in peer(bundles(task, caps), caps)] for _ in range(2))

    assert first == again


def test_pair_talks_keep_everything_but_groups() -> None:
    task = generate("goals", 20, bench_rules(Attendance.WHOLE)).task

    plan = plan_of(talks(task, Caps(task)))

    assert {finding.partition(":")[0] for finding in check(task, plan)} == {"R6"}
    assert check(replace(task, keep_together=()), plan) == ()


@pytest.mark.parametrize("attendance", BOTH)
def test_the_price_of_sessions_is_the_cost_of_their_plan(attendance: Attendance) -> None:
    task = generate("clustered", 30, bench_rules(attendance)).task

    sessions = by_first_fit(task, Caps(task))

    assert sum(price(session, task.rules) for session in sessions) == plan_cost(task, plan_of(sessions))


def test_an_order_gets_cheaper_by_moving_what_keeps_people_waiting() -> None:
    rules = bench_rules(Attendance.WINDOW)
    pairs = ("ab", "cd", "ab")
    items = tuple(Item(str(at), "x", "y", frozenset(pair), 10 + at) for at, pair in enumerate(pairs))
    task = Task(items, {}, rules, (frozenset({"0"}), frozenset({"1"}), frozenset({"2"})))
    session = tuple(bundles(task, Caps(task)))

    better = ordered(session, rules)

    assert (price(session, rules), price(better, rules)) == (
        4 * 60 + 2 * 33 + 2 * 11,
        4 * 60 + 2 * 22 + 2 * 11,
    )


def test_people_far_apart_share_a_short_session_alone() -> None:
    early, late = (
        Attendee(name, hours=WorkingHours("UTC", begin * 60, (begin + 8) * 60))
        for name, begin in (("a", 6), ("b", 13))
    )
    items = (Item("i", "x", "y", frozenset("ab"), 10),)
    days = generate("zones", 10, bench_rules(Attendance.WHOLE)).task.days

    caps = Caps(Task(items, {"a": early, "b": late}, bench_rules(Attendance.WHOLE), days=days))

    assert [caps.allow("ab", minutes) for minutes in (50, 51)] == [True, False]


def three_teams(attendance: Attendance) -> Instance:
    """Ann needs ten minutes of Bob, Bob twenty of Cy, and Ann and Cy something that is written down."""
    teams = {name: frozenset({name.lower()}) for name in "ABC"}
    links = [Link("A", "B", 10), Link("B", "C", 20), Link("A", "C", 5, is_live=False)]
    return instance_of("three", "example", Outline(teams, links), bench_rules(attendance))


@pytest.mark.parametrize(("attendance", "opening"), [(Attendance.WHOLE, 10), (Attendance.WINDOW, 0)])
def test_siloed_sessions_hold_everybody_who_is_linked_to_the_end(
    attendance: Attendance, opening: int
) -> None:
    figures = siloed(three_teams(attendance))

    assert (figures.sessions, figures.seats) == (3, 9)
    assert figures.cost == 3 * (60 + opening + 10) + 3 * (60 + opening + 30) + 3 * (60 + opening + 20)


def test_released_seats_are_those_of_people_with_nothing_to_decide() -> None:
    figures = released(three_teams(Attendance.WINDOW))

    assert (figures.sessions, figures.seats) == (3, 7)
    assert figures.cost == 7 * 60 + 2 * 10 + (10 + 30 + 20) + 2 * 20


def test_a_peer_whose_library_is_not_there_says_so() -> None:
    def absent(_bundles: object, _caps: object) -> list[Setting]:
        raise ModuleNotFoundError("leiden-library is not installed")

    task = three_teams(Attendance.WHOLE).task

    assert _best_of(Clock(), "Leiden", absent, task) == [
        Row("Leiden", note="leiden-library is not installed"),
        Row("Leiden, first fit", note="leiden-library is not installed"),
    ]


@pytest.mark.parametrize("attendance", BOTH)
def test_a_peer_is_shown_by_its_best_setting_for_each_way_to_cut(attendance: Attendance) -> None:
    task = generate("clustered", 20, bench_rules(attendance)).task
    caps = Caps(task)
    parts = bundles(task, caps)
    tens = [parts[at : at + 10] for at in range(0, len(parts), 10)]
    groupings = {"all": [parts], "tens": tens, "alone": [[part] for part in parts]}

    def peer(_bundles: object, _caps: object) -> list[Setting]:
        return [Setting(name, partial(groupings.__getitem__, name)) for name in groupings]

    rows = _best_of(Clock(), "Leiden", peer, task)

    assert [(row.method, row.outcome.cost if row.outcome else None) for row in rows] == [
        (name, min(plan_cost(task, plan_of(way(groups, caps))) for groups in groupings.values()))
        for name, way in (("Leiden", cut), ("Leiden, first fit", cut_by_first_fit))
    ]
    assert [row.setting in groupings for row in rows] == [True, True]


def test_a_published_instance_is_read_with_what_is_known_about_it(tmp_path: Path) -> None:
    raw = {
        "format": "planner-instance/1",
        "name": "tiny",
        "params": {"K": 5, "D": 80, "o": 5, "c": 30},
        "people": [{"id": "a", "hours_utc_quarters": [36, 32]}, {"id": "b"}],
        "teams": [{"id": "A", "reps": ["a"]}, {"id": "B", "reps": ["b"]}, {"id": "B2", "reps": ["b"]}],
        "items": [
            {"id": "1", "needs": "A", "provides": "B", "type": "sequential", "minutes": 15},
            {"id": "2", "needs": "A", "provides": "B", "type": "pooled", "minutes": 15},
            {"id": "3", "needs": "B2", "provides": "B", "type": "reciprocal", "minutes": 15},
        ],
        "reference": {"best_known_J": 100, "lower_bound_J": 90},
    }
    file = tmp_path / "tiny.json"
    file.write_text(json.dumps(raw))

    (only,) = published_files(tmp_path)
    found = read_published(only, Attendance.WHOLE)

    rules = bench_rules(Attendance.WHOLE, people_max=5, minutes_max=80, opening=5, seat_cost=30)
    hours = WorkingHours("UTC", 9 * 60, 17 * 60, frozenset(range(7)))
    assert found.task.rules == rules
    assert found.task.attendees == {"a": Attendee("a", hours=hours), "b": Attendee("b")}
    assert found.task.items == (Item("1", "A", "B", frozenset("ab"), 15),)
    assert found.written == (Item("2", "A", "B", frozenset("ab"), 0),)
    assert (found.bound, found.best_known) == (90, 100)


def test_every_file_of_another_format_is_named(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "text.json").write_text("no JSON at all")

    with pytest.raises(InvalidInput) as caught:
        published_files(tmp_path)

    assert [Path(problem.where).name for problem in caught.value.problems] == ["list.json", "text.json"]


@pytest.mark.parametrize("attendance", BOTH)
@pytest.mark.parametrize("family", [name for name in FAMILIES if name not in ("goals", "zones")])
def test_no_plan_costs_more_than_today_with_its_seats_released(family: str, attendance: Attendance) -> None:
    instance = generate(family, 12, bench_rules(attendance))

    assert solve(instance.task, effort=0).cost <= released(instance).cost
