"""Where the loops are on the map that people know: the loops stand out, all else steps back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from planner.render.sketch import Arrow, Box, LegendEntry, Sketch, Wire

LOOP_PEN = 3.2


def in_context(sketch: Sketch, pairs: Collection[tuple[int, int]], title: str) -> Sketch:
    """Return the sketch of a map with the wires between these pairs of boxes, either way, brought out."""
    either = {tuple(sorted(pair)) for pair in pairs}
    ends = {end for pair in pairs for end in pair}
    loud = [wire for wire in sketch.wires if tuple(sorted((wire.tail, wire.head))) in either]
    areas = tuple(entry for entry in sketch.legend if not entry.arrow)
    return replace(
        sketch,
        title=title,
        boxes=tuple(box if box.id in ends else _quiet_box(box) for box in sketch.boxes),
        wires=tuple(_loud(wire) if wire in loud else _quiet(wire) for wire in sketch.wires),
        legend=(
            *areas,
            *([LegendEntry("within a loop", "loop", arrow=Arrow.ONE, is_heavy=True)] if loud else []),
            LegendEntry("other hand-overs", "line-2", arrow=Arrow.ONE),
        ),
    )


def _quiet_box(box: Box) -> Box:
    return replace(box, fill="surface", border="line-2")


def _loud(wire: Wire) -> Wire:
    return replace(wire, token="loop", pen=LOOP_PEN, is_dashed=False, label=None)  # noqa: S106  # a colour


def _quiet(wire: Wire) -> Wire:
    return replace(wire, token="line", pen=1.25, is_dashed=False, label=None)  # noqa: S106  # a colour
