"""`planner import` with an export of another tool: looked at, turned round, brought in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from planner.examples import larkfield

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Terminal

JIRA = """Issue key,Summary,Team,Inward issue link (Blocks)
PAY-1,Checkout,Payments,ID-7
ID-7,Login token,Identity,
"""


@pytest.fixture
def export(tmp_path: Path) -> str:
    file = tmp_path / "jira.csv"
    file.write_text(JIRA)
    return str(file)


def test_a_preview_says_in_sentences_what_would_come_in_and_writes_nothing(
    terminal: Terminal, export: str
) -> None:
    said = terminal.run("import", export, "--preview").stdout.splitlines()

    assert said == [
        "Read as Jira.",
        "2 items, 1 link.",
        "Blocks (1): Payments needs “Login token” from Identity.",
        "Identity: a new team.",
        "Payments: a new team.",
        "Dependencies: 1 new, 0 changed, 0 as they are.",
    ]
    assert terminal.organisation().dependencies == ()


def test_a_preview_of_what_is_here_already_says_that_nothing_changes(
    terminal: Terminal,
) -> None:
    file = terminal.home / "larkfield.json"
    file.write_bytes(larkfield())
    terminal.run("import", str(file))

    seen = json.loads(terminal.run("import", str(file), "--preview", "--json").stdout)

    assert {(new, changed) for _list, new, changed, _same in seen["records"]} == {(0, 0)}


def test_a_preview_says_what_a_file_would_empty(terminal: Terminal) -> None:
    file = terminal.home / "goals.csv"
    terminal.run("import", _at(terminal.home / "larkfield.json", larkfield()))
    (goal, *_others) = terminal.organisation().goals
    file.write_text(f"key,outcome,due_on\n{goal.key},{goal.outcome},\n")

    said = terminal.run("import", str(file), "--preview").stdout.splitlines()

    assert said == [
        "Read as a list of planner.",
        "goals: 0 new, 1 changed, 0 as they are.",
        f"Will go, because the file has nothing there: due on of “{goal.outcome}”, {goal.due_on}.",
    ]


def _at(file: Path, data: bytes) -> str:
    file.write_bytes(data)
    return str(file)


def test_a_type_of_link_is_turned_round_and_no_progress_goes_into_a_pipe(
    terminal: Terminal, export: str
) -> None:
    done = terminal.run("import", export, "--turn", "Blocks")

    organisation = terminal.organisation()
    found = organisation.dependencies[0]
    assert (organisation.team[found.consumer_id].name, found.what) == ("Identity", "Checkout")
    assert done.stdout == "3 records read, added 2 teams, 1 dependency, 0 changed, 0 remarks.\n"
    assert done.stderr == ""


def test_a_type_of_link_that_is_not_there_is_named(terminal: Terminal, export: str) -> None:
    refused = terminal.run("import", export, "--turn", "Clones", code=1)

    assert "There is no type of link “Clones” in this file; it has Blocks." in refused.stderr


@pytest.mark.slow
def test_the_cost_of_a_large_import_is_measured_beside_the_least(terminal: Terminal) -> None:
    measured = terminal.read("bench", "import", "--rows", "400", "--json")

    assert sorted(measured) == ["bare", "import", "import_json", "ratio"]
    assert [measured[way]["rows"] for way in ("bare", "import", "import_json")] == [400, 400, 400]
