"""What the pictures of meetings are made from: the sessions of today, those suggested, and the dial."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.consolidation.baseline import BaselineKind
from planner.domain.pictures.sessions import Sitting
from planner.domain.stand_ins import with_stand_ins
from planner.services.consolidation.dial import make_dial, read_dial
from planner.services.consolidation.suggestions import SuggestionRequest, suggest_of_late

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from planner.domain.consolidation.suggestion import Suggestion
    from planner.domain.model import Organisation, PersonId, TeamId
    from planner.services.consolidation.dial import DialView


@dataclass(frozen=True)
class Meetings:
    """Sessions on both sides of a suggestion; those of today may be assumed."""

    before: tuple[Sitting, ...]
    after: tuple[Sitting, ...]
    is_assumed: bool


@dataclass(frozen=True)
class MeetingReader:
    """Reads the meetings of an organisation, but only when a picture asks: a plan takes a while."""

    session: Session
    organisation: Organisation
    today: date

    def meetings(self, horizon: str) -> Meetings:
        """Return both sides of the suggestion at hand. Nothing is searched for long."""
        found = self.suggestion(horizon)
        teams = with_stand_ins(self.organisation).teams_of
        return Meetings(_before(found, teams), _after(found), found.today.kind is BaselineKind.ASSUMED)

    def suggestion(self, horizon: str) -> Suggestion:
        """Return the suggestion at hand; the same object as long as it is the same."""
        asked = _request(self.organisation, horizon)
        return suggest_of_late(self.session, self.organisation, asked, self.today)

    def dial(self, horizon: str) -> DialView:
        """Return the curve of plans around the suggestion. Raises NotNow where nobody has had it found."""
        return read_dial(self.session, self.organisation, _request(self.organisation, horizon), self.today)


def find_dial(session: Session, organisation: Organisation, horizon: str, today: date) -> None:
    """Find the curve of a horizon however long that takes, so that its picture can be drawn."""
    make_dial(session, organisation, _request(organisation, horizon), today)


def _request(organisation: Organisation, horizon: str) -> SuggestionRequest:
    """A horizon that is not there is none: the filter of the picture then finds nothing."""
    names = {one.name for one in organisation.horizons}
    return SuggestionRequest(horizon=horizon if horizon in names else "")


def _before(suggestion: Suggestion, teams: Mapping[PersonId, tuple[TeamId, ...]]) -> tuple[Sitting, ...]:
    return tuple(
        Sitting(
            held.title,
            frozenset(team for seat in held.seats for team in teams.get(seat.person_id, ())),
            len(held.seats),
            host_id=held.host_id,
        )
        for held in suggestion.today.sessions
    )


def _after(suggestion: Suggestion) -> tuple[Sitting, ...]:
    return tuple(
        Sitting(
            one.title,
            frozenset(team for seat in one.seats for team in seat.team_ids),
            len(one.seats),
            frozenset(item.dependency_id for item in one.agenda),
        )
        for one in suggestion.sessions
    )
