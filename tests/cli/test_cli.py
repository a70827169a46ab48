"""The command line: what it prints, how it ends, and that an error is one sentence."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from planner.bench.organisations import clustered
from planner.examples import larkfield
from planner.interchange.json import write_organisation

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Terminal


@pytest.fixture
def example(tmp_path: Path) -> str:
    """The path of a file with the example organisation."""
    file = tmp_path / "larkfield.json"
    file.write_bytes(larkfield())
    return str(file)


def test_importing_says_what_came_in_and_the_second_time_that_nothing_did(
    terminal: Terminal, example: str
) -> None:
    first = terminal.run("import", example).stdout.splitlines()[-1]
    second = terminal.run("import", example).stdout.splitlines()[-1]

    assert " records read, added " in first
    assert f"{len(terminal.organisation().teams)} teams" in first
    assert second.endswith("added nothing, 0 changed, 0 remarks.")


def test_the_report_is_there_as_json_too(terminal: Terminal, example: str) -> None:
    report = terminal.read("import", example, "--json")

    organisation = terminal.organisation()
    assert sorted(report) == ["added", "change", "changed", "kept", "read", "remarks"]
    assert report["added"]["teams"] == len(organisation.teams)
    assert report["added"]["dependencies"] == len(organisation.dependencies)


def test_what_is_exported_can_be_imported_after_everything_was_removed(
    terminal: Terminal, example: str, tmp_path: Path
) -> None:
    terminal.run("import", example)
    copy = tmp_path / "copy.json"
    terminal.run("export", "--to", str(copy))

    assert "brings it back." in terminal.run("wipe", "--yes").stdout
    assert terminal.run("wipe", "--yes").stdout == "There was nothing.\n"
    terminal.run("import", str(copy), "--quiet")

    assert terminal.run("export").stdout_bytes == copy.read_bytes()


def test_removing_everything_asks_first(terminal: Terminal, example: str) -> None:
    terminal.run("import", example)

    answer = terminal.run("wipe", code=1)

    assert "Remove every team, person, session and dependency?" in answer.output
    assert terminal.organisation().teams


def test_the_time_goes_to_standard_error_and_leaves_the_answer_as_it_is(
    terminal: Terminal, example: str
) -> None:
    terminal.run("import", example)

    timed, plain = terminal.run("suggest", "--json", "--time"), terminal.run("suggest", "--json")

    assert timed.stdout == plain.stdout
    assert re.match(r"\d+\.\d\d s; ", timed.stderr)


def test_no_effort_gives_the_first_plan_and_keeps_it_from_nobody_who_wants_more(
    terminal: Terminal,
) -> None:
    terminal.home.joinpath("large.json").write_bytes(write_organisation(clustered(9)))
    terminal.run("import", str(terminal.home / "large.json"))

    first = terminal.read("suggest", "--effort", "0", "--json")
    whole = terminal.read("suggest", "--json")

    assert whole["cost"] <= first["cost"]
    assert terminal.read("suggest", "--effort", "0", "--json") == first


def test_table_and_json_of_a_suggestion_have_the_same_numbers(terminal: Terminal, example: str) -> None:
    terminal.run("import", example)

    values = terminal.read("suggest", "--json")
    lines = terminal.run("suggest").stdout.splitlines()

    assert (lines[0], lines[1], lines[-1]) == (values["headline"], values["summary"], values["proof"])
    after = next(line for line in lines if line.startswith("Suggested")).split()
    totals = values["after"]
    assert after == [
        "Suggested",
        str(totals["sessions"]),
        str(totals["seats"]),
        f"{totals['minutes'] / 60:.1f}",
        f"{totals['relevance']:.0%}",
        str(totals["busiest"]),
    ]
    assert len([line for line in lines if line.startswith("   why: ")]) == sum(
        len(session["reasons"]) for session in values["sessions"]
    )


def test_the_same_question_gets_the_same_bytes(terminal: Terminal, example: str) -> None:
    terminal.run("import", example)

    assert terminal.run("suggest", "--json").stdout_bytes == terminal.run("suggest", "--json").stdout_bytes


def test_a_rule_of_one_run_changes_that_run_alone(terminal: Terminal, example: str) -> None:
    terminal.run("import", example)
    before = terminal.run("suggest", "--json").stdout

    small = terminal.read("suggest", "--rule", "people_max=3", "--json")

    assert max(len(session["seats"]) for session in small["sessions"]) <= 3
    assert terminal.run("suggest", "--json").stdout == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("suggest", "--cycle", "v9"), "Error: horizon: there is no “v9”; there are none\n"),
        (("suggest", "--rule", "people_max=99"), "Error: people_max: read “99”, expected a whole "
         "number from 2 to 30\n"),
        (("suggest", "--rule", "people_max"), "Error: people_max: has no value; write NAME=VALUE\n"),
        (("suggest", "--state", "done"), "Error: state: expected one of asked, "),
    ],
)  # fmt: skip
def test_a_wrong_question_is_refused_in_one_sentence(
    terminal: Terminal, words: tuple[str, ...], sentence: str
) -> None:
    answer = terminal.run(*words, code=1)

    assert answer.stderr.startswith(sentence)
    assert answer.stderr.count("\n") == 1
    assert answer.stdout == ""


def test_a_wrong_file_is_refused_with_the_place_and_changes_nothing(
    terminal: Terminal, example: str, tmp_path: Path
) -> None:
    terminal.run("import", example)
    before = terminal.run("export").stdout
    broken = json.loads(before)
    broken["dependencies"][0]["needed_by"] = "31 Feb"
    broken["name"] = "Another name"
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(broken))

    answer = terminal.run("import", str(file), code=1)

    assert answer.stderr.startswith("Error: broken.json, dependencies[0].needed_by")
    assert "Traceback" not in answer.output
    assert terminal.run("export").stdout == before


def test_a_file_that_is_not_there_is_a_wrong_use(terminal: Terminal) -> None:
    assert "does not exist" in terminal.run("import", "nowhere.json", code=2).stderr
    assert "No such command" in terminal.run("dance", code=2).stderr
    assert "Missing argument" in terminal.run("import", code=2).stderr


def test_the_tables_go_up_down_and_are_checked(terminal: Terminal) -> None:
    terminal.run("db", "check")
    terminal.run("db", "downgrade")
    assert terminal.run("db", "check", code=1)
    terminal.run("db", "upgrade")
    terminal.run("db", "upgrade")
    terminal.run("db", "check")


def test_a_setting_that_cannot_be_is_refused_in_one_sentence(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANNER_DATABASE_URL", "mysql://nobody")

    answer = terminal.run("export", code=1)

    assert answer.stderr == "Error: PLANNER_DATABASE_URL: expected sqlite:///… or postgresql://…\n"


def test_a_database_without_tables_is_told_what_to_do(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PLANNER_HOME", str(tmp_path / "fresh"))

    answer = terminal.run("export", code=1)

    assert answer.stderr == (
        "Error: The database refuses (no such table: change). "
        "Is it there, and was `planner db upgrade` run?\n"
    )


def test_the_module_runs_as_a_program(tmp_path: Path) -> None:
    environment = {**os.environ, "PLANNER_HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}

    def planner(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "planner.cli", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert planner("db", "upgrade").returncode == 0
    answer = planner("suggest", "--cycle", "v9")

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == "Error: horizon: there is no “v9”; there are none\n"


def test_the_words_of_the_search_are_written_anew(terminal: Terminal, example: str) -> None:
    terminal.run("import", example)

    said = terminal.run("db", "reindex").stdout

    o = terminal.organisation()
    recorded = (o.teams, o.people, o.goals, o.sessions, o.places, o.horizons, o.dependencies)
    assert said == f"{sum(map(len, recorded))} records can be found by their words.\n"


def test_a_picture_goes_to_a_file_of_its_kind(terminal: Terminal) -> None:
    file = terminal.home / "map.svg"
    terminal.run("import", str(teams_file(terminal)), "--list", "teams")

    told = json.loads(terminal.run("map", "--to", str(file), "--json").stdout)

    assert told == {"file": str(file), "bytes": file.stat().st_size}
    assert b"Payments" in file.read_bytes()
    assert "says no kind" in terminal.run("map", "--to", str(terminal.home / "map.doc"), code=1).output


def test_a_list_is_exported_as_a_table(terminal: Terminal) -> None:
    terminal.run("import", str(teams_file(terminal)), "--list", "teams")
    file = terminal.home / "out.csv"

    told = json.loads(terminal.run("export", "--list", "teams", "--to", str(file), "--json").stdout)

    assert told == {"file": str(file), "bytes": file.stat().st_size}
    assert file.read_text(encoding="utf-8-sig").splitlines()[1].startswith("payments,Payments")


@pytest.mark.parametrize("words", [("map",), ("export", "--list", "teams")])
def test_what_is_no_json_is_not_sent_where_json_is_asked_for(
    terminal: Terminal, words: tuple[str, ...]
) -> None:
    refused = terminal.run(*words, "--json", code=2)

    assert refused.stdout == ""
    assert "say --to as well" in refused.stderr


def teams_file(terminal: Terminal) -> Path:
    """A list of one team, to be imported."""
    file = terminal.home / "teams.csv"
    file.write_text("key,name\npayments,Payments\n", encoding="utf-8")
    return file
