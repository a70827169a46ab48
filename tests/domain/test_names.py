"""Names as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.model import Team
from planner.domain.names import Match, index_names
from tests.domain.larkfield import LARKFIELD, TEAM_NAMES, TEAMS

NAMES = LARKFIELD.team_names


@pytest.mark.parametrize(
    "text",
    [
        "Fares & Pricing",
        "fares and pricing",
        "FARES&PRICING",
        "the Fares + Pricing team",
        "team fares-and-pricing",
    ],
)
def test_case_punctuation_and_team_make_no_difference(text: str) -> None:
    assert NAMES.find(text) == Match(text, TEAMS[6].id)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Idntity", "Identity"),
        ("Identities", "Identity"),
        ("Web Shops", "Web Shop"),
        ("PAPI", "Partner API"),
        ("PA", "Partner API"),
        ("F&P", "Fares & Pricing"),
        ("Pricing", "Fares & Pricing"),
        ("Parnter Api", "Partner API"),
        ("Disruption", "Disruption Desk"),
    ],
)
def test_what_comes_close_is_offered_and_never_taken(text: str, name: str) -> None:
    match = NAMES.find(text)

    assert match.id is None
    assert match.candidates[0] == TEAMS[TEAM_NAMES.index(name)].id


def test_an_unknown_name_has_no_candidates() -> None:
    assert NAMES.find("Warehouse Robotics") == Match("Warehouse Robotics")


def test_digits_keep_their_distance() -> None:
    squads = index_names([(1, ["Squad 12"]), (2, ["Squad 3"])])

    assert squads.find("squad 1.2") == Match("squad 1.2", None, (1, 2))
    assert squads.find("SQUAD-12") == Match("SQUAD-12", 1)


def test_a_name_of_signs_alone_is_still_a_name() -> None:
    assert index_names([(1, ["!!!"]), (2, ["???"])]).find("!!!") == Match("!!!", 1)


@given(st.sampled_from(TEAMS))
def test_every_team_is_found_by_name_and_key(team: Team) -> None:
    assert [NAMES.exact(team.name), NAMES.exact(team.key.upper())] == [team.id, team.id]


@given(st.text(max_size=100))
def test_no_text_raises(text: str) -> None:
    match = NAMES.find(text)

    assert match.id is None or match.candidates == ()
