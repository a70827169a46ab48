"""What a round leaves open when it is closed comes first on the next agenda, written already or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from planner.domain.errors import NotAllowed, NotNow, StaleVersion
from planner.domain.meeting.deciding import Decision
from planner.domain.meeting.model import ItemId, OutcomeKind
from planner.domain.meeting.rounds import RoundOf
from planner.services.changes import recorded, undo
from planner.services.meeting import live, outcomes, preparing
from planner.services.meeting.meetings import existing_shared, make_meeting, read_meeting
from planner.services.meeting.orders import Order
from planner.services.meeting.preparations import Preparation, read_preparation
from planner.services.organisation import read_organisation
from planner.services.shared_sessions import is_untold
from planner.storage.models import SharedSessionRow
from tests.factories import (
    MONDAY,
    OPERATOR,
    make_actor,
    make_agreed,
    make_cast,
    make_dependency,
    make_session,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

FIRST, SECOND, THIRD = RoundOf(1, 0), RoundOf(1, 1), RoundOf(1, 2)
FILE, REFUNDS, HOLIDAYS = "Settlement file", "Refunds", "Holidays"


@pytest.fixture
def town(session: Session) -> Session:
    """Olive leads a session with Pat about two dependencies and a topic; it runs."""
    cast = make_cast(session)
    make_session(session, cast.team, attendees=(cast.owner, cast.partner))
    make_dependency(session, cast.team, cast.partner_team)
    make_dependency(session, cast.partner_team, cast.team, what=REFUNDS)
    make_agreed(session, make_actor(session, cast.owner))
    live.start_meeting(session, olive(session), FIRST, key=None)
    return session


def olive(session: Session) -> Actor:
    begins = existing_shared(session, 1).starts_at
    assert begins is not None
    return replace(make_actor(session, "olive-owner"), at=begins)


def pat(session: Session) -> Actor:
    return replace(make_actor(session, "pat-partner"), at=olive(session).at)


def add(session: Session, title: str, place: RoundOf = FIRST) -> None:
    preparing.add_topic(session, pat(session), place, title=title, key=None)


def decide(session: Session, title: str, place: RoundOf = FIRST) -> None:
    outcomes.decide(
        session,
        olive(session),
        place,
        item(session, title, place),
        Decision("So be it"),
        version=0,
        dependency_version=None,
        key=None,
    )


def defer(session: Session, title: str, to: str) -> None:
    number = item(session, title, FIRST)
    outcomes.set_aside(
        session, olive(session), FIRST, number, OutcomeKind.DEFERRED,
        text="", deferred_to=to, version=0, key=None,
    )  # fmt: skip


def told(session: Session) -> None:
    """Everybody has the invitation as it is."""
    with recorded(session, OPERATOR, "session:invited", "Invited"):
        existing_shared(session, 1).mailed = existing_shared(session, 1).sequence


def close(session: Session, place: RoundOf = FIRST) -> int:
    change = live.close_meeting(session, olive(session), place, key=None).id
    assert change is not None
    return change


def item(session: Session, title: str, place: RoundOf) -> ItemId:
    return next(one.id for one in read_meeting(session, place).items if one.title == title)


def titles(session: Session, place: RoundOf = SECOND) -> list[str]:
    return [one.title for one in read_meeting(session, place).items]


def prepared(session: Session, place: RoundOf = SECOND, who: str = "olive-owner") -> Preparation:
    actor = replace(make_actor(session, who), at=olive(session).at)
    return read_preparation(session, read_organisation(session), actor, place, actor.at)


def take_out(session: Session, actor: Actor, title: str, version: int | None = None) -> None:
    number = item(session, title, SECOND)
    preparing.take_away(session, actor, SECOND, item_id=number, version=version, key=None)


def test_what_is_left_open_comes_first_in_the_next_round_though_it_is_written(town: Session) -> None:
    make_meeting(town, olive(town), SECOND, key=None)
    add(town, "Budget", SECOND)
    add(town, HOLIDAYS)
    decide(town, FILE)
    before = titles(town)

    close(town)

    assert before == [FILE, REFUNDS, "Budget"]
    assert titles(town) == [REFUNDS, HOLIDAYS, "Budget"]
    assert [line.item.title for line in prepared(town).left] == [REFUNDS, HOLIDAYS]


def test_the_minutes_and_outcomes_of_a_written_agenda_stay(town: Session) -> None:
    make_meeting(town, olive(town), SECOND, key=None)
    decide(town, REFUNDS, SECOND)
    before = {one.title: (one.minutes, one.outcome) for one in read_meeting(town, SECOND).items}
    add(town, HOLIDAYS)

    close(town)

    after = {one.title: (one.minutes, one.outcome) for one in read_meeting(town, SECOND).items}
    assert after == {**before, HOLIDAYS: (5, None)}


def test_a_round_that_is_written_later_takes_it_up_by_itself(town: Session) -> None:
    add(town, HOLIDAYS)
    decide(town, FILE)

    close(town)

    assert titles(town) == [REFUNDS, HOLIDAYS]
    assert not prepared(town).meeting.is_kept


def test_only_the_round_that_is_next_takes_it_up(town: Session) -> None:
    with recorded(town, OPERATOR, "session:moved", "One round more"):
        existing_shared(town, 1).rounds = 3
    make_meeting(town, olive(town), THIRD, key=None)
    add(town, HOLIDAYS)

    close(town)

    assert (HOLIDAYS in titles(town), HOLIDAYS in titles(town, THIRD)) == (True, False)


def test_a_topic_that_is_decided_goes_from_the_next_agenda(town: Session) -> None:
    add(town, HOLIDAYS)
    make_meeting(town, olive(town), SECOND, key=None)
    before = titles(town)
    decide(town, HOLIDAYS)

    close(town)

    assert HOLIDAYS in before
    assert HOLIDAYS not in titles(town)


def test_what_a_round_that_is_opened_again_decides_goes_from_the_next_agenda(town: Session) -> None:
    make_meeting(town, olive(town), SECOND, key=None)
    close(town)
    before = titles(town)
    live.open_again(town, olive(town), FIRST, key=None)
    decide(town, FILE)

    close(town)

    assert (before, titles(town)) == ([FILE, REFUNDS], [REFUNDS])


def test_what_was_decided_there_already_stays_on_the_next_agenda(town: Session) -> None:
    make_meeting(town, olive(town), SECOND, key=None)
    decide(town, FILE, SECOND)
    decide(town, FILE)

    close(town)

    assert titles(town) == [REFUNDS, FILE]


def test_an_invitation_that_says_something_else_by_what_came_is_offered_again(town: Session) -> None:
    make_meeting(town, olive(town), SECOND, key=None)
    told(town)
    decide(town, FILE)

    close(town)

    assert (existing_shared(town, 1).sequence, is_untold(existing_shared(town, 1))) == (1, True)


def test_an_agenda_that_stays_as_it_is_changes_no_invitation(town: Session) -> None:
    make_meeting(town, olive(town), SECOND, key=None)
    told(town)

    close(town)

    assert titles(town) == [FILE, REFUNDS]
    assert not is_untold(existing_shared(town, 1))


def test_whoever_looked_at_the_next_agenda_before_does_not_overwrite_it(town: Session) -> None:
    make_meeting(town, olive(town), SECOND, key=None)
    seen = read_meeting(town, SECOND).version
    add(town, HOLIDAYS)
    close(town)

    with pytest.raises(StaleVersion):
        preparing.write_agenda(
            town,
            olive(town),
            read_organisation(town),
            SECOND,
            order=Order.SUGGESTED,
            version=seen,
            key=None,
        )


def test_taking_the_end_back_takes_back_what_came(town: Session) -> None:
    make_meeting(town, olive(town), SECOND, key=None)
    add(town, HOLIDAYS)
    before = titles(town)

    undo(town, olive(town), close(town))

    assert titles(town) == before


def test_closing_again_brings_nothing_twice(town: Session) -> None:
    make_meeting(town, olive(town), SECOND, key=None)
    add(town, HOLIDAYS)
    close(town)
    before = read_meeting(town, SECOND)

    live.open_again(town, olive(town), FIRST, key=None)
    close(town)

    assert read_meeting(town, SECOND) == before


def test_everybody_invited_takes_out_what_came_and_it_does_not_come_back(town: Session) -> None:
    make_meeting(town, olive(town), SECOND, key=None)
    add(town, HOLIDAYS)
    close(town)

    take_out(town, olive(town), HOLIDAYS)
    take_out(town, pat(town), REFUNDS)
    live.open_again(town, olive(town), FIRST, key=None)
    close(town)

    found = prepared(town)
    assert titles(town) == [FILE]
    assert found.taken_out == (REFUNDS, HOLIDAYS)
    assert found.news.is_nothing
    assert [one.titles for one in found.choices] == [(FILE,)]


def test_what_was_taken_out_comes_back_with_an_undo_or_as_a_topic(town: Session) -> None:
    make_meeting(town, olive(town), SECOND, key=None)
    add(town, HOLIDAYS)
    close(town)
    before = titles(town)
    number = item(town, REFUNDS, SECOND)
    change = preparing.take_away(town, pat(town), SECOND, item_id=number, version=None, key=None)
    assert change.id is not None
    undo(town, pat(town), change.id)
    again = titles(town)
    take_out(town, olive(town), HOLIDAYS)

    add(town, HOLIDAYS, SECOND)

    assert again == before
    assert (prepared(town).taken_out, titles(town)[-1]) == ((), HOLIDAYS)


def test_who_is_not_invited_and_what_is_old_takes_nothing_out(town: Session) -> None:
    make_meeting(town, olive(town), SECOND, key=None)
    add(town, HOLIDAYS)
    defer(town, FILE, "the board")
    close(town)
    before = titles(town)

    with pytest.raises(NotAllowed):
        take_out(town, make_actor(town, "otto-outsider"), REFUNDS)
    with pytest.raises(NotAllowed):
        take_out(town, make_actor(town, "otto-outsider"), HOLIDAYS)
    with pytest.raises(StaleVersion):
        take_out(town, olive(town), REFUNDS, version=99)
    with pytest.raises(NotNow, match="comes from the plan"):
        take_out(town, olive(town), FILE)

    assert titles(town) == before
    assert [line.may_take for line in prepared(town).lines] == [True, True, False]
    assert not any(line.may_take for line in prepared(town, who="otto-outsider").lines)


def test_after_the_last_round_the_next_session_of_the_same_people_takes_it_up(town: Session) -> None:
    last = existing_shared(town, 1)
    with recorded(town, OPERATOR, "session:moved", "A session of its own"):
        last.rounds = 1
        begins = None if last.starts_at is None else last.starts_at + timedelta(days=14)
        other = SharedSessionRow(
            proposal_id=last.proposal_id, uid="next", sequence=0, is_cancelled=False, title="Another",
            starts_at=begins, zone="UTC", minutes=60, place="", facilitator=last.facilitator,
            agenda=[], seats=last.seats, mailed_to=[], changed_at=MONDAY,
        )  # fmt: skip
        town.add(other)
    place = RoundOf(other.id, 0)
    make_meeting(town, olive(town), place, key=None)
    before = titles(town, place)
    add(town, HOLIDAYS)

    close(town)

    assert before == []
    assert titles(town, place) == [FILE, REFUNDS, HOLIDAYS]
