"""Two sessions that stay two: every figure of a refusal, for sessions of any kind."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.consolidation.model import Attendance, Attendee, Item, Rules, Task
from planner.domain.consolidation.refusal import refuse_merge
from planner.domain.model import WorkingHours
from tests.domain.consolidation.build import plan
from tests.domain.consolidation.merges import merge_of
from tests.domain.consolidation.recount import recount

PEOPLE = "abcdefg"
DAY = date(2026, 3, 3)
Two = tuple[list[Item], list[Item]]


@st.composite
def sessions(draw: st.DrawFn, *, most: int = 3) -> Two:
    """Two agendas of a few items each, some of which wait for another."""
    sizes = draw(st.tuples(st.integers(1, most), st.integers(1, most)))
    ids = [f"i{number}" for number in range(sum(sizes))]
    items = [
        Item(
            key,
            consumer=draw(st.sampled_from("TUVW")),
            provider=draw(st.sampled_from("TUVW")),
            people=frozenset(draw(st.sets(st.sampled_from(PEOPLE), min_size=2, max_size=4))),
            minutes=draw(st.integers(1, 60)),
            waits_for=frozenset(draw(st.sets(st.sampled_from(ids), max_size=1))),
            rank=number,
        )
        for number, key in enumerate(ids)
    ]
    return items[: sizes[0]], items[sizes[0] :]


rules_of_all_kinds = st.builds(
    Rules,
    attendance=st.sampled_from(list(Attendance)),
    people_max=st.integers(2, 8),
    room_max=st.one_of(st.none(), st.integers(2, 8)),
    minutes_max=st.sampled_from((60, 90, 120, 240)),
    opening=st.integers(0, 20),
    seat_cost=st.integers(0, 60),
    split_cost=st.sampled_from((0, 5)),
    queues_whole=st.booleans(),
    relevance_min=st.sampled_from((0.0, 1 / 3, 0.9)),
)
hours = st.builds(
    WorkingHours,
    zone=st.sampled_from(("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo")),
    start=st.integers(300, 720),
    end=st.integers(780, 1440),
)
attendees = st.fixed_dictionaries(
    {
        name: st.builds(
            Attendee,
            st.just(name),
            place=st.sampled_from((None, "N", "S", "W")),
            hours=st.one_of(st.none(), hours),
        )
        for name in PEOPLE
    }
)


@settings(deadline=None)
@given(sessions(), rules_of_all_kinds, attendees, st.integers(0, 30), st.booleans())
def test_every_figure_and_every_reason_of_a_refusal_can_be_counted_again(
    two: Two, rules: Rules, people: dict[str, Attendee], way: int, dated: bool
) -> None:
    first, second = two
    task = Task((*first, *second), people, rules, travel={frozenset("NS"): way}, days=(DAY,) if dated else ())

    assert refuse_merge(task, first, second) == merge_of(task, first, second).refusal()


@given(sessions(most=5), st.integers(0, 30), st.integers(0, 60))
def test_what_a_merge_gains_follows_from_the_people_who_are_in_both(
    two: Two, opening: int, seat_cost: int
) -> None:
    rules = Rules(Attendance.WHOLE, opening=opening, seat_cost=seat_cost, split_cost=0)
    first, second = two
    task = Task((*first, *second), {}, rules)
    apart = [" ".join(item.id for item in one) for one in two]
    here, there = (frozenset(person for item in one for person in item.people) for one in two)
    long, longer = (sum(item.minutes for item in one) for one in two)

    gain = recount(task, plan(task, *apart)).cost - recount(task, plan(task, " ".join(apart))).cost

    assert gain == (opening + seat_cost) * len(here & there) - long * len(there - here) - longer * len(
        here - there
    )


@settings(deadline=None)
@given(sessions(), rules_of_all_kinds, attendees)
def test_it_makes_no_difference_to_the_figures_which_session_is_named_first(
    two: Two, rules: Rules, people: dict[str, Attendee]
) -> None:
    first, second = two
    task = Task((*first, *second), people, replace(rules, attendance=Attendance.WHOLE))

    one, other = refuse_merge(task, first, second), refuse_merge(task, second, first)

    assert other == (one and replace(one, first=one.second, second=one.first))
