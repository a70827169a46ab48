"""Adjustments as words: written and read again, and told in plain English with what they cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from planner.domain.conditions import Condition, Wish, meets
from planner.domain.consolidation.adjustment_words import AdjustmentWriter, Wording
from planner.domain.consolidation.adjustments import (
    Adjustment,
    Again,
    Apart,
    ApartQueues,
    CannotAdjust,
    Drop,
    LeaveOut,
    Merge,
    Move,
    Obstacle,
    OnlyFor,
    OtherTime,
    Pin,
    Price,
    Split,
    Turnout,
    Write,
)
from planner.domain.consolidation.model import Rules, Slot
from planner.domain.model import Membership, Organisation, Person, PersonId, Team, TeamId, WorkingHours
from tests.domain.consolidation.organisations import make_dependency

if TYPE_CHECKING:
    from collections.abc import Iterable

TODAY = date(2026, 3, 4)
TOWN = Organisation(
    people=(Person(PersonId(1), "ana", "Ana"), Person(PersonId(2), "b:n", "Ben")),
    teams=(Team(TeamId(1), "pay", "Payments"), Team(TeamId(2), "api", "Partner API")),
    dependencies=(make_dependency(1, 1, 2), make_dependency(2, 2, 1)),
)
ONE, TWO = (dependency.what for dependency in TOWN.dependencies)
# each adjustment, its sentence, and its label below what it is about
EVERY: dict[Adjustment, tuple[str, str]] = {
    Pin("d1"): (f"Pin the session with “{ONE}”", "Pin it as it is"),
    LeaveOut("d1", "p1"): (f"Leave Ana out of the session with “{ONE}”", "Without Ana"),
    OnlyFor("d1", "p2"): (f"Ben comes only for “{ONE}”", "Ben comes for this alone"),
    Move("d1"): (f"Give “{ONE}” a session of its own", "Into a session of its own"),
    Move("d1", "d2"): (
        f"Move “{ONE}” to the session with “{TWO}”",
        f"Into the session with “{TWO}”",
    ),
    Write("d2"): (f"Settle “{TWO}” in writing", "Settle it in writing"),
    Apart("d1", "d2"): (f"Keep “{ONE}” and “{TWO}” apart", f"Apart from “{TWO}”"),
    ApartQueues("t1", "t2"): (
        "Keep what Payments gives apart from what Partner API gives",
        "All that Payments gives, apart from all that Partner API gives",
    ),
    OtherTime("d1", Slot(date(2026, 3, 9), 615)): (
        f"Begin the session with “{ONE}” on 9 March, 10:15 UTC",
        "9 March, 10:15 UTC",
    ),
    Merge("d1", "d2"): (
        f"Merge the session with “{ONE}” and the session with “{TWO}”",
        f"Merge it with the session with “{TWO}”",
    ),
    Split("d1"): (f"Split the session with “{ONE}”", "Split it in two"),
    Drop("d1"): (
        f"Drop the session with “{ONE}” and settle all of it in writing",
        "Drop it and settle all of it in writing",
    ),
    Again(): ("Plan the rest again, near what is there", "Plan the rest again, near what is there"),
}


@pytest.mark.parametrize("choice", EVERY, ids=str)
def test_an_adjustment_is_written_read_again_and_told(choice: Adjustment) -> None:
    wording, writer = Wording(TOWN, TODAY), AdjustmentWriter(TOWN)

    assert wording.read(wording.write(choice)) == choice
    assert (writer.sentence(choice), writer.label(choice)) == EVERY[choice]


def test_a_start_that_is_past_comes_round_after_two_weeks() -> None:
    wording = Wording(TOWN, date(2026, 3, 9))

    word = wording.write(OtherTime("d1", Slot(date(2026, 3, 9), 600)))

    assert wording.read(word) == OtherTime("d1", Slot(date(2026, 3, 23), 600))


def test_it_comes_round_at_the_same_hour_by_the_clocks_of_who_decides() -> None:
    berlin = replace(TOWN.people[0], hours=WorkingHours("Europe/Berlin", 540, 1020))
    decided = replace(TOWN, people=(berlin,), memberships=(Membership(PersonId(1), TeamId(2), decides=True),))
    wording = Wording(decided, date(2026, 3, 24))

    word = wording.write(OtherTime("d1", Slot(date(2026, 3, 23), 540)))

    assert wording.read(word) == OtherTime("d1", Slot(date(2026, 4, 6), 480))


def test_what_is_gone_is_called_so() -> None:
    assert AdjustmentWriter(TOWN).sentence(LeaveOut("d9", "p9")) == (
        "Leave somebody out of the session with “something removed”"
    )


@pytest.mark.parametrize(
    ("price", "words"),
    [
        (Price((2, 2), (5, 5)), "Costs nothing"),
        (
            Price((2, 2), (16, 18), 20, 50, (Turnout("p1", 1, 2),)),
            "16 to 18 seats, 20 person-minutes more, Ana 1 to 2 sessions",
        ),
        (
            Price((2, 1), (4, 2), -1, -31, longer=("p1",), shorter=("p1", "p2"), written=("d1",), moved=1),
            "2 to 1 session, 4 to 2 seats, 1 person-minute less, Ana sits longer, Ana and Ben sit shorter, "
            f"“{ONE}” is settled in writing, 1 session begins at another time",
        ),
        (
            Price((2, 2), (4, 4), written=("d1", "d2"), moved=2),
            f"“{ONE}” and “{TWO}” are settled in writing, 2 sessions begin at another time",
        ),
    ],
)
def test_a_price_is_told_in_seats_minutes_and_people(price: Price, words: str) -> None:
    assert AdjustmentWriter(TOWN).price(price) == words


def refusals() -> Iterable[tuple[CannotAdjust, str]]:
    return (
        (CannotAdjust(Obstacle.NOT_THERE), "What it is about is in no such session."),
        (CannotAdjust(Obstacle.NOT_THERE, people=("p1",)), "Ana is in no such session."),
        (CannotAdjust(Obstacle.NOTHING_CHANGES), "Nothing would change by it."),
        (CannotAdjust(Obstacle.TOO_MANY_PEOPLE, figure=14), "14 people, a session holds at most 12."),
        (CannotAdjust(Obstacle.ROOM_FULL), "More than 8 people in the room at once."),
        (CannotAdjust(Obstacle.TOO_LONG, figure=135), "135 minutes, a session lasts at most 120."),
        (
            CannotAdjust(Obstacle.NO_COMMON_TIME, people=("p1", "p2"), figure=75),
            "Ana and Ben have no such 75 minutes in common.",
        ),
        (
            CannotAdjust(Obstacle.BELONGS_TOGETHER, items=("d1", "d2")),
            f"“{ONE}” and “{TWO}” cannot be parted: what goes both ways stays in one session.",
        ),
        (
            CannotAdjust(Obstacle.TOO_MANY_SESSIONS, people=("p1",), figure=3),
            "Ana would sit in 3 sessions, at most 2 are allowed.",
        ),
        (CannotAdjust(Obstacle.PINNED, items=("d1",)), f"The session with “{ONE}” is pinned."),
        (CannotAdjust(Obstacle.KEPT_APART, items=("d1", "d2")), f"“{ONE}” and “{TWO}” are to be kept apart."),
    )


@pytest.mark.parametrize(("error", "words"), refusals())
def test_what_forbids_an_adjustment_is_told_with_its_figures(error: CannotAdjust, words: str) -> None:
    assert AdjustmentWriter(TOWN).refusal(error, Rules(sessions_max=2)) == words


SEATED = {"d1": frozenset({"p1", "p2"}), "d2": frozenset({"p2"})}


def asks(wish: Wish | None, choice: Adjustment, person: str = "p1", item: str = "") -> bool:
    return meets(choice, Condition(person, "Ana", "as I like it", wish, item), people=SEATED)


@pytest.mark.parametrize(
    ("wish", "choice", "expected"),
    [
        (Wish.LEAVE_OUT, LeaveOut("d1", "p1"), True),
        (Wish.LEAVE_OUT, LeaveOut("d1", "p2"), False),
        (Wish.LEAVE_OUT, Pin("d1"), False),
        (Wish.ONLY_FOR, OnlyFor("d1", "p1"), True),
        (Wish.OTHER_TIME, OtherTime("d1", Slot(date(2026, 3, 2), 600)), True),
        (Wish.OTHER_TIME, OtherTime("d2", Slot(date(2026, 3, 2), 600)), False),
        (Wish.SHORTER, Split("d1"), True),
        (Wish.SHORTER, Split("d2"), False),
        (Wish.SHORTER, Write("d1"), True),
        (Wish.SOMETHING_ELSE, LeaveOut("d1", "p1"), False),
        (None, LeaveOut("d1", "p1"), False),
    ],
)
def test_a_wish_points_to_what_would_meet_it(wish: Wish | None, choice: Adjustment, expected: bool) -> None:
    assert asks(wish, choice) is expected


def test_who_comes_for_one_item_only_names_it() -> None:
    assert asks(Wish.ONLY_FOR, OnlyFor("d2", "p1"), item="d2")
    assert not asks(Wish.ONLY_FOR, OnlyFor("d1", "p1"), item="d2")


def test_no_program_reads_the_words() -> None:
    condition = Condition("p1", "Ana", "shorter, without me, at another time")

    assert not any(
        meets(choice, condition, people=SEATED) for choice in (Split("d1"), LeaveOut("d1", "p1"), Write("d1"))
    )
    assert condition.told == "shorter, without me, at another time"
    assert replace(condition, wish=Wish.SHORTER, words="").told == "shorter"
    assert replace(condition, wish=Wish.LEAVE_OUT, words="on leave").told == "leave me out: on leave"
    assert replace(condition, wish=Wish.SOMETHING_ELSE, words="purple").told == "purple"
