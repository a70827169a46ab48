"""A plan from the suggestion to its trial, as everybody meets it on the pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from planner.domain.negotiation.acts import Act, Move
from planner.services.negotiations import negotiate
from tests.factories import MONDAY, OPERATOR, make_cast, make_dependency, make_session
from tests.support.digest import everything
from tests.support.page import HTML, Browser
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.page import Page

SUGGESTION = "/sessions/suggestion"
PROPOSAL = "/sessions/proposals/1"
PROPOSE = "Propose this plan to everybody"
ADOPT = "Adopt it on trial"
RESTORE = "Restore the old sessions"


@pytest.fixture
def town(session: Session) -> Session:
    """Partner API holds a session in which Payments sits; the plan would replace it."""
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    make_session(session, cast.partner_team, title="Partner API queue", attendees=(cast.partner, cast.owner))
    return session


@pytest.fixture
def owner(app: Flask, town: Session) -> Browser:  # noqa: ARG001 - there must be somebody to be
    return signed_in(app, "olive-owner")


@pytest.fixture
def partner(app: Flask, owner: Browser) -> Browser:
    """Who decides for the session that is replaced; the owner has proposed the plan."""
    owner.submit(owner.open(SUGGESTION), PROPOSE)
    return signed_in(app, "pat-partner")


def signed_in(app: Flask, key: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(key)
    return browser


def say(browser: Browser, stance: str, words: str = "", *, status: int = 200) -> Page:
    page = browser.open(PROPOSAL)
    return browser.submit(page, "Fine", stance=stance, words=words, status=status)


def buttons(page: Page) -> list[str]:
    return page.all_words(f".//{HTML}main//{HTML}button")


def section(page: Page, heading: str) -> str:
    return page.words(f".//{HTML}section[@aria-labelledby='{heading}']")


def test_a_plan_is_proposed_from_the_suggestion(owner: Browser) -> None:
    page = owner.submit(owner.open(SUGGESTION), PROPOSE)

    assert page.heading == "A plan of 1 shared session"
    assert section(page, "missing").startswith(
        "What is missing until it is tried No answer yet from Pat Partner, who decides for a session it "
        "replaces. It waits for answers until Mon 16 Feb."
    )
    assert buttons(page) == [
        "Undo",
        "Fine",
        "Fine if…",
        "Object because…",
        "Withdraw this plan",
        "Undo: Proposed a plan of 1 session to everybody",
    ]


def test_whoever_is_asked_reads_why_each_session_is_proposed(owner: Browser, partner: Browser) -> None:
    sentences = f".//{HTML}div[@class='why']//{HTML}li/{HTML}span[2]"
    suggested = owner.open(SUGGESTION).all_words(sentences)

    reasons = partner.open(PROPOSAL).all_words(sentences)

    assert reasons == suggested == ["An open hand-over: Settlement file has no answer with a date yet."]


def test_once_nothing_is_missing_nothing_is_waited_for(partner: Browser) -> None:
    said = say(partner, "fine")

    assert section(said, "missing") == (
        "Nothing is missing Everybody whose session it replaces is fine with it, and nobody objects. "
        "Adopt it on trial Adjust it"
    )


def test_it_is_adopted_when_the_host_is_fine(owner: Browser, partner: Browser) -> None:
    said = say(partner, "fine")
    page = owner.submit(owner.open(PROPOSAL), ADOPT)

    assert section(said, "missing").startswith("Nothing is missing")
    assert section(page, "trial") == (
        "On trial until Mon 2 Mar 1 team session is paused for it. Nothing was changed in anybody's "
        "calendar: take the invitations below, or send them. Partner API and Payments Tue 3 Feb, not over yet"
        "Prepare Partner API and Payments, Tue 3 Feb Partner API and Payments Tue 17 Feb, not over yet"
        "Prepare Partner API and Payments, Tue 17 Feb Adjust it Restore the old sessions "
        "Keeping them is possible from then on."
    )


def test_the_old_sessions_come_back_in_one_act(owner: Browser, partner: Browser) -> None:
    say(partner, "fine")
    owner.submit(owner.open(PROPOSAL), ADOPT)

    page = partner.submit(partner.open(PROPOSAL), RESTORE)

    assert page.all_words(f".//{HTML}main//{HTML}span")[:1] == ["Restored the old sessions"]
    assert "(paused)" not in page.text


def test_a_condition_and_an_objection_stand_beside_the_name_and_need_words(partner: Browser) -> None:
    refused = say(partner, "object", status=422)
    said = say(partner, "object", "We <b>move</b> that week")

    assert refused.field_errors() == [
        "Your condition, or what speaks against it is empty; say on what condition, or what speaks against it"
    ]
    assert (
        "Pat Partner decides for a session it replaces, sits in 1 session ✕ Objects We <b>move</b> that week"
        in (section(said, "voices"))
    )
    assert "<b>move</b>" not in said.text
    assert "There is an objection of Pat Partner." in section(said, "missing")


def test_a_button_that_is_none_of_the_three_is_refused_with_what_was_typed(partner: Browser) -> None:
    page = say(partner, "maybe", "These are my words", status=422)

    assert page.words(f".//{HTML}textarea") == "These are my words"


def test_what_changed_is_told_with_the_way_to_solve_again(
    owner: Browser, partner: Browser, town: Session
) -> None:
    make_dependency(town, "web-shop", "partner-api", what="Refund rule <b>")

    page = partner.open(PROPOSAL)

    told = section(page, "news")
    assert told.startswith(
        "▲ Facts have changed since “Refund rule <b>” needs a conversation now and is in none of these "
        "sessions. What solving again would change: 1 of 1 session changes"
    )
    again = page.tree.find(f".//{HTML}section[@aria-labelledby='news']//{HTML}a")
    assert (again.text, again.get("href")) == ("Solve again near it", f"{PROPOSAL}/adjust")
    assert owner.submit(owner.open(SUGGESTION), PROPOSE).words(f".//{HTML}h1") == "A plan of 1 shared session"
    assert "Replaced by a newer one" in partner.open(PROPOSAL).text


def test_a_plan_leads_back_to_the_question_it_was_made_for(owner: Browser, town: Session) -> None:
    owner.submit(owner.open(f"{SUGGESTION}?people_max=6"), PROPOSE)
    negotiate(town, OPERATOR, 1, Move(Act.WITHDRAW, text="not needed"), version=None, key=None)

    page = owner.open(PROPOSAL)

    again = page.tree.findall(f".//{HTML}section[@aria-labelledby='news']//{HTML}a")[-1]
    assert again.get("href") == f"{SUGGESTION}?people_max=6"


@pytest.mark.usefixtures("partner")
def test_an_outsider_reads_everything_and_can_do_nothing(app: Flask, town: Session) -> None:
    outsider = signed_in(app, "otto-outsider")
    page = outsider.open(PROPOSAL)
    before = everything(town)

    answers = {
        act: outsider.status(f"{PROPOSAL}/{act}", {"stance": "fine", "version": "1"})[0]
        for act in ("answer", "adopt", "withdraw", "keep", "revert", "invite")
    }

    assert buttons(page) == []
    assert answers == dict.fromkeys(answers, 403)
    assert everything(town) == before


@pytest.mark.usefixtures("partner")
def test_a_visitor_reads_and_is_asked_who_they_are_before_acting(app: Flask, town: Session) -> None:
    visitor = Browser(app)
    page = visitor.open(PROPOSAL)
    before = everything(town)

    answers = {
        act: visitor.status(f"{PROPOSAL}/{act}", {"stance": "fine", "version": "1"})[0]
        for act in ("answer", "adopt", "withdraw", "keep", "revert", "invite")
    }

    assert buttons(page) == []
    assert answers == dict.fromkeys(answers, 303)
    assert everything(town) == before


def test_what_was_looked_at_must_still_be_there(owner: Browser, partner: Browser) -> None:
    page = owner.open(PROPOSAL)
    say(partner, "object", "Wait")

    refused = owner.submit(page, "Withdraw this plan", status=409)

    assert refused.heading == "Somebody was faster"
    assert "Withdraw this plan" in buttons(owner.open(PROPOSAL))


def test_a_trial_that_is_over_is_kept_on_the_page(app: Flask, owner: Browser, partner: Browser) -> None:
    say(partner, "fine")
    owner.submit(owner.open(PROPOSAL), ADOPT)
    pass_days(app, 28)

    page = partner.submit(partner.open(PROPOSAL), "Keep the shared sessions")

    assert section(page, "trial").startswith("Kept after its trial")


def test_a_plan_that_nobody_answered_says_that_it_has_expired(
    app: Flask, owner: Browser, partner: Browser
) -> None:
    pass_days(app, 15)

    page = partner.open(PROPOSAL)

    assert "Expired" in page.words(f".//{HTML}main/{HTML}p")
    assert buttons(page) == ["Restore version 1"]
    assert "Expired" in owner.open("/sessions/proposals").words(f".//{HTML}table")


def pass_days(app: Flask, days: int) -> None:
    found = app.extensions["planner"]
    settings = replace(found.settings, clock=lambda: MONDAY + timedelta(days=days))
    app.extensions["planner"] = replace(found, settings=settings)


def test_a_paused_session_says_so_and_its_team_restores_it(owner: Browser, partner: Browser) -> None:
    say(partner, "fine")
    owner.submit(owner.open(PROPOSAL), ADOPT)

    where = ("/sessions", "/people/pat-partner", "/teams/partner-api")
    listed = [partner.open(address).words(f".//{HTML}main") for address in where]
    page = partner.submit(partner.open("/sessions/team/partner-api-queue"), "Restore this session")

    assert [words.count("◇ Paused") for words in listed] == [1, 1, 1]
    assert "Paused" not in page.words(f".//{HTML}main")


def test_a_notice_leads_to_the_proposal(partner: Browser) -> None:
    links = [a.get("href") for a in partner.open("/notices").tree.iter(f"{HTML}a")]

    assert PROPOSAL in links


def test_my_week_asks_for_an_answer_until_it_is_given_and_then_leads_to_the_trial(
    app: Flask, owner: Browser, partner: Browser
) -> None:
    asked = plan_of_week(partner)
    answered = partner.submit(partner.open("/"), "Fine with a plan of 1 shared session")
    ready = plan_of_week(partner)
    owner.submit(owner.open(PROPOSAL), ADOPT)
    tried = plan_of_week(partner)
    pass_days(app, 28)

    over = plan_of_week(partner)

    assert asked == [
        "A plan of 1 shared session ? Waits for your answer Proposed by Olive Owner. You would sit in "
        "1 session of it, and it replaces one of yours. Fine with a plan of 1 shared session "
        "Read it and answer"
    ]
    assert answered.heading == "A plan of 1 shared session"
    assert ready == [
        "A plan of 1 shared session ✓ Nothing is missing Everybody whose session it replaces is fine with "
        "it. Anybody in it can begin its trial. Begin the trial…"
    ]
    assert tried == []
    assert over == [
        "A plan of 1 shared session → Its trial is over Keep the shared sessions, or bring the old ones "
        "back. Keep it or end it…"
    ]


def plan_of_week(browser: Browser) -> list[str]:
    return browser.open("/").all_words(f".//{HTML}section[@aria-label='Plans that wait for you']/{HTML}div")


def test_the_list_is_empty_and_says_where_a_plan_comes_from(owner: Browser) -> None:
    page = owner.open("/sessions/proposals")

    assert "No plan is proposed yet." in page.words(f".//{HTML}main")


def test_neither_page_asks_more_of_the_database_when_there_are_more(
    owner: Browser, partner: Browser, town: Session
) -> None:
    say(partner, "fine")
    one = [cost_of(owner, "/sessions/proposals"), cost_of(owner, PROPOSAL)]
    for number in range(3):
        make_dependency(town, "web-shop", "partner-api", what=f"Refund rule {number}")
        owner.submit(owner.open(SUGGESTION), PROPOSE)

    many = [cost_of(owner, "/sessions/proposals"), cost_of(owner, f"{PROPOSAL[:-1]}4")]

    assert (one, many) == ([5, 14], [5, 14])
