"""Settings, read from the environment once at start."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MEGABYTE = 1024 * 1024
SECRET_MIN_LENGTH = 32
SECRET_MIN_DIFFERENT = 9  # characters; of 32 random hexadecimal ones, fewer are one chance in 500,000
EARLIER_SECRETS = "secret.key.earlier"
PROXIES_MAX = 9
API_LIMIT = 600
API_LIMIT_MAX = 1_000_000


class BadSetting(Exception):
    """A setting cannot be used; the message names it and says what would do."""


def utc_now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


class SignIn(StrEnum):
    """How people say who they are: by choosing, in a trial, or with an account."""

    CHOOSE = "choose"
    ACCOUNTS = "accounts"


@dataclass(frozen=True)
class OpenId:
    """The provider of the house that also knows who somebody is."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


class Security(StrEnum):
    """How the connection to a mail server is kept from others."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True)
class SmtpServer:
    """Where mails are handed over. The password shows in no text about it."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class ImapServer:
    """The mailbox that replies come to. The password shows in no text about it."""

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


@dataclass(frozen=True)
class HookHost:
    """A host that web hooks may go to; with a port to exactly that, and then inside the own network too."""

    name: str
    port: int | None = None


@dataclass(frozen=True)
class Settings:
    """What an operator can choose. `docs/settings.md` describes each with its variable."""

    home: Path
    database_url: str
    secret_key: str = field(repr=False)
    earlier_secrets: tuple[str, ...] = field(default=(), repr=False)
    upload_limit: int = 100 * MEGABYTE
    secure_cookies: bool = False
    trusted_hosts: tuple[str, ...] = ()
    dot: str = ""
    sign_in: SignIn = SignIn.CHOOSE
    proxies: int = 0
    openid: OpenId | None = None
    smtp: SmtpServer | None = None
    mail_from: str = "planner@localhost"
    inbox: ImapServer | None = None
    address: str = ""
    hook_hosts: tuple[HookHost, ...] = ()
    api_limit: int = API_LIMIT
    clock: Callable[[], datetime] = field(default=utc_now)


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of this process.

    Creates the data folder and a secret key in it on first use. Raises BadSetting.
    """
    values = os.environ if environment is None else environment
    home = Path(values.get("PLANNER_HOME", "instance")).absolute()
    _make(home)
    hosts = values.get("PLANNER_TRUSTED_HOSTS", "")
    secret = _secret_key(values, home)
    return Settings(
        home=home,
        database_url=_database_url(values.get("PLANNER_DATABASE_URL", ""), home),
        secret_key=secret,
        earlier_secrets=_earlier_secrets(values, home, secret),
        secure_cookies=_is_on(values, "PLANNER_SECURE_COOKIES"),
        trusted_hosts=tuple(host for name in hosts.split(",") if (host := name.strip())),
        dot=values.get("PLANNER_DOT", ""),
        sign_in=_sign_in(values.get("PLANNER_SIGN_IN", SignIn.ACCOUNTS)),
        proxies=_proxies(values.get("PLANNER_PROXIES", "0")),
        openid=_openid(values),
        smtp=_smtp(values.get("PLANNER_SMTP", "")),
        mail_from=_mail_from(values.get("PLANNER_MAIL_FROM", "planner@localhost")),
        inbox=_inbox(values.get("PLANNER_INBOX", "")),
        address=_address(values.get("PLANNER_ADDRESS", "")),
        hook_hosts=tuple(
            _hook_host(entry)
            for name in values.get("PLANNER_HOOK_HOSTS", "").split(",")
            if (entry := name.strip())
        ),
        api_limit=_api_limit(values.get("PLANNER_API_LIMIT", str(API_LIMIT))),
    )


def _api_limit(text: str) -> int:
    if not re.fullmatch("[0-9]{1,7}", text) or not 1 <= int(text) <= API_LIMIT_MAX:
        raise BadSetting(
            f"PLANNER_API_LIMIT: read “{text[:20]}”, expected requests a minute, 1 to {API_LIMIT_MAX}"
        )
    return int(text)


def _is_on(values: Mapping[str, str], name: str) -> bool:
    value = values.get(name, "")
    if value not in {"", "0", "1"}:
        raise BadSetting(f"{name}: read “{value}”, expected 1 for on or 0 for off")
    return value == "1"


def _sign_in(word: str) -> SignIn:
    try:
        return SignIn(word)
    except ValueError:
        raise BadSetting(f"PLANNER_SIGN_IN: read “{word}”, expected accounts or choose") from None


def _proxies(text: str) -> int:
    if not text.isdecimal() or int(text) > PROXIES_MAX:
        raise BadSetting(f"PLANNER_PROXIES: read “{text}”, expected how many proxies are in front, 0 to 9")
    return int(text)


def _openid(values: Mapping[str, str]) -> OpenId | None:
    issuer = values.get("PLANNER_OIDC_ISSUER", "").rstrip("/")
    if not issuer:
        return None
    file = values.get("PLANNER_OIDC_CLIENT_SECRET_FILE", "")
    secret = Path(file).read_text().strip() if file else values.get("PLANNER_OIDC_CLIENT_SECRET", "")
    client = values.get("PLANNER_OIDC_CLIENT_ID", "")
    if not client or not secret:
        raise BadSetting(
            "PLANNER_OIDC_ISSUER: needs PLANNER_OIDC_CLIENT_ID and PLANNER_OIDC_CLIENT_SECRET too"
        )
    return OpenId(issuer, client, secret)


def _database_url(url: str, home: Path) -> str:
    if not url:
        return f"sqlite:///{home / 'planner.db'}"
    if url.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    if url.startswith(("sqlite:", "postgresql+psycopg:")):
        return url
    raise BadSetting("PLANNER_DATABASE_URL: expected sqlite:///… or postgresql://…")


def _smtp(address: str) -> SmtpServer | None:
    if not address:
        return None
    wrong = "PLANNER_SMTP: expected smtp://user:password@host:587 or smtps://user:password@host:465"
    parts, port = _split(address, wrong)
    starttls = parse_qs(parts.query).get("starttls", ["1"])[-1]
    if parts.scheme not in {"smtp", "smtps"} or parts.hostname is None or starttls not in {"0", "1"}:
        raise BadSetting(wrong)  # without what was read: it holds a password
    security = Security.STARTTLS if starttls == "1" else Security.NONE
    usual = 587
    if parts.scheme == "smtps":
        security, usual = Security.TLS, 465
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return SmtpServer(parts.hostname, port or usual, security, user, password)


def _inbox(address: str) -> ImapServer | None:
    if not address:
        return None
    wrong = "PLANNER_INBOX: expected imaps://user:password@host:993/INBOX, or imap:// for STARTTLS"
    parts, port = _split(address, wrong)
    starttls = parse_qs(parts.query).get("starttls", ["1"])[-1]
    folder = unquote(parts.path.lstrip("/")) or "INBOX"
    is_whole = parts.hostname and parts.username and parts.password and starttls in {"0", "1"}
    if parts.scheme not in {"imap", "imaps"} or not is_whole or not folder.isprintable() or '"' in folder:
        raise BadSetting(wrong)  # without what was read: it holds a password
    security = Security.STARTTLS if starttls == "1" else Security.NONE
    usual = 143
    if parts.scheme == "imaps":
        security, usual = Security.TLS, 993
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return ImapServer(parts.hostname or "", port or usual, security, user, password, folder)


def _mail_from(address: str) -> str:
    name, at, host = address.rpartition("@")
    if not (name and at and host and address.isascii() and address.isprintable()) or " " in address:
        raise BadSetting(f"PLANNER_MAIL_FROM: read “{address}”, expected an address like planner@example.org")
    return address


def _address(address: str) -> str:
    wrong = (
        f"PLANNER_ADDRESS: read “{address}”, expected where people reach it, like https://planner.example.org"
    )
    parts, _port = _split(address, wrong)
    if address and (
        parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment
    ):
        raise BadSetting(wrong)
    return address.rstrip("/")


def _hook_host(entry: str) -> HookHost:
    wrong = f"PLANNER_HOOK_HOSTS: read “{entry}”, expected hosts like hooks.example.org or 10.0.0.5:8080"
    parts, port = _split(f"//{entry}", wrong)
    if not parts.hostname or parts.path or parts.query or parts.username is not None:
        raise BadSetting(wrong)
    return HookHost(parts.hostname, port)


def _split(address: str, wrong: str) -> tuple[SplitResult, int | None]:
    """Return the parts of an address and its port. Raises BadSetting with what is said when it is none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise BadSetting(wrong) from None
    return parts, port


def _secret_key(values: Mapping[str, str], home: Path) -> str:
    key = values.get("PLANNER_SECRET_KEY", "")
    if not key:
        file = Path(values.get("PLANNER_SECRET_KEY_FILE", home / "secret.key"))
        key = _read(file, "PLANNER_SECRET_KEY_FILE").strip() if file.exists() else _new_secret(file)
    _refuse_what_can_be_guessed("PLANNER_SECRET_KEY", key)
    return key


def _earlier_secrets(values: Mapping[str, str], home: Path, secret: str) -> tuple[str, ...]:
    """Return the secrets of before, under which what people still hold is believed for a while."""
    name, by_default = "PLANNER_EARLIER_SECRETS", home / EARLIER_SECRETS
    text, file = values.get(name, ""), values.get("PLANNER_EARLIER_SECRETS_FILE", "")
    if not text and (file or by_default.exists()):
        text = _read(Path(file) if file else by_default, "PLANNER_EARLIER_SECRETS_FILE")
    keys = tuple(key for line in text.splitlines() if (key := line.strip()))
    for key in keys:
        _refuse_what_can_be_guessed(name, key)
    if secret in keys:
        raise BadSetting(f"{name}: holds the secret of today too, take a new one for PLANNER_SECRET_KEY")
    if len(set(keys)) < len(keys):
        raise BadSetting(f"{name}: holds the same secret twice, leave one of them out")
    return keys


def _read(file: Path, name: str) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise BadSetting(f"{name}: cannot read “{file}”: {why}") from None


def _refuse_what_can_be_guessed(name: str, key: str) -> None:
    if len(key) < SECRET_MIN_LENGTH:
        raise BadSetting(f"{name}: {len(key)} characters are too few, take {SECRET_MIN_LENGTH} random ones")
    if len(set(key)) < SECRET_MIN_DIFFERENT:
        raise BadSetting(f"{name}: the same few characters again and again can be guessed, take random ones")


def _make(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"PLANNER_HOME: cannot make the folder “{home}”: {error.strerror}") from None


def _new_secret(file: Path) -> str:
    """Write a secret, whole or not at all, and return it. Raises BadSetting."""
    key = secrets.token_urlsafe(48)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as stream:
                stream.write(key)
        except OSError:
            file.unlink()
            raise
    except OSError as error:
        raise BadSetting(f"PLANNER_SECRET_KEY_FILE: cannot write “{file}”: {error.strerror}") from None
    return key
