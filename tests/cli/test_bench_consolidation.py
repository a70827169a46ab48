"""`planner bench consolidation`: a row for each method, to read and to compare."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from planner.bench.consolidation.printing import as_tables
from planner.bench.consolidation.results import CaseResult, Outcome, PerPerson, Row, growth
from planner.cli import main
from planner.domain.consolidation.model import Attendance

METHODS = [
    "planner",
    "planner, first plan",
    "siloed",
    "seats released",
    "pair talks",
    "components, first fit",
    "cheapest fit",
    "Leiden",
    "Leiden, first fit",
    "METIS",
    "METIS, first fit",
]
COMMAND = ["bench", "consolidation", "--attendance", "whole", "--effort", "0"]


@pytest.fixture(scope="module")
def printed() -> Any:
    """What the command prints for a star, read once for the tests of this module."""
    result = CliRunner().invoke(main, [*COMMAND, "--quick", "--family", "star", "--json"])
    return json.loads(result.stdout)


def test_the_run_has_a_case_with_every_figure(printed: Any) -> None:
    (case,) = printed["cases"]

    assert {**case, "calibration": 0, "rows": []} == {
        "instance": "star-12",
        "family": "star",
        "attendance": "whole",
        "teams": 12,
        "people": 12,
        "items": 11,
        "calibration": 0,
        "bound": 1475,
        "is_proved": True,
        "unplaced": 0,
        "reference_bound": None,
        "best_known": None,
        "rows": [],
    }
    assert (printed["effort"], printed["growth"]) == (0, [])


def test_every_method_has_a_row_with_every_figure(printed: Any) -> None:
    rows = printed["cases"][0]["rows"]

    assert [row["method"] for row in rows] == METHODS
    fields = "method setting outcome cpu ratio peak_mb note over_bound over_reference_bound"
    assert {" ".join(row) for row in rows} == {f"{fields} over_best_known"}
    figures = {" ".join(row["outcome"]) for row in rows if row["outcome"]}
    assert figures == {"cost sessions seats per_person relevance"}


def test_no_method_is_cheaper_than_the_proved_bound(printed: Any) -> None:
    rows = printed["cases"][0]["rows"]

    assert rows[0]["outcome"] == {
        "cost": 1475,
        "sessions": 4,
        "seats": 15,
        "per_person": {"median": 1.0, "p90": 1, "most": 4},
        "relevance": rows[0]["outcome"]["relevance"],
    }
    assert min(row["over_bound"] for row in rows if row["outcome"]) == 0


def test_a_family_of_several_sizes_grows() -> None:
    sizes = ["--family", "clustered", "--teams", "4", "--teams", "8", "--json"]

    result = CliRunner().invoke(main, [*COMMAND, *sizes])

    grown = json.loads(result.stdout)["growth"]
    assert [(one["teams"], one["exponent"] is None) for one in grown] == [(4, True), (8, False)]


def test_a_folder_without_instances_is_named(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("{}")

    result = CliRunner().invoke(main, [*COMMAND, "--family", "published", "--instances", str(tmp_path)])

    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: {tmp_path / 'other.json'}: is not of the format planner-instance/1\n",
    )


def case(teams: int, ratio: float) -> CaseResult:
    """A size of the clustered family at which our plan costs 1000 and the first one 1100."""
    ours = Outcome(1000, 4, 12, PerPerson(1.5, 3, 4), 0.75)
    rows = (
        Row("planner", "", ours, 1.5, ratio, 80.4),
        Row("planner, first plan", "", replace(ours, cost=1100), 0.2, 2.0, 79.0),
        *(Row(method, "", replace(ours, cost=1500)) for method in METHODS[2:6]),
        Row("cheapest fit", "", replace(ours, cost=1250), 0.1, 1.0, 81.0),
        Row("Leiden", "people, CPM 1", replace(ours, cost=1200), 0.1, 1.0, 81.0),
        Row("Leiden, first fit", "people, CPM 2", replace(ours, cost=1300), 0.1, 1.0, 81.0),
        Row("METIS", note="pymetis is not installed"),
        Row("METIS, first fit", note="pymetis is not installed"),
    )
    name = f"clustered-{teams}"
    return CaseResult(name, "clustered", Attendance.WHOLE, teams, 9, 30, 0.1, 700, False, 0, 800, 1000, rows)


def test_growth_is_the_power_of_the_number_of_teams() -> None:
    small, large = growth([case(100, 160.0), case(10, 5.0)])

    assert (small.teams, small.exponent, small.first_gap) == (10, None, pytest.approx(0.1))
    assert (large.teams, large.exponent) == (100, pytest.approx(1.505, abs=0.001))


def test_a_case_is_a_table_and_all_cases_are_one() -> None:
    lines = as_tables([case(10, 5.0)]).splitlines()

    assert lines == [
        "**clustered-10, whole**: 10 teams, 9 people, 30 items; J is at least 800",
        "",
        "| method | J | sessions | seats | sessions a person | relevance | over bound | over best known | "
        "ratio | peak MB | note |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        "| planner | 1000 | 4 | 12 | 1.5, 3, 4 | 75% | +25.0 % | +0.00 % | 5.00 | 80 |  |",
        "| planner, first plan | 1100 | 4 | 12 | 1.5, 3, 4 | 75% | +37.5 % | +10.00 % | 2.00 | 79 |  |",
        *(
            f"| {method} | 1500 | 4 | 12 | 1.5, 3, 4 | 75% | +87.5 % | +50.00 % |  |  |  |"
            for method in METHODS[2:6]
        ),
        "| cheapest fit | 1250 | 4 | 12 | 1.5, 3, 4 | 75% | +56.2 % | +25.00 % | 1.00 | 81 |  |",
        "| Leiden (people, CPM 1) | 1200 | 4 | 12 | 1.5, 3, 4 | 75% | +50.0 % | +20.00 % | 1.00 | 81 |  |",
        "| Leiden, first fit (people, CPM 2) | 1300 | 4 | 12 | 1.5, 3, 4 | 75% | +62.5 % | +30.00 % | "
        "1.00 | 81 |  |",
        "| METIS |  |  |  |  |  |  |  |  |  | pymetis is not installed |",
        "| METIS, first fit |  |  |  |  |  |  |  |  |  | pymetis is not installed |",
        "",
        "**What other methods cost more than ours**",
        "",
        "| instance | attendance | items | J | over bound | over best known | ratio | first plan | siloed | "
        "seats released | pair talks | components, first fit | cheapest fit | Leiden | Leiden, first fit | "
        "METIS | METIS, first fit |",
        f"| --- |{' ---: |' * 16}",
        "| clustered-10 | whole | 30 | 1000 | +25.0 % | +0.00 % | 5 | +10.0 % | +50.0 % | +50.0 % | "
        "+50.0 % | +50.0 % | +25.0 % | +20.0 % | +30.0 % | not there | not there |",
        "",
        "**How the clustered family grows**",
        "",
        "| attendance | teams | items | J | ratio | exponent | peak MB | first plan |",
        f"| --- |{' ---: |' * 7}",
        "| whole | 10 | 30 | 1000 | 5.0 |  | 80 | +10.0 % |",
    ]
