"""From what files hold and what a person chose to what an import will do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from planner.domain.importing import Direction, Field, Tally, dependencies_of
from planner.domain.names import index_names
from planner.domain.text import NAME_LONGEST, clean, fold, slug
from planner.domain.transfer import Draft, HorizonDraft, Remark, TeamDraft, draft_of, only_horizon
from planner.interchange.keeping import LISTS, keep_unsaid
from planner.interchange.ordering import ordered
from planner.interchange.problems import refusal
from planner.interchange.references import check_against
from planner.services.keys import RESERVED
from planner.services.merging import Merger, Wanted
from planner.services.organisation import read_organisation
from planner.storage.models import HorizonRow, TeamRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.importing import Outline
    from planner.domain.transfer import DependencyDraft
    from planner.interchange.tools.registry import Contents
    from planner.services.actor import Actor
    from planner.services.merging import Outcome

NEW, LEFT = "+", "-"
"""In place of the key of a team: a team that is made, and one that is left out with its links."""
PART = 1_000


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person said about an import; whatever is missing is as the file and the defaults have it."""

    source: str = ""
    directions: Mapping[str, Direction] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[Field, str] = field(default_factory=dict)
    take: frozenset[str] = frozenset()
    take_all: bool = False
    horizon: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class TeamMatch:
    """A team of the file: its key here, NEW or LEFT, and those here that it may be, best first."""

    read: str
    items: int
    key: str
    candidates: tuple[tuple[str, str], ...] = ()
    is_certain: bool = False


@dataclass
class Plan:
    """Everything that an import is made of, before it is written. `tally` fills while it is read."""

    contents: Contents
    choices: Choices
    draft: Draft | None
    matches: tuple[TeamMatch, ...]
    new_teams: tuple[TeamDraft, ...]
    new_horizons: tuple[HorizonDraft, ...]
    source: str
    tally: Tally

    @property
    def outline(self) -> Outline | None:
        return self.contents.outline

    @property
    def links(self) -> int:
        """How many links there are to look at."""
        return len(self.contents.outline.links) if self.contents.outline else 0

    @property
    def additions(self) -> Draft:
        """What the links need and is not here yet."""
        return Draft(teams=self.new_teams, horizons=self.new_horizons)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What was repaired or left out while reading and while mapping."""
        reading = self.contents.reading
        lists = (remark for part in self.contents.lists for remark in part.reading.remarks)
        outline = self.outline.remarks if self.outline else ()
        return (*(reading.remarks if reading else ()), *lists, *outline, *self.tally.remarks)

    def dependencies(self) -> Iterator[DependencyDraft]:
        """Yield the dependencies behind the links, one by one; each time from the beginning."""
        self.tally = Tally()
        if self.outline is None:
            return
        keys = {LEFT: ""}
        by_name = {
            match.read: _new_key(match.read, self.new_teams)
            if match.key == NEW
            else keys.get(match.key, match.key)
            for match in self.matches
        }
        yield from dependencies_of(
            self.outline,
            source=self.source,
            directions=self.choices.directions,
            team_keys=by_name,
            tally=self.tally,
        )


def plan(session: Session, contents: Contents, choices: Choices) -> Plan:
    """Return what the files and the choices come to. Raises InvalidInput. Writes nothing."""
    draft = _whole_draft(session, contents, choices.horizon)
    outline = contents.outline
    teams = _teams_here(session, draft)
    matches = tuple(_matches(outline, teams, choices)) if outline else ()
    taken = {*(key for key, _ in teams), *RESERVED}
    return Plan(
        contents,
        choices,
        draft,
        matches,
        tuple(_new_teams(matches, taken)),
        tuple(_new_horizons(session, outline, draft)) if outline else (),
        _source(choices, outline),
        Tally(),
    )


def read_outcomes(
    session: Session,
    actor: Actor,
    plan: Plan,
    *,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[Outcome]:
    """Yield what becomes of every dependency, part by part. New teams have no ids yet: below nought."""
    for part in read_outcome_parts(session, actor, plan, ids_with_new(session, plan), tell=tell):
        yield from part


def read_outcome_parts(
    session: Session,
    actor: Actor,
    plan: Plan,
    ids: Ids,
    *,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[list[Outcome]]:
    """Yield the outcomes in lists of a thousand, so that memory does not grow with the file.

    `tell` hears how many of the links are behind us, each time when a list was dealt with.
    """
    merger = Merger(session, actor, plan.choices.take, take_all=plan.choices.take_all)
    drafts, total = plan.dependencies(), plan.links
    while part := list(islice(drafts, PART)):
        yield merger.outcomes([ids.wanted(draft) for draft in part])
        tell(plan.tally.links, total)


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of teams by key and of horizons by folded name."""

    teams: Mapping[str, int]
    horizons: Mapping[str, int]

    def wanted(self, draft: DependencyDraft) -> Wanted:
        values = {
            "consumer_id": self.teams[draft.consumer],
            "provider_id": self.teams[draft.provider],
            "what": draft.what,
            "needed_by": draft.needed_by,
            "horizon_id": self.horizons[fold(draft.horizon)] if draft.horizon else None,
            "item": draft.item,
        }
        silent = frozenset("horizon_id" if name == "horizon" else name for name in draft.silent)
        return Wanted(draft.key, values, draft.state, silent)


def ids_of(session: Session) -> Ids:
    """Return the ids of everything that is stored by now."""
    teams = session.execute(select(TeamRow.key, TeamRow.id)).tuples().all()
    horizons = session.execute(select(HorizonRow.name_folded, HorizonRow.id)).tuples().all()
    return Ids(dict(teams), dict(horizons))


def ids_with_new(session: Session, plan: Plan) -> Ids:
    stored = ids_of(session)
    coming = [team.key for team in (plan.draft.teams if plan.draft else ())]
    coming += [team.key for team in plan.new_teams]
    names = [fold(h.name) for h in (*(plan.draft.horizons if plan.draft else ()), *plan.new_horizons)]
    teams = {key: -number for number, key in enumerate(coming, start=1)}
    horizons = {name: -number for number, name in enumerate(names, start=1)}
    return Ids({**teams, **stored.teams}, {**horizons, **stored.horizons})


def _whole_draft(session: Session, contents: Contents, horizon: str) -> Draft | None:
    """The records of ours that the files hold, checked against what is here."""
    draft = contents.reading.draft if contents.reading else None
    if draft is not None and horizon:
        names = ", ".join(one.name for one in draft.horizons) or "none"
        if horizon not in {one.name for one in draft.horizons}:
            raise refusal(f"there is no “{horizon}” in this file; it has {names}", "cycle")
        draft = only_horizon(draft, horizon)
    if draft is None and not contents.lists:
        return None
    recorded = draft_of(read_organisation(session))
    if draft is not None and not contents.lists:
        return ordered(keep_unsaid(draft, recorded))
    values = {name: list(getattr(draft, name)) if draft else [] for name in (*LISTS, "travel")}
    for part in contents.lists:
        values[part.kind.value] += getattr(part.reading.draft, part.kind.value)
    lists: dict[str, Any] = {name: tuple(rows) for name, rows in values.items()}
    whole = Draft(name=draft.name if draft else "", agreed=draft.agreed if draft else {}, **lists)
    whole = keep_unsaid(whole, recorded)
    check_against(recorded, whole)
    return ordered(whole)


def _teams_here(session: Session, draft: Draft | None) -> list[tuple[str, str]]:
    """The keys and names of the teams that are here or come with the same files."""
    teams = dict(session.execute(select(TeamRow.key, TeamRow.name)).tuples().all())
    teams |= {team.key: team.name for team in (draft.teams if draft else ())}
    return sorted(teams.items())


def _matches(outline: Outline, teams: list[tuple[str, str]], choices: Choices) -> Iterator[TeamMatch]:
    index = index_names((number, (key, name)) for number, (key, name) in enumerate(teams))
    keys = {key for key, _ in teams}
    for read, items in sorted(outline.teams().items()):
        chosen, found = choices.teams.get(read, ""), index.find(read)
        candidates = tuple(teams[number] for number in found.candidates)
        if chosen in keys or chosen in {NEW, LEFT}:
            known = ((chosen, dict(teams)[chosen]),) if chosen in keys else ()
            yield TeamMatch(read, items, chosen, tuple(dict.fromkeys((*known, *candidates))))
        elif found.id is not None:
            yield TeamMatch(read, items, teams[found.id][0], (teams[found.id],), is_certain=True)
        else:
            yield TeamMatch(read, items, NEW, candidates)


def _new_teams(matches: tuple[TeamMatch, ...], taken: set[str]) -> Iterator[TeamDraft]:
    """The teams to be made, one for all spellings of a name."""
    names: dict[str, str] = {}
    for match in matches:
        if match.key == NEW:
            names.setdefault(fold(match.read), match.read)
    for name in names.values():
        first = key = slug(name)
        number = 1
        while key in taken:
            number += 1
            key = f"{first}-{number}"
        taken.add(key)
        yield TeamDraft(key, name)


def _new_key(read: str, new_teams: tuple[TeamDraft, ...]) -> str:
    return next((team.key for team in new_teams if fold(team.name) == fold(read)), "")


def _new_horizons(session: Session, outline: Outline, draft: Draft | None) -> Iterator[HorizonDraft]:
    """The horizons that linked items name and that are not here."""
    here = set(session.scalars(select(HorizonRow.name_folded)))
    here |= {fold(one.name) for one in (draft.horizons if draft else ())}
    linked = {end for link in outline.links for end in (link.first, link.second)}
    names = {outline.items[key].horizon for key in linked if key in outline.items} - {""}
    for name in sorted(names):
        if fold(name) not in here:
            here.add(fold(name))
            yield HorizonDraft(name)


def _source(choices: Choices, outline: Outline | None) -> str:
    said = clean(choices.source, where="source", longest=NAME_LONGEST // 4, required=False)
    return said or (outline.tool if outline else "")
