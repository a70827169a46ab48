"""Days as people write them: which day is meant, which could be, or why none is.

A span ("March", "Q1", "next week") that has begun is due on its last day; of one that lies ahead
both ends are offered. A working week ends on Friday. "Friday" is the first one after today,
and "next Friday" is certain only when this week's has passed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from planner.domain.calendar_words import (
    MONTH_NAMES,
    MONTHS,
    NO_DATE,
    NUMBERS,
    SHORT_FORMS,
    UNIT_DAYS,
    VAGUE,
    WEEKDAYS,
)
from planner.domain.model import Horizon, HorizonId
from planner.domain.names import name_key
from planner.domain.words import comparable, on_one_line

EXPECTED = "expected a day such as 2 Mar, next Fri or 2026-03-02, or the name of a sprint"
_LONGEST = 60
_NUMERIC = re.compile(
    r"(\d{1,4}) ?([./-]) ?(\d{1,2})(?: ?[./-] ?(\d{1,4})?)?(?:[t ]\d{1,2}:\d{2}(?::[\d.]{2,9})?z?)?"
)
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)")
_TIME = re.compile(r"\d{1,2}(:\d{2})?(am|pm|h)|\d{1,2}:\d{2}|noon|eod|cob|eob")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|ste|e|\.)?")
_YEAR = re.compile(r"(?:20|')?(\d\d)")
_SPRINT = re.compile(r"(?:sprint|spr|iteration|iter|s)[ #.-]{0,2}(\d{1,4}(?:\.\d{1,3}){0,2})")
_RELEASE = re.compile(r"(?:release |rel |version |v ?)?(\d{1,4}(?:\.\d{1,4}){1,3}|\d{1,4})(?: release)?")
_NOISE_BEFORE = frozenset(
    {"by", "the", "on", "at", "until", "till", "latest", "le", "am", "den", "el", "il", "zum", "sprint:"}
)
_NOISE_AFTER = frozenset({"latest", "please", "pls", "at", "the", "sharp", "o'clock"})
_EDGES = {"end": 1, "ende": 1, "start": 0, "beginning": 0, "begin": 0, "begining": 0}
_UNITS = frozenset({"week", "month", "quarter", "year", "sprint", "iteration"})


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """A day, the horizon it was named by, or both; a horizon without an end has no day."""

    day: date | None = None
    horizon_id: HorizonId | None = None


@dataclass(frozen=True, slots=True)
class DateReading:
    """What words about a day were taken for.

    `due` when it is certain; else `candidates` (earliest first) and a `message` that asks; without
    candidates the message says why it is no day.
    """

    read: str
    due: Due | None = None
    candidates: tuple[Due, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True)
class HorizonIndex:
    """Horizons by name and by short form (S3, sprint 3, v1.37). Build it with `index_horizons`."""

    horizons: tuple[Horizon, ...]
    by_name: Mapping[str, tuple[Horizon, ...]]


def index_horizons(horizons: Iterable[Horizon]) -> HorizonIndex:
    """An index of the horizons by everything they may be called."""
    ordered = tuple(sorted(horizons, key=lambda horizon: horizon.id))
    by_name: dict[str, list[Horizon]] = defaultdict(list)
    for horizon in ordered:
        for name in sorted(_horizon_names(horizon.name)):
            by_name[name].append(horizon)
    return HorizonIndex(ordered, {name: tuple(found) for name, found in by_name.items()})


def _horizon_names(name: str) -> set[str]:
    folded = comparable(on_one_line(name))
    tail = folded.split()[-2:]
    names = {
        f"={folded}",
        name_key(folded),
        _short_form(folded),
        _short_form(" ".join(tail)),
        _short_form(tail[-1] if tail else ""),
    }
    return names - {""}


def _short_form(folded: str) -> str:
    """ "sprint:3" for S3, Sprint #3 and iteration 3; "release:1.37" for v1.37; else nothing."""
    if not folded[-1:].isdigit() and not folded.endswith(" release"):
        return ""
    if sprint := _SPRINT.fullmatch(folded):
        return f"sprint:{sprint.group(1)}"
    release = _RELEASE.fullmatch(folded)
    if release and ("." in release.group(1) or release.group() != release.group(1)):
        return f"release:{release.group(1)}"
    return ""


def read_date(text: str, *, today: date, horizons: HorizonIndex) -> DateReading | None:
    """The day the words name; None when they do not speak of a day at all."""
    folded = comparable(on_one_line(text)).strip(" .,;!")
    if not folded:
        return None
    found = _named_horizon(text, folded, horizons)
    if found is None and len(folded) <= _LONGEST:
        found = _Reader(text, today, horizons).read(folded)
    return found


def is_no_date(text: str) -> bool:
    """True for an empty cell and for words that say that there is no day: -, n/a, TBD."""
    return comparable(on_one_line(text)) in NO_DATE


def _named_horizon(text: str, folded: str, index: HorizonIndex) -> DateReading | None:
    found = index.by_name.get(f"={folded}") or index.by_name.get(_short_form(folded)) or ()
    if not found and not folded[:1].isdigit():
        found = index.by_name.get(name_key(folded), ())
    if not found:
        return None
    dues = tuple(Due(horizon.ends_on, horizon.id) for horizon in found)
    if len(dues) == 1:
        return DateReading(text, dues[0])
    return DateReading(text, None, dues, f"“{text}” is the name of {len(dues)} horizons")


@dataclass(frozen=True, slots=True)
class _Reader:
    text: str
    today: date
    horizons: HorizonIndex

    def read(self, folded: str) -> DateReading | None:
        if folded in VAGUE:
            return self._no_day("names no day")
        numeric = self._numeric(folded) if folded[0].isdigit() else None
        if numeric is not None:
            return numeric
        words = _words(folded)
        if not words or len(words) > 7:
            return None
        return (
            self._relative(words)
            or self._weekday(words)
            or self._day_of_month(words)
            or self._edge(words)
            or self._whole_span(words)
            or self._unknown_sprint(words)
        )

    def _day(self, day: date) -> DateReading:
        return DateReading(self.text, Due(day))

    def _no_day(self, why: str) -> DateReading:
        return DateReading(self.text, message=f"“{self.text}” {why}; {EXPECTED}")

    def _ask(self, days: Iterable[date]) -> DateReading:
        ordered = tuple(Due(day) for day in sorted(set(days)))
        if len(ordered) == 1:
            return DateReading(self.text, ordered[0])
        named = " or ".join(show_day(due.day) for due in ordered if due.day)
        return DateReading(self.text, None, ordered, f"“{self.text}” can be {named}: which?")

    # Numbers

    def _numeric(self, folded: str) -> DateReading | None:
        compact = _COMPACT.fullmatch(folded)
        if compact:
            year, month, day = map(int, compact.groups())
            return self._certain(day, month, year)
        numbers = _NUMERIC.fullmatch(folded)
        if numbers is None:
            return None
        first, mark, second, last = numbers.groups()
        if len(first) == 4:
            return self._certain(int(last), int(second), int(first)) if last else None
        if len(first) == 3 or (last is None and mark == "-") or (last and len(last) in (1, 3)):
            return None
        return self._day_or_month_first(int(first), int(second), last)

    def _day_or_month_first(self, first: int, second: int, last: str | None) -> DateReading:
        year = None if last is None else int(last) + (2000 if len(last) == 2 else 0)
        days = {self._valid(first, second, year), self._valid(second, first, year)} - {None}
        if not days:
            return (
                self._impossible(first, second, year)
                if second <= 12
                else self._impossible(second, first, year)
            )
        return self._ask(day for day in days if day)

    def _valid(self, day: int, month: int, year: int | None) -> date | None:
        if not 1 <= month <= 12 or day < 1:
            return None
        if year is not None:
            fits = 1 <= year <= 9999 and day <= monthrange(year, month)[1]
            return date(year, month, day) if fits else None
        return self._next_time(day, month)

    def _next_time(self, day: int, month: int) -> date | None:
        """The next such day on or after today; None when the coming year has none."""
        year = self.today.year + ((month, day) < (self.today.month, self.today.day))
        fits = year <= 9999 and day <= monthrange(year, month)[1]
        return date(year, month, day) if fits else None

    def _certain(self, day: int, month: int, year: int | None) -> DateReading:
        found = self._valid(day, month, year)
        return self._day(found) if found else self._impossible(day, month, year)

    def _impossible(self, day: int, month: int, year: int | None) -> DateReading:
        if not 1 <= month <= 12:
            return self._no_day(f"is no day: there is no month {month}")
        if day == 29 and month == 2:
            return self._no_day("is no day: that year has no 29 February")
        most = monthrange(year if year and 1 <= year <= 9999 else self.today.year, month)[1]
        return self._no_day(f"is no day: {MONTH_NAMES[month]} has {most} days")

    # Words

    def _relative(self, words: tuple[str, ...]) -> DateReading | None:
        plain = {("today",): 0, ("tomorrow",): 1, ("day", "after", "tomorrow"): 2}
        if words in plain:
            return self._plus(plain[words])
        if words[0] in ("in", "within"):
            words = words[1:]
        elif words[-2:] != ("from", "now"):
            return None
        words = words[:-2] if words[-2:] == ("from", "now") else words
        words = words[:-1] if words[-1:] == ("time",) else words
        if len(words) != 2:
            return None
        return self._in(
            NUMBERS.get(words[0], int(words[0]) if words[0].isdecimal() else None), words[1].rstrip("'")
        )

    def _in(self, count: int | None, unit: str) -> DateReading | None:
        if count is None or count > 1000:
            return None
        if unit in ("month", "months"):
            months = self.today.year * 12 + self.today.month - 1 + count
            year, month = divmod(months, 12)
            return self._day(date(year, month + 1, min(self.today.day, monthrange(year, month + 1)[1])))
        days = UNIT_DAYS.get(unit)
        return None if days is None else self._plus(count * days)

    def _plus(self, days: int) -> DateReading:
        return self._day(self.today + timedelta(days=days))

    def _weekday(self, words: tuple[str, ...]) -> DateReading | None:
        which, name = (words[0], words[1:]) if words[0] in ("this", "next", "coming") else ("", words)
        if len(name) != 1 or name[0] not in WEEKDAYS:
            return None
        of_this_week = self.today + timedelta(days=WEEKDAYS[name[0]] - self.today.weekday())
        of_next_week = of_this_week + timedelta(days=7)
        if which == "this":
            return self._day(of_this_week) if of_this_week >= self.today else self._no_day("has passed")
        first = of_this_week if of_this_week > self.today else of_next_week
        if which == "next":
            return self._ask((first, of_next_week))
        return self._ask((self.today, first) if of_this_week == self.today else (first,))

    def _day_of_month(self, words: tuple[str, ...]) -> DateReading | None:
        weekday = WEEKDAYS.get(words[0])
        parts = words[1:] if weekday is not None else words
        months = [at for at, word in enumerate(parts[:2]) if word in MONTHS]
        if not 2 <= len(parts) <= 3 or len(months) != 1:
            return None
        number = _ORDINAL.fullmatch(parts[1 - months[0]])
        year = _YEAR.fullmatch(parts[2]) if len(parts) == 3 else None
        if number is None or (len(parts) == 3 and year is None):
            return None
        found = self._certain(
            int(number.group(1)), MONTHS[parts[months[0]]], 2000 + int(year.group(1)) if year else None
        )
        return self._check_weekday(found, weekday)

    def _check_weekday(self, found: DateReading, weekday: int | None) -> DateReading:
        if (
            weekday is None
            or found.due is None
            or found.due.day is None
            or found.due.day.weekday() == weekday
        ):
            return found
        return DateReading(
            self.text, None, (found.due,), f"“{self.text}”: that day is {show_day(found.due.day)}"
        )

    # Spans

    def _edge(self, words: tuple[str, ...]) -> DateReading | None:
        """The end, the start or the middle of a span."""
        if words[0] == "by":
            words = words[1:]
        span = self._span(words[1:])
        if span is None:
            return None
        first, last, horizon_id = span
        if words[0] in _EDGES:
            day = last if _EDGES[words[0]] else first
            return DateReading(self.text, Due(day, horizon_id if day == last else None))
        if words[0] in ("mid", "middle", "mitte"):
            return self._day(
                first.replace(day=15)
                if first.month == last.month and first.day == 1
                else _middle(first, last)
            )
        if words[0] in ("early", "late"):
            third = timedelta(days=(last - first).days // 3)
            return self._ask((first, first + third) if words[0] == "early" else (last - third, last))
        return None

    def _whole_span(self, words: tuple[str, ...]) -> DateReading | None:
        span = None if words[0] in _UNITS else self._span(words)
        if span is None:
            return None
        first, last, horizon_id = span
        if first > self.today and horizon_id is None:
            return self._ask((first, last))
        return DateReading(self.text, Due(last, horizon_id))

    def _span(self, words: tuple[str, ...]) -> tuple[date, date, HorizonId | None] | None:
        if not words or len(words) > 3:
            return None
        if len(words) == 2 and words[0] in ("this", "next", "current", "coming"):
            return self._counted_span(words[1], ahead=words[0] in ("next", "coming"))
        if len(words) == 1 and words[0] in _UNITS:
            return self._counted_span(words[0], ahead=False)
        return self._named_span(words) or self._horizon_span(words)

    def _counted_span(self, unit: str, *, ahead: bool) -> tuple[date, date, HorizonId | None] | None:
        if unit in ("sprint", "iteration"):
            return self._running_sprint(ahead=ahead)
        if unit == "week":
            monday = self.today + timedelta(days=7 * ahead - self.today.weekday())
            return monday, monday + timedelta(days=4), None
        lengths = {"month": 1, "quarter": 3, "year": 12}
        if unit not in lengths:
            return None
        length = lengths[unit]
        first = (self.today.year * 12 + self.today.month - 1) // length + ahead
        return *_months(first * length, length), None

    def _running_sprint(self, *, ahead: bool) -> tuple[date, date, HorizonId | None] | None:
        dated = [
            (horizon.starts_on, horizon.ends_on, horizon.id)
            for horizon in self.horizons.horizons
            if horizon.starts_on
            and horizon.ends_on
            and any(name.startswith("sprint:") for name in _horizon_names(horizon.name))
        ]
        if ahead:
            coming = sorted(span for span in dated if span[0] > self.today)
            return coming[0] if coming and [span[0] for span in coming].count(coming[0][0]) == 1 else None
        running = [span for span in dated if span[0] <= self.today <= span[1]]
        return running[0] if len(running) == 1 else None

    def _named_span(self, words: tuple[str, ...]) -> tuple[date, date, HorizonId | None] | None:
        """A month or a quarter, with or without its year."""
        year = _YEAR.fullmatch(words[1]) if len(words) == 2 and len(words[1]) > 1 else None
        if len(words) > 2 or (len(words) == 2 and year is None):
            return None
        quarter = re.fullmatch(r"q([1-4])", words[0])
        if quarter is None and words[0] not in MONTHS:
            return None
        start, length = (3 * int(quarter.group(1)) - 3, 3) if quarter else (MONTHS[words[0]] - 1, 1)
        if year:
            return *_months((2000 + int(year.group(1))) * 12 + start, length), None
        has_passed = start + length - 1 < self.today.month - 1
        return *_months((self.today.year + has_passed) * 12 + start, length), None

    def _horizon_span(self, words: tuple[str, ...]) -> tuple[date, date, HorizonId | None] | None:
        text = " ".join(words)
        found = self.horizons.by_name.get(_short_form(text)) or self.horizons.by_name.get(name_key(text), ())
        if len(found) != 1 or found[0].starts_on is None or found[0].ends_on is None:
            return None
        return found[0].starts_on, found[0].ends_on, found[0].id

    def _unknown_sprint(self, words: tuple[str, ...]) -> DateReading | None:
        if not _SPRINT.fullmatch(" ".join(words)):
            return None
        known = ", ".join(horizon.name for horizon in self.horizons.horizons[:5]) or "none"
        return self._no_day(f"is no known sprint (known: {known})")


def _months(first: int, length: int) -> tuple[date, date]:
    """First and last day of so many months from month number `first` (12 a year) on."""
    year, month = divmod(first, 12)
    last_year, last_month = divmod(first + length - 1, 12)
    return date(year, month + 1, 1), date(last_year, last_month + 1, monthrange(last_year, last_month + 1)[1])


def _middle(first: date, last: date) -> date:
    return first + timedelta(days=(last - first).days // 2)


def _words(folded: str) -> tuple[str, ...]:
    """The words that carry the day, without articles, of, commas and a time of day."""
    spaced = (
        SHORT_FORMS.get(folded, folded)
        .replace(",", " ")
        .replace("-", " ")
        .replace("(", " ")
        .replace(")", " ")
    )
    words = [word.rstrip(".") for word in spaced.split()]
    while words and words[0] in _NOISE_BEFORE:
        words = words[1:]
    while words and (words[-1] in _NOISE_AFTER or _TIME.fullmatch(words[-1])) and len(words) > 1:
        words = words[:-1]
    return tuple(word for word in words if word not in ("of", "the", "de", "del", "d'"))


def show_day(day: date) -> str:
    """Fri 6 Mar 2026."""
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]
    return f"{weekday} {day.day} {MONTH_NAMES[day.month][:3]} {day.year}"
