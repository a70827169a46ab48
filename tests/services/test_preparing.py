"""Preparing a session: the agenda that writes itself, topics of people, and the orders that can be taken."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.ballots import Vote
from planner.domain.model import DependencyState
from planner.services import ballots, preparing
from planner.services.changes import recorded
from planner.services.organisation import read_organisation
from planner.services.preparations import Order, Preparation, read_preparation
from planner.storage.models import DependencyRow
from tests.factories import (
    OPERATOR,
    make_actor,
    make_agreed,
    make_cast,
    make_dependency,
    make_goal,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ANY: dict[str, Any] = {"version": None, "key": None}
FILE, REFUNDS, TOKENS = "Settlement file", "Refunds", "Card tokens"


@pytest.fixture
def town(session: Session) -> Session:
    """Olive and Pat have agreed on one session about three dependencies, two of them a pair of steps."""
    cast = make_cast(session)
    goal = make_goal(session, (cast.team, cast.partner_team))
    soon, later = date(2026, 3, 2), date(2026, 3, 30)
    make_dependency(session, cast.team, cast.partner_team, goal=goal, needed_by=soon)
    make_dependency(session, cast.partner_team, cast.team, what=REFUNDS, goal=goal, needed_by=later)
    make_dependency(session, cast.team, cast.partner_team, what=TOKENS, needed_by=later)
    make_agreed(session, make_actor(session, cast.owner))
    return session


def prepared(session: Session, who: str | None = "olive-owner", number: int = 1) -> Preparation:
    actor = None if who is None else make_actor(session, who)
    return read_preparation(session, read_organisation(session), actor, number)


def agenda(session: Session, number: int = 1) -> list[tuple[str, int, str]]:
    found = prepared(session, number=number)
    return [(one.item.title, one.item.minutes, one.part.name) for one in found.lines]


def titles(session: Session) -> list[str]:
    return [one.item.title for one in prepared(session).lines]


def vote(session: Session, who: str, scores: dict[str, int], weeks: dict[str, int] | None = None) -> None:
    organisation = read_organisation(session)
    key = {one.what: one.key for one in organisation.dependencies}
    papers = [
        Vote(key.get(title, f"topic: {title}"), score, weeks=(weeks or {}).get(title))
        for title, score in scores.items()
    ]
    ballots.vote(session, make_actor(session, who), organisation, 1, papers)


def take(session: Session, order: Order, who: str = "olive-owner", **given: Any) -> int | None:
    actor = make_actor(session, who)
    organisation = read_organisation(session)
    return preparing.write_agenda(session, actor, organisation, 1, order=order, **{**ANY, **given}).id


def settle(session: Session, number: int) -> None:
    """Make a dependency agreed in time, as an import would say it."""
    with recorded(session, OPERATOR, "dependency:changed", "Agreed"):
        row = session.get(DependencyRow, number)
        assert row is not None
        row.state, row.promised_for = DependencyState.AGREED.value, date(2026, 2, 27)


def test_the_agenda_writes_itself_with_providers_first(town: Session) -> None:
    assert agenda(town) == [(FILE, 15, "TALK"), (REFUNDS, 15, "TALK"), (TOKENS, 15, "TALK")]
    assert prepared(town).fits == "It fits: 60 minutes, to the minute."
