"""Every figure that a page shows, counted a second time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from planner.domain.calendars import working_days
from planner.domain.consolidation.build import build_task
from planner.domain.consolidation.load import Load, Totals
from planner.domain.consolidation.model import Attendance, Rules
from planner.domain.consolidation.report import describe
from planner.domain.consolidation.selection import select
from planner.domain.consolidation.solver import solve
from planner.domain.consolidation.suggestion import PersonLoad, SharedSession, Suggestion
from planner.domain.model import Organisation
from planner.domain.stand_ins import with_stand_ins
from planner.services.example import load_example
from planner.services.organisation import read_organisation
from tests.domain.consolidation.checker import check
from tests.domain.consolidation.made import made, made_rules, with_odd_hours
from tests.domain.consolidation.merges import merge_of, nearest_pairs
from tests.domain.consolidation.organisations import TODAY, kubernetes, seed_organisation
from tests.domain.consolidation.page import Page, Total
from tests.factories import OPERATOR

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DAYS = working_days(TODAY + timedelta(days=1), 10)


def asked(
    organisation: Organisation, rules: Rules, *, days: tuple[date, ...] = (), cadence_days: int = 14
) -> tuple[Suggestion, Page]:
    """The suggestion, and what is needed to count it again."""
    selection = select(organisation, rules=rules, today=TODAY)
    task = build_task(organisation, selection, rules=rules, days=days)
    solution = solve(task, effort=0.02)
    found = describe(organisation, task, selection, solution, today=TODAY, cadence_days=cadence_days)
    return found, Page(organisation, selection, task, solution, cadence_days)


def assert_every_figure(found: Suggestion, page: Page) -> None:
    talks, talks_cost = page.pair_talks()
    assert _total(found.before) == page.before()
    assert _total(found.released) == page.released()
    assert (_total(found.pair_talks), found.pair_talks_cost) == (talks, talks_cost)
    assert _total(found.after) == page.after()
    assert found.seats_released == page.before()[1] - page.released()[1]
    assert {person.person_id: _loads(person) for person in found.people} == page.people()
    assert [_shown(session) for session in found.sessions] == page.sessions()
    assert (found.cost, found.gap, found.coverage) == (page.cost(), page.gap(), page.coverage())
    assert found.lower_bound <= found.cost
    _assert_every_refusal(found, page)


def _assert_every_refusal(found: Suggestion, page: Page) -> None:
    agendas = page.agendas()
    pairs = nearest_pairs(page.solution.plan.sessions, agendas)
    refused = [(a, b, merge_of(page.task, agendas[a], agendas[b]).refusal()) for a, b in pairs]

    assert [(kept.first, kept.second, kept.refusal) for kept in found.kept_apart] == [
        row for row in refused if row[2] is not None
    ]


def _total(shown: Totals) -> Total:
    return shown.sessions, shown.seats, shown.minutes, shown.relevance, shown.busiest


def _loads(person: PersonLoad) -> tuple[tuple[int, int, int, int], ...]:
    return tuple(_load(load) for load in (person.before, person.released, person.after))


def _load(load: Load) -> tuple[int, int, int, int]:
    return load.sessions, load.minutes, load.attended, load.own


def _shown(session: SharedSession) -> object:
    place = None if session.place_id is None else f"l{session.place_id}"
    lines = [(line.number, line.dependency_id, line.minutes, line.start) for line in session.agenda]
    seats = sorted(
        (seat.person_id, seat.team_ids, seat.start, seat.end, seat.items, seat.own_minutes)
        for seat in session.seats
    )
    return session.minutes, session.slot, place, lines, seats


WAYS = {
    "windows": Rules(),
    "windows in a small room": Rules(people_max=5, room_max=3, minutes_max=75),
    "everybody stays": Rules(attendance=Attendance.WHOLE, people_max=8, room_max=None),
    "whole queues": Rules(attendance=Attendance.WHOLE, people_max=8, room_max=None, queues_whole=True),
    "long and quiet": Rules(attendance=Attendance.WHOLE, minutes_max=240, seat_cost=60, split_cost=0),
}


@pytest.mark.parametrize("rules", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("days", [(), DAYS], ids=["undated", "dated"])
def test_the_figures_of_the_seed(rules: Rules, days: tuple[date, ...]) -> None:
    found, page = asked(seed_organisation(), rules, days=days)

    assert_every_figure(found, page)


@pytest.mark.slow
@pytest.mark.parametrize("rules", WAYS.values(), ids=WAYS)
def test_the_figures_of_a_cycle_of_kubernetes(rules: Rules) -> None:
    found, page = asked(kubernetes("v1.37"), rules)

    assert_every_figure(found, page)


@pytest.mark.slow
def test_the_figures_of_all_of_kubernetes() -> None:
    found, page = asked(kubernetes(), Rules())

    assert_every_figure(found, page)


@pytest.mark.slow
@pytest.mark.parametrize("rules", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("seed", range(20))
def test_the_figures_of_made_organisations(seed: int, rules: Rules) -> None:
    days = DAYS if seed % 2 else ()

    found, page = asked(made(seed), rules, days=days, cadence_days=(14, 7, 30)[seed % 3])

    assert_every_figure(found, page)
    assert check(page.task, page.solution.plan) == ()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 220))
def test_the_figures_under_any_rules(seed: int) -> None:
    organisation = with_odd_hours(made(seed), seed) if seed % 3 == 0 else made(seed)

    found, page = asked(organisation, made_rules(seed), days=DAYS[: seed % 4 * 3], cadence_days=7 + seed % 24)

    assert_every_figure(found, page)


@pytest.mark.slow
@pytest.mark.parametrize("rules", WAYS.values(), ids=WAYS)
def test_the_figures_of_larkfield(session: Session, rules: Rules) -> None:
    load_example(session, OPERATOR)
    organisation = with_stand_ins(read_organisation(session))

    found, page = asked(organisation, rules, days=DAYS)

    assert_every_figure(found, page)
