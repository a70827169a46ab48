"""Boxes in columns: an order in which few lines cross, levels that keep lines straight, and their ways.

The layered drawing of Sugiyama, Tagawa and Toda (1981): a line over several columns has a passage in each
between, so it never runs through a box. `dot` does the same but lets columns start where they like, which
made pictures twice as high, and bends the lines within a column around their neighbours.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from planner.render.geometry import Point
from planner.render.sketch import Arrow, Sketch

GAP, PASSAGE = 10.0, 8.0  # points between two boxes of a column, and the height of a way between them
COLUMN_GAP = 34.0
ARROW_LENGTH = 7.5
BULGE = 24.0  # how far the line within a column reaches out of it
PORT_STEP, PORT_EDGE = 7.0, 9.0
SWEEPS, SWITCHES, LEVELLINGS = 6, 4, 6
HEAVY = 8  # times as much as another line does a heavy one pull

Node = int  # the id of a box; below zero the passage of a line
Ends = tuple[int, int]


@dataclass
class Layers:
    """Columns of boxes and passages, each in its order.

    `right`, `left` and `within` are linked neighbours; `flat` are the lines within a column.
    """

    columns: list[list[Node]]
    passages: dict[Ends, list[Node]] = field(default_factory=dict)
    flat: list[Ends] = field(default_factory=list)
    within: dict[Node, list[Node]] = field(default_factory=lambda: defaultdict(list))
    right: dict[Node, list[Node]] = field(default_factory=lambda: defaultdict(list))
    left: dict[Node, list[Node]] = field(default_factory=lambda: defaultdict(list))

    def link(self, one: Node, other: Node) -> None:
        self.right[one].append(other)
        self.left[other].append(one)

    def link_within(self, ends: Ends) -> None:
        self.flat.append(ends)
        self.within[ends[0]].append(ends[1])
        self.within[ends[1]].append(ends[0])


@dataclass(frozen=True)
class Columned:
    """Centres with y upwards, the ways of the lines in Graphviz's words, left and right of the columns."""

    places: Mapping[int, Point]
    splines: Mapping[Ends, str]
    spans: tuple[tuple[float, float], ...]


def columned(
    sketch: Sketch,
    columns: Sequence[Sequence[int]],
    *,
    heavy: Sequence[Ends] = (),
    rooms: Sequence[float] = (),
) -> Columned:
    """Return the layout; wires lead to the right or stay within their column.

    `rooms` are the least widths of the columns.
    """
    layers = _layered(sketch, columns)
    _ordered(layers)
    heights = {box.id: box.height for box in sketch.boxes}
    levels = _levelled(layers, heights, frozenset(heavy))
    widths = {box.id: box.width for box in sketch.boxes}
    spans = _spans(columns, widths, rooms or [0.0] * len(columns))
    middles = tuple((left + right) / 2 for left, right in spans)
    at = {box: index for index, column in enumerate(columns) for box in column}
    places = {box.id: (middles[at[box.id]], -levels[box.id]) for box in sketch.boxes}
    return Columned(places, _Ways(sketch, layers, levels, spans, at, widths).all(), tuple(spans))


def _layered(sketch: Sketch, columns: Sequence[Sequence[int]]) -> Layers:
    at = {box: index for index, column in enumerate(columns) for box in column}
    layers = Layers([list(column) for column in columns])
    number = 0
    for wire in sketch.wires:
        ends = (wire.tail, wire.head)
        if at[wire.tail] == at[wire.head]:
            layers.link_within(ends)
            continue
        passages = []
        for index in range(at[wire.tail] + 1, at[wire.head]):
            number -= 1
            layers.columns[index].append(number)
            passages.append(number)
        layers.passages[ends] = passages
        for one, other in pairwise((wire.tail, *passages, wire.head)):
            layers.link(one, other)
    return layers


def _ordered(layers: Layers) -> None:
    """Order every column beside the middle of its neighbours, then switch neighbours while that helps.

    From the order that was given, from its reverse, and from what hangs together side by side, the larger
    or the smaller first; of all orders on the ways the one with fewest crossings wins.
    """
    given = [list(column) for column in layers.columns]
    size = _together(layers)
    best, least = given, _crossings(layers)
    for start in (
        given,
        [column[::-1] for column in given],
        [sorted(column, key=lambda node: size[node]) for column in given],
        [sorted(column, key=lambda node: size[node], reverse=True) for column in given],
    ):
        layers.columns = [list(column) for column in start]
        seen: list[list[list[Node]]] = []
        for sweep in range(SWEEPS):
            if least == 0 or layers.columns in seen[-2::-2]:
                break  # nothing better, or nothing new, would come
            seen.append([list(column) for column in layers.columns])
            is_forth = sweep % 2 == 0
            places = _places(layers)
            for column in layers.columns if is_forth else reversed(layers.columns):
                _beside(layers, column, layers.left if is_forth else layers.right, places)
            _switched(layers, places)
            found = _crossings(layers)
            if found < least:
                best, least = [list(column) for column in layers.columns], found
    layers.columns = best


def _together(layers: Layers) -> dict[Node, tuple[int, int]]:
    """Return for each node how many hang together with it, and the name of that group."""
    group: dict[Node, int] = {}
    for number, start in enumerate(node for column in layers.columns for node in column):
        waiting = [start]
        while waiting:
            node = waiting.pop()
            if node in group:
                continue
            group[node] = number
            for side in (layers.within, layers.left, layers.right):
                waiting += side.get(node, ())
    sizes = Counter(group.values())
    return {node: (sizes[number], number) for node, number in group.items()}


def _beside(
    layers: Layers, column: list[Node], neighbours: Mapping[Node, list[Node]], places: dict[Node, int]
) -> None:
    """Put every node beside the middle of its neighbours; who has none at all stands at the end."""

    def key(node: Node) -> tuple[bool, float, int]:
        near = [*neighbours.get(node, ()), *layers.within.get(node, ())]
        is_alone = not (layers.left.get(node) or layers.right.get(node) or layers.within.get(node))
        middle = sum(places[one] for one in near) / len(near) if near else float(places[node])
        return is_alone, middle, places[node]

    column.sort(key=key)
    places.update({node: place for place, node in enumerate(column)})


def _places(layers: Layers) -> dict[Node, int]:
    return {node: place for column in layers.columns for place, node in enumerate(column)}


def _switched(layers: Layers, places: dict[Node, int]) -> None:
    """Switch neighbours while that helps; a column is looked at again when one beside it has changed."""
    waiting = set(range(len(layers.columns)))
    for _ in range(SWITCHES):
        for index, column in enumerate(layers.columns):
            if index in waiting:
                waiting.remove(index)
                if _switched_in(column, layers, places):
                    waiting |= {max(index - 1, 0), index, min(index + 1, len(layers.columns) - 1)}


def _switched_in(column: list[Node], layers: Layers, places: dict[Node, int]) -> bool:
    """Go down a column once; True where a pair was switched."""
    has_changed = False
    for place in range(len(column) - 1):
        one, other = column[place], column[place + 1]
        if _gained(layers, places, one, other) > 0:
            column[place], column[place + 1] = other, one
            places[one], places[other] = place + 1, place
            has_changed = True
    return has_changed


def _gained(layers: Layers, places: Mapping[Node, int], upper: Node, lower: Node) -> int:
    """How many crossings fewer two neighbours have when they switch; what must be there first is above
    what it feeds."""
    gained = ((lower, upper) in layers.flat) - ((upper, lower) in layers.flat)
    for side in (layers.left, layers.right):
        below = [places[other] for other in side.get(lower, ())]
        for one in side.get(upper, ()):
            place = places[one]
            gained += sum((place > other) - (place < other) for other in below)
    return gained


def _crossings(layers: Layers) -> int:
    """Crossings between neighbouring columns; a line within a column crosses those that leave between."""
    places = _places(layers)
    found = 0
    for column in layers.columns:
        ends = sorted(
            (places[node], places[other]) for node in column for other in layers.right.get(node, ())
        )
        found += sum(a[0] < b[0] and a[1] > b[1] for n, a in enumerate(ends) for b in ends[n + 1 :])
    for one, other in layers.flat:
        low, high = sorted((places[one], places[other]))
        column = next(column for column in layers.columns if one in column)
        found += (places[one] > places[other]) + high - low - 1
        found += sum(len(layers.right.get(node, ())) for node in column[low + 1 : high])
    return found


def _levelled(layers: Layers, heights: Mapping[int, float], heavy: frozenset[Ends]) -> dict[Node, float]:
    """Return a level for each node, downwards from 0, in order and near its neighbours; no column is higher
    than the fullest."""
    high = max((_height(column, heights) for column in layers.columns), default=0.0)
    levels: dict[Node, float] = {}
    for column in layers.columns:
        levels |= _packed(column, heights, {}, high)
    for round_ in range(LEVELLINGS):
        columns = layers.columns if round_ % 2 == 0 else layers.columns[::-1]
        for column in columns:
            wanted = {node: _wish(layers, levels, node, heavy) for node in column}
            levels |= _packed(column, heights, wanted, high)
    return levels


def _height(column: Sequence[Node], heights: Mapping[int, float]) -> float:
    return sum(heights.get(node, PASSAGE) + GAP for node in column) - GAP


def _wish(layers: Layers, levels: Mapping[Node, float], node: Node, heavy: frozenset[Ends]) -> float:
    pulls = [
        (levels[other], HEAVY if ends in heavy else 1)
        for side, is_left in ((layers.left, True), (layers.right, False))
        for other in side.get(node, ())
        for ends in ((other, node) if is_left else (node, other),)
    ]
    weight = sum(pull for _, pull in pulls)
    return sum(level * pull for level, pull in pulls) / weight if weight else levels[node]


def _packed(
    column: Sequence[Node], heights: Mapping[int, float], wanted: Mapping[Node, float], high: float
) -> dict[Node, float]:
    """Return levels as near to the wanted ones as order, gaps and height allow (pooling of violators)."""
    if not column:
        return {}
    sizes = [heights.get(node, PASSAGE) for node in column]
    offsets = [0.0]
    for above, below in pairwise(sizes):
        offsets.append(offsets[-1] + (above + below) / 2 + GAP)
    least, most = sizes[0] / 2, high - sizes[-1] / 2 - offsets[-1]
    pools: list[tuple[float, int]] = []  # the mean and how many nodes share it
    for node, offset in zip(column, offsets, strict=True):
        mean, count = wanted.get(node, offset) - offset, 1
        while pools and pools[-1][0] > mean:
            before, others = pools.pop()
            mean, count = (before * others + mean * count) / (others + count), others + count
        pools.append((mean, count))
    shifts = [min(max(mean, least), max(least, most)) for mean, count in pools for _ in range(count)]
    return {node: offset + shift for node, offset, shift in zip(column, offsets, shifts, strict=True)}


def _spans(
    columns: Sequence[Sequence[int]], widths: Mapping[int, float], rooms: Sequence[float]
) -> list[tuple[float, float]]:
    """Left and right of each column."""
    spans, left = [], 0.0
    for column, room in zip(columns, rooms, strict=True):
        right = left + max([room, *(widths[box] for box in column)])
        spans.append((left, right))
        left = right + COLUMN_GAP
    return spans


class _Ways:
    """The ways of all wires: level over a column, in an S between two, in a bow within one."""

    def __init__(
        self,
        sketch: Sketch,
        layers: Layers,
        levels: Mapping[Node, float],
        spans: Sequence[tuple[float, float]],
        at: Mapping[int, int],
        widths: Mapping[int, float],
    ) -> None:
        self._sketch, self._layers, self._levels, self._spans, self._at = sketch, layers, levels, spans, at
        self._heights = {box.id: box.height for box in sketch.boxes}
        self._widths = widths
        self._leaving = self._ports(is_tail=True)
        self._coming = self._ports(is_tail=False)

    def all(self) -> dict[Ends, str]:
        return {
            (wire.tail, wire.head): self._way((wire.tail, wire.head), wire.arrow)
            for wire in self._sketch.wires
        }

    def _way(self, ends: Ends, arrow: Arrow) -> str:
        return self._within(ends) if ends not in self._layers.passages else self._across(ends, arrow)

    def _across(self, ends: Ends, arrow: Arrow) -> str:
        tail, head = ends
        tip = (self._middle(head) - self._widths[head] / 2, self._coming[ends])
        end = (tip[0] - (0.0 if arrow is Arrow.NONE else ARROW_LENGTH), tip[1])
        stops = [(self._middle(tail) + self._widths[tail] / 2, self._leaving[ends])]
        for step, passage in enumerate(self._layers.passages[ends], start=1):
            left, right = self._spans[self._at[tail] + step]
            stops += [(left, self._levels[passage]), (right, self._levels[passage])]
        controls = [stops[0]]
        for (x, y), (u, v) in pairwise([*stops, end]):
            bend = (u - x) / 2
            controls += [(x + bend, y), (u - bend, v), (u, v)]
        return _spline(tip, controls)

    def _within(self, ends: Ends) -> str:
        """Straight down to the next box, else in a bow on the right."""
        tail, head = ends
        x = self._middle(tail) + self._widths[tail] / 2
        column = self._layers.columns[self._at[tail]]
        y, v = self._levels[tail], self._levels[head]
        if column.index(head) - column.index(tail) == 1:
            middle = self._middle(tail)
            top, tip = y + self._heights[tail] / 2, v - self._heights[head] / 2
            end = tip - ARROW_LENGTH
            return _spline((middle, tip), [(middle, top), (middle, top), (middle, end), (middle, end)])
        side = 1 if v > y else -1
        start, stop = y + side * self._heights[tail] / 4, v - side * self._heights[head] / 4
        end = x + ARROW_LENGTH
        return _spline((x, stop), [(x, start), (x + BULGE, start), (x + BULGE, stop), (end, stop)])

    def _middle(self, box: int) -> float:
        return sum(self._spans[self._at[box]]) / 2

    def _ports(self, *, is_tail: bool) -> dict[Ends, float]:
        """Where each wire meets its box: side by side, in the order of where it comes from or goes to."""
        found: dict[Ends, float] = {}
        meeting: dict[int, list[tuple[float, Ends]]] = defaultdict(list)
        for ends, passages in self._layers.passages.items():
            path = (ends[0], *passages, ends[1])
            box, other = (path[0], path[1]) if is_tail else (path[-1], path[-2])
            meeting[box].append((self._levels[other], ends))
        for box, wires in meeting.items():
            room = max(0.0, self._heights[box] - 2 * PORT_EDGE)
            step = min(PORT_STEP, room / max(1, len(wires) - 1))
            first = self._levels[box] - step * (len(wires) - 1) / 2
            for place, (_, ends) in enumerate(sorted(wires)):
                found[ends] = first + step * place
        return found


def _spline(tip: Point, controls: Sequence[Point]) -> str:
    drawn = " ".join(_words(one) for one in controls)
    return f"e,{_words(tip)} {drawn}" if tip != controls[-1] else drawn


def _words(place: Point) -> str:
    """In points with y upwards."""
    return f"{place[0]:.1f},{-place[1]:.1f}"
