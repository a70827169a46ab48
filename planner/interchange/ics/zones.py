"""The rules of a time zone, written beside the times that are told in it.

Written by us and not by the library: that puts the change to summer time an hour too late.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def timezone_of(zone: str, moments: Iterable[datetime]) -> Timezone:
    """Return the rules of a zone, for the years of these moments and the ones beside them."""
    years = [moment.astimezone(UTC).year for moment in moments]
    first, last = datetime(min(years) - 1, 1, 1, tzinfo=UTC), datetime(max(years) + 2, 1, 1, tzinfo=UTC)
    tz = ZoneInfo(zone)
    found = Timezone()
    found.add("tzid", zone)
    found.add_component(_rule(tz, first, first))
    for moment in _changes(tz, first, last):
        found.add_component(_rule(tz, moment - MINUTE, moment))
    return found


def _rule(tz: ZoneInfo, before: datetime, moment: datetime) -> TimezoneStandard | TimezoneDaylight:
    """What holds from a moment on; it begins at the local time of what held before."""
    was, now = before.astimezone(tz), moment.astimezone(tz)
    rule = TimezoneDaylight() if now.dst() else TimezoneStandard()
    offset = was.utcoffset() or timedelta()
    rule.add("dtstart", (moment + offset).replace(tzinfo=None))
    rule.add("tzoffsetfrom", offset)
    rule.add("tzoffsetto", now.utcoffset() or timedelta())
    rule.add("tzname", now.tzname() or "UTC")
    return rule


def _changes(tz: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The moments at which the offset becomes another one, to the minute."""
    day = first
    while day < last:
        low, high = day, day + DAY
        if _offset(tz, low) != _offset(tz, high):
            while high - low > MINUTE:
                middle = low + (high - low) // 2
                middle -= timedelta(seconds=middle.second, microseconds=middle.microsecond)
                low, high = (middle, high) if _offset(tz, middle) == _offset(tz, low) else (low, middle)
            yield high
        day += DAY


def _offset(tz: ZoneInfo, moment: datetime) -> timedelta | None:
    return moment.astimezone(tz).utcoffset()
