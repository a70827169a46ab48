"""Dates of an agreed session are moved and left out, people reply, and a time is polled for, by programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import make_dependency
from tests.support.program import Program

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.postgres

ON = "/shared-sessions/1"


def test_a_date_is_moved_left_out_and_put_back(owner: Program) -> None:
    seen = owner.send("GET", ON)
    first, planned = seen.get_json()["dates"][0], seen.get_json()["dates"][0]["planned"]
    move = {"act": "move", "starts_at": "2026-02-20T10:30:00+01:00"}

    moved = owner.send("POST", f"{ON}/dates/1/acts", move, If_Match=seen.headers["ETag"])
    stale = owner.send("POST", f"{ON}/dates/1/acts", {"act": "leave-out"}, If_Match=seen.headers["ETag"])
    left = owner.send("POST", f"{ON}/dates/1/acts", {"act": "leave-out"}, If_Match=moved.headers["ETag"])
    back = owner.send("POST", f"{ON}/dates/1/acts", {"act": "restore"}, If_Match=left.headers["ETag"])

    assert first == {"round": 1, "planned": planned, "starts_at": planned, "in_turn": None}
    assert moved.get_json()["dates"][0]["starts_at"] == "2026-02-20T09:30:00+00:00"
    assert stale.status_code == 412
    assert left.get_json()["dates"][0]["starts_at"] is None
    assert back.get_json()["dates"] == seen.get_json()["dates"]


def test_a_time_without_its_zone_is_refused(owner: Program) -> None:
    move = {"act": "move", "starts_at": "2026-02-20T10:30:00"}

    refused = owner.send("POST", f"{ON}/dates/1/acts", move, If_Match="*")

    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == "#/starts_at"


def test_people_say_whether_they_come(owner: Program, partner: Program) -> None:
    partner.send("POST", f"{ON}/replies", {"answer": "tentative"})
    said = partner.send("POST", f"{ON}/replies", {"answer": "accepted"})

    assert said.status_code == 200, said.text
    assert owner.read(f"{ON}/replies")["items"] == [said.get_json()]
    assert (said.get_json()["person"], said.get_json()["answer"]) == ("pat-partner", "accepted")


def test_a_time_is_asked_for_answered_and_decided(owner: Program, partner: Program) -> None:
    assert owner.send("GET", f"{ON}/poll").status_code == 404

    asked = owner.send("POST", f"{ON}/poll")
    start = asked.get_json()["times"][0]["starts_at"]
    answered = partner.send("POST", f"{ON}/poll/answers", {"starts_at": start, "choice": "yes"})
    decided = owner.send("POST", f"{ON}/poll/decision", {"starts_at": start})

    assert asked.status_code == 201
    assert answered.get_json()["times"][0]["yes"] == ["pat-partner"]
    assert (decided.status_code, decided.get_json()["chosen"]) == (200, start)
    assert owner.read(ON)["dates"][0]["starts_at"] == start


def test_a_session_for_one_dependency_is_asked_for_and_called_off(owner: Program, session: Session) -> None:
    make_dependency(session, "payments", "partner-api", what="Tap file")

    made = owner.send("POST", "/dependencies/2/session")
    address = made.headers["Location"].removeprefix("/api/v1")
    twice = owner.send("POST", "/dependencies/2/session")
    off = owner.send("POST", f"{address}/off", If_Match=made.headers["ETag"])

    assert (made.status_code, made.get_json()["proposal"], made.get_json()["agenda"]) == (201, None, [2])
    assert (twice.status_code, off.status_code, off.get_json()["is_cancelled"]) == (409, 200, True)
