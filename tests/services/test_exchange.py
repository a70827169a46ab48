"""A whole organisation in and out: nothing is lost, and loading twice changes nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from planner.domain.errors import InvalidInput
from planner.domain.model import Organisation
from planner.services.changes import undo
from planner.services.example import is_empty, is_example, load_example
from planner.services.exchange import (
    LISTS,
    export_list,
    export_organisation,
    remove_everything,
)
from planner.services.finding import DependencyFilter
from planner.services.organisation import read_organisation
from tests.factories import MONDAY, OPERATOR, bring_in, make_cast, make_dependency
from tests.support.data import published
from tests.support.digest import everything

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TODAY = MONDAY.date()


def test_the_example_comes_back_byte_for_byte(session: Session) -> None:
    load_example(session, OPERATOR)
    first = export_organisation(session)

    remove_everything(session, OPERATOR)
    assert read_organisation(session) == Organisation()
    bring_in(session, OPERATOR, first)

    assert export_organisation(session) == first


@pytest.mark.parametrize("record", ["kubernetes", "rust"])
def test_a_public_record_comes_back_byte_for_byte(session: Session, record: str) -> None:
    bring_in(session, OPERATOR, published(f"{record}/normalised.json").read_bytes())
    first = export_organisation(session)

    remove_everything(session, OPERATOR)
    bring_in(session, OPERATOR, first)

    assert export_organisation(session) == first


def test_loading_twice_changes_nothing(session: Session) -> None:
    load_example(session, OPERATOR)
    recorded, file = everything(session), export_organisation(session)

    report = bring_in(session, OPERATOR, file)

    assert everything(session) == recorded
    assert (report.added, report.changed, report.change_id) == ({}, 0, None)
    assert not report.changed_anything


def test_the_report_counts_what_came_and_what_changed(session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    file = json.loads(export_organisation(session))
    file["teams"][0]["area"] = "Money"
    file["places"] = [{"name": "Hull", "zone": "Europe/London"}]

    report = bring_in(session, OPERATOR, json.dumps(file).encode(), name="all.json")

    assert (report.added, report.changed, report.taken) == ({"places": 1}, 1, 8)
    assert report.remarks == ()


def test_one_cycle_brings_only_what_it_touches(session: Session) -> None:
    record = published("kubernetes/normalised.json").read_bytes()

    report = bring_in(session, OPERATOR, record, horizon="v1.37")
    again = bring_in(session, OPERATOR, record, horizon="v1.37")

    found = read_organisation(session)
    assert (len(found.teams), len(found.dependencies), len(found.horizons)) == (17, 65, 1)
    assert report.added["dependencies"] == 65
    assert again.change_id is None


def test_a_cycle_that_is_not_in_the_file_is_refused_with_those_that_are(session: Session) -> None:
    load_example(session, OPERATOR)
    file, recorded = export_organisation(session), everything(session)

    with pytest.raises(InvalidInput) as refusal:
        bring_in(session, OPERATOR, file, horizon="v9")

    assert str(refusal.value).startswith("cycle: there is no “v9” in this file; it has Sprint")
    assert everything(session) == recorded


@pytest.mark.parametrize(
    ("broken", "where"),
    [
        ({"consumer": "nobody"}, "dependencies[0].consumer"),
        ({"provider": "payments"}, "dependencies[0]"),
        ({"state": "done"}, "dependencies[0].state"),
        ({"needed_by": "31 Feb"}, "dependencies[0].needed_by"),
        ({"needed_by": "2026-13-01"}, "dependencies[0].needed_by"),
        ({"gap": 2}, "dependencies[0].gap"),
        ({"what": ""}, "dependencies[0].what"),
        ({"what": "a\x00b"}, "dependencies[0].what"),
        ({"what": "x" * 501}, "dependencies[0].what"),
        ({"unknown": 1}, "dependencies[0]"),
    ],
)
def test_one_wrong_value_refuses_the_whole_file_and_says_where(
    session: Session, broken: dict[str, object], where: str
) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    file, recorded = json.loads(export_organisation(session)), everything(session)
    file["teams"][0]["area"] = "would be changed"
    file["dependencies"][0] |= broken

    with pytest.raises(InvalidInput) as refusal:
        bring_in(session, OPERATOR, json.dumps(file).encode())

    assert [problem.where[: len(where)] for problem in refusal.value.problems] == [where]
    assert everything(session) == recorded


def test_removing_everything_can_be_taken_back(session: Session) -> None:
    load_example(session, OPERATOR)
    recorded = export_organisation(session)

    gone = remove_everything(session, OPERATOR)
    assert gone.id is not None
    assert is_empty(session)
    undo(session, OPERATOR, gone.id)

    assert export_organisation(session) == recorded
    assert is_example(session)


def test_removing_nothing_leaves_no_trace(session: Session) -> None:
    assert remove_everything(session, OPERATOR).id is None


def test_every_list_has_one_line_a_record(session: Session) -> None:
    load_example(session, OPERATOR)
    found = read_organisation(session)

    lines = {kind: len(export_list(session, kind, None, TODAY).decode().splitlines()) - 1 for kind in LISTS}

    assert lines["teams"] == len(found.teams)
    assert lines["dependencies"] == len(found.dependencies)
    assert lines["people"] == len(found.people)


def test_a_list_of_dependencies_is_narrowed_to_the_filter(session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    make_dependency(session, cast.partner_team, cast.outside_team, what="Card token")

    chosen = DependencyFilter(needs="partner-api")
    text = export_list(session, "dependencies", chosen, TODAY).decode()

    assert "Card token" in text
    assert "Settlement file" not in text
