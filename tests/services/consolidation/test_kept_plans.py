"""The plan that people decide on: kept for a question, told against what is best now, forgotten again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.consolidation.model import Rules
from planner.domain.errors import CannotUndo, NotFound, StaleVersion
from planner.domain.negotiation.acts import Act, Move
from planner.domain.transfer import DependencyDraft
from planner.services import changes, dependencies, people
from planner.services.consolidation import plans
from planner.services.consolidation.kept_plans import keep_plan, mark_of, read_kept_plan, remove_kept_plan
from planner.services.consolidation.replans import best_now, close_to_kept
from planner.services.consolidation.searches import search_for
from planner.services.consolidation.suggestions import SuggestionRequest, answer
from planner.services.exchange import export_organisation, remove_everything, store_draft
from planner.services.negotiations import negotiate
from planner.services.organisation import read_organisation
from planner.services.work.working import work_once
from planner.storage.db import db
from planner.storage.models import KeptPlanRow
from tests.domain.consolidation.checker import check
from tests.factories import MONDAY, OPERATOR, bring_in, make_cast, make_dependency, make_person, make_team
from tests.support.large import large_organisation

if TYPE_CHECKING:
    from planner.services.actor import Actor
    from planner.services.consolidation.replans import PlanView
    from planner.services.consolidation.suggestions import Answer
    from planner.storage.audit import OpenChange

TODAY = MONDAY.date()
ASKED = SuggestionRequest()


@pytest.fixture
def town(session: Session) -> Session:
    """Three people in one talk: two hand-overs, each with a day it is needed by."""
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    make_dependency(session, cast.outside_team, cast.partner_team, what="Card token")
    return session


@pytest.fixture
def city(session: Session) -> Session:
    """An organisation for which a search is too long for a page."""
    store_draft(session, OPERATOR, large_organisation(16, 40), tag="test:loaded", summary="Loaded")
    return session


def asked(session: Session, request: SuggestionRequest = ASKED, *, later: int = 0) -> Answer:
    return answer(session, read_organisation(session), request, TODAY + timedelta(days=later))


def keep(session: Session, actor: Actor = OPERATOR) -> OpenChange:
    found = asked(session)
    return keep_plan(session, actor, answer=found, shown=mark_of(found.solution.plan))


def best(session: Session, *, later: int = 0) -> PlanView:
    return best_now(session, asked(session, later=later))


def near(session: Session) -> PlanView:
    return close_to_kept(session, asked(session))


def told(view: PlanView) -> tuple[str, tuple[str, ...]]:
    assert view.changes is not None
    return view.changes.summary, view.changes.sentences


NOTHING = ("Nothing changes: every session stays as it is.", ())


def test_without_a_kept_plan_there_is_one_way_to_go_on(town: Session) -> None:
    views = (best(town), near(town))

    assert [(view.kept, view.changes, view.is_near) for view in views] == [(None, None, False)] * 2


def test_a_kept_plan_is_read_with_who_kept_it_and_when(town: Session) -> None:
    found = asked(town)

    keep(town, replace(OPERATOR, name="Olive Owner"))

    kept = read_kept_plan(town, found.question)
    assert kept is not None
    assert (kept.plan.sessions, kept.kept_at, kept.kept_by) == (
        found.solution.plan.sessions,
        MONDAY,
        "Olive Owner",
    )
    assert told(best(town)) == NOTHING
    assert told(near(town)) == NOTHING


def test_what_is_new_is_told_against_the_kept_plan(town: Session) -> None:
    keep(town)

    make_dependency(town, "web-shop", "payments", what="Refund rule")

    view = near(town)
    summary, sentences = told(view)
    assert summary.startswith("1 of 1 session changes")
    assert "Refund rule comes in" in sentences[0]
    assert check(view.answer.question.task, view.answer.solution.plan) == ()


def test_a_removed_dependency_is_told_without_its_words(town: Session) -> None:
    keep(town)

    dependencies.remove_dependency(town, OPERATOR, 2)

    assert told(best(town)) == (
        "1 of 1 session changes.",
        (
            "Partner API and Payments: one removed dependency drops out, Otto Outsider is not needed any "
            "more, everything else stays.",
        ),
    )


def test_an_answered_dependency_drops_out_by_its_words(town: Session) -> None:
    keep(town)
    negotiate(town, OPERATOR, 2, Move(Act.ACCEPT, day=TODAY), version=None, key=None)

    assert "Card token drops out" in told(near(town))[1][0]


def test_a_removed_person_is_told_without_their_name(town: Session) -> None:
    make_team(town, name="Rosters", decides=[make_person(town, name="Rosa"), make_person(town, name="Zoe")])
    make_dependency(town, "rosters", "payments", what="Shift list")
    keep(town)

    people.remove_person(town, OPERATOR, "rosa")

    summary, sentences = told(near(town))
    assert summary == "1 of 1 session changes, 1 invitation."
    assert sentences[0].endswith(
        "Zoe joins, one removed person is not needed any more, everything else stays."
    )


def test_a_team_without_people_is_kept_with_its_stand_in(town: Session) -> None:
    make_team(town, name="Ferries")
    make_dependency(town, "ferries", "payments", what="Pier list")

    keep(town)

    assert told(best(town)) == NOTHING


def test_when_nothing_is_left_every_session_is_gone(town: Session) -> None:
    keep(town)

    dependencies.remove_dependency(town, OPERATOR, 1)
    dependencies.remove_dependency(town, OPERATOR, 2)

    assert told(near(town)) == (
        "1 session is gone.",
        (
            "A session of Olive Owner, Otto Outsider and Pat Partner is gone: two removed dependencies drop "
            "out.",
        ),
    )


def test_each_question_has_its_own_plan(town: Session) -> None:
    keep(town)

    other = asked(town, SuggestionRequest(rules={"people_max": 4}))
    same = asked(town, SuggestionRequest(rules={"people_max": Rules().people_max}))

    assert read_kept_plan(town, other.question) is None
    assert read_kept_plan(town, same.question) is not None


def test_the_newest_plan_takes_the_place_of_the_one_before(town: Session) -> None:
    keep(town)
    make_dependency(town, "web-shop", "payments", what="Refund rule")

    keep(town)

    assert told(best(town)) == NOTHING
    assert town.scalar(select(func.count()).select_from(KeptPlanRow)) == 1


def test_a_start_comes_round_two_weeks_later(town: Session) -> None:
    keep(town)

    assert told(best(town, later=14)) == NOTHING


def test_a_plan_that_is_not_the_one_shown_is_not_kept(town: Session) -> None:
    shown = mark_of(asked(town).solution.plan)
    make_dependency(town, "web-shop", "payments", what="Refund rule")

    with pytest.raises(StaleVersion, match="Look at what is there now"):
        keep_plan(town, OPERATOR, answer=asked(town), shown=shown)

    assert best(town).kept is None


def test_keeping_and_forgetting_are_taken_back_and_forth(town: Session) -> None:
    kept = keep(town).id
    assert kept is not None

    gone = remove_kept_plan(town, OPERATOR, question=asked(town).question, version=None).id
    without = best(town).kept
    assert gone is not None
    changes.undo(town, OPERATOR, gone)
    again = best(town)
    changes.undo(town, OPERATOR, kept)

    assert without is None
    assert told(again) == NOTHING
    assert again.kept is not None
    assert (again.kept.kept_at, again.kept.kept_by) == (MONDAY, "Operator")
    assert best(town).kept is None


def test_the_way_back_from_a_newer_plan_is_the_older_one(town: Session) -> None:
    keep(town)
    first = best(town).kept
    make_dependency(town, "web-shop", "payments", what="Refund rule")
    second = keep(town).id
    assert second is not None

    changes.undo(town, OPERATOR, second)

    kept = best(town).kept
    assert first is not None
    assert kept is not None
    assert kept.plan == first.plan


def test_what_was_kept_over_cannot_be_taken_back(town: Session) -> None:
    first = keep(town).id
    make_dependency(town, "web-shop", "payments", what="Refund rule")
    keep(town)
    assert first is not None

    with pytest.raises(CannotUndo, match="changed again since"):
        changes.undo(town, OPERATOR, first)


def test_a_plan_that_is_not_there_cannot_be_forgotten(town: Session) -> None:
    with pytest.raises(NotFound):
        remove_kept_plan(town, OPERATOR, question=asked(town).question, version=None)


def test_a_plan_that_somebody_kept_anew_is_not_forgotten_unseen(town: Session) -> None:
    keep(town)
    kept = best(town).kept
    make_dependency(town, "web-shop", "payments", what="Refund rule")
    keep(town)
    assert kept is not None

    with pytest.raises(StaleVersion):
        remove_kept_plan(town, OPERATOR, question=asked(town).question, version=kept.version)


def test_removing_everything_takes_the_kept_plan_and_brings_it_back(town: Session) -> None:
    keep(town)

    change = remove_everything(town, OPERATOR).id
    empty = best(town)
    assert change is not None
    changes.undo(town, OPERATOR, change)

    assert (empty.kept, empty.changes) == (None, None)
    assert told(best(town)) == NOTHING


def test_a_plan_finds_its_organisation_after_it_was_imported_anew(town: Session) -> None:
    """Rows get other numbers then; the plan knows people and dependencies by their keys."""
    keep(town)
    exported = export_organisation(town)
    forgotten = remove_kept_plan(town, OPERATOR, question=asked(town).question, version=None).id
    remove_everything(town, OPERATOR)
    bring_in(town, OPERATOR, exported)
    assert forgotten is not None

    changes.undo(town, OPERATOR, forgotten)

    assert min(one.id for one in read_organisation(town).dependencies) > 2
    assert told(best(town)) == NOTHING


def test_export_knows_nothing_of_kept_plans(town: Session) -> None:
    before = export_organisation(town)

    keep(town)

    assert export_organisation(town) == before


def test_in_a_large_organisation_a_small_change_is_planned_near_at_once(city: Session) -> None:
    keep(city)
    make_dependency(city, "t0", "t5", what="New part")

    view = near(city)

    assert (view.is_near, view.is_awaited) == (True, False)
    assert view.changes is not None
    assert view.changes.price.startswith("From scratch costs")
    assert len(view.changes.sentences) <= 2
    assert check(view.answer.question.task, view.answer.solution.plan) == ()


def test_the_plan_near_the_kept_one_is_found_once(city: Session) -> None:
    keep(city)
    make_dependency(city, "t0", "t5", what="New part")

    first, second = near(city), near(city)

    assert first.answer is second.answer


def change_much(session: Session) -> None:
    """Record so many dependencies that the way to a plan near the kept one is long."""
    drafts = [
        DependencyDraft(f"new-{n}", f"t{n % 16}", f"t{(n + 5) % 16}", f"New part {n}") for n in range(30)
    ]
    dependencies.record_dependencies(session, OPERATOR, drafts)


def test_after_many_changes_a_worker_finds_the_plan_near_the_kept_one(city: Session) -> None:
    keep(city)
    change_much(city)

    waiting = near(city)
    search = search_for(city, waiting.answer, MONDAY)
    city.commit()
    assert work_once(lambda: Session(db.engine))
    found = near(city)

    assert search is not None
    assert (waiting.is_awaited, found.is_awaited) == (True, False)
    assert waiting.answer.solution == asked(city).solution
    assert search_for(city, found.answer, MONDAY) is None
    assert check(found.answer.question.task, found.answer.solution.plan) == ()


def test_a_worker_leaves_a_plan_near_one_that_is_not_kept_any_more(city: Session) -> None:
    keep(city)
    change_much(city)
    waiting = near(city)
    search_for(city, waiting.answer, MONDAY)
    remove_kept_plan(city, OPERATOR, question=waiting.answer.question, version=None)
    city.commit()

    assert work_once(lambda: Session(db.engine))

    assert plans.kept_final(city, waiting.answer.question.key) is None
