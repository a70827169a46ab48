"""A suggestion as text and as JSON says what its times have cost and what meets apart."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from planner.services.consolidation.suggestion_text import as_json, as_table
from planner.services.consolidation.suggestions import SuggestionRequest, read_rule_values, suggest
from planner.services.exchange import store_draft
from planner.services.organisation import read_organisation
from tests.factories import MONDAY, OPERATOR, make_cast, make_dependency
from tests.support.crowded import crowded_organisation

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy.orm import Session


def told(session: Session, **rules: str) -> tuple[list[str], Any]:
    """The lines of the text and the values of the JSON."""
    organisation = read_organisation(session)
    request = SuggestionRequest(rules=read_rule_values(rules))
    found = suggest(session, organisation, request, MONDAY.date())
    return as_table(found, organisation).splitlines(), json.loads(as_json(found))


@pytest.fixture
def two_way(session: Session) -> Session:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    make_dependency(session, cast.partner_team, cast.team, what="Card token")
    return session


def test_times_that_cost_something_are_the_last_line(session: Session) -> None:
    store_draft(session, OPERATOR, crowded_organisation(), tag="test:loaded", summary="Loaded")

    lines, values = told(session, attendance="whole")

    added, cost = values["scheduling_cost"], values["cost"]
    sentence = (
        f"Of that, {added} person-minutes ({added / cost:.0%}".replace("%", " %") + ") are the price of "
        "finding times: sessions whose people had no time left in common were parted."
    )
    assert added > 0
    assert (lines[-2:], values["scheduling"]) == ([values["proof"], sentence], sentence)


def test_times_that_cost_nothing_are_not_spoken_of(two_way: Session) -> None:
    lines, values = told(two_way)

    assert (values["scheduling_cost"], values["scheduling"], values["torn"]) == (0, "", [])
    assert lines[-1] == values["proof"]


def test_what_belongs_together_and_meets_apart_is_a_line(two_way: Session) -> None:
    lines, values = told(two_way, earliest="10:00", latest="10:20")

    sentence = (
        "Settlement file and Card token belong together but cannot share a session: 2 people have no common "
        "hours for 45 minutes."
    )
    assert values["torn"] == [{"dependency_ids": [1, 2], "sentence": sentence}]
    assert lines[-2:] == [f"  meets apart: {sentence}", values["proof"]]
