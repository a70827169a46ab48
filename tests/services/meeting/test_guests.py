"""Guests come by a code that is short, ends, and cannot be tried for ever; they follow one session."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from planner.domain.errors import InvalidInput, NotAllowed, NotFound, NotNow
from planner.domain.meeting.rounds import RoundOf
from planner.services.accounts.attempts import TooOften
from planner.services.meeting import guests, live
from planner.services.meeting.meetings import read_meeting
from tests.factories import MONDAY, make_actor, make_agreed, make_cast, make_dependency, make_session

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

PHONE = "203.0.113.5"


@pytest.fixture
def town(session: Session) -> Session:
    """A session of Olive and Pat that runs and that Olive leads."""
    cast = make_cast(session)
    make_session(session, cast.team, attendees=(cast.owner, cast.partner))
    make_dependency(session, cast.team, cast.partner_team)
    make_agreed(session, make_actor(session, cast.owner))
    live.start_meeting(session, olive(session), 1, key=None)
    return session


def olive(session: Session) -> Actor:
    return make_actor(session, "olive-owner")


def join(session: Session, code: str, name: str = "Gus", *, hours: int = 0) -> tuple[int, str]:
    return guests.join(session, code, name, address=PHONE, now=MONDAY + timedelta(hours=hours))


def test_a_guest_comes_by_the_code_however_it_is_typed(town: Session) -> None:
    code = guests.open_door(town, olive(town), 1)

    number, token = join(town, f" {code[:3].lower()}-{code[3:]}")

    assert guests.read_guest(town, token, MONDAY) == RoundOf(number, 0)
    assert (number, read_meeting(town, 1).attendance[-1].guest) == (1, "Gus")


def test_only_whoever_leads_opens_the_door(town: Session) -> None:
    with pytest.raises(NotAllowed, match="Only whoever leads"):
        guests.open_door(town, make_actor(town, "pat-partner"), 1)


def test_a_new_code_makes_the_old_one_worthless_and_keeps_the_guests(town: Session) -> None:
    old = guests.open_door(town, olive(town), 1)
    _number, token = join(town, old)
    new = guests.open_door(town, olive(town), 1)

    assert guests.read_code(town, RoundOf(1, 0), MONDAY) == new
    assert guests.read_guest(town, token, MONDAY) is not None
    with pytest.raises(NotFound, match="opens no session"):
        join(town, old)


def test_closing_the_door_shows_every_guest_out(town: Session) -> None:
    code = guests.open_door(town, olive(town), 1)
    _number, token = join(town, code)

    guests.close_door(town, olive(town), 1)

    assert (guests.read_code(town, RoundOf(1, 0), MONDAY), guests.read_guest(town, token, MONDAY)) == (
        "",
        None,
    )


def test_a_code_ends_after_half_a_day(town: Session) -> None:
    code = guests.open_door(town, olive(town), 1)

    with pytest.raises(NotFound):
        join(town, code, hours=13)


def test_codes_cannot_be_tried_for_ever(town: Session) -> None:
    code = guests.open_door(town, olive(town), 1)
    for _ in range(20):
        with pytest.raises(NotFound):
            join(town, "WRONG2")

    with pytest.raises(TooOften):
        join(town, code)
    join(town, code, hours=2)


def test_a_whole_room_behind_one_address_comes_in(town: Session) -> None:
    code = guests.open_door(town, olive(town), 1)

    tokens = {join(town, code, f"Guest {n}")[1] for n in range(30)}

    assert len(tokens) == 30


def test_a_guest_has_a_name_and_a_session_that_is_not_over(town: Session) -> None:
    code = guests.open_door(town, olive(town), 1)
    with pytest.raises(InvalidInput):
        join(town, code, " ")
    live.close_meeting(town, replace(olive(town), at=MONDAY), 1, key=None)

    with pytest.raises(NotNow, match="is over"):
        join(town, code)


def test_a_token_of_something_else_is_no_guest(town: Session) -> None:
    assert guests.read_guest(town, guests.open_door(town, olive(town), 1), MONDAY) is None
