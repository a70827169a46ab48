"""How long somebody waits, in working days: Monday to Friday."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.model import DependencyState

if TYPE_CHECKING:
    from datetime import date

    from planner.domain.model import Dependency

UNANSWERED_AFTER = 5
"""Working days without an answer after which a reminder is offered; our own assumption."""
REMIND_AGAIN_AFTER = 2
"""Working days between two reminders; our own assumption."""
WORKING_DAYS = 5


def is_unanswered(dependency: Dependency, today: date) -> bool:
    """True when it was asked more than five working days ago and nobody has answered."""
    asked = dependency.negotiation.asked_on
    return (
        dependency.state is DependencyState.ASKED
        and asked is not None
        and working_days_between(asked, today) > UNANSWERED_AFTER
    )


def days_late(dependency: Dependency) -> int:
    """Return by how many working days the promise, or the offer, comes after the need; 0 when in time."""
    promised, needed = dependency.promised_for, dependency.needed_by
    return working_days_between(needed, promised) if promised and needed and promised > needed else 0


def working_days_between(first: date, last: date) -> int:
    """Return how many of the days after `first`, up to and with `last`, are Monday to Friday."""
    return max(0, _weekdays_until(last) - _weekdays_until(first))


def _weekdays_until(day: date) -> int:
    weeks, weekday = divmod(day.toordinal() - 1, 7)  # day 1 was a Monday
    return weeks * WORKING_DAYS + min(weekday + 1, WORKING_DAYS)


def may_be_reminded(dependency: Dependency, today: date) -> bool:
    """True when nobody has answered for long, and nobody was reminded just now."""
    last = dependency.negotiation.reminded_on
    return is_unanswered(dependency, today) and (
        last is None or working_days_between(last, today) >= REMIND_AGAIN_AFTER
    )
