"""The English of the dial: what a point is called, and what a neighbour changes for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.domain.consolidation.dial import Dial, Neighbour, Point, Shift
from planner.domain.consolidation.explain import listed
from planner.domain.text import counted

SUM_OF_MIN = 3
"""A sum over fewer people would tell one of them what another one sits: minutes are theirs alone."""
NAMES_MAX = 6


def name_of(dial: Dial, point: Point) -> str:
    """What a point is called beside the chosen one."""
    if point == dial.chosen:
        return "as you have it"
    if point.beats(dial.chosen):
        return "better than you have it"
    if point.per_person > dial.chosen.per_person:
        return _degree(
            dial,
            point,
            dial.points[-1],
            "more sessions per person, fewer hours",
            "most sessions per person, fewest hours",
        )
    return _degree(
        dial,
        point,
        dial.points[0],
        "fewer sessions per person, more hours",
        "fewest sessions per person, most hours",
    )


def heading_of(dial: Dial, point: Point) -> str:
    """What stands over the changes that a neighbour brings."""
    return f"With {'a better plan' if point.beats(dial.chosen) else name_of(dial, point)}"


def _degree(dial: Dial, point: Point, last: Point, more: str, most: str) -> str:
    """The next point, the end of the curve, or one between the two."""
    if point in {one.point for one in (dial.fewer, dial.more) if one is not None}:
        return more
    return most if point == last else f"still {more}"


def told(neighbour: Neighbour, names: Mapping[str, str]) -> tuple[str, ...]:
    """Whose sessions and minutes fall and rise; minutes only as sums over several people."""
    shifts = neighbour.shifts
    found = (
        _sessions([one for one in shifts if one.sessions < 0], names, "fewer"),
        _sessions([one for one in shifts if one.sessions > 0], names, "more"),
        _minutes([one for one in shifts if one.minutes > 0], names, "longer"),
        _minutes([one for one in shifts if one.minutes < 0], names, "for less time"),
    )
    return tuple(sentence for sentence in found if sentence) or ("It changes nothing for anybody.",)


def _sessions(shifts: Sequence[Shift], names: Mapping[str, str], word: str) -> str:
    if not shifts:
        return ""
    seats = abs(sum(one.sessions for one in shifts))
    verb = "sits" if len(shifts) == 1 else "sit"
    if seats == len(shifts):
        return f"{_people(shifts)} {verb} in one session {word}: {_names(shifts, names)}."
    in_all = f"{counted(seats, 'seat')} in all"
    return f"{_people(shifts)} {verb} in {word} sessions, {in_all}: {_names(shifts, names)}."


def _minutes(shifts: Sequence[Shift], names: Mapping[str, str], word: str) -> str:
    if not shifts:
        return ""
    verb = "sits" if len(shifts) == 1 else "sit"
    minutes = abs(sum(one.minutes for one in shifts))
    in_all = f", {counted(minutes, 'person-minute')} in all" if len(shifts) >= SUM_OF_MIN else ""
    return f"{_people(shifts)} {verb} {word}{in_all}: {_names(shifts, names)}."


def _people(shifts: Sequence[Shift]) -> str:
    return counted(len(shifts), "person", "people")


def _names(shifts: Sequence[Shift], names: Mapping[str, str]) -> str:
    return listed(sorted(names[one.person] for one in shifts), at_most=NAMES_MAX)


def told_to(neighbour: Neighbour, person: str | None) -> str:
    """What it changes for one person, for their eyes only; "" where it changes nothing for them."""
    mine = next((one for one in neighbour.shifts if one.person == person), None)
    if mine is None:
        return ""
    parts = (_less(mine.sessions, "session", "fewer"), _less(mine.minutes, "minute", "less"))
    return f"For you: {listed([part for part in parts if part])}."


def _less(amount: int, noun: str, word: str) -> str:
    return f"{counted(abs(amount), noun)} {'more' if amount > 0 else word}" if amount else ""
