from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from planner.domain.consolidation.model import Attendance, Rules
from planner.domain.meeting.agenda import (
    Matter,
    Part,
    Span,
    in_order,
    is_for_us,
    length_of,
    length_words,
    spans,
    windows,
)

RULES = Rules()


def need(name: str, *needs: str, people: str = "", minutes: int = 10) -> Matter:
    return Matter(name.upper(), minutes, name, frozenset(people), frozenset(needs))


def settled(name: str, people: str = "") -> Matter:
    return Matter(name.upper(), 1, name, frozenset(people), is_settled=True)


def left(name: str, *needs: str) -> Matter:
    return Matter(name.upper(), 10, name, needs=frozenset(needs), is_unfinished=True)


def topic(title: str, lead: str = "") -> Matter:
    return Matter(title, 5, people=frozenset(lead), lead=lead)


def names(matters: tuple[Matter, ...]) -> list[str]:
    return [matter.name for matter in matters]


def test_nothing_is_an_agenda_of_the_opening_alone() -> None:
    assert in_order([]) == ()
    assert (spans([], RULES), windows([], RULES), length_of([], RULES)) == ((), {}, 15)


def test_the_consent_list_opens_then_what_was_left_then_talk_then_topics() -> None:
    found = in_order([topic("Holidays"), need("a"), left("b"), settled("c"), need("d")])

    assert names(found) == ["c", "b", "a", "d", "topic: Holidays"]
    assert [matter.part for matter in found] == [
        Part.CONSENT,
        Part.UNFINISHED,
        Part.TALK,
        Part.TALK,
        Part.TOPIC,
    ]


def test_a_topic_that_was_left_open_comes_with_what_was_left() -> None:
    again = Matter("Holidays", 5, is_unfinished=True)

    assert names(in_order([need("a"), again])) == ["topic: Holidays", "a"]


def test_the_wanted_order_holds_within_each_part() -> None:
    matters = [need("a"), need("b"), left("c"), left("d")]

    assert names(in_order(matters, wanted=["d", "b", "gone"])) == ["d", "c", "b", "a"]


def test_providers_come_forward_to_their_first_consumer_into_an_earlier_part_too() -> None:
    matters = [need("a", "b"), need("b", "c"), need("c"), left("d", "c")]

    assert names(in_order(matters)) == ["c", "d", "b", "a"]


def test_needs_in_a_circle_and_of_others_leave_the_order_alone() -> None:
    assert names(in_order([need("a", "b"), need("b", "a"), need("c", "gone")])) == ["b", "a", "c"]


def test_everybody_comes_from_their_first_to_their_last_own_item() -> None:
    matters = [need("a", people="pq"), need("b", people="qr"), need("c", people="pr")]

    assert spans(matters, RULES) == (Span(15, 25), Span(25, 35), Span(35, 45))
    assert windows(matters, RULES) == {"p": Span(15, 45), "q": Span(15, 35), "r": Span(25, 45)}


def test_the_consent_list_keeps_nobody_who_has_something_to_talk_about() -> None:
    matters = [settled("a", people="ps"), need("b", people="pq")]

    assert windows(matters, RULES) == {"p": Span(16, 26), "q": Span(16, 26), "s": Span(15, 16)}


def test_where_everybody_stays_they_are_there_from_opening_to_end() -> None:
    whole = Rules(attendance=Attendance.WHOLE)

    assert windows([need("a", people="p"), need("b", people="q")], whole) == {
        "p": Span(0, 35),
        "q": Span(0, 35),
    }


def test_a_guest_is_needed_for_their_topic_alone() -> None:
    found = windows([need("a", people="pq"), topic("Holidays", lead="g")], RULES)

    assert found["g"] == Span(25, 30)


def test_a_long_agenda_has_its_break_and_counts_it() -> None:
    matters = [need(name, minutes=30) for name in "abc"]

    assert length_of(matters, RULES) == 15 + 90 + 10
    assert spans(matters, RULES) == (Span(15, 45), Span(55, 85), Span(85, 115))


def test_whether_it_fits_is_said_with_the_difference() -> None:
    assert length_words(70, 80) == "It fits: 70 of 80 minutes, 10 to spare."
    assert length_words(80, 80) == "It fits: 80 minutes, to the minute."
    assert length_words(81, 80) == "1 minute too long: the agenda takes 81, the session has 80."
    assert length_words(92, 80) == "12 minutes too long: the agenda takes 92, the session has 80."


def test_what_is_parked_or_deferred_here_is_taken_up() -> None:
    title = "payments and partners"

    assert is_for_us("parked", "", title)
    assert is_for_us("deferred", "the next session", title)
    assert is_for_us("deferred", title, title)
    assert not is_for_us("deferred", "in writing", title)
    assert not is_for_us("decided", "", title)


MATTERS = st.lists(
    st.tuples(st.sets(st.integers(0, 7), max_size=3), st.booleans(), st.booleans()), max_size=8
).map(
    lambda drawn: [
        Matter(str(at), 5, str(at), needs=frozenset(map(str, needs)), is_settled=one, is_unfinished=other)
        for at, (needs, one, other) in enumerate(drawn)
    ]
)


@given(MATTERS, st.permutations(list("01234567")))
def test_every_matter_stands_once_and_after_what_it_needs(matters: list[Matter], wanted: list[str]) -> None:
    found = names(in_order(matters, wanted=wanted))

    assert sorted(found) == sorted(names(tuple(matters)))
    place = {name: at for at, name in enumerate(found)}
    for matter in matters:
        for other in matter.needs & place.keys():
            assert place[other] <= place[matter.name] or waits_for(matters, other, matter.name)


def waits_for(matters: list[Matter], later: str, sooner: str) -> bool:
    """Whether one needs the other, through however many."""
    needs = {matter.name: matter.needs for matter in matters}
    seen, waiting = set[str](), [later]
    while waiting:
        for name in needs.get(waiting.pop(), frozenset()) - seen:
            seen.add(name)
            waiting.append(name)
    return sooner in seen
