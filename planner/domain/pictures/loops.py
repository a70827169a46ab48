"""Loops: teams that wait for one another in a ring, and where the ring is loosened most easily."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from planner.domain.graph import loops, shortest_loop, tear
from planner.domain.model import Organisation, TeamId
from planner.domain.pictures.around import owners_of
from planner.domain.pictures.cards import Card, PictureTable, card_table, cards_of
from planner.domain.pictures.scope import Scope
from planner.domain.text import counted

RINGS_MAX = (6, 3, 1)
CARDS_EACH = 2  # of what one team gives the next in the ring
PROMISED, UNANSWERED = 3, 1  # what loosening a step costs: a promise is harder to take back than a question


@dataclass(frozen=True, slots=True)
class RingTeam:
    id: int
    key: str
    name: str
    area: str
    owners: str


@dataclass(frozen=True, slots=True)
class RingStep:
    """What one team of the ring gives the next; `is_weakest` where loosening costs least."""

    provider: int
    consumer: int
    cards: tuple[Card, ...]
    count: int
    is_weakest: bool


@dataclass(frozen=True, slots=True)
class Ring:
    """The shortest way round in a loop; a loop of more teams than the ring says how many it has."""

    teams: tuple[RingTeam, ...]
    steps: tuple[RingStep, ...]
    teams_in_loop: int


@dataclass(frozen=True, slots=True)
class Loops:
    """The rings, the smallest first; `pairs` are all hand-overs (consumer, provider) within loops."""

    title: str
    subtitle: str
    rings: tuple[Ring, ...]
    pairs: frozenset[tuple[int, int]]
    areas: tuple[str, ...]
    left_out: str
    table: PictureTable


Edge = tuple[TeamId, TeamId]


def loops_of(scope: Scope) -> Loops:
    """Return the loops of exactly these dependencies."""
    by_edge: dict[Edge, list[Card]] = defaultdict(list)
    for card in cards_of(scope.organisation, scope.dependencies, scope.today):
        by_edge[card.consumer.id, card.provider.id].append(card)
    components = sorted(loops(by_edge), key=lambda one: (len(one), one))
    inside = _edges_of(components, by_edge)
    shown = list(zip(components, inside, strict=True))[: RINGS_MAX[scope.detail]]
    rings = [_ring(scope.organisation, len(component), edges, by_edge) for component, edges in shown]
    pairs = sorted(chain.from_iterable(inside))
    cards = [card for edge in pairs for card in by_edge[edge]]
    drawn = [card for ring in rings for step in ring.steps for card in step.cards]
    return Loops(
        title=f"{counted(len(components), 'loop')}" if components else "No loops",
        subtitle=scope.subtitle,
        rings=tuple(rings),
        pairs=frozenset((int(a), int(b)) for a, b in pairs),
        areas=scope.areas,
        left_out=_left_out(rings, len(components)),
        table=card_table("Every hand-over within a loop", cards, drawn),
    )


def _edges_of(components: Sequence[Sequence[TeamId]], edges: Iterable[Edge]) -> list[list[Edge]]:
    """The edges within each component."""
    number_of = {team: number for number, component in enumerate(components) for team in component}
    found: list[list[Edge]] = [[] for _ in components]
    for edge in edges:
        number = number_of.get(edge[0])
        if number is not None and number == number_of.get(edge[1]):
            found[number].append(edge)
    return found


def _ring(
    organisation: Organisation, size: int, inside: Sequence[Edge], by_edge: Mapping[Edge, list[Card]]
) -> Ring:
    way = shortest_loop(inside, at_least=3) or shortest_loop(inside)
    edges = list(zip(way, (*way[1:], way[0]), strict=True))
    weakest = set(tear({edge: _price(by_edge[edge]) for edge in edges}))
    steps = [_step(edge, by_edge[edge], is_weakest=edge in weakest) for edge in edges]
    return Ring(tuple(_team(organisation, team) for team in way), tuple(steps), size)


def _price(cards: Iterable[Card]) -> int:
    return sum(UNANSWERED if card.is_open else PROMISED for card in cards)


def _step(edge: Edge, cards: Sequence[Card], *, is_weakest: bool) -> RingStep:
    telling = sorted(cards, key=lambda card: (not card.is_late, not card.is_open, card.id))[:CARDS_EACH]
    return RingStep(int(edge[1]), int(edge[0]), tuple(telling), len(cards), is_weakest)


def _team(organisation: Organisation, team_id: TeamId) -> RingTeam:
    team = organisation.team[team_id]
    return RingTeam(
        int(team_id), team.key, team.name, team.area or "No area", owners_of(organisation, team_id)
    )


def _left_out(rings: Sequence[Ring], loops_: int) -> str:
    said = []
    if len(rings) < loops_:
        said.append(f"Showing {len(rings)} of {counted(loops_, 'loop')}, the smallest.")
    larger = [ring for ring in rings if ring.teams_in_loop > len(ring.teams)]
    if larger:
        most = max(ring.teams_in_loop for ring in larger)
        said.append(f"A loop of {most} teams is shown by its shortest way round.")
    return " ".join(said)
