from __future__ import annotations

from dataclasses import replace
from datetime import date

from planner.domain.consolidation.baseline import BaselineKind
from planner.domain.consolidation.build import build_task
from planner.domain.consolidation.load import Totals
from planner.domain.consolidation.model import Attendance, Plan, PlannedSession, Rules, Solution
from planner.domain.consolidation.report import describe
from planner.domain.consolidation.selection import Treatment, select
from planner.domain.consolidation.solver import solve
from planner.domain.consolidation.suggestion import AgendaItem, Seat, Suggestion
from planner.domain.model import DependencyKind, DependencyState, GoalId, Organisation, SharedGoal
from tests.domain.consolidation.organisations import (
    TODAY,
    make_dependency,
    make_organisation,
    seed_organisation,
)

QUEUES = Rules(attendance=Attendance.WHOLE, queues_whole=True, people_max=8, room_max=None)


def planned(items: str, people: str, place: str | None = None) -> PlannedSession:
    return PlannedSession(
        tuple(f"d{n}" for n in items.split()), frozenset(f"p{n}" for n in people.split()), place=place
    )


def described(
    organisation: Organisation, *sessions: PlannedSession, rules: Rules | None = None, **known: object
) -> Suggestion:
    rules = rules or Rules()
    selection = select(organisation, rules=rules, today=TODAY)
    task = build_task(organisation, selection, rules=rules)
    values: dict[str, object] = {"cost": 0, "lower_bound": 0, "proved": False, **known}
    unplaced = values.pop("unplaced", {})
    torn = values.pop("torn", {})
    solution = Solution(Plan(sessions, unplaced, torn), **values)  # type: ignore[arg-type]  # the tests name facts by hand
    return describe(organisation, task, selection, solution, today=TODAY)


def story() -> Suggestion:
    """The seven teams with the plan that is best for them."""
    return described(
        seed_organisation(),
        planned("1 2 3 4", "1 2 3", "l1"),
        planned("5 6 7 8 9 10 11 12", "3 4 5 6 7", "l2"),
        rules=QUEUES, cost=864, lower_bound=864, proved=True,
    )  # fmt: skip


def sentences(suggestion: Suggestion) -> list[str]:
    return [why.sentence for why in suggestion.sessions[0].reasons]


def test_nothing_in_play_is_said_kindly() -> None:
    found = described(Organisation())

    assert (found.headline, found.summary) == (
        "Nothing to talk about yet",
        "0 dependencies need a conversation.",
    )
    assert (found.sessions, found.people, found.coverage) == ((), (), 1.0)
    assert found.proof == "Nobody has to meet, and nothing costs less than that."


def test_the_story_ends_with_eight_seats_instead_of_45() -> None:
    found = story()

    assert found.headline == "2 shared sessions instead of 7"
    assert found.today.kind is BaselineKind.RECORDED
    assert (found.before.seats, found.released.seats, found.after.seats) == (45, 19, 8)
    assert (found.seats_released, found.coverage) == (26, 1.0)
    assert [round(numbers.hours, 2) for numbers in (found.before, found.released, found.after)] == [
        49.0, 19.8, 14.73,
    ]  # fmt: skip
    assert found.proof == "No plan under your rules costs less than 864 person-minutes: this is the best."


def test_the_solver_finds_the_plan_of_the_story() -> None:
    organisation = seed_organisation()
    selection = select(organisation, rules=QUEUES, today=TODAY)
    task = build_task(organisation, selection, rules=QUEUES)

    found = solve(task)

    assert (found.cost, found.proved) == (864, True)
    assert [(sorted(session.attendees), session.place) for session in found.plan.sessions] == [
        (["p1", "p2", "p3"], "l1"),
        (["p3", "p4", "p5", "p6", "p7"], "l2"),
    ]


def test_each_person_of_the_story_sees_what_changes_for_them() -> None:
    people = story().people

    assert [(person.before.sessions, person.after.sessions) for person in people] == [
        (6, 1), (6, 1), (7, 2), (7, 1), (7, 1), (6, 1), (6, 1),
    ]  # fmt: skip
    assert [round(person.after.minutes / 60, 2) for person in people] == [
        1.67, 1.67, 3.47, 2.13, 1.93, 1.93, 1.93,
    ]  # fmt: skip
    delivery = described(seed_organisation(), planned("5 6 7 8 9 10 11 12", "3 4 5 6 7"), rules=QUEUES)
    relevant = [round(person.after.relevance, 2) for person in delivery.people[2:]]
    assert relevant == [0.51, 0.94, 0.94, 1.0, 1.0]


def test_the_two_sessions_of_the_story_stay_apart_for_a_reason() -> None:
    found = story().kept_apart

    assert [(pair.first, pair.second, pair.sentence) for pair in found] == [
        (0, 1, "would cost people 47 % more time; 161 minutes, at most 120")
    ]


def test_a_session_names_its_agenda_windows_and_who_leads() -> None:
    dependencies = [make_dependency(1, 1, 2, gap=0.5), make_dependency(2, 3, 2, gap=0.0)]

    (session,) = described(make_organisation(dependencies), planned("1 2", "1 2 3")).sessions

    assert (session.title, session.facilitator, session.minutes) == ("B, A and C", "Person 02", 30)
    assert session.agenda == (AgendaItem(1, 1, 1, 2, 10, 15), AgendaItem(2, 2, 3, 2, 5, 25))  # type: ignore[arg-type]  # plain numbers read better
    assert session.seats == (
        Seat(1, "Person 01", (1,), 15, 25, (1,), 10, "item 1"),  # type: ignore[arg-type]  # plain numbers read better
        Seat(2, "Person 02", (2,), 15, 30, (1, 2), 15, "items 1 and 2"),  # type: ignore[arg-type]  # plain numbers read better
        Seat(3, "Person 03", (3,), 25, 30, (2,), 5, "item 2"),  # type: ignore[arg-type]  # plain numbers read better
    )


def test_a_session_mostly_for_one_goal_bears_its_name_and_says_it_once() -> None:
    goal = SharedGoal(GoalId(1), "refund", "Refund within a day")
    rows = [make_dependency(n, n, n + 1, goal_id=goal.id) for n in (1, 3, 5)]
    organisation = make_organisation(rows, goals=(goal,))

    found = described(organisation, planned("1", "1 2"), planned("3", "3 4"), planned("5", "5 6"))

    assert [session.title for session in found.sessions] == [
        "Refund within a day: A and B", "Refund within a day: C and D", "Refund within a day: E and F",
    ]  # fmt: skip


def test_two_sessions_of_the_same_teams_are_numbered() -> None:
    organisation = make_organisation([make_dependency(1, 1, 2), make_dependency(2, 1, 2)])

    found = described(organisation, planned("1", "1 2"), planned("2", "1 2"))

    assert [session.title for session in found.sessions] == ["A and B (1)", "A and B (2)"]


def test_a_session_says_why_with_the_names_of_what_is_needed() -> None:
    ring = [
        make_dependency(
            1, 1, 2, needed_by=date(2026, 3, 9), promised_for=date(2026, 3, 16), state=DependencyState.AGREED
        ),
        make_dependency(2, 2, 3, state=DependencyState.COUNTERED, promised_for=date(2026, 3, 30)),
        make_dependency(3, 3, 1),
        make_dependency(4, 2, 1),
    ]

    found = described(make_organisation(ring), planned("1 2 3 4", "1 2 3"))

    assert sentences(found) == [
        "Two-way work: A and B each need something from the other.",
        "A loop of three: A needs something from B, B from C and C from A. "
        "Nobody can start first until one link is loosened.",
        "One promise slips: part 1 comes later than needed.",
        "A counter-date is open: C offered 30 March for part 2.",
    ]


def test_a_row_of_one_goal_and_what_splitting_costs_are_reasons_too() -> None:
    goal = SharedGoal(GoalId(1), "refund", "Refund within a day")
    row = [make_dependency(n, n + 1, n, goal_id=goal.id) for n in (1, 2, 3)]

    found = described(make_organisation(row, goals=(goal,)), planned("1 2 3", "1 2 3 4"))

    assert sentences(found) == [
        "One shared goal in a row, Refund within a day: part 1, then part 2, then part 3.",
        "Splitting it in two would cost 1 more seat and 15 minutes of people's time.",
    ]


def test_what_several_teams_need_from_one_is_one_queue() -> None:
    found = described(make_organisation([make_dependency(1, 1, 2), make_dependency(2, 3, 2)]),
                      planned("1 2", "1 2 3"))  # fmt: skip

    assert sentences(found)[0] == "One order for one queue: A and C need something from B."


def test_what_cannot_be_placed_is_named_with_what_to_do() -> None:
    organisation = make_organisation([make_dependency(1, 1, 2), make_dependency(2, 3, 1)], deciders={2: []})

    found = described(organisation, unplaced={"d2": "no time"})

    assert [(one.dependency_id, one.treatment, one.sentence) for one in found.uncovered] == [
        (
            1,
            Treatment.NO_PRODUCT_OWNER,
            "Nobody decides for B yet. Name a product owner. Then it can be placed.",
        ),
        (
            2,
            Treatment.UNPLACED,
            "Person 01 and Person 03 have no common time left for part 2. Add days, or settle it in writing.",
        ),
    ]
    assert (found.coverage, found.headline) == (
        0.0,
        "2 dependencies cannot be placed under these rules",
    )


def test_an_item_that_breaks_a_rule_by_itself_names_the_rule() -> None:
    organisation = make_organisation([make_dependency(1, 1, 2, gap=1.0)])

    long = described(organisation, unplaced={"d1": "too long"}, rules=Rules(minutes_max=20))
    many = described(organisation, unplaced={"d1": "too many"}, rules=Rules(people_max=1))

    assert [found.uncovered[0].sentence for found in (long, many)] == [
        "part 1 takes 30 minutes, a session at most 20. Allow longer ones.",
        "part 1 needs 2 people, a session holds 1. Allow more.",
    ]


def test_what_is_settled_in_writing_says_why() -> None:
    settled = make_dependency(1, 1, 2, state=DependencyState.AGREED)
    handed_over = make_dependency(2, 3, 2, state=DependencyState.DELIVERED)
    shared = make_dependency(3, 4, 2, kind=DependencyKind.SHARED, what="a test environment")
    own = make_dependency(4, 5, 6)

    found = described(make_organisation([settled, handed_over, shared, own], deciders={5: [9], 6: [9]}))

    assert [one.sentence for one in found.in_writing] == [
        "B promised part 1 in time. A agreed.",
        "B has handed over part 2. C only has to confirm it.",
        "D and B share a test environment. Write the standard down instead.",
        "Person 09 decides for both sides, so nobody has to meet.",
    ]
    assert found.coverage == 1.0


def test_pair_talks_stand_beside_the_suggestion_with_their_seats_counted() -> None:
    organisation = make_organisation([make_dependency(1, 1, 2, gap=0.5)])

    found = described(organisation, planned("1", "1 2"))

    assert found.pair_talks == Totals(sessions=1, seats=2, minutes=20, relevance=1.0, busiest=1)
    assert found.pair_talks_cost == 20 + 2 * 15


def test_an_unproved_plan_says_how_far_it_may_be_from_the_best() -> None:
    organisation = make_organisation([make_dependency(1, 1, 2)])

    found = described(organisation, planned("1", "1 2"), cost=110, lower_bound=100)

    assert found.proof == (
        "Best found: 110 person-minutes. No plan under your rules costs less than 100; "
        "this one is within 10 % of it."
    )


def test_a_loop_of_too_many_teams_is_named_with_where_to_cut_it() -> None:
    ring = [make_dependency(n, n, n % 10 + 1) for n in range(1, 11)]

    found = described(make_organisation(ring))

    assert [one.sentence for one in found.too_large] == [
        "10 teams wait for one another in loops, too many for one conversation. "
        "Settle first what A needs from B."
    ]


def test_the_order_of_what_is_recorded_changes_nothing() -> None:
    rows = [make_dependency(1, 1, 2), make_dependency(2, 3, 2), make_dependency(3, 2, 1)]
    there = make_organisation(rows, deciders={1: [1, 2], 2: [2, 4], 3: [1]})
    back = replace(there, people=there.people[::-1], memberships=there.memberships[::-1])
    session = planned("1 3 2", "1 2 4")

    assert described(there, session) == described(back, session)


def test_what_belongs_together_and_meets_apart_says_why_with_figures() -> None:
    organisation = make_organisation([make_dependency(1, 1, 2), make_dependency(2, 2, 1)])
    why = "R6: d1, d2 cannot be kept together: 135 minutes, a session may have 120 (R4)."

    found = described(organisation, planned("1", "1 2"), planned("2", "1 2"), torn={"d1,d2": why})

    assert [(one.dependency_ids, one.sentence) for one in found.torn] == [
        (
            (1, 2),
            "part 1 and part 2 belong together but cannot share a session: "
            "135 minutes, a session may have 120.",
        )
    ]


def test_what_finding_times_has_cost_is_said_where_it_cost_anything() -> None:
    organisation = make_organisation([make_dependency(1, 1, 2)])

    found = [
        described(organisation, planned("1", "1 2"), cost=200, lower_bound=100, scheduling_cost=added)
        for added in (0, 30)
    ]

    assert [(one.scheduling_cost, one.scheduling) for one in found] == [
        (0, ""),
        (
            30,
            "Of that, 30 person-minutes (15 %) are the price of finding times: sessions whose people had no "
            "time left in common were parted.",
        ),
    ]
