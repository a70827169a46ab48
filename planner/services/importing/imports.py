"""Bringing in what other tools know: begin, look, choose, confirm, or give it up.

A small file is read while its owner waits; a large one by a worker, who tells how far it is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from sqlalchemy import select

from planner.domain.errors import InvalidInput, NotFound, Problem, StaleVersion
from planner.domain.importing import ImportState
from planner.domain.text import NAME_LONGEST, clean
from planner.interchange.tools import FORMATS, expect_known
from planner.services.accounts.attempts import Kind, count_attempt, give_back
from planner.services.changes import asked_before, in_turn, one_transaction
from planner.services.exchange import ImportReport
from planner.services.importing.import_looks import Look, look_from_json
from planner.services.importing.import_notes import as_json, choices_of, report_of
from planner.services.importing.import_plans import Choices
from planner.services.importing.import_steps import change_key, look_now, sources_of, write_now
from planner.services.permissions import Right, require
from planner.storage import jobs, uploads
from planner.storage.db import writing_beside
from planner.storage.jobs import JobState
from planner.storage.models import UploadRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.storage.jobs import Job

KIND = "import"
FILES_MOST = 5
BROKEN = "This went wrong on our side. Try again; if it stays, tell whoever runs this"
KEPT_MOST = 5
"""Imports of one person that are kept until they are written; for a newer one the oldest is given up."""
AT_ONCE = 1024 * 1024
"""Bytes that are read while somebody waits; more is a worker's."""


@dataclass(frozen=True, slots=True)
class Import:
    """An import as it stands. `phase` and how far it is tell of a worker, if one is or should be at it."""

    number: int
    state: ImportState
    names: tuple[str, ...]
    turn: int
    choices: Choices
    look: Look | None
    report: ImportReport | None
    problems: tuple[Problem, ...] = ()
    phase: str = ""
    done: int = 0
    total: int = 0
    is_attended: bool = False
    is_stopping: bool = False

    @property
    def goes_on(self) -> bool:
        return self.state.goes_on

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def tools() -> tuple[str, ...]:
    """Return the names of everything whose files are understood."""
    return tuple(dict.fromkeys(one.name for one in FORMATS))


def begin_import(
    session: Session,
    actor: Actor,
    files: Sequence[tuple[str, BinaryIO]],
    *,
    most: int,
    horizon: str = "",
    kind: str = "",
) -> int:
    """Keep the files and return the number of the import; small ones are looked through at once.

    Raises InvalidInput for no files, too many, too large, and whatever cannot be read, and TooOften. A small
    file that cannot be read is not counted: whoever writes a table by hand mends and sends it again.
    """
    require(actor, Right.RECORD)
    if not 1 <= len(files) <= FILES_MOST:
        raise InvalidInput(Problem("file", f"choose one file, or up to {FILES_MOST} that belong together"))
    names = [_name(name) for name, _ in files]
    choices = Choices(
        horizon=clean(horizon, where="cycle", required=False), kind=clean(kind, where="kind", required=False)
    )
    count_attempt(session, Kind.IMPORT, str(_owner(actor)), actor.at)
    with one_transaction(session):
        uploads.forget_old(session, actor.at)
        _make_room(session, actor)
        row = UploadRow(
            owner_id=_owner(actor),
            state=ImportState.LOOKING,
            names=json.dumps(names),
            size=0,
            choices=as_json(choices),
            look="",
            report="",
            turn=0,
            created_at=actor.at,
        )
        session.add(row)
        session.flush()
        number = row.id
        size = 0
        for at, (_, stream) in enumerate(files):
            size += uploads.keep(session, number, at, stream, most - size)
        if size > most:
            raise InvalidInput(
                Problem("file", f"together the files have more than {most // 1024 // 1024} MB; split them")
            )
        session.get_one(UploadRow, number).size = size
    _look_or_ask(session, actor, number, is_first=True)
    return number


def _make_room(session: Session, actor: Actor) -> None:
    """Give up the oldest imports of the actor, so that nobody fills the disk."""
    waiting = (ImportState.LOOKING, ImportState.READY, ImportState.REFUSED)
    mine = select(UploadRow).where(UploadRow.owner_id == _owner(actor), UploadRow.state.in_(waiting))
    for row in session.scalars(mine.order_by(UploadRow.id.desc()).offset(KEPT_MOST - 1)).all():
        job = jobs.find(session, KIND, _key(row), actor.at)
        if job is not None and job.state.is_open:
            jobs.stop(session, job.id, actor.at)
        row.state = ImportState.STOPPED
        uploads.forget_files(session, row.id)


def read_import(session: Session, actor: Actor, number: int) -> Import:
    """Return how an import stands. Raises NotFound for somebody else's."""
    row = _row(session, actor, number)
    job = jobs.find(session, KIND, _key(row), actor.at)
    return _import(row, job)


def choose(session: Session, actor: Actor, number: int, choices: Choices, *, turn: int | None = None) -> None:
    """Keep what somebody chose and look again. Raises NotFound, StaleVersion, InvalidInput."""
    row = _row(session, actor, number)
    _expect_ready(row, turn)
    with one_transaction(session):
        row.choices = as_json(choices)
        row.turn += 1
        row.state = ImportState.LOOKING
    _look_or_ask(session, actor, number)


def confirm(session: Session, actor: Actor, number: int, *, turn: int | None = None) -> None:
    """Write what the look has shown, all of it or nothing; a second time changes nothing.

    Raises NotFound, StaleVersion when something else was chosen meanwhile, InvalidInput, NotAllowed.
    """
    require(actor, Right.RECORD)
    row = _row(session, actor, number)
    if row.state in {ImportState.WRITING, ImportState.DONE}:
        return
    _expect_ready(row, turn)
    if row.size <= AT_ONCE:
        write_now(session, actor, number)
        return
    with one_transaction(session):
        row.state = ImportState.WRITING
        row.turn += 1
        _ask(session, row, actor)


@in_turn
def stop_import(session: Session, actor: Actor, number: int) -> None:
    """Give an import up and remove its files; one that was written stays. Raises NotFound.

    What is just being written its worker takes back, and removes the files then.
    """
    key = _key(_row(session, actor, number))
    job = jobs.find(session, KIND, key, actor.at)
    if job is not None and job.state is JobState.RUNNING:
        jobs.stop_aside(session, job.id)  # a worker that is writing lets us in when it has heard
    with writing_beside(session) as own:
        if job is not None and job.state.is_open:
            jobs.stop(own, job.id, actor.at)
            job = jobs.find(own, KIND, key, actor.at)
            if job is not None and job.state is not JobState.RUNNING:
                jobs.forget_sideline(own, job.id)
        row = own.get_one(UploadRow, number)
        is_written = (
            row.state == ImportState.WRITING and asked_before(own, actor, change_key(number)) is not None
        )
        is_attended = job is not None and job.state is JobState.RUNNING
        if row.state == ImportState.DONE or is_written or (row.state == ImportState.WRITING and is_attended):
            return
        row.state = ImportState.STOPPED
        uploads.forget_files(own, number)


def _look_or_ask(session: Session, actor: Actor, number: int, *, is_first: bool = False) -> None:
    """Look at once where that is quick, else ask a worker to. A first file that cannot be read is gone."""
    row = session.get_one(UploadRow, number)
    session.commit()
    try:
        if row.size > AT_ONCE:
            for source in sources_of(session, row, None):
                expect_known(source, choices_of(row.choices).kind)
            with one_transaction(session):
                _ask(session, row, actor)
        else:
            look_now(session, actor, number)
    except InvalidInput:
        if is_first:
            if row.size <= AT_ONCE:
                give_back(session, Kind.IMPORT, str(_owner(actor)))
            uploads.forget(session, number)
            session.commit()
        raise


def _ask(session: Session, row: UploadRow, actor: Actor) -> None:
    payload = json.dumps({"upload": row.id, "turn": row.turn, "name": actor.name})
    jobs.add(session, kind=KIND, key=_key(row), payload=payload, now=actor.at)


def _key(row: UploadRow) -> str:
    return f"{row.id}:{row.turn}"


def read_job(session: Session, actor: Actor, number: int) -> int:
    """Return the job that an import waits for. Raises NotFound."""
    job = jobs.find(session, KIND, _key(_row(session, actor, number)), actor.at)
    if job is None:
        raise NotFound(f"Import {number} waits for nothing.")
    return job.id


def _row(session: Session, actor: Actor, number: int) -> UploadRow:
    row = session.get(UploadRow, number)
    if row is None or row.owner_id != _owner(actor):
        raise NotFound(f"There is no import {number} of yours. Files are kept for a day.")
    return row


def _owner(actor: Actor) -> int:
    """Whose an import is; nought where nobody is recorded yet."""
    return actor.person_id or 0


def _expect_ready(row: UploadRow, turn: int | None) -> None:
    if row.state not in {ImportState.READY, ImportState.REFUSED} or (turn is not None and turn != row.turn):
        raise StaleVersion("Something else was chosen for this import meanwhile. Look at what it says now.")


def _import(row: UploadRow, job: Job | None) -> Import:
    told = json.loads(job.report) if job else {}
    state = _state(row, job)
    problems = json.loads(row.report) if row.state == ImportState.REFUSED and row.report else []
    if state != row.state and state is ImportState.REFUSED:
        problems = [{"where": "", "message": BROKEN}]
    return Import(
        number=row.id,
        state=state,
        names=tuple(json.loads(row.names)),
        turn=row.turn,
        choices=choices_of(row.choices),
        look=look_from_json(row.look) if row.look else None,
        report=report_of(row.report) if state is ImportState.DONE and row.report else None,
        problems=tuple(Problem(**one) for one in problems),
        phase=told.get("phase", ""),
        done=job.done if job else 0,
        total=job.total if job else 0,
        is_attended=bool(job and job.has_workers),
        is_stopping=bool(job and job.stop_asked),
    )


def _state(row: UploadRow, job: Job | None) -> ImportState:
    """The state of an import, also where its worker could not say how it ended."""
    state = ImportState(row.state)
    if state.goes_on and job is not None:
        if job.state is JobState.STOPPED:
            return ImportState.STOPPED
        if job.state is JobState.FAILED:
            return ImportState.REFUSED
    return state


def _name(name: str) -> str:
    return clean(name, where="file", longest=len(name), required=False)[:NAME_LONGEST] or "a file"
