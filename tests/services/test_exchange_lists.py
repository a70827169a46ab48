"""Lists that come in as CSV over what is there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from planner.domain.errors import InvalidInput
from planner.domain.transfer import draft_of
from planner.services.example import load_example
from planner.services.exchange import LISTS, export_list, export_organisation
from planner.services.organisation import read_organisation
from tests.factories import MONDAY, OPERATOR, bring_in

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_that_goes_out_and_comes_back_changes_nothing(session: Session, kind: str) -> None:
    load_example(session, OPERATOR)
    before = export_organisation(session)

    report = bring_in(session, OPERATOR, export_list(session, kind, None, MONDAY.date()), kind=kind)

    assert (report.changed_anything, export_organisation(session)) == (False, before)


def test_a_known_key_is_changed_and_a_new_one_added(session: Session) -> None:
    load_example(session, OPERATOR)
    lines = b"key,name,area\npayments,Payments and more,Platform\ntolls,Tolls,Platform\n"

    report = bring_in(session, OPERATOR, lines, kind="teams")

    names = {team.key: team.name for team in read_organisation(session).teams}
    assert (report.added, names["payments"], names["tolls"]) == ({"teams": 1}, "Payments and more", "Tolls")


def test_what_has_no_column_stays_as_it_is(session: Session) -> None:
    load_example(session, OPERATOR)
    before = next(team for team in draft_of(read_organisation(session)).teams if team.key == "payments")

    bring_in(session, OPERATOR, b"key,name\npayments,Payments and more\n", kind="teams")

    after = next(team for team in draft_of(read_organisation(session)).teams if team.key == "payments")
    assert after == replace(before, name="Payments and more")


@pytest.mark.parametrize(
    ("kind", "lines", "where"),
    [
        ("wishes", b"key\n", "kind"),
        (
            "dependencies",
            b"key,consumer,provider,what\nx,payments,nobody,A thing\n",
            "dependencies[0].provider",
        ),
        (
            "dependencies",
            b"key,consumer,provider,what,needed_by\nx,payments,identity,A,2026-13-01\n",
            "line 2, needed_by",
        ),
    ],
)
def test_what_cannot_be_a_list_is_refused_in_words(
    session: Session, kind: str, lines: bytes, where: str
) -> None:
    load_example(session, OPERATOR)
    before = export_organisation(session)

    with pytest.raises(InvalidInput) as refused:
        bring_in(session, OPERATOR, lines, kind=kind)

    assert [problem.where for problem in refused.value.problems] == [where]
    assert export_organisation(session) == before
