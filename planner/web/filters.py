"""Words and shapes that templates need; nothing here decides anything."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import url_for

from planner.domain.consolidation.model import Slot
from planner.domain.consolidation.reasons import ReasonKind
from planner.domain.model import MINUTES_PER_DAY, WEEKDAYS, DependencyState, Organisation
from planner.domain.team_map import areas_of
from planner.domain.text import counted
from planner.paths import assets
from planner.web import context
from planner.web.names import LISTED_MOST, named_input

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Flask

    from planner.domain.model import Dependency, Person, TeamId, WorkingHours
    from planner.services.consolidation.searches import Figures

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
MANY = 1000
AREA_TINTS = 4
REASON_GLYPHS = {
    ReasonKind.TWO_WAY: "⇄",
    ReasonKind.LOOP: "↻",
    ReasonKind.LATE: "▲",
    ReasonKind.COUNTERED: "↔",
    ReasonKind.ONE_GOAL: "★",
    ReasonKind.ONE_QUEUE: "≡",
    ReasonKind.SPLITTING: "#",
    ReasonKind.OPEN: "?",
}


def day(value: date | None) -> str:
    """Return "Mon 2 Mar", with the year when it is not this one; "no date" for None."""
    if value is None:
        return "no date"
    year = f" {value.year}" if value.year != context.today().year else ""
    return f"{value:%a} {value.day} {value:%b}{year}"


def own_day(moment: datetime) -> str:
    """Return the day of a moment by the clock of whoever reads, as "Mon 2 Mar"."""
    return day(context.own_day(moment))


def brief_day(value: date | None) -> str:
    """Return "2 Mar", with the year when it is not this one, where a wall has room for little."""
    if value is None:
        return "no date"
    year = f" {value.year}" if value.year != context.today().year else ""
    return f"{value.day} {value:%b}{year}"


def clock(minutes: int | None) -> str:
    """Return minutes after midnight as "09:30"."""
    return "" if minutes is None else f"{minutes // MINUTES_PER_HOUR:02}:{minutes % MINUTES_PER_HOUR:02}"


def weekday(number: int | None) -> str:
    return "" if number is None else WEEKDAYS[number]


def local_time(slot: Slot, person: Person | None, offset: int = 0) -> str:
    """Return when a slot is for a person, "Tue 3 Feb 10:00"; in UTC, and so said, for nobody."""
    moment = _moment(slot, offset)
    if person is None:
        return f"{day(moment.date())} {moment:%H:%M} UTC"
    local = moment.astimezone(ZoneInfo(person.hours.zone))
    return f"{day(local.date())} {local:%H:%M}"


def moment_for(moment: datetime, person: Person | None) -> str:
    """Return a moment by a person's clock, "Tue 3 Feb 10:00"; in UTC, and so said, for nobody."""
    utc = moment.astimezone(UTC)
    return local_time(Slot(utc.date(), utc.hour * MINUTES_PER_HOUR + utc.minute), person)


def by_own_clock(moment: datetime) -> str:
    """Return a moment by the clock of whoever reads the page."""
    return moment_for(moment, context.reader())


def iso(slot: Slot) -> str:
    """Return the moment for a `datetime` attribute."""
    return _moment(slot, 0).isoformat()


def _moment(slot: Slot, offset: int) -> datetime:
    return datetime.combine(slot.day, time(), UTC) + timedelta(minutes=slot.minute + offset)


def hours(minutes: float) -> str:
    """Return minutes as hours with one digit, "11.4"; without where it tells nothing, "2,106"."""
    whole = minutes / MINUTES_PER_HOUR
    return f"{whole:.1f}" if whole < MANY else f"{whole:,.0f}"


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


def gain(best: Figures, shown: Figures) -> str:
    """Return what one plan has over another: "3 sessions fewer, 120 person-minutes less"."""
    sessions, minutes = shown.sessions - best.sessions, shown.cost - best.cost
    parts = [
        f"{counted(abs(sessions), 'session')} {'fewer' if sessions > 0 else 'more'}" if sessions else "",
        f"{counted(abs(minutes), 'person-minute')} {'less' if minutes > 0 else 'more'}" if minutes else "",
    ]
    return ", ".join(filter(None, parts))


def state_chip(dependency: Dependency) -> tuple[str, str, str]:
    """Return class, glyph and word of a dependency's state; late comes before the rest."""
    if dependency.is_late(context.today()):
        return "late", "▲", "Late"
    return dependency.state.value, *STATE_WORDS[dependency.state]


def area_tints(organisation: Organisation) -> dict[TeamId, int]:
    """Return for each team the number of its area's tint, the same as on the map; 0 beyond the fourth."""
    numbers = {area: number for number, area in enumerate(areas_of(organisation), start=1)}
    tints = {team.id: numbers.get(team.area, 0) for team in organisation.teams}
    return {team: tint if tint <= AREA_TINTS else 0 for team, tint in tints.items()}


def new_form_key() -> str:
    """Return a new key for a form, so that the same form sent twice does its act once."""
    return secrets.token_urlsafe(18)


def static(path: str) -> str:
    """Return the address of a static file; it changes when the file does."""
    stamp = int((assets("static") / path).stat().st_mtime)
    return url_for("static", filename=path, v=stamp)


def register(app: Flask) -> None:
    filters: dict[str, Any] = {
        "clock": clock,
        "brief_day": brief_day,
        "day": day,
        "gain": gain,
        "hours": hours,
        "initials": initials,
        "iso": iso,
        "local_time": local_time,
        "by_own_clock": by_own_clock,
        "moment_for": moment_for,
        "names": names,
        "own_day": own_day,
        "plural": counted,
        "weekday": weekday,
        "working_hours": working_hours,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals.update(
        static=static,
        form_key=new_form_key,
        state_chip=state_chip,
        reason_glyph=REASON_GLYPHS.__getitem__,
        named_input=named_input,
        listed_most=LISTED_MOST,
        today=context.today,
    )

    @app.context_processor
    def page_values() -> dict[str, Any]:
        is_closed = context.uses_accounts() and context.visitor() is None
        return {
            # nothing of the organisation can stand on a page that is shown to nobody in particular
            "organisation": Organisation() if is_closed else context.organisation(),
            "visitor": context.visitor(),
            "reader": context.reader(),
            "keys_off": context.keys_off(),
            "is_closed": is_closed,
            "has_accounts": context.uses_accounts(),
            "new_notices": context.new_notices,
            "may_manage": context.may_manage,
        }
