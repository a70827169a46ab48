"""The import report: a remark for each record repaired or left out, and the same as counts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from planner.domain.transfer import Draft, Reading, Remark, Verdict

LISTS = (
    "places",
    "travel",
    "people",
    "teams",
    "horizons",
    "goals",
    "sessions",
    "dependencies",
)


class Report:
    """Remarks in the order in which a reader makes them."""

    def __init__(self) -> None:
        self._remarks: list[Remark] = []

    def repaired(self, where: str, message: str) -> None:
        self._remarks.append(Remark(where, Verdict.REPAIRED, message))

    def left_out(self, where: str, message: str) -> None:
        self._remarks.append(Remark(where, Verdict.LEFT_OUT, message))

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return tuple(self._remarks)


@dataclass(frozen=True, slots=True)
class Tally:
    """One line of a summary: what happened to how many records of a list.

    `list_name` is the place of the remarks without their numbers ("teams.meetings"), `reason` is
    what the remarks say before their first colon, "" for what was taken.
    """

    list_name: str
    verdict: Verdict
    count: int
    reason: str = ""


def summarise(reading: Reading) -> tuple[Tally, ...]:
    """Return the report as counts: what was taken from each list, then each reason by its size."""
    counts = Counter(
        (re.sub(r"\[\d+\]", "", remark.where), remark.verdict, remark.message.split(":")[0])
        for remark in reading.remarks
    )
    reasons = (Tally(name, verdict, count, reason) for (name, verdict, reason), count in counts.items())
    order = {verdict: at for at, verdict in enumerate(Verdict)}
    return (
        *_taken(reading.draft),
        *sorted(reasons, key=lambda t: (order[t.verdict], -t.count, t.list_name, t.reason)),
    )


def _taken(draft: Draft) -> tuple[Tally, ...]:
    sizes = {name: len(getattr(draft, name)) for name in LISTS}
    return tuple(Tally(name, Verdict.TAKEN, size) for name, size in sizes.items() if size)
