"""Where the words of a wire stand: on its middle, or as near to it as boxes and other words allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from planner.render.geometry import Geometry, Point, Rectangle, frame_of, nearby, point_along, segment_hits
from planner.render.sketch import Line, Sketch

SHARES = (0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7)
CLEAR = 3.0  # points around the words
ON_BOX, ON_WORDS, ON_LINE, OFF_MIDDLE = 100.0, 60.0, 8.0, 20.0


def label_spots(sketch: Sketch, geometry: Geometry) -> Mapping[tuple[int, int], Point]:
    """Return the centre of every wire's words; wires without words get the middle of their line."""
    spots: dict[tuple[int, int], Point] = {}
    taken = _Taken(geometry)
    for wire in sketch.wires:
        ends = (wire.tail, wire.head)
        line = geometry.lines[ends]
        if wire.label:
            words = _best(_candidates(wire.label, line), taken.near(line, wire.label, ends))
            spots[ends] = words.x, words.y
            taken.words.append(words)
        else:
            spots[ends] = point_along(line, 0.5)
    return spots


def _candidates(label: Line, line: Sequence[Point]) -> Iterator[tuple[float, Rectangle]]:
    """The places for words with what it costs to stand there, the cheapest first."""
    wide, high = label.width + 2 * CLEAR, label.height + 2 * CLEAR
    for share in SHARES:
        yield OFF_MIDDLE * abs(share - 0.5), Rectangle(*point_along(line, share), wide, high)


def _best(candidates: Iterator[tuple[float, Rectangle]], near: _Near) -> Rectangle:
    """The place that costs least; those that cannot be better any more are not looked at."""
    least, best = next(candidates)
    least += near.cost(best)
    for aside, words in candidates:
        if aside >= least:
            break
        cost = aside + near.cost(words)
        if cost < least:
            least, best = cost, words
    return best


class _Taken:
    """What is drawn already: boxes, lines, and the words that have their place."""

    def __init__(self, geometry: Geometry) -> None:
        self.words: list[Rectangle] = []
        self._boxes = list(geometry.boxes.values())
        self._lines = [(ends, line, frame_of(line)) for ends, line in geometry.lines.items()]

    def near(self, line: Sequence[Point], label: Line, ends: tuple[int, int]) -> _Near:
        """Return what the words of a line can meet, wherever on it they stand."""
        frame = frame_of(line)
        reach = Rectangle(frame.x, frame.y, frame.width + label.width, frame.height + label.height)
        lines = [
            (line, frame)
            for other, line, frame in self._lines
            if frame.overlaps(reach, 2 * CLEAR) and other != ends
        ]
        return _Near(nearby(self._boxes, reach, 2 * CLEAR), nearby(self.words, reach, 2 * CLEAR), lines)


class _Near(NamedTuple):
    """What is drawn already near a line; its own way is not among the others."""

    boxes: list[Rectangle]
    words: list[Rectangle]
    lines: list[tuple[Sequence[Point], Rectangle]]

    def cost(self, words: Rectangle) -> float:
        """What it costs the words of the line to stand there."""
        lines = sum(_touches(line, words) for line, frame in self.lines if words.overlaps(frame, 1))
        return (
            ON_BOX * sum(map(words.overlaps, self.boxes))
            + ON_WORDS * sum(map(words.overlaps, self.words))
            + ON_LINE * lines
        )


def _touches(line: Sequence[Point], words: Rectangle) -> bool:
    return any(segment_hits(a, b, words) for a, b in pairwise(line))
