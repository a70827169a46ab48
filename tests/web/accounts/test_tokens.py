"""Access tokens where people have accounts: on the page of the account, and gone with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.services.accounts.accounts import disable_account
from tests.factories import make_actor
from tests.support.accounts import person_id
from tests.support.program import Program, token_of

if TYPE_CHECKING:
    from tests.support.accounts import House


def test_the_page_of_the_account_lists_tokens_and_ends_them(house: House) -> None:
    token = token_of(house.session, "pat-partner", is_trial=False)
    browser = house.browser("pat-partner")

    page = browser.open("/account")
    after = browser.send("/account/tokens/1/revoke", {})

    assert f"…{token[-4:]}" in page.text
    assert token not in page.text
    assert "opens nothing any more" in after.text
    assert Program(house.app, token).send("GET", "/me").status_code == 401


def test_a_disabled_account_and_a_token_of_a_trial_open_nothing(house: House) -> None:
    session = house.session
    mine, of_trial = (token_of(session, "pat-partner", is_trial=trial) for trial in (False, True))
    programs = [Program(house.app, token) for token in (mine, of_trial)]
    before = [program.send("GET", "/me").status_code for program in programs]

    administrator = replace(make_actor(session, "olive-owner"), administers=True)
    disable_account(session, administrator, person_id(session, "pat-partner"))

    assert before == [200, 401]
    assert [program.send("GET", "/me").status_code for program in programs] == [401, 401]
