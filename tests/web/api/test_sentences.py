"""Needs in sentences: read back line by line, and recorded only where nothing is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from planner.storage.db import db
from tests.factories import make_cast, make_dependency
from tests.support.digest import everything
from tests.support.program import Program, token_of

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

NEED = "Payments needs a card token from Web Shop by 2 March"


@pytest.fixture
def owner(app: Flask, session: Session) -> Program:
    make_cast(session)
    return Program(app, token_of(session, "olive-owner"))


def test_a_sentence_is_read_and_recorded(owner: Program) -> None:
    (line,) = owner.send("POST", "/sentences/read", {"text": NEED}).get_json()["lines"]

    assert (line["consumer"], line["provider"], line["what"]) == ("payments", "web-shop", "a card token")
    assert (line["by"], line["problems"]) == ("2026-03-02", [])

    made = owner.send("POST", "/sentences", {"text": NEED, "criteria": ["Signed"]})

    assert made.status_code == 201, made.text
    (found,) = owner.read("/dependencies")["items"]
    assert made.get_json() == {"keys": [found["key"]]}
    assert (found["what"], found["needed_by"], found["criteria"]) == (
        "a card token",
        "2026-03-02",
        ["Signed"],
    )


def test_we_are_the_team_that_is_named(owner: Program) -> None:
    said = {"text": "we need a card token from Payments", "team": "web-shop"}

    (line,) = owner.send("POST", "/sentences/read", said).get_json()["lines"]

    assert (line["consumer"], line["provider"]) == ("web-shop", "payments")


def test_nothing_is_recorded_while_a_line_is_open(owner: Program, session: Session) -> None:
    lines = f"{NEED}\nPayments needs tea from Canteen\n{NEED}"
    owner.read("/me")
    before = everything(session)

    refused = owner.send("POST", "/sentences", {"text": lines})

    assert refused.status_code == 422
    assert [one["detail"] for one in refused.get_json()["errors"]] == [
        "line 2: there is no team “Canteen”; name it in new_teams if it is one",
        "line 3: says the same as line 1",
    ]
    assert everything(session) == before


def test_a_new_team_comes_with_its_need(owner: Program) -> None:
    need = {"text": "Payments needs tea from Canteen", "new_teams": ["Canteen"]}

    made = owner.send("POST", "/sentences", need)

    assert made.status_code == 201, made.text
    assert owner.read("/teams/canteen")["name"] == "Canteen"


def test_my_week_tells_what_others_wait_for(owner: Program, session: Session) -> None:
    make_dependency(session, "web-shop", "payments", what="Refund report")

    week = owner.read("/week")

    assert [(one["dependency"]["what"], one["behind"]) for one in week["others_need"]] == [
        ("Refund report", 0)
    ]
    assert "accept" in week["others_need"][0]["dependency"]["acts"]
    assert (week["waits_for"], week["sessions"], week["promises"]) == ([], [], [])


def test_what_only_looks_waits_for_nobody_who_writes(owner: Program, session: Session) -> None:
    owner.read("/me")
    session.rollback()
    with db.engine.connect() as writer:
        writer.execute(text("SELECT 1"))  # whoever wants to write waits for it now

        read = owner.send("POST", "/sentences/read", {"text": NEED}, Idempotency_Key="not looked at")

    assert (read.status_code, len(read.get_json()["lines"])) == (200, 1)
