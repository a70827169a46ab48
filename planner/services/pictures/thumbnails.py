"""The two small pictures over a suggestion: who sits in how many sessions, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from planner.domain.session_picture import SessionBox, SessionMap, Sitter
from planner.domain.team_map import areas_of
from planner.render import thumbnails

if TYPE_CHECKING:
    from planner.domain.consolidation.suggestion import PersonLoad, Suggestion
    from planner.domain.model import Organisation


@dataclass(frozen=True)
class BeforeAndAfter:
    """Both pictures as markup of our own, every name in them escaped when it was drawn.

    Of so many lines one is drawn in both: 1 where all are.
    """

    before: Markup
    after: Markup
    one_in: int


def before_and_after(organisation: Organisation, suggestion: Suggestion) -> BeforeAndAfter:
    """Return the pair with the people in the same order in both."""
    people = tuple(_sitter(organisation, one) for one in suggestion.people)
    areas = areas_of(organisation)
    today = tuple(
        SessionBox(held.title, frozenset(str(seat.person_id) for seat in held.seats))
        for held in suggestion.today.sessions
    )
    shared = tuple(
        SessionBox(one.title, frozenset(str(seat.person_id) for seat in one.seats))
        for one in suggestion.sessions
    )
    held = SessionMap("Sessions today", people, today, areas)
    suggested = SessionMap("Suggested sessions", people, shared, areas)
    # both come from our own drawing code, which escapes what people wrote
    before, after = map(Markup, thumbnails.before_and_after(held, suggested))
    return BeforeAndAfter(before, after, thumbnails.lines_drawn(held, suggested))


def _sitter(organisation: Organisation, one: PersonLoad) -> Sitter:
    teams = organisation.teams_of.get(one.person_id, ())
    return Sitter(str(one.person_id), one.name, organisation.team[teams[0]].area if teams else "")
