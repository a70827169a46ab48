"""Several people at once: nobody's work is lost, and whoever is slower is told so."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from planner.domain.meeting.model import ItemId
from planner.domain.meeting.votes import Method, Poll, PollId
from planner.services.changes import recorded
from planner.services.meeting import live, votes
from planner.services.organisation import read_organisation
from planner.storage.db import db
from planner.storage.models import (
    AgendaItemRow,
    BallotRow,
    OutcomeRow,
    PaperRow,
    PollRow,
    PollVoteRow,
    SharedSessionRow,
)
from tests.factories import (
    OPERATOR,
    make_actor,
    make_agreed,
    make_cast,
    make_dependency,
    make_horizon,
    make_person,
)
from tests.support.page import HTML, Browser, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from planner.domain.proposed_plan import KeptSeat

pytestmark = pytest.mark.postgres

WRITERS = 8
DEPENDENCY = {
    "what": "Settlement file", "consumer": "payments", "provider": "partner-api",
    "kind": "hand-over", "needed_by": "", "goal": "", "horizon": "", "item": "",
}  # fmt: skip
TEAM = {"name": "Ferries", "area": "", "purpose": "", "place": ""}


def at_once(app: Flask, acts: list[Callable[[Browser], Any]]) -> list[Any]:
    """Return what the acts return, all begun at the same moment, each in a browser of its own."""
    db.session.remove()
    start = Barrier(len(acts))

    def run(act: Callable[[Browser], Any]) -> Any:
        browser = Browser(app)
        browser.sign_in("olive-owner")
        start.wait(timeout=30)
        return act(browser)

    with ThreadPoolExecutor(len(acts)) as pool:
        started = [pool.submit(Context().run, run, act) for act in acts]
        return [one.result(timeout=60) for one in started]


def told(answer: TestResponse) -> str:
    """Return what an answer tells in its body, in one line."""
    main = parse(answer.text).find(f".//{HTML}main")
    return " ".join("".join(main.itertext()).split())


def add_mark(mark: str) -> Callable[[Browser], int]:
    """Return an act that reads the dependency, adds a mark and sends it back until it is taken."""

    def act(browser: Browser) -> int:
        for refused in range(100):
            form = browser.client.get("/dependencies/1/edit").text
            item = re.findall('name="item"[^>]*value="([^"]*)"', form)[0]
            version = re.findall('name="version"[^>]*value="([^"]*)"', form)[0]
            answer = browser.client.post(
                "/dependencies/1", data=DEPENDENCY | {"item": f"{item} {mark}", "version": version}
            )
            if answer.status_code == 303:
                return refused
            assert answer.status_code == 409, answer.text
            assert "Somebody was faster" in told(answer)
        raise AssertionError(f"{mark} was never taken")

    return act


def test_eight_writers_lose_nothing(app: Flask, session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    marks = [f"m{number}" for number in range(WRITERS)]

    at_once(app, [add_mark(mark) for mark in marks])

    assert sorted(read_organisation(db.session()).dependencies[0].item.split()) == marks


def test_of_writers_who_saw_the_same_only_one_is_taken(app: Flask, session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)

    def write(number: int) -> Callable[[Browser], TestResponse]:
        typed = DEPENDENCY | {"item": f"m{number}", "version": "1"}
        return lambda browser: browser.client.post("/dependencies/1", data=typed)

    answers = at_once(app, [write(number) for number in range(WRITERS)])

    assert sorted(answer.status_code for answer in answers) == [303] + [409] * (WRITERS - 1)
    refused = {told(answer) for answer in answers if answer.status_code == 409}
    assert len(refused) == 1
    assert "Somebody was faster Olive Owner, Mon 2 Feb: Changed “Settlement file”." in refused.pop()


def test_a_form_that_is_sent_twice_makes_one_team(app: Flask, session: Session) -> None:
    make_cast(session)

    answers = at_once(app, [lambda browser: browser.client.post("/teams", data=TEAM)] * 4)

    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]
    names = [team.name for team in read_organisation(db.session()).teams]
    assert names.count("Ferries") == 1
    for answer in answers:
        if answer.status_code == 422:
            assert "there is a team “Ferries” already" in told(answer) or "clashes" in told(answer)


def test_of_two_people_with_one_address_one_is_told(app: Flask, session: Session) -> None:
    make_cast(session)
    person = {
        "email": "new@example.org", "zone": "UTC", "start": "09:00", "end": "17:00", "days": "0", "place": "",
    }  # fmt: skip

    def adding(name: str) -> Callable[[Browser], Any]:
        return lambda browser: browser.client.post("/people", data=person | {"name": name})

    answers = at_once(app, [adding("Nell New"), adding("Ned New"), adding("Nora New")])

    assert sorted(answer.status_code for answer in answers) == [303, 422, 422]


def test_what_is_removed_while_it_is_being_changed_is_gone_or_stays_whole(
    app: Flask, session: Session
) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)

    answers = at_once(
        app,
        [
            lambda browser: browser.client.post("/dependencies/1/delete"),
            lambda browser: browser.client.post(
                "/dependencies/1", data=DEPENDENCY | {"item": "x", "version": "1"}
            ),
            lambda browser: browser.client.post("/teams/payments/delete"),
            lambda browser: browser.client.post("/teams/payments/delete"),
        ],
    )

    assert {answer.status_code for answer in answers} <= {303, 404, 409, 422}
    organisation = read_organisation(db.session())
    assert {team.key for team in organisation.teams} <= {"payments", "partner-api", "web-shop"}


def test_a_dependency_on_a_team_that_just_went_is_refused_kindly(app: Flask, session: Session) -> None:
    make_cast(session)
    rows = {"number": "1", "take": "1", "what": "X", "consumer": "payments", "provider": "web-shop", "by": "",
            "goal": "", "kind": "hand-over", "consumer_read": "", "provider_read": ""}  # fmt: skip

    answers = at_once(
        app,
        [
            lambda browser: browser.client.post("/teams/payments/delete"),
            *[lambda browser: browser.client.post("/dependencies/many", data=rows)] * 4,
        ],
    )

    assert {answer.status_code for answer in answers} <= {303, 409, 422}
    assert {d.what for d in read_organisation(db.session()).dependencies} <= {"X"}


@pytest.mark.parametrize("address", ["/", "/map", "/sessions/suggestion", "/sessions/suggestion/dial"])
def test_pages_that_compute_something_can_be_asked_for_at_once(
    app: Flask, session: Session, address: str
) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    make_horizon(session)

    answers = at_once(app, [lambda browser: browser.client.get(address)] * 4)

    assert [answer.status_code for answer in answers] == [200] * 4
    own = re.compile(r'[\w.-]{80,}|name="key" value="[^"]+"')  # each form has a token and a key of its own
    assert len({own.sub("", answer.text) for answer in answers}) == 1


def seated_town(session: Session, names: tuple[str, ...]) -> None:
    """Olive leads a session in which Pat and these people have a seat too."""
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    make_agreed(session, make_actor(session, cast.owner))
    keys = [make_person(session, name=name) for name in names]
    seats: list[KeptSeat] = [{"person": key, "start": 0, "end": 30, "why": ""} for key in keys]
    with recorded(session, OPERATOR, "session:changed", "More seats"):
        shared = session.get_one(SharedSessionRow, 1)
        shared.seats = [*shared.seats, *seats]


def vote_as(key: str) -> Callable[[Browser], int]:
    paper = {"matter-1": "payments-partner-api-settlement-file", "importance-1": "4"}

    def act(browser: Browser) -> int:
        browser.sign_in(key)
        return browser.client.post("/sessions/shared/1/votes", data=paper).status_code

    return act


def ballot(session: Session) -> tuple[bool, int]:
    """Whether the votes are opened, and how many there are."""
    row = session.scalars(select(BallotRow)).one()
    return row.opened_at is not None, len(session.scalars(select(PaperRow)).all())


def test_the_last_votes_of_the_same_moment_open_the_ballot(app: Flask, session: Session) -> None:
    seated_town(session, ("Ann", "Bob"))
    voters = ("olive-owner", "pat-partner", "ann", "bob")

    statuses = at_once(app, [vote_as(key) for key in voters])

    assert statuses == [303] * len(voters)
    assert ballot(db.session()) == (True, len(voters))


def test_a_vote_that_meets_the_opening_is_counted_or_refused(app: Flask, session: Session) -> None:
    seated_town(session, ("Ann", "Bob", "Cem"))
    vote_as("cem")(Browser(app))

    def open_all(browser: Browser) -> int:
        return browser.client.post("/sessions/shared/1/votes/open").status_code

    opened, *voted = at_once(app, [open_all, vote_as("ann"), vote_as("bob")])

    assert opened == 303
    assert ballot(db.session()) == (True, 1 + voted.count(303))
    assert set(voted) <= {303, 409}


def raise_fingers(key: str) -> Callable[[Browser], int]:
    def act(browser: Browser) -> int:
        browser.sign_in(key)
        return browser.client.post("/sessions/shared/1/live/votes/1", data={"number": "4"}).status_code

    return act


def test_the_last_fingers_of_the_same_moment_show_all(app: Flask, session: Session) -> None:
    seated_town(session, ("Ann", "Bob", "Cem"))
    olive = make_actor(session, "olive-owner")
    live.start_meeting(session, olive, 1, key=None)
    voters = ("pat-partner", "ann", "bob", "cem")
    for key in voters:
        live.arrive(session, make_actor(session, key), 1, key=None)
    fist = Poll(PollId(0), ItemId(1), Method.FIST)
    votes.call_vote(session, olive, 1, fist, key=None)
    votes.vote(session, olive, 1, PollId(1), (3,), key=None)

    statuses = at_once(app, [raise_fingers(key) for key in voters])

    poll = db.session().scalars(select(PollRow)).one()
    count = len(db.session().scalars(select(PollVoteRow)).all())
    assert (statuses, count, poll.is_revealed) == ([303] * len(voters), 1 + len(voters), True)


def object_as(key: str) -> Callable[[Browser], int]:
    def act(browser: Browser) -> int:
        browser.sign_in(key)
        return browser.client.post("/sessions/shared/1/live/talk", data={"item": "1"}).status_code

    return act


def test_an_objection_that_meets_the_agreement_is_talked_about_or_refused(
    app: Flask, session: Session
) -> None:
    seated_town(session, ("Ann", "Bob"))
    olive = make_actor(session, "olive-owner")
    live.start_meeting(session, olive, 1, key=None)
    session.execute(update(AgendaItemRow).values(kind="consent"))
    session.commit()

    def agree(browser: Browser) -> int:
        return browser.client.post("/sessions/shared/1/live/agree").status_code

    agreed, *objected = at_once(app, [agree, object_as("ann"), object_as("bob")])

    item = db.session().get_one(AgendaItemRow, 1)
    ended = db.session().scalars(select(OutcomeRow).where(OutcomeRow.item_id == 1)).all()
    was_first = 303 in objected
    assert (item.kind, len(ended)) == (("talk", 0) if was_first else ("consent", 1))
    assert (set(objected), agreed in {303, 409}) == ({303} if was_first else {409}, True)
