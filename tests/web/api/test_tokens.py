"""Access tokens: shown once, kept as a hash, ended at once, and the only way in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from planner.domain.errors import InvalidInput, NotFound
from planner.services import people
from planner.services.accounts.tokens import (
    BEGINS_WITH,
    LONGEST,
    MOST,
    Scope,
    bearer_of,
    make_token,
    read_tokens,
    revoke_token,
)
from planner.storage.models import ChangeRow, TokenRow
from planner.web import meter
from tests.factories import MONDAY, OPERATOR, make_actor, make_cast
from tests.support.page import Browser
from tests.support.program import Program, token_of

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

TODAY = MONDAY.date()


@pytest.fixture(autouse=True)
def _cast(session: Session) -> None:
    make_cast(session)


def test_a_token_is_made_on_its_page_and_shown_there_once(app: Flask) -> None:
    browser = Browser(app)
    browser.sign_in("olive-owner")
    form = browser.open("/account/tokens")

    made = browser.submit(form, "Make the token", name="Nightly report", scopes=["read"], until="2026-03-02")
    token = next(e.get("value") for e in made.tree.iter() if e.get("id") == "token")
    listed = browser.open("/account/tokens")

    assert token.startswith("planner_")
    assert Program(app, token).read("/me")["key"] == "olive-owner"
    assert token not in listed.text
    assert f"…{token[-4:]}" in listed.text
    assert "Nightly report" in listed.text


def test_of_a_token_its_hash_is_kept_and_nothing_else(session: Session) -> None:
    token = token_of(session, "olive-owner")
    row = session.scalars(select(TokenRow)).one()
    change = session.scalars(select(ChangeRow).order_by(ChangeRow.id.desc())).first()

    assert (len(row.token_hash), row.last_four) == (64, token[-4:])
    assert token[8:] not in repr([vars(row), vars(change)])
    assert change is not None
    assert (change.tag, change.summary) == ("account:token:made", "Made an access token")


def test_a_revoked_token_opens_nothing_from_then_on(app: Flask, session: Session) -> None:
    program = Program(app, token_of(session, "olive-owner"))
    assert program.send("GET", "/me").status_code == 200

    revoke_token(session, make_actor(session, "olive-owner"), 1)

    assert program.send("GET", "/me").status_code == 401
    assert read_tokens(session, make_actor(session, "olive-owner"), is_trial=True) == []


def test_nobody_revokes_the_token_of_somebody_else(session: Session) -> None:
    token_of(session, "olive-owner")

    with pytest.raises(NotFound):
        revoke_token(session, make_actor(session, "pat-partner"), 1)


def test_a_token_ends_with_its_day_with_its_person_and_outside_its_trial(session: Session) -> None:
    token = token_of(session, "olive-owner")
    ends = MONDAY + timedelta(days=31)

    assert bearer_of(session, token, ends - timedelta(hours=9), is_trial=True) is not None
    assert bearer_of(session, token, ends, is_trial=True) is None
    assert bearer_of(session, token, MONDAY, is_trial=False) is None


def test_a_program_of_somebody_who_left_comes_in_no_more(app: Flask, session: Session) -> None:
    program = Program(app, token_of(session, "olive-owner"))

    people.remove_person(session, OPERATOR, "olive-owner")

    assert program.send("GET", "/teams").status_code == 401


@pytest.mark.parametrize(
    ("scopes", "until", "where"),
    [
        ([], TODAY, ["scopes"]),
        ([Scope.READ], TODAY - timedelta(days=1), ["until"]),
        ([Scope.READ], TODAY + LONGEST + timedelta(days=1), ["until"]),
        ([], TODAY - timedelta(days=1), ["scopes", "until"]),
    ],
)
def test_a_token_without_scope_or_with_no_such_day_is_refused(
    session: Session, scopes: list[Scope], until: object, where: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        make_token(
            session,
            make_actor(session, "olive-owner"),
            name="x",
            scopes=scopes,
            until=until,  # type: ignore[arg-type] # a date in each line
            is_trial=True,
        )

    assert [problem.where for problem in refused.value.problems] == where


def test_nobody_has_more_tokens_than_they_can_look_after(session: Session) -> None:
    for _number in range(MOST):
        token_of(session, "olive-owner")

    with pytest.raises(InvalidInput, match="revoke one first"):
        token_of(session, "olive-owner")


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x", "Basic b2xpdmU6eA==", "Bearer planner_" + "x" * 43, "Bearer planner_²"],
)
def test_whoever_has_no_token_is_told_how_to_come_in(app: Flask, header: str) -> None:
    answer = Program(app).send("GET", "/teams", Authorization=header)

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.get_json() == {
        "type": "about:blank",
        "title": "No access token",
        "status": 401,
        "detail": "Send “Authorization: Bearer” with an access token that works.",
    }


def test_a_cookie_and_a_token_in_the_address_let_nobody_in(app: Flask, session: Session) -> None:
    token = token_of(session, "olive-owner")
    browser = Browser(app)
    browser.sign_in("olive-owner")

    by_cookie = [browser._get("/api/v1/teams"), browser._post("/api/v1/teams", {"name": "Ferries"})]
    in_address = Program(app).send("GET", f"/teams?token={token}&access_token={token}")

    assert [answer.status_code for answer in by_cookie] == [401, 401]
    assert (in_address.status_code, token in in_address.text) == (401, False)


def test_a_request_that_another_site_makes_is_refused_though_it_has_a_token(
    app: Flask, session: Session
) -> None:
    program = Program(app, token_of(session, "olive-owner"))

    answer = program.send("POST", "/teams", {"name": "Ferries"}, Origin="https://evil.example")

    assert (answer.status_code, answer.content_type) == (403, "application/problem+json")


def test_no_answer_sets_a_cookie_or_is_kept_by_others(app: Flask, session: Session) -> None:
    answer = Program(app, token_of(session, "olive-owner")).send("GET", "/teams")

    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_the_use_of_a_token_is_noted_now_and_then(app: Flask, session: Session) -> None:
    program = Program(app, token_of(session, "olive-owner"))
    assert session.scalar(select(TokenRow.used_at)) is None
    session.rollback()

    program.send("GET", "/teams")

    assert session.scalar(select(TokenRow.used_at)) == MONDAY
    session.rollback()


def test_a_request_too_many_waits_for_the_next_minute(app: Flask, session: Session) -> None:
    token = token_of(session, "olive-owner")
    context = app.extensions["planner"]
    object.__setattr__(context.settings, "api_limit", 2)
    program = Program(app, token)

    answers = [program.send("GET", "/me") for _number in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert {answer.headers["RateLimit-Limit"] for answer in answers} == {"2"}
    assert 1 <= int(answers[2].headers["RateLimit-Reset"]) <= 60
    assert answers[2].headers["Retry-After"] == "60"
    assert Program(app, token_of(session, "pat-partner")).send("GET", "/me").status_code == 200


def test_tokens_that_nobody_has_give_no_new_requests_to_one_that_somebody_has(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meter, "CALLERS_MOST", 4)  # ten thousand would take a minute
    object.__setattr__(app.extensions["planner"].settings, "api_limit", 2)
    program = Program(app, token_of(session, "olive-owner"))
    mine = [program.send("GET", "/me").status_code for _number in range(3)]

    made_up = [Program(app, f"{BEGINS_WITH}{n}").send("GET", "/me").status_code for n in range(6)]
    after = program.send("GET", "/me").status_code

    assert (mine, made_up, after) == ([200, 200, 429], [401, 401, 429, 429, 429, 429], 429)


def test_ended_tokens_of_the_table_are_never_listed(session: Session) -> None:
    token_of(session, "olive-owner")
    session.execute(update(TokenRow).values(expires_at=MONDAY))
    session.commit()

    assert read_tokens(session, make_actor(session, "olive-owner"), is_trial=True) == []
