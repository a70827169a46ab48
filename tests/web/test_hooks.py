"""The page of web hooks and mail, for those who look after the planner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.services import hooks
from planner.services.mail import post
from planner.storage import jobs, outbox
from planner.storage.models import HookDeliveryRow, MailRow
from tests.conftest import HOOK_HOSTS
from tests.factories import MONDAY, OPERATOR, make_cast, make_person
from tests.support.page import HTML
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Browser

ROWS = f".//{HTML}tbody/{HTML}tr"
CAPTIONS = f".//{HTML}caption"
MESSAGE = f".//{HTML}div[@class='toast']/{HTML}span"
ADDRESS, SECRET = "https://hooks.example.org/planner", "a secret of twenty-four!"


@pytest.fixture
def owner(browser: Browser, session: Session) -> Browser:
    browser.sign_in(make_cast(session).owner)
    return browser


def add(session: Session, address: str = ADDRESS) -> None:
    hooks.add_hook(session, OPERATOR, address=address, secret=SECRET, listed=HOOK_HOSTS)


def test_a_hook_is_added_tried_and_switched(owner: Browser) -> None:
    added = owner.submit(owner.open("/hooks"), "Add the web hook", address=ADDRESS, secret=SECRET)
    tried = owner.submit(added, f"Send a test to {ADDRESS}")
    off = owner.submit(tried, f"Switch off {ADDRESS}")
    on = owner.submit(off, f"Switch on {ADDRESS}")

    assert [page.words(MESSAGE) for page in (added, tried, off, on)] == [
        "Added a web hook to hooks.example.org",
        "A test is on its way; look at the last messages in a moment",
        "Switched a web hook off",
        "Switched a web hook on",
    ]
    assert added.all_words(CAPTIONS) == ["1 web hook"]
    assert tried.all_words(CAPTIONS) == ["1 web hook", "Last messages to web hooks"]
    assert off.all_words(ROWS)[0].startswith(f"{ADDRESS} ✕ Off")
    assert tried.all_words(ROWS)[1] == f"{ADDRESS} Mon 2 Feb 08:00 … On its way 0 –"
    assert all(SECRET not in page.text for page in (added, tried, off, on))


def test_adding_can_be_taken_back(owner: Browser) -> None:
    added = owner.submit(owner.open("/hooks"), "Add the web hook", address=ADDRESS, secret=SECRET)

    owner.submit(added, "Undo")

    assert owner.open("/hooks").all_words(ROWS) == []


def test_problems_stand_at_their_field_and_the_secret_is_not_shown_again(owner: Browser) -> None:
    form = owner.open("/hooks")

    page = owner.submit(
        form, "Add the web hook", status=422, address="https://127.0.0.1/", secret="too short a one"
    )

    assert page.field_errors() == [
        "Address goes to 127.0.0.1:443, which is not listed; ask who runs the planner to list it",
        "Secret has 15 characters; take 24 to 200",
    ]
    assert page.tree.find(f".//{HTML}input[@id='address']").get("value") == "https://127.0.0.1/"
    assert "too short a one" not in page.text


def test_what_does_not_arrive_is_shown_with_its_error_and_sent_again(
    owner: Browser, session: Session
) -> None:
    add(session)
    hooks.try_hook(session, OPERATOR, 1)
    post(session, to="nobody@example.org", subject="A private thing", text="T", now=MONDAY)
    session.flush()
    for table, error in ((HookDeliveryRow, "hooks.example.org answered 500"), (MailRow, "no such mailbox")):
        outbox.claim(session, table, MONDAY)
        outbox.note_failed(session, table, 1, error=error, now=MONDAY, is_final=table is MailRow)
    session.commit()

    page = owner.open("/hooks")
    again = owner.submit(page, "Send again to nobody@example.org")

    when = "Mon 2 Feb 08:00"
    assert page.all_words(ROWS)[1:] == [
        f"{ADDRESS} {when} ↻ Not yet 1 hooks.example.org answered 500, next try Mon 2 Feb 08:01",
        f"nobody@example.org {when} ✕ Given up 1 no such mailbox Send again to nobody@example.org",
    ]
    assert "A private thing" not in page.text
    assert again.words(MESSAGE) == "It is on its way again"


def test_the_page_says_what_waits_and_that_nobody_sends(owner: Browser, session: Session) -> None:
    post(session, to="olive@example.org", subject="S", text="T", now=MONDAY)
    session.commit()
    remarks = f".//{HTML}p[@class='card pad panel sm']"
    folder = "No mail server is set: mails are written to the folder mail beside the planner's data."

    alone = owner.open("/hooks").words(remarks)
    jobs.beat(session, "worker", MONDAY)
    session.commit()
    attended = owner.open("/hooks").words(remarks)

    waits = "1 mail and 0 messages wait to go out."
    nobody = "▲ Nobody sends No worker is running: start one with planner work."
    assert (alone, attended) == (f"{waits} {nobody} {folder}", f"{waits} {folder}")


@pytest.mark.parametrize("who", ["olive-owner", "pat-partner", "otto-outsider"])
def test_every_product_owner_may_look_after_it(browser: Browser, session: Session, who: str) -> None:
    make_cast(session)
    browser.sign_in(who)

    assert browser.open("/hooks").heading == "Web hooks and mail"


WRITES = ["", "/1/on", "/1/off", "/1/test", "/messages/1/again", "/mails/1/again"]


def test_who_decides_for_no_team_is_refused_and_sees_no_link(browser: Browser, session: Session) -> None:
    make_cast(session)
    add(session)
    browser.sign_in(make_person(session, name="Nell New"))

    refused = [browser.open("/hooks", status=403).heading]
    refused += [browser.send(f"/hooks{path}", {}, status=403).heading for path in WRITES]

    assert set(refused) == {"Not yours to change"}
    assert ADDRESS not in browser.open("/").text
    assert "/hooks" not in browser.open("/").text


@pytest.mark.parametrize("path", WRITES)
def test_a_visitor_is_asked_who_they_are(browser: Browser, session: Session, path: str) -> None:
    make_cast(session)
    add(session)

    status, location = browser.status(f"/hooks{path}", {})

    assert (status, location.split("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("path", ["/9/on", "/9/off", "/9/test", "/messages/9/again", "/mails/9/again"])
def test_what_is_not_there_is_not_found(owner: Browser, path: str) -> None:
    assert owner.send(f"/hooks{path}", {}, status=404).heading == "Not here"


def test_the_page_costs_the_same_with_more_messages(owner: Browser, session: Session) -> None:
    add(session)
    few = cost_of(owner, "/hooks")

    for _ in range(5):
        hooks.try_hook(session, OPERATOR, 1)
    add(session, f"{ADDRESS}/second")

    assert cost_of(owner, "/hooks") == few
