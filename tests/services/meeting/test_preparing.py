"""Preparing a session: the agenda that writes itself, topics of people, and the orders that can be taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.ballots import Vote
from planner.domain.errors import InvalidInput, NotAllowed, NotFound, NotNow, StaleVersion
from planner.domain.meeting.deciding import Decision
from planner.domain.meeting.model import ItemId, MeetingState, OutcomeKind
from planner.domain.meeting.rounds import RoundOf
from planner.domain.model import DependencyState
from planner.services import agreements
from planner.services.changes import recorded, undo
from planner.services.meeting import ballots, outcomes, preparing
from planner.services.meeting.live import start_meeting
from planner.services.meeting.meetings import existing_shared, make_meeting, meeting_row, read_meeting
from planner.services.meeting.orders import Order
from planner.services.meeting.preparations import Preparation, read_preparation
from planner.services.organisation import read_organisation
from planner.services.shared_sessions import rows_of
from planner.storage.models import DependencyRow, OutcomeRow, SharedSessionRow
from tests.factories import (
    MONDAY,
    OPERATOR,
    make_actor,
    make_agreed,
    make_cast,
    make_dependency,
    make_goal,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

ANY: dict[str, Any] = {"version": None, "key": None}
FILE, REFUNDS, TOKENS = "Settlement file", "Refunds", "Card tokens"
FIRST = RoundOf(1, 0)


@pytest.fixture
def town(session: Session) -> Session:
    """Olive and Pat have agreed on one session about three dependencies, two of them a pair of steps."""
    cast = make_cast(session)
    goal = make_goal(session, (cast.team, cast.partner_team))
    soon, later = date(2026, 3, 2), date(2026, 3, 30)
    make_dependency(session, cast.team, cast.partner_team, goal=goal, needed_by=soon)
    make_dependency(session, cast.partner_team, cast.team, what=REFUNDS, goal=goal, needed_by=later)
    make_dependency(session, cast.team, cast.partner_team, what=TOKENS, needed_by=later)
    make_agreed(session, make_actor(session, cast.owner))
    return session


def prepared(session: Session, who: str | None = "olive-owner", number: int = 1) -> Preparation:
    actor = None if who is None else make_actor(session, who)
    return read_preparation(session, read_organisation(session), actor, number)


def agenda(session: Session, number: int = 1) -> list[tuple[str, int, str]]:
    found = prepared(session, number=number)
    return [(one.item.title, one.item.minutes, one.part.name) for one in found.lines]


def titles(session: Session) -> list[str]:
    return [one.item.title for one in prepared(session).lines]


def vote(session: Session, who: str, scores: dict[str, int], weeks: dict[str, int] | None = None) -> None:
    organisation = read_organisation(session)
    key = {one.what: one.key for one in organisation.dependencies}
    papers = [
        Vote(key.get(title, f"topic: {title}"), score, weeks=(weeks or {}).get(title))
        for title, score in scores.items()
    ]
    ballots.vote(session, make_actor(session, who), organisation, 1, papers)


def take(session: Session, order: Order, who: str = "olive-owner", **given: Any) -> int | None:
    actor = make_actor(session, who)
    organisation = read_organisation(session)
    return preparing.write_agenda(session, actor, organisation, FIRST, order=order, **{**ANY, **given}).id


def settle(session: Session, number: int) -> None:
    """Make a dependency agreed in time, as an import would say it."""
    with recorded(session, OPERATOR, "dependency:changed", "Agreed"):
        row = session.get_one(DependencyRow, number)
        row.state, row.promised_for = DependencyState.AGREED.value, date(2026, 2, 27)


def drop(session: Session, number: int) -> None:
    with recorded(session, OPERATOR, "dependency:changed", "Withdrawn"):
        session.get_one(DependencyRow, number).state = DependencyState.WITHDRAWN.value


def add(session: Session, title: str, who: str = "olive-owner", **given: Any) -> int | None:
    return preparing.add_topic(
        session, make_actor(session, who), FIRST, title=title, **{"key": None, **given}
    ).id


def item(session: Session, title: str) -> int:
    return next(one.item.id for one in prepared(session).lines if one.item.title == title)


def windows(session: Session) -> dict[str, tuple[int, int]]:
    return {seat["person"]: (seat["start"], seat["end"]) for seat in existing_shared(session, 1).seats}


def close_with(session: Session, ended: dict[str, tuple[OutcomeKind, str]], number: int = 1) -> None:
    """Hold the session and end each of its items so; what is not named stays open."""
    with recorded(session, OPERATOR, "meeting:closed", "Closed"):
        row = meeting_row(session, existing_shared(session, number))
        row.state = MeetingState.CLOSED.value
        for one in read_meeting(session, RoundOf(number, 0)).items:
            if one.title in ended:
                kind, to = ended[one.title]
                session.add(
                    OutcomeRow(
                        item_id=one.id, kind=kind.value, text="", decider="", consulted=[], idea_from="",
                        deferred_to=to,
                    )
                )  # fmt: skip


def next_session(session: Session, *agenda: str) -> int:
    """The session of the same people two weeks later."""
    before = existing_shared(session, 1)
    assert before.starts_at is not None
    with recorded(session, OPERATOR, "session:moved", "The next round"):
        row = SharedSessionRow(
            proposal_id=before.proposal_id, uid="next", sequence=0, is_cancelled=False, title=before.title,
            starts_at=before.starts_at + timedelta(days=14), zone="UTC", minutes=60, place="",
            facilitator=before.facilitator, agenda=list(agenda), seats=before.seats, mailed_to=[],
            changed_at=MONDAY,
        )  # fmt: skip
        session.add(row)
    return row.id


def test_the_agenda_writes_itself_with_its_minutes(town: Session) -> None:
    assert agenda(town) == [(FILE, 15, "TALK"), (REFUNDS, 15, "TALK"), (TOKENS, 15, "TALK")]
    assert prepared(town).fits == "It fits: 60 minutes, to the minute."
    assert not prepared(town).meeting.is_kept


def test_what_is_settled_meanwhile_moves_to_the_consent_list(town: Session) -> None:
    drop(town, 2)
    settle(town, 1)

    assert agenda(town) == [(FILE, 1, "CONSENT"), (TOKENS, 8, "TALK")]
    assert [[one.item.title for one in part] for part in (prepared(town).consent, prepared(town).talk)] == [
        [FILE],
        [TOKENS],
    ]


def test_what_is_settled_though_people_see_it_differently_is_talked_about(town: Session) -> None:
    drop(town, 2)
    settle(town, 1)
    vote(town, "olive-owner", {FILE: 5})
    vote(town, "pat-partner", {FILE: 1})

    take(town, Order.DIVIDED)

    assert agenda(town) == [(FILE, 15, "TALK"), (TOKENS, 8, "TALK")]


def test_anybody_adds_a_topic_and_leads_it_as_a_guest(town: Session) -> None:
    add(town, "  Summer   holidays ", "otto-outsider")

    line = prepared(town, "otto-outsider").lines[-1]
    assert (line.item.title, line.item.minutes, line.part.name) == ("Summer holidays", 5, "TOPIC")
    assert (line.lead and line.lead.name, line.is_guest, line.may_change) == ("Otto Outsider", True, True)
    assert (line.span.start, line.span.end) == (60, 65)
    assert not prepared(town).lines[-1].may_change
    assert prepared(town).fits == "5 minutes too long: the agenda takes 65, the session has 60."
    assert prepared(town).is_too_long


def test_a_topic_of_somebody_who_is_invited_is_no_guest(town: Session) -> None:
    add(town, "Holidays")

    assert not prepared(town).lines[-1].is_guest


def test_the_same_form_adds_one_topic(town: Session) -> None:
    first = add(town, "Holidays", key="form")

    assert add(town, "Holidays", key="form") == first
    assert titles(town) == [FILE, REFUNDS, TOKENS, "Holidays"]


@pytest.mark.parametrize(
    ("title", "problem"),
    [
        ("  ", "title: is empty; write at least one letter"),
        ("x" * 201, "title: is 201 characters long; at most 200 can be kept"),
        ("refunds", "title: is on this agenda already"),
    ],
)
def test_a_topic_that_says_nothing_or_twice_is_refused(town: Session, title: str, problem: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(town, title)

    assert str(refused.value) == problem
    assert titles(town) == [FILE, REFUNDS, TOKENS]


def test_an_agenda_holds_no_more_than_thirty_topics(town: Session) -> None:
    for number in range(preparing.TOPICS_MOST):
        add(town, f"Topic {number}")

    with pytest.raises(InvalidInput, match="one too many"):
        add(town, "One more")


def test_a_topic_is_taken_away_by_who_leads_it_and_comes_back(town: Session) -> None:
    add(town, "Holidays")
    number = item(town, "Holidays")
    pat, olive = make_actor(town, "pat-partner"), make_actor(town, "olive-owner")

    with pytest.raises(NotAllowed, match="whoever leads this topic"):
        preparing.take_away(town, pat, 1, item_id=number, **ANY)
    change = preparing.take_away(town, olive, 1, item_id=number, **ANY)

    assert titles(town) == [FILE, REFUNDS, TOKENS]
    assert change.id is not None
    undo(town, olive, change.id)
    assert titles(town) == [FILE, REFUNDS, TOKENS, "Holidays"]


def test_what_comes_from_the_plan_is_not_taken_away(town: Session) -> None:
    make_meeting(town, OPERATOR, 1, key=None)

    with pytest.raises(NotNow, match="comes from the plan"):
        preparing.take_away(town, OPERATOR, 1, item_id=item(town, FILE), **ANY)
    with pytest.raises(NotFound):
        preparing.take_away(town, OPERATOR, 1, item_id=99, **ANY)


def test_a_stale_topic_is_not_taken_away(town: Session) -> None:
    add(town, "Holidays")

    with pytest.raises(StaleVersion):
        preparing.take_away(town, OPERATOR, 1, item_id=item(town, "Holidays"), version=7, key=None)


def test_somebody_else_is_asked_to_lead(town: Session) -> None:
    add(town, "Holidays")
    given = {"item_id": item(town, "Holidays"), **ANY}
    olive = make_actor(town, "olive-owner")

    with pytest.raises(InvalidInput, match="nobody who is recorded"):
        preparing.ask_to_lead(town, olive, 1, person="nobody", **given)
    preparing.ask_to_lead(town, olive, 1, person="otto-outsider", **given)

    line = prepared(town, "otto-outsider").lines[-1]
    assert (line.lead and line.lead.key, line.is_guest, line.may_change) == ("otto-outsider", True, True)
    with pytest.raises(NotAllowed):
        preparing.take_away(town, olive, 1, **given)


def test_what_the_last_session_left_open_comes_first(town: Session) -> None:
    add(town, "Holidays", "otto-outsider")
    add(town, "Done with")
    close_with(
        town,
        {
            FILE: (OutcomeKind.DECIDED, ""),
            TOKENS: (OutcomeKind.DEFERRED, "the next session"),
            REFUNDS: (OutcomeKind.DEFERRED, "in writing"),
            "Done with": (OutcomeKind.DECIDED, ""),
        },
    )

    number = next_session(town, *existing_shared(town, 1).agenda[:2])

    found = prepared(town, number=number)
    assert [(one.item.title, one.part.name) for one in found.lines] == [
        (TOKENS, "UNFINISHED"),
        ("Holidays", "UNFINISHED"),
        (FILE, "TALK"),
        (REFUNDS, "TALK"),
    ]
    assert found.before == existing_shared(town, 1).title
    assert found.lines[1].lead is not None
    assert found.lines[1].is_guest


def test_a_session_of_other_people_leaves_nothing(town: Session) -> None:
    close_with(town, {})
    number = next_session(town)
    with recorded(town, OPERATOR, "session:moved", "Others"):
        existing_shared(town, number).seats = [{"person": "x", "start": 0, "end": 5, "why": ""}]

    assert prepared(town, number=number).lines == ()


def test_an_order_waits_for_opened_votes(town: Session) -> None:
    with pytest.raises(NotNow, match="No votes are opened yet"):
        take(town, Order.DIVIDED)
    vote(town, "olive-owner", {FILE: 3})
    with pytest.raises(NotNow, match="No votes are opened yet"):
        take(town, Order.RANKED)

    assert [choice.order for choice in prepared(town).choices] == [Order.SUGGESTED]


def test_what_divides_people_comes_first_with_its_minutes(town: Session) -> None:
    vote(town, "olive-owner", {FILE: 3, REFUNDS: 4, TOKENS: 5})
    vote(town, "pat-partner", {FILE: 3, REFUNDS: 4, TOKENS: 1})
    assert agenda(town) == [(FILE, 15, "TALK"), (REFUNDS, 15, "TALK"), (TOKENS, 15, "TALK")]
    choice = prepared(town).choices[1]
    assert (choice.order, choice.titles, choice.holds) == (Order.DIVIDED, (TOKENS, FILE, REFUNDS), False)

    change = take(town, Order.DIVIDED)

    assert agenda(town) == [(TOKENS, 30, "TALK"), (FILE, 10, "TALK"), (REFUNDS, 10, "TALK")]
    assert prepared(town).choices[1].holds
    assert change is not None
    undo(town, make_actor(town, "olive-owner"), change)
    assert [title for title, *_rest in agenda(town)] == [FILE, REFUNDS, TOKENS]


def test_what_costs_most_to_wait_for_comes_first(town: Session) -> None:
    weeks = {FILE: 8, REFUNDS: 1, TOKENS: 2}
    vote(town, "olive-owner", {FILE: 3, REFUNDS: 2, TOKENS: 5}, weeks)
    vote(town, "pat-partner", {FILE: 3, REFUNDS: 2, TOKENS: 4}, weeks)

    found = prepared(town).findings

    # refunds wait for the settlement file, which is long: together they are worth less a week than tokens
    assert [place.titles for place in found.ranking] == [(TOKENS,), (FILE,), (REFUNDS,)]
    assert [place.why for place in found.ranking] == [
        "Importance 4.5 over 2 weeks: 2.25 a week.",
        "Importance 3 over 8 weeks: 0.375 a week. It comes first for “Refunds”, which needs it.",
        "Importance 2 over 1 week: 2 a week.",
    ]
    assert found.is_exact
    take(town, Order.RANKED, "pat-partner")
    assert titles(town) == [TOKENS, FILE, REFUNDS]


def test_taking_an_order_moves_the_windows_and_is_a_change_to_invite_anew(town: Session) -> None:
    add(town, "Holidays", "pat-partner")
    before = existing_shared(town, 1).sequence

    assert prepared(town).choices[0].price == ("Pat Partner: minute 15 to 65 instead of 15 to 60.",)
    take(town, Order.SUGGESTED)

    assert windows(town) == {"olive-owner": (15, 60), "pat-partner": (15, 65)}
    assert existing_shared(town, 1).sequence == before + 1


def test_an_agenda_written_anew_lets_go_what_nobody_waits_for(town: Session) -> None:
    make_meeting(town, OPERATOR, 1, key=None)
    drop(town, 2)
    assert REFUNDS in titles(town)

    take(town, Order.SUGGESTED)

    assert titles(town) == [FILE, TOKENS]


def test_an_agenda_is_written_by_who_is_invited_before_it_begins(town: Session) -> None:
    with pytest.raises(NotAllowed, match="invited to this session"):
        take(town, Order.SUGGESTED, "otto-outsider")
    with pytest.raises(StaleVersion):
        take(town, Order.SUGGESTED, version=9)
    close_with(town, {})

    with pytest.raises(NotNow, match="has begun"):
        take(town, Order.SUGGESTED)
    with pytest.raises(NotNow, match="is over"):
        add(town, "Too late")


def test_a_cancelled_session_is_not_prepared(town: Session) -> None:
    agreements.revert(town, make_actor(town, "olive-owner"), 1, **ANY)
    assert [row.is_cancelled for row in rows_of(town, 1)] == [True]

    acts: tuple[Callable[[], object], ...] = (
        lambda: add(town, "Holidays"),
        lambda: take(town, Order.SUGGESTED),
    )
    for act in acts:
        with pytest.raises(NotNow, match="over or cancelled"):
            act()


def test_a_session_that_is_not_there_is_not_prepared(session: Session) -> None:
    with pytest.raises(NotFound):
        read_preparation(session, read_organisation(session), replace(OPERATOR), 9)


def newer_plan(session: Session) -> None:
    """Card tokens are not needed any more, a chargeback rule is; the newer plan is adopted."""
    drop(session, 3)
    make_dependency(session, "payments", "partner-api", what="Chargeback rule", needed_by=date(2026, 3, 30))
    make_agreed(session, make_actor(session, "olive-owner"))


def test_a_newer_plan_tells_a_kept_agenda_what_has_changed(town: Session) -> None:
    add(town, "Holidays")
    before = titles(town)

    newer_plan(town)

    found = prepared(town)
    assert (found.news.came, found.news.gone) == (("Chargeback rule",), (TOKENS,))
    assert titles(town) == before


def test_one_click_takes_over_what_has_changed_and_keeps_what_people_did(town: Session) -> None:
    add(town, "Holidays")
    vote(town, "olive-owner", {FILE: 5, REFUNDS: 2})
    outcomes.decide(
        town,
        make_actor(town, "olive-owner"),
        FIRST,
        ItemId(item(town, REFUNDS)),
        Decision("By file"),
        version=0,
        dependency_version=None,
        key=None,
    )
    newer_plan(town)

    take(town, Order.CURRENT)

    assert prepared(town).news.is_nothing
    assert titles(town) == [FILE, REFUNDS, "Chargeback rule", "Holidays"]
    assert [one.item.title for one in prepared(town).lines if one.item.outcome] == [REFUNDS]
    assert len(prepared(town).polling.mine) == 2


def test_an_agenda_keeps_its_own_order_when_something_comes(town: Session) -> None:
    vote(town, "olive-owner", {FILE: 1, REFUNDS: 5, TOKENS: 5})
    vote(town, "pat-partner", {FILE: 1, REFUNDS: 1, TOKENS: 5})
    take(town, Order.DIVIDED)
    before = titles(town)
    make_dependency(town, "payments", "partner-api", what="Chargeback rule", needed_by=date(2026, 3, 30))
    make_agreed(town, make_actor(town, "olive-owner"))

    take(town, Order.CURRENT)

    assert [one for one in titles(town) if one != "Chargeback rule"] == before


def test_what_has_begun_or_is_not_written_yet_has_no_news(town: Session) -> None:
    newer_plan(town)
    assert prepared(town).news.is_nothing

    add(town, "Holidays")
    start_meeting(town, make_actor(town, prepared(town).meeting.facilitator), FIRST, key=None)
    drop(town, 1)

    assert prepared(town).news.is_nothing


def test_taking_over_what_has_changed_is_taken_back(town: Session) -> None:
    add(town, "Holidays")
    newer_plan(town)
    before = titles(town)

    number = take(town, Order.CURRENT)
    assert number is not None
    undo(town, make_actor(town, "olive-owner"), number)

    assert titles(town) == before
    assert prepared(town).news.came == ("Chargeback rule",)


def test_an_order_that_was_looked_at_before_another_is_refused(town: Session) -> None:
    add(town, "Holidays")
    seen = prepared(town).meeting.version
    make_dependency(town, "payments", "partner-api", what="Chargeback rule", needed_by=date(2026, 3, 30))
    make_agreed(town, make_actor(town, "olive-owner"))
    take(town, Order.CURRENT, version=seen)

    with pytest.raises(StaleVersion):
        take(town, Order.SUGGESTED, version=seen)
