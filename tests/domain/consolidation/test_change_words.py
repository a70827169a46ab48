"""What is different between two plans, in sentences."""

from datetime import date

import pytest

from planner.domain.consolidation.change_words import ChangeWriter, price, summary
from planner.domain.consolidation.changes import Moved, PlanChanges, SessionChange
from planner.domain.consolidation.model import Slot
from tests.domain.consolidation.organisations import make_dependency, make_organisation

SAY = ChangeWriter(make_organisation([make_dependency(n, n, n + 1) for n in range(1, 5)]), ("A and B", "C"))
STARTS = (Slot(date(2026, 3, 9), 545), Slot(date(2026, 3, 10), 600))


def changes(*touched: SessionChange, gone: tuple[SessionChange, ...] = (), same: int = 0) -> PlanChanges:
    return PlanChanges(touched, gone, same)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (SessionChange(0, 0, came=("d1",), joined=("p3",)),
         "A and B: part 1 comes in, Person 03 joins, everything else stays."),
        (SessionChange(0, 0, came=("d1", "d2"), left=("p4", "p3")),
         "A and B: part 1 and part 2 come in, Person 03 and Person 04 are not needed any more, "
         "everything else stays."),
        (SessionChange(0, 0, went=("d3",), left=("p9",)),
         "A and B: part 3 drops out, one removed person is not needed any more, everything else stays."),
        (SessionChange(0, 0, went=("d8", "d9")),
         "A and B: two removed dependencies drop out, everything else stays."),
        (SessionChange(0, 0, moved_in=(Moved("d4", 7),), moved_out=(Moved("d3", 1),)),
         "A and B: part 4 comes over from another session, part 3 goes to C, everything else stays."),
        (SessionChange(0, 0, start=STARTS, is_elsewhere=True, is_reordered=True),
         "A and B: it moves from 9 March, 09:05 to 10 March, 10:00 UTC, people meet in another place, "
         "the order changes, everything else stays."),
        (SessionChange(None, 1, came=("d1",), moved_in=(Moved("d2", 0),), joined=("p1", "p2")),
         "C is new: Person 01 and Person 02 meet about part 1 and part 2."),
    ],
)  # fmt: skip
def test_each_touched_session_is_one_sentence(change: SessionChange, sentence: str) -> None:
    assert SAY.sentences(changes(change)) == (sentence,)


def test_an_item_that_comes_over_names_the_session_it_was_in() -> None:
    from_c = SessionChange(0, 0, moved_in=(Moved("d4", 1),))

    first, second = SAY.sentences(changes(from_c, SessionChange(1, 1, moved_out=(Moved("d4", 0),))))

    assert first == "A and B: part 4 comes over from C, everything else stays."
    assert second == "C: part 4 goes to A and B, everything else stays."


def test_a_session_that_is_gone_is_known_by_its_people_and_says_where_its_items_are() -> None:
    gone = SessionChange(0, None, went=("d1",), moved_out=(Moved("d2", 1),), left=("p1", "p2"))

    assert SAY.sentences(changes(gone=(gone,))) == (
        "A session of Person 01 and Person 02 is gone: part 2 goes to C, part 1 drops out.",
    )


NEW, GONE = SessionChange(0, 0, joined=("p1", "p2")), SessionChange(1, None, left=("p1",))


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (changes(), "Nothing changes: every session stays as it is."),
        (changes(same=3), "Nothing changes: every session stays as it is."),
        (changes(NEW, same=13), "1 of 14 sessions changes, 2 invitations; 13 stay as they are."),
        (changes(NEW, NEW, gone=(GONE,), same=1),
         "2 of 3 sessions change, 1 is gone, 4 invitations; 1 stays as it is."),
        (changes(gone=(GONE, GONE)), "2 sessions are gone."),
    ],
)  # fmt: skip
def test_the_summary_counts_what_changes_and_what_stays(found: PlanChanges, line: str) -> None:
    assert summary(found) == line


@pytest.mark.parametrize(
    ("near", "scratch", "line"),
    [
        (1000, 988, "From scratch costs 1.2 % less and changes 9 sessions."),
        (1000, 1010, "From scratch costs 1.0 % more and changes 9 sessions."),
        (1000, 1000, "From scratch costs the same and changes 9 sessions."),
        (0, 10, "From scratch costs 100.0 % more and changes 9 sessions."),
    ],
)
def test_the_price_of_starting_from_scratch_is_said(near: int, scratch: int, line: str) -> None:
    assert price(near=near, scratch=scratch, changed=9) == line
