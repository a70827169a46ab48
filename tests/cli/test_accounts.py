"""The first administrator's link, and the trial that must not open a real installation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from planner.app import create_app
from planner.config import BadSetting, OpenId, SignIn, read_settings
from planner.storage.db import db
from tests.factories import make_cast
from tests.support.accounts import make_account

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Terminal

LINK = re.compile(r"http://127\.0\.0\.1:8000(/first/[\w-]{43})")


def with_administrator() -> None:
    with create_app().app_context():
        cast = make_cast(db.session())
        make_account(db.session(), cast.owner, is_administrator=True)
        db.session.remove()
        db.engine.dispose()


def test_the_first_link_is_printed_and_opens(terminal: Terminal) -> None:
    printed = terminal.run("accounts", "first-link").stdout

    found = LINK.search(printed)
    assert found is not None, printed
    assert create_app().test_client().get(found.group(1)).status_code == 200


def test_there_is_no_first_link_where_somebody_administers(terminal: Terminal) -> None:
    with_administrator()

    refused = terminal.run("accounts", "first-link", code=1)

    assert "There is an administrator already" in refused.output


def test_the_link_begins_with_the_address_that_is_set(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_ADDRESS", "https://planner.example.org/")

    assert "https://planner.example.org/first/" in terminal.run("accounts", "first-link").stdout


def test_a_trial_does_not_open_what_people_have_accounts_for(terminal: Terminal) -> None:
    with_administrator()

    refused = terminal.run("demo", code=1)

    assert "People have accounts here" in refused.output


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PLANNER_SIGN_IN", "nobody", "PLANNER_SIGN_IN: read “nobody”, expected accounts or choose"),
        (
            "PLANNER_PROXIES",
            "many",
            "PLANNER_PROXIES: read “many”, expected how many proxies are in front, 0 to 9",
        ),
        (
            "PLANNER_OIDC_ISSUER",
            "https://id.example.org",
            "PLANNER_OIDC_ISSUER: needs PLANNER_OIDC_CLIENT_ID and PLANNER_OIDC_CLIENT_SECRET too",
        ),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, name: str, value: str, message: str) -> None:
    with pytest.raises(BadSetting) as refused:
        read_settings({"PLANNER_HOME": str(tmp_path), name: value})

    assert str(refused.value) == message


def test_people_have_accounts_unless_it_is_said_otherwise(tmp_path: Path) -> None:
    file = tmp_path / "openid.secret"
    file.write_text("what both share\n")
    provider = {
        "PLANNER_OIDC_ISSUER": "https://id.example.org/",
        "PLANNER_OIDC_CLIENT_ID": "planner",
        "PLANNER_OIDC_CLIENT_SECRET_FILE": str(file),
    }

    plain = read_settings({"PLANNER_HOME": str(tmp_path)})
    trial = read_settings({"PLANNER_HOME": str(tmp_path), "PLANNER_SIGN_IN": "choose"})
    connected = read_settings({"PLANNER_HOME": str(tmp_path), **provider})

    assert (plain.sign_in, plain.openid, trial.sign_in) == (SignIn.ACCOUNTS, None, SignIn.CHOOSE)
    assert connected.openid == OpenId("https://id.example.org", "planner", "what both share")
    assert "what both share" not in repr(connected)
