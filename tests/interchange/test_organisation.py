"""Our own format: what goes out comes back, and what is wrong is told in one go."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from planner.domain.errors import InvalidInput, Problem
from planner.domain.transfer import Draft, Reading, TeamDraft
from planner.interchange.json import read_organisation, write_organisation
from planner.interchange.ordering import ordered
from tests.interchange.drafts import TWO_TEAMS, drafts


def problems_in(change: dict[str, object]) -> tuple[Problem, ...]:
    """Return what is told about the small organisation after some of its lists were exchanged."""
    value = {**json.loads(write_organisation(TWO_TEAMS)), **change}
    with pytest.raises(InvalidInput) as refused:
        read_organisation(json.dumps(value).encode())
    return refused.value.problems


def a_dependency(**changed: object) -> dict[str, object]:
    record = {"key": "file", "consumer": "pay", "provider": "api", "what": "Settlement file", **changed}
    return {"dependencies": [record]}


def test_an_empty_organisation_is_a_file_too() -> None:
    written = write_organisation(Draft())

    assert read_organisation(written) == Reading(Draft())
    assert written.endswith(b"}\n")


def test_what_is_written_is_read_again() -> None:
    written = write_organisation(TWO_TEAMS)

    assert read_organisation(written).draft == ordered(TWO_TEAMS)


@settings(max_examples=60, deadline=None)
@given(drafts())
def test_every_organisation_survives_the_way_out_and_in(draft: Draft) -> None:
    written = write_organisation(draft)

    read = read_organisation(written)

    assert read == Reading(ordered(draft))
    assert write_organisation(read.draft) == written


def test_the_order_of_the_records_does_not_show_in_the_file() -> None:
    turned = replace(TWO_TEAMS, teams=TWO_TEAMS.teams[::-1], places=TWO_TEAMS.places[::-1])

    assert write_organisation(turned) == write_organisation(TWO_TEAMS)


WRONG_FIELDS = [
    (a_dependency(needed_by="2026-13-02"), "needed_by", "read '2026-13-02', expected a date like 2026-03-02"),
    (a_dependency(needed_by=20260302), "needed_by", "read 20260302, expected a date like 2026-03-02"),
    (a_dependency(consumer="nobody"), "consumer", "read 'nobody', expected the key of a team in this file"),
    (a_dependency(goal="moon"), "goal", "read 'moon', expected the key of a goal in this file"),
    (a_dependency(horizon="Q9"), "horizon", "read 'Q9', expected the key of a horizon in this file"),
    (a_dependency(provider="pay"), "provider", "'pay' is the consumer too; a team needs nothing of itself"),
    (a_dependency(gap=1.5), "gap", "read 1.5, expected a number from 0 to 1"),
    (a_dependency(gap=True), "gap", "read true, expected a number from 0 to 1"),
    (
        a_dependency(kind="hand over"),
        "kind",
        "read 'hand over', expected one of hand-over, shared, back-and-forth",
    ),
    (a_dependency(what=" "), "what", "is empty"),
    (a_dependency(what="x" * 501), "what", "has 501 characters, at most 500 are allowed"),
    (a_dependency(what="bell\a"), "what", "holds the control character U+0007"),
    (a_dependency(item=["T-1"]), "item", "read a list, expected text"),
]


@pytest.mark.parametrize(("change", "field", "message"), WRONG_FIELDS)
def test_a_wrong_field_is_told_with_its_place(change: dict[str, object], field: str, message: str) -> None:
    assert problems_in(change) == (Problem(f"dependencies[0].{field}", message),)


WRONG_RECORDS: list[tuple[dict[str, object], str, str]] = [
    ({"format": "planner/9"}, "format", "read 'planner/9', expected 'planner-organisation/1'"),
    ({"horizons": {}}, "horizons", "read an object, expected a list"),
    ({"horizons": ["Q1"]}, "horizons[0]", "read 'Q1', expected an object"),
    ({"horizons": [{}]}, "horizons[0].name", "is missing"),
    ({"places": [{"name": "Dock Street", "zone": "Moon"}, {"name": "Station House"}]}, "places[0].zone",
     "read 'Moon', expected a time zone like Europe/London"),
    ({"places": [{"name": "Dock Street", "days_off": ["soon"]}, {"name": "Station House"}]},
     "places[0].days_off[0]", "read 'soon', expected a date like 2026-03-02"),
    ({"places": [{"name": n} for n in ("Dock Street", "Station House", "dock  street")]}, "places[2].name",
     "'dock street' stands already in places[0]"),
    ({"horizons": [{"name": "Q1", "starts_on": "2026-04-01", "ends_on": "2026-03-01"}]},
     "horizons[0].ends_on", "is before the start, 2026-04-01"),
    ({"people": [{"key": "dana", "name": "Dana", "hours": {"start": "17:00", "end": "09:00"}}]},
     "people[0].hours.end", "is not after the start"),
    ({"people": [{"key": "dana", "name": "Dana", "email": "dana"}]}, "people[0].email",
     "read 'dana', expected an e-mail address like dana@example.org"),
    ({"travel": [{"place": "Dock Street", "other_place": "Station House", "minutes": -1}]},
     "travel[0].minutes", "read -1, expected a whole number from 0 to 1440"),
    ({"sessions": [{"key": "s", "title": "S", "host": "pay", "minutes": 30, "local_minutes": 40}]},
     "sessions[0].local_minutes", "is more than the 30 minutes of the session"),
    ({"sessions": [{"key": "s", "title": "S", "host": "pay", "start": "24:00"}]}, "sessions[0].start",
     "is the end of the day, expected at most 23:59"),
    ({"sessions": [{"key": "s", "title": "S", "host": "pay", "weekday": "Mon"}]}, "sessions[0].weekday",
     "read 'Mon', expected a day like Monday"),
    ({"goals": [{"key": "tap", "outcome": "Tap", "teams": ["api", "api"]}]}, "goals[0].teams[1]",
     "'api' stands twice"),
    ({"version": 3}, "version", "is not a field here; the fields are agreed, dependencies, format, goals, "
     "horizons, name, people, places, sessions, teams, travel"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "where", "message"), WRONG_RECORDS)
def test_a_wrong_record_is_told_with_its_place(change: dict[str, object], where: str, message: str) -> None:
    assert problems_in(change) == (Problem(where, message),)


def test_all_problems_are_told_together() -> None:
    teams = [
        {"key": "pay", "name": "Payments"},
        {"key": "pay", "name": "PAYMENTS"},
        {"key": "api", "name": "API"},
    ]

    assert problems_in({"teams": teams, **a_dependency(needed_by="soon", is_admin=True)}) == (
        Problem("dependencies[0].needed_by", "read 'soon', expected a date like 2026-03-02"),
        Problem(
            "dependencies[0].is_admin",
            "is not a field here; the fields are asked_on, consumer, criteria, gap, goal, horizon, item, "
            "key, kind, needed_by, promised_for, provider, state, what",
        ),
        Problem("teams[1].key", "'pay' stands already in teams[0]"),
        Problem("teams[1].name", "'payments' stands already in teams[0]"),
    )


def test_a_flood_of_problems_is_cut_and_counted() -> None:
    teams = tuple(TeamDraft(str(number), "Same") for number in range(1000))

    with pytest.raises(InvalidInput) as refused:
        read_organisation(write_organisation(Draft(teams=teams)))

    assert len(refused.value.problems) == 201
    assert refused.value.problems[-1] == Problem("", "and 799 more problems")
