"""The description says what the server does: schemathesis tries both sides of it, with all its checks."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
import requests
from jsonschema import Draft202012Validator

from planner.app import create_app
from planner.config import utc_now
from planner.domain.consolidation.model import Rules
from planner.domain.model import DependencyState
from planner.domain.notices import NoticeKind
from planner.storage.db import db
from planner.web.api.chosen import State
from planner.web.api.notices import Choices
from planner.web.api.openapi import description
from planner.web.api.operations import OPERATIONS
from planner.web.api.suggestion import RuleSettings
from planner.web.api.types import hints_of
from tests.cli.test_serving import served
from tests.conftest import settings_for
from tests.factories import (
    make_cast,
    make_dependency,
    make_goal,
    make_horizon,
    make_place,
    make_session,
)
from tests.support.program import Program, token_of
from tests.web.test_routes import let_run, make_plans

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

SETTINGS = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = 3
"""For each operation, beside the edges of every field: with this reads and writes take half a minute each."""


def all_of(schema: Any, name: str) -> list[Any]:
    """Return every value under this name, wherever it stands."""
    if isinstance(schema, list):
        return [found for one in schema for found in all_of(one, name)]
    if not isinstance(schema, dict):
        return []
    here = [schema[name]] if name in schema else []
    return here + [found for one in schema.values() for found in all_of(one, name)]


def test_the_description_is_open_to_everybody_and_tells_nothing_of_the_organisation(app: Flask) -> None:
    answer = Program(app).send("GET", "/openapi.json")

    assert answer.status_code == 200
    assert answer.get_json() == json.loads(json.dumps(description()))
    assert answer.get_json()["openapi"] == "3.1.0"


def test_every_operation_is_described_with_its_refusals() -> None:
    operations = [one for path in description()["paths"].values() for one in path.values()]

    assert sorted(one["operationId"] for one in operations) == sorted(one.name for one in OPERATIONS)
    assert all({"401", "403", "404", "422", "429"} <= set(one["responses"]) for one in operations)
    assert all(one["summary"] for one in operations)


def test_every_schema_is_one_and_every_pointer_leads_somewhere() -> None:
    schemas = description()["components"]["schemas"]
    pointers = {pointer for pointer in all_of(description(), "$ref") if "/schemas/" in pointer}

    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    assert pointers == {f"#/components/schemas/{name}" for name in schemas}


def kinds_in(kind: Any) -> set[type]:
    """Return the dataclasses in a type, at any depth."""
    within = {found for one in get_args(kind) for found in kinds_in(one)}
    if not is_dataclass(kind) or not isinstance(kind, type):
        return within
    return within | {kind} | {found for one in hints_of(kind).values() for found in kinds_in(one)}


def test_no_two_kinds_of_record_share_a_name() -> None:
    kinds = [one.body for one in OPERATIONS] + [one.answers[1] for one in OPERATIONS]
    records = {found for kind in kinds for found in kinds_in(kind)}

    assert len({kind.__name__ for kind in records}) == len(records)


def test_a_new_kind_of_notice_can_be_chosen_here_too() -> None:
    assert {field.name for field in fields(Choices)} == {kind.name.lower() for kind in NoticeKind}


def test_a_new_state_can_be_asked_for_here_too() -> None:
    assert {one.value for one in State} == {"active", "all", *(state.value for state in DependencyState)}


def test_a_new_rule_can_be_read_and_changed_here_too() -> None:
    assert {field.name for field in fields(RuleSettings)} == {field.name for field in fields(Rules)}


@pytest.fixture
def token(tmp_path: Path, sqlite_template: Path) -> str:
    """A token in a small organisation with one of each record, which is served from this test's folder."""
    (tmp_path / "planner.db").write_bytes(sqlite_template.read_bytes())
    with create_app(settings_for(f"sqlite:///{tmp_path / 'planner.db'}", tmp_path)).app_context():
        session: Session = db.session()
        cast = make_cast(session)
        goal = make_goal(session, (cast.team, cast.partner_team))
        make_place(session, name="Hull")
        make_horizon(session)
        make_session(session, cast.team)
        make_dependency(session, cast.team, cast.partner_team, goal=goal)
        make_plans(session)
        let_run(session)
        found = token_of(session, cast.owner, now=utc_now())
        db.session.remove()
        db.engine.dispose()
    return found


ENDS_THE_TOKEN = ("delete_person", "remove_everything")
"""What removes whoever asks, or may; it is tried by newcomers, each of whom asks once."""


@pytest.mark.slow
@pytest.mark.parametrize("which", ["--include-method", "--exclude-method"], ids=["reads", "writes"])
def test_schemathesis_finds_no_difference(tmp_path: Path, token: str, which: str) -> None:
    with served(tmp_path, PLANNER_SIGN_IN="choose", PLANNER_API_LIMIT="1000000") as (address, _printed):
        ready = requests.get(f"{address}/api/v1/me", headers={"Authorization": f"Bearer {token}"}, timeout=30)
        assert ready.status_code == 200, ready.text
        words = [which, "GET", "--workers", "2"]  # one asks while the server answers the other
        words += [word for name in ENDS_THE_TOKEN for word in ("--exclude-operation-id", name)]
        tried = schemathesis(tmp_path, address, *words, "--header", f"Authorization: Bearer {token}")

    assert tried.returncode == 0, tried.stdout[-8000:] + tried.stderr[-2000:]


@pytest.mark.slow
@pytest.mark.usefixtures("token")
def test_schemathesis_finds_no_difference_where_the_token_ends_with_its_person(tmp_path: Path) -> None:
    with served(tmp_path, PLANNER_SIGN_IN="choose", PLANNER_API_LIMIT="1000000") as (address, _printed):
        words = ["--workers", "1"]  # of two at once, one would remove the other
        words += [word for name in ENDS_THE_TOKEN for word in ("--include-operation-id", name)]
        tried = schemathesis(
            tmp_path,
            address,
            *words,
            PLANNER_HOME=str(tmp_path),
            SCHEMATHESIS_HOOKS="tests.web.api.newcomers",
            PYTHONPATH=str(Path(__file__).parents[3]),
        )

    assert tried.returncode == 0, tried.stdout[-8000:] + tried.stderr[-2000:]
    session = sqlite3.connect(tmp_path / "planner.db")
    tags = {tag for (tag,) in session.execute("SELECT DISTINCT tag FROM change")}
    session.close()
    assert {"person:removed", "organisation:removed"} <= tags


def schemathesis(
    home: Path, address: str, *more: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Try what is served with all checks."""
    words = ["--config-file", str(SETTINGS), "run", f"{address}/api/v1/openapi.json"]
    words += ["--checks", "all", "--max-examples", str(EXAMPLES), "--seed", "1", "--no-color"]
    words += ["--request-timeout", "60", *more]
    return subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", *words],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=home,
        env={**os.environ, **environment},
        check=False,
    )
