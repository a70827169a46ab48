"""A request that is sent twice is done once; a failed one may be sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from planner.storage.models import KeptAnswerRow
from tests.factories import make_cast
from tests.support.digest import everything
from tests.support.program import Program, token_of

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.postgres

KEY = "order-17"
TEAM = {"name": "Ferries"}


@pytest.fixture
def owner(app: Flask, session: Session) -> Program:
    make_cast(session)
    return Program(app, token_of(session, "olive-owner"))


def test_the_same_request_is_done_once_and_answered_alike(owner: Program, session: Session) -> None:
    first = owner.send("POST", "/teams", TEAM, Idempotency_Key=KEY)
    before = everything(session)

    again = owner.send("POST", "/teams", TEAM, Idempotency_Key=KEY)

    told = ("Location", "ETag", "Planner-Change", "Content-Type")
    assert (first.status_code, again.status_code) == (201, 201)
    assert [again.headers[name] for name in told] == [first.headers[name] for name in told]
    assert (again.data, again.headers["Idempotency-Replayed"]) == (first.data, "true")
    assert "Idempotency-Replayed" not in first.headers
    assert everything(session) == before


def test_an_act_that_was_done_is_not_stale_when_it_comes_again(owner: Program) -> None:
    ask = {"consumer": "payments", "provider": "web-shop", "what": "Token"}
    made = owner.send("POST", "/dependencies", ask)
    act, address = {"act": "withdraw", "text": "no need"}, "/dependencies/1/acts"
    headers = {"If_Match": made.headers["ETag"], "Idempotency_Key": KEY}

    answers = [owner.send("POST", address, act, **headers) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.get_json()["state"] for answer in answers] == ["withdrawn", "withdrawn"]


def test_another_request_with_the_key_is_refused(owner: Program, session: Session) -> None:
    owner.send("POST", "/teams", TEAM, Idempotency_Key=KEY)
    before = everything(session)

    other = owner.send("POST", "/teams", {"name": "Trams"}, Idempotency_Key=KEY)

    assert other.status_code == 422
    assert "take a new one" in other.get_json()["errors"][0]["detail"]
    assert everything(session) == before


def test_somebody_else_may_use_the_same_key(owner: Program, app: Flask, session: Session) -> None:
    partner = Program(app, token_of(session, "pat-partner"))

    answers = [
        owner.send("POST", "/teams", TEAM, Idempotency_Key=KEY),
        partner.send("POST", "/teams", {"name": "Trams"}, Idempotency_Key=KEY),
    ]

    assert [answer.status_code for answer in answers] == [201, 201]


def test_what_was_refused_may_be_sent_again_with_its_key(owner: Program, session: Session) -> None:
    refused = owner.send("POST", "/teams", {"name": "Payments"}, Idempotency_Key=KEY)
    kept = session.scalars(select(KeptAnswerRow)).all()
    session.rollback()

    done = owner.send("POST", "/teams", TEAM, Idempotency_Key=KEY)

    assert (refused.status_code, kept, done.status_code) == (422, [], 201)


def test_a_secret_is_kept_nowhere_and_made_once(owner: Program, session: Session) -> None:
    first = owner.send("POST", "/calendars", {}, Idempotency_Key=KEY)
    again = owner.send("POST", "/calendars", {}, Idempotency_Key=KEY)

    assert (first.status_code, again.status_code) == (201, 409)
    secret = first.get_json()["address"].rpartition("/")[2]
    assert secret not in str(everything(session))
    assert owner.read("/calendars")["total"] == 1


def test_an_act_whose_answer_was_lost_is_not_done_twice(owner: Program, session: Session) -> None:
    owner.send("POST", "/teams", TEAM, Idempotency_Key=KEY)
    session.execute(update(KeptAnswerRow).values(status=None))  # as if the power had failed in between
    session.commit()

    again = owner.send("POST", "/teams", TEAM, Idempotency_Key=KEY)

    assert again.status_code == 409
    assert "done already" in again.get_json()["detail"]
    assert owner.read("/teams?q=ferries")["total"] == 1


@pytest.mark.parametrize("key", ["", "two words", "ä", "x" * 201])
def test_a_key_that_cannot_be_kept_is_refused(owner: Program, key: str) -> None:
    assert owner.send("POST", "/teams", TEAM, Idempotency_Key=key).status_code == 422
