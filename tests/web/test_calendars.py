"""Agreed sessions in calendars: a file for whoever looks, a feed behind a secret, an invitation by mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
from sqlalchemy import select, update

from planner.delivery.letter import Letter, as_message
from planner.domain.transfer import PersonDraft
from planner.services import agreements
from planner.services.accounts.accounts import disable_account
from planner.services.organisation import read_organisation
from planner.services.people import change_person, remove_person
from planner.storage.models import MailRow, TicketRow
from tests.factories import (
    MONDAY,
    OPERATOR,
    make_actor,
    make_agreed,
    make_cast,
    make_dependency,
    make_session,
)
from tests.support.accounts import make_account, person_id
from tests.support.calendars import events_of
from tests.support.digest import everything
from tests.support.page import HTML, Browser

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

FILE = "/sessions/shared/1.ics"
MAIL = "Mail the invitations"
OLIVE = PersonDraft("", "Olive Owner", "olive@example.org")
PAT = PersonDraft("", "Pat Partner", "pat@example.org")


@pytest.fixture
def town(session: Session) -> Session:
    """Olive and Pat have agreed on one session; it is tried."""
    cast = make_cast(session)
    for key, draft in ((cast.owner, OLIVE), (cast.partner, PAT)):
        change_person(session, OPERATOR, key, draft, version=None)
    make_dependency(session, cast.team, cast.partner_team, what="Tap file <b>")
    make_session(session, cast.partner_team, title="Queue", attendees=(cast.partner, cast.owner))
    make_agreed(session, make_actor(session, cast.owner))
    return session


@pytest.fixture
def owner(app: Flask, town: Session) -> Browser:  # noqa: ARG001 - there must be somebody to be
    return signed_in(app, "olive-owner")


def signed_in(app: Flask, key: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(key)
    return browser


def calendar(browser: Browser, address: str) -> tuple[str, list[Any]]:
    """Return the method and the events of what is at an address."""
    answer = browser._get(address)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    found = icalendar.Calendar.from_ical(answer.data)
    return str(found["method"]), events_of(answer.data)


def make_address(browser: Browser, button: str = "Make one for my sessions") -> str:
    page = browser.submit(browser.open("/calendar"), button)
    link = page.tree.find(f".//{HTML}input[@id='link']").get("value")
    assert link.startswith("http://localhost/calendar/")
    return str(link).removeprefix("http://localhost")


def mails(session: Session) -> list[tuple[str, str, str, int]]:
    """Who was mailed what: address, subject, method, sequence."""
    session.rollback()
    found = []
    for row in session.scalars(select(MailRow).order_by(MailRow.id)):
        letter = Letter(row.id, row.recipient, row.subject, row.body, row.created_at, row.calendar)
        parts = list(as_message(letter, "planner@example.org").walk())
        (part,) = [one for one in parts if one.get_content_type() == "text/calendar"]
        (event,) = events_of(part.get_content())
        found.append((row.recipient, row.subject, str(part.get_param("method")), int(event["sequence"])))
    session.rollback()  # nobody waits for what was only read
    return found


def test_the_file_of_a_session_tells_each_their_own_window(app: Flask, owner: Browser) -> None:
    method, (event,) = calendar(owner, FILE)
    _method, (for_nobody,) = calendar(Browser(app), FILE)

    assert (method, event["summary"]) == ("REQUEST", for_nobody["summary"])
    assert str(event["description"]).startswith(
        "You are needed from minute 15 to 23, 09:15 to 09:23 (UTC), because of item 1\n\nAgenda:\n"
    )
    assert str(for_nobody["description"]).startswith(
        "Agenda:\n1. Tap file <b>, from Partner API to Payments\n\nWho, and in which minutes:\nOlive Owner, "
    )


def test_a_session_that_is_not_there_has_no_file(owner: Browser) -> None:
    missing = owner.open("/sessions/shared/9.ics", status=404)

    assert missing.heading == "Not here"


def test_a_feed_opens_for_whoever_has_its_secret_and_names_no_mail_address_of_a_guest(
    app: Flask, owner: Browser
) -> None:
    address = make_address(owner)

    method, (event,) = calendar(Browser(app), address)

    assert (method, event["status"], "attendee" in event) == ("PUBLISH", "CONFIRMED", False)
    assert str(event["description"]).startswith("You are needed from minute")


def test_a_team_has_a_feed_with_everybodys_windows(app: Flask, owner: Browser) -> None:
    address = make_address(owner, "Make one for Payments")

    _method, (event,) = calendar(Browser(app), address)

    assert str(event["description"]).startswith("Agenda:")


def test_nobody_makes_a_feed_of_a_team_that_they_are_not_in(owner: Browser, session: Session) -> None:
    before = everything(session)

    refused = owner.send("/calendar", {"team": "web-shop"}, status=403)
    missing = owner.send("/calendar", {"team": "nothing"}, status=404)

    assert (refused.heading, missing.heading) == ("Not yours to change", "Not here")
    assert everything(session) == before


def test_an_outsider_has_an_empty_feed(app: Flask, owner: Browser) -> None:  # noqa: ARG001
    address = make_address(signed_in(app, "otto-outsider"))

    assert calendar(Browser(app), address) == ("PUBLISH", [])


def test_a_feed_that_is_taken_back_opens_nothing(app: Flask, owner: Browser) -> None:
    address = make_address(owner)
    page = owner.open("/calendar")

    owner.submit(page, "Take back My sessions, 1")

    assert Browser(app).status(address)[0] == 404
    assert "Take back" not in owner.open("/calendar").text


def test_only_the_hash_of_a_secret_is_kept(owner: Browser, town: Session) -> None:
    address = make_address(owner)
    secret = address.removeprefix("/calendar/").removesuffix(".ics")

    rows = [str(dict(row)) for row in town.execute(select(TicketRow.__table__)).mappings()]

    assert len(rows) == 1
    assert secret not in rows[0]


def test_nobody_takes_back_the_feed_of_another(app: Flask, owner: Browser) -> None:
    address = make_address(owner)

    assert signed_in(app, "pat-partner").status("/calendar/1/revoke", {})[0] == 404
    assert Browser(app).status(address)[0] == 200


def test_the_feed_of_who_is_removed_or_shut_out_opens_nothing(
    app: Flask, owner: Browser, town: Session
) -> None:
    own, partners = make_address(owner), make_address(signed_in(app, "pat-partner"))
    make_account(town, "pat-partner")
    admin = replace(make_actor(town, "olive-owner"), administers=True)

    disable_account(town, admin, person_id(town, "pat-partner"))
    remove_person(town, OPERATOR, "olive-owner")

    assert [Browser(app).status(address)[0] for address in (own, partners)] == [404, 404]


def test_a_feed_of_a_team_ends_when_its_maker_leaves(app: Flask, owner: Browser, town: Session) -> None:
    address = make_address(owner, "Make one for Payments")

    change_person(town, OPERATOR, "olive-owner", OLIVE, version=None, teams=[])

    assert Browser(app).status(address)[0] == 404


def test_a_secret_for_something_else_opens_no_calendar(app: Flask, owner: Browser, town: Session) -> None:
    address = make_address(owner)
    town.execute(update(TicketRow).values(purpose="share"))
    town.commit()

    assert Browser(app).status(address)[0] == 404


def test_nothing_is_mailed_until_somebody_says_so_and_then_once(owner: Browser, town: Session) -> None:
    before = mails(town)
    page = owner.submit(owner.open("/sessions/proposals/1"), MAIL)

    title = page.words(f".//{HTML}h3[@id='session-1-title']")
    assert before == []
    assert mails(town) == [
        ("olive@example.org", f"Invitation: {title}", "REQUEST", 0),
        ("pat@example.org", f"Invitation: {title}", "REQUEST", 0),
    ]
    assert MAIL not in page.all_words(f".//{HTML}button")
    owner.send("/sessions/proposals/1/invite", {}, status=409)


def test_what_is_given_up_is_cancelled_for_whoever_was_invited(owner: Browser, town: Session) -> None:
    owner.submit(owner.open("/sessions/proposals/1"), MAIL)
    agreements.revert(town, make_actor(town, "pat-partner"), 1, version=None, key=None)

    owner.submit(owner.open("/sessions/proposals/1"), MAIL)

    assert [(to, method, sequence) for to, _subject, method, sequence in mails(town)[2:]] == [
        ("olive@example.org", "CANCEL", 1), ("pat@example.org", "CANCEL", 1),
    ]  # fmt: skip
    assert calendar(owner, FILE)[1][0]["status"] == "CANCELLED"


def test_what_is_given_up_before_anybody_was_invited_is_mailed_to_nobody(
    owner: Browser, town: Session
) -> None:
    agreements.revert(town, make_actor(town, "pat-partner"), 1, version=None, key=None)

    page = owner.open("/sessions/proposals/1")

    assert MAIL not in page.all_words(f".//{HTML}button")


def test_who_comes_later_is_invited_to_the_moved_session_with_the_same_uid(
    owner: Browser, town: Session
) -> None:
    owner.submit(owner.open("/sessions/proposals/1"), MAIL)
    uid = str(calendar(owner, FILE)[1][0]["uid"])
    change_person(
        town, OPERATOR, "otto-outsider", PersonDraft("", "Otto Outsider", "otto@example.org"), version=None
    )
    make_dependency(town, "web-shop", "partner-api", what="Refund rule")
    number = make_agreed(town, make_actor(town, "pat-partner"))

    owner.submit(owner.open(f"/sessions/proposals/{number}"), MAIL)

    assert [(to, method, sequence) for to, _subject, method, sequence in mails(town)[2:]] == [
        ("olive@example.org", "REQUEST", 1),
        ("pat@example.org", "REQUEST", 1),
        ("otto@example.org", "REQUEST", 1),
    ]
    assert str(calendar(owner, FILE)[1][0]["uid"]) == uid


def test_my_week_shows_what_is_agreed_in_place_of_what_is_suggested(
    app: Flask, owner: Browser, town: Session
) -> None:
    page = owner.open("/")

    mine = page.words(f".//{HTML}section[@aria-labelledby='mine']")
    assert mine == (
        "Your sessionsThe suggestion Tue 3 Feb 09:158 minPartner API and Payments ✓ Agreed"
        "You lead it, and are needed for Tap file <b>."
        "Prepare and vote Partner API and Payments Go in to Partner API and Payments"
    )
    assert "1 shared session is agreed with you." in page.words(f".//{HTML}p[@class='lead']")
    assert "✓ Agreed" not in signed_in(app, "otto-outsider").open("/").text
    assert len(read_organisation(town).sessions) == 1


def test_my_week_forgets_what_is_over(app: Flask, owner: Browser, town: Session) -> None:  # noqa: ARG001
    settings = app.extensions["planner"].settings
    later = replace(settings, clock=lambda: MONDAY + timedelta(days=3))
    app.extensions["planner"] = replace(app.extensions["planner"], settings=later)

    assert "✓ Agreed" not in owner.open("/").text
