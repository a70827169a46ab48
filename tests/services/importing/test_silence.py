"""What a file does not speak of stays; what it says to be empty is emptied, and shown before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.errors import InvalidInput, Problem
from planner.domain.model import DependencyState, WorkingHours
from planner.domain.transfer import (
    DependencyDraft,
    Draft,
    GoalDraft,
    HorizonDraft,
    MemberDraft,
    PersonDraft,
    PlaceDraft,
    SessionDraft,
    TeamDraft,
    draft_of,
)
from planner.interchange.json import write_organisation
from planner.interchange.tools import source_of
from planner.services.exchange import export_organisation, store_draft
from planner.services.importing.erasures import Erasure
from planner.services.importing.import_plans import Choices
from planner.services.importing.import_steps import read_ahead
from planner.services.organisation import read_organisation
from tests.factories import OPERATOR, bring_in

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

RICH = Draft(
    name="Larkfield Rail",
    places=(PlaceDraft("Dock Street", "Europe/London", (date(2026, 12, 25),)),),
    people=(
        PersonDraft("ann", "Ann", None, "Dock Street", WorkingHours("Europe/London", 600, 1080)),
        PersonDraft("ben", "Ben", "ben@larkfield.example"),
    ),
    teams=(
        TeamDraft(
            "api", "API", "Rails", "Opens doors", "Dock Street",
            (MemberDraft("ann", decides=True, role="Lead"), MemberDraft("ben", role="Tester")),
        ),
        TeamDraft("pay", "Payments"),
    ),
    horizons=(HorizonDraft("Q1", date(2026, 1, 1), date(2026, 3, 31)),),
    goals=(GoalDraft("tap", "Tap anywhere", date(2026, 4, 10), ("api", "pay"), "ann"),),
    sessions=(
        SessionDraft(
            "weekly", "Weekly", "api", ("ann", "ben"), 90, 75, 7, 1, 600, "Europe/London", "Dock Street"
        ),
    ),
    dependencies=(
        DependencyDraft(
            "file", "pay", "api", "Settlement file", date(2026, 3, 2), date(2026, 3, 9),
            DependencyState.AGREED, "tap", "Q1", "PAY-1", gap=0.5,
            asked_on=date(2026, 1, 5), criteria=("Signed",),
        ),
    ),
)  # fmt: skip
BARE: dict[str, list[dict[str, Any]]] = {
    "places": [{"name": "Dock Street"}],
    "people": [{"key": "ann", "name": "Ann"}, {"key": "ben", "name": "Ben", "hours": {}}],
    "teams": [
        {"key": "api", "name": "API", "members": [{"person": "ann"}, {"person": "ben"}]},
        {"key": "pay", "name": "Payments"},
    ],
    "horizons": [{"name": "Q1"}],
    "goals": [{"key": "tap", "outcome": "Tap anywhere"}],
    "sessions": [{"key": "weekly", "title": "Weekly", "host": "api"}],
    "dependencies": [{"key": "file", "consumer": "pay", "provider": "api", "what": "Settlement file"}],
}
NAMED = {"teams": [{"key": "api", "name": "API"}, {"key": "pay", "name": "Payments"}]}


@pytest.fixture
def rich(session: Session) -> Session:
    """An organisation in which nothing is left empty that can hold something."""
    store_draft(session, OPERATOR, RICH, tag="organisation:imported", summary="Began")
    return session


def as_file(**lists: Any) -> bytes:
    return json.dumps({"format": "planner-organisation/1", **NAMED, **lists}).encode()


def recorded(session: Session) -> Draft:
    return draft_of(read_organisation(session))


def looked(session: Session, data: bytes, kind: str = "") -> tuple[Erasure, ...]:
    return read_ahead(session, OPERATOR, [source_of(data)], Choices(kind=kind)).erased


def test_a_record_of_which_a_file_tells_the_least_stays_whole(rich: Session) -> None:
    before = export_organisation(rich)
    file = as_file(**BARE, name="")

    would_erase = looked(rich, file)
    report = bring_in(rich, OPERATOR, file)

    assert (would_erase, report.changed_anything, export_organisation(rich)) == ((), False, before)


def test_our_own_file_says_what_is_empty_and_so_makes_another_database_the_same(rich: Session) -> None:
    bare = Draft(
        "Larkfield Rail",
        places=(PlaceDraft("Dock Street"),),
        people=(PersonDraft("ann", "Ann"), PersonDraft("ben", "Ben")),
        teams=(TeamDraft("api", "API"), TeamDraft("pay", "Payments")),
        horizons=(HorizonDraft("Q1"),),
        goals=(GoalDraft("tap", "Tap anywhere"),),
        sessions=(SessionDraft("weekly", "Weekly", "api"),),
        dependencies=(
            DependencyDraft("file", "pay", "api", "Settlement file", asked_on=date(2026, 1, 5)),
        ),
    )  # fmt: skip

    bring_in(rich, OPERATOR, write_organisation(bare))

    assert recorded(rich) == bare


def test_what_a_file_empties_is_shown_before_it_goes(rich: Session) -> None:
    goal = {"key": "tap", "outcome": "Tap anywhere", "lead": None, "teams": ["pay"]}
    file = as_file(goals=[goal], places=[{"name": "Dock Street", "days_off": []}])

    shown = looked(rich, file)
    bring_in(rich, OPERATOR, file)

    assert shown == (
        Erasure("places", "dock street", "Dock Street", "days off", "2026-12-25"),
        Erasure("goals", "tap", "Tap anywhere", "teams", "API"),
        Erasure("goals", "tap", "Tap anywhere", "lead", "Ann"),
    )
    assert recorded(rich) == replace(
        RICH,
        places=(PlaceDraft("Dock Street", "Europe/London"),),
        goals=(GoalDraft("tap", "Tap anywhere", date(2026, 4, 10), ("pay",)),),
    )


def test_what_cannot_be_empty_stays_where_a_file_says_that_it_is(rich: Session) -> None:
    before = export_organisation(rich)
    session_record = {**BARE["sessions"][0], "minutes": None, "local_minutes": None, "cadence_days": None}
    asked = {**BARE["dependencies"][0], "state": None, "kind": None, "asked_on": None}
    person = {"key": "ann", "name": "Ann", "hours": {"zone": None, "start": None, "end": None, "days": None}}

    report = bring_in(
        rich, OPERATOR, as_file(sessions=[session_record], dependencies=[asked], people=[person])
    )

    assert (report.changed_anything, export_organisation(rich)) == (False, before)


def test_one_hour_alone_is_changed_and_the_others_stay(rich: Session) -> None:
    bring_in(rich, OPERATOR, b"key,name,start\nann,Ann,11:00\n", kind="people")

    assert recorded(rich).people[0].hours == WorkingHours("Europe/London", 660, 1080)


def test_an_hour_that_does_not_go_with_those_that_are_recorded_is_refused(rich: Session) -> None:
    before = export_organisation(rich)

    with pytest.raises(InvalidInput) as refused:
        bring_in(rich, OPERATOR, b"key,name,start\nann,Ann,19:00\n", kind="people")

    assert refused.value.problems == (Problem("people[0].hours.end", "is not after the start"),)
    assert export_organisation(rich) == before


@pytest.mark.parametrize(
    ("lines", "members"),
    [
        (b"key,name,deciders\napi,API,ben\n",
         (MemberDraft("ann", role="Lead"), MemberDraft("ben", decides=True, role="Tester"))),
        (b"key,name,members\napi,API,ben = \n",
         (MemberDraft("ann", decides=True, role="Lead"), MemberDraft("ben"))),
        (b"key,name,members\napi,API,\n", (MemberDraft("ann", decides=True, role="Lead"),)),
        (b"key,name,deciders,members\napi,API,ann,\n", (MemberDraft("ann", decides=True, role="Lead"),)),
        (b"key,name,deciders,members\napi,API,,\n", ()),
        (b"key,name\napi,API\n",
         (MemberDraft("ann", decides=True, role="Lead"), MemberDraft("ben", role="Tester"))),
    ],
)  # fmt: skip
def test_a_column_of_people_tells_of_those_people_alone(
    rich: Session, lines: bytes, members: tuple[MemberDraft, ...]
) -> None:
    bring_in(rich, OPERATOR, lines, kind="teams")

    assert recorded(rich).teams[0] == replace(RICH.teams[0], members=members)


def test_an_empty_cell_empties_and_a_column_that_is_not_there_does_not(rich: Session) -> None:
    lines = b"key,consumer,provider,what,needed_by,state\nfile,pay,api,Settlement file,,\n"

    shown = looked(rich, lines, kind="dependencies")
    bring_in(rich, OPERATOR, lines, kind="dependencies")

    assert shown == (Erasure("dependencies", "file", "Settlement file", "needed by", "2026-03-02"),)
    assert recorded(rich).dependencies == (replace(RICH.dependencies[0], needed_by=None),)


JIRA = "Issue key,Summary,Team,Due date,Sprint,Outward issue link (Blocks)\n"
ISSUES = "ID-7,Login token,Identity,,,PAY-1\nPAY-1,Checkout,Payments,2026-03-02,Sprint 7,\n"


def test_a_table_without_a_column_leaves_what_an_earlier_one_said(session: Session) -> None:
    bring_in(session, OPERATOR, (JIRA + ISSUES).encode())
    before = export_organisation(session)
    fewer = b"Issue key,Summary,Team,Outward issue link (Blocks)\nID-7,,Identity,PAY-1\nPAY-1,,Payments,\n"

    would_erase = looked(session, fewer)
    report = bring_in(session, OPERATOR, fewer)

    assert (would_erase, report.changed_anything, export_organisation(session)) == ((), False, before)


def test_an_empty_cell_of_a_tool_empties_what_an_earlier_file_said(session: Session) -> None:
    bring_in(session, OPERATOR, (JIRA + ISSUES).encode())
    emptied = (JIRA + ISSUES).replace("2026-03-02,Sprint 7", ",").encode()
    key = recorded(session).dependencies[0].key

    shown = looked(session, emptied)
    bring_in(session, OPERATOR, emptied)

    (dependency,) = recorded(session).dependencies
    assert shown == (
        Erasure("dependencies", key, "Login token", "needed by", "2026-03-02"),
        Erasure("dependencies", key, "Login token", "horizon", "Sprint 7"),
    )
    assert (dependency.needed_by, dependency.horizon) == (None, None)


def issues(**fields: Any) -> bytes:
    link = {"type": {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}}
    names = {"ID-7": "Identity", "PAY-1": "Payments"}
    found = [
        {"key": key, "fields": {"summary": key, "team": team, "issuelinks": [], **fields}}
        for key, team in names.items()
    ]
    found[0]["fields"]["issuelinks"] = [{**link, "outwardIssue": {"key": "PAY-1"}}]  # type: ignore[index]
    return json.dumps({"issues": found}).encode()


@pytest.mark.parametrize(
    ("said", "expected"), [({}, date(2026, 3, 2)), ({"duedate": None}, None)], ids=["silent", "empty"]
)
def test_a_field_that_a_program_left_out_is_not_one_that_is_null(
    session: Session, said: dict[str, None], expected: date | None
) -> None:
    bring_in(session, OPERATOR, issues(duedate="2026-03-02"))

    bring_in(session, OPERATOR, issues(**said))

    assert [one.needed_by for one in recorded(session).dependencies] == [expected]


def test_a_public_record_says_nothing_of_what_it_does_not_hold(rich: Session) -> None:
    before = export_organisation(rich)
    record = {
        "meta": {},
        "people": [{"id": "ann", "name": "Ann"}],
        "teams": [{"id": "api", "name": "API", "kind": "", "members": []}],
        "dependencies": [],
        "goals": [],
    }

    report = bring_in(rich, OPERATOR, json.dumps(record).encode())

    assert (report.changed_anything, export_organisation(rich)) == (False, before)
