"""Files that nobody should send: each is refused in words, and nothing but InvalidInput is raised."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.errors import InvalidInput
from planner.domain.transfer import Draft, Reading
from planner.interchange.json import read_organisation, write_organisation
from planner.interchange.safe_json import MEND, load_json
from planner.interchange.tools import read_files, source_of
from planner.interchange.tools.registry import Contents
from tests.interchange.drafts import TWO_TEAMS, read_whole

AS_TEXT = "which starts no character there; save it as plain text in UTF-8"
DEEP = b"[" * 51 + b"]" * 51

HOSTILE = [
    (b"", "the file is empty"),
    (b" \r\n", "the file is empty"),
    (b"\xef\xbb\xbf", "the file is empty"),
    (b" " * (20 * 1024 * 1024) + b"{}", "the file has 20.0 MB, at most 20 MB are read"),
    (
        b'{"name": "Caf\xe9"}',
        f"the file is not UTF-8: byte 13 is 0xe9, {AS_TEXT}",
    ),
    (
        b'\xef\xbb\xbf{"name": "\xff"}',
        f"the file is not UTF-8: byte 13 is 0xff, {AS_TEXT}",
    ),
    (
        b'{"a": 1}\x00',
        "there is a NUL character at position 8: this is not a text file; save it as plain text in UTF-8",
    ),
    (b"{", f"line 1, column 2: this is not JSON: Expecting property name enclosed in double quotes; {MEND}"),
    (b'{"a": 1}\n]', f"line 2, column 1: this is not JSON: Extra data; {MEND}"),
    (DEEP, "lists and objects are nested more than 50 deep"),
    (b"[" * 100_000, "lists and objects are nested more than 50 deep"),
    (b'{"a":' * 100_000, "lists and objects are nested more than 50 deep"),
    (b'{"gap": NaN}', "read NaN, expected a number; JSON has no NaN"),
    (b'{"gap": -Infinity}', "read -Infinity, expected a number; JSON has no -Infinity"),
    (b'{"gap": 1e999}', "the number 1e999 is too large"),
    (b'{"gap": ' + b"9" * 5000 + b"}", f"the number {'9' * 40} is too large"),
    (b'{"name": "\\ud800"}', "\\ud800 is half a character; it needs its other half"),
    (b'{"a": 1, "a": 2}', "the name 'a' stands twice in one object"),
    (
        b'{"teams": [' + b"1," * 100_000 + b"1]}",
        "the file has 100,001 rows, at most 100,000 are read; split it",
    ),
]


@pytest.mark.parametrize(("data", "message"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_file_is_refused_in_words(data: bytes, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        load_json(data)

    assert str(refused.value) == message


@pytest.mark.parametrize("value", [[], {}, {"teams": []}, {"format": "x"}])
def test_json_that_is_no_organisation_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput, match="organisation"):
        read_whole(json.dumps(value).encode())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_does_no_harm(encoding: str) -> None:
    data = write_organisation(TWO_TEAMS).decode().encode(encoding)

    assert read_whole(data) == read_whole(write_organisation(TWO_TEAMS))


def test_brackets_and_quotes_inside_text_are_no_nesting() -> None:
    name = '[{"' * 60 + "\\"

    assert read_whole(write_organisation(Draft(name=name))) == Reading(Draft(name=name))


def test_both_halves_of_an_escaped_character_are_one() -> None:
    data = b'{"format": "planner-organisation/1", "name": "\\ud83d\\ude82"}'

    assert read_whole(data) == Reading(Draft(name="🚂"))


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_else(data: bytes) -> None:
    assert outcome(data) in {Contents, InvalidInput}


def outcome(data: bytes) -> type:
    try:
        return type(read_files([source_of(data)]))
    except InvalidInput as refusal:
        return type(refusal)


NAMES = """id key name from_team to_team members person role meetings time day tz needed_by status owner
teams commit sources milestones set hours consumer provider what item period released kind parent"""


def json_values() -> st.SearchStrategy[object]:
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    names = st.sampled_from(NAMES.split())
    words = st.sampled_from(
        ["a", "b", "A", "a (b)", "V1.37", "v1.37", "2025h1", "0000h1", "2026-13-01", "25:99", "13PM", "lead"]
    )
    return st.recursive(
        leaves | words,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6),
        max_leaves=30,
    )


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["format", "meta"]),
    st.fixed_dictionaries(
        {name: json_values() for name in ("meta", "people", "teams", "dependencies", "goals")}
    ),
)
def test_random_records_are_refused_in_words_or_become_a_sound_organisation(
    kind: str, parts: dict[str, object]
) -> None:
    value = {**parts, "format": "planner-organisation/1"} if kind == "format" else parts

    try:
        found = read_whole(json.dumps(value).encode())
    except InvalidInput:
        return
    assert write_organisation(read_organisation(write_organisation(found.draft)).draft)
