"""When you cannot meet: busy times from your own calendar file, and days off. Nobody else reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from planner.domain.errors import InvalidInput, Problem
from planner.services import away
from planner.web import context
from planner.web.api.operations import Done, Files, One, operation
from planner.web.api.records import do, one
from planner.web.api.telling import told


@dataclass(frozen=True, kw_only=True)
class DaysOff:
    """Days on which you meet nobody; `last` is null for a single one."""

    first: date
    last: date | None = None


@dataclass(frozen=True, kw_only=True)
class MyTimes:
    """What you have said of your own time. `busy`: how many busy times your calendar file has to `until`."""

    busy: int
    until: date | None
    read_at: datetime | None
    days_off: tuple[DaysOff, ...]


@operation("GET", "/me/times")
def read_my_times() -> One[MyTimes]:
    """Read when you cannot meet."""
    return one(_mine())


@operation("POST", "/me/times/busy")
def keep_busy_times(files: Files) -> One[MyTimes]:
    """Read your busy times from a calendar file, in place of those before; nothing else of it is kept."""
    if len(files) != 1:
        raise InvalidInput(Problem("/file", f"are {len(files)}; send one calendar file"))
    ((_name, stream),) = files
    context.release()  # reading it takes a while
    do(away.keep_busy_times, context.organisation(), stream.read())
    return one(_mine())


@operation("DELETE", "/me/times/busy")
def forget_busy_times() -> Done:
    """Forget your busy times."""
    do(away.remove_busy_times)
    return Done()


@operation("POST", "/me/times/days-off")
def add_days_off(body: DaysOff) -> One[MyTimes]:
    """Keep days on which no session is placed for you."""
    do(away.add_days_off, body.first, body.last)
    return one(_mine())


@operation("DELETE", "/me/times/days-off/<first>")
def remove_days_off(first: date) -> Done:
    """Take back the days off that begin on this day."""
    do(away.remove_days_off, first)
    return Done()


def _mine() -> MyTimes:
    found = away.read_own_times(context.database(), context.actor())
    days_off = tuple(DaysOff(first=first, last=last) for first, last in found.days_off)
    return told(MyTimes, found, busy=len(found.stretches), days_off=days_off)
