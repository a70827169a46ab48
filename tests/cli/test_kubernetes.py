"""The public record of Kubernetes, from its file to shared sessions, with nothing in between."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.data import published

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planner.domain.model import DependencyId, Organisation
    from tests.cli.conftest import Terminal

CYCLE = ("suggest", "--cycle", "v1.37", "--rule", "unrated_gap=0.5", "--json")


@pytest.fixture(scope="module")
def cycle(shared_terminal: Terminal) -> Any:
    """The suggestion for v1.37 as the command line prints it."""
    record = str(published("kubernetes/normalised.json"))
    shared_terminal.run("import", record, "--cycle", "v1.37", "--quiet")
    return shared_terminal.read(*CYCLE)


def in_play(suggestion: Any) -> list[int]:
    """Return every dependency that is talked about or settled in writing."""
    talked = [item["dependency_id"] for one in suggestion["sessions"] for item in one["agenda"]]
    return sorted(talked + [one["dependency_id"] for one in suggestion["in_writing"]])


def sessions_each(suggestion: Any, when: str) -> list[int]:
    return sorted(person[when]["sessions"] for person in suggestion["people"])


def test_before_every_group_of_the_cycle_meets_all_its_neighbours(cycle: Any) -> None:
    before = sessions_each(cycle, "before")

    assert cycle["today"]["kind"] == "assumed"
    assert (cycle["before"]["sessions"], cycle["before"]["seats"], len(before)) == (17, 71, 17)
    assert (statistics.median(before), statistics.quantiles(before, n=10, method="inclusive")[8]) == (4, 7)
    assert cycle["before"]["busiest"] == 11


def test_after_few_short_sessions_cover_everything(cycle: Any) -> None:
    after = cycle["after"]

    assert in_play(cycle) == list(range(1, 66))
    assert (cycle["coverage"], cycle["uncovered"]) == (1.0, [])
    assert after["sessions"] <= 12
    assert after["seats"] <= 40
    assert after["relevance"] >= 0.95
    assert cycle["cost"] <= 2700
    assert cycle["lower_bound"] <= cycle["cost"]


def test_an_independent_checker_agrees_with_the_plan(
    shared_terminal: Terminal, cycle: Any, tmp_path: Path
) -> None:
    instance, plan = as_published(cycle, shared_terminal.organisation())
    for name, content in (("instance.json", instance), ("plan.json", plan)):
        (tmp_path / name).write_text(json.dumps(content))

    checker = published("check_plan.py")
    files = (checker, tmp_path / "instance.json", tmp_path / "plan.json")
    command = [sys.executable, *map(str, files), "--window"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)

    assert answer.stdout.splitlines()[0] == "VALID", answer.stdout
    # the checker knows no price for a queue that is split over sessions, ours adds it
    after = cycle["after"]
    assert f"J: {15 * after['seats'] + after['minutes']}\n" in answer.stdout
    assert 15 * after["seats"] + after["minutes"] <= cycle["cost"] <= 2700


def as_published(suggestion: Any, organisation: Organisation) -> tuple[Any, Any]:
    """Return the published instance under the rules of the suggestion, and the plan in its words.

    What is settled in writing has no minutes in the instance, so that nobody has to meet for it.
    """
    instance = json.loads(published("instances/k8s-v1.37-cycle.json").read_text())
    instance["params"] = {"K": 12, "D": 120, "o": 15, "c": 15}
    items = {(i["needs"], i["provides"], i["title"]): i for i in instance["items"]}
    key = {team.id: team.key for team in organisation.teams}
    item = {d.id: items[key[d.consumer_id], key[d.provider_id], d.what] for d in organisation.dependencies}
    for settled in suggestion["in_writing"]:
        item[settled["dependency_id"]]["minutes"] = 0
    return instance, {"sessions": [_session(one, item, instance) for one in suggestion["sessions"]]}


def _session(one: Any, item: Mapping[DependencyId, Any], instance: Any) -> Any:
    rep = {team["id"]: team["reps"][0] for team in instance["teams"]}
    items = [item[line["dependency_id"]] for line in one["agenda"]]
    assert [line["minutes"] for line in one["agenda"]] == [i["minutes"] for i in items]
    attendees = sorted({rep[i[side]] for i in items for side in ("needs", "provides")})
    assert len(attendees) == len(one["seats"])
    return {"items": [i["id"] for i in items], "attendees": attendees}


def test_over_all_open_proposals_nobody_meets_more_often_than_before(terminal: Terminal) -> None:
    terminal.run("import", str(published("kubernetes/normalised.json")), "--quiet")

    found = terminal.read("suggest", "--state", "asked", "--json")

    people = found["people"]
    assert (found["before"]["sessions"], found["before"]["busiest"]) == (37, 21)
    assert found["before"]["seats"] == 263
    assert [p["name"] for p in people if p["after"]["sessions"] >= p["before"]["sessions"]] == []
