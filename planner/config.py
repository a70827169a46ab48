"""Settings, read from the environment once at start."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MEGABYTE = 1024 * 1024
SECRET_MIN_LENGTH = 32
PROXIES_MAX = 9


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


@dataclass(frozen=True)
class Settings:
    """What an operator can choose. `docs/settings.md` describes each with its variable."""

    home: Path
    database_url: str
    secret_key: str
    upload_limit: int = 20 * MEGABYTE
    secure_cookies: bool = False
    trusted_hosts: tuple[str, ...] = ()
    dot: str = ""
    sign_in: SignIn = SignIn.CHOOSE
    address: str = ""
    proxies: int = 0
    openid: OpenId | None = None
    clock: Callable[[], datetime] = field(default=utc_now)


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of this process.

    Creates the data folder and a secret key in it on first use. Raises BadSetting.
    """
    values = os.environ if environment is None else environment
    home = Path(values.get("PLANNER_HOME", "instance")).absolute()
    home.mkdir(parents=True, exist_ok=True)
    hosts = values.get("PLANNER_TRUSTED_HOSTS", "")
    return Settings(
        home=home,
        database_url=_database_url(values.get("PLANNER_DATABASE_URL", ""), home),
        secret_key=_secret_key(values, home),
        secure_cookies=_is_on(values, "PLANNER_SECURE_COOKIES"),
        trusted_hosts=tuple(host for name in hosts.split(",") if (host := name.strip())),
        dot=values.get("PLANNER_DOT", ""),
        sign_in=_sign_in(values.get("PLANNER_SIGN_IN", SignIn.ACCOUNTS)),
        address=_address(values.get("PLANNER_ADDRESS", "")),
        proxies=_proxies(values.get("PLANNER_PROXIES", "0")),
        openid=_openid(values),
    )


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


def _address(text: str) -> str:
    """Return the address without a slash at its end."""
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/")):
        raise BadSetting(f"PLANNER_ADDRESS: read “{text}”, expected one like https://planner.example.org")
    return text.rstrip("/")


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


def _secret_key(values: Mapping[str, str], home: Path) -> str:
    key = values.get("PLANNER_SECRET_KEY", "")
    if not key:
        file = Path(values.get("PLANNER_SECRET_KEY_FILE", home / "secret.key"))
        key = file.read_text().strip() if file.exists() else _new_secret(file)
    if len(key) < SECRET_MIN_LENGTH:
        raise BadSetting(
            f"PLANNER_SECRET_KEY: {len(key)} characters are too few, take {SECRET_MIN_LENGTH} random ones"
        )
    return key


def _new_secret(file: Path) -> str:
    key = secrets.token_urlsafe(48)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(key)
    return key
