"""What a run found: a row for each method, a case for each instance and way to attend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from statistics import median

from planner.domain.consolidation.cost import PlanFigures
from planner.domain.consolidation.model import Attendance

OURS = "planner"
FIRST = "planner, first plan"


@dataclass(frozen=True, slots=True)
class PerPerson:
    """Sessions of a person who sits in one at all; p90 is what nine of ten do not exceed."""

    median: float
    p90: int
    most: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """A plan counted. `cost` is J in person-minutes; `relevance` the share of minutes that are own."""

    cost: int
    sessions: int
    seats: int
    per_person: PerPerson
    relevance: float


@dataclass(frozen=True, slots=True)
class Row:
    """One method. `cpu` in seconds and `ratio`, the same in calibration loops, of the setting shown alone;
    None where nothing was computed. `peak_mb` is the most memory of the process by then. `note`
    says why there is no outcome."""

    method: str
    setting: str = ""
    outcome: Outcome | None = None
    cpu: float | None = None
    ratio: float | None = None
    peak_mb: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One instance and way to attend. `bound` is the solver's own, proved when `is_proved` says so; the
    reference values come with a published instance. All three are J in person-minutes."""

    instance: str
    family: str
    attendance: Attendance
    teams: int
    people: int
    items: int
    calibration: float
    bound: int
    is_proved: bool
    unplaced: int
    reference_bound: int | None
    best_known: int | None
    rows: tuple[Row, ...]

    def row(self, method: str) -> Row:
        """Return the row of a method; raises StopIteration for one that is not there."""
        return next(row for row in self.rows if row.method == method)


@dataclass(frozen=True, slots=True)
class Growth:
    """A size of the clustered family. `exponent` says with which power of the number of teams the time has
    grown since the size before; `first_gap` how much more the first plan costs than the final one."""

    attendance: Attendance
    teams: int
    items: int
    cost: int
    ratio: float
    exponent: float | None
    peak_mb: float | None
    first_gap: float


def outcome_of(figures: PlanFigures) -> Outcome:
    counts = sorted(figures.sessions_of.values()) or [0]
    p90 = counts[-(-9 * len(counts) // 10) - 1]
    per_person = PerPerson(float(median(counts)), p90, counts[-1])
    return Outcome(figures.cost, figures.sessions, figures.seats, per_person, figures.relevance)


def above(cost: int, least: int | None) -> float | None:
    """Return by which share a cost is above another; None where there is nothing to compare with."""
    return cost / least - 1 if least else None


def growth(results: Sequence[CaseResult]) -> list[Growth]:
    """Return the sizes of the clustered family by way to attend, the smallest first."""
    clustered = (result for result in results if result.family == "clustered")
    found: list[Growth] = []
    for result in sorted(clustered, key=lambda one: (one.attendance, one.teams)):
        before = found[-1] if found and found[-1].attendance is result.attendance else None
        found.append(_grown(result, before))
    return found


def _grown(result: CaseResult, before: Growth | None) -> Growth:
    ours, first = result.row(OURS), result.row(FIRST)
    if ours.outcome is None or first.outcome is None or ours.ratio is None:
        raise ValueError(f"{result.instance} has no plan of ours")
    exponent = None
    if before is not None and before.ratio > 0 and ours.ratio > 0:
        exponent = log(ours.ratio / before.ratio) / log(result.teams / before.teams)
    cost = ours.outcome.cost
    first_gap = above(first.outcome.cost, cost) or 0.0
    return Growth(
        result.attendance, result.teams, result.items, cost, ours.ratio, exponent, ours.peak_mb, first_gap
    )
