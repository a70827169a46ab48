"""Replies that calendar programs mail, through a real IMAP server; strangers and hostile mails among them."""

from __future__ import annotations

import ssl
from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import trustme
from sqlalchemy import select

from planner.delivery import imap
from planner.delivery.errors import NotDelivered
from planner.domain.transfer import PersonDraft
from planner.services.calendar.inbox import Inbox, read_inbox
from planner.services.calendar.inviting import mail_invitations
from planner.services.calendar.replies import Answer, Reply, read_all_replies, read_replies, reply
from planner.services.people import change_person
from planner.services.shared_sessions import existing_session, planned_rounds
from planner.storage.models import InboxRow, MailRow, SharedSessionRow
from tests.factories import (
    MONDAY,
    OPERATOR,
    make_actor,
    make_agreed,
    make_cast,
    make_dependency,
    make_session,
)
from tests.support.calendars import events_of
from tests.support.digest import everything
from tests.support.imap_server import Mailbox, imap_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

OLIVE, PAT = "olive@example.org", "pat@example.org"
INBOX = "planner@example.org"
LATER = MONDAY + timedelta(hours=2)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def mailbox(authority: trustme.CA) -> Iterator[Mailbox]:
    with imap_server(authority) as found:
        yield found


@pytest.fixture
def town(session: Session) -> Session:
    """Olive and Pat are invited to one session; Otto has an address and no seat."""
    cast = make_cast(session)
    people = ((cast.owner, "Olive Owner", OLIVE), (cast.partner, "Pat Partner", PAT))
    for key, name, address in (*people, (cast.outsider, "Otto Outsider", "otto@example.org")):
        change_person(session, OPERATOR, key, PersonDraft("", name, address), version=None)
    make_dependency(session, cast.team, cast.partner_team, what="Tap file")
    make_session(session, cast.partner_team, title="Queue", attendees=(cast.partner, cast.owner))
    make_agreed(session, make_actor(session, cast.owner))
    mail_invitations(session, make_actor(session, cast.owner), 1, sender=INBOX, address="", replies_to=INBOX)
    return session


def uid(session: Session) -> str:
    return session.scalars(select(SharedSessionRow)).one().uid


def calendar(uid: str, who: str = PAT, answer: str = "ACCEPTED", **more: str) -> str:
    lines = {"SEQUENCE": "0", "DTSTAMP": "20260202T093000Z", **more}
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "METHOD:REPLY", "BEGIN:VEVENT", f"UID:{uid}"]
        + [f"{name.replace('_', '-')}:{value}" for name, value in lines.items()]
        + [f"ATTENDEE;PARTSTAT={answer}:mailto:{who}", "END:VEVENT", "END:VCALENDAR", ""]
    )


def letter(text: str, sender: str = f"Pat <{PAT}>") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, INBOX, "Accepted"
    message.set_content("Pat comes.")
    message.add_alternative(text, subtype="calendar", params={"method": "REPLY"})
    return message.as_bytes()


def read(session: Session, mailbox: Mailbox, authority: trustme.CA) -> int:
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    return read_inbox(session, "inbox", partial(imap.fetch_new, mailbox.address, trust=trust), LATER)


def test_an_invitation_is_answered_to_the_inbox(town: Session) -> None:
    row = town.scalars(select(MailRow).order_by(MailRow.id)).first()
    assert row is not None

    (event,) = events_of(row.calendar)

    assert str(event["organizer"]) == f"mailto:{INBOX}"


def test_a_mailed_reply_is_kept_once(town: Session, mailbox: Mailbox, authority: trustme.CA) -> None:
    mailbox.receive(letter(calendar(uid(town))))

    counts = [read(town, mailbox, authority) for _ in range(2)]

    said_at = MONDAY + timedelta(hours=1, minutes=30)
    assert counts == [1, 0]
    assert read_replies(town, 1) == {"pat-partner": Reply(Answer.ACCEPTED, said_at, is_of_before=False)}


@pytest.mark.parametrize("form", ["utc", "zone", "local"])
def test_a_mailed_reply_to_one_date_is_kept_for_that_date(
    town: Session, mailbox: Mailbox, authority: trustme.CA, form: str
) -> None:
    second = planned_rounds(existing_session(town, 1))[1].usual
    there = second.astimezone(ZoneInfo("Asia/Tokyo" if form == "zone" else existing_session(town, 1).zone))
    date = {
        "utc": {"RECURRENCE_ID": f"{second:%Y%m%dT%H%M%SZ}"},
        "zone": {"RECURRENCE_ID;TZID=Asia/Tokyo": f"{there:%Y%m%dT%H%M%S}"},
        "local": {"RECURRENCE_ID": f"{there:%Y%m%dT%H%M%S}"},
    }[form]
    mailbox.receive(letter(calendar(uid(town), answer="DECLINED", **date)))

    read(town, mailbox, authority)

    said = read_all_replies(town, 1)
    assert (said.to_all, said.absent(0), said.absent(1)) == ({}, frozenset(), {"pat-partner"})


def test_the_last_word_counts_wherever_it_was_said(
    town: Session, mailbox: Mailbox, authority: trustme.CA
) -> None:
    mailbox.receive(letter(calendar(uid(town), answer="DECLINED", DTSTAMP="20260202T094500Z")))
    mailbox.receive(letter(calendar(uid(town), answer="TENTATIVE", DTSTAMP="20260202T091500Z")))
    read(town, mailbox, authority)
    by_mail = read_replies(town, 1)["pat-partner"].answer

    reply(town, make_actor(town, "pat-partner"), 1, "accepted")  # at eight
    page_before = read_replies(town, 1)["pat-partner"].answer

    assert (by_mail, page_before) == (Answer.DECLINED, Answer.DECLINED)


@pytest.mark.parametrize(
    ("sender", "changed", "why"),
    [
        ("mallory@example.org", {"who": "mallory@example.org"}, "does not sit in the session"),
        ("otto@example.org", {"who": "otto@example.org"}, "does not sit in the session"),
        (OLIVE, {}, "answers for 'pat@example.org'"),
        ("mallory@example.org", {}, "answers for 'pat@example.org'"),
        (f"{PAT}, {OLIVE}", {}, "does not come from one address"),
        (PAT, {"uid": "another"}, "a session that is not there"),
        (PAT, {"SEQUENCE": "7"}, "another version than the one that was mailed"),
        (PAT, {"SEQUENCE": "-1"}, "another version than the one that was mailed"),
        (PAT, {"SEQUENCE": "x"}, "says neither accepted, tentative nor declined"),
        (PAT, {"answer": "DELEGATED"}, "says neither accepted, tentative nor declined"),
        (PAT, {"RECURRENCE_ID": "20260218T090000Z"}, "a date that the session does not have"),
        (PAT, {"RECURRENCE_ID": "20260217"}, "does not say to which date"),
        (PAT, {"RECURRENCE_ID": "soon"}, "does not say to which date"),
        (PAT, {"RECURRENCE_ID;TZID=Nowhere/Else": "20260217T090000"}, "does not say to which date"),
        (PAT, {"DTSTAMP": "yesterday"}, "does not say when"),
        (PAT, {"ATTENDEE": f"mailto:{OLIVE}"}, "no reply of one person"),
        (PAT, {"who": "x" * 200_000}, "too large for a reply"),
    ],
)
def test_what_is_not_of_who_says_it_is_refused_and_changes_nothing(
    town: Session,
    mailbox: Mailbox,
    authority: trustme.CA,
    caplog: pytest.LogCaptureFixture,
    sender: str,
    changed: dict[str, str],
    why: str,
) -> None:
    mailbox.receive(letter(calendar(**{"uid": uid(town), **changed}), sender))

    assert read(town, mailbox, authority) == 1

    assert read_replies(town, 1) == {}
    assert why in caplog.text
    assert (mailbox.address.password in caplog.text.split(), read(town, mailbox, authority)) == (False, 0)


def test_hostile_mails_do_not_keep_the_next_one_from_being_read(
    town: Session, mailbox: Mailbox, authority: trustme.CA
) -> None:
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(300)
    )
    mailbox.receive(b"From: " + PAT.encode() + b"\r\n" + nested)
    mailbox.receive(b"\x00\xff\xfe" * 1000)
    mailbox.receive(letter("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + "BEGIN:VEVENT\r\n" * 2000))
    mailbox.receive(letter("x" * 1_500_000))
    mailbox.receive(letter(calendar(uid(town)).replace("REPLY", "CANCEL")))
    mailbox.receive(letter(calendar(uid(town))))

    assert read(town, mailbox, authority) == 6

    assert {key: one.answer for key, one in read_replies(town, 1).items()} == {"pat-partner": Answer.ACCEPTED}


def test_a_mailbox_that_is_numbered_anew_is_read_again_and_says_nothing_new(
    town: Session, mailbox: Mailbox, authority: trustme.CA
) -> None:
    mailbox.receive(letter(calendar(uid(town))))
    read(town, mailbox, authority)
    town.scalars(select(InboxRow)).one().validity = 1
    town.commit()
    before = read_replies(town, 1)

    assert read(town, mailbox, authority) == 1

    assert read_replies(town, 1) == before


def test_who_cannot_be_trusted_gets_no_password(town: Session, mailbox: Mailbox) -> None:
    with pytest.raises(NotDelivered, match="certificate"):
        imap.fetch_new(mailbox.address, imap.Mark())
    before = everything(town)
    errand = Inbox("inbox", partial(imap.fetch_new, mailbox.address), lambda: LATER)

    assert [errand(town), errand(town)] == [False, False]

    assert everything(town) == before
