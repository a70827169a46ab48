"""Settings of mail and web hooks: read once, refused with a sentence that names the variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.config import BadSetting, HookHost, ImapServer, Security, SmtpServer, read_settings
from tests.conftest import SECRET
from tests.support.disks import files_of_at_most

if TYPE_CHECKING:
    from pathlib import Path

    from planner.config import Settings


BEFORE = ("an earlier secret, made of many different letters", "0 secret, of the year before that one: 2024")


def read(home: Path, **values: str) -> Settings:
    return read_settings({"PLANNER_HOME": str(home), "PLANNER_SECRET_KEY": SECRET, **values})


def test_without_settings_mail_goes_to_a_folder_and_hooks_nowhere(tmp_path: Path) -> None:
    settings = read(tmp_path)

    assert (settings.smtp, settings.mail_from, settings.address, settings.hook_hosts) == (
        None,
        "planner@localhost",
        "",
        (),
    )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "smtp://planner:p%40ss%25@mail.example.org:2525",
            SmtpServer("mail.example.org", 2525, Security.STARTTLS, "planner", "p@ss%"),
        ),
        ("smtp://mail.example.org", SmtpServer("mail.example.org", 587, Security.STARTTLS)),
        ("smtp://mail.example.org?starttls=1", SmtpServer("mail.example.org", 587, Security.STARTTLS)),
        ("smtp://localhost:25?starttls=0", SmtpServer("localhost", 25, Security.NONE)),
        ("smtps://a:b@mail.example.org", SmtpServer("mail.example.org", 465, Security.TLS, "a", "b")),
    ],
)
def test_a_mail_server_is_an_address(tmp_path: Path, address: str, expected: SmtpServer) -> None:
    assert read(tmp_path, PLANNER_SMTP=address).smtp == expected


def test_the_password_shows_in_no_text_about_the_settings(tmp_path: Path) -> None:
    settings = read(tmp_path, PLANNER_SMTP="smtp://planner:hush@mail.example.org")

    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    "address", ["mail.example.org", "http://x", "smtp://", "smtp://a:hush@b:c", "smtp://a:hush@b?starttls=2"]
)
def test_a_wrong_mail_server_is_refused_without_the_password(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadSetting) as refused:
        read(tmp_path, PLANNER_SMTP=address)

    assert str(refused.value) == (
        "PLANNER_SMTP: expected smtp://user:password@host:587 or smtps://user:password@host:465"
    )


def test_hosts_of_web_hooks_are_listed_with_commas(tmp_path: Path) -> None:
    settings = read(tmp_path, PLANNER_HOOK_HOSTS="Hooks.example.org, 10.0.0.5:8080,[::1]:9000,")

    assert settings.hook_hosts == (
        HookHost("hooks.example.org"),
        HookHost("10.0.0.5", 8080),
        HookHost("::1", 9000),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("PLANNER_HOOK_HOSTS", v)
            for v in ("https://a.example", "a.example/b", "a.example:x", "u@a.example")
        ),
        *(("PLANNER_API_LIMIT", v) for v in ("", "0", "-1", "many", "²", "1000001")),
        *(
            ("PLANNER_ADDRESS", v)
            for v in ("planner.example.org", "ftp://a", "https://", "https://a?b", "http://a:x")
        ),
        *(
            ("PLANNER_MAIL_FROM", v)
            for v in ("planner", "@a", "a@", "Planner <a@b>", "ä@b", "a@b\r\nBcc: c@d")
        ),
    ],
)
def test_what_cannot_be_used_ends_the_start_with_its_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"^{name}: "):
        read(tmp_path, **{name: value})


@pytest.mark.parametrize("key", ["", "dev", "x" * 31, "a" * 64, "changeme" * 5, "12345678" * 8])
def test_a_secret_that_somebody_can_guess_is_refused(tmp_path: Path, key: str) -> None:
    file = tmp_path / "key"
    file.write_text(key)

    with pytest.raises(BadSetting, match="PLANNER_SECRET_KEY: "):
        read_settings({"PLANNER_HOME": str(tmp_path), "PLANNER_SECRET_KEY_FILE": str(file)})


def test_secrets_of_before_stand_one_a_line_in_a_variable_or_a_file(tmp_path: Path) -> None:
    written = "\n".join(("", *BEFORE, ""))
    file = tmp_path / "earlier"
    file.write_text(written)

    found = [
        read(tmp_path, PLANNER_EARLIER_SECRETS=written),
        read(tmp_path, PLANNER_EARLIER_SECRETS_FILE=str(file)),
    ]

    assert [one.earlier_secrets for one in found] == [BEFORE, BEFORE]
    assert not any(key in repr(one) for one in found for key in (*BEFORE, SECRET))


def test_a_secret_that_is_moved_aside_is_one_of_before_and_a_new_one_is_made(tmp_path: Path) -> None:
    home = {"PLANNER_HOME": str(tmp_path)}
    first = read_settings(home)
    (tmp_path / "secret.key").rename(tmp_path / "secret.key.earlier")

    second = read_settings(home)

    assert second.earlier_secrets == (first.secret_key,)
    assert second.secret_key != first.secret_key


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("dev", "PLANNER_EARLIER_SECRETS: 3 characters are too few, take 32 random ones"),
        ("changeme" * 5, "PLANNER_EARLIER_SECRETS: the same few characters again and again can be guessed"),
        (SECRET, "PLANNER_EARLIER_SECRETS: holds the secret of today too, take a new one"),
        ("\n".join((BEFORE[0], BEFORE[0])), "PLANNER_EARLIER_SECRETS: holds the same secret twice"),
    ],
)
def test_a_secret_of_before_that_protects_nobody_is_refused(tmp_path: Path, written: str, said: str) -> None:
    with pytest.raises(BadSetting, match=f"^{said}") as refused:
        read(tmp_path, PLANNER_EARLIER_SECRETS=written)

    assert written not in str(refused.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_of_secrets_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "gone"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(BadSetting, match=r"^PLANNER_EARLIER_SECRETS_FILE: cannot read “.*gone”: "):
        read(tmp_path, PLANNER_EARLIER_SECRETS_FILE=str(file))


def test_links_begin_with_the_address_without_its_last_slash(tmp_path: Path) -> None:
    assert (
        read(tmp_path, PLANNER_ADDRESS="https://example.org/planner/").address
        == "https://example.org/planner"
    )


def test_an_inbox_is_an_address_and_keeps_its_password_to_itself(tmp_path: Path) -> None:
    wrong = [
        "imaps://host",
        "pop3://u:p@host",
        "imaps://u@host",
        "imaps://u:secret@host:x",
        'imaps://u:p@h/"',
    ]
    home = {"PLANNER_HOME": str(tmp_path)}

    found = read_settings(home | {"PLANNER_INBOX": "imaps://me%40x:p%2Fw@mail.x/Replies"})
    plain = read_settings(home | {"PLANNER_INBOX": "imap://me:pw@mail.x"})

    assert found.inbox == ImapServer("mail.x", 993, Security.TLS, "me@x", "p/w", "Replies")
    assert plain.inbox == ImapServer("mail.x", 143, Security.STARTTLS, "me", "pw", "INBOX")
    assert "p/w" not in repr(found)
    for address in wrong:
        with pytest.raises(BadSetting, match="PLANNER_INBOX") as caught:
            read_settings(home | {"PLANNER_INBOX": address})
        assert "secret" not in str(caught.value)


def test_a_secret_that_the_disk_has_no_room_for_is_not_half_there(tmp_path: Path) -> None:
    with files_of_at_most(10), pytest.raises(BadSetting, match=r"^PLANNER_SECRET_KEY_FILE: cannot write “.*"):
        read_settings({"PLANNER_HOME": str(tmp_path)})

    assert list(tmp_path.iterdir()) == []
    assert len(read_settings({"PLANNER_HOME": str(tmp_path)}).secret_key) == 64


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    file = tmp_path / "taken"
    file.write_text("")

    with pytest.raises(BadSetting, match=r"^PLANNER_HOME: cannot make the folder “.*taken/home”: Not a dir"):
        read_settings({"PLANNER_HOME": str(file / "home")})


def test_a_secret_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"^PLANNER_SECRET_KEY_FILE: cannot read “.*"):
        read_settings({"PLANNER_HOME": str(tmp_path), "PLANNER_SECRET_KEY_FILE": str(tmp_path)})
