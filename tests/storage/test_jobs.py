"""Jobs are done once, by whoever takes them, and by somebody else when that one falls silent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from planner.storage import jobs
from planner.storage.jobs import JobState
from planner.storage.models import JobRow, WorkerRow
from tests.factories import MONDAY

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LATER = MONDAY + jobs.SILENT_AFTER + timedelta(seconds=1)


def make_job(session: Session, key: str = "a", payload: str = "") -> int:
    jobs.add(session, kind="search", key=key, payload=payload or f'"{key}"', now=MONDAY)
    found = jobs.find(session, "search", key, MONDAY)
    assert found is not None
    return found.id


def state_of(session: Session, job_id: int) -> JobState | None:
    job = jobs.read(session, job_id, MONDAY)
    return None if job is None else job.state


def test_the_job_that_waits_longest_is_taken_and_each_only_once(session: Session) -> None:
    numbers = [make_job(session, key) for key in "ab"]
    jobs.beat(session, "w1", MONDAY)

    taken = [jobs.claim(session, "w1", MONDAY) for _ in range(3)]

    assert [job and job.id for job in taken] == [*numbers, None]
    assert not jobs.has_work(session, MONDAY)


def test_the_same_work_is_not_asked_for_twice(session: Session) -> None:
    make_job(session)

    with pytest.raises(IntegrityError):
        make_job(session)


def test_a_job_whose_worker_fell_silent_is_taken_over(session: Session) -> None:
    number = make_job(session)
    jobs.beat(session, "w1", MONDAY)
    jobs.claim(session, "w1", MONDAY)
    jobs.beat(session, "w2", LATER)

    assert jobs.has_work(session, LATER)
    taken = jobs.claim(session, "w2", LATER)

    assert taken is not None
    assert taken.id == number
    assert not jobs.tell(session, number, "w1", state=JobState.DONE)
    assert jobs.tell(session, number, "w2", done=0)
    assert state_of(session, number) is JobState.RUNNING


def test_a_worker_that_still_beats_keeps_its_job(session: Session) -> None:
    make_job(session)
    jobs.beat(session, "w1", MONDAY)
    jobs.claim(session, "w1", MONDAY)
    jobs.beat(session, "w1", LATER)

    assert jobs.claim(session, "w2", LATER) is None


def test_a_job_that_takes_its_workers_down_fails_in_the_end(session: Session) -> None:
    number = make_job(session)
    for _ in range(jobs.ATTEMPTS_MAX):
        assert jobs.claim(session, "nobody hears of it", MONDAY) is not None

    assert jobs.claim(session, "w2", MONDAY) is None
    assert state_of(session, number) is JobState.FAILED


def test_a_worker_that_leaves_gives_its_job_back_as_if_never_begun(session: Session) -> None:
    number = make_job(session)
    jobs.beat(session, "w1", MONDAY)
    for _ in range(jobs.ATTEMPTS_MAX + 1):
        assert jobs.claim(session, "w1", MONDAY) is not None
        jobs.leave(session, "w1")

    assert state_of(session, number) is JobState.WAITING
    assert [job.has_workers for job in [jobs.read(session, number, MONDAY)] if job] == [False]


def test_a_waiting_job_is_stopped_at_once_and_a_running_one_is_asked(session: Session) -> None:
    waiting, running, left = (make_job(session, key) for key in "abc")
    jobs.beat(session, "w1", MONDAY)
    jobs.claim(session, "w1", MONDAY, job_id=running)
    jobs.claim(session, "gone", MONDAY, job_id=left)

    for number in (waiting, running, left):
        jobs.stop(session, number, MONDAY)

    assert [state_of(session, number) for number in (waiting, running, left)] == [
        JobState.STOPPED,
        JobState.RUNNING,
        JobState.STOPPED,
    ]
    assert not jobs.tell(session, running, "w1", done=0)


def test_a_job_that_ended_can_be_asked_for_again_and_an_open_one_stays(session: Session) -> None:
    stopped, running = make_job(session, "a"), make_job(session, "b")
    jobs.stop(session, stopped, MONDAY)
    jobs.beat(session, "w1", MONDAY)
    jobs.claim(session, "w1", MONDAY, job_id=running)

    jobs.ask_again(session, stopped)
    jobs.ask_again(session, running)

    assert (state_of(session, stopped), state_of(session, running)) == (JobState.WAITING, JobState.RUNNING)


def test_the_same_question_about_newer_records_stops_the_older_search(session: Session) -> None:
    older = make_job(session, "a", payload='{"horizon": "Q1"}')
    other = make_job(session, "b", payload='{"horizon": "Q2"}')

    newer = make_job(session, "c", payload='{"horizon": "Q1"}')

    assert [state_of(session, number) for number in (older, other, newer)] == [
        JobState.STOPPED,
        JobState.WAITING,
        JobState.WAITING,
    ]


def test_what_ended_long_ago_is_forgotten(session: Session) -> None:
    old = make_job(session, "a")
    jobs.stop(session, old, MONDAY - jobs.FORGOTTEN_AFTER - timedelta(days=1))

    make_job(session, "b")

    assert jobs.read(session, old, MONDAY) is None


def test_workers_that_were_silent_for_long_are_forgotten(session: Session) -> None:
    jobs.beat(session, "w1", MONDAY)

    jobs.beat(session, "w2", MONDAY + 3 * jobs.SILENT_AFTER)

    assert session.scalar(select(func.count()).select_from(WorkerRow)) == 1
    assert session.scalar(select(func.count()).select_from(JobRow)) == 0
