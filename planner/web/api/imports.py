"""An import from its files to its report: looked at, chosen, confirmed, and then written all at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from planner.domain.importing import Direction, Field, ImportState
from planner.domain.text import NAME_LONGEST
from planner.services.importing import import_looks, imports
from planner.services.importing.import_plans import LEFT, NEW, Choices
from planner.services.importing.import_work import import_here
from planner.web import context
from planner.web.api.operations import Done, Files, One, operation
from planner.web.api.records import do, expect_known, one
from planner.web.api.telling import told
from planner.web.api.types import AtMost, Number, Partial, ShortText, Text
from planner.web.views.imports import shown_choices

Word = Annotated[str, Text(NAME_LONGEST)]


@dataclass(frozen=True, kw_only=True)
class NewImport:
    """`cycle`: the horizon of what has none; `kind`: the list that a table is, where its columns fit two."""

    cycle: ShortText = ""
    kind: ShortText = ""


@dataclass(frozen=True, kw_only=True)
class ImportChoices:
    """What is chosen about an import; an entry that is sent stands in place of the one of its name alone.

    directions: which end of each type of link needs the other. teams: for each team of the file the key of
    one here, “+” for a new one, “-” to leave it out. fields: which column holds what. take: the keys of
    the open questions in which the file is right.
    """

    source: Annotated[str, Text(NAME_LONGEST // 4)]
    directions: Annotated[dict[str, Direction], AtMost(500)]
    teams: Annotated[dict[str, Word], AtMost(20_000)]
    fields: Annotated[dict[str, Word], AtMost(len(Field))]
    take: Annotated[tuple[Word, ...], AtMost(import_looks.SHOWN)]


@dataclass(frozen=True, kw_only=True)
class ImportKind:
    """A type of link with its first example: the consumer needs what from the provider?"""

    name: str
    direction: Direction
    links: int
    consumer: str
    what: str
    provider: str


@dataclass(frozen=True, kw_only=True)
class ImportTeam:
    """A team of the file, with what it is taken for and the keys of those that it may be."""

    read: str
    items: int
    key: str
    candidates: tuple[str, ...]
    is_certain: bool


@dataclass(frozen=True, kw_only=True)
class ImportDifference:
    """One field, as people have it here and as the file has it."""

    field: str
    here: str
    there: str


@dataclass(frozen=True, kw_only=True)
class ImportQuestion:
    """A dependency that the file has otherwise than people here; `number` is its own, `key` is for `take`."""

    key: str
    number: int
    what: str
    differences: tuple[ImportDifference, ...]
    is_agreed: bool
    may_take: bool
    is_taken: bool


@dataclass(frozen=True, kw_only=True)
class ImportErasure:
    """What is recorded here and would go, because the file says that the field is empty."""

    records: str
    key: str
    name: str
    field: str
    here: str


@dataclass(frozen=True, kw_only=True)
class ImportCount:
    """How many records of one list are new, changed and the same."""

    records: str
    new: int
    changed: int
    same: int


@dataclass(frozen=True, kw_only=True)
class ImportLook:
    """What an import would do. Nothing is written yet."""

    formats: tuple[str, ...]
    source: str
    items: int
    links: int
    doubled: int
    notes: tuple[str, ...]
    kinds: tuple[ImportKind, ...]
    teams: tuple[ImportTeam, ...]
    columns: tuple[str, ...]
    new: int
    changed: int
    same: int
    questions: tuple[ImportQuestion, ...]
    more_questions: int
    erased: tuple[ImportErasure, ...]
    more_erased: int
    counts: tuple[ImportCount, ...]
    left_out: dict[str, object]
    remarks: int
    is_remembered: bool
    brings_anything: bool


@dataclass(frozen=True, kw_only=True)
class ImportRemark:
    """Something that was repaired or left out."""

    where: str
    message: str


@dataclass(frozen=True, kw_only=True)
class ImportDone:
    """What an import did; `change` is what the history calls it."""

    added: dict[str, object]
    changed: int
    taken: int
    kept: int
    remarks: tuple[ImportRemark, ...]
    change: int | None


@dataclass(frozen=True, kw_only=True)
class ImportProblem:
    """Why the files cannot be read."""

    where: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Import:
    """An import as it stands: looking, ready, refused, writing, done or stopped.

    `phase` and `percent` tell of a worker; `is_attended`: whether one is there. `version` is that of the
    choices: what changing and confirming need.
    """

    number: int
    state: ImportState
    names: tuple[str, ...]
    choices: ImportChoices
    look: ImportLook | None
    report: ImportDone | None
    problems: tuple[ImportProblem, ...]
    phase: str
    percent: int
    is_attended: bool
    is_stopping: bool
    version: int


@operation("POST", "/imports", status=201)
def create_import(files: Files, query: NewImport) -> One[Import]:
    """Bring in one file of another tool, or up to five that belong together, and look through them.

    Nothing is written before it is confirmed. A large file is a worker's: read the import until it is ready.
    """
    context.release()  # looking through them takes a while
    number = do(
        imports.begin_import,
        files,
        most=context.context().settings.upload_limit,
        horizon=query.cycle,
        kind=query.kind,
    )
    return _told(number, at=f"/imports/{number}")


@operation("GET", "/imports/<int:number>")
def read_import(number: Number) -> One[Import]:
    """Read how an import of yours stands: what it would do, how far it is, or what it did."""
    return _told(number)


@operation("PATCH", "/imports/<int:number>")
def change_import(number: Number, body: Partial[ImportChoices], version: int | None) -> One[Import]:
    """Choose which way round links go, which team is which and which column holds what; and look again."""
    found = imports.read_import(context.database(), context.actor(), number)
    chosen = _chosen(found, body)
    do(imports.choose, number, chosen, turn=version)
    return _told(number)


@operation("POST", "/imports/<int:number>/confirm")
def confirm_import(number: Number, version: int | None) -> One[Import]:
    """Write what you have looked at, all of it or nothing; a second time changes nothing."""
    do(imports.confirm, number, turn=version)
    return _told(number)


@operation("DELETE", "/imports/<int:number>", only_reads=True)
def stop_import(number: Number) -> Done:
    """Give an import up and remove its files; what was written already stays."""
    do(imports.stop_import, number)
    return Done()


@operation("POST", "/imports/<int:number>/now")
def make_import_now(number: Number) -> One[Import]:
    """Do while you wait what no worker is there to do."""
    do(import_here, number)
    return _told(number)


def _chosen(found: imports.Import, body: Partial[ImportChoices]) -> Choices:
    """What is chosen now over what was shown. Raises InvalidInput for what the files do not hold."""
    shown, wanted = shown_choices(found), body.values
    maps = {name: wanted.get(name, {}) for name in ("directions", "teams", "fields")}
    _expect_known(found, maps, wanted.get("take", ()))
    return replace(
        shown,
        source=wanted.get("source", shown.source),
        directions={**shown.directions, **maps["directions"]},
        teams={**shown.teams, **maps["teams"]},
        fields={**shown.fields, **{Field(name): column for name, column in maps["fields"].items()}},
        take=frozenset(wanted.get("take", shown.take)),
    )


def _expect_known(found: imports.Import, maps: dict[str, dict[str, str]], take: tuple[str, ...]) -> None:
    look = found.look or import_looks.Look(())
    keys = {NEW, LEFT, *(team.key for team in context.organisation().teams)}
    expect_known(
        directions=(maps["directions"], {kind.name for kind in look.kinds}),
        teams=(maps["teams"], {team.read for team in look.teams}),
        fields=(maps["fields"], {field.value for field in Field}),
        take=(take, {question.key for question in look.questions if question.may_take}),
    )
    expect_known(teams=(maps["teams"].values(), keys), fields=(maps["fields"].values(), {"", *look.columns}))


def _told(number: int, *, at: str = "") -> One[Import]:
    found = imports.read_import(context.database(), context.actor(), number)
    report = found.report
    shown = told(
        Import,
        found,
        choices=_as_choices(shown_choices(found)),
        look=None if found.look is None else _look(found.look),
        report=None if report is None else told(ImportDone, report, change=report.change_id),
        version=found.turn,
    )
    return one(shown, found.turn, at=at)


def _as_choices(choices: Choices) -> ImportChoices:
    fields = {field.value: column for field, column in choices.fields.items()}
    return told(ImportChoices, choices, fields=fields)


def _look(found: import_looks.Look) -> ImportLook:
    return told(
        ImportLook,
        found,
        teams=tuple(
            told(ImportTeam, team, candidates=tuple(key for key, _name in team.candidates))
            for team in found.teams
        ),
        questions=tuple(
            told(
                ImportQuestion,
                question,
                differences=tuple(
                    ImportDifference(field=field, here=here, there=there)
                    for field, here, there in question.fields
                ),
            )
            for question in found.questions
        ),
        erased=tuple(told(ImportErasure, one) for one in found.erased),
        counts=tuple(
            ImportCount(records=name, new=new, changed=changed, same=same)
            for name, new, changed, same in found.records
        ),
        left_out=dict(found.left_out),
    )
