"""A look at what an import would do: in sentences and counts, before anything is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from planner.domain.importing import Direction, Tally, ends_of
from planner.domain.transfer import Draft, draft_of
from planner.interchange.keeping import LISTS, key_of
from planner.interchange.ordering import ordered
from planner.services.importing.erasures import Erasure, erased_by, gone_of, in_words
from planner.services.importing.import_plans import NEW, TeamMatch, ids_with_new, read_outcomes
from planner.services.organisation import read_organisation
from planner.storage.agreed import new_in
from planner.storage.models import HorizonRow, TeamRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.importing import Outline
    from planner.services.actor import Actor
    from planner.services.importing.import_plans import Plan
    from planner.services.merging import Outcome

SHOWN = 100
"""So many open questions are shown; more are counted."""


@dataclass(frozen=True, slots=True)
class KindLook:
    """A type of link in plain words, with its first example."""

    name: str
    direction: str
    links: int
    consumer: str = ""
    what: str = ""
    provider: str = ""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A dependency that the file has otherwise than people here: every field of it, in words."""

    key: str
    number: int
    what: str
    fields: tuple[tuple[str, str, str], ...]
    is_agreed: bool
    may_take: bool
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What an import would do. `records` counts new and changed records of a whole organisation."""

    formats: tuple[str, ...]
    source: str = ""
    items: int = 0
    links: int = 0
    doubled: int = 0
    notes: tuple[str, ...] = ()
    kinds: tuple[KindLook, ...] = ()
    teams: tuple[TeamMatch, ...] = ()
    columns: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    new: int = 0
    changed: int = 0
    same: int = 0
    questions: tuple[OpenQuestion, ...] = ()
    more_questions: int = 0
    erased: tuple[Erasure, ...] = ()
    more_erased: int = 0
    records: tuple[tuple[str, int, int, int], ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
    remarks: int = 0
    shape: str = ""
    is_remembered: bool = False

    @property
    def brings_anything(self) -> bool:
        """True when the import would change something."""
        new_teams = any(team.key == NEW for team in self.teams)
        records = any(new or changed for _, new, changed, _ in self.records)
        return bool(self.new or self.changed or new_teams or records)


def look_as_json(found: Look) -> str:
    """Return a look as text that `look_from_json` reads."""
    return json.dumps(asdict(found))


def look_from_json(text: str) -> Look:
    """Return the look that was written down."""
    raw: dict[str, Any] = json.loads(text)
    raw["kinds"] = tuple(KindLook(**one) for one in raw["kinds"])
    raw["teams"] = tuple(
        TeamMatch(**{**one, "candidates": tuple((key, name) for key, name in one["candidates"])})
        for one in raw["teams"]
    )
    raw["questions"] = tuple(
        OpenQuestion(**{**one, "fields": tuple((a, b, c) for a, b, c in one["fields"])})
        for one in raw["questions"]
    )
    raw["erased"] = tuple(Erasure(**one) for one in raw["erased"])
    for name in ("formats", "notes", "columns", "records", "left_out"):
        raw[name] = tuple(tuple(one) if isinstance(one, list) else one for one in raw[name])
    return Look(**raw)


def read_look(
    session: Session,
    actor: Actor,
    plan: Plan,
    *,
    is_remembered: bool = False,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> Look:
    """Return what the plan would do to what is here. `tell` hears how many links were compared."""
    counted = _Counts(session, plan)
    outline = plan.outline
    recorded = ordered(draft_of(read_organisation(session))) if plan.draft is not None else Draft()
    if plan.draft is not None:
        counted.erase(erased_by(plan.draft, recorded))
    if outline is not None:
        for outcome in read_outcomes(session, actor, plan, tell=tell):
            counted.add(outcome)
    return Look(
        formats=plan.contents.names,
        source=plan.source,
        items=len(outline.items) if outline else 0,
        links=len(outline.links) if outline else 0,
        doubled=outline.doubled if outline else 0,
        notes=outline.notes if outline else (),
        kinds=tuple(_kinds(plan, outline)) if outline else (),
        teams=plan.matches,
        columns=outline.columns if outline else (),
        fields={name.value: column for name, column in outline.fields.items()} if outline else {},
        new=counted.new,
        changed=counted.changed,
        same=counted.same,
        questions=tuple(counted.questions),
        more_questions=counted.more,
        erased=tuple(counted.erased),
        more_erased=counted.more_erased,
        records=_records(session, actor, plan.draft, recorded),
        left_out=tuple(plan.tally.counts.most_common()),
        remarks=len(plan.remarks),
        shape=outline.shape if outline else "",
        is_remembered=is_remembered,
    )


class _Counts:
    """Counts outcomes and keeps the first questions in words."""

    def __init__(self, session: Session, plan: Plan) -> None:
        self._plan = plan
        self._teams = dict(session.execute(select(TeamRow.id, TeamRow.name)).tuples().all())
        self._teams |= {
            number: key for key, number in ids_with_new(session, plan).teams.items() if number < 0
        }
        self._horizons = dict(session.execute(select(HorizonRow.id, HorizonRow.name)).tuples().all())
        self.new = self.changed = self.same = self.more = self.more_erased = 0
        self.questions: list[OpenQuestion] = []
        self.erased: list[Erasure] = []

    def add(self, outcome: Outcome) -> None:
        if outcome.row is None:
            self.new += 1
        elif outcome.changes:
            self.changed += 1
            self.erase(self._erased(outcome))
        elif not outcome.open:
            self.same += 1
        is_taken = outcome.wanted.key in self._plan.choices.take
        if outcome.row is None or not (outcome.open or is_taken):
            return
        if len(self.questions) < SHOWN:
            self.questions.append(self._question(outcome, is_taken=is_taken))
        else:
            self.more += 1

    def erase(self, found: Iterable[Erasure]) -> None:
        """Keep the first of what would be erased, and count the others."""
        for one in found:
            if len(self.erased) < SHOWN:
                self.erased.append(one)
            else:
                self.more_erased += 1

    def _erased(self, outcome: Outcome) -> Iterator[Erasure]:
        row = outcome.row
        for column, value in outcome.changes.items():
            if row is not None and gone_of(getattr(row, column), value):
                here = self._word(column, getattr(row, column))
                yield Erasure("dependencies", row.key, row.what, in_words(column), here)

    def _question(self, outcome: Outcome, *, is_taken: bool) -> OpenQuestion:
        row = outcome.row
        assert row is not None  # noqa: S101 - `add` has looked
        taken = tuple((column, getattr(row, column), value) for column, value in outcome.changes.items())
        asked = tuple((one.column, one.here, one.there) for one in outcome.open)
        return OpenQuestion(
            key=outcome.wanted.key,
            number=row.id,
            what=row.what,
            fields=tuple(self._words(*one) for one in (taken if is_taken else asked)),
            is_agreed=row.state != "asked",
            may_take=is_taken or any(one.may_take for one in outcome.open),
            is_taken=is_taken,
        )

    def _words(self, column: str, here: Any, there: Any) -> tuple[str, str, str]:
        return in_words(column), self._word(column, here), self._word(column, there)

    def _word(self, column: str, value: Any) -> str:
        if column in {"consumer_id", "provider_id"}:
            return self._teams.get(value, "")
        if column == "horizon_id":
            return self._horizons.get(value, "a new horizon") if value else "none"
        return value.isoformat() if isinstance(value, date) else str(value or "none")


def _kinds(plan: Plan, outline: Outline) -> Iterator[KindLook]:
    """One sentence a type: the first link between two teams, read the way that was chosen."""
    names = {match.read: dict(match.candidates).get(match.key, match.read) for match in plan.matches}
    counts: dict[str, int] = {}
    for link in outline.links:
        counts[link.kind] = counts.get(link.kind, 0) + 1
    readable = {kind.name: Direction.GIVES for kind in outline.kinds if kind.direction is Direction.NEITHER}
    chosen = {**readable, **{k: d for k, d in plan.choices.directions.items() if d is not Direction.NEITHER}}
    examples: dict[str, tuple[str, str, str]] = {}
    for ends in ends_of(outline, chosen, Tally()):
        sides = (ends.consumer.team, ends.provider.team)
        if ends.link.kind not in examples and all(sides) and sides[0] != sides[1]:
            what = ends.link.what or ends.provider.title or "something"
            examples[ends.link.kind] = (names[sides[0]], what, names[sides[1]])
            if len(examples) == len(outline.kinds):
                break
    for kind in outline.kinds:
        direction = plan.choices.directions.get(kind.name, kind.direction)
        consumer, what, provider = examples.get(kind.name, ("", "", ""))
        yield KindLook(kind.name, direction.value, counts.get(kind.name, 0), consumer, what, provider)


def _records(
    session: Session, actor: Actor, draft: Draft | None, recorded: Draft
) -> tuple[tuple[str, int, int, int], ...]:
    """For each list of a whole organisation: how many are new, changed and the same."""
    if draft is None:
        return ()
    found = []
    for name in LISTS:
        here = {key_of(one): one for one in getattr(recorded, name)}
        coming = getattr(draft, name)
        new = sum(key_of(one) not in here for one in coming)
        same = sum(here.get(key_of(one)) == one for one in coming)
        if coming:
            found.append((name, new, len(coming) - new - same, same))
    if draft.agreed and actor.is_operator:
        agreed = new_in(session, draft.agreed).items()
        found += [(name, new, 0, number - new) for name, (number, new) in agreed if number]
    return tuple(found)
