"""The dial of an organisation: found once, kept, and with one's own minutes only for oneself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from planner.domain.errors import InvalidInput, NotNow
from planner.services.consolidation import dial as dials
from planner.services.consolidation.dial import make_dial, read_dial
from planner.services.consolidation.suggestions import SuggestionRequest, suggest
from planner.services.example import load_example
from planner.services.exchange import store_draft
from planner.services.organisation import read_organisation
from planner.services.pictures.picture_sessions import find_dial
from planner.services.pictures.pictures import MapRequest, draw_map
from tests.factories import MONDAY, OPERATOR, make_cast, make_dependency
from tests.support.large import large_organisation

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.consolidation.dial import DialView

TODAY = MONDAY.date()


def turned(session: Session, key: str = "", **asked: object) -> DialView:
    organisation = read_organisation(session)
    reader = next((person.id for person in organisation.people if person.key == key), None)
    request = SuggestionRequest(**asked)  # type: ignore[arg-type] # the fields of the request by name
    return read_dial(session, organisation, request, TODAY, reader=reader)


def test_the_filled_point_is_the_suggestion_of_the_same_rules(session: Session) -> None:
    load_example(session, OPERATOR)
    shown = suggest(session, read_organisation(session), SuggestionRequest(), TODAY)

    found = turned(session)

    (chosen,) = [row.point for row in found.rows if row.is_chosen]
    assert (chosen.sessions, chosen.seats, chosen.busiest, chosen.seat_cost) == (
        len(shown.sessions), shown.after.seats, shown.after.busiest, 15,
    )  # fmt: skip
    assert chosen.relevance == pytest.approx(shown.after.relevance)
    assert len(found.rows) > 1


def test_a_second_look_finds_the_kept_dial(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    load_example(session, OPERATOR)
    first = turned(session, "dana-fischer")
    # nothing else can tell a kept dial from one that was found again
    monkeypatch.setattr(dials, "dial", None)

    again = turned(session, "dana-fischer")

    assert again == first


def test_a_new_dependency_makes_another_dial(session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    before = turned(session).dial.chosen.seats

    make_dependency(session, cast.partner_team, cast.outside_team, what="Card token")

    assert (before, turned(session).dial.chosen.seats) == (2, 3)


def test_only_who_looks_is_told_of_their_own_minutes(session: Session) -> None:
    load_example(session, OPERATOR)
    keys = [person.key for person in read_organisation(session).people]

    alone = {key: [one.mine for one in turned(session, key).neighbours] for key in keys}
    nobody = turned(session)

    assert any(any(told) for told in alone.values())
    assert [replace(one, mine="") for one in turned(session, keys[0]).neighbours] == list(nobody.neighbours)


def test_of_many_dependencies_all_points_are_first_plans(session: Session) -> None:
    store_draft(session, OPERATOR, large_organisation(16, 40), tag="test:loaded", summary="Loaded")

    found = turned(session)

    assert (found.is_first, len(found.rows), found.dial.is_beaten) == (True, 3, False)


def test_a_horizon_that_is_not_there_is_refused(session: Session) -> None:
    with pytest.raises(InvalidInput):
        turned(session, horizon="Q9")


def test_the_dial_of_very_many_is_found_when_somebody_asks_for_that(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    # so that few are many, and the test is short
    monkeypatch.setattr(dials, "ITEMS_UNASKED", 30)
    store_draft(session, OPERATOR, large_organisation(16, 40), tag="test:loaded", summary="Loaded")
    organisation = read_organisation(session)
    with pytest.raises(NotNow):
        turned(session)

    made = make_dial(session, organisation, SuggestionRequest(), TODAY)

    assert turned(session) == made


def test_a_picture_of_very_many_is_drawn_once_their_dial_is_found(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dials, "ITEMS_UNASKED", 30)
    store_draft(session, OPERATOR, large_organisation(16, 40), tag="test:loaded", summary="Loaded")
    organisation, asked = read_organisation(session), MapRequest(view="dial")
    with pytest.raises(NotNow):
        draw_map(session, organisation, asked, TODAY)

    find_dial(session, organisation, asked.chosen.horizon, TODAY)

    assert draw_map(session, organisation, asked, TODAY).table.rows
