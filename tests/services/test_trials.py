"""How a trial goes: totals for everybody, one's own load for oneself, and what sessions were worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from planner.domain.errors import InvalidInput, NotAllowed, NotFound, NotNow
from planner.domain.meeting.deciding import Decision
from planner.domain.meeting.model import ItemId, OutcomeKind
from planner.services import trials
from planner.services.exchange import export_organisation
from planner.services.meeting import live, outcomes
from planner.services.meeting.meetings import read_meeting
from planner.services.organisation import read_organisation
from planner.services.trials import OwnLoad, OwnSession
from planner.storage.models import ChangeRow
from tests.factories import (
    MONDAY,
    OPERATOR,
    make_actor,
    make_agreed,
    make_dependency,
    make_held,
    make_person,
    make_session,
    make_team,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.services.trials import Trial

NAMES = ("ana", "bo", "cy", "di", "ed", "flo")
QUEUE = "Team ana queue"


@pytest.fixture
def town(session: Session) -> Session:
    """Six teams that all need something of the first one, whose queue they sit in; the plan is tried."""
    for name in NAMES:
        make_team(session, name=f"Team {name}", decides=[make_person(session, name=name.capitalize())])
    for name in NAMES[1:]:
        make_dependency(session, f"team-{name}", "team-ana", what=f"File for {name}")
    make_session(session, "team-ana", title=QUEUE, attendees=NAMES)
    make_agreed(session, make_actor(session, "ana"))
    return session


def who(session: Session, key: str) -> Actor:
    return make_actor(session, key)


def seen(session: Session, key: str = "ana") -> Trial:
    return trials.read_trial(session, read_organisation(session), 1, who(session, key))


def own(session: Session, key: str, *, of: str = "") -> OwnLoad:
    return trials.read_own_load(session, read_organisation(session), who(session, key), of or key)


def test_before_a_session_is_over_there_is_nothing_to_show(town: Session) -> None:
    found = seen(town)

    assert (found.over, found.planned, found.attended, found.decided, found.items, found.worth) == (
        0,
        0,
        None,
        0,
        5,
        None,
    )


def test_totals_are_of_everybody_who_came(town: Session) -> None:
    make_held(town, 1, *NAMES, minutes=30)

    found = seen(town, "flo")

    planned = sum(one.planned for one in (own(town, key) for key in NAMES))
    assert (found.over, found.attended, found.planned) == (1, 6 * 30, planned)


def test_a_total_of_two_people_would_tell_one_about_the_other(town: Session) -> None:
    leader = make_held(town, 1)
    assert seen(town).attended is None

    other = next(name for name in NAMES if name != leader)
    assert own(town, leader).attended == 30
    assert own(town, other).attended == 0


def test_coverage_counts_the_dependencies_that_were_decided(town: Session) -> None:
    leader = make_held(town, 1)
    live.open_again(town, who(town, leader), 1, key=None)
    for number, kind in ((1, "decided"), (2, "parked")):
        if kind == "decided":
            outcomes.decide(
                town,
                who(town, leader),
                1,
                ItemId(number),
                Decision(text="Yes"),
                version=0,
                dependency_version=None,
                key=None,
            )
        else:
            outcomes.set_aside(
                town,
                who(town, leader),
                1,
                ItemId(number),
                OutcomeKind.PARKED,
                text="",
                deferred_to="",
                version=0,
                key=None,
            )

    assert (seen(town).decided, seen(town).items) == (1, 5)


def test_ones_own_load_is_for_oneself_alone(town: Session) -> None:
    make_held(town, 1, "bo", minutes=45)

    found = own(town, "bo")

    planned = found.sessions[0].planned
    assert found == OwnLoad((OwnSession(1, found.sessions[0].title, planned, 45),), before=60)
    for stranger in ("ana", "cy"):
        with pytest.raises(NotFound, match="There is nothing to see of “bo” here"):
            own(town, stranger, of="bo")
    with pytest.raises(NotFound, match="There is nothing to see of “nobody” here"):
        own(town, "ana", of="nobody")
    with pytest.raises(NotFound):
        trials.read_own_load(town, read_organisation(town), replace(who(town, "cy"), administers=True), "bo")
    with pytest.raises(NotFound):
        trials.read_own_load(town, read_organisation(town), OPERATOR, "bo")


def test_a_median_is_shown_from_five_answers_on(town: Session) -> None:
    make_held(town, 1, *NAMES)
    for value, name in enumerate(NAMES[:4]):
        trials.say_worth(town, who(town, name), 1, value)
    hidden = seen(town)
    trials.say_worth(town, who(town, "ed"), 1, 4)

    shown = seen(town)
    assert (hidden.worth, hidden.sessions[0].worth) == (None, None)
    assert (shown.worth, shown.sessions[0].worth, shown.sessions[0].mine) == (2.0, 2.0, 0)


def test_an_answer_is_changed_and_taken_back_and_nobody_else_reads_it(town: Session) -> None:
    make_held(town, 1, *NAMES)
    before = (town.scalar(select(func.count()).select_from(ChangeRow)), export_organisation(town))

    trials.say_worth(town, who(town, "bo"), 1, 1)
    trials.say_worth(town, who(town, "bo"), 1, 3)
    mine, theirs = seen(town, "bo").sessions[0].mine, seen(town, "cy").sessions[0].mine
    trials.say_worth(town, who(town, "bo"), 1, None)

    assert (mine, theirs, seen(town, "bo").sessions[0].mine) == (3, None, None)
    assert (town.scalar(select(func.count()).select_from(ChangeRow)), export_organisation(town)) == before


def test_only_who_was_there_says_what_it_was_worth_and_only_afterwards(town: Session) -> None:
    leader = read_meeting(town, 1).facilitator
    live.start_meeting(town, who(town, leader), 1, key=None)
    with pytest.raises(NotNow, match="The session is not over yet"):
        trials.say_worth(town, who(town, leader), 1, 4)
    over = replace(who(town, leader), at=MONDAY + timedelta(minutes=5))
    live.close_meeting(town, over, 1, key=None)

    absent = next(name for name in NAMES if name != leader)
    with pytest.raises(NotAllowed, match="Only those who were there"):
        trials.say_worth(town, who(town, absent), 1, 4)
    with pytest.raises(InvalidInput, match="value: is 5; choose 0 to 4"):
        trials.say_worth(town, who(town, leader), 1, 5)
    with pytest.raises(NotFound):
        trials.say_worth(town, who(town, leader), 9, 4)
