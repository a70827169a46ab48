"""One's own busy times and days off, on one's own page."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from tests.factories import make_cast
from tests.support.page import Browser

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.support.page import Page

EVENT = b"BEGIN:VEVENT\nUID:1\nDTSTART:20260203T090000Z\nDURATION:PT1H\nEND:VEVENT\n"
FILE = b"BEGIN:VCALENDAR\n" + EVENT + b"END:VCALENDAR\n"
BROKEN = FILE.replace(b"END:VEVENT", b"END:NOTHING")


@pytest.fixture
def owner(app: Flask, session: Session) -> Browser:
    make_cast(session)
    return signed_in(app, "olive-owner")


def signed_in(app: Flask, key: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(key)
    return browser


def upload(browser: Browser, data: bytes, *, status: int = 200) -> Page:
    page = browser.open("/calendar")
    button = "Read it anew" if "Read it anew" in page.text else "Read my busy times"
    return browser.submit(page, button, status=status, file=(BytesIO(data), "mine.ics"))


def test_a_file_is_read_replaced_and_forgotten(owner: Browser) -> None:
    first = upload(owner, FILE)
    second = upload(owner, FILE.replace(b"VEVENT\nUID:1", b"VEVENT\nTRANSP:TRANSPARENT"))
    gone = owner.submit(second, "Forget them")

    assert "Read 1 busy time, and nothing else of the file." in first.text
    assert "1 busy time until Sat 1 Aug, read on Mon 2 Feb." in first.text
    assert "0 busy times until Sat 1 Aug" in second.text
    assert ("Your busy times are forgotten." in gone.text, "Forget them" in gone.text) == (True, False)


def test_a_broken_file_is_refused_in_words(owner: Browser) -> None:
    page = upload(owner, BROKEN, status=422)

    assert "is no whole iCalendar file; export it anew as .ics" in page.text
    assert "is missing; choose a calendar file" in owner.send("/calendar/busy", {}, status=422).text


def test_days_off_come_and_go(owner: Browser) -> None:
    page = owner.submit(
        owner.open("/calendar"), "Keep these days free", first="2026-12-24", last="2026-12-26"
    )
    wrong = owner.send("/calendar/days-off", {"first": "soon"}, status=422)
    gone = owner.submit(page, "Take back Thu 24 Dec to Sat 26 Dec")

    assert "Thu 24 Dec to Sat 26 Dec" in page.text
    assert "is empty; choose a day" in wrong.text
    assert "Thu 24 Dec" not in gone.text


def test_nobody_sees_the_times_of_somebody_else(app: Flask, owner: Browser) -> None:
    upload(owner, FILE)
    pat = signed_in(app, "pat-partner")

    shown = pat.open("/calendar").text + pat.open("/people/olive-owner").text

    assert ("Forget them" in shown, "busy time until" in shown) == (False, False)


def test_days_off_of_a_place(owner: Browser) -> None:
    page = owner.submit(
        owner.open("/places/new"), "Add the place", name="Hull", days_off="2026-12-25, 2026-12-26 2027-01-01"
    )
    wrong = owner.submit(owner.open("/places/Hull/edit"), "Save", status=422, days_off="Christmas")

    assert "Added the place Hull" in page.text
    assert "Days off: Fri 25 Dec to Sat 26 Dec, Fri 1 Jan 2027." in owner.open("/places/Hull").text
    assert "read “Christmas”, expected days like 2026-12-25" in wrong.text
