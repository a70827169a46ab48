"""Sessions on a real server that is killed once in the middle: what reaches each screen, and when."""

from __future__ import annotations

import re
import tempfile
import threading
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flask_migrate import upgrade
from sqlalchemy import select

from planner.bench.people import live
from planner.bench.people.crowd import percentile
from planner.bench.people.running import (
    SERVER,
    bench_app,
    close,
    environment_of,
    free_port,
    start_server,
    wait_for,
    wait_until_gone,
)
from planner.config import utc_now
from planner.domain.meeting.model import NOT_KEPT, AgendaItem, ItemId, MeetingState
from planner.domain.transfer import DependencyDraft, Draft, MemberDraft, PersonDraft, TeamDraft
from planner.services.actor import Actor
from planner.services.changes import recorded
from planner.services.exchange import store_draft
from planner.services.meeting.live import start_meeting
from planner.services.meeting.meetings import item_row, read_meeting
from planner.storage.db import db
from planner.storage.models import ChangeRow, MeetingRow, PersonRow, ProposalRow, SharedSessionRow

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import Popen

    from flask import Flask
    from sqlalchemy.orm import Session

ITEMS = 6
WRITTEN = re.compile(r"Thing of (\d+) .*act (\d+)\.")
BEFORE = 1.0
"""Seconds before the server is killed in which a decision may be sent that reaches some screens after."""


@dataclass(frozen=True, slots=True)
class LiveResult:
    """acts: decisions that were sent; lost: those acknowledged that are not in the history, or there twice,
    or missing on a screen. Seconds from sending a decision to each screen, those of the restart among them;
    p95_up is without what was sent while the server was away.
    """

    screens: int
    sessions: int
    acts: int
    lost: int
    polls: int
    broken: int
    p50: float
    p95: float
    p95_up: float
    p99: float
    longest: float
    down: float


def measure_live(
    *, people: int, sessions: int, seconds: float, database: str, processes: int = 1
) -> LiveResult:
    """Let so many people follow their sessions for so long, and kill the server once in the middle."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        url = database or f"sqlite:///{home / 'planner.db'}"
        halls, cookies = _prepared(home, url, people, sessions)
        port = free_port()
        start = partial(start_server, [*SERVER, str(processes)], environment_of(home, url), port)
        away = _held(start, port, halls, cookies, seconds)
        written = _written(home, url)
    return _result(halls, written, len(cookies), away)


def _held(
    start: Callable[[], Popen[bytes]], port: int, halls: list[live.Hall], cookies: list[str], seconds: float
) -> tuple[float, float]:
    """Run everything and return from when to when the server was away."""
    server = start()
    try:
        wait_for(port)
        ends = time.monotonic() + seconds
        threads = _threads(port, halls, cookies, ends)
        for thread in threads:
            thread.start()
        time.sleep(seconds / 2)
        began = time.perf_counter()
        server.kill()
        server.wait()
        wait_until_gone(port)
        server = start()
        wait_for(port)
        away = (began, time.perf_counter())
        for thread in threads:
            thread.join()
    finally:
        server.kill()
        server.wait()
    return away


def _threads(port: int, halls: list[live.Hall], cookies: list[str], ends: float) -> list[threading.Thread]:
    acts = []
    for number, cookie in enumerate(cookies):
        acts.append(partial(live.Screen(port, halls[number % len(halls)], cookie).watch, ends))
    for number, hall in enumerate(halls):
        acts.append(partial(live.talk, hall, live.Screen(port, hall, cookies[number], is_writer=True), ends))
    return [threading.Thread(target=act) for act in acts]


def _result(
    halls: list[live.Hall], written: list[tuple[int, int]], screens: int, away: tuple[float, float]
) -> LiveResult:
    timed = [one for hall in halls for one in hall.delays]
    delays = [delay for _at, delay in timed]
    up = [delay for at, delay in timed if not away[0] - BEFORE <= at <= away[1]]
    taken = [(at, number) for at, hall in enumerate(halls) for number in hall.taken]
    known = set(taken)
    kept = [one for one in written if one in known]
    shown = sum(len(hall.taken) * (screens // len(halls)) for hall in halls)
    return LiveResult(
        screens=screens,
        sessions=len(halls),
        acts=len(taken),
        lost=abs(len(taken) - len(kept)) + abs(shown - len(delays)),
        polls=sum(hall.polls for hall in halls),
        broken=sum(hall.broken for hall in halls),
        p50=percentile(delays, 50),
        p95=percentile(delays, 95),
        p95_up=percentile(up, 95),
        p99=percentile(delays, 99),
        longest=max(delays, default=0.0),
        down=away[1] - away[0],
    )


def _written(home: Path, url: str) -> list[tuple[int, int]]:
    """Return session and number of each decision in the history; each item is named after its session."""
    with bench_app(home, url).app_context():
        query = select(ChangeRow.summary).where(ChangeRow.tag == "meeting:decide")
        found = [WRITTEN.search(summary) for summary in db.session.scalars(query)]
        close()
    return [(int(one[1]), int(one[2])) for one in found if one]


def _prepared(home: Path, url: str, people: int, sessions: int) -> tuple[list[live.Hall], list[str]]:
    app = bench_app(home, url)
    operator = Actor(at=utc_now())
    with app.app_context():
        upgrade()
        store_draft(db.session(), operator, _draft(people, sessions), tag="bench:loaded", summary="Loaded")
        numbers = _sessions(db.session(), operator, people, sessions)
        halls = [_hall(db.session(), operator, number) for number in numbers]
        cookies = [_cookie(app, db.session(), f"p{n}") for n in range(people)]
        close()
    return halls, cookies


def _draft(people: int, sessions: int) -> Draft:
    persons = tuple(PersonDraft(f"p{n}", f"Person {n}") for n in range(people))
    seats = tuple(MemberDraft(person.key, decides=True) for person in persons)
    return Draft(
        people=persons,
        teams=(TeamDraft("a", "A", members=seats), TeamDraft("b", "B", members=seats)),
        dependencies=tuple(
            DependencyDraft(f"d{at}-{n}", "a", "b", f"Thing of {at} {n}")
            for at in range(sessions)
            for n in range(ITEMS)
        ),
    )


def _sessions(session: Session, operator: Actor, people: int, sessions: int) -> list[int]:
    """Write sessions as if a plan of them had been adopted; return their numbers."""
    with recorded(session, operator, "bench:agreed", "Agreed on sessions"):
        plan = ProposalRow(
            question="bench", number=1, words={}, plan={"sessions": []}, facts={}, figures={}, host_teams=[],
            replaces=[], cadence_days=14, state="trial", shared_by="Bench", shared_at=operator.at,
        )  # fmt: skip
        session.add(plan)
        session.flush()
        rows = [_shared(plan.id, at, people, sessions, operator) for at in range(sessions)]
        session.add_all(rows)
        session.flush()
        for at, row in enumerate(rows):
            _add_meeting(session, row, at)
        return [row.id for row in rows]


def _add_meeting(session: Session, shared: SharedSessionRow, at: int) -> None:
    """Write its agenda down: as one that writes itself it would want the facts of a plan."""
    row = MeetingRow(
        session_id=shared.id, round=0, state=MeetingState.PLANNED.value, facilitator=shared.facilitator
    )
    session.add(row)
    session.flush()
    for place, key in enumerate(shared.agenda):
        session.add(item_row(row.id, AgendaItem(ItemId(NOT_KEPT), place, f"Thing of {at} {place}", key)))


def _shared(plan: int, at: int, people: int, sessions: int, operator: Actor) -> SharedSessionRow:
    invited = [f"p{n}" for n in range(at, people, sessions)]
    return SharedSessionRow(
        proposal_id=plan,
        title=f"Session {at}",
        zone="UTC",
        minutes=60,
        facilitator=invited[0],
        agenda=[f"d{at}-{n}" for n in range(ITEMS)],
        seats=[{"person": key, "start": 0, "end": 60, "why": ""} for key in invited],
        uid=f"bench-{at}",
        sequence=0,
        is_cancelled=False,
        changed_at=operator.at,
        mailed_to=[],
    )


def _hall(session: Session, operator: Actor, number: int) -> live.Hall:
    start_meeting(session, operator, number, key=None)
    items = [int(item.id) for item in read_meeting(session, number).items]
    return live.Hall(f"/sessions/shared/{number}/live", items)


def _cookie(app: Flask, session: Session, key: str) -> str:
    """The cookie of somebody who has chosen who they are."""
    number = session.scalar(select(PersonRow.id).where(PersonRow.key == key))
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined] # that of cookies has one
    token = serializer.dumps({"person": number, "_permanent": True})
    return f"{app.config['SESSION_COOKIE_NAME']}={token}"
