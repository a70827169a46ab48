"""The steps of an import, taken while somebody waits or by a worker: look through the files, write them.

Files are read whole each time: what was seen is kept as a look, and what is written is read anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING

from planner.domain.errors import InvalidInput, Problem
from planner.domain.importing import ImportState
from planner.domain.text import NAME_LONGEST
from planner.interchange.tools import Source, read_files
from planner.services.changes import asked_before, recorded
from planner.services.exchange import ImportReport, counts, merge_draft, size_of
from planner.services.import_rights import require_changes
from planner.services.importing.agreed import NOT_YOURS, bring_agreed
from planner.services.importing.import_looks import Look, look_as_json, read_look
from planner.services.importing.import_notes import as_json, choices_of, habit_of, report_text, with_habit
from planner.services.importing.import_plans import Choices, Plan, ids_of, plan, read_outcome_parts
from planner.services.merging import IMPORTED, apply
from planner.services.permissions import Right, require
from planner.storage import uploads
from planner.storage.db import writing_beside
from planner.storage.models import UploadRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.interchange.tools.registry import Contents
    from planner.services.actor import Actor

    Tell = Callable[[str, int, int], None]

WRITING = "writing"
"""What the phase is called in which one transaction is open."""


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
        contents = read_files(sources_of(session, row, tell), choices.fields, choices.kind)
        known = _with_habit(session, contents, choices) if turn == 0 else choices
        if known.fields != choices.fields:
            contents = read_files(sources_of(session, row, tell), known.fields, known.kind)
        found = read_look(
            session,
            actor,
            plan(session, contents, known),
            is_remembered=known != choices,
            tell=lambda done, total: tell("comparing", done, total) if tell else None,
        )
    except InvalidInput as error:
        _keep(
            session,
            number,
            turn,
            state=ImportState.REFUSED,
            report=json.dumps([asdict(p) for p in error.problems]),
        )
        raise
    _keep(
        session,
        number,
        turn,
        state=ImportState.READY,
        report="",
        look=look_as_json(found),
        choices=as_json(known),
    )


def write_now(session: Session, actor: Actor, number: int, tell: Tell | None = None) -> None:
    """Write an import and remove its files. Once: a worker that was killed after it finds it done."""
    row = session.get_one(UploadRow, number)
    key, choices = change_key(number), choices_of(row.choices)
    if asked_before(session, actor, key) is None:
        contents = read_files(sources_of(session, row, tell), choices.fields, choices.kind)
        names = json.loads(row.names)
        if tell:
            tell(WRITING, 0, 0)  # while others may still write
        with writing_beside(session) as own:
            report = _write(own, actor, plan(own, contents, choices), names=names, key=key, tell=tell)
        _keep(session, number, None, report=report_text(report))
    with writing_beside(session) as own:
        uploads.forget_files(own, number)
        own.get_one(UploadRow, number).state = ImportState.DONE
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


def keep_state(session: Session, number: int, state: ImportState, problems: Sequence[Problem] = ()) -> None:
    """Note how an import ended that was not written, and remove its files."""
    with writing_beside(session) as own:
        row = own.get(UploadRow, number)
        if row is not None:
            row.state = state
            row.report = json.dumps([asdict(problem) for problem in problems])
        uploads.forget_files(own, number)


def _keep(session: Session, number: int, turn: int | None, **values: str) -> None:
    """Write down what was found, unless something else was asked for meanwhile."""
    with writing_beside(session) as own:
        row = own.get(UploadRow, number)
        if row is not None and turn in {None, row.turn} and row.state != ImportState.STOPPED:
            for column, value in values.items():
                setattr(row, column, value)


def sources_of(session: Session, row: UploadRow, tell: Tell | None) -> list[Source]:
    """Return the files of an import, which tell how far they are read where somebody wants to know."""
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


def change_key(number: int) -> str:
    """The key by which the change of an import is known, so that it is made once."""
    return f"import:{number}"


def _told(tell: Tell, before: int, total: int, done: int) -> None:
    tell("reading", min(before + done, total), total)


def _untold(_done: int) -> None:
    """Nobody wants to know."""


def _with_habit(session: Session, contents: Contents, choices: Choices) -> Choices:
    """The choices, and for what was not chosen what was chosen last for such files."""
    text = uploads.habit(session, contents.outline.shape) if contents.outline else None
    return choices if text is None else with_habit(choices, text)
