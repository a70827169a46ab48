"""Reads the corpus files, and writes a reading in their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from planner.domain.model import DependencyKind, TeamId
from planner.domain.sentence import Reading, Status
from tests.domain.larkfield import LARKFIELD

HERE = Path(__file__).parent
FIELDS = 6


@dataclass(frozen=True)
class Expected:
    """How one line has to be read: its status, and its fields in the order of the file."""

    text: str
    status: Status
    fields: tuple[str, ...]

    def is_met(self, reading: Reading) -> bool:
        """True when the status is the same and every field that the corpus tells agrees."""
        if reading.status is not self.status:
            return False
        told = zip(self.fields, told_fields(reading), strict=False)
        return all(_agrees(expected, found) for expected, found in told)

    def is_guessed(self, reading: Reading) -> bool:
        """True when the reading claims to be certain and is wrong."""
        return reading.status is Status.READY and not self.is_met(reading)


def expected_of(text: str, told: str) -> Expected:
    status, *fields = (field.strip() for field in told.strip().split("|"))
    padding = ("-",) * (FIELDS - len(fields)) if fields else ()
    return Expected(text, Status(status), (*fields, *padding))


def told_fields(reading: Reading) -> tuple[str, ...]:
    """Who needs, what, who gives, when, for which goal, of which kind: in the words of the corpus."""
    return (
        _team(reading.consumer.id, reading.consumer.candidates),
        reading.what,
        _team(reading.provider.id, reading.provider.candidates),
        _day(reading),
        _goal(reading),
        "-" if reading.kind is DependencyKind.HAND_OVER else reading.kind.value,
    )


def sentences() -> Iterator[Expected]:
    lines = (HERE / "sentences.txt").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.strip() and not line.startswith("# ")]
    for text, told in zip(kept[::2], kept[1::2], strict=True):
        yield expected_of(text, told)


def _agrees(expected: str, found: str) -> bool:
    return expected in ("?", found)


def _team(id_: int | None, candidates: tuple[int, ...]) -> str:
    if id_ is not None:
        return LARKFIELD.team[TeamId(id_)].name
    return f"?{LARKFIELD.team[TeamId(candidates[0])].name}" if candidates else "?"


def _day(reading: Reading) -> str:
    due = reading.due
    if due is None:
        return "-"
    if due.due is None:
        return " or ".join(str(one.day) for one in due.candidates) or "✕"
    names = [horizon.name for horizon in LARKFIELD.horizons if horizon.id == due.due.horizon_id]
    return names[0] if names else str(due.due.day)


def _goal(reading: Reading) -> str:
    goal = reading.goal
    if goal is None:
        return "-"
    if goal.id is not None:
        return LARKFIELD.goal[goal.id].key
    return f"?{LARKFIELD.goal[goal.candidates[0]].key}" if goal.candidates else "?"


@dataclass(frozen=True)
class ExpectedPaste:
    """A paste with its title, and the lines that have to come out, by number."""

    title: str
    text: str
    lines: tuple[tuple[int, Expected], ...]


def pastes() -> Iterator[ExpectedPaste]:
    for block in (HERE / "pastes.txt").read_text(encoding="utf-8").split("=== ")[1:]:
        head, told = block.split("\n--- expected\n")
        title, text = head.split("\n", 1)
        rows = [row.split("|", 1) for row in told.strip().splitlines()]
        lines = tuple((int(number), expected_of(title, row)) for number, row in rows)
        yield ExpectedPaste(title, text.replace("<TAB>", "\t"), lines)
