"""Results as a table to read and as JSON to compare."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.bench.measuring import Measurement
    from planner.bench.running import SizeResult

HEADINGS = ("step", "seconds", "CPU", "ratio", "queries", "kB", "peak MB")


def as_json(results: Sequence[SizeResult]) -> str:
    return json.dumps([asdict(result) for result in results], indent=2)


def as_table(results: Sequence[SizeResult]) -> str:
    """Return a Markdown table for each size; ratio is the CPU time in calibration loops."""
    return "\n\n".join(_table(result) for result in results)


def _table(result: SizeResult) -> str:
    title = (
        f"{result.teams} teams, {result.dependencies} dependencies; "
        f"the calibration loop took {result.calibration * 1000:.1f} ms"
    )
    rows = [HEADINGS, *(_cells(step) for step in result.steps)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    head, *body = [_line(row, widths) for row in rows]
    rule = (
        "|"
        + "|".join("-" * (width + 1) + ("-" if number == 0 else ":") for number, width in enumerate(widths))
        + "|"
    )
    return "\n".join([title, "", head, rule, *body])


def _cells(step: Measurement) -> tuple[str, ...]:
    return (
        step.step,
        f"{step.seconds:.3f}",
        f"{step.cpu:.3f}",
        f"{step.ratio:.1f}",
        str(step.queries),
        "" if step.size is None else f"{step.size / 1000:.0f}",
        "" if step.peak_mb is None else f"{step.peak_mb:.0f}",
    )


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]
    return "| " + " | ".join(padded) + " |"
