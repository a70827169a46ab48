"""Bringing in what other tools know: read, choose, look, confirm, and write all of it in one change.

A small file is read while its owner waits; a large one by a worker, who tells how far it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from planner.domain.errors import InvalidInput, NotFound, Problem, StaleVersion
from planner.domain.text import NAME_LONGEST, clean
from planner.interchange.tools import FORMATS, Source, expect_known, read_files
from planner.services.changes import asked_before, in_turn, one_transaction, recorded
from planner.services.exchange import ImportReport, counts, merge_draft, size_of
from planner.services.import_rights import require_changes
from planner.services.importing.agreed import NOT_YOURS, bring_agreed
from planner.services.importing.import_looks import Look, look_as_json, look_from_json, read_look
from planner.services.importing.import_notes import (
    as_json,
    choices_of,
    habit_of,
    report_of,
    report_text,
    with_habit,
)
from planner.services.importing.import_plans import Choices, Plan, ids_of, plan, read_outcome_parts
from planner.services.merging import IMPORTED, apply
from planner.services.permissions import Right, require
from planner.storage import jobs, uploads
from planner.storage.db import writing_beside
from planner.storage.jobs import JobState
from planner.storage.models import UploadRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.interchange.tools.registry import Contents
    from planner.services.actor import Actor
    from planner.storage.jobs import Job

    Tell = Callable[[str, int, int], None]

KIND = "import"
WRITING = "writing"
"""What the phase is called in which one transaction is open."""
FILES_MOST = 5
BROKEN = "This went wrong on our side. Try again; if it stays, tell whoever runs this"
AT_ONCE = 1024 * 1024
"""Bytes that are read while somebody waits; more is a worker's."""


@dataclass(frozen=True, slots=True)
class Import:
    """An import as it stands. `phase` and how far it is tell of a worker, if one is or should be at it."""

    number: int
    state: str
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
        return self.state in {"looking", "writing"}

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

    Raises InvalidInput for no files, too many, too large, and whatever cannot be read.
    """
    require(actor, Right.RECORD)
    if not 1 <= len(files) <= FILES_MOST:
        raise InvalidInput(Problem("file", f"choose one file, or up to {FILES_MOST} that belong together"))
    names = [_name(name) for name, _ in files]
    choices = Choices(
        horizon=clean(horizon, where="cycle", required=False), kind=clean(kind, where="kind", required=False)
    )
    with one_transaction(session):
        uploads.forget_old(session, actor.at)
        row = UploadRow(
            owner_id=_owner(actor),
            state="looking",
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
        row.state = "looking"
    _look_or_ask(session, actor, number)


def confirm(session: Session, actor: Actor, number: int, *, turn: int | None = None) -> None:
    """Write what the look has shown, all of it or nothing; a second time changes nothing.

    Raises NotFound, StaleVersion when something else was chosen meanwhile, InvalidInput, NotAllowed.
    """
    require(actor, Right.RECORD)
    row = _row(session, actor, number)
    if row.state in {"writing", "done"}:
        return
    _expect_ready(row, turn)
    if row.size <= AT_ONCE:
        write_now(session, actor, number)
        return
    with one_transaction(session):
        row.state = "writing"
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
        is_written = row.state == "writing" and asked_before(own, actor, _change_key(number)) is not None
        is_attended = job is not None and job.state is JobState.RUNNING
        if row.state == "done" or is_written or (row.state == "writing" and is_attended):
            return
        row.state = "stopped"
        uploads.forget_files(own, number)


def import_now(
    session: Session,
    actor: Actor,
    sources: Sequence[Source],
    choices: Choices,
    tell: Tell = lambda _phase, _done, _total: None,
) -> ImportReport:
    """Read files and write what they hold, without a look between: for the command line.

    Raises InvalidInput with every problem found; then, and when `tell` raises, nothing is saved.
    """
    require(actor, Right.RECORD)
    contents = read_files(sources, choices.fields, choices.kind)
    choices = _with_habit(session, contents, choices)
    session.commit()  # nobody waits for us until here
    found = plan(session, contents, choices)
    return _write(session, actor, found, names=[s.name for s in sources], key=None, tell=tell)


def read_ahead(session: Session, actor: Actor, sources: Sequence[Source], choices: Choices) -> Look:
    """Return what `import_now` would do."""
    contents = read_files(sources, choices.fields, choices.kind)
    known = _with_habit(session, contents, choices)
    return read_look(session, actor, plan(session, contents, known), is_remembered=known != choices)


def look_now(session: Session, actor: Actor, number: int, tell: Tell | None = None) -> None:
    """Look through the files of an import and keep what was seen, or why they cannot be read."""
    row = session.get_one(UploadRow, number)
    choices, turn = choices_of(row.choices), row.turn
    try:
        contents = read_files(_sources(session, row, tell), choices.fields, choices.kind)
        known = _with_habit(session, contents, choices) if turn == 0 else choices
        if known.fields != choices.fields:
            contents = read_files(_sources(session, row, tell), known.fields, known.kind)
        found = read_look(
            session,
            actor,
            plan(session, contents, known),
            is_remembered=known != choices,
            tell=lambda done, total: tell("comparing", done, total) if tell else None,
        )
    except InvalidInput as error:
        _keep(session, number, turn, state="refused", report=json.dumps([asdict(p) for p in error.problems]))
        raise
    _keep(session, number, turn, state="ready", report="", look=look_as_json(found), choices=as_json(known))


def write_now(session: Session, actor: Actor, number: int, tell: Tell | None = None) -> None:
    """Write an import and remove its files. Once: a worker that was killed after it finds it done."""
    row = session.get_one(UploadRow, number)
    key, choices = _change_key(number), choices_of(row.choices)
    if asked_before(session, actor, key) is None:
        contents = read_files(_sources(session, row, tell), choices.fields, choices.kind)
        names = json.loads(row.names)
        if tell:
            tell(WRITING, 0, 0)  # while others may still write
        with writing_beside(session) as own:
            report = _write(own, actor, plan(own, contents, choices), names=names, key=key, tell=tell)
        _keep(session, number, None, report=report_text(report))
    with writing_beside(session) as own:
        uploads.forget_files(own, number)
        own.get_one(UploadRow, number).state = "done"
    session.expire_all()


def _write(
    session: Session,
    actor: Actor,
    found: Plan,
    *,
    names: Sequence[str],
    key: str | None,
    tell: Tell | None,
) -> ImportReport:
    """Write a plan as one change, and remember what was chosen for files of its shape.

    `tell` hears after every thousand how many rows are behind us; what it raises takes all of it back.
    """
    today, kept, read = actor.today, 0, 0
    drafts = [draft for draft in (found.draft, found.additions) if draft is not None]
    records = sum(map(size_of, drafts))
    agreed = found.draft.agreed if found.draft else {}
    told = _Written(tell, records + found.links)
    named = ", ".join(names)[: NAME_LONGEST * 2] or "a file"
    horizon = f", {found.choices.horizon}" if found.choices.horizon else ""
    with recorded(session, actor, IMPORTED, f"Imported {named}{horizon}", key=key) as change:
        for draft in drafts:
            merge_draft(session, draft, today, saved=told.more)
        came = bring_agreed(session, actor, agreed)
        for part in read_outcome_parts(session, actor, found, ids_of(session), tell=told.link):
            apply(session, part, today)
            kept += sum(bool(outcome.open) for outcome in part)
            read += len(part)
        require_changes(session, actor, change.id)
        if found.outline is not None:
            uploads.remember(session, found.outline.shape, habit_of(found), actor.at)
    return ImportReport(
        added={**counts(session, change, "created"), **came},
        changed=sum(counts(session, change, "updated").values()),
        taken=read + records,
        remarks=(*found.remarks, NOT_YOURS) if agreed and not actor.is_operator else found.remarks,
        change_id=change.id,
        kept=kept,
    )


@dataclass
class _Written:
    """How many rows of an import are behind us: records first, then links."""

    tell: Tell | None
    total: int
    records: int = 0

    def more(self, number: int) -> None:
        self.records += number
        self.link(0, 0)

    def link(self, done: int, _links: int) -> None:
        if self.tell:
            self.tell(WRITING, min(self.records + done, self.total), self.total)


def _look_or_ask(session: Session, actor: Actor, number: int, *, is_first: bool = False) -> None:
    """Look at once where that is quick, else ask a worker to. A first file that cannot be read is gone."""
    row = session.get_one(UploadRow, number)
    session.commit()
    try:
        if row.size > AT_ONCE:
            for source in _sources(session, row, None):
                expect_known(source, choices_of(row.choices).kind)
            with one_transaction(session):
                _ask(session, row, actor)
        else:
            look_now(session, actor, number)
    except InvalidInput:
        if is_first:
            uploads.forget(session, number)
            session.commit()
        raise


def _ask(session: Session, row: UploadRow, actor: Actor) -> None:
    payload = json.dumps({"upload": row.id, "turn": row.turn, "name": actor.name})
    jobs.add(session, kind=KIND, key=_key(row), payload=payload, now=actor.at)


def _change_key(number: int) -> str:
    """The key by which the change of an import is known, so that it is made once."""
    return f"import:{number}"


def _key(row: UploadRow) -> str:
    return f"{row.id}:{row.turn}"


def _keep(session: Session, number: int, turn: int | None, **values: str) -> None:
    """Write down what was found, unless something else was asked for meanwhile."""
    with writing_beside(session) as own:
        row = own.get(UploadRow, number)
        if row is not None and turn in {None, row.turn} and row.state != "stopped":
            for column, value in values.items():
                setattr(row, column, value)


def keep_state(session: Session, number: int, state: str, problems: Sequence[Problem] = ()) -> None:
    """Note how an import ended that was not written, and remove its files."""
    with writing_beside(session) as own:
        row = own.get(UploadRow, number)
        if row is not None:
            row.state = state
            row.report = json.dumps([asdict(problem) for problem in problems])
        uploads.forget_files(own, number)


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
    if row.state not in {"ready", "refused"} or (turn is not None and turn != row.turn):
        raise StaleVersion("Something else was chosen for this import meanwhile. Look at what it says now.")


def _sources(session: Session, row: UploadRow, tell: Tell | None) -> list[Source]:
    names, before, sources = json.loads(row.names), 0, []
    for at, name in enumerate(names):
        size = uploads.size_of(session, row.id, at)
        sources.append(
            Source(
                name,
                size,
                partial(uploads.reader, session, row.id, at),
                partial(_told, tell, before, row.size) if tell else _untold,
            )
        )
        before += size
    return sources


def _told(tell: Tell, before: int, total: int, done: int) -> None:
    tell("reading", min(before + done, total), total)


def _untold(_done: int) -> None:
    """Nobody wants to know."""


def _with_habit(session: Session, contents: Contents, choices: Choices) -> Choices:
    """The choices, and for what was not chosen what was chosen last for such files."""
    text = uploads.habit(session, contents.outline.shape) if contents.outline else None
    return choices if text is None else with_habit(choices, text)


def _import(row: UploadRow, job: Job | None) -> Import:
    told = json.loads(job.report) if job else {}
    state = _state(row, job)
    problems = json.loads(row.report) if row.state == "refused" and row.report else []
    if state != row.state and state == "refused":
        problems = [{"where": "", "message": BROKEN}]
    return Import(
        number=row.id,
        state=state,
        names=tuple(json.loads(row.names)),
        turn=row.turn,
        choices=choices_of(row.choices),
        look=look_from_json(row.look) if row.look else None,
        report=report_of(row.report) if state == "done" and row.report else None,
        problems=tuple(Problem(**one) for one in problems),
        phase=told.get("phase", ""),
        done=job.done if job else 0,
        total=job.total if job else 0,
        is_attended=bool(job and job.has_workers),
        is_stopping=bool(job and job.stop_asked),
    )


def _state(row: UploadRow, job: Job | None) -> str:
    """The state of an import, also where its worker could not say how it ended."""
    if row.state in {"looking", "writing"} and job is not None:
        if job.state is JobState.STOPPED:
            return "stopped"
        if job.state is JobState.FAILED:
            return "refused"
    return row.state


def _name(name: str) -> str:
    return clean(name, where="file", longest=len(name), required=False)[:NAME_LONGEST] or "a file"
