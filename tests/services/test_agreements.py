"""Agreeing on a plan: what changes for whom, what people are told, and the way back from each step."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from planner.domain.agreement import ProposalState, Stance
from planner.domain.errors import CannotUndo, InvalidInput, NotAllowed, NotFound, NotNow, StaleVersion
from planner.domain.model import WorkingHours
from planner.domain.negotiation.acts import Act, Move
from planner.domain.notices import NoticeKind
from planner.domain.proposed_plan import News
from planner.domain.transfer import PersonDraft
from planner.services import agreements, notices
from planner.services.changes import undo
from planner.services.consolidation.kept_plans import mark_of
from planner.services.consolidation.proposals import Proposal, read_news, read_proposal, read_proposals
from planner.services.consolidation.proposing import share_plan
from planner.services.consolidation.suggestions import SuggestionRequest, answer, request_of, words_of
from planner.services.exchange import remove_everything
from planner.services.negotiations import negotiate
from planner.services.organisation import read_organisation
from planner.services.people import change_person, remove_person
from planner.services.shared_sessions import AgreedSession, read_agreed
from planner.storage.models import ProposalRow
from tests.factories import (
    MONDAY,
    OPERATOR,
    make_actor,
    make_agreed,
    make_cast,
    make_dependency,
    make_proposal,
    make_session,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange

TODAY = MONDAY.date()
ANY: dict[str, Any] = {"version": None, "key": None}
QUEUE = "partner-api-queue"


@pytest.fixture
def town(session: Session) -> Session:
    """Partner API holds a queue in which Payments sits; Web Shop asks for nothing."""
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    make_session(session, cast.partner_team, title="Partner API queue", attendees=(cast.partner, cast.owner))
    return session


def who(session: Session, key: str, *, later: int = 0) -> Actor:
    return replace(make_actor(session, key), at=MONDAY + timedelta(days=later))


def olive(session: Session, *, later: int = 0) -> Actor:
    return who(session, "olive-owner", later=later)


def pat(session: Session, *, later: int = 0) -> Actor:
    return who(session, "pat-partner", later=later)


def say(session: Session, actor: Actor, stance: Stance, words: str = "", *, number: int = 1) -> OpenChange:
    return agreements.answer_proposal(session, actor, number, stance=stance, words=words, **ANY)


def proposal(session: Session, number: int = 1, *, today: date = TODAY) -> Proposal:
    return read_proposal(session, read_organisation(session), number, today)


def held(session: Session, number: int = 1) -> tuple[AgreedSession, ...]:
    return read_agreed(session, read_organisation(session), number)


def paused(session: Session) -> dict[str, int | None]:
    return {one.key: one.paused_by_id for one in read_organisation(session).sessions}


def told(session: Session, key: str) -> list[str]:
    found = notices.read_notices(session, make_actor(session, key))
    return [one.text for one in found if one.kind is NoticeKind.PROPOSAL]


def states(session: Session) -> list[str]:
    return [row.state for row in session.scalars(select(ProposalRow).order_by(ProposalRow.id))]


def test_a_plan_is_shared_with_all_whom_it_concerns(town: Session) -> None:
    make_proposal(town, olive(town))

    found = proposal(town)
    assert (found.state, found.number, found.shared_by) == (ProposalState.SHARED, 1, "Olive Owner")
    assert [(one.person.name, one.is_host, one.sits_in, one.stance) for one in found.voices] == [
        ("Pat Partner", True, 1, None),
        ("Olive Owner", False, 1, None),
    ]
    assert [one.key for one in found.replaces] == [QUEUE]
    assert (found.before.sessions, found.after.sessions) == (1, 1)
    assert {key: told(town, key) for key in ("olive-owner", "pat-partner", "otto-outsider")} == {
        "olive-owner": [],
        "pat-partner": ["A plan of 1 session is proposed, and your answer is asked for."],
        "otto-outsider": [],
    }


def test_without_a_recorded_session_those_who_give_something_are_hosts(session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)

    make_proposal(session, who(session, cast.outsider))

    assert [(one.person.name, one.is_host) for one in proposal(session).voices] == [
        ("Pat Partner", True),
        ("Olive Owner", False),
    ]


def test_the_same_form_shares_once_and_another_one_is_told_that_it_waits_already(town: Session) -> None:
    found = answer(town, read_organisation(town), SuggestionRequest(), TODAY)
    mark = mark_of(found.solution.plan)

    first = share_plan(town, olive(town), answer=found, shown=mark, key="form")
    again = share_plan(town, olive(town), answer=found, shown=mark, key="form")

    assert (first[0], again[0], first[1].id == again[1].id) == (1, 1, True)
    with pytest.raises(NotNow, match="proposed already"):
        share_plan(town, pat(town), answer=found, shown=mark, key="another")
    with pytest.raises(StaleVersion):
        share_plan(town, pat(town), answer=found, shown="another", key=None)
    assert states(town) == ["shared"]


def test_nothing_to_meet_about_is_nothing_to_agree_on(session: Session) -> None:
    make_cast(session)

    with pytest.raises(NotNow, match="no session in this plan"):
        make_proposal(session, OPERATOR)


def test_an_answer_can_be_changed_and_stands_in_the_history(town: Session) -> None:
    make_proposal(town, olive(town))

    said = [say(town, pat(town), Stance.OBJECT, "We are  away"), say(town, pat(town), Stance.FINE)]

    voice = proposal(town).voices[0]
    assert (voice.stance, voice.words, voice.answered_at) == (Stance.FINE, "", MONDAY)
    assert [one.summary for one in said] == [
        "Said to the plan: objection: We are away",
        "Said to the plan: fine",
    ]
    assert told(town, "olive-owner") == ["There is an objection to a plan that concerns you."]


@pytest.mark.parametrize("stance", [Stance.FINE_IF, Stance.OBJECT])
def test_a_condition_and_an_objection_need_words(town: Session, stance: Stance) -> None:
    make_proposal(town, olive(town))

    with pytest.raises(InvalidInput) as refused:
        say(town, pat(town), stance, "  \n ")

    assert [one.where for one in refused.value.problems] == ["words"]


def test_only_who_is_asked_answers_and_nobody_for_another(town: Session) -> None:
    make_proposal(town, olive(town))

    with pytest.raises(NotAllowed):
        say(town, who(town, "otto-outsider"), Stance.FINE)

    assert [one.stance for one in proposal(town).voices] == [None, None]


def test_a_plan_is_not_adopted_while_something_is_missing_and_what_is_said(town: Session) -> None:
    make_proposal(town, olive(town))
    say(town, olive(town), Stance.OBJECT, "Too long")

    with pytest.raises(NotNow) as refused:
        agreements.adopt(town, pat(town), 1, **ANY)

    assert str(refused.value) == (
        "No answer yet from Pat Partner, who decides for a session it replaces. "
        "There is an objection of Olive Owner."
    )


def test_an_objection_at_the_same_moment_is_not_passed_by(town: Session) -> None:
    make_proposal(town, olive(town))
    say(town, pat(town), Stance.FINE)
    seen = proposal(town).version

    say(town, olive(town), Stance.OBJECT, "Too long")
    say(town, olive(town), Stance.FINE)

    with pytest.raises(StaleVersion):
        agreements.adopt(town, pat(town), 1, version=seen, key=None)


def test_the_trial_pauses_the_old_session_and_holds_the_new_one(town: Session) -> None:
    number = make_agreed(town, olive(town))

    (one,) = held(town, number)
    found = proposal(town, number)
    assert (found.state, found.adopted_on, found.trial_until) == (
        ProposalState.TRIAL,
        TODAY,
        date(2026, 3, 2),
    )
    assert paused(town) == {QUEUE: number}
    assert (one.starts_at, one.zone, one.sequence, one.is_cancelled, one.is_told) == (
        datetime(2026, 2, 3, 9, tzinfo=UTC), "UTC", 0, False, False,
    )  # fmt: skip
    assert [(seat.name, seat.start, seat.end) for seat in one.seats] == [
        (seat.name, seat.start, seat.end) for seat in found.sessions[0].seats
    ]
    assert [d.what for d in one.agenda] == ["Settlement file"]
    assert told(town, "pat-partner")[0] == "A plan that concerns you is adopted, on trial."


def test_the_same_form_adopts_once(town: Session) -> None:
    make_proposal(town, olive(town))
    say(town, pat(town), Stance.FINE)

    first, again = (agreements.adopt(town, olive(town), 1, version=None, key="form") for _ in range(2))

    assert (first.id == again.id, len(held(town)), len(told(town, "pat-partner"))) == (True, 1, 2)


def test_the_old_sessions_are_restored_in_one_act(town: Session) -> None:
    make_agreed(town, olive(town))

    agreements.revert(town, pat(town), 1, **ANY)

    (one,) = held(town)
    assert (proposal(town).state, paused(town)) == (ProposalState.REVERTED, {QUEUE: None})
    assert (one.is_cancelled, one.sequence) == (True, 1)


def test_what_has_been_held_is_not_cancelled_afterwards(town: Session) -> None:
    make_agreed(town, olive(town))

    agreements.revert(town, pat(town, later=7), 1, **ANY)

    # the round that was held stays, and the one after it is none any more
    assert [(one.is_cancelled, one.sequence, len(one.rounds)) for one in held(town)] == [(False, 1, 1)]


def test_one_team_restores_its_own_session_while_the_trial_goes_on(town: Session) -> None:
    make_agreed(town, olive(town))

    with pytest.raises(NotAllowed):
        agreements.restore_session(town, olive(town), QUEUE)
    agreements.restore_session(town, pat(town), QUEUE)

    assert (proposal(town).state, paused(town)) == (ProposalState.TRIAL, {QUEUE: None})


def test_the_trial_is_kept_by_consent_when_it_is_over(town: Session) -> None:
    make_agreed(town, olive(town))

    with pytest.raises(NotNow, match="not over yet"):
        agreements.keep_for_good(town, pat(town, later=27), 1, **ANY)
    say(town, olive(town, later=28), Stance.OBJECT, "Too early in the day")
    with pytest.raises(NotNow, match="Somebody objects"):
        agreements.keep_for_good(town, pat(town, later=28), 1, **ANY)
    say(town, olive(town, later=29), Stance.FINE_IF, "it begins at ten")
    agreements.keep_for_good(town, pat(town, later=29), 1, **ANY)

    assert (proposal(town).state, paused(town)) == (ProposalState.KEPT, {QUEUE: 1})


def test_every_step_can_be_taken_back_from_the_history(town: Session) -> None:
    make_proposal(town, olive(town))
    said = say(town, pat(town), Stance.FINE)
    adopted = agreements.adopt(town, olive(town), 1, **ANY)
    reverted = agreements.revert(town, olive(town), 1, **ANY)

    for change, expected in (
        (reverted, ("trial", {QUEUE: 1}, 1)),
        (adopted, ("shared", {QUEUE: None}, 0)),
        (said, ("shared", {QUEUE: None}, 0)),
    ):
        assert change.id is not None
        undo(town, OPERATOR, change.id)
        assert (states(town)[0], paused(town), len(held(town))) == expected
    assert [one.stance for one in proposal(town).voices] == [None, None]


def test_an_adoption_is_not_taken_back_under_what_was_built_on_it(town: Session) -> None:
    make_proposal(town, olive(town))
    say(town, pat(town), Stance.FINE)
    adopted = agreements.adopt(town, olive(town), 1, **ANY)
    agreements.revert(town, olive(town), 1, **ANY)
    assert adopted.id is not None

    with pytest.raises(CannotUndo):
        undo(town, OPERATOR, adopted.id)


def test_only_who_shared_a_plan_withdraws_it(town: Session) -> None:
    make_proposal(town, olive(town))

    with pytest.raises(NotAllowed):
        agreements.withdraw(town, pat(town), 1, **ANY)
    agreements.withdraw(town, olive(town), 1, **ANY)

    assert (states(town), told(town, "pat-partner")[0]) == (
        ["withdrawn"], "A plan that concerns you was withdrawn; nothing changes.",
    )  # fmt: skip
    with pytest.raises(NotNow, match="was withdrawn"):
        say(town, pat(town), Stance.FINE)


def test_a_plan_that_nobody_answers_expires_and_makes_room(town: Session) -> None:
    make_proposal(town, olive(town))

    with pytest.raises(NotNow, match="has expired"):
        say(town, pat(town, later=15), Stance.FINE)
    make_proposal(town, olive(town, later=15))

    today = TODAY + timedelta(days=15)
    found = read_proposals(town, read_organisation(town), today)
    assert [(one.number, one.state) for one in found] == [
        (2, ProposalState.SHARED),
        (1, ProposalState.EXPIRED),
    ]


def test_a_newer_version_takes_the_place_of_one_that_waits(town: Session) -> None:
    make_proposal(town, olive(town))
    make_dependency(town, "web-shop", "partner-api", what="Refund rule")

    make_proposal(town, pat(town))

    assert states(town) == ["revised", "shared"]


def test_a_newer_plan_moves_the_sessions_of_the_trial(town: Session) -> None:
    make_agreed(town, olive(town))
    (before,) = held(town)
    make_dependency(town, "web-shop", "partner-api", what="Refund rule")
    second = make_agreed(town, pat(town))

    (after,) = held(town, second)
    assert (states(town), held(town, 1), paused(town)) == (["revised", "trial"], (), {QUEUE: second})
    assert (after.id, after.uid, after.sequence) == (before.id, before.uid, 1)
    assert {d.what for d in after.agenda} == {"Settlement file", "Refund rule"}
    assert proposal(town, second).trial_until == date(2026, 3, 2)


def test_a_session_that_a_newer_plan_has_not_is_cancelled(town: Session) -> None:
    make_agreed(town, olive(town))
    negotiate(town, OPERATOR, 1, Move(Act.WITHDRAW, text="not needed"), **ANY)
    make_dependency(town, "web-shop", "partner-api", what="Refund rule")

    second = make_agreed(town, pat(town))

    assert [(one.is_cancelled, one.sequence) for one in held(town, second)] == [(True, 1), (False, 0)]


def test_facts_that_have_changed_are_told_and_what_breaks_a_session_forbids_to_adopt(town: Session) -> None:
    make_proposal(town, olive(town))
    say(town, pat(town), Stance.FINE)
    make_dependency(town, "web-shop", "partner-api", what="Refund rule")
    fresh = read_news(town, read_organisation(town), 1, TODAY)
    hours = WorkingHours("Asia/Kolkata")
    change_person(town, OPERATOR, "olive-owner", PersonDraft("", "Olive Owner", hours=hours), version=None)

    broken = read_news(town, read_organisation(town), 1, TODAY)

    came = ("“Refund rule” needs a conversation now and is in none of these sessions.",)
    assert fresh == News((), came)
    assert broken == News(("Olive Owner can meet at other hours now.",), came)
    with pytest.raises(NotNow, match="other hours now"):
        agreements.adopt(town, pat(town), 1, **ANY)


def test_what_drops_out_and_who_is_gone_is_told(town: Session) -> None:
    make_proposal(town, olive(town))
    negotiate(town, OPERATOR, 1, Move(Act.WITHDRAW, text="not needed"), **ANY)
    remove_person(town, OPERATOR, "olive-owner")

    assert read_news(town, read_organisation(town), 1, TODAY) == News(
        ("One person of these sessions is not recorded any more.",),
        ("“Settlement file” needs no conversation any more.",),
    )
    assert [seat.name for seat in proposal(town).sessions[0].seats] == ["somebody who is gone", "Pat Partner"]


def test_a_start_that_has_passed_comes_round_when_the_plan_is_adopted(town: Session) -> None:
    make_proposal(town, olive(town))
    say(town, pat(town, later=9), Stance.FINE)

    agreements.adopt(town, pat(town, later=9), 1, **ANY)

    assert [one.starts_at for one in held(town)] == [datetime(2026, 2, 17, 9, tzinfo=UTC)]


def test_when_everything_is_removed_proposals_go_too_and_come_back_with_it(town: Session) -> None:
    make_agreed(town, olive(town))
    before = (proposal(town), held(town))

    change = remove_everything(town, OPERATOR)
    gone = states(town)
    assert change.id is not None
    undo(town, OPERATOR, change.id)

    assert (gone, replace(proposal(town), version=before[0].version), held(town)) == ([], *before)


def test_there_is_no_such_proposal(town: Session) -> None:
    with pytest.raises(NotFound):
        agreements.adopt(town, OPERATOR, 7, **ANY)


@pytest.mark.parametrize(
    "request_",
    [
        SuggestionRequest(),
        SuggestionRequest("Sprint 1", ("asked",), {"people_max": 5, "sessions_max": None, "earliest": 600}),
        SuggestionRequest(rules={"queues_whole": True, "unrated_gap": 0.5}),
    ],
)
def test_a_question_is_asked_again_by_its_words(request_: SuggestionRequest) -> None:
    assert request_of(words_of(request_)) == request_
