"""Tables: safe to open in a spreadsheet, and the same list when they come back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.errors import InvalidInput, Problem
from planner.domain.transfer import DependencyDraft, Draft, TeamDraft
from planner.interchange.csv import CsvList, read_csv, write_csv
from planner.interchange.csv.cells import joined_pairs, neutral, original, split_pairs
from planner.interchange.ordering import ordered
from tests.interchange.drafts import TWO_TEAMS, drafts, texts, words

HEADER = b"key,consumer,provider,what,needed_by\r\n"


def problems_in(data: bytes, kind: CsvList = CsvList.DEPENDENCIES) -> tuple[Problem, ...]:
    with pytest.raises(InvalidInput) as refused:
        read_csv(kind, data)
    return refused.value.problems


def test_a_list_is_written_with_a_header_and_rows() -> None:
    assert write_csv(CsvList.DEPENDENCIES, TWO_TEAMS) == (
        b"key,consumer,provider,what,needed_by,promised_for,state,goal,horizon,item,kind,gap\r\n"
        b"file,pay,api,Settlement file,2026-03-30,,asked,tap,,,hand-over,0.5\r\n"
    )


def test_teams_carry_their_people() -> None:
    assert write_csv(CsvList.TEAMS, TWO_TEAMS) == (
        b"key,name,area,purpose,place,deciders,members\r\n"
        b"api,Partner API,,,,,\r\n"
        b"pay,Payments,,,,dana = Product owner,\r\n"
    )


@settings(max_examples=40, deadline=None)
@given(drafts(), st.sampled_from(CsvList))
def test_every_list_survives_the_way_out_and_in(draft: Draft, kind: CsvList) -> None:
    written = write_csv(kind, draft)

    read = read_csv(kind, written).draft

    assert write_csv(kind, read) == written
    if kind is not CsvList.TEAMS:
        assert getattr(read, kind) == getattr(ordered(draft), kind)


@given(texts | st.sampled_from(["=1+1", "'=1", "''@x", "'a", " =1", "-5 ms goal", "\t=1", "＝1", "'"]))
def test_an_apostrophe_comes_off_as_it_went_on(text: str) -> None:
    cell = neutral(text)

    assert original(cell) == text
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@given(st.lists(st.tuples(words, texts)))
def test_people_and_roles_survive_in_one_cell(pairs: list[tuple[str, str]]) -> None:
    assert split_pairs(joined_pairs(pairs)) == tuple((name, role or None) for name, role in pairs)


def test_a_name_alone_tells_no_role_and_a_sign_after_it_an_empty_one() -> None:
    assert split_pairs("ann; ben =; cem = Tester") == (("ann", None), ("ben", ""), ("cem", "Tester"))


def test_a_formula_in_a_name_is_only_text() -> None:
    draft = Draft(teams=(TeamDraft("a", '=cmd|" /C calc"!A0'),))

    written = write_csv(CsvList.TEAMS, draft)

    assert written.splitlines()[1] == b"""a,"'=cmd|"" /C calc""!A0",,,,,"""
    assert read_csv(CsvList.TEAMS, written).draft == draft


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_may_be_few_in_any_order_and_marked_otherwise(delimiter: str) -> None:
    rows = [["What", "Provider", "consumer", "key", "needed_by"], ["File", "api", "pay", "f", "2026-03-30"]]
    text = "\n".join(delimiter.join(row) for row in rows)

    assert read_csv(CsvList.DEPENDENCIES, b"\xef\xbb\xbf" + text.encode()).draft.dependencies == (
        DependencyDraft("f", "pay", "api", "File", date(2026, 3, 30)),
    )


def test_all_problems_of_a_table_are_told_with_their_lines() -> None:
    rows = b'f,pay,api,"two\r\nlines",2026-13-02\r\n\r\nf,pay,pay,File,soon,one more\r\n'

    assert problems_in(HEADER + rows) == (
        Problem("line 5", "has 6 cells, expected at most 5"),
        Problem("line 2, what", "holds the control character U+000D"),
        Problem("line 2, needed_by", "read '2026-13-02', expected a date like 2026-03-02"),
        Problem("line 5, needed_by", "read 'soon', expected a date like 2026-03-02"),
        Problem("line 5, provider", "'pay' is the consumer too; a team needs nothing of itself"),
        Problem("line 5, key", "'f' stands already in line 2"),
    )


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", Problem("", "the file is empty")),
        (b"name,admin", Problem("line 1", "'admin' is not a column here, expected name, zone")),
        (b"name,NAME", Problem("line 1", "the column 'name' stands twice")),
        (b"zone\r\nUTC", Problem("line 2, name", "is missing")),
        (b'name\r\n"Dock', Problem("line 2", "this is not CSV: unexpected end of data")),
        (b"name\r\n" + b"x" * 131_073,
         Problem("line 2", "this is not CSV: field larger than field limit (131072)")),
        (b"name\r\n" + b"x\r\n" * 100_001, Problem("", "the file has more than 100,000 rows; split it")),
        (b"name\r\nDock\r\nDOCK", Problem("line 3, name", "'DOCK' stands already in line 2")),
    ],
)  # fmt: skip
def test_a_wrong_table_is_refused_in_words(data: bytes, problem: Problem) -> None:
    assert problems_in(data, CsvList.PLACES) == (problem,)
