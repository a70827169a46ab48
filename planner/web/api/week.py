"""Your week: what others need from you, what you wait for, and the sessions that need you."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from planner.domain.negotiation.affected import numbers_behind
from planner.services import weeks
from planner.services.calendar.polls import Finding, read_finding
from planner.services.consolidation.suggestions import SuggestionRequest, suggest_of_late
from planner.services.meeting.ballots import read_unvoted
from planner.services.meeting.guest_items import read_guest_items
from planner.services.promised import read_promises
from planner.services.shared_sessions import ahead_of, read_sessions
from planner.web import context
from planner.web.api.dependencies import Dependency, dependency_as_told
from planner.web.api.operations import One, operation
from planner.web.api.promises import Promise, promise_as_told
from planner.web.api.records import one, versions
from planner.web.api.telling import told

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from planner.services.actor import Actor
    from planner.services.shared_sessions import AgreedSession


@dataclass(frozen=True, kw_only=True)
class WeekNeed:
    """Something that others need from your teams, and how many more wait behind it."""

    dependency: Dependency
    behind: int


@dataclass(frozen=True, kw_only=True)
class WeekSession:
    """An agreed session at its next date, with your window in it, in minutes after it begins.

    `waits_for_vote`: whether your blind vote before it is still open. `finding`: while it has no time,
    whether one is asked for, and whether you have said what suits you.
    """

    number: int
    title: str
    starts_at: datetime | None
    zone: str
    place: str
    start: int
    end: int
    why: str
    waits_for_vote: bool
    finding: Finding | None


@dataclass(frozen=True, kw_only=True)
class WeekGuestItem:
    """What you lead in a session to which you are not invited otherwise; `start` after it begins."""

    session: int
    session_title: str
    starts_at: datetime | None
    title: str
    start: int
    minutes: int


@dataclass(frozen=True, kw_only=True)
class WeekSuggestion:
    """A session that is suggested and not agreed yet, with your window; `number`: its place in the list."""

    number: int
    title: str
    day: date | None
    minute: int | None
    start: int
    end: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Week:
    """Your week, the urgent first. `can_skip`: team sessions, by key, that shared ones cover for you."""

    others_need: tuple[WeekNeed, ...]
    waits_for: tuple[Dependency, ...]
    sessions: tuple[WeekSession, ...]
    guest_items: tuple[WeekGuestItem, ...]
    suggested: tuple[WeekSuggestion, ...]
    can_skip: tuple[str, ...]
    promises: tuple[Promise, ...]
    witnessed: tuple[Promise, ...]


@operation("GET", "/week")
def read_week() -> One[Week]:
    """Read your week: what waits for an answer of yours, what you wait for, where you sit."""
    database, organisation, actor = context.database(), context.organisation(), context.actor()
    suggestion = suggest_of_late(database, organisation, SuggestionRequest(), context.day_for_all())
    agreed = ahead_of(read_sessions(database, organisation, actor.at), actor)
    week = weeks.week_of(organisation, actor, suggestion, context.today(), agreed=agreed)
    known = versions("dependency", (*week.others_need, *week.waits_for))
    unvoted = read_unvoted(database, actor, week.agreed, organisation.person)
    promises = read_promises(database, organisation, actor)
    finding = read_finding(database, week.agreed, _key_of(actor))
    return one(
        Week(
            others_need=_needs(week, known),
            waits_for=tuple(dependency_as_told(one, known[one.id]) for one in week.waits_for),
            sessions=tuple(found for one in week.agreed for found in _mine(one, unvoted, finding)),
            guest_items=tuple(
                told(
                    WeekGuestItem,
                    one,
                    session=one.session.id,
                    session_title=one.session.title,
                    starts_at=one.session.starts_at,
                )
                for one in read_guest_items(database, organisation, actor)
            ),
            suggested=tuple(_suggested(one) for one in week.sessions),
            can_skip=tuple(one.key for one in week.can_skip),
            promises=tuple(promise_as_told(one) for one in promises.mine),
            witnessed=tuple(promise_as_told(one) for one in promises.witnessed),
        )
    )


def _needs(week: weeks.Week, known: Mapping[int, int]) -> tuple[WeekNeed, ...]:
    behind = numbers_behind(week.others_need, context.organisation().dependencies)
    return tuple(
        WeekNeed(dependency=dependency_as_told(one, known[one.id]), behind=behind[one.id])
        for one in week.others_need
    )


def _key_of(actor: Actor) -> str:
    person = None if actor.person_id is None else context.organisation().person.get(actor.person_id)
    return "" if person is None else person.key


def _mine(
    agreed: AgreedSession, unvoted: Collection[int], finding: Mapping[int, Finding]
) -> list[WeekSession]:
    me = context.actor().person_id
    mine = (seat for seat in agreed.seats if seat.person is not None and seat.person.id == me)
    about = {"waits_for_vote": agreed.id in unvoted, "finding": finding.get(agreed.id)}
    return [told(WeekSession, agreed, seat, **about) for seat in mine]


def _suggested(found: weeks.MySession) -> WeekSuggestion:
    slot = found.session.slot
    return told(
        WeekSuggestion,
        found.seat,
        title=found.session.title,
        number=found.number,
        day=slot.day if slot else None,
        minute=slot.minute if slot else None,
    )
