"""The end of a trial on its page, what a session was worth in one click, and one's own load."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.services import trials
from tests.factories import (
    make_actor,
    make_agreed,
    make_dependency,
    make_held,
    make_person,
    make_session,
    make_team,
)
from tests.support.page import HTML, Browser
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.page import Page

NAMES = ("ana", "bo", "cy", "di", "ed", "flo")
PROPOSAL = "/sessions/proposals/1"


@pytest.fixture
def town(session: Session) -> Session:
    """A session of six is over, in the trial of their plan."""
    for name in NAMES:
        make_team(session, name=f"Team {name}", decides=[make_person(session, name=name.capitalize())])
    for name in NAMES[1:]:
        make_dependency(session, f"team-{name}", "team-ana", what=f"File for {name}")
    make_session(session, "team-ana", title="Team ana queue", attendees=NAMES)
    make_agreed(session, make_actor(session, "ana"))
    make_held(session, 1, *NAMES)
    session.rollback()
    return session


def signed_in(app: Flask, key: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(key)
    return browser


def section(page: Page, heading: str) -> str:
    return page.words(f".//{HTML}section[@aria-labelledby='{heading}']")


def say(town: Session, *values: int) -> None:
    for name, value in zip(NAMES, values, strict=False):
        trials.say_worth(town, make_actor(town, name), 1, value)
    town.rollback()


def test_the_trial_tells_hours_coverage_and_worth(app: Flask, town: Session) -> None:
    bo = signed_in(app, "bo")
    say(town, 3, 3, 3, 3)
    hidden = section(bo.open(PROPOSAL), "trial")
    say(town, 3, 3, 3, 3, 4)

    shown = section(bo.open(PROPOSAL), "trial")
    assert "hours attended3.0" in shown
    assert "of 5 dependencies decided0" in shown
    assert "worth, 0 to 4–" in hidden
    assert "worth, 0 to 43" in shown
    assert "1 of 2 sessions held; hours are those of all people together" in shown


def test_worth_is_one_click_and_is_taken_back(app: Flask, town: Session) -> None:  # noqa: ARG001 - must be there
    bo = signed_in(app, "bo")
    page = bo.open(PROPOSAL)
    title = page.words(f".//{HTML}ul[@class='list']//{HTML}b")

    said = bo.submit(page, f"More than it cost me: {title}", value="3")
    assert "✓ More than it cost me" in section(said, "trial")
    back = bo.submit(said, f"Take it back: {title}", value="")

    assert "✓ More than it cost me" not in section(back, "trial")


@pytest.mark.parametrize(
    ("value", "status"),
    [("0", 303), ("4", 303), ("", 303), ("5", 422), ("-1", 422), ("²", 422), ("1" * 50, 422)],
)
def test_no_other_answer_is_taken(app: Flask, town: Session, value: str, status: int) -> None:  # noqa: ARG001
    assert signed_in(app, "bo").status("/sessions/shared/1/worth", {"value": value})[0] == status


def test_my_load_is_mine_and_nobody_elses(app: Flask, town: Session) -> None:  # noqa: ARG001 - must be there
    bo, cy = signed_in(app, "bo"), signed_in(app, "cy")

    mine = bo.open("/people/bo/load")
    refused = cy.open("/people/bo/load", status=404)
    nobody = cy.open("/people/xx/load", status=404)

    assert mine.all_words(f".//{HTML}td")[1] == "30 min"
    assert refused.words(f".//{HTML}main").replace("bo", "xx") == nobody.words(f".//{HTML}main")


def test_a_trial_costs_the_same_with_more_answers(app: Flask, town: Session) -> None:
    bo = signed_in(app, "bo")
    say(town, 3)
    one = cost_of(bo, PROPOSAL)

    say(town, 3, 3, 3, 3, 4)

    assert cost_of(bo, PROPOSAL) == one
