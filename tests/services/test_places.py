"""Places and the minutes between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.domain.errors import InvalidInput, NotFound
from planner.domain.transfer import PlaceDraft, draft_of
from planner.services.organisation import read_organisation
from planner.services.places import change_place, record_place, remove_place
from tests.factories import OPERATOR, make_place

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def ways(session: Session) -> list[tuple[str, str, int]]:
    return [(w.place, w.other_place, w.minutes) for w in draft_of(read_organisation(session)).travel]


def test_minutes_hold_in_both_directions(session: Session) -> None:
    make_place(session, name="Leeds")
    make_place(session, name="York", minutes_to={"Leeds": 30})

    change_place(session, OPERATOR, "LEEDS", PlaceDraft("Leeds"), minutes_to={"York": 45}, version=None)

    assert ways(session) == [("Leeds", "York", 45)]


def test_none_forgets_the_minutes(session: Session) -> None:
    make_place(session, name="Leeds")
    make_place(session, name="York", minutes_to={"Leeds": 30})

    for _ in range(2):
        change_place(session, OPERATOR, "Leeds", PlaceDraft("Leeds"), minutes_to={"York": None}, version=None)

    assert ways(session) == []


@pytest.mark.parametrize(
    ("draft", "minutes_to", "where"),
    [
        (PlaceDraft(""), {}, ["name"]),
        (PlaceDraft(" LEEDS "), {}, ["name"]),
        (PlaceDraft("York", "Mars"), {}, ["zone"]),
        (PlaceDraft("York"), {"Leeds": -1, "Nowhere": 1441}, ["minutes to Leeds", "minutes to Nowhere"]),
        (PlaceDraft("York"), {"Nowhere": 5}, ["place"]),
    ],
)
def test_what_cannot_be_a_place(
    session: Session, draft: PlaceDraft, minutes_to: dict[str, int | None], where: list[str]
) -> None:
    make_place(session, name="Leeds")

    with pytest.raises(InvalidInput) as refused:
        record_place(session, OPERATOR, draft, minutes_to=minutes_to)

    assert [problem.where for problem in refused.value.problems] == where
    assert [place.name for place in read_organisation(session).places] == ["Leeds"]


def test_an_unknown_place_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        remove_place(session, OPERATOR, "Nowhere")
