"""What goes out is claimed by one worker at a time, and tried again until it arrives or is given up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from planner.storage import outbox
from planner.storage.db import db
from planner.storage.models import MailRow
from planner.storage.outbox import PAUSES, TRIES_MAX
from tests.factories import MONDAY

if TYPE_CHECKING:
    from datetime import datetime

MINUTE = timedelta(minutes=1)


@pytest.fixture
def two(session: Session) -> Session:
    """Two mails that wait."""
    for number in (1, 2):
        mail = MailRow(recipient=f"p{number}@example.org", subject="S", body="B", created_at=MONDAY)
        session.add(mail)
        session.flush()
    session.commit()
    return session


def claimed(session: Session, now: datetime = MONDAY) -> int | None:
    number = outbox.claim(session, MailRow, now)
    session.commit()
    return number


def mail(session: Session, number: int = 1) -> MailRow:
    return session.get_one(MailRow, number, populate_existing=True)


def test_each_is_claimed_once_the_oldest_first(two: Session) -> None:
    assert [claimed(two) for _ in range(3)] == [1, 2, None]
    assert not outbox.has_due(two, MailRow, MONDAY)


def test_what_was_claimed_and_never_noted_comes_up_again(two: Session) -> None:
    claimed(two)
    claimed(two)

    assert [claimed(two, MONDAY + MINUTE - timedelta(seconds=1)), claimed(two, MONDAY + MINUTE)] == [None, 1]
    assert mail(two).attempts == 2


def test_what_has_arrived_is_not_sent_again(two: Session) -> None:
    claimed(two)
    outbox.note_sent(two, MailRow, 1, MONDAY)
    two.commit()

    assert [claimed(two, MONDAY + timedelta(days=9)) for _ in range(2)] == [2, None]
    assert (mail(two).sent_at, mail(two).error) == (MONDAY, "")


def test_the_pauses_grow_and_the_tenth_failure_is_the_last(two: Session) -> None:
    outbox.note_sent(two, MailRow, 2, MONDAY)
    now, tries = MONDAY, list[timedelta]()
    while (number := claimed(two, now)) is not None:
        outbox.note_failed(two, MailRow, number, error=f"try {len(tries) + 1}", now=now)
        two.commit()
        tries.append(now - MONDAY)
        now = mail(two).next_try_at or now

    minutes = [0, 1, 6, 36, 156, 516, 1236, 2676, 4116, 5556]
    assert tries == [timedelta(minutes=m) for m in minutes]
    assert (mail(two).attempts, mail(two).failed_at, mail(two).error) == (TRIES_MAX, now, "try 10")
    assert not outbox.has_due(two, MailRow, now + timedelta(days=99))


def test_a_final_refusal_is_not_tried_again(two: Session) -> None:
    claimed(two)
    outbox.note_failed(two, MailRow, 1, error="no such mailbox", now=MONDAY, is_final=True)
    two.commit()

    assert [claimed(two, MONDAY + timedelta(days=9)) for _ in range(2)] == [2, None]
    assert (mail(two).failed_at, mail(two).attempts) == (MONDAY, 1)


def test_who_dies_at_every_try_leaves_it_given_up(two: Session) -> None:
    outbox.note_sent(two, MailRow, 2, MONDAY)
    now = MONDAY
    for pause in (*PAUSES, PAUSES[-1]):
        assert claimed(two, now) == 1
        now += pause

    assert claimed(two, now) is None
    assert mail(two).failed_at == now


def test_holding_back_costs_no_try_and_is_released(two: Session) -> None:
    outbox.hold_back(two, MailRow, MONDAY + MINUTE)
    two.commit()

    held = claimed(two)
    outbox.release(two, MailRow)
    two.commit()

    assert (held, claimed(two), mail(two).attempts) == (None, 1, 1)


def test_what_was_given_up_can_be_sent_after_all_and_nothing_else(two: Session) -> None:
    outbox.note_failed(two, MailRow, 1, error="away", now=MONDAY, is_final=True)
    outbox.note_sent(two, MailRow, 2, MONDAY)
    for number in (1, 2):
        outbox.try_again(two, MailRow, number)
    two.commit()

    assert [claimed(two), claimed(two)] == [1, None]


def test_a_long_error_is_cut_to_what_the_column_takes(two: Session) -> None:
    outbox.note_failed(two, MailRow, 1, error="x" * 5000, now=MONDAY)
    two.commit()

    assert len(mail(two).error) == outbox.ERROR_LONGEST


def test_whatever_the_other_end_says_can_be_kept(two: Session) -> None:
    outbox.note_failed(two, MailRow, 1, error="a\x00b\r\nc \ud800", now=MONDAY)
    two.commit()

    assert mail(two).error == "a b  c  "


def test_what_arrived_is_forgotten_after_a_week_and_what_waits_never(two: Session) -> None:
    outbox.note_sent(two, MailRow, 1, MONDAY)
    two.commit()
    week, later = MONDAY + timedelta(days=7), MONDAY + timedelta(days=8)

    old = [outbox.has_old(two, MailRow, now) for now in (week, later)]
    outbox.forget_old(two, MailRow, later)
    two.commit()

    assert old == [False, True]
    assert (two.get(MailRow, 1), mail(two, 2).sent_at) == (None, None)


def test_two_workers_at_the_same_moment_never_get_the_same(two: Session, server: str) -> None:
    if server == "sqlite":
        pytest.skip("SQLite lets one write after the other")
    two.commit()
    with Session(db.engine) as one, Session(db.engine) as other:
        taken = [outbox.claim(one, MailRow, MONDAY), outbox.claim(other, MailRow, MONDAY)]
        one.commit()
        other.commit()

    assert taken == [1, 2]
