"""A plan is adjusted by a program, with the price of each change, proposed, changed again and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.factories import make_cast, make_dependency
from tests.support.program import Program, token_of

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.postgres


@pytest.fixture
def owner(app: Flask, session: Session) -> Program:
    cast = make_cast(session)
    for what in ("Settlement file", "Refund report"):
        make_dependency(session, cast.team, cast.partner_team, what=what)
    return Program(app, token_of(session, "olive-owner"))


def adjusted(owner: Program, address: str, **body: Any) -> Any:
    answer = owner.send("POST", address, body)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def other_time(plan: Any) -> Any:
    """The changes with the first other time that no rule forbids."""
    choices = (one for one in plan["choices"] if one["group"] == "At another time")
    return next(choice["changes"] for choice in choices if not choice["problem"])


def test_a_suggestion_is_adjusted_and_proposed_as_it_was_seen(owner: Program) -> None:
    untouched = adjusted(owner, "/suggestion/adjusted")
    menu = adjusted(owner, "/suggestion/adjusted", session=1)
    changes = other_time(menu)
    plan = adjusted(owner, "/suggestion/adjusted", changes=changes)

    assert (untouched["steps"], untouched["choices"]) == ([], [])
    assert untouched["mark"] == owner.read("/suggestion")["mark"]
    assert [step["word"] for step in plan["steps"]] == changes
    assert (plan["steps"][0]["problem"], plan["mark"] != untouched["mark"]) == ("", True)

    unseen = owner.send("POST", "/proposals", {"changes": changes, "mark": untouched["mark"]})
    made = owner.send("POST", "/proposals", {"changes": changes, "mark": plan["mark"]})

    assert unseen.status_code == 412
    assert (made.status_code, made.get_json()["changes"]) == (201, changes)


def test_a_change_that_cannot_be_read_is_told_and_left_out(owner: Program) -> None:
    plan = adjusted(owner, "/suggestion/adjusted", changes=["nonsense"])

    assert plan["steps"][0]["problem"]
    assert plan["mark"] == adjusted(owner, "/suggestion/adjusted")["mark"]


def test_a_proposal_gets_a_next_version_and_an_old_one_back(owner: Program) -> None:
    mark = owner.read("/suggestion")["mark"]
    owner.send("POST", "/proposals", {"mark": mark})
    changes = other_time(adjusted(owner, "/proposals/1/adjusted", session=1))
    plan = adjusted(owner, "/proposals/1/adjusted", changes=changes)
    version = {"changes": changes, "mark": plan["mark"], "seen": plan["seen"]}

    second = owner.send("POST", "/proposals/1/versions", version)
    late = owner.send("POST", "/proposals/1/versions", version)
    third = owner.send("POST", "/proposals/1/restore", {"seen": 2})

    assert (second.status_code, second.get_json()["round"], late.status_code) == (201, 2, 412)
    assert (third.status_code, third.get_json()["round"], third.get_json()["changes"]) == (201, 3, [])
    assert [one["number"] for one in owner.read("/proposals/1/versions")["items"]] == [3, 2, 1]
    assert owner.read("/proposals/1/comparison?before=1&after=2")["summary"]
    assert owner.send("GET", "/proposals/1/comparison?before=1&after=9").status_code == 404
    assert owner.read("/proposals/1/news") == {"broken": [], "changed": []}
