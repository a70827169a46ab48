"""Words and shapes that templates need; nothing here decides anything."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import url_for

from planner.domain.model import MINUTES_PER_DAY, WEEKDAYS, DependencyState
from planner.paths import assets
from planner.web import context

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Flask

    from planner.domain.model import Dependency, WorkingHours

STATE_WORDS = {
    DependencyState.ASKED: ("?", "Asked"),
    DependencyState.COUNTERED: ("↔", "Countered"),
    DependencyState.AGREED: ("✓", "Agreed"),
    DependencyState.REOPENED: ("↔", "Reopened"),
    DependencyState.DELIVERED: ("→", "Handed over"),
    DependencyState.CONFIRMED: ("✓", "Confirmed"),
    DependencyState.DECLINED: ("✕", "Declined"),
    DependencyState.WITHDRAWN: ("✕", "Withdrawn"),
}
MINUTES_PER_HOUR = 60


def day(value: date | None) -> str:
    """Return "Mon 2 Mar", with the year when it is not this one; "no date" for None."""
    if value is None:
        return "no date"
    year = f" {value.year}" if value.year != context.today().year else ""
    return f"{value:%a} {value.day} {value:%b}{year}"


def clock(minutes: int | None) -> str:
    """Return minutes after midnight as "09:30"."""
    return "" if minutes is None else f"{minutes // MINUTES_PER_HOUR % 24:02}:{minutes % MINUTES_PER_HOUR:02}"


def weekday(number: int | None) -> str:
    return "" if number is None else WEEKDAYS[number]


def hours(minutes: float) -> str:
    """Return minutes as hours with one digit, "11.4"."""
    return f"{minutes / MINUTES_PER_HOUR:.1f}"


def working_hours(value: WorkingHours) -> str:
    """Return "Mon to Fri, 09:00 to 17:00"."""
    end = "midnight" if value.end == MINUTES_PER_DAY else clock(value.end)
    return f"{_days(value.days)}, {clock(value.start)} to {end}"


def _days(days: Iterable[int]) -> str:
    """Return "Mon to Thu, Sat": days that follow one another as one stretch."""
    stretches: list[list[int]] = []
    for number in sorted(days):
        if stretches and stretches[-1][-1] == number - 1:
            stretches[-1].append(number)
        else:
            stretches.append([number])
    ends = ((WEEKDAYS[stretch[0]][:3], WEEKDAYS[stretch[-1]][:3]) for stretch in stretches)
    return ", ".join(first if first == last else f"{first} to {last}" for first, last in ends)


def names(ids: Iterable[Any], things: Mapping[Any, Any]) -> str:
    """Return the names behind the ids in alphabetical order, "Atlas, Berlin"."""
    return ", ".join(sorted((things[one].name for one in ids), key=str.casefold))


def initials(name: str) -> str:
    parts = name.split()
    return (parts[0][:1] + parts[-1][:1] if len(parts) > 1 else name[:2]).upper()


def plural(number: int, one: str, many: str = "") -> str:
    """Return "1 team", "3 teams"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def state_words(dependency: Dependency) -> dict[str, str]:
    """Return class, glyph and word of a dependency's state; late comes before the rest."""
    if dependency.is_late(context.today()):
        return {"kind": "late", "glyph": "▲", "word": "Late"}
    glyph, word = STATE_WORDS[dependency.state]
    return {"kind": dependency.state.value, "glyph": glyph, "word": word}


def static(path: str) -> str:
    """Return the address of a static file; it changes when the file does."""
    stamp = int((assets("static") / path).stat().st_mtime)
    return url_for("static", filename=path, v=stamp)


def register(app: Flask) -> None:
    filters: dict[str, Any] = {
        "clock": clock,
        "day": day,
        "hours": hours,
        "initials": initials,
        "names": names,
        "plural": plural,
        "weekday": weekday,
        "working_hours": working_hours,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals.update(static=static, state_words=state_words)

    @app.context_processor
    def page_values() -> dict[str, Any]:
        return {
            "organisation": context.organisation(),
            "visitor": context.visitor(),
            "today": context.today(),
        }
