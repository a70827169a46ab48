"""The published schema says what the reader does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator, FormatChecker

from planner.domain.transfer import Draft
from planner.examples import larkfield
from planner.interchange.json import write_organisation
from tests.interchange.drafts import drafts
from tests.interchange.test_organisation import WRONG_FIELDS, a_dependency

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "organisation.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker(["date"]))

# Only a reader that sees the whole file can know these.
BEYOND_A_SCHEMA = ("expected the key of", "needs nothing of itself")


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_example_follows_the_schema() -> None:
    assert list(VALIDATOR.iter_errors(json.loads(larkfield()))) == []


@settings(max_examples=60, deadline=None)
@given(drafts())
def test_whatever_is_written_follows_the_schema(draft: Draft) -> None:
    value = json.loads(write_organisation(draft))

    assert list(VALIDATOR.iter_errors(value)) == []


@pytest.mark.parametrize(("change", "field", "message"), WRONG_FIELDS)
def test_the_schema_refuses_what_the_reader_refuses(
    change: dict[str, object], field: str, message: str
) -> None:
    value = {"format": "planner-organisation/1", **change}

    paths = [list(error.absolute_path) for error in VALIDATOR.iter_errors(value)]

    is_beyond = any(phrase in message for phrase in BEYOND_A_SCHEMA)
    assert paths == ([] if is_beyond else [["dependencies", 0, field]])


def test_the_schema_refuses_an_unknown_field() -> None:
    value = {"format": "planner-organisation/1", **a_dependency(is_admin=True)}

    assert [error.validator for error in VALIDATOR.iter_errors(value)] == ["additionalProperties"]
