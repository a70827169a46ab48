"""A session that is held again: each round has its own agenda, minutes, votes and figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from planner.domain.ballots import Vote
from planner.domain.errors import NotFound, NotNow
from planner.domain.meeting.deciding import Decision
from planner.domain.meeting.model import ItemId, MeetingState, OutcomeKind
from planner.domain.meeting.rounds import RoundOf
from planner.domain.minutes import MinutesState
from planner.services import trials
from planner.services.calendar import series
from planner.services.meeting import ballots, live, minutes, outcomes, preparing
from planner.services.meeting.meetings import existing_shared, make_meeting, read_meeting
from planner.services.meeting.preparations import read_preparation
from planner.services.meeting.sittings import find_round
from planner.services.organisation import read_organisation
from tests.factories import (
    MONDAY,
    make_actor,
    make_agreed,
    make_cast,
    make_dependency,
    make_session,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.services.meeting.minutes import SharedMinutes

OLIVE, PAT = "olive-owner", "pat-partner"
FIRST, SECOND = RoundOf(1, 0), RoundOf(1, 1)
FILE, REFUNDS, TOKENS = "Settlement file", "Refunds", "Tokens"


@pytest.fixture
def town(session: Session) -> Session:
    """A session that Olive leads and Pat sits in, about three dependencies, held at least twice."""
    cast = make_cast(session)
    make_session(session, cast.team, attendees=(cast.owner, cast.partner))
    for title in (FILE, REFUNDS, TOKENS):
        make_dependency(session, cast.team, cast.partner_team, what=title)
    make_agreed(session, make_actor(session, cast.owner))
    assert existing_shared(session, 1).rounds > 1
    return session


def begins(session: Session, number: int = 0) -> datetime:
    shared = existing_shared(session, 1)
    assert shared.starts_at is not None
    return shared.starts_at + number * timedelta(days=shared.every_days)


def who(session: Session, key: str = OLIVE, *, at: datetime | None = None) -> Actor:
    return replace(make_actor(session, key), at=at or begins(session))


def agenda(session: Session, at: RoundOf = SECOND) -> list[tuple[str, str]]:
    found = read_preparation(session, read_organisation(session), who(session), at)
    return [(line.item.title, line.part.name) for line in found.lines]


def held_first(session: Session, *there: str) -> None:
    """Hold the first round: the first item is decided in words, the second parked, the third not reached."""
    live.start_meeting(session, who(session), FIRST, key=None)
    for key in there:
        live.arrive(session, who(session, key), FIRST, key=None)
    items = read_meeting(session, FIRST).items
    outcomes.decide(
        session,
        who(session),
        FIRST,
        items[0].id,
        Decision("By file"),
        version=0,
        dependency_version=None,
        key=None,
    )
    outcomes.set_aside(
        session, who(session), FIRST, items[1].id, OutcomeKind.PARKED, text="", deferred_to="", version=0,
        key=None,
    )  # fmt: skip
    live.close_meeting(session, who(session, at=begins(session) + timedelta(hours=1)), FIRST, key=None)


def seen(session: Session, at: RoundOf | int, today: date) -> SharedMinutes:
    return minutes.read_minutes(session, read_organisation(session), at, who(session), today)


def test_when_a_round_is_closed_the_next_is_planned_and_matters(town: Session) -> None:
    held_first(town)

    found = read_meeting(town, 1, begins(town))

    assert (found.round, found.state, found.is_kept) == (1, MeetingState.PLANNED, False)
    assert read_meeting(town, FIRST).state is MeetingState.CLOSED


def test_when_the_day_has_passed_the_next_matters_though_nobody_came(town: Session) -> None:
    assert find_round(town, 1, begins(town) + timedelta(days=1)) == SECOND


def test_what_was_left_open_comes_first_and_what_is_decided_does_not_come(town: Session) -> None:
    decided, parked, open_ = (item.title for item in read_meeting(town, FIRST).items)
    preparing.add_topic(town, who(town), FIRST, title="Holidays", key=None)
    held_first(town)

    assert agenda(town) == [(parked, "UNFINISHED"), (open_, "UNFINISHED"), ("Holidays", "UNFINISHED")]
    assert decided not in dict(agenda(town))


def test_the_second_round_runs_by_itself(town: Session) -> None:
    held_first(town)
    before = read_meeting(town, FIRST)

    live.start_meeting(town, who(town, at=begins(town, 1)), 1, key=None)
    now = read_meeting(town, SECOND)
    outcomes.decide(
        town, who(town, PAT, at=begins(town, 1)), 1, now.items[0].id, Decision("In writing"), version=0,
        dependency_version=None, key=None,
    )  # fmt: skip
    live.close_meeting(town, who(town, at=begins(town, 1)), 1, key=None)

    after = read_meeting(town, SECOND)
    assert (after.state, after.started_at) == (MeetingState.CLOSED, begins(town, 1))
    assert read_meeting(town, FIRST) == before
    assert {item.id for item in after.items}.isdisjoint(item.id for item in before.items)


def test_a_round_is_opened_again_while_the_next_is_prepared(town: Session) -> None:
    held_first(town)
    make_meeting(town, who(town), SECOND, key=None)

    live.open_again(town, who(town), FIRST, key=None)

    assert find_round(town, 1, begins(town, 1)) == FIRST


def test_minutes_of_each_round_lock_by_themselves(town: Session) -> None:
    held_first(town, PAT)
    minutes.share_minutes(town, who(town), FIRST, why="", key=None)
    live.start_meeting(town, who(town, at=begins(town, 1)), SECOND, key=None)
    live.close_meeting(town, who(town, at=begins(town, 1)), SECOND, key=None)
    minutes.share_minutes(town, who(town, at=begins(town, 1)), SECOND, why="", key=None)

    day = begins(town, 1).date()
    first, second = seen(town, FIRST, day), seen(town, SECOND, day)
    assert (first.state, second.state) == (MinutesState.AGREED, MinutesState.OPEN)
    assert (first.minutes.held_on, second.minutes.held_on) == (begins(town).date(), day)
    assert [line.text for line in first.minutes.decisions] == ["By file"]
    assert seen(town, 1, day) == second


def test_votes_before_a_round_are_of_that_round(town: Session) -> None:
    organisation = read_organisation(town)
    paper = [Vote(organisation.dependencies[1].key, 5)]
    ballots.vote(town, who(town, PAT), organisation, FIRST, paper)
    held_first(town)

    def mine(at: RoundOf) -> tuple[Vote, ...]:
        return ballots.read_polling(town, organisation, read_meeting(town, at), who(town, PAT)).mine

    assert (mine(FIRST), mine(SECOND)) == (tuple(paper), ())
    ballots.vote(town, who(town, PAT), organisation, SECOND, [Vote(paper[0].matter, 2)])
    assert (mine(FIRST)[0].importance, mine(SECOND)[0].importance) == (5, 2)
    with pytest.raises(NotNow, match="has begun"):
        ballots.vote(town, who(town, PAT), organisation, FIRST, paper)


def test_a_trial_counts_rounds(town: Session) -> None:
    held_first(town, PAT)
    live.start_meeting(town, who(town, at=begins(town, 1)), SECOND, key=None)
    live.close_meeting(town, who(town, at=begins(town, 1) + timedelta(minutes=20)), SECOND, key=None)
    trials.say_worth(town, who(town), FIRST, 1)
    trials.say_worth(town, who(town), SECOND, 4)

    found = trials.read_trial(town, read_organisation(town), 1, who(town))
    own = trials.read_own_load(town, read_organisation(town), who(town), OLIVE)

    assert (found.over, len(found.sessions), found.cadences) == (2, existing_shared(town, 1).rounds, 2)
    assert [one.mine for one in found.sessions[:2]] == [1, 4]
    assert [(one.round, one.attended) for one in own.sessions] == [(0, 60), (1, 20)]
    assert own.days == 28


def test_a_round_that_is_left_out_is_not_found_and_not_counted(town: Session) -> None:
    count = existing_shared(town, 1).rounds
    series.leave_out_round(town, who(town, at=MONDAY), 1, 1, version=None, key=None)

    with pytest.raises(NotFound, match="Round 2 of this session is left out"):
        read_meeting(town, SECOND)
    with pytest.raises(NotFound, match="has no round 99"):
        live.start_meeting(town, who(town), RoundOf(1, 98), key=None)
    assert len(trials.read_trial(town, read_organisation(town), 1, None).sessions) == count - 1


def test_an_item_of_another_round_is_not_on_this_agenda(town: Session) -> None:
    held_first(town)
    live.start_meeting(town, who(town), SECOND, key=None)

    with pytest.raises(NotFound, match="not on the agenda"):
        live.turn_to(town, who(town), SECOND, ItemId(1), key=None)
