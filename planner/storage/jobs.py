"""The table of jobs: each is taken by one worker at a time, and by another when that one falls silent.

No function here ends the transaction; whoever calls gives a session that is committed afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, delete, exists, not_, or_, select, update
from sqlalchemy.orm import Session

from planner.storage.models import JobRow, WorkerRow
from planner.storage.sidelines import sideline

SILENT_AFTER = timedelta(seconds=30)
"""A worker that was not heard of for so long is gone. It beats six times as often, and clocks differ."""
ATTEMPTS_MAX = 3
"""A job that was left behind so often is what takes its workers down."""
FORGOTTEN_AFTER = timedelta(days=7)


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def is_open(self) -> bool:
        return self in {JobState.WAITING, JobState.RUNNING}


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands. `has_workers`: any worker is there to do it, or to go on."""

    id: int
    kind: str
    key: str
    payload: str
    state: JobState
    report: str
    done: int
    total: int
    stop_asked: bool
    has_workers: bool


def read(session: Session, job_id: int, now: datetime) -> Job | None:
    return _one(session, now, JobRow.id == job_id)


def find(session: Session, kind: str, key: str, now: datetime) -> Job | None:
    return _one(session, now, JobRow.kind == kind, JobRow.key == key)


def add(session: Session, *, kind: str, key: str, payload: str, now: datetime) -> None:
    """Ask for work. Raises IntegrityError when somebody already has.

    Work of the same payload under another key is outdated: it is asked to stop. Old jobs are forgotten.
    """
    session.execute(delete(JobRow).where(JobRow.finished_at < now - FORGOTTEN_AFTER))
    for outdated in session.scalars(select(JobRow.id).where(JobRow.kind == kind, JobRow.payload == payload)):
        stop(session, outdated, now)
    session.add(
        JobRow(
            kind=kind,
            key=key,
            payload=payload,
            state=JobState.WAITING,
            report="{}",
            done=0,
            total=0,
            stop_asked=False,
            attempts=0,
            created_at=now,
        )
    )
    session.flush()


def ask_again(session: Session, job_id: int) -> None:
    """Let a job that has ended wait once more."""
    ended = (JobState.DONE, JobState.STOPPED, JobState.FAILED)
    _change(session, and_(JobRow.id == job_id, JobRow.state.in_(ended)), **_fresh(), attempts=0)


def stop(session: Session, job_id: int, now: datetime) -> None:
    """Stop a job that nobody is at; ask the worker of the others to stop."""
    unattended = or_(JobRow.state == JobState.WAITING, _is_left(now))
    _change(
        session,
        and_(JobRow.id == job_id, unattended),
        state=JobState.STOPPED,
        worker_id=None,
        finished_at=now,
    )
    _change(session, and_(JobRow.id == job_id, JobRow.state == JobState.RUNNING), stop_asked=True)


def has_work(session: Session, now: datetime) -> bool:
    """Return whether a job waits or was left behind. Only reads."""
    return bool(session.scalar(select(exists().where(_is_free(now)))))


def has_workers(session: Session, now: datetime) -> bool:
    """Return whether any worker is there. Only reads."""
    return bool(session.scalar(select(_somebody_works(now))))


def claim(session: Session, worker_id: str, now: datetime, *, job_id: int | None = None) -> Job | None:
    """Take the job that waits longest, or the one that is named, if it is free; None when there is none.

    Two workers never get the same: SQLite lets one write at a time, PostgreSQL passes over locked rows.
    """
    worn_out = and_(_is_left(now), JobRow.attempts >= ATTEMPTS_MAX)
    _change(session, worn_out, state=JobState.FAILED, worker_id=None, finished_at=now)
    first = select(JobRow.id).where(_is_free(now)).order_by(JobRow.id).limit(1)
    if job_id is not None:
        first = first.where(JobRow.id == job_id)
    taken = session.scalar(first.with_for_update(skip_locked=True))
    if taken is None:
        return None
    _change(
        session,
        JobRow.id == taken,
        state=JobState.RUNNING,
        worker_id=worker_id,
        started_at=now,
        attempts=JobRow.attempts + 1,
    )
    forget_sideline(session, taken)
    return read(session, taken, now)


def tell(session: Session, number: int, by: str, **facts: Any) -> bool:
    """Note how far a job is; return whether to go on: it is still this worker's, and nobody asked to stop."""
    mine = and_(JobRow.id == number, JobRow.worker_id == by, JobRow.state == JobState.RUNNING)
    if not _change(session, mine, **facts):
        return False
    return not session.scalar(select(JobRow.stop_asked).where(JobRow.id == number))


def tell_aside(session: Session, number: int, done: int, total: int) -> bool | None:
    """Note how far a job is while its own transaction is open; return whether to go on.

    None where the table can be written meanwhile: then `tell` does.
    """
    aside = sideline(session, number)
    return None if aside is None else aside.tell(done, total)


def stop_aside(session: Session, number: int) -> None:
    """Ask a job to stop that may keep everybody from writing until it has heard; then call `stop`."""
    aside = sideline(session, number)
    if aside is not None:
        aside.ask_to_stop()


def forget_sideline(session: Session, number: int) -> None:
    """Forget what was said beside the table: the job begins, or is over."""
    aside = sideline(session, number)
    if aside is not None:
        aside.clear()


def beat(session: Session, worker_id: str, now: datetime) -> None:
    """Say that a worker is there; forget those who have long been silent."""
    session.merge(WorkerRow(id=worker_id, beat_at=now))
    session.execute(delete(WorkerRow).where(WorkerRow.beat_at < now - 2 * SILENT_AFTER))


def leave(session: Session, worker_id: str) -> None:
    """Take a worker out; what it was at waits for another, and is none of the failed attempts."""
    at_it = and_(JobRow.worker_id == worker_id, JobRow.state == JobState.RUNNING)
    _change(session, at_it, **_fresh(), attempts=JobRow.attempts - 1)
    session.execute(delete(WorkerRow).where(WorkerRow.id == worker_id))


def _somebody_works(now: datetime) -> ColumnElement[bool]:
    return exists().where(WorkerRow.beat_at >= now - SILENT_AFTER)


def _fresh() -> dict[str, Any]:
    return {
        "state": JobState.WAITING,
        "done": 0,
        "stop_asked": False,
        "worker_id": None,
        "started_at": None,
        "finished_at": None,
    }


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(JobRow.state == JobState.WAITING, _is_left(now))


def _is_left(now: datetime) -> ColumnElement[bool]:
    """Begun by a worker that is not there any more."""
    there = exists().where(WorkerRow.id == JobRow.worker_id, WorkerRow.beat_at >= now - SILENT_AFTER)
    return and_(JobRow.state == JobState.RUNNING, not_(there))


def _change(session: Session, which: ColumnElement[bool], **values: Any) -> int:
    """Set columns without loading rows; return in how many."""
    changed = session.execute(
        update(JobRow).where(which).values(values).execution_options(synchronize_session=False)
    )
    return changed.rowcount if isinstance(changed, CursorResult) else 0


def _one(session: Session, now: datetime, *which: ColumnElement[bool]) -> Job | None:
    columns = (
        JobRow.id,
        JobRow.kind,
        JobRow.key,
        JobRow.payload,
        JobRow.state,
        JobRow.report,
        JobRow.done,
        JobRow.total,
        JobRow.stop_asked,
        _somebody_works(now),
    )
    row = session.execute(select(*columns).where(*which)).one_or_none()
    if row is None:
        return None
    job = Job(row[0], row[1], row[2], row[3], JobState(row[4]), *row[5:])
    return _as_heard(session, job, now) if job.state is JobState.RUNNING else job


def _as_heard(session: Session, job: Job, now: datetime) -> Job:
    """The job with what its worker says beside the table, which is newer; it is also a sign of life."""
    aside = sideline(session, job.id)
    heard = aside.hear() if aside is not None else None
    if heard is None:
        return job
    is_there = now.timestamp() - heard.at < SILENT_AFTER.total_seconds()
    return replace(job, done=heard.done, total=heard.total, has_workers=job.has_workers or is_there)
