"""Many lines: lists and tables of the corpus, what is left out, and the limits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from planner.domain.errors import Problem
from planner.domain.paste import MAX_LINES, read_paste
from planner.domain.sentence import Status
from tests.domain.corpus.reader import pastes, sentences
from tests.domain.larkfield import LARKFIELD


def test_pastes_have_the_lines_that_are_expected() -> None:
    expected = [[number for number, _ in paste.lines] for paste in pastes()]

    found = [[line.number for line in read_paste(paste.text, LARKFIELD)] for paste in pastes()]

    assert found == expected


def test_pastes_are_read_right() -> None:
    missed = [
        (paste.title, number)
        for paste in pastes()
        for line, (number, expected) in zip(read_paste(paste.text, LARKFIELD), paste.lines, strict=True)
        if not expected.is_met(line.reading)
    ]

    assert missed == []


def test_the_corpus_pasted_at_once_is_read_like_its_lines() -> None:
    lines = [line for line in sentences() if not line.text.startswith("#")]

    found = read_paste("\r\n".join(line.text for line in lines), LARKFIELD)

    assert [line for line, read in zip(lines, found, strict=True) if line.is_guessed(read.reading)] == []


def test_blank_lines_comments_and_rulers_are_left_out_and_numbers_stay() -> None:
    text = "\ufeff\n# needs\n-----\n\u00a0\n```\nToken from Identity\n"

    lines = read_paste(text, LARKFIELD)

    assert [(line.number, line.text, line.reading.status) for line in lines] == [
        (6, "Token from Identity", Status.READY)
    ]


def test_nothing_pasted_gives_no_lines() -> None:
    assert read_paste("", LARKFIELD) == ()


def test_one_line_too_many_names_itself() -> None:
    lines = read_paste("hello\n" * (MAX_LINES + 2), LARKFIELD)

    assert len(lines) == MAX_LINES + 1
    assert lines[-1].reading.problems == (
        Problem("line 5001", "read 5002 lines; expected at most 5000, the rest was not read"),
    )


def test_a_line_too_long_names_itself() -> None:
    lines = read_paste("Token from Identity\n" + "x" * 100_000, LARKFIELD)

    assert [line.reading.status for line in lines] == [Status.READY, Status.UNREADABLE]
    assert lines[1].reading.problems == (
        Problem("line 2", "the line has 100000 characters; expected at most 2000"),
    )


@given(st.text(alphabet='ab,;|\t\n" Identity', max_size=200) | st.text(max_size=200))
def test_no_paste_raises(text: str) -> None:
    lines = read_paste(text, LARKFIELD)

    assert [line.number for line in lines] == sorted({line.number for line in lines})
