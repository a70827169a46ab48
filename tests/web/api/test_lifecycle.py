"""From preparing a session to its minutes, and what people promise there: by programs, as on the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import make_held
from tests.support.program import Program

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.postgres

ON = "/shared-sessions/1"


def test_a_topic_is_put_on_the_agenda_handed_over_and_taken_away(owner: Program) -> None:
    made = owner.send("POST", f"{ON}/topics", {"title": "Holidays"})
    address = made.headers["Location"].removeprefix("/api/v1")

    assert made.status_code == 201
    assert made.get_json() == owner.read(address)
    assert (made.get_json()["title"], made.get_json()["lead"]) == ("Holidays", "olive-owner")

    mine = owner.send("PATCH", address, {"lead": "olive-owner"}, If_Match=made.headers["ETag"])
    gone = owner.send("DELETE", address, If_Match=mine.headers["ETag"])

    assert (mine.status_code, gone.status_code) == (200, 204)
    assert owner.send("GET", address).status_code == 404


def test_an_agenda_that_somebody_wrote_meanwhile_is_not_written_over(
    owner: Program, partner: Program
) -> None:
    seen = owner.send("GET", f"{ON}/preparation").headers["ETag"]
    partner.send("POST", f"{ON}/topics", {"title": "Holidays"})

    stale = owner.send("POST", f"{ON}/agenda", {"order": "suggested"}, If_Match=seen)
    fresh = owner.send("GET", f"{ON}/preparation").headers["ETag"]
    written = owner.send("POST", f"{ON}/agenda", {"order": "suggested"}, If_Match=fresh)

    assert (stale.status_code, written.status_code) == (412, 200)
    assert [line["title"] for line in written.get_json()["lines"]] == ["Settlement file", "Holidays"]


def test_votes_are_blind_until_the_last_one_is_in(owner: Program, partner: Program) -> None:
    matter = owner.read(f"{ON}/preparation")["lines"][0]["matter"]

    blind = owner.send("POST", f"{ON}/ballot", {"votes": [{"matter": matter, "importance": 5}]})
    seen = partner.read(f"{ON}/preparation")["voting"]
    last = partner.send("POST", f"{ON}/ballot", {"votes": [{"matter": matter, "importance": 1, "weeks": 2}]})
    opened = last.get_json()["voting"]

    assert blind.status_code == 200, blind.text
    assert (seen["voted"], seen["voters"], seen["mine"], seen["findings"]) == (1, 2, [], [])
    assert opened["opened_at"] is not None
    assert [(one["count"], one["importance"], one["scores"]) for one in opened["findings"]] == [
        (2, 3, [1, 5])
    ]

    again = owner.send("POST", f"{ON}/ballot/again")

    assert (again.status_code, again.get_json()["voting"]["round"]) == (200, 2)


def test_minutes_are_shared_objected_to_answered_and_corrected(
    owner: Program, partner: Program, session: Session
) -> None:
    make_held(session, 1, "pat-partner")
    draft = owner.read(f"{ON}/minutes")
    shared = owner.send("POST", f"{ON}/minutes", {})

    assert (draft["state"], draft["version"], draft["present"]) == (
        "draft",
        None,
        ["Olive Owner", "Pat Partner"],
    )
    assert (shared.status_code, shared.get_json()["state"]) == (201, "open")

    item = shared.get_json()["not_reached"][0]["item"]
    objected = partner.send(
        "POST", f"{ON}/minutes/objections", {"version": 1, "item": item, "words": "We did"}
    )
    (objection,) = objected.get_json()["objections"]
    answered = owner.send("POST", f"{ON}/minutes/objections/{objection['number']}/answer", {"words": "True"})

    assert objected.get_json()["state"] == "objected"
    assert (answered.get_json()["state"], answered.get_json()["objections"][0]["answer"]) == ("open", "True")
    assert owner.send("POST", f"{ON}/minutes", {"why": "So"}).status_code == 409  # nothing has changed

    file = owner.send("GET", f"{ON}/minutes/file?format=md")

    assert (file.content_type, file.text.startswith("# ")) == ("text/markdown; charset=utf-8", True)


def test_what_a_session_was_worth_and_took_is_for_oneself(
    owner: Program, partner: Program, session: Session
) -> None:
    make_held(session, 1, "pat-partner")

    said = partner.send("POST", f"{ON}/worth", {"value": 3})

    assert (said.get_json()["worth"], owner.read(f"{ON}/minutes")["worth"]) == (3, None)
    assert partner.read("/me/load")["attended"] == 30
    assert partner.send("POST", f"{ON}/worth", {"value": None}).get_json()["worth"] is None


def test_a_promise_is_made_asked_about_and_kept(owner: Program, partner: Program) -> None:
    peers = owner.read("/promises/peers")["items"]
    made = owner.send("POST", "/promises", {"line": "Draft by Friday", "witnesses": [peers[0]["key"]]})
    address = made.headers["Location"].removeprefix("/api/v1")

    assert made.status_code == 201, made.text
    assert (made.get_json()["text"], made.get_json()["witnesses"]) == ("Draft", ["Pat Partner"])
    assert [one["role"] for one in partner.read("/promises")["items"]] == ["witness"]

    kept = owner.send("POST", f"{address}/acts", {"act": "keep"}, If_Match=made.headers["ETag"])
    late = owner.send("POST", f"{address}/acts", {"act": "withdraw"}, If_Match=made.headers["ETag"])

    assert (kept.status_code, kept.get_json()["state"], late.status_code) == (200, "kept", 409)

    entry = kept.get_json()["entries"][-1]["number"]
    back = owner.send("POST", f"/promises/entries/{entry}/take-back")

    assert (back.status_code, owner.read(address)["state"]) == (204, "open")


def test_whoever_is_there_witnesses_what_is_promised_in_a_session(owner: Program, partner: Program) -> None:
    for program, act in ((owner, "start"), (partner, "arrive")):
        assert program.send("POST", f"{ON}/acts", {"act": act}).status_code == 200

    made = owner.send("POST", "/promises", {"line": "Draft by Friday", "session": 1, "round": 1})

    assert made.status_code == 201, made.text
    assert made.get_json()["witnesses"] == ["Pat Partner"]
    assert [one["text"] for one in partner.read(f"{ON}/room")["promises"]] == ["Draft"]
