"""Passwords: which ones are taken, how they are kept, and how one is compared."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from planner.domain.errors import InvalidInput, Problem
from planner.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST, LONGEST = 12, 128
OWN_LONGEST = 3  # shorter words of one's own name are in every other word too
REST_SHORTEST = 6  # what must be left when everything that is easy to guess is taken away
OUR_WORDS = ("planner", "password", "welcome", "letmein")

# the least that OWASP asks for; the library's own default is a storm on two cores when a team signs in
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def is_password(password_hash: str | None, password: str) -> bool:
    """Return whether the password is the one of the hash; as much work where there is no hash."""
    try:
        _hasher.verify(password_hash or _hash_of_nobody(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def expect_good_password(password: str, *, own_words: Iterable[str] = ()) -> None:
    """Raise InvalidInput unless this can become somebody's password; any characters will do."""
    if len(password) < SHORTEST:
        _refuse(f"has {len(password)} characters; take at least {SHORTEST}, a few words for example")
    if len(password) > LONGEST:
        _refuse(f"has {len(password)} characters; at most {LONGEST} can be taken")
    if any("\ud800" <= character <= "\udfff" for character in password):
        _refuse("holds half of a character; type it again")
    if _is_easy(fold(password), own_words):
        _refuse("is one that is tried first; take a few words that do not belong together")


def _refuse(message: str) -> None:
    raise InvalidInput(Problem("password", message))


def _is_easy(password: str, own_words: Iterable[str]) -> bool:
    if password in _common_passwords() or len(set(password)) < REST_SHORTEST - 1:
        return True
    own = {word for text in own_words for word in re.split(r"[\W_]+", fold(text)) if len(word) > OWN_LONGEST}
    rest = password
    for word in sorted({*own, *OUR_WORDS}, key=len, reverse=True):
        rest = rest.replace(word, "")
    rest = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", rest)
    return (len(_once(rest)) < REST_SHORTEST and rest != password) or _once(rest) in _common_passwords()


def _once(text: str) -> str:
    """Return "abc" for "abcabc": what is written several times is no longer for it."""
    found = re.fullmatch(r"(.+?)\1+", text)
    return found.group(1) if found else text


@cache
def _common_passwords() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(lines.split())


@cache
def _hash_of_nobody() -> str:
    return hash_password("the password of nobody at all")
