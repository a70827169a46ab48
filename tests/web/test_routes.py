"""Every address with what each kind of person gets there; a new one without a line fails."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from planner.app import create_app
from planner.domain.meeting.model import ItemId
from planner.domain.meeting.votes import Method, Poll, PollId
from planner.services import hooks
from planner.services.accounts.tokens import Scope, make_token
from planner.services.calendar.calendars import make_feed
from planner.services.calendar.polls import open_poll
from planner.services.changes import VOTES, WITHOUT_VALUES, undo
from planner.services.importing.imports import begin_import
from planner.services.mail import post
from planner.services.meeting.live import arrive, start_meeting
from planner.services.meeting.preparing import add_topic
from planner.services.meeting.votes import call_vote
from planner.storage import jobs
from planner.storage.models import ChangeRow
from tests.conftest import HOOK_HOSTS, Filled, filled_once, settings_for
from tests.factories import (
    MONDAY,
    OPERATOR,
    make_actor,
    make_agreed,
    make_cast,
    make_dependency,
    make_goal,
    make_horizon,
    make_place,
    make_promise,
    make_proposal,
    make_session,
)
from tests.support.accounts import PASSWORD
from tests.support.digest import everything
from tests.support.page import HTML, Browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

WITH_ACCOUNTS = {"account", "doors", "invitations", "openid", "shares"}
FOR_PROGRAMS = "api"
"""Everything under it has its lines in tests/web/api/test_rights.py."""
WHO = ("visitor", "otto-outsider", "olive-owner")
OPEN = (200, 200, 200)
MEMBERS = (303, 200, 200)  # a visitor is asked who they are
DONE = (303, 303, 303)
OWNERS = (303, 403, 303)
LED = (303, 403, 303)  # the owner leads it
PRIVATE = (303, 404, 303)
MANAGERS = (303, 200, 200)  # any product owner, until there are administrators
CHOICES = {
    "asked": "now", "answered": "daily", "reopened": "none", "reminded": "now", "slipped": "daily",
    "all_there": "now", "due_tomorrow": "none", "proposal": "now", "promise": "daily", "changed": "now",
    "session": "daily", "minutes": "now",
}  # fmt: skip
MANY = {
    "number": "1", "take": "1", "what": "Card token", "consumer": "payments", "provider": "web-shop",
    "by": "", "goal": "", "kind": "hand-over", "consumer_read": "", "provider_read": "",
}  # fmt: skip
DEPENDENCY = {
    "what": "Settlement file", "consumer": "payments", "provider": "partner-api",
    "kind": "hand-over", "goal": "", "horizon": "", "item": "PAY-1",
}  # fmt: skip
PERSON = {"zone": "UTC", "start": "09:00", "end": "17:00", "days": "0", "place": ""}
MEETING = {
    "title": "Ours", "host": "payments", "minutes": "60", "local_minutes": "0", "cadence_days": "14",
    "weekday": "", "zone": "", "place": "",
}  # fmt: skip
TEAM = {"area": "", "purpose": "", "place": ""}
SENTENCE = {"s": "Payments needs a card token from Web Shop by 2 March", "team": ""}
SHOWN = {**SENTENCE, "shown": SENTENCE["s"]}
PLACE = {"name": "Leeds", "zone": "UTC"}
TOKEN = {"name": "A script", "scopes": "read", "until": "2026-03-02"}
SEARCH = '{"horizon": "", "states": [], "rules": {}, "today": "2026-02-02"}'
PAPER = {"matter-1": "topic: Greetings", "importance-1": "4", "viewpoint-1": "work", "weeks-1": "2"}
ACCOUNT = {"email": "olive-owner@example.org", "password": PASSWORD}
ON = "/sessions/shared/1/live"
GOAL = {"outcome": "Refund within a day", "teams": ["payments", "partner-api"]}

# address, what is sent, and the first status for a visitor, an outsider and the owner
READ: list[tuple[str, str, tuple[int, int, int]]] = [
    ("week.index", "/", OPEN),
    ("identity.choose", "/sign-in", OPEN),
    ("start.new", "/start", DONE),
    ("dependencies.index", "/dependencies", OPEN),
    ("dependencies.new", "/dependencies/new", MEMBERS),
    ("dependencies.preview", "/dependencies/preview?s=x", OPEN),
    ("dependencies.show", "/dependencies/1", OPEN),
    ("dependencies.edit", "/dependencies/1/edit", MEMBERS),
    ("dependencies.answer", "/dependencies/1/withdraw", (303, 403, 200)),
    ("goals.index", "/goals", OPEN),
    ("goals.new", "/goals/new", MEMBERS),
    ("goals.show", "/goals/one-account-every-journey", OPEN),
    ("goals.edit", "/goals/one-account-every-journey/edit", MEMBERS),
    ("map.show", "/map", OPEN),
    ("map.file", "/map.csv", OPEN),
    ("adjusting.draft", "/sessions/suggestion/adjust", OPEN),
    ("adjusting.version", "/sessions/proposals/1/adjust", OPEN),
    ("proposals.index", "/sessions/proposals", OPEN),
    ("proposals.show", "/sessions/proposals/1", OPEN),
    ("proposals.part", "/sessions/proposals/1/voices", OPEN),
    ("shared_sessions.show", "/sessions/shared/1", OPEN),
    ("minutes.show", "/sessions/shared/1/minutes", OPEN),
    ("trials.own", "/people/olive-owner/load", (303, 404, 200)),
    ("minutes.file", "/sessions/shared/1/minutes.md", OPEN),
    ("promises.index", "/promises", MEMBERS),
    ("promises.show", "/promises/1", (303, 404, 200)),
    ("calendars.session", "/sessions/shared/1.ics", OPEN),
    ("preparing.show", "/sessions/shared/1/prepare", OPEN),
    ("calendars.feed", "/calendar/none.ics", (404, 404, 404)),  # with a secret: tests/web/test_calendars.py
    ("calendars.index", "/calendar", MEMBERS),
    ("programs.index", "/api", OPEN),
    ("programs.show", "/api/about/teams", OPEN),
    ("tokens.index", "/account/tokens", MEMBERS),
    ("live.show", "/sessions/shared/1/live", OPEN),
    ("live.screen", "/sessions/shared/1/screen", OPEN),
    ("live.door", "/live", OPEN),
    ("live.code", "/live/none", (404, 404, 404)),  # with a code that opens: tests/web/test_live.py
    ("live.room", "/live/room", DONE),  # for guests, who are none of these
    ("sessions.index", "/sessions", OPEN),
    ("sessions.new", "/sessions/team/new", MEMBERS),
    ("sessions.show", "/sessions/team/payments-prioritisation", OPEN),
    ("sessions.edit", "/sessions/team/payments-prioritisation/edit", MEMBERS),
    ("suggestion.show", "/sessions/suggestion", OPEN),
    ("suggestion.dial", "/sessions/suggestion/dial", OPEN),
    ("suggestion.part", "/sessions/suggestion/load", OPEN),
    ("searches.show", "/sessions/suggestion/searches/1", OPEN),
    ("suggestion.table", "/sessions/suggestion/people.csv", OPEN),
    ("teams.index", "/teams", OPEN),
    ("teams.new", "/teams/new", MEMBERS),
    ("teams.show", "/teams/payments", OPEN),
    ("teams.edit", "/teams/payments/edit", MEMBERS),
    ("people.index", "/people", OPEN),
    ("people.new", "/people/new", MEMBERS),
    ("people.show", "/people/olive-owner", OPEN),
    ("people.edit", "/people/olive-owner/edit", MEMBERS),
    ("places.index", "/places", OPEN),
    ("places.new", "/places/new", MEMBERS),
    ("places.show", "/places/Hull", OPEN),
    ("places.edit", "/places/Hull/edit", MEMBERS),
    ("horizons.index", "/horizons", OPEN),
    ("horizons.new", "/horizons/new", MEMBERS),
    ("horizons.show", "/horizons/Sprint 1", OPEN),
    ("horizons.edit", "/horizons/Sprint 1/edit", MEMBERS),
    ("exchange.index", "/exchange", OPEN),
    ("imports.show", "/imports/1", (303, 404, 200)),
    ("exchange.whole", "/export.json", OPEN),
    ("exchange.csv", "/export/teams.csv", OPEN),
    ("history.index", "/history", OPEN),
    ("notices.index", "/notices", MEMBERS),
    ("notices.choices", "/notices/choices", MEMBERS),
    ("hooks.index", "/hooks", MANAGERS),
    ("search.results", "/search?q=x", OPEN),
    ("names.index", "/names/teams?field=q", DONE),
    ("search.palette", "/search/palette?q=x", DONE),
    ("help.index", "/help", OPEN),
    ("static", "/static/css/app.css", OPEN),
]
POLLED = {"start": "2026-02-03T09:00:00+00:00"}
WRITE: list[tuple[str, str, dict[str, Any], tuple[int, int, int]]] = [
    ("identity.enter", "/sign-in", {"person": "olive-owner", **ACCOUNT}, DONE),
    ("identity.leave", "/sign-out", {}, DONE),
    ("start.create", "/start", {"name": "N", "team": "T"}, DONE),
    ("dependencies.create", "/dependencies", SHOWN, DONE),
    ("dependencies.check", "/dependencies/check", {"lines": SENTENCE["s"]}, MEMBERS),
    ("dependencies.create_many", "/dependencies/many", MANY, DONE),
    ("dependencies.update", "/dependencies/1", DEPENDENCY, OWNERS),
    ("dependencies.act", "/dependencies/1/withdraw", {"text": "not needed"}, OWNERS),
    ("dependencies.delete", "/dependencies/1/delete", {}, OWNERS),
    ("goals.create", "/goals", GOAL, DONE),
    ("goals.update", "/goals/one-account-every-journey", GOAL, OWNERS),
    ("goals.delete", "/goals/one-account-every-journey/delete", {}, OWNERS),
    ("map.tidy", "/map/tidy", {}, DONE),
    ("sessions.create", "/sessions/team", MEETING, OWNERS),
    ("sessions.update", "/sessions/team/payments-prioritisation", MEETING, OWNERS),
    ("sessions.delete", "/sessions/team/payments-prioritisation/delete", {}, OWNERS),
    ("searches.stop", "/sessions/suggestion/searches/1/stop", {}, DONE),
    ("searches.go_on", "/sessions/suggestion/searches/1/on", {}, DONE),
    ("searches.make_now", "/sessions/suggestion/searches/1/now", {}, DONE),
    ("suggestion.make_dial", "/sessions/suggestion/dial", {}, DONE),
    ("suggestion.keep_rules", "/sessions/suggestion/rules", {"people_max": "8"}, DONE),
    ("kept_plans.keep", "/sessions/suggestion/kept", {}, (303, 409, 409)),
    ("kept_plans.delete", "/sessions/suggestion/kept/delete", {}, (303, 404, 404)),
    ("adjusting.share", "/sessions/suggestion/adjust", {}, (303, 409, 409)),
    ("adjusting.share_version", "/sessions/proposals/1/adjust", {}, (303, 409, 409)),
    ("adjusting.restore", "/sessions/proposals/1/restore", {}, (303, 409, 409)),
    ("proposals.share", "/sessions/proposals", {}, (303, 409, 409)),
    ("proposals.answer", "/sessions/proposals/2/answer", {"stance": "fine"}, OWNERS),
    ("proposals.act", "/sessions/proposals/2/withdraw", {}, OWNERS),
    ("proposals.invite", "/sessions/proposals/1/invite", {}, (303, 403, 409)),
    ("shared_sessions.move", "/sessions/shared/1/dates/1/move", {"starts_at": "2026-02-20T09:00"}, LED),
    ("shared_sessions.leave_out", "/sessions/shared/1/dates/1/leave-out", {}, LED),
    ("shared_sessions.restore", "/sessions/shared/1/dates/1/restore", {}, LED),
    ("preparing.add", "/sessions/shared/1/topics", {"title": "Holidays"}, DONE),
    ("preparing.take_away", "/sessions/shared/1/topics/2/away", {}, OWNERS),
    ("preparing.make", "/sessions/shared/1/agenda/open", {}, OWNERS),
    ("preparing.talk", "/sessions/shared/1/topics/1/talk", {}, OWNERS),
    ("preparing.lead", "/sessions/shared/1/topics/2/lead", {"person": "otto-outsider"}, OWNERS),
    ("preparing.write", "/sessions/shared/1/agenda", {"order": "suggested", "version": "2"}, OWNERS),
    ("preparing.vote", "/sessions/shared/1/votes", PAPER, OWNERS),
    ("preparing.open_votes", "/sessions/shared/1/votes/open", {}, (303, 403, 409)),
    ("preparing.vote_again", "/sessions/shared/1/votes/again", {}, (303, 403, 409)),
    # its session is not over, and nobody was there: with one that was held in tests/web/test_minutes.py
    ("trials.say", "/sessions/shared/1/worth", {"value": "3"}, (303, 403, 403)),
    ("minutes.share", "/sessions/shared/1/minutes", {}, (303, 403, 409)),
    ("minutes.object_to", "/sessions/shared/1/minutes/objections", {"words": "No"}, (303, 404, 404)),
    ("minutes.answer", "/sessions/shared/1/minutes/objections/1", {"words": "Yes"}, (303, 404, 404)),
    ("promises.create", "/promises", {"line": "Draft by Fri", "witnesses": "pat-partner"}, (303, 422, 303)),
    ("promises.act", "/promises/1/tell", {"words": "half of it is there"}, (303, 404, 303)),
    ("promises.take_back", "/promises/entries/1/take-back", {}, (303, 404, 303)),
    ("shared_sessions.reply", "/sessions/shared/1/reply", {"answer": "accepted"}, OWNERS),
    ("shared_sessions.leave_word", "/sessions/shared/1/words", {"text": "Monday is too early"}, OWNERS),
    # nobody has left any: tests/web/test_beforehand.py
    ("shared_sessions.take_back", "/sessions/shared/1/words/back", {}, (303, 403, 404)),
    ("shared_sessions.ask", "/sessions/shared/1/poll", {}, OWNERS),
    ("shared_sessions.answer", "/sessions/shared/1/poll/answer", POLLED | {"choice": "yes"}, OWNERS),
    ("shared_sessions.decide", "/sessions/shared/1/poll/decide", POLLED, OWNERS),
    ("single_sessions.ask", "/dependencies/1/session", {}, OWNERS),
    # the session is of a plan: with one that is not in tests/web/test_single_sessions.py
    ("single_sessions.invite", "/sessions/shared/1/invite", {}, (303, 409, 409)),
    ("single_sessions.off", "/sessions/shared/1/off", {}, (303, 403, 409)),
    ("calendars.create", "/calendar", {}, MEMBERS),
    ("tokens.create", "/account/tokens", TOKEN, MEMBERS),
    ("tokens.revoke", "/account/tokens/1/revoke", {}, (303, 404, 303)),
    ("calendars.read_file", "/calendar/busy", {}, (303, 422, 422)),
    ("calendars.forget_file", "/calendar/busy/remove", {}, (303, 404, 404)),
    ("calendars.add_days", "/calendar/days-off", {"first": "2026-12-24", "last": "2026-12-26"}, DONE),
    ("calendars.remove_days", "/calendar/days-off/remove", {"first": "2026-12-24"}, (303, 404, 404)),
    ("calendars.revoke", "/calendar/1/revoke", {}, (303, 404, 303)),
    ("sessions.restore", "/sessions/team/payments-prioritisation/restore", {}, OWNERS),
    ("live.act", "/sessions/shared/1/live/add-time", {}, OWNERS),
    ("live.decide", f"{ON}/items/1/decide", {"text": "By file", "version": "0"}, OWNERS),
    ("live.aside", f"{ON}/items/1/parked", {"version": "0"}, OWNERS),
    ("live.call", f"{ON}/items/1/vote", {"method": "fist"}, (303, 403, 409)),  # one is open already
    ("live.vote", f"{ON}/votes/1", {"number": "1"}, OWNERS),
    ("live.reveal", f"{ON}/votes/1/reveal", {}, OWNERS),
    ("live.promise", f"{ON}/promises", {"line": "Draft by Fri"}, OWNERS),
    # the first entry is of a promise that somebody made elsewhere
    ("live.unpromise", f"{ON}/promises/entries/1/take-back", {}, (303, 404, 303)),
    ("live.undo", f"{ON}/undo/1", {}, (303, 403, 403)),
    ("live.join", "/live/none", {"name": "Gus"}, (404, 404, 404)),
    ("teams.create", "/teams", {**TEAM, "name": "Ferries"}, DONE),
    ("teams.update", "/teams/payments", {**TEAM, "name": "Payments", "decides": "olive-owner"}, OWNERS),
    ("teams.delete", "/teams/payments/delete", {}, OWNERS),
    ("people.create", "/people", {**PERSON, "name": "Nell New"}, DONE),
    ("people.update", "/people/olive-owner", {**PERSON, "name": "Olive", "teams": "payments"}, OWNERS),
    ("people.delete", "/people/olive-owner/delete", {}, OWNERS),
    ("places.create", "/places", PLACE, DONE),
    ("places.update", "/places/Hull", PLACE, DONE),
    ("places.delete", "/places/Hull/delete", {}, DONE),
    ("horizons.create", "/horizons", {"name": "Sprint 2"}, DONE),
    ("horizons.update", "/horizons/Sprint 1", {"name": "Sprint 1b"}, DONE),
    ("horizons.delete", "/horizons/Sprint 1/delete", {}, DONE),
    ("imports.create", "/imports", {}, (303, 422, 422)),
    ("imports.change", "/imports/1/choices", {}, PRIVATE),
    ("imports.write", "/imports/1/confirm", {}, PRIVATE),
    ("imports.stop", "/imports/1/stop", {}, PRIVATE),
    ("imports.make_now", "/imports/1/now", {}, (303, 404, 404)),  # a worker's: tests/web/test_imports.py
    ("exchange.example", "/example", {}, (303, 422, 422)),
    ("exchange.clear", "/remove-everything", {}, DONE),
    ("history.undo", "/undo/1", {}, (303, 403, 403)),
    ("help.keys", "/help/keys", {"keys": "off"}, DONE),
    ("notices.read", "/notices/read", {"up_to": "1"}, DONE),
    ("notices.choose", "/notices/choices", CHOICES, DONE),
    ("hooks.create", "/hooks", {"address": "https://hooks.example.org/b", "secret": "s" * 24}, DONE),
    ("hooks.switch_on", "/hooks/1/on", {}, DONE),
    ("hooks.switch_off", "/hooks/1/off", {}, DONE),
    ("hooks.test", "/hooks/1/test", {}, DONE),
    ("hooks.send_message_again", "/hooks/messages/1/again", {}, DONE),
    ("hooks.send_mail_again", "/hooks/mails/1/again", {}, DONE),
]


@dataclass(frozen=True)
class Asked:
    """Which statuses came for a visitor, the outsider and the owner."""

    address: str
    statuses: tuple[int, ...]


@pytest.fixture(scope="module")
def filled(server: str, request: pytest.FixtureRequest) -> Iterator[Filled[None]]:
    """The town, made once for each process."""
    with filled_once(fill, server, request) as found:
        yield found


@pytest.fixture
def database_url(filled: Filled[None], tmp_path: Path) -> Iterator[str]:
    with filled.copied(tmp_path) as address:
        yield address


@pytest.fixture
def town(session: Session) -> Session:
    """A copy of the town for this test."""
    return session


def fill(_app: Flask, session: Session) -> None:
    """One record of each kind: everything of the owner, nothing of the outsider."""
    cast = make_cast(session)
    goal = make_goal(session, (cast.team, cast.partner_team))
    make_place(session, name="Hull")
    make_horizon(session)
    make_session(session, cast.team)
    make_dependency(session, cast.team, cast.partner_team, goal=goal)
    hooks.add_hook(
        session, OPERATOR, address="https://hooks.example.org/a", secret="s" * 24, listed=HOOK_HOSTS
    )
    hooks.try_hook(session, OPERATOR, 1)
    post(session, to="olive@example.org", subject="Hello", text="Hello", now=MONDAY)
    jobs.add(session, kind="search", key="of older records", payload=SEARCH, now=MONDAY)
    session.commit()
    make_plans(session)


def make_plans(session: Session) -> None:
    """One of everything that has a page, the owner's all: plans, a topic, a token, a promise, an import."""
    owner = make_actor(session, "olive-owner")
    make_agreed(session, owner)
    make_proposal(session, owner)
    add_topic(session, owner, 1, title="Greetings", key=None)
    open_poll(session, owner, 1, key=None)
    make_feed(session, owner, team_id=None)
    until = MONDAY.date()
    make_token(session, owner, name="A script", scopes=[Scope.READ], until=until, is_trial=True)
    make_promise(session, owner, "pat-partner")
    file = ("teams.mmd", io.BytesIO(b"graph LR\n Payments --> Tills\n"))
    begin_import(session, owner, [file], most=1000)


def let_run(session: Session) -> None:
    """The session that was agreed runs: the owner leads it, the partner is there, a vote is open."""
    owner = make_actor(session, "olive-owner")
    start_meeting(session, owner, 1, key=None)
    arrive(session, make_actor(session, "pat-partner"), 1, key=None)
    call_vote(session, owner, 1, Poll(PollId(0), ItemId(1), Method.CONSENT), key=None)


def signed_in(app: Flask, who: str) -> Browser:
    browser = Browser(app)
    if who != "visitor":
        browser.sign_in(who)
    return browser


def test_every_route_has_a_line(tmp_path: Path) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'unused.db'}", tmp_path))

    reads = [r.endpoint for r in app.url_map.iter_rules() if "GET" in (r.methods or ())]
    writes = [r.endpoint for r in app.url_map.iter_rules() if "POST" in (r.methods or ())]

    assert sorted(_here(reads)) == sorted(endpoint for endpoint, *_rest in READ)
    assert sorted(_here(writes)) == sorted(endpoint for endpoint, *_rest in WRITE)


def _here(endpoints: list[str]) -> list[str]:
    """Leave out what answers only where people have accounts, which has its lines in `test_rights`, and
    what answers to programs."""
    elsewhere = WITH_ACCOUNTS | {FOR_PROGRAMS}
    return [endpoint for endpoint in endpoints if endpoint.partition(".")[0] not in elsewhere]


def take_back(session: Session, number: int) -> None:
    """Undo what was changed after so many changes, so that the next person finds the same town."""
    changes = session.execute(select(ChangeRow.id, ChangeRow.tag).order_by(ChangeRow.id.desc())).all()
    for change_id, tag in changes[:-number]:
        if not tag.startswith(WITHOUT_VALUES) and tag not in VOTES:
            undo(session, OPERATOR, change_id)
    session.rollback()


@pytest.mark.usefixtures("town")
def test_what_everybody_may_read(app: Flask) -> None:
    browsers = [signed_in(app, who) for who in WHO]

    found = [
        Asked(address, tuple(browser.status(address)[0] for browser in browsers))
        for _endpoint, address, _expected in READ
    ]

    assert found == [Asked(address, expected) for _endpoint, address, expected in READ]


def version_at(owner: Browser, endpoint: str, address: str) -> dict[str, str]:
    """The version that the form at this address carries now; nothing for other acts."""
    if endpoint == "dependencies.act":
        page = owner.open(address)
    elif endpoint in {"preparing.take_away", "preparing.lead"}:
        page = owner.open(f"{address.partition('/1/')[0]}/1/prepare")
    elif endpoint in {"proposals.act", "proposals.answer", "promises.act"}:
        page = owner.open(address.rpartition("/")[0])
    elif endpoint.startswith("shared_sessions."):
        page = owner.open("/sessions/shared/1")
    elif endpoint.endswith(".update"):
        page = owner.open(f"{address}/edit")
    else:
        return {}
    return {"version": page.tree.find(f".//{HTML}input[@name='version']").get("value")}


@pytest.mark.parametrize(("endpoint", "address", "typed", "expected"), WRITE)
def test_who_may_change_what(
    app: Flask, town: Session, endpoint: str, address: str, typed: dict[str, Any], expected: tuple[int, ...]
) -> None:
    statuses = []
    if endpoint.startswith("live."):
        let_run(town)
    for who in WHO:
        browser, before = signed_in(app, who), everything(town)
        status, _location = browser.status(
            address, typed | version_at(signed_in(app, "olive-owner"), endpoint, address)
        )
        statuses.append(status)
        if status in {403, 422} or who == "visitor":
            assert everything(town) == before, who
        take_back(town, len(before["change"]))

    assert tuple(statuses) == expected


@pytest.mark.parametrize("who", ["visitor", "olive-owner"])
def test_without_a_token_nothing_is_changed(app: Flask, town: Session, who: str) -> None:
    browser, before = signed_in(app, who), everything(town)
    app.config["WTF_CSRF_ENABLED"] = True

    answers = {address: browser._post(address, typed) for _endpoint, address, typed, _expected in WRITE}

    assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(answers, 400)
    assert all("This page is too old" in answer.text for answer in answers.values())
    assert everything(town) == before


@pytest.mark.usefixtures("town")
def test_every_answer_carries_the_headers_that_protect_it(app: Flask) -> None:
    browser = signed_in(app, "olive-owner")
    addresses = [address for _endpoint, address, _expected in READ] + ["/no-such-page", "/dependencies/99"]

    for address in addresses:
        answer = browser._get(address)
        answer.close()
        headers = answer.headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'"), address
        assert "unsafe" not in headers["Content-Security-Policy"], address
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert headers["Referrer-Policy"] == "same-origin", address
        assert {"camera=()", "microphone=()", "geolocation=()"} <= set(
            headers["Permissions-Policy"].split(", ")
        ), address
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", address
        for_all = "cross-origin" if address.startswith("/static") else "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == for_all, address
        if not address.startswith("/static"):
            assert headers["Cache-Control"] == "no-store", address
            assert {"HX-Request", "HX-Target", "Cookie"} <= set(headers["Vary"].split(", ")), address


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422])
def test_every_refusal_is_a_whole_page_with_a_sentence(app: Flask, town: Session, status: int) -> None:
    acts = {
        403: ("/teams/partner-api", {**TEAM, "name": "Mine"}),
        404: ("/dependencies/99/delete", {}),
        405: ("/help", {}),
        409: ("/dependencies/1", {**DEPENDENCY, "version": "77"}),
        413: ("/dependencies/check", {"lines": "x" * 23_000_000}),
        422: ("/goals", {"outcome": ""}),
        400: ("/goals", {"outcome": "x"}),
    }
    browser = signed_in(app, "olive-owner")
    app.config["WTF_CSRF_ENABLED"] = status == 400
    before = everything(town)

    page = browser.send(*acts[status], status=status)

    assert page.heading
    assert len(page.words(".//{http://www.w3.org/1999/xhtml}main").split()) > 5
    assert everything(town) == before
