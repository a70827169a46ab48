from __future__ import annotations

from dataclasses import replace
from datetime import date

from planner.domain.consolidation.explain import Explainer, listed, summary, why_you
from planner.domain.consolidation.model import Interdependence
from planner.domain.consolidation.reasons import Reason, ReasonKind
from planner.domain.consolidation.selection import Chosen, Treatment
from planner.domain.model import DependencyId, DependencyState, TeamId
from planner.domain.text import counted
from tests.domain.consolidation.organisations import make_dependency, make_organisation

ROWS = [make_dependency(n, n, n + 1) for n in range(1, 10)]
LATE = [
    replace(row, needed_by=date(2026, 3, 2), promised_for=date(2026, 3, 9), state=DependencyState.AGREED)
    for row in ROWS
]
SAY = Explainer(make_organisation(ROWS))
SAY_LATE = Explainer(make_organisation(LATE))


def reason(kind: ReasonKind, *, ids: int = 0, teams: int = 0, say: Explainer = SAY) -> str:
    dependency_ids = tuple(DependencyId(n) for n in range(1, ids + 1))
    return say.reason(Reason(kind, dependency_ids, tuple(TeamId(n) for n in range(1, teams + 1))))


def test_names_are_listed_as_people_say_them() -> None:
    assert [listed(list("ABCDE"[:count])) for count in range(6)] == [
        "", "A", "A and B", "A, B and C", "A, B, C and D", "A, B, C and 2 more",
    ]  # fmt: skip


def test_one_is_not_many() -> None:
    assert [counted(count, "seat") for count in (0, 1, 2)] == ["0 seats", "1 seat", "2 seats"]
    assert [why_you(numbers) for numbers in ((2,), (1, 3, 6))] == ["item 2", "items 1, 3 and 6"]


def test_several_two_way_pairs_are_one_sentence() -> None:
    assert reason(ReasonKind.TWO_WAY, teams=4) == (
        "Two-way work: A and B, and C and D, each need something from the other."
    )
    assert reason(ReasonKind.TWO_WAY, teams=10) == (
        "Two-way work: A and B, C and D, E and F, and 2 more pairs, each need something from the other."
    )


def test_promises_that_slip_are_counted() -> None:
    told = [reason(ReasonKind.LATE, ids=count, say=SAY_LATE) for count in (1, 2)]

    assert told == [
        "One promise slips: part 1 comes later than needed.",
        "Two promises slip: part 1 and part 2 come later than needed.",
    ]


def test_what_is_past_its_day_without_a_promise_waits() -> None:
    told = [reason(ReasonKind.LATE, ids=count) for count in (1, 2)]

    assert told == [
        "One thing waits: part 1 is past the day.",
        "Two things wait: part 1 and part 2 are past the day.",
    ]


def test_a_counter_without_a_date_offers_another_way() -> None:
    assert reason(ReasonKind.COUNTERED, ids=2) == (
        "2 counter-dates are open: B offered another way for part 1 and C offered another way for part 2."
    )


def test_what_people_chose_to_write_down_is_said_to_be_their_choice() -> None:
    chosen = Chosen(ROWS[0], Interdependence.SEQUENTIAL, Treatment.BY_CHOICE, 8, frozenset())

    assert SAY.settled(chosen) == "People chose to settle part 1 in writing."


def test_the_summary_names_only_what_there_is() -> None:
    assert summary(1, 0, 0) == "1 dependency needs a conversation."
    assert summary(2, 3, 1) == (
        "2 dependencies need a conversation. 3 can be settled in writing, so nobody meets about them. "
        "1 cannot be placed yet."
    )
