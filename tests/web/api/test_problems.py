"""Whatever goes wrong is told as a problem, for programs, in the words of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from planner.services import teams
from tests.factories import make_cast
from tests.support.digest import everything
from tests.support.program import Program, token_of

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


@pytest.fixture
def owner(app: Flask, session: Session) -> Program:
    make_cast(session)
    return Program(app, token_of(session, "olive-owner"))


@pytest.mark.parametrize(
    ("method", "address", "body", "status", "title"),
    [
        ("GET", "/no/such/thing", None, 404, "Not here"),
        ("GET", "/teams/none", None, 404, "Not here"),
        ("GET", "/dependencies/99999999999", None, 404, "Not here"),
        ("PUT", "/teams", {}, 405, "Not like this"),
        ("POST", "/teams", None, 415, "Not this kind"),
        ("POST", "/teams", {"name": "x" * 23_000_000}, 413, "Too large"),
        ("POST", "/teams", {"name": "Payments"}, 422, "Something is not right yet"),
        ("POST", "/teams", ["a", "list"], 422, "Something is not right yet"),
    ],
)
def test_every_refusal_is_a_problem_with_a_title(
    owner: Program, session: Session, method: str, address: str, body: Any, status: int, title: str
) -> None:
    before = everything(session)

    answer = owner.send(method, address, body)

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert (answer.get_json()["title"], answer.get_json()["status"]) == (title, status)
    assert everything(session)["team"] == before["team"]


def test_a_wrong_verb_is_told_the_right_ones(owner: Program) -> None:
    answer = owner.send("PUT", "/teams/payments", {})

    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "PATCH", "DELETE", "OPTIONS"}


def test_a_fault_of_ours_is_told_without_its_reason(
    owner: Program, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_more: object) -> None:
        raise ZeroDivisionError("a secret of the house")

    # patched, because no request is known that makes the product fail
    monkeypatch.setattr(teams, "record_team", fail)
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)

    answer = owner.send("POST", "/teams", {"name": "Ferries"})

    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "text",
    ["", "{", "[" * 100 + "]" * 100, '{"name": "a", "name": "b"}', '{"name": "\\ud800"}', "NaN", "\xff"],
)
def test_what_is_no_json_is_refused_in_words(owner: Program, text: str) -> None:
    headers = {"Authorization": f"Bearer {owner.token}", "Content-Type": "application/json"}

    answer = owner.client.post("/api/v1/teams", data=text.encode("latin-1"), headers=headers)

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.get_json()["errors"]
