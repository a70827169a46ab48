"""My week: what others need from me, what I wait for, the sessions that need me and those that do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.model import Dependency
from planner.services.finding import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from planner.domain.consolidation.suggestion import Seat, SharedSession, Suggestion
    from planner.domain.model import Organisation, TeamSession
    from planner.services.actor import Actor
    from planner.services.shared_sessions import AgreedSession


@dataclass(frozen=True, slots=True)
class MySession:
    """A shared session with my own seat in it; `number` is its place in the suggestion, from 1."""

    number: int
    session: SharedSession
    seat: Seat


@dataclass(frozen=True, slots=True)
class Week:
    """The lists of the first page. Unanswered comes first, then late, then by date."""

    others_need: tuple[Dependency, ...]
    waits_for: tuple[Dependency, ...]
    agreed: tuple[AgreedSession, ...]
    sessions: tuple[MySession, ...]
    can_skip: tuple[TeamSession, ...]

    def needed_for(self, session: SharedSession | AgreedSession) -> tuple[str, ...]:
        """Return what of a session this person is needed for, in the order of its agenda."""
        mine = {d.id: d.what for d in (*self.others_need, *self.waits_for)}
        numbers = (one.id if isinstance(one, Dependency) else one.dependency_id for one in session.agenda)
        return tuple(mine[number] for number in numbers if number in mine)

    @property
    def timed(self) -> tuple[AgreedSession, ...]:
        """What is agreed and has a time."""
        return tuple(one for one in self.agreed if one.starts_at is not None)

    @property
    def untimed(self) -> tuple[AgreedSession, ...]:
        """What is agreed and waits for a time."""
        return tuple(one for one in self.agreed if one.starts_at is None)


def week_of(
    organisation: Organisation,
    actor: Actor,
    suggestion: Suggestion,
    today: date,
    *,
    agreed: Sequence[AgreedSession] = (),
) -> Week:
    """Return the week of one person, from what is recorded, suggested and agreed.

    What is agreed already is not suggested to them beside it.
    """
    settled = {dependency.id for one in agreed for dependency in one.agenda}
    active = organisation.active_dependencies
    mine = actor.member_of
    return Week(
        others_need=_urgent_first((d for d in active if d.provider_id in mine), today),
        waits_for=_urgent_first((d for d in active if d.consumer_id in mine), today),
        agreed=tuple(agreed),
        sessions=tuple(
            mine
            for mine in sessions_of(suggestion, actor)
            if not {item.dependency_id for item in mine.session.agenda} <= settled
        ),
        can_skip=tuple(
            session
            for session in organisation.sessions
            if actor.person_id in session.attendee_ids
            and session.host_id not in mine
            and session.paused_by_id is None
        ),
    )


def sessions_of(suggestion: Suggestion, actor: Actor) -> tuple[MySession, ...]:
    """Return the suggested sessions in which this person sits, in the order of the suggestion."""
    return tuple(
        MySession(number, session, seat)
        for number, session in enumerate(suggestion.sessions, start=1)
        for seat in session.seats
        if seat.person_id == actor.person_id
    )


def _urgent_first(found: Iterable[Dependency], today: date) -> tuple[Dependency, ...]:
    def urgency(dependency: Dependency) -> tuple[bool, bool, bool, date, int]:
        due = dependency.needed_by
        return (
            dependency.state not in OPEN,
            not dependency.is_late(today),
            due is None,
            due or today,
            dependency.id,
        )

    return tuple(sorted(found, key=urgency))
