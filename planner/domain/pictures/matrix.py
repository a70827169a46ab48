"""Who needs whom as a matrix: the row needs what the column gives, ordered so that givers come first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from planner.domain.graph import levels
from planner.domain.model import Dependency, DependencyKind, Organisation
from planner.domain.pictures.cards import OPEN, PictureTable
from planner.domain.pictures.scope import Scope
from planner.domain.text import counted

TEAMS_MAX = (60, 40, 20)
NO_AREA = "No area"


@dataclass(frozen=True, slots=True)
class MatrixHead:
    """A row and a column: a team, or an area in a large organisation. `key` is the team's, else ""."""

    id: int
    name: str
    area: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What the row needs from the column; `row` and `column` are places in the order of the heads."""

    row: int
    column: int
    count: int
    titles: tuple[str, ...] = ()
    is_late: bool = False
    is_open: bool = False

    @property
    def state(self) -> str:
        words = [("late", self.is_late), ("open", self.is_open)]
        return ", ".join(word for word, holds in words if holds) or "agreed"


@dataclass(frozen=True, slots=True)
class Matrix:
    """`blocks` are the loops, as (first place, number of heads), which stand side by side."""

    title: str
    subtitle: str
    heads: tuple[MatrixHead, ...]
    cells: tuple[MatrixCell, ...]
    blocks: tuple[tuple[int, int], ...]
    areas: tuple[str, ...]
    left_out: str
    table: PictureTable

    @property
    def against(self) -> int:
        """How many marks run against the order: above the diagonal."""
        return sum(1 for cell in self.cells if cell.column > cell.row)


Pair = tuple[int, int]


def matrix(scope: Scope) -> Matrix:
    """Return the matrix of all linked teams; of more than sixty, of their areas or of the busiest."""
    pairs = _pairs(scope.organisation, scope.dependencies)
    everybody, noun, said = _heads_of_teams(scope.organisation, pairs), "team", []
    if len(everybody) > TEAMS_MAX[scope.detail] and len(scope.areas) > 1:
        said.append(f"{counted(len(everybody), 'team')} by area; hand-overs within areas left out.")
        pairs, everybody = _by_area(scope.organisation, pairs, scope.areas)
        noun = "area"
    heads = _busiest(everybody, pairs, TEAMS_MAX[scope.detail])
    if len(heads) < len(everybody):
        said.append(f"Showing the {len(heads)} busiest of {counted(len(everybody), noun)}.")
    order, blocks = _order({pair: len(pairs[pair]) for pair in pairs if set(pair) <= heads.keys()})
    place = {number: index for index, number in enumerate(order)}
    cells = [
        _cell(pair, pairs[pair], place, scope.today) for pair in sorted(pairs) if set(pair) <= place.keys()
    ]
    return Matrix(
        title=f"Who needs whom in {scope.organisation.name}" if scope.organisation.name else "Who needs whom",
        subtitle=scope.subtitle,
        heads=tuple(heads[number] for number in order),
        cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))),
        blocks=blocks,
        areas=scope.areas,
        left_out=" ".join(said),
        table=_table(everybody, pairs, place, scope.today),
    )


def _pairs(organisation: Organisation, dependencies: Iterable[Dependency]) -> dict[Pair, list[Dependency]]:
    """By (consumer, provider); what is shared or goes back and forth is needed by both."""
    found: dict[Pair, list[Dependency]] = defaultdict(list)
    for one in sorted(dependencies, key=lambda one: one.id):
        ends = int(one.consumer_id), int(one.provider_id)
        if ends[0] == ends[1] or not all(end in organisation.team for end in ends):
            continue
        found[ends].append(one)
        if one.kind is DependencyKind.BACK_AND_FORTH:
            found[ends[1], ends[0]].append(one)
    return dict(found)


def _heads_of_teams(organisation: Organisation, pairs: Iterable[Pair]) -> dict[int, MatrixHead]:
    linked = {end for pair in pairs for end in pair}
    return {
        int(team.id): MatrixHead(int(team.id), team.name, team.area or NO_AREA, team.key)
        for team in organisation.teams
        if team.id in linked
    }


def _by_area(
    organisation: Organisation, pairs: Mapping[Pair, list[Dependency]], areas: Sequence[str]
) -> tuple[dict[Pair, list[Dependency]], dict[int, MatrixHead]]:
    number = {area: index for index, area in enumerate(areas, start=1)}
    area_of = {int(team.id): number[team.area or NO_AREA] for team in organisation.teams}
    found: dict[Pair, list[Dependency]] = defaultdict(list)
    for (consumer, provider), needs in pairs.items():
        if area_of[consumer] != area_of[provider]:
            found[area_of[consumer], area_of[provider]].extend(needs)
    linked = {end for pair in found for end in pair}
    heads = {
        index: MatrixHead(index, area, area) for index, area in enumerate(areas, start=1) if index in linked
    }
    return dict(found), heads


def _busiest(
    heads: Mapping[int, MatrixHead], pairs: Mapping[Pair, list[Dependency]], most: int
) -> dict[int, MatrixHead]:
    handed: Counter[int] = Counter()
    for (consumer, provider), needs in pairs.items():
        handed.update({consumer: len(needs)})
        handed.update({provider: len(needs)})
    return {number: heads[number] for number in sorted(heads, key=lambda n: (-handed[n], n))[:most]}


def _order(weights: Mapping[Pair, int]) -> tuple[list[int], tuple[tuple[int, int], ...]]:
    """Components that need nobody outside first; within a loop whoever gives most and needs least."""
    order: list[int] = []
    blocks = []
    for level in levels(weights):
        for component in level:
            if len(component) > 1:
                blocks.append((len(order), len(component)))
            order.extend(_sequenced(component, weights))
    return order, tuple(blocks)


def _sequenced(component: Sequence[int], weights: Mapping[Pair, int]) -> list[int]:
    """A loop has no true order: take whoever needs least of those that are left, again and again."""
    left, order = set(component), list[int]()
    needs: dict[int, dict[int, int]] = {node: {} for node in component}
    for (consumer, provider), weight in weights.items():
        if consumer in left and provider in left:
            needs[consumer][provider] = weight
    while left:
        chosen = min(
            left,
            key=lambda node: (
                sum(weight for other, weight in needs[node].items() if other in left),
                -sum(needs[other].get(node, 0) for other in left),
                node,
            ),
        )
        order.append(chosen)
        left.discard(chosen)
    return order


def _cell(pair: Pair, needs: Sequence[Dependency], place: Mapping[int, int], today: date) -> MatrixCell:
    return MatrixCell(
        row=place[pair[0]],
        column=place[pair[1]],
        count=len(needs),
        titles=tuple(one.what for one in needs[:4]),
        is_late=any(one.is_late(today) for one in needs),
        is_open=any(one.state in OPEN for one in needs),
    )


def _table(
    heads: Mapping[int, MatrixHead],
    pairs: Mapping[Pair, list[Dependency]],
    place: Mapping[int, int],
    today: date,
) -> PictureTable:
    """Every pair, drawn or not, in the order of the rows."""
    last = len(place)
    rows = []
    for pair in sorted(pairs, key=lambda pair: (place.get(pair[0], last), place.get(pair[1], last), pair)):
        cell = _cell(pair, pairs[pair], {pair[0]: 0, pair[1]: 0}, today)
        state = cell.state if set(pair) <= place.keys() else f"{cell.state}, not drawn"
        what = ", ".join(one.what for one in pairs[pair])
        rows.append((heads[pair[0]].name, heads[pair[1]].name, what, str(cell.count), state))
    return PictureTable("Every mark", ("Needs", "From", "What", "Number", "State"), tuple(rows))
