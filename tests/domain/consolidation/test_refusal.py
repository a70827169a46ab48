from __future__ import annotations

from dataclasses import replace
from datetime import date

from planner.domain.consolidation import explain
from planner.domain.consolidation.model import Attendance, Attendee, Item, Rules, Task
from planner.domain.consolidation.refusal import (
    Refusal,
    RefusalReason,
    own_minutes,
    refuse_merge,
)
from planner.domain.model import WorkingHours

WHOLE = Rules(attendance=Attendance.WHOLE, people_max=8)


def item(id_: str, people: str, minutes: int, *, teams: str = "XY") -> Item:
    return Item(id_, consumer=teams[0], provider=teams[1], people=frozenset(people), minutes=minutes)


def judged(first: list[Item], second: list[Item], rules: Rules = WHOLE) -> Refusal | None:
    people = {person for one in (*first, *second) for person in one.people}
    attendees = {person: Attendee(person) for person in people}
    return refuse_merge(Task((*first, *second), attendees, rules), first, second)


def said(first: list[Item], second: list[Item], rules: Rules = WHOLE) -> str:
    found = judged(first, second, rules)
    return explain.refusal(found, rules) if found else ""


def test_teams_that_only_share_a_standard_are_told_to_write_it() -> None:
    found = judged([item("1", "abcd", 40)], [item("2", "efgh", 40, teams="VW")])

    assert found == Refusal(
        first=("1",),
        second=("2",),
        reasons=(RefusalReason.COSTS_MORE, RefusalReason.NO_HAND_OFF),
        separate_cost=560,
        joint_cost=880,
        joint_people=8,
        joint_minutes=95,
        longer_for=8,
        lowest_relevance=0.5,
    )
    assert (
        explain.refusal(found, WHOLE)
        == "would cost people 57 % more time; no hand-off between them; write the standard"
    )


def test_a_session_that_would_also_be_too_long_says_so() -> None:
    assert said([item("1", "abcd", 60)], [item("2", "efgh", 60, teams="VW")]) == (
        "would cost people 67 % more time; no hand-off between them; 135 minutes, at most 120; "
        "write the standard"
    )


def test_the_same_people_with_enough_to_save_belong_together() -> None:
    assert judged([item("1", "abc", 20)], [item("2", "abc", 20)]) is None


def test_a_few_minutes_are_not_worth_a_change() -> None:
    assert said([item("1", "abcd", 20)], [item("2", "bcde", 15)]) == (
        "would save only 55 minutes; 2 would sit longer"
    )


def test_more_people_than_a_session_holds_are_counted() -> None:
    few = Rules(people_max=4)

    assert (
        said([item("1", "abc", 10)], [item("2", "cde", 10)], few)
        == "5 people, at most 4; would save only 15 minutes"
    )


def test_a_full_room_is_a_reason_where_people_come_and_go() -> None:
    narrow = Rules(room_max=2)

    assert RefusalReason.ROOM_FULL in (judged([item("1", "ab", 10)], [item("2", "bcd", 10)], narrow)).reasons  # type: ignore[union-attr]  # the test wants it to fail on None


def test_hours_that_never_meet_are_a_reason() -> None:
    hours = {"a": WorkingHours("Europe/Berlin"), "b": WorkingHours("America/Los_Angeles"), "c": None}
    attendees = {person: Attendee(person, hours=held) for person, held in hours.items()}
    first, second = [item("1", "ac", 60)], [item("2", "bc", 60)]
    long = Rules(attendance=Attendance.WHOLE, minutes_max=180)

    found = refuse_merge(Task((*first, *second), attendees, long, days=(date(2026, 3, 3),)), first, second)

    assert found is not None
    assert RefusalReason.NO_COMMON_TIME in found.reasons
    assert explain.refusal(found, long).endswith("no 135 minutes that suit everybody; hand over in writing")


def test_a_time_at_which_no_session_can_begin_is_no_common_time() -> None:
    hours = {"a": WorkingHours(start=540, end=595), "b": WorkingHours(start=540, end=605)}
    attendees = {person: Attendee(person, hours=held) for person, held in hours.items()}
    first, second = [item("1", "ab", 20)], [item("2", "ab", 20)]
    task = Task((*first, *second), attendees, WHOLE, days=(date(2026, 3, 3),))

    found = refuse_merge(replace(task, rules=replace(WHOLE, opening=10)), first, second)
    late = {person: Attendee(person, hours=replace(held, start=545)) for person, held in hours.items()}
    later = refuse_merge(replace(task, attendees=late, rules=replace(WHOLE, opening=10)), first, second)

    assert (found and found.reasons) == (RefusalReason.SMALL_SAVING,)
    assert (later and later.reasons) == (RefusalReason.NO_COMMON_TIME, RefusalReason.SMALL_SAVING)


def test_somebody_with_little_to_decide_is_a_reason_where_everybody_stays() -> None:
    found = judged([item("1", "abc", 60)], [item("2", "cd", 10)])

    assert found is not None
    assert RefusalReason.LOW_RELEVANCE in found.reasons
    assert "somebody would have only 14 % of their time relevant" in explain.refusal(found, WHOLE)


def test_in_whole_queues_a_person_belongs_to_all_of_each_queue_they_are_in() -> None:
    items = [item("1", "ab", 20, teams="XP"), item("2", "bc", 15, teams="YP"), item("3", "cd", 5, teams="YQ")]

    assert own_minutes(Rules(queues_whole=True), items) == {"a": 20, "b": 35, "c": 20, "d": 5}
    assert own_minutes(WHOLE, items) == {"a": 20, "b": 35, "c": 20, "d": 5}
    assert own_minutes(replace(WHOLE, queues_whole=True), items) == {"a": 35, "b": 35, "c": 40, "d": 5}
