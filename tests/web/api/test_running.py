"""A session that runs is steered, decided in and voted in by programs, as on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.digest import everything
from tests.support.program import Program

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.postgres

ROOM = "/shared-sessions/1"


def act(program: Program, **what: Any) -> Any:
    answer = program.send("POST", f"{ROOM}/acts", what)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_a_session_is_begun_decided_in_and_closed(owner: Program, partner: Program) -> None:
    before = owner.read(f"{ROOM}/room")
    running = act(owner, act="start")
    (item,) = running["items"]

    assert (before["state"], before["items"][0]["number"]) == ("planned", 0)
    assert (running["state"], running["current"], running["there"]) == (
        "running",
        item["number"],
        ["olive-owner"],
    )
    assert act(partner, act="arrive")["there"] == ["olive-owner", "pat-partner"]

    address = f"{ROOM}/items/{item['number']}"
    seen = partner.send("GET", address).headers["ETag"]
    decision = {"act": "accept", "day": "2026-03-02", "text": "By file"}
    decided = partner.send("POST", f"{address}/decision", decision, If_Match=seen)

    assert decided.status_code == 200, decided.text
    assert decided.get_json()["outcome"] == {
        "kind": "agreed", "text": "By file", "decider": "pat-partner", "consulted": [], "idea_from": "",
        "review_on": None, "agreed_for": "2026-03-02", "deferred_to": "",
    }  # fmt: skip
    assert partner.read("/dependencies/1")["promised_for"] == "2026-03-02"
    assert partner.read(f"{ROOM}/room")["undo"] == int(decided.headers["Planner-Change"])

    late = owner.send("POST", f"{address}/decision", {"text": "By mail"}, If_Match=seen)
    closed = act(owner, act="close")

    assert late.status_code == 412
    assert (closed["state"], closed["there"]) == ("closed", ["olive-owner", "pat-partner"])


def test_a_no_without_a_reason_points_to_what_is_missing(owner: Program, partner: Program) -> None:
    item = act(owner, act="start")["current"]

    in_the_room = partner.send("POST", f"{ROOM}/items/{item}/decision", {"act": "decline"}, If_Match="*")
    on_its_page = partner.send("POST", "/dependencies/1/acts", {"act": "decline"}, If_Match="*")

    missing = "is empty; give the reason in a few words"
    assert (in_the_room.status_code, in_the_room.get_json()["errors"]) == (
        422,
        [{"detail": missing, "pointer": "#/reason", "where": "reason"}],
    )
    assert (on_its_page.status_code, on_its_page.get_json()["errors"]) == (
        422,
        [{"detail": missing, "pointer": "#/text", "where": "text"}],
    )


def test_nobody_reads_a_vote_before_all_are_shown(owner: Program, partner: Program) -> None:
    item = act(owner, act="start")["current"]
    act(partner, act="arrive")
    called = owner.send("POST", f"{ROOM}/items/{item}/votes", {"method": "dots", "choices": ["File", "Call"]})
    number = called.get_json()["votes"][0]["number"]

    cast = partner.send("POST", f"{ROOM}/votes/{number}/voices", {"numbers": [2, 1]}).get_json()["votes"][0]
    blind = owner.read(f"{ROOM}/room")["votes"][0]
    shown = owner.send("POST", f"{ROOM}/votes/{number}/reveal").get_json()["votes"][0]

    assert called.status_code == 201
    assert (cast["voted"], cast["mine"], cast["tally"]) == (1, [2, 1], None)
    assert (blind["voted"], blind["mine"], blind["tally"]) == (1, None, None)
    assert (shown["is_revealed"], shown["tally"]) == (True, [2, 1])


def test_the_pulse_differs_once_something_has_happened(owner: Program) -> None:
    before = owner.read(f"{ROOM}/pulse")

    assert owner.read(f"{ROOM}/pulse") == before
    assert act(owner, act="start")["pulse"] != before["pulse"]


def test_guests_come_by_a_code_until_they_are_shown_out(owner: Program) -> None:
    act(owner, act="start")

    code = act(owner, act="invite-guests")["code"]

    assert len(code) == 6
    assert act(owner, act="show-out")["code"] == ""


def test_whoever_does_not_lead_steers_nothing(owner: Program, partner: Program, session: Session) -> None:
    act(owner, act="start")
    partner.read("/me")
    before = everything(session)

    steps = ({"act": "close"}, {"act": "add-time"}, {"act": "turn", "item": 1})
    answers = [partner.send("POST", f"{ROOM}/acts", step) for step in steps]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert everything(session) == before


def test_a_round_that_there_is_not_is_not_found(owner: Program) -> None:
    assert owner.read(f"{ROOM}/room?round=2")["round"] == 2
    assert owner.send("GET", f"{ROOM}/room?round=99").status_code == 404
    assert owner.send("GET", "/shared-sessions/9/room").status_code == 404


def test_a_step_that_lacks_what_it_needs_is_refused_in_words(owner: Program) -> None:
    act(owner, act="start")

    answers = [owner.send("POST", f"{ROOM}/acts", {"act": name}) for name in ("turn", "hand-over", "dance")]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    pointers = [answer.get_json()["errors"][0]["pointer"] for answer in answers]
    assert pointers == ["#/item", "#/person", "#/act"]
