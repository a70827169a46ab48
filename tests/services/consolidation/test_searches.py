"""Long searches go to a worker: the page has a plan at once, and hears of better ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from planner.domain.consolidation.model import Rules
from planner.domain.errors import NotFound
from planner.services.consolidation import plans, searches, suggestions
from planner.services.consolidation.searches import (
    Figures,
    read_search,
    search_for,
    search_now,
    search_on,
    stop_search,
)
from planner.services.consolidation.suggestions import SuggestionRequest, answer, search_here
from planner.services.desk import Desk, take_one
from planner.services.exchange import store_draft
from planner.services.organisation import read_organisation
from planner.services.work.working import work_once
from planner.storage.db import db, only_reading
from planner.storage.jobs import JobState
from planner.storage.models import JobRow, ResultRow
from tests.factories import MONDAY, OPERATOR, make_cast, make_dependency
from tests.support.large import large_organisation

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from planner.services.consolidation.searches import Search
    from planner.services.consolidation.suggestions import Answer

TODAY = MONDAY.date()
ASKED = SuggestionRequest()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches of a hundredth of the length: what is tested is who makes them."""
    monkeypatch.setattr(plans, "STAGES", (0.0, 0.002, 0.01))


@pytest.fixture
def town(session: Session, quick: None) -> Session:  # noqa: ARG001 - makes the searches short
    """An organisation for which a search is too long for a page."""
    store_draft(session, OPERATOR, large_organisation(16, 40), tag="test:loaded", summary="Loaded")
    return session


def open_session() -> Session:
    return Session(db.engine)


def asked(session: Session, request: SuggestionRequest = ASKED) -> Answer:
    return answer(session, read_organisation(session), request, TODAY)


def searching(session: Session) -> Search:
    found = search_for(session, asked(session), MONDAY)
    assert found is not None
    return found


def done_one(session: Session) -> bool:
    """Let a worker do one job, as another process would: beside what this session has open."""
    session.commit()
    return work_once(open_session)


def ticking() -> Callable[[], datetime]:
    """A clock that goes on by a second with each look."""
    looks = [MONDAY]

    def now() -> datetime:
        looks.append(looks[-1] + timedelta(seconds=1))
        return looks[-1]

    return now


def test_a_small_question_is_answered_in_full_at_once(session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)

    found = asked(session)

    assert found.is_final
    assert search_for(session, found, MONDAY) is None


def test_a_large_question_has_its_first_plan_at_once_and_a_search_for_better(town: Session) -> None:
    found = asked(town)
    search = searching(town)

    assert len(found.question.task.items) > suggestions.ITEMS_AT_ONCE
    assert found.solution == plans.first_plan(found.question.task)
    assert (search.state, search.percent, search.is_attended) == (JobState.WAITING, 0, False)
    assert plans.kept_best(town, found.question.key) == (found.solution, False)


def test_who_asks_the_same_joins_the_search_that_is_there(town: Session) -> None:
    assert searching(town).number == searching(town).number


def test_a_worker_finds_the_plan_that_the_command_line_finds(town: Session) -> None:
    before, number = asked(town), searching(town).number

    assert done_one(town)

    after = asked(town)
    done = read_search(town, number, MONDAY)
    assert after.is_final
    assert after.solution == plans.search(after.question.task)
    assert plans.rank(after.question.task, after.solution) <= plans.rank(
        before.question.task, before.solution
    )
    assert (done.state, done.best) == (
        JobState.DONE,
        Figures(len(after.solution.plan.sessions), after.solution.cost),
    )
    assert search_for(town, after, MONDAY) is None
    assert not done_one(town)


def test_progress_goes_up_to_the_end(town: Session) -> None:
    told: list[tuple[int, int]] = []

    plans.search(asked(town).question.task, progress=lambda done, total: told.append((done, total)))

    assert told == sorted(told)
    assert told[-1] == (plans.STEPS, plans.STEPS)


def test_a_search_that_is_stopped_keeps_the_best_plan_so_far(town: Session) -> None:
    number = searching(town).number
    first = asked(town).solution
    heard: list[int] = []

    def stopping(session: Session, desk: Desk) -> JobState:
        heard.append(desk.job.id)
        stop_search(session, OPERATOR, number)
        return searches.run_search(session, desk)

    town.commit()
    with open_session() as other:
        take_one(other, {searches.KIND: stopping}, worker_id="w1", clock=ticking())

    found = asked(town)
    assert heard == [number]
    assert read_search(town, number, MONDAY).state is JobState.STOPPED
    assert (found.is_final, found.solution) == (False, first)
    assert not done_one(town)


def test_a_search_is_stopped_also_while_it_tells_how_far_it_is(town: Session) -> None:
    number = searching(town).number
    town.commit()
    with only_reading():
        assert not read_search(town, number, MONDAY).is_stopping
    with open_session() as worker:
        worker.execute(update(JobRow).values(done=1, total=2))
        worker.commit()

    stop_search(town, OPERATOR, number)

    assert read_search(town, number, MONDAY).state is JobState.STOPPED


def test_a_stopped_search_can_be_taken_up_again(town: Session) -> None:
    number = searching(town).number
    stop_search(town, OPERATOR, number)
    assert not done_one(town)

    search_on(town, OPERATOR, number)

    assert done_one(town)
    assert asked(town).is_final


def test_where_no_worker_is_the_search_is_made_while_one_waits(town: Session) -> None:
    number = searching(town).number

    search_now(town, OPERATOR, number)

    assert asked(town).is_final
    assert read_search(town, number, MONDAY).state is JobState.DONE
    assert not read_search(town, number, MONDAY).is_attended


def test_a_search_about_records_that_have_changed_is_left(town: Session) -> None:
    number = searching(town).number
    make_dependency(town, "t0", "t5", what="New need")

    done_one(town)

    assert read_search(town, number, MONDAY).state is JobState.STOPPED
    assert not asked(town).is_final


def test_newer_records_make_a_new_search_and_stop_the_old_one(town: Session) -> None:
    old = searching(town).number
    make_dependency(town, "t0", "t5", what="New need")

    new = searching(town).number

    assert new != old
    assert read_search(town, old, MONDAY).state is JobState.STOPPED


def test_a_search_that_breaks_is_told_and_the_worker_goes_on(
    town: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = searching(town).number

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("out of luck")

    monkeypatch.setattr(plans, "solve", broken)  # there is no honest way to break the solver

    assert done_one(town)
    assert read_search(town, number, MONDAY).state is JobState.FAILED


def test_a_plan_that_was_forgotten_is_searched_for_again(town: Session) -> None:
    number = searching(town).number
    done_one(town)
    town.execute(delete(ResultRow))
    town.commit()

    again = searching(town)

    assert (again.number, again.state) == (number, JobState.WAITING)


def test_a_search_that_nobody_asked_for_is_not_there(session: Session) -> None:
    for act in (
        lambda: read_search(session, 7, MONDAY),
        lambda: stop_search(session, OPERATOR, 7),
        lambda: search_on(session, OPERATOR, 7),
        lambda: search_now(session, OPERATOR, 7),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_stopped_search_of_the_command_line_keeps_nothing(town: Session) -> None:
    organisation = read_organisation(town)
    looks = iter([False, True])

    found = search_here(town, organisation, ASKED, TODAY, stop=lambda: next(looks, True))

    assert found.sessions
    assert not asked(town).is_final


def test_fewer_broken_rules_come_before_fewer_minutes(town: Session) -> None:
    task = asked(town).question.task
    strict = replace(task, rules=replace(Rules(), sessions_max=1))
    plan = plans.first_plan(task)
    cheaper = replace(plan, cost=plan.cost - 100, plan=replace(plan.plan, unplaced={"d1": "R4: no"}))

    assert plans.rank(task, plan) < plans.rank(task, cheaper)
    assert plans.rank(strict, plan)[1] > 0
