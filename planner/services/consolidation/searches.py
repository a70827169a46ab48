"""Long searches: asked for by a page, made by a worker, looked at, stopped, and taken up again."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy.exc import IntegrityError, OperationalError

from planner.domain.consolidation.solver import replan
from planner.domain.errors import InvalidInput, NotFound
from planner.services.away import read_away
from planner.services.changes import in_turn
from planner.services.consolidation import plans
from planner.services.consolidation.kept_plans import read_kept_plan
from planner.services.consolidation.replans import near_question
from planner.services.consolidation.suggestions import SuggestionRequest, days_after, pose
from planner.services.desk import take_one
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, require
from planner.services.settings import rules_from
from planner.storage import jobs
from planner.storage.db import giving_way, writing_beside
from planner.storage.jobs import Job, JobState

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from planner.domain.consolidation.model import Solution
    from planner.services.actor import Actor
    from planner.services.consolidation.suggestions import Answer, Question
    from planner.services.desk import Desk

KIND = "search"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Figures:
    """A plan in two numbers: its sessions, and what it costs in person-minutes."""

    sessions: int
    cost: int


@dataclass(frozen=True, slots=True)
class Search:
    """A search as it stands. `is_attended`: some worker is there to make it."""

    number: int
    state: JobState
    percent: int
    first: Figures | None
    best: Figures | None
    is_stopping: bool
    is_attended: bool

    @property
    def goes_on(self) -> bool:
        """True while a worker is at it, or will be."""
        return self.state.is_open and self.is_attended

    def beats(self, shown: Figures) -> bool:
        """Return whether it found a better plan than the one shown: what it finds only gets better."""
        return self.best is not None and self.best != shown


def search_for(session: Session, answer: Answer, now: datetime) -> Search | None:
    """Return the search for something better than this answer; it is asked for unless it is already.

    None where nothing better is looked for, or where the database has no time to be asked.
    """
    if answer.is_final:
        return None
    key = answer.question.key
    job = jobs.find(session, KIND, key, now)
    if job is None or _lost_its_plan(session, job):
        _ask(session, answer.question, job, now)
        job = jobs.find(session, KIND, key, now)
    return None if job is None else _search(job)


def read_search(session: Session, number: int, now: datetime) -> Search:
    """Return how a search stands. Raises NotFound."""
    return _search(_job(session, number, now))


@in_turn
def stop_search(session: Session, actor: Actor, number: int) -> None:
    """Stop a search and keep the best plan so far; everybody who sees one may. Raises NotFound."""
    require(actor, Right.ARRANGE)
    jobs.stop(session, _job(session, number, actor.at).id, actor.at)
    session.commit()


def search_on(session: Session, actor: Actor, number: int) -> None:
    """Let a search that was stopped or failed be made after all. Raises NotFound."""
    require(actor, Right.ARRANGE)
    jobs.ask_again(session, _job(session, number, actor.at).id)
    session.commit()


def search_now(session: Session, actor: Actor, number: int) -> None:
    """Make the search while the actor waits, where no worker does. Raises NotFound."""
    require(actor, Right.ARRANGE)
    job_id = _job(session, number, actor.at).id
    worker_id = f"request:{uuid4().hex}"
    try:
        take_one(session, {KIND: run_search}, worker_id=worker_id, job_id=job_id)
    finally:
        with writing_beside(session) as own:
            jobs.leave(own, worker_id)


def run_search(session: Session, desk: Desk) -> JobState:
    """Search for the best plan, as a worker; each better plan is kept as soon as it is found.

    A question about records that have changed is left: nobody waits for its answer.
    """
    question = _question(session, desk.job)
    session.commit()  # nobody waits for us meanwhile
    if question is None:
        return JobState.STOPPED

    def found(solution: Solution) -> None:
        figures = asdict(_figures(solution))
        first = {} if "first" in told else {"first": figures}
        told.update(first, best=figures)
        plans.keep_best(session, question.key, solution)
        desk.report(**told)

    told: dict[str, Any] = {}
    best = _found(question, desk, found)
    if desk.shall_stop():
        return JobState.STOPPED
    plans.keep_final(session, question.key, best)
    return JobState.DONE


def _found(question: Question, desk: Desk, found: Callable[[Solution], None]) -> Solution:
    """The plan close to the kept one where that is asked for, else the best of all stages."""
    if question.near is None:
        return plans.search(question.task, progress=desk.progress, stop=desk.shall_stop, found=found)
    solution = replan(question.task, question.near)
    found(solution)
    return solution


def _question(session: Session, job: Job) -> Question | None:
    """The question of a job read against the records of now; None when they give another one."""
    asked = json.loads(job.payload)
    rules = rules_from(asked["rules"])
    request = SuggestionRequest(asked["horizon"], tuple(asked["states"]))
    today = date.fromisoformat(asked["today"])
    try:
        organisation = read_organisation(session)
        away = read_away(session, organisation, days_after(today))
        question = pose(organisation, request, rules=rules, today=today, away=away)
    except InvalidInput:
        return None
    if asked.get("near"):
        kept = read_kept_plan(session, question)
        question = question if kept is None else near_question(question, kept.plan)
    return question if question.key == job.key else None


def _ask(session: Session, question: Question, job: Job | None, now: datetime) -> None:
    request, today = question.request, question.today.isoformat()
    asked = {
        "horizon": request.horizon,
        "states": request.states,
        "rules": asdict(question.rules),
        "today": today,
        "near": question.near is not None,
    }
    payload = json.dumps(asked, sort_keys=True)
    try:
        with writing_beside(session, giving_way) as own:
            if job is None:
                jobs.add(own, kind=KIND, key=question.key, payload=payload, now=now)
            else:
                jobs.ask_again(own, job.id)
    except (IntegrityError, OperationalError) as error:
        log.info("a search was not asked for: %s", type(error).__name__)


def _lost_its_plan(session: Session, job: Job) -> bool:
    """True for a search that was made, and whose plan was forgotten since."""
    return job.state is JobState.DONE and plans.kept_final(session, job.key) is None


def _job(session: Session, number: int, now: datetime) -> Job:
    job = jobs.read(session, number, now)
    if job is None or job.kind != KIND:
        raise NotFound(f"There is no search {number}. It may have been forgotten: look at the suggestion.")
    return job


def _search(job: Job) -> Search:
    report = json.loads(job.report)
    return Search(
        number=job.id,
        state=job.state,
        percent=100 * job.done // job.total if job.total else 0,
        first=Figures(**report["first"]) if "first" in report else None,
        best=Figures(**report["best"]) if "best" in report else None,
        is_stopping=job.stop_asked,
        is_attended=job.has_workers,
    )


def _figures(solution: Solution) -> Figures:
    return Figures(len(solution.plan.sessions), solution.cost)
