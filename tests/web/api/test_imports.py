"""A file is brought in by a program: looked at, chosen about, confirmed, and never written twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import make_cast
from tests.support.digest import everything
from tests.support.program import Program, token_of

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.postgres

GRAPH = b"graph LR\n Payments --> Web\n Payments --> Tills\n"


@pytest.fixture
def owner(app: Flask, session: Session) -> Program:
    make_cast(session)
    program = Program(app, token_of(session, "olive-owner"))
    program.read("/me")
    return program


def test_a_graph_is_looked_at_turned_round_and_written(owner: Program, session: Session) -> None:
    made = owner.send_files("/imports", ("teams.mmd", GRAPH))
    found, address = made.get_json(), made.headers["Location"].removeprefix("/api/v1")

    assert made.status_code == 201, made.text
    assert (found["state"], found["look"]["new"], found["names"]) == ("ready", 2, ["teams.mmd"])
    assert [(team["read"], team["key"]) for team in found["look"]["teams"]] == [
        ("Payments", "payments"),
        ("Tills", "+"),
        ("Web", "+"),
    ]

    (kind,) = found["look"]["kinds"]
    chosen = {"directions": {kind["name"]: "gives"}, "teams": {"Web": "web-shop"}}
    changed = owner.send("PATCH", address, chosen, If_Match=made.headers["ETag"])
    stale = owner.send("POST", f"{address}/confirm", If_Match=made.headers["ETag"])
    written = owner.send("POST", f"{address}/confirm", If_Match=changed.headers["ETag"])

    assert changed.status_code == 200, changed.text
    assert changed.get_json()["choices"]["teams"] == {"Tills": "+", "Web": "web-shop"}
    assert stale.status_code == 412
    assert (written.status_code, written.get_json()["state"]) == (200, "done")
    assert written.get_json()["report"]["added"] == {"teams": 1, "dependencies": 2}
    pairs = {(one["consumer"], one["provider"]) for one in owner.read("/dependencies")["items"]}
    assert pairs == {("web-shop", "payments"), ("tills", "payments")}

    before = everything(session)
    again = owner.send("POST", f"{address}/confirm", If_Match=changed.headers["ETag"])

    assert (again.status_code, again.get_json()["report"]) == (200, written.get_json()["report"])
    assert everything(session) == before


def test_what_a_file_would_empty_is_told_before_it_is_written(owner: Program) -> None:
    table = b"consumer,provider,what,by,key\nPayments,Web shop,Token,2026-03-02,t1\n"
    first = owner.send_files("/imports", ("needs.csv", table))
    address = first.headers["Location"].removeprefix("/api/v1")
    owner.send("POST", f"{address}/confirm", If_Match=first.headers["ETag"])

    found = owner.send_files("/imports", ("needs.csv", table.replace(b"2026-03-02", b""))).get_json()["look"]

    assert (found["changed"], found["more_erased"]) == (1, 0)
    assert found["erased"] == [
        {
            "records": "dependencies",
            "key": "a-table-of-needs:t1~t1 needed",
            "name": "Token",
            "field": "needed by",
            "here": "2026-03-02",
        }
    ]


def test_a_choice_about_what_is_not_in_the_file_is_refused(owner: Program) -> None:
    made = owner.send_files("/imports", ("teams.mmd", GRAPH))
    chosen = {"directions": {"blocks": "gives"}, "teams": {"Web": "nobody"}, "take": ["x"]}

    refused = owner.send("PATCH", "/imports/1", chosen, If_Match=made.headers["ETag"])

    assert (made.status_code, refused.status_code) == (201, 422)
    assert [one["pointer"] for one in refused.get_json()["errors"]] == ["#/directions", "#/take"]


def test_the_same_file_with_the_same_key_is_one_import(owner: Program) -> None:
    first, second = (
        owner.send_files("/imports", ("teams.mmd", GRAPH), Idempotency_Key="one") for _time in range(2)
    )
    other = owner.send_files("/imports", ("teams.mmd", GRAPH + b"%%"), Idempotency_Key="one")

    assert second.headers["Idempotency-Replayed"] == "true"
    assert (second.get_json(), other.status_code) == (first.get_json(), 422)


def test_the_eleventh_import_of_an_hour_is_a_problem_with_the_time_to_wait(owner: Program) -> None:
    for number in range(10):
        owner.send_files("/imports", ("teams.mmd", GRAPH + b"%" * (2 * number)))

    refused = owner.send_files("/imports", ("teams.mmd", GRAPH))

    assert (refused.status_code, refused.content_type) == (429, "application/problem+json")
    assert refused.headers["Retry-After"] == "3600"
    assert refused.get_json()["detail"].endswith("Wait 60 minutes, then try again.")


def test_what_is_no_file_is_refused_in_words(owner: Program, session: Session) -> None:
    before = everything(session)

    answers = [
        owner.send("POST", "/imports", {"file": "x"}),
        owner.send("POST", "/imports"),
        owner.send_files("/imports", ("empty.csv", b"")),
        owner.send_files("/me/times/busy", ("a.ics", b"x"), ("b.ics", b"y")),
        owner.send_files("/me/times/busy", ("a.ics", b"no calendar")),
    ]

    assert [answer.status_code for answer in answers] == [415, 415, 422, 422, 422]
    assert {answer.content_type for answer in answers} == {"application/problem+json"}
    assert everything(session)["dependency"] == before["dependency"]


def test_an_import_is_given_up(owner: Program) -> None:
    owner.send_files("/imports", ("teams.mmd", GRAPH))

    gone = owner.send("DELETE", "/imports/1")

    assert (gone.status_code, owner.read("/imports/1")["state"]) == (204, "stopped")


def test_busy_times_and_days_off_are_kept_for_oneself(owner: Program) -> None:
    calendar = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x//EN
BEGIN:VEVENT
UID:1
DTSTAMP:20260201T000000Z
DTSTART:20260203T090000Z
DTEND:20260203T100000Z
SUMMARY:Dentist
END:VEVENT
END:VCALENDAR
""".replace(b"\n", b"\r\n")

    kept = owner.send_files("/me/times/busy", ("mine.ics", calendar))
    off = owner.send("POST", "/me/times/days-off", {"first": "2026-12-24", "last": "2026-12-26"})

    assert (kept.status_code, kept.get_json()["busy"]) == (200, 1)
    assert "Dentist" not in kept.text
    assert off.get_json()["days_off"] == [{"first": "2026-12-24", "last": "2026-12-26"}]

    assert owner.send("DELETE", "/me/times/days-off/2026-12-24").status_code == 204
    assert owner.send("DELETE", "/me/times/busy").status_code == 204
    assert owner.read("/me/times") == {"busy": 0, "until": None, "read_at": None, "days_off": []}


def test_a_file_may_be_larger_than_all_else_that_is_sent(owner: Program) -> None:
    made = owner.send_files("/imports", ("large.csv", b"Issue key,Summary\n" + b"x" * 23_000_000))

    assert (made.status_code, made.get_json()["state"]) == (201, "looking")
    assert owner.send("DELETE", "/imports/1").status_code == 204
