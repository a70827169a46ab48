"""`planner bench`: the figures of each size, to read and to compare."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from planner.bench.measuring import Measurement
from planner.bench.organisations import clustered
from planner.bench.printing import as_table
from planner.bench.running import SizeResult
from planner.cli import main

STEPS = [
    "import",
    "read",
    "map: links",
    "map: drawn, cold",
    "map: drawn, kept",
    "suggestion, cold",
    "suggestion, kept",
    "page: dependencies",
    "page: my week",
    "page: map",
    "page: suggestion",
]


@pytest.fixture(scope="module")
def ten_teams() -> Any:
    """What the command prints for ten teams, read once for the tests of this module."""
    result = CliRunner().invoke(main, ["bench", "--teams", "10", "--json"])
    (size,) = json.loads(result.stdout)
    return size


def test_bench_prints_every_step_of_the_size_that_was_asked_for(ten_teams: Any) -> None:
    assert (ten_teams["teams"], ten_teams["dependencies"]) == (10, 30)
    assert [step["step"] for step in ten_teams["steps"]] == STEPS
    assert min(step["seconds"] for step in ten_teams["steps"]) > 0


def test_no_page_costs_more_than_twelve_queries(ten_teams: Any) -> None:
    queries = {step["step"]: step["queries"] for step in ten_teams["steps"]}

    assert [step for step in STEPS if step.startswith("page:") and queries[step] > 12] == []


def test_a_result_is_a_table() -> None:
    steps = (
        Measurement("import", 0.6, 0.5, 5.0, 40, None, 61.7),
        Measurement("page", 0.02, 0.01, 0.1, 2, 8200, None),
    )

    table = as_table([SizeResult(10, 30, 0.1, steps)])

    assert table.splitlines() == [
        "10 teams, 30 dependencies; the calibration loop took 100.0 ms",
        "",
        "| step   | seconds |   CPU | ratio | queries | kB | peak MB |",
        "|--------|--------:|------:|------:|--------:|---:|--------:|",
        "| import |   0.600 | 0.500 |   5.0 |      40 |    |      62 |",
        "| page   |   0.020 | 0.010 |   0.1 |       2 |  8 |         |",
    ]


def test_the_same_size_is_the_same_organisation() -> None:
    assert clustered(50) == clustered(50)


def test_few_teams_are_needed_by_many() -> None:
    needs = [d.provider for d in clustered(300).dependencies]

    most = sorted((needs.count(team) for team in set(needs)), reverse=True)

    assert most[0] > 20
    assert most[len(most) // 2] <= 5


def test_a_search_asks_the_database_as_often_in_a_larger_organisation() -> None:
    queries = [
        {step["step"]: step["queries"] for step in json.loads(_bench_search(teams))[0]["steps"]}
        for teams in ("8", "40")
    ]

    after_a_change = [one.pop("page: the first after a change") for one in queries]
    assert after_a_change[0] == after_a_change[1]
    assert max(queries[0].values()) <= 5
    assert queries[0] == queries[1]


def _bench_search(teams: str) -> str:
    return CliRunner().invoke(main, ["bench", "search", "--teams", teams, "--json"]).stdout
