"""Where a worker does one job: it takes it, tells how far it is, hears that it shall stop, and ends it."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from planner.config import utc_now
from planner.storage import jobs
from planner.storage.db import lost_a_race, only_reading, writing_beside
from planner.storage.jobs import Job, JobState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    Handler = Callable[[Session, "Desk"], JobState]

TELL_EVERY = timedelta(seconds=0.5)
"""Pages look every two seconds; a search would tell two hundred times."""
TRIES = 5  # of the last word on a job, where another transaction was faster

log = logging.getLogger(__name__)


class Desk:
    """One job in the hands of one worker."""

    def __init__(self, session: Session, job: Job, worker_id: str, clock: Callable[[], datetime]) -> None:
        self.job = job
        self.goes_on = True
        self._session = session
        self._worker_id = worker_id
        self._clock = clock
        self._told_at: datetime | None = None
        self._report: dict[str, Any] = {}

    def progress(self, done: int, total: int) -> None:
        """Note how far the job is, unless that was done just now."""
        now = self._clock()
        if self._told_at is None or now - self._told_at >= TELL_EVERY:
            self._told_at = now
            self._tell(done=done, total=total)

    def progress_aside(self, done: int, total: int) -> None:
        """Note how far a transaction is that keeps others from writing while it is open."""
        now = self._clock()
        if self._told_at is not None and now - self._told_at < TELL_EVERY and done < total:
            return
        goes_on = jobs.tell_aside(self._session, self.job.id, done, total)
        if goes_on is None:
            self.progress(done, total)
            return
        self._told_at = now
        self.goes_on &= goes_on

    def shall_stop(self) -> bool:
        """Return whether somebody asked to stop, or took the job away."""
        return not self.goes_on

    def report(self, **facts: object) -> None:
        """Add to what the job tells those who wait."""
        self._report |= facts
        self._tell(report=json.dumps(self._report))

    def begin(self, phase: str) -> None:
        """Say what comes now; what was counted before counts for it no longer."""
        self._report["phase"] = phase
        self._tell(report=json.dumps(self._report), done=0, total=0)

    def end(self, state: JobState) -> None:
        """Say how the job ended, once; without effect where it is not this worker's any more."""
        for _ in range(TRIES):
            if self._tell(state=state, finished_at=self._clock(), worker_id=None):
                break
        jobs.forget_sideline(self._session, self.job.id)

    def _tell(self, **facts: Any) -> bool:
        """Write to the job's row; return False where another transaction was faster."""
        try:
            with writing_beside(self._session) as own:
                self.goes_on &= jobs.tell(own, self.job.id, self._worker_id, **facts)
        except DBAPIError as error:
            if not lost_a_race(error):
                raise
            return False
        return True


def take_one(
    session: Session,
    handlers: Mapping[str, Handler],
    *,
    worker_id: str,
    job_id: int | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> bool:
    """Do the job that waits longest, or the one that is named; return whether there was one to do.

    A job that breaks is logged and marked as failed: the worker goes on with the next.
    """
    with only_reading():
        job = _claimed(session, worker_id, clock(), job_id)
        if job is None:
            return False
        desk = Desk(session, job, worker_id, clock)
        desk.end(_outcome(session, handlers, desk))
    return True


def _claimed(session: Session, worker_id: str, now: datetime, job_id: int | None) -> Job | None:
    """The job that is this worker's from now on; None also where somebody else was a moment faster."""
    if not jobs.has_work(session, now):
        session.commit()
        return None
    try:
        with writing_beside(session) as own:
            jobs.beat(own, worker_id, now)
            return jobs.claim(own, worker_id, now, job_id=job_id)
    except DBAPIError as error:
        if not lost_a_race(error):
            raise
        return None


def _outcome(session: Session, handlers: Mapping[str, Handler], desk: Desk) -> JobState:
    try:
        return handlers[desk.job.kind](session, desk)
    except Exception:  # whatever a job may raise, others wait for the worker
        log.exception("job %s (%s) failed", desk.job.id, desk.job.kind)
        session.rollback()
        return JobState.FAILED
