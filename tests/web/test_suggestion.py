"""The page of a suggestion says what finding times has cost, and what belongs together and meets apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.services.exchange import store_draft
from tests.factories import OPERATOR, make_cast, make_dependency
from tests.support.crowded import crowded_organisation
from tests.support.page import HTML

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Browser

PATH = "/sessions/suggestion"
PROOF = f".//{HTML}section[@aria-labelledby='proof']"
TORN = f".//{HTML}section[@aria-labelledby='torn']"


def test_what_finding_times_has_cost_stands_beside_the_proof(browser: Browser, session: Session) -> None:
    store_draft(session, OPERATOR, crowded_organisation(), tag="test:loaded", summary="Loaded")

    page = browser.open(f"{PATH}?attendance=whole")

    assert "person-minutes (" in page.words(PROOF)
    assert "are the price of finding times" in page.words(PROOF)


def test_what_belongs_together_and_meets_apart_is_named(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, what="File <b>")
    make_dependency(session, cast.partner_team, cast.team, what="Card token")

    usual, narrow = browser.open(PATH), browser.open(f"{PATH}?earliest=10:00&latest=10:20")

    assert usual.tree.find(TORN) is None
    assert "price of finding times" not in usual.words(PROOF)
    assert narrow.words(TORN) == (
        "Belongs together, meets apart File <b> and Card token belong together but cannot share a session: "
        "2 people have no common hours for 45 minutes."
    )


def test_my_week_says_that_what_is_suggested_is_not_booked(browser: Browser, session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, what="Settlement file")
    browser.sign_in(cast.owner)

    page = browser.open("/")

    lead = page.words(f".//{HTML}p[@class='lead']")
    assert lead.endswith("and you wait for 1. 1 shared session is suggested for you.")
    assert page.words(f".//{HTML}section[@aria-labelledby='mine']").startswith(
        "Your sessionsThe suggestion Suggested, not booked"
    )
