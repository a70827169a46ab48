"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import pytest

from planner.domain.errors import InvalidInput
from planner.services.accounts.passwords import expect_good_password, hash_password, is_password

OWN = ("olive.owner@example.org", "Olive Owner")
EASY = "password: is one that is tried first; take a few words that do not belong together"


@pytest.mark.parametrize(
    "password",
    [
        "four quiet words tonight",
        "Tr0ub4dor&3 is fine too",
        "            leading spaces count",
        "長い秘密の言葉をここに書きます",
        "n7Qw-2zLp-9vXc",
        "x" * 40 + "abcdefghijkl",
        "olive trees by the harbour",
        "planner of quiet mornings",
    ],
)
def test_a_password_that_is_hard_to_guess_is_taken(password: str) -> None:
    expect_good_password(password, own_words=OWN)

    assert is_password(hash_password(password), password)


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password1234!",
        "1qaz2wsx3edc",
        "qwerty123456",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "121212121212",
        "OliveOwner123",
        "owner@example.org",
        "planner12345",
        "dragondragon",
        "welcome2planner",
    ],
)
def test_a_password_that_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        expect_good_password(password, own_words=OWN)

    assert str(refused.value) == EASY


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("", "password: has 0 characters; take at least 12, a few words for example"),
        ("elevenchars", "password: has 11 characters; take at least 12, a few words for example"),
        ("long " * 30, "password: has 150 characters; at most 128 can be taken"),
        ("half a character \ud800", "password: holds half of a character; type it again"),
    ],
)
def test_a_password_of_the_wrong_length_is_refused(password: str, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        expect_good_password(password)

    assert str(refused.value) == message


def test_a_hash_is_slow_and_salted_as_it_should_be() -> None:
    first, second = hash_password("four quiet words"), hash_password("four quiet words")

    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second


def test_where_there_is_no_hash_nothing_is_right() -> None:
    assert not is_password(None, "the password of nobody at all")
    assert not is_password("not a hash", "not a hash")
