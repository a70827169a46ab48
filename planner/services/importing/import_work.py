"""A large import in the hands of a worker: it tells how far it is, and hears that it shall stop."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

from planner.config import utc_now
from planner.domain.errors import InvalidInput, NotAllowed, PlannerError, Problem
from planner.domain.importing import ImportState
from planner.domain.model import PersonId
from planner.interchange.tools import Stopped
from planner.services.actor import Actor, actor_for
from planner.services.desk import take_one
from planner.services.importing.import_steps import WRITING, keep_state, look_now, write_now
from planner.services.importing.imports import KIND, read_job
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, require
from planner.storage import jobs
from planner.storage.db import writing_beside
from planner.storage.jobs import JobState
from planner.storage.models import UploadRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.desk import Desk


def run_import(session: Session, desk: Desk) -> JobState:
    """Look through an upload or write it, as a worker, whichever was asked for.

    Both can be stopped at any time: the writing is one transaction, of which nothing stays then.
    """
    asked = json.loads(desk.job.payload)
    with writing_beside(session) as own:
        row = own.get(UploadRow, asked["upload"])
        if row is None or row.turn != asked["turn"] or not ImportState(row.state).goes_on:
            return JobState.STOPPED
        step = look_now if row.state == ImportState.LOOKING else write_now
        actor = _actor(own, row.owner_id, asked["name"])
    phase = ""

    def tell(name: str, done: int, total: int) -> None:
        nonlocal phase
        if name != phase:  # before the transaction begins, where it is the writing
            phase = name
            desk.begin(name)
        if total:
            (desk.progress_aside if name == WRITING else desk.progress)(done, total)
        if desk.shall_stop():
            raise Stopped

    try:
        step(session, actor, asked["upload"], tell)
    except Stopped:
        keep_state(session, asked["upload"], ImportState.STOPPED)
        return JobState.STOPPED
    except PlannerError as error:
        session.rollback()
        problems = error.problems if isinstance(error, InvalidInput) else [Problem("", str(error))]
        keep_state(session, asked["upload"], ImportState.REFUSED, problems)
    return JobState.DONE


def import_here(session: Session, actor: Actor, number: int) -> None:
    """Do what an import waits for while its owner waits, where no worker is. Raises NotFound."""
    require(actor, Right.RECORD)
    job_id = read_job(session, actor, number)
    worker_id = f"request:{uuid4().hex}"
    try:
        take_one(session, {KIND: run_import}, worker_id=worker_id, job_id=job_id)
    finally:
        with writing_beside(session) as own:
            jobs.leave(own, worker_id)


def _actor(session: Session, owner_id: int, name: str) -> Actor:
    """Who began it, with the rights of now; whoever is first where nobody is recorded."""
    someone = actor_for(read_organisation(session), PersonId(owner_id), utc_now()) if owner_id else None
    if owner_id and someone is None:
        raise NotAllowed("Whoever began this import is not here any more.")
    return someone or Actor(at=utc_now(), name=name)
