"""Long lists are read one element after the other, wherever the pieces of the file happen to end."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planner.domain.errors import InvalidInput, Problem
from planner.interchange.safe_json import MEND
from planner.interchange.tools import read_files, source_of
from planner.interchange.tools.rows import Rows, rows_in
from planner.interchange.tools.values import within

if TYPE_CHECKING:
    from typing import BinaryIO

    from planner.interchange.tools import Source

SIMPLE = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(max_size=8)
VALUES = st.recursive(
    SIMPLE | st.floats(allow_nan=False, allow_infinity=False),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=4), some, max_size=3),
    max_leaves=8,
)


class Drops(io.BytesIO):
    """A stream that gives a few bytes at a time, whatever it is asked for."""

    def read(self, size: int | None = -1) -> bytes:
        del size
        return super().read(5)


def dripping(data: bytes) -> Source:
    def opened() -> BinaryIO:
        return Drops(data)

    return replace(source_of(data), open=opened)


def elements(source: Source, *place: str) -> list[object]:
    rows = within(rows_in(source), *place) if place else rows_in(source)
    assert isinstance(rows, Rows)
    return list(rows)


@example([-(10**17)], None, "utf-8")
@given(st.lists(VALUES, max_size=6), st.sampled_from([None, 1]), st.sampled_from(["utf-8", "utf-16"]))
def test_what_is_read_in_drops_is_what_was_written(some: list[object], indent: int | None, code: str) -> None:
    def written(value: object) -> Source:
        return dripping(json.dumps(value, indent=indent, ensure_ascii=False).encode(code))

    assert elements(written(some)) == some
    assert elements(written({"total": 3, "issues": some, "names": {"a": "b"}}), "issues") == some
    nested = {"_links": {}, "_embedded": {"facets": [[]], "elements": some, "more": 1.5}}
    assert elements(written(nested), "_embedded", "elements") == some


@pytest.mark.parametrize(
    "text", ['{"format": "x", "teams": []}', '{"issues": {}}', "{}", '{"a": ', '{"a" 1}']
)
def test_a_file_without_a_long_list_is_left_to_be_read_whole(text: str) -> None:
    assert rows_in(source_of(text.encode())) is None


BROKEN = (
    ('[{"a": 1},\n {"a" 2}]', "line 2, column 7", "this is not JSON: Expecting ':' delimiter"),
    ('{"issues": [\n\n {"a": 1}', "line 3, column 10", "this is not JSON: Expecting ',' or ']'"),
    ('{"issues": [{"a": tru}]}', "line 1, column 19", "this is not JSON: Expecting value"),
    ("[1]\n]", "line 2, column 1", "there is more after its end"),
    ('{"issues": [], "issues": []}', "line 1, column 25", "the name 'issues' stands twice in one object"),
)


@pytest.mark.parametrize(("text", "where", "message"), BROKEN)
def test_broken_json_is_refused_with_its_file_its_place_and_what_to_do(
    text: str, where: str, message: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_files([source_of(text.encode(), "issues.json")])

    assert refused.value.problems == (Problem(f"issues.json, {where}", f"{message}; {MEND}"),)


HOSTILE = (
    ("[" + "[" * 60 + "]" * 60 + "]", "nested more than 50 deep"),
    ("[" * 100_000, "nested more than 50 deep"),
    ('[{"a": 1, "a": 2}]', "stands twice"),
    ("[NaN]", "JSON has no NaN"),
    ("[1e999]", "too large"),
    (r'["\ud800"]', "half a character"),
    ("[" + "1," * 100_000 + "1]", "more than 100,000 rows"),
)


@pytest.mark.parametrize(("text", "message"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_lists_are_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        elements(source_of(text.encode()))


def test_the_share_of_the_bytes_only_grows_and_ends_at_all_of_them() -> None:
    issues = [{"key": f"A-{n}", "fields": {"summary": "x" * 500, "project": "p"}} for n in range(2_000)]
    data = json.dumps({"issues": issues}).encode()
    told: list[int] = []

    read_files([replace(source_of(data, "jira.json"), tell=told.append)])

    assert told == sorted(told)
    assert (told[-1], len(told) > 4) == (len(data), True)
