"""Which dependencies are in play, which need a live conversation, for how long, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from planner.domain.consolidation.model import Interdependence, Rules
from planner.domain.consolidation.representatives import representatives
from planner.domain.graph import longest_chains
from planner.domain.interdependence import RING_MAX, Interdependencies, PairKind, infer
from planner.domain.model import (
    Dependency,
    DependencyId,
    DependencyState,
    GoalId,
    HorizonId,
    Organisation,
    PersonId,
    TeamId,
)
from planner.domain.perspectives import SPLIT

ACTIVE_STATES = frozenset(state for state in DependencyState if state.is_active)


class Treatment(StrEnum):
    """Why a dependency is talked about (the first eight), is settled in writing, or cannot be placed."""

    TWO_WAY = "two-way"
    RING = "ring"
    COUNTERED = "countered"
    REOPENED = "reopened"
    LATE = "late"
    SPLIT_VIEWS = "split-views"
    LONGEST_CHAIN = "longest-chain"
    OPEN = "open"
    QUEUE = "queue"
    SHARED = "shared"
    SETTLED = "settled"
    DELIVERED = "delivered"
    ONE_DECIDER = "one-decider"
    BY_CHOICE = "by-choice"
    NO_PRODUCT_OWNER = "no-product-owner"
    UNPLACED = "unplaced"

    @property
    def is_live(self) -> bool:
        return self not in _WRITTEN and self not in _OPEN_ENDED

    @property
    def is_written(self) -> bool:
        return self in _WRITTEN


_WRITTEN = frozenset(
    {
        Treatment.SHARED,
        Treatment.SETTLED,
        Treatment.DELIVERED,
        Treatment.ONE_DECIDER,
        Treatment.BY_CHOICE,
    }
)

_OPEN_ENDED = frozenset({Treatment.NO_PRODUCT_OWNER, Treatment.UNPLACED})

_KINDS = {
    PairKind.RECIPROCAL_DIRECT: Interdependence.RECIPROCAL,
    PairKind.RECIPROCAL_RING: Interdependence.RECIPROCAL,
    PairKind.SEQUENTIAL: Interdependence.SEQUENTIAL,
    PairKind.NONE: Interdependence.SEQUENTIAL,
    PairKind.POOLED: Interdependence.POOLED,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What people chose: which dependencies to look at, what to settle in writing, whom to leave out.

    None means no restriction. A dependency is of the teams when one of its two sides is.
    """

    horizon_id: HorizonId | None = None
    goal_id: GoalId | None = None
    team_ids: frozenset[TeamId] | None = None
    states: frozenset[DependencyState] = ACTIVE_STATES
    in_writing: frozenset[DependencyId] = frozenset()
    excluded_people: frozenset[PersonId] = frozenset()

    def holds(self, dependency: Dependency) -> bool:
        sides = {dependency.consumer_id, dependency.provider_id}
        return (
            dependency.state in self.states
            and self.horizon_id in (None, dependency.horizon_id)
            and self.goal_id in (None, dependency.goal_id)
            and (self.team_ids is None or bool(sides & self.team_ids))
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """A dependency in play and what it asks for.

    `minutes` is the length of its conversation, should there be one (0: none is needed). `people`
    speak for its two teams. `missing_team_ids` have nobody who could.
    """

    dependency: Dependency
    kind: Interdependence
    treatment: Treatment
    minutes: int
    people: frozenset[PersonId]
    missing_team_ids: tuple[TeamId, ...] = ()


@dataclass(frozen=True)
class Selection:
    """Everything in play, by dependency id, and what was inferred from it."""

    chosen: tuple[Chosen, ...]
    links: Interdependencies
    chains: Mapping[GoalId, tuple[Dependency, ...]]
    representative: Mapping[TeamId, PersonId]

    @cached_property
    def live(self) -> tuple[Chosen, ...]:
        return tuple(one for one in self.chosen if one.treatment.is_live)

    @cached_property
    def in_writing(self) -> tuple[Chosen, ...]:
        return tuple(one for one in self.chosen if one.treatment.is_written)

    @cached_property
    def unplaceable(self) -> tuple[Chosen, ...]:
        return tuple(one for one in self.chosen if one.treatment is Treatment.NO_PRODUCT_OWNER)

    @cached_property
    def by_id(self) -> Mapping[DependencyId, Chosen]:
        return {one.dependency.id: one for one in self.chosen}

    @cached_property
    def spoken_for(self) -> Mapping[PersonId, tuple[TeamId, ...]]:
        """The teams that each person speaks for, by id."""
        found: dict[PersonId, list[TeamId]] = defaultdict(list)
        for team_id in sorted(self.representative):
            found[self.representative[team_id]].append(team_id)
        return {person_id: tuple(teams) for person_id, teams in found.items()}

    @cached_property
    def team_ids(self) -> tuple[TeamId, ...]:
        """The teams on either side of what is in play."""
        sides = ((one.dependency.consumer_id, one.dependency.provider_id) for one in self.chosen)
        return tuple(sorted({team_id for pair in sides for team_id in pair}))


def select(
    organisation: Organisation,
    *,
    rules: Rules,
    today: date,
    scope: Scope | None = None,
    ring_max: int = RING_MAX,
) -> Selection:
    """What is in play and how each of it is best settled, under these rules on this day."""
    scope = scope or Scope()
    dependencies = [d for d in organisation.dependencies if scope.holds(d)]
    links = infer(dependencies, ring_max=ring_max, fits=lambda loop: _is_one_conversation(loop, rules))
    chains = longest_chains(dependencies)
    speakers = representatives(organisation, _teams(dependencies), excluded=scope.excluded_people)
    judge = _Judge(rules, today, scope, links, frozenset(d.id for c in chains.values() for d in c), speakers)
    chosen = [judge.choose(dependency) for dependency in dependencies]
    if rules.queues_whole:
        chosen = _with_settled_in_queues(chosen, rules)
    return Selection(tuple(chosen), links, chains, speakers)


def judged_anew(selection: Selection, dependency: Dependency, *, rules: Rules, today: date) -> Chosen:
    """What a dependency in play asks for with other facts of its own, such as a gap; the rest as selected."""
    on_chain = frozenset(d.id for chain in selection.chains.values() for d in chain)
    judge = _Judge(rules, today, Scope(), selection.links, on_chain, selection.representative)
    return judge.choose(dependency)


def _is_one_conversation(loop: Iterable[Dependency], rules: Rules) -> bool:
    minutes = [_minutes(dependency, Interdependence.RECIPROCAL, rules) for dependency in loop]
    return rules.opening + sum(minutes) <= rules.minutes_max


def _teams(dependencies: Iterable[Dependency]) -> set[TeamId]:
    return {team_id for d in dependencies for team_id in (d.consumer_id, d.provider_id)}


@dataclass(frozen=True, slots=True)
class _Judge:
    rules: Rules
    today: date
    scope: Scope
    links: Interdependencies
    on_chain: frozenset[DependencyId]
    representative: Mapping[TeamId, PersonId]

    def choose(self, dependency: Dependency) -> Chosen:
        sides = (dependency.consumer_id, dependency.provider_id)
        missing = tuple(sorted({side for side in sides if side not in self.representative}))
        people = frozenset(self.representative[side] for side in sides if side in self.representative)
        pair = self.links.of(dependency)
        treatment = self._treatment(dependency, pair, people=people, is_missing=bool(missing))
        minutes = _minutes(dependency, _KINDS[pair], self.rules)
        return Chosen(dependency, _KINDS[pair], treatment, minutes, people, missing)

    def _treatment(
        self, dependency: Dependency, pair: PairKind, *, people: frozenset[PersonId], is_missing: bool
    ) -> Treatment:
        if dependency.id in self.scope.in_writing:
            return Treatment.BY_CHOICE
        if pair is PairKind.POOLED:
            return Treatment.SHARED
        treatment = _RECIPROCAL.get(pair) or self._sequential(dependency)
        if treatment.is_written:
            return treatment
        if is_missing:
            return Treatment.NO_PRODUCT_OWNER
        return Treatment.ONE_DECIDER if len(people) == 1 else treatment

    def _sequential(self, dependency: Dependency) -> Treatment:
        if dependency.state in _TREATED_BY_STATE:
            return _TREATED_BY_STATE[dependency.state]
        if dependency.is_late(self.today):
            return Treatment.LATE
        if dependency.gap is not None and Fraction(str(dependency.gap)) >= SPLIT:
            return Treatment.SPLIT_VIEWS
        if dependency.id in self.on_chain:
            return Treatment.LONGEST_CHAIN
        if dependency.state is DependencyState.AGREED and _has_its_date(dependency):
            return Treatment.SETTLED
        return Treatment.OPEN


_RECIPROCAL = {PairKind.RECIPROCAL_DIRECT: Treatment.TWO_WAY, PairKind.RECIPROCAL_RING: Treatment.RING}
_TREATED_BY_STATE = {
    DependencyState.DELIVERED: Treatment.DELIVERED,
    DependencyState.COUNTERED: Treatment.COUNTERED,
    DependencyState.REOPENED: Treatment.REOPENED,
}
_MINUTES = {
    Interdependence.POOLED: (0, 0),
    Interdependence.SEQUENTIAL: (5, 10),
    Interdependence.RECIPROCAL: (10, 20),
}


def _minutes(dependency: Dependency, kind: Interdependence, rules: Rules) -> int:
    """Whole minutes of conversation, halves rounded up."""
    gap = rules.unrated_gap if dependency.gap is None else dependency.gap
    base, slope = _MINUTES[kind]
    exact = base + slope * Decimal(str(gap))
    return int(exact.to_integral_value(ROUND_HALF_UP))


def _has_its_date(dependency: Dependency) -> bool:
    """Agreed without a date counts only where no date was asked for."""
    return dependency.promised_for is not None or dependency.needed_by is None


def _with_settled_in_queues(chosen: Iterable[Chosen], rules: Rules) -> list[Chosen]:
    """Settled items take their minute in a queue that is talked about anyway."""
    chosen = list(chosen)
    open_queues = {one.dependency.provider_id for one in chosen if one.treatment.is_live}
    return [_queued(one, rules) if one.dependency.provider_id in open_queues else one for one in chosen]


def _queued(one: Chosen, rules: Rules) -> Chosen:
    if one.treatment is not Treatment.SETTLED or one.missing_team_ids or len(one.people) < 2:
        return one
    if not rules.settled_minutes:
        return one
    return Chosen(one.dependency, one.kind, Treatment.QUEUE, rules.settled_minutes, one.people)
