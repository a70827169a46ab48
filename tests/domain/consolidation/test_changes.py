"""What is different between two plans: sessions that go on, and what comes, goes and moves."""

from dataclasses import replace
from datetime import date

from planner.domain.consolidation.changes import Moved, PlanChanges, SessionChange, differences
from planner.domain.consolidation.model import Plan, Slot
from planner.domain.consolidation.solver import replan, solve
from tests.domain.consolidation.build import WINDOW, item, plan, random_task, task

THREE = task(item("x", "ab"), item("y", "bc"), item("z", "de"))
MONDAY, TUESDAY = Slot(date(2026, 3, 9), 540), Slot(date(2026, 3, 10), 600)


def changed(*touched: SessionChange, gone: tuple[SessionChange, ...] = (), same: int = 0) -> PlanChanges:
    return PlanChanges(touched, gone, same)


def test_two_empty_plans_differ_in_nothing() -> None:
    assert differences(Plan(()), Plan(())) == changed()


def test_the_same_plan_has_only_sessions_that_stay() -> None:
    both = plan(THREE, "x y", "z")

    assert differences(both, both) == changed(same=2)


def test_everything_is_new_after_an_empty_plan() -> None:
    found = differences(Plan(()), plan(THREE, "z"))

    assert found == changed(SessionChange(None, 0, came=("z",), joined=("d", "e")))
    assert found.invitations == 2


def test_everything_is_gone_before_an_empty_plan() -> None:
    found = differences(plan(THREE, "z"), Plan(()))

    assert found == changed(gone=(SessionChange(0, None, went=("z",), left=("d", "e")),))
    assert (found.sessions, found.sessions_changed) == (0, 1)


def test_one_item_more_brings_its_people_and_the_rest_stays() -> None:
    found = differences(plan(THREE, "x", "z"), plan(THREE, "x y", "z"))

    assert found == changed(SessionChange(0, 0, came=("y",), joined=("c",)), same=1)


def test_one_item_less_sets_its_people_free() -> None:
    found = differences(plan(THREE, "x y", "z"), plan(THREE, "x", "z"))

    assert found == changed(SessionChange(0, 0, went=("y",), left=("c",)), same=1)


def test_an_item_that_moves_says_where_from_and_where_to() -> None:
    four = task(*THREE.items, item("y2", "bc"))

    found = differences(plan(four, "x y y2", "z"), plan(four, "x y", "y2 z"))

    assert found.touched == (
        SessionChange(0, 0, moved_out=(Moved("y2", 1),)),
        SessionChange(1, 1, moved_in=(Moved("y2", 0),), joined=("b", "c")),
    )


def test_who_takes_over_joins_and_who_is_replaced_is_free() -> None:
    later = replace(THREE, items=(item("x", "ae"), *THREE.items[1:]))

    found = differences(plan(THREE, "x", "y"), plan(later, "x", "y"))

    assert found.touched == (SessionChange(0, 0, joined=("e",), left=("b",)),)
    assert found.same == 1


def test_a_split_session_goes_on_where_most_of_it_is() -> None:
    four = task(*THREE.items, item("a", "ab"))

    found = differences(plan(four, "a x y"), plan(four, "a", "x y"))

    assert found.touched == (
        SessionChange(None, 0, moved_in=(Moved("a", 0),), joined=("a", "b")),
        SessionChange(0, 1, moved_out=(Moved("a", 0),)),
    )
    assert found.gone == ()


def test_of_two_that_become_one_the_larger_goes_on() -> None:
    found = differences(plan(THREE, "x", "y z"), plan(THREE, "x y z"))

    assert found == changed(
        SessionChange(1, 0, moved_in=(Moved("x", 0),), joined=("a",)),
        gone=(SessionChange(0, None, moved_out=(Moved("x", 0),), left=("a", "b")),),
    )


def test_a_session_that_begins_at_another_time_is_touched() -> None:
    session = plan(THREE, "z").sessions[0]
    then, now = (Plan((replace(session, slot=slot),)) for slot in (MONDAY, TUESDAY))

    assert differences(then, now) == changed(SessionChange(0, 0, start=(MONDAY, TUESDAY)))


def test_a_session_that_had_no_time_yet_is_as_it_was() -> None:
    session = plan(THREE, "z").sessions[0]

    assert differences(Plan((session,)), Plan((replace(session, slot=MONDAY),))) == changed(same=1)


def test_another_order_and_another_place_are_changes() -> None:
    session = plan(THREE, "x y").sessions[0]
    now = replace(session, items=("y", "x"), place="Hull")

    found = differences(Plan((session,)), Plan((now,)))

    assert found == changed(SessionChange(0, 0, is_elsewhere=True, is_reordered=True))


def test_a_plan_kept_near_changes_no_more_than_one_from_scratch() -> None:
    given = random_task(11, 40, rules=WINDOW, people="abcdefghijklmnop")
    earlier = solve(given, effort=0.1).plan
    more = replace(given, items=(*given.items, item("new", "ab", 10)))

    near = differences(earlier, replan(more, earlier).plan)
    scratch = differences(earlier, solve(more, effort=0.1).plan)

    assert 1 <= near.sessions_changed <= min(2, scratch.sessions_changed)
