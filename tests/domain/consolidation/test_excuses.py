"""What a plan says it could not do, and when the checker believes it."""

from dataclasses import replace
from datetime import date

import pytest

from planner.domain.consolidation.model import Attendee, Plan, Slot
from planner.domain.model import WorkingHours
from tests.domain.consolidation.build import WHOLE, WINDOW, item, plan, task
from tests.domain.consolidation.checker import check

TUESDAY = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("sentence", "finding"),
    [
        ("R3: x needs 3 people, 2 are allowed.", ()),
        ("R3: x needs 4 people, 2 are allowed.", ("R3: the figures of x are others than in “{}”",)),
        ("R4: x takes 10 minutes.", ("R4: nothing forbids x, though it says “{}”",)),
        ("R1: x needs no session.", ("R1: nothing forbids x, though it says “{}”",)),
        ("R5: nobody has time.", ("R5: nothing forbids x, though it says “{}”",)),
        ("R7: nobody has a seat left.", ("R7: nothing forbids x, though it says “{}”",)),
        ("somehow", ("R1: nothing forbids x, though it says “{}”",)),
    ],
)
def test_an_unplaced_item_names_the_rule_that_forbids_it(sentence: str, finding: tuple[str, ...]) -> None:
    given_task = task(item("x", "abc"), rules=replace(WHOLE, people_max=2))

    found = Plan((), unplaced={"x": sentence})

    assert check(given_task, found) == tuple(one.format(sentence) for one in finding)


def test_who_never_leaves_counts_towards_the_room() -> None:
    given_task = task(item("x", "abc"), rules=replace(WINDOW, room_max=2))

    assert check(given_task, Plan((), unplaced={"x": "R3: 3 people at once, 2 are allowed."})) == ()


def test_what_the_task_does_not_have_cannot_be_unplaced() -> None:
    assert check(task(), Plan((), unplaced={"x": "R1: x is gone."})) == (
        "R1: x is unplaced and not in the task.",
    )


def test_an_hour_that_is_free_is_no_reason_to_leave_an_item_out() -> None:
    busy = {"b": Attendee("b", hours=WorkingHours("UTC", 540, 600))}
    given_task = replace(task(item("x", "ab", 15), item("y", "bc", 15)), attendees=busy, days=(TUESDAY,))
    (session,) = plan(given_task, "x").sessions
    sentence = "R5: b, c have no common hours left."

    early = Plan((replace(session, slot=Slot(TUESDAY, 540)),), unplaced={"y": sentence})
    between = Plan((replace(session, slot=Slot(TUESDAY, 555)),), unplaced={"y": sentence})

    assert check(given_task, early) == (f"R5: nothing forbids y, though it says “{sentence}”",)
    assert check(given_task, between) == ()


def test_a_seat_that_is_left_is_no_reason_to_leave_an_item_out() -> None:
    rules = replace(WHOLE, sessions_max=1)
    given_task = task(item("x", "ab", 60), item("y", "bc", 40), item("z", "bd", 60), rules=rules)
    sentence = "R7: b has no seat left."

    found = replace(plan(given_task, "x"), unplaced={"y": sentence, "z": sentence})

    assert check(given_task, found) == (f"R7: nothing forbids y, though it says “{sentence}”",)


def test_items_to_be_kept_apart_are_found_together() -> None:
    given_task = replace(task(item("x", "ab"), item("y", "bc"), item("z", "ca")), apart=(frozenset("xy"),))

    assert check(given_task, plan(given_task, "x z", "y")) == ()
    assert check(given_task, plan(given_task, "x y z")) == ("R9: x, y in session 0 are to be kept apart.",)


def test_a_group_that_is_also_to_be_kept_apart_is_torn() -> None:
    both = task(item("x", "ab"), item("y", "bc"))
    given_task = replace(both, keep_together=(frozenset("xy"),), apart=(frozenset("xy"),))

    found = replace(plan(given_task, "x", "y"), torn={"x,y": "R6: x, y are to be kept apart."})

    assert check(given_task, found) == ()


@pytest.mark.parametrize("key", ["x,y", "y,z", "x,y,z"])
def test_of_two_groups_that_overlap_one_may_be_torn(key: str) -> None:
    long = task(item("x", "ab", 50), item("y", "ab", 50), item("z", "ab", 50))
    given_task = replace(long, keep_together=(frozenset("xy"), frozenset("yz")))
    sessions = ("x", "y z") if key == "x,y" else ("x y", "z")

    found = replace(plan(given_task, *sessions), torn={key: "R6: 165 minutes, 120 are allowed."})

    assert check(given_task, found) == ()


def test_a_torn_group_is_a_group_really_torn_and_says_so() -> None:
    given_task = replace(task(item("x", "ab"), item("y", "bc")), keep_together=(frozenset("xy"),))

    together = replace(plan(given_task, "x y"), torn={"x,y": "R6: x, y are too long.", "x": "too long"})
    apart = replace(plan(given_task, "x", "y"), torn={"x,y": "R6: x, y are too long."})

    assert check(given_task, together) == (
        "R6: x is said to be torn and is no group.",
        "R6: x is torn for another rule, “too long”",
        "R6: x,y is said to be torn and sits in one session.",
    )
    assert check(given_task, apart) == ("R6: x, y belong together and are in sessions [0, 1].",)


def test_a_group_that_lost_an_item_is_let_go() -> None:
    short = {"b": Attendee("b", hours=WorkingHours("UTC", 540, 570))}
    items = item("x", "ab", 15), item("y", "bc", 15), item("z", "ac", 15)
    given_task = replace(task(*items), attendees=short, days=(TUESDAY,), keep_together=(frozenset("xyz"),))
    first, other = plan(given_task, "x", "z").sessions

    found = Plan(
        (replace(first, slot=Slot(TUESDAY, 540)), replace(other, slot=Slot(TUESDAY, 570))),
        unplaced={"y": "R5: b has no time left."},
    )

    assert check(given_task, found) == ()
