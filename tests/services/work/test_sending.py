"""Nothing is lost and nobody waits: real servers that are down, slow, broken, or take the mail and die."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.config import HookHost, Security, Settings, SmtpServer
from planner.delivery.errors import NotDelivered
from planner.delivery.signature import signature
from planner.services import hooks
from planner.services.mail import post
from planner.services.work import sending
from planner.storage.db import db
from planner.storage.models import HookDeliveryRow, HookRow, MailRow
from tests.conftest import settings_for
from tests.factories import MONDAY, OPERATOR
from tests.support.mail_server import free_port, mail_server
from tests.support.receiver import receiver, status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from planner.delivery.letter import Letter

SECRET = "a secret of twenty-four!"
MINUTE = timedelta(minutes=1)
Sent = tuple[bool, int, str]


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return settings_for(database_url, tmp_path)


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def write_mails(session: Session, *readers: str) -> None:
    for reader in readers:
        post(session, to=f"{reader}@example.org", subject=f"For {reader}", text="Hello\n", now=MONDAY)
        session.flush()
    session.commit()


def mails(session: Session) -> list[Sent]:
    session.commit()
    rows = session.scalars(select(MailRow).order_by(MailRow.id))
    return [(row.sent_at is not None, row.attempts, row.error) for row in rows]


def messages(session: Session) -> list[Sent]:
    session.commit()
    rows = session.scalars(select(HookDeliveryRow).order_by(HookDeliveryRow.id))
    return [(row.sent_at is not None, row.attempts, row.error) for row in rows]


def send_mails(session: Session, settings: Settings, now: datetime = MONDAY) -> int:
    """Send what is due, as a worker does; return how many tries that took."""
    send, number = sending.mail_by(settings), 0
    while sending.send_next_mail(session, send, at(now)):
        number += 1
    return number


def here(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]


def send_messages(session: Session, settings: Settings, now: datetime = MONDAY) -> int:
    send, number = sending.messages_by(settings, resolve=here, time_limit=0.3), 0
    while sending.send_next_message(session, send, at(now)):
        number += 1
    return number


def make_hook(session: Session, settings: Settings, port: int) -> Settings:
    """Add a web hook to a port of this machine; return the settings that list it."""
    listed = replace(settings, hook_hosts=(*settings.hook_hosts, HookHost("hooks.test", port)))
    address = f"http://hooks.test:{port}/planner"
    hooks.add_hook(session, OPERATOR, address=address, secret=SECRET, listed=listed.hook_hosts)
    return listed


def try_hooks(session: Session, *numbers: int) -> None:
    for number in numbers:
        hooks.try_hook(session, OPERATOR, number)


def test_mails_go_to_the_server_that_is_set(session: Session, settings: Settings) -> None:
    write_mails(session, "olive", "pat")

    with mail_server() as inbox:
        send_mails(session, replace(settings, smtp=inbox.address))

    assert inbox.texts == [(f"{who}@example.org", f"For {who}", "Hello\n") for who in ("olive", "pat")]
    assert mails(session) == [(True, 1, ""), (True, 1, "")]


def test_without_a_server_mails_are_files(session: Session, settings: Settings) -> None:
    write_mails(session, "olive")

    send_mails(session, settings)

    assert [file.name for file in (settings.home / "mail").iterdir()] == ["00000001.eml"]
    assert mails(session) == [(True, 1, "")]


def test_a_change_that_is_rolled_back_sends_nothing(session: Session, settings: Settings) -> None:
    post(session, to="olive@example.org", subject="S", text="T", now=MONDAY)
    session.rollback()

    assert send_mails(session, settings) == 0


def test_a_server_that_is_down_costs_one_try_and_loses_nothing(session: Session, settings: Settings) -> None:
    write_mails(session, "olive", "pat", "otto")
    down = replace(settings, smtp=SmtpServer("localhost", free_port(), Security.NONE))

    tries = send_mails(session, down)
    tried = mails(session)
    with mail_server() as inbox:
        send_mails(session, replace(settings, smtp=inbox.address), MONDAY + MINUTE)

    assert tries == 1
    assert [(sent, attempts) for sent, attempts, _error in tried] == [(False, 1), (False, 0), (False, 0)]
    assert "Connection refused" in tried[0][2]
    assert [to for to, *_rest in inbox.texts] == ["olive@example.org", "pat@example.org", "otto@example.org"]
    assert mails(session) == [(True, 2, ""), (True, 1, ""), (True, 1, "")]


def test_a_mailbox_that_is_not_there_holds_no_other_mail_up(session: Session, settings: Settings) -> None:
    write_mails(session, "nobody", "pat")

    with mail_server() as inbox:
        send_mails(session, replace(settings, smtp=inbox.address))

    assert [to for to, *_rest in inbox.texts] == ["pat@example.org"]
    assert mails(session) == [(False, 1, "the server answered 550 no such mailbox"), (True, 1, "")]
    (given_up,) = hooks.read_troubled_mails(session, OPERATOR)
    assert (given_up.to, given_up.failed_at) == ("nobody@example.org", MONDAY)


def test_a_mail_whose_worker_dies_after_sending_comes_twice_under_one_name(
    session: Session, settings: Settings
) -> None:
    write_mails(session, "olive")

    with mail_server() as inbox:
        deliver = sending.mail_by(replace(settings, smtp=inbox.address))

        def send_and_die(letter: Letter) -> None:
            deliver(letter)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            sending.send_next_mail(session, send_and_die, at(MONDAY))
        session.rollback()
        too_early = send_mails(session, replace(settings, smtp=inbox.address))
        send_mails(session, replace(settings, smtp=inbox.address), MONDAY + MINUTE)

    assert too_early == 0
    assert len({mail["Message-ID"] for mail in inbox.mails}) == 1
    assert (len(inbox.mails), mails(session)) == (2, [(True, 2, "")])


def test_what_breaks_unexpectedly_is_noted_and_the_next_goes_out(session: Session) -> None:
    write_mails(session, "olive", "pat")

    def send(letter: Letter) -> None:
        if letter.to.startswith("olive"):
            raise ZeroDivisionError

    while sending.send_next_mail(session, send, at(MONDAY)):
        pass

    assert mails(session) == [(False, 1, "it could not be sent (ZeroDivisionError)"), (True, 1, "")]


def test_nothing_is_open_in_the_database_while_one_is_sent(session: Session, settings: Settings) -> None:
    write_mails(session, "olive")

    def send(_letter: Letter) -> None:
        with Session(db.engine) as other:  # on SQLite this would wait for us for ever
            post(other, to="pat@example.org", subject="Beside", text="T", now=MONDAY)
            other.commit()

    sending.send_next_mail(session, send, at(MONDAY))

    assert mails(session) == [(True, 1, ""), (False, 0, "")]
    assert settings.smtp is None


def test_a_message_is_signed_over_what_arrives(session: Session, settings: Settings) -> None:
    with receiver() as found:
        listed = make_hook(session, settings, found.port)
        try_hooks(session, 1)
        send_messages(session, listed)

    (got,) = found.got
    assert json.loads(got.body) == {"at": "2026-02-02T08:00:00+00:00", "event": "test"}
    assert got.headers["Planner-Signature"] == signature(SECRET, int(MONDAY.timestamp()), got.body)
    assert (got.headers["Planner-Delivery"], got.headers["Content-Type"]) == ("1", "application/json")
    assert messages(session) == [(True, 1, "")]
    assert SECRET not in str(got)


def test_one_receiver_that_is_down_does_not_keep_the_others(session: Session, settings: Settings) -> None:
    with receiver() as found:
        down = make_hook(session, settings, free_port())
        listed = make_hook(session, down, found.port)
        try_hooks(session, 1, 1, 2, 2)
        tries = send_messages(session, listed)

    assert (tries, len(found.got)) == (3, 2)
    refused = (False, 1, "hooks.test: nobody is there")
    assert messages(session) == [refused, (False, 0, ""), (True, 1, ""), (True, 1, "")]


def test_a_slow_receiver_is_left_and_tried_again(session: Session, settings: Settings) -> None:
    with receiver() as found:
        listed = make_hook(session, settings, found.port)
        found.answers = [lambda _handler: (found.ended.wait(2), None)[1]]
        try_hooks(session, 1)
        send_messages(session, listed)
        tried = messages(session)
        send_messages(session, listed, MONDAY + MINUTE)

    assert [(sent, attempts) for sent, attempts, _error in tried] == [(False, 1)]
    assert messages(session) == [(True, 2, "")]
    assert len({got.headers["Planner-Delivery"] for got in found.got}) == 1


@pytest.mark.parametrize(
    ("number", "headers", "error"),
    [
        (500, {}, "hooks.test answered 500"),
        (302, {"Location": "http://10.0.0.1/"}, "hooks.test answered 302, and redirects are not followed"),
        (307, {"Location": "http://127.0.0.1/"}, "hooks.test answered 307, and redirects are not followed"),
    ],
)
def test_a_refusal_is_kept_until_it_is_taken(
    session: Session, settings: Settings, number: int, headers: dict[str, str], error: str
) -> None:
    with receiver() as found:
        listed = make_hook(session, settings, found.port)
        found.answers = [status(number, **headers)]
        try_hooks(session, 1)
        send_messages(session, listed)
        tried = messages(session)
        send_messages(session, listed, MONDAY + MINUTE)

    assert (tried, messages(session)) == ([(False, 1, error)], [(True, 2, "")])


def test_a_receiver_that_never_takes_it_is_given_up_and_can_be_asked_again(
    session: Session, settings: Settings
) -> None:
    with receiver() as found:
        listed = make_hook(session, settings, found.port)
        found.answers = [status(500)] * 10
        try_hooks(session, 1)
        for hour in range(200):
            send_messages(session, listed, MONDAY + timedelta(hours=hour))
        (given_up,) = hooks.read_deliveries(session, OPERATOR)
        hooks.send_again(session, OPERATOR, hooks.Outgoing.DELIVERY, 1)
        send_messages(session, listed, MONDAY + timedelta(days=30))

    assert (given_up.attempts, given_up.error, given_up.next_try_at) == (10, "hooks.test answered 500", None)
    assert given_up.failed_at is not None
    assert (len(found.got), messages(session)) == (11, [(True, 1, "")])


def test_what_waits_goes_on_when_the_receiver_is_there_again(session: Session, settings: Settings) -> None:
    port = free_port()
    listed = make_hook(session, settings, port)
    try_hooks(session, 1, 1, 1)
    send_messages(session, listed)
    try_hooks(session, 1)  # written while nobody is there: it waits behind the others

    with ExitStack() as stack:
        found = stack.enter_context(receiver())
        listed = replace(listed, hook_hosts=(HookHost("hooks.test", found.port),))
        session.get_one(HookRow, 1)
        moved = f"http://hooks.test:{found.port}/planner"
        session.connection().exec_driver_sql(f"UPDATE hook SET address = '{moved}'")  # noqa: S608 - a test's own
        session.commit()
        early = send_messages(session, listed)
        send_messages(session, listed, MONDAY + MINUTE)

    assert early == 0
    assert [attempts for _sent, attempts, _error in messages(session)] == [2, 1, 1, 1]
    assert [got.headers["Planner-Delivery"] for got in found.got] == ["1", "2", "3", "4"]


def test_a_host_that_is_not_listed_any_more_gets_nothing(session: Session, settings: Settings) -> None:
    with receiver() as found:
        make_hook(session, settings, found.port)
        try_hooks(session, 1)
        send_messages(session, settings)

    assert found.got == []
    ((sent, _attempts, error),) = messages(session)
    assert (sent, error.split(";")[0]) == (
        False,
        f"the address goes to hooks.test:{found.port}, which is not listed",
    )


def test_a_hook_that_is_off_waits_and_goes_on(session: Session, settings: Settings) -> None:
    with receiver() as found:
        listed = make_hook(session, settings, found.port)
        try_hooks(session, 1)
        hooks.switch_hook(session, OPERATOR, 1, on=False)
        while_off = send_messages(session, listed)
        hooks.switch_hook(session, OPERATOR, 1, on=True)
        send_messages(session, listed)

    assert (while_off, messages(session)) == (0, [(True, 1, "")])


def test_two_workers_send_each_mail_once(session: Session) -> None:
    readers = [f"p{n}" for n in range(6)]
    write_mails(session, *readers)
    sent: list[str] = []

    def send(letter: Letter) -> None:
        sent.append(letter.to)
        with Session(db.engine) as other:  # another worker looks while we are at it
            sending.send_next_mail(other, lambda inner: sent.append(inner.to), at(MONDAY))

    while sending.send_next_mail(session, send, at(MONDAY)):
        pass

    assert sorted(sent) == sorted(f"{reader}@example.org" for reader in readers)


def test_a_failure_is_told_without_a_trace_to_the_caller(session: Session) -> None:
    write_mails(session, "olive")

    def send(_letter: Letter) -> None:
        raise NotDelivered("away", is_unreachable=True)

    assert sending.send_next_mail(session, send, at(MONDAY))
    assert mails(session) == [(False, 1, "away")]
