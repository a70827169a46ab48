"""Mail as it goes over the wire: to a real server, or into a folder."""

from __future__ import annotations

import socket
import ssl
import time
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
import trustme

from planner.config import Security, SmtpServer
from planner.delivery import folder, smtp
from planner.delivery.errors import NotDelivered
from planner.delivery.letter import Letter, as_message
from tests.support.disks import files_of_at_most
from tests.support.mail_server import PASSWORD, mail_server

if TYPE_CHECKING:
    from pathlib import Path

SENDER = "planner@example.org"
SILENT = "Connection unexpectedly closed: timed out"
MONDAY = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)
LETTER = Letter(7, "olive@example.org", "“Settlement file” is there.", "Hello Olive,\nit is there.\n", MONDAY)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def refusal(server: SmtpServer, letter: Letter = LETTER, *, time_limit: float = 5.0) -> NotDelivered:
    with pytest.raises(NotDelivered) as refused:
        smtp.send(as_message(letter, SENDER), server, time_limit=time_limit)
    return refused.value


def test_a_mail_arrives_as_it_was_written() -> None:
    with mail_server() as inbox:
        smtp.send(as_message(LETTER, SENDER), inbox.address)

    (mail,) = inbox.mails
    assert inbox.texts == [(LETTER.to, LETTER.subject, LETTER.text)]
    assert {name: mail[name] for name in ("From", "Message-ID", "Auto-Submitted")} == {
        "From": SENDER,
        "Message-ID": "<planner.7.20260202080000@example.org>",
        "Auto-Submitted": "auto-generated",
    }


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_mail_is_encrypted_and_the_planner_signs_in(authority: trustme.CA, security: Security) -> None:
    with mail_server(authority=authority, security=security) as inbox:
        smtp.send(as_message(LETTER, SENDER), inbox.address, trust=trusting(authority))

    assert len(inbox.mails) == 1


def test_a_server_of_an_unknown_authority_gets_neither_mail_nor_password(authority: trustme.CA) -> None:
    with mail_server(authority=authority, security=Security.STARTTLS) as inbox:
        error = refusal(inbox.address)

    assert "CERTIFICATE_VERIFY_FAILED" in str(error)
    assert (inbox.mails, error.is_unreachable) == ([], True)


def test_a_server_that_does_not_encrypt_gets_no_mail_unless_the_setting_says_so() -> None:
    with mail_server() as inbox:
        error = refusal(SmtpServer(inbox.address.host, inbox.address.port, Security.STARTTLS))

    assert str(error).endswith("STARTTLS extension not supported by server.")
    assert inbox.mails == []


def test_a_wrong_password_is_told_without_the_password(authority: trustme.CA) -> None:
    with mail_server(authority=authority, security=Security.STARTTLS) as inbox:
        wrong = SmtpServer("localhost", inbox.address.port, Security.STARTTLS, "planner", "guessed")
        with pytest.raises(NotDelivered) as refused:
            smtp.send(as_message(LETTER, SENDER), wrong, trust=trusting(authority))

    assert str(refused.value) == f"localhost:{wrong.port} did not take the name and password"
    assert PASSWORD not in repr(inbox.address)


def test_a_mailbox_that_is_not_there_is_final_and_the_server_is_fine() -> None:
    with mail_server() as inbox:
        error = refusal(inbox.address, Letter(8, "nobody@example.org", "S", "T", MONDAY))

    assert (str(error), error.is_final, error.is_unreachable) == (
        "the server answered 550 no such mailbox",
        True,
        False,
    )


def test_a_server_that_is_busy_is_asked_again() -> None:
    with mail_server() as inbox:
        inbox.answers = ["451 try later"]
        error = refusal(inbox.address)

    assert (str(error), error.is_final) == ("the server answered 451 try later", False)


def test_a_server_that_is_down_is_unreachable() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        error = refusal(SmtpServer("127.0.0.1", unused.getsockname()[1], Security.NONE))

    assert (error.is_final, error.is_unreachable) == (False, True)


def test_a_server_that_says_nothing_is_left_after_the_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = refusal(SmtpServer("127.0.0.1", silent.getsockname()[1], Security.NONE), time_limit=0.2)

    assert (str(error).partition(": ")[2], error.is_unreachable) == (SILENT, True)


def test_a_server_that_drips_is_left_after_the_limit() -> None:
    with mail_server() as inbox:
        inbox.on_mail = lambda: time.sleep(1)  # longer than the whole may take, shorter than one answer may
        with pytest.raises(NotDelivered) as refused:
            smtp.send(as_message(LETTER, SENDER), inbox.address, whole_limit=0.2)

    assert refused.value.is_unreachable


@pytest.mark.parametrize(
    "hostile",
    [
        "Hello\r\nBcc: all@example.org",
        "Hello\nBcc: x",
        "Hello\x0bBcc: x",
        "Hello\u2028Bcc: x",
        "Hello\x85Bcc: x",
    ],
)
def test_no_subject_adds_a_header(hostile: str) -> None:
    with mail_server() as inbox:
        smtp.send(as_message(Letter(7, LETTER.to, hostile, "T", MONDAY), SENDER), inbox.address)

    (mail,) = inbox.mails
    assert (mail["Bcc"], mail["To"]) == (None, LETTER.to)
    assert mail["Subject"].split(" ")[0] == "Hello"


@pytest.mark.parametrize(
    "address",
    [
        "olive@example.org\r\nBcc: all@example.org",
        "a@example.org, b@example.org",
        "Olive <o@example.org>",
        "",
        "x",
    ],
)
def test_what_is_not_one_address_reaches_nobody(address: str) -> None:
    with pytest.raises(NotDelivered) as refused:
        as_message(Letter(7, address, "S", "T", MONDAY), SENDER)

    assert (str(refused.value), refused.value.is_final) == ("this is no mail address", True)


def test_a_line_of_a_single_dot_and_long_lines_arrive_whole() -> None:
    text = "before\n.\nQUIT\n" + "é" * 3000 + "\n"
    with mail_server() as inbox:
        smtp.send(as_message(Letter(7, LETTER.to, "S", text, MONDAY), SENDER), inbox.address)

    assert inbox.texts == [(LETTER.to, "S", text)]


def test_without_a_server_a_mail_is_a_file_that_its_owner_alone_can_read(tmp_path: Path) -> None:
    for _twice in range(2):
        folder.write(as_message(LETTER, SENDER), tmp_path / "mail", LETTER.number)

    (file,) = (tmp_path / "mail").iterdir()
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (file.name, file.stat().st_mode & 0o777) == ("00000007.eml", 0o600)
    assert (message["To"], message["Subject"]) == (LETTER.to, LETTER.subject)


def test_a_mail_that_the_disk_has_no_room_for_is_told_and_not_half_there(tmp_path: Path) -> None:
    with files_of_at_most(10), pytest.raises(NotDelivered, match="cannot be written: File too large"):
        folder.write(as_message(LETTER, SENDER), tmp_path / "mail", 7)

    assert list((tmp_path / "mail").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file in the way")

    with pytest.raises(NotDelivered, match="the folder for mails cannot be written"):
        folder.write(as_message(LETTER, SENDER), tmp_path / "mail", 7)
