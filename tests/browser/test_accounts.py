"""Accounts in a real browser: every page without fault, and the ways in with and without script."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from planner.config import OpenId, SignIn
from planner.services.accounts.tickets import Purpose, make_ticket
from planner.services.changes import one_transaction
from planner.services.consolidation.suggestions import SuggestionRequest, suggest
from planner.services.organisation import read_organisation
from planner.services.shares import Shown, keys_of, share
from planner.storage.db import db
from tests.browser.checks import faults
from tests.browser.conftest import serve
from tests.factories import MONDAY, make_actor
from tests.support.accounts import PASSWORD, make_account, person_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.browser.visit import Site, Visit

DANA = "dana-fischer"
PROVIDER = OpenId("https://id.example.org", "planner", "secret")
CLOSED = (
    "/sign-in",
    "/sign-in/mail",
    "/join/{invitation}",
    "/sign-in/link/{link}",
    "/reset/{reset}",
    "/nothing",
)
OWN = (
    "/account",
    "/account/address",
    "/account/address/{address}",
    "/account/shares",
    "/account/shares/new",
    "/account/shares/new?session=1",
    "/invitations",
    "/accounts",
    "/people",
)


@pytest.fixture(scope="module")
def words() -> dict[str, str]:
    """The tokens of the links, filled in when the site is made."""
    return {}


@pytest.fixture(scope="module")
def site(
    example_database: Path, tmp_path_factory: pytest.TempPathFactory, words: dict[str, str]
) -> Iterator[Site]:
    """The example organisation where people have accounts; Dana administers."""
    home = tmp_path_factory.mktemp("accounts")
    with serve(example_database, home, sign_in=SignIn.ACCOUNTS, openid=PROVIDER) as site:
        with site.app.app_context():
            words.update(links(db.session()))
            db.session.remove()
        yield site


def links(session: Session) -> dict[str, str]:
    make_account(session, DANA, is_administrator=True)
    dana, actor = person_id(session, DANA), make_actor(session, DANA)
    organisation = read_organisation(session)
    first = suggest(session, organisation, SuggestionRequest(), MONDAY.date()).sessions[0]
    with one_transaction(session):
        made = {
            "invitation": make_ticket(session, Purpose.INVITATION, team_id=1, made_by=dana, now=MONDAY),
            "link": make_ticket(session, Purpose.SIGN_IN, person_id=dana, now=MONDAY),
            "address": make_ticket(
                session, Purpose.ADDRESS, person_id=dana, email="d@example.org", now=MONDAY
            ),
            "reset": make_ticket(session, Purpose.RESET, person_id=dana, now=MONDAY),
        }
    for name, shown in (("map", Shown({})), ("session", Shown({}, keys_of(organisation, first)))):
        made[name] = share(session, actor, shown, until=MONDAY.date())
    return made


def signed_in(visit: Callable[..., Visit], site: Site, *, script: bool = True) -> Visit:
    window = visit(site, script=script)
    page = window.open("/sign-in")
    page.get_by_label("E-mail").fill(f"{DANA}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return window


@pytest.mark.parametrize("path", [*CLOSED, "/share/{map}", "/share/{session}"])
def test_a_page_for_nobody_is_without_fault(
    path: str, site: Site, words: dict[str, str], visit: Callable[..., Visit]
) -> None:
    assert faults(visit(site).open(path.format(**words))) == []


@pytest.mark.parametrize("path", OWN)
def test_a_page_about_accounts_is_without_fault(
    path: str, site: Site, words: dict[str, str], visit: Callable[..., Visit]
) -> None:
    assert faults(signed_in(visit, site).open(path.format(**words))) == []


def test_signing_in_leads_to_the_week_and_out_again(
    site: Site, visit: Callable[..., Visit], script: bool
) -> None:
    window = signed_in(visit, site, script=script)

    arrived = window.page.get_by_role("heading", level=1).inner_text()
    window.page.get_by_role("button", name="Sign out").click()

    assert arrived
    assert window.path == "/sign-in?next=/"


def test_a_link_for_a_guest_is_made_and_opened(site: Site, visit: Callable[..., Visit], script: bool) -> None:
    window = signed_in(visit, site, script=script)
    page = window.open("/map?goal=rosters")

    page.get_by_role("link", name="Share with a guest").click()
    page.get_by_role("button", name="Make the link").click()
    address = page.get_by_label("Copy it and pass it on").input_value()
    guest = visit(site, script=script).open(address.removeprefix(site.address))

    assert guest.get_by_role("heading", level=1).inner_text() == "Who hands what to whom"
    assert guest.get_by_role("navigation").count() == 0


def test_a_sign_in_that_ended_leads_htmx_to_the_door(site: Site, visit: Callable[..., Visit]) -> None:
    window = signed_in(visit, site)
    page = window.open("/teams")
    window.context.clear_cookies()

    page.get_by_label("Name").fill("pay")
    page.get_by_role("heading", name="Sign in").wait_for()

    assert window.path == "/sign-in?next=/teams?q%3Dpay%26area%3D"


def test_the_site_that_is_named_shows_the_picture_in_a_frame_and_as_an_image(
    site: Site, visit: Callable[..., Visit]
) -> None:
    window = visit(site)
    with wiki() as (address, page):
        with site.app.app_context():
            actor = make_actor(db.session(), DANA)
            token = share(db.session(), actor, Shown({}, site=address), until=MONDAY.date())
            db.session.remove()
        frame = f"{site.address}/embed/{token}"
        page.set_data(
            f'<title>Wiki</title><link rel="icon" href="data:,">'
            f'<iframe src="{frame}"></iframe><img alt="The map" src="{frame}.png">'
        )
        shown = window.open(address)
        expect(shown.frame_locator("iframe").locator("figure svg")).to_be_visible()
        shown.wait_for_function("document.querySelector('img').naturalWidth > 100")


@contextmanager
def wiki() -> Iterator[tuple[str, Response]]:
    """Serve one page of another site."""
    page = Response(content_type="text/html")
    server = make_server("127.0.0.1", 0, page, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}", page
    server.shutdown()
    thread.join()
    server.server_close()
