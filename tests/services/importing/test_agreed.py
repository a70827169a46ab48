"""An organisation moves whole: with its plans, its shared sessions, their outcomes and their minutes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from planner.domain.meeting.deciding import Decision
from planner.domain.meeting.model import ItemId
from planner.domain.model import Organisation
from planner.interchange.tools import source_of
from planner.services.changes import undo
from planner.services.consolidation.proposals import read_proposals
from planner.services.exchange import export_everything, export_organisation, remove_everything
from planner.services.importing.import_plans import Choices
from planner.services.importing.import_steps import read_ahead
from planner.services.meeting import live, minutes, outcomes
from planner.services.meeting.minutes import read_minutes
from planner.services.organisation import read_organisation
from planner.services.shared_sessions import read_sessions
from planner.storage.models import ProposalRow
from tests.factories import MONDAY, OPERATOR, bring_in, make_actor, make_cast, make_held, make_shared
from tests.support.digest import everything
from tests.support.moving import refused_at
from tests.support.queries import counted_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

HISTORY_AND_WORDS = ("INSERT INTO event", "INSERT INTO search_text", "DELETE FROM search_text")


@pytest.fixture
def town(session: Session) -> Session:
    """A plan that was agreed, its session held and decided in, minutes shared, objected to and corrected."""
    cast = make_cast(session)
    make_shared(session)
    make_held(session, 1, cast.partner)
    minutes.share_minutes(session, who(session, cast.owner), 1, why="", key=None)
    minutes.object_to_minutes(
        session, who(session, cast.partner), 1, item=2, words="Not so", number=1, key=None
    )
    live.open_again(session, who(session, cast.owner), 1, key=None)
    outcomes.decide(
        session, who(session, cast.owner), 1, ItemId(1), Decision(text="By file"),
        version=outcomes.read_versions(session, 1), dependency_version=None, key=None,
    )  # fmt: skip
    live.close_meeting(session, who(session, cast.owner), 1, key=None)
    minutes.share_minutes(session, who(session, cast.owner), 1, why="Item 1", key=None)
    return session


def who(session: Session, key: str) -> Actor:
    return make_actor(session, key)


def told(session: Session) -> dict[str, Any]:
    """Return what pages tell of plans, sessions and minutes, without the numbers of this database."""
    organisation = read_organisation(session)
    today = MONDAY.date()
    actor = make_actor(session, "olive-owner")
    proposals = read_proposals(session, organisation, today)
    sessions = read_sessions(session, organisation, MONDAY)
    found = [read_minutes(session, organisation, one.id, actor, today) for one in sessions]
    return {
        "proposals": [
            (p.number, p.state, p.after, p.shared_by, [one.key for one in p.replaces],
             [(v.person.key, v.stance, v.words, v.answered_at) for v in p.voices])
            for p in proposals
        ],
        "sessions": [
            (s.title, s.starts_at, s.is_cancelled, [(seat.key, seat.start, seat.end) for seat in s.seats])
            for s in sessions
        ],
        "minutes": [([(v.number, v.state, v.why, v.shared_at) for v in m.versions], m.minutes.present)
                    for m in found],
    }  # fmt: skip


def test_everything_that_was_agreed_comes_back_byte_for_byte(town: Session) -> None:
    first, before = export_everything(town), told(town)
    remove_everything(town, OPERATOR)
    assert read_organisation(town) == Organisation()

    report = bring_in(town, OPERATOR, first)

    assert export_everything(town) == first
    assert told(town) == before
    assert (report.added["proposals"], report.added["shared sessions"]) == (1, 1)


def test_bringing_it_in_twice_changes_nothing_and_the_look_says_so(town: Session) -> None:
    file, before = export_everything(town), everything(town)

    seen = read_ahead(town, OPERATOR, [source_of(file)], Choices())
    report = bring_in(town, OPERATOR, file)

    assert everything(town) == before
    assert (report.added, report.changed, report.change_id) == ({}, 0, None)
    assert seen.records[-2:] == (("proposals", 0, 0, 1), ("shared sessions", 0, 0, 1))
    assert not seen.brings_anything


def test_such_an_import_is_taken_back_as_one(town: Session) -> None:
    file = export_everything(town)
    remove_everything(town, OPERATOR)
    later = replace(OPERATOR, at=MONDAY + timedelta(days=60))  # long after silence agreed to the minutes
    report = bring_in(town, later, file)
    assert report.change_id is not None

    undo(town, later, report.change_id)

    assert read_organisation(town) == Organisation()
    assert town.query(ProposalRow).count() == 0


def test_what_is_somebodys_own_is_in_no_file(town: Session) -> None:
    file = json.loads(export_everything(town))
    meeting = file["agreed"]["shared_sessions"][0]["meetings"][0]

    assert meeting["attendance"] == [{"person": key, "guest": ""} for key in ("olive-owner", "pat-partner")]
    text = json.dumps(file)
    assert not any(word in text for word in ("worth", "arrived", "promise_", "cast_at"))
    assert "agreed" not in json.loads(export_organisation(town))


def test_a_person_brings_in_all_but_what_others_have_said(town: Session) -> None:
    file = export_everything(town).replace(b'"Not so"', b'"Quite so"')
    agreed = json.loads(file)["agreed"]
    agreed["shared_sessions"][0]["uid"] = "another"
    changed = json.dumps({**json.loads(file), "agreed": agreed}).encode()
    before = everything(town)

    report = bring_in(town, make_actor(town, "olive-owner"), changed)

    assert everything(town) == before
    assert [remark.where for remark in report.remarks] == ["agreed"]


WRONG: tuple[tuple[tuple[str | int, ...], Any, str], ...] = (
    (("proposals", 0, "plan"), {"sessions": [{}]}, "agreed"),
    (("proposals", 0, "state"), 7, "agreed.proposals[0].state"),
    (("proposals", 0, "shared_at"), "yesterday", "agreed.proposals[0].shared_at"),
    (("proposals", 0, "answers"), [1], "agreed.proposals[0].answers[0]"),
    (("shared_sessions", 0, "title"), "x" * 501, "agreed.shared_sessions[0].title"),
    (("shared_sessions", 0, "minutes"), 2**40, "agreed.shared_sessions[0].minutes"),
    (("shared_sessions", 0, "proposal"), ["x", 1], "agreed.shared_sessions[0].proposal"),
    (("shared_sessions", 0, "seats"), [{"who": 1}], "agreed"),
    (
        ("shared_sessions", 0, "meetings", 0, "minutes", 0, "body"),
        {"title": "x"},
        "agreed",
    ),
    (
        ("shared_sessions", 0, "meetings", 0, "minutes", 0, "objections", 0, "item"),
        9,
        "agreed.shared_sessions[0].meetings[0].minutes[0].objections[0].item",
    ),
)


@pytest.mark.parametrize(("path", "value", "where"), WRONG, ids=range(len(WRONG)))
def test_what_no_page_could_show_is_refused_with_its_place(
    town: Session, path: tuple[str | int, ...], value: object, where: str
) -> None:
    assert refused_at(town, path, value) == [where]


def cost_of_bringing(session: Session, file: bytes, times: int) -> int:
    """Return how many statements note what was agreed, with each of its sessions and plans so many times."""
    tree = json.loads(file)
    agreed = tree["agreed"]
    numbers = range(1, times + 1)
    agreed["shared_sessions"] = [
        {**one, "uid": f"{one['uid']}-{n}"} for n in numbers for one in agreed["shared_sessions"]
    ]
    agreed["proposals"] = [{**one, "number": n} for n in numbers for one in agreed["proposals"]]
    remove_everything(session, OPERATOR)
    with counted_queries() as statements:
        bring_in(session, OPERATOR, json.dumps(tree).encode())
    return sum(statement.startswith(HISTORY_AND_WORDS) for statement in statements)


def test_five_times_as_much_that_was_agreed_takes_no_more_statements_to_note(town: Session) -> None:
    file = export_everything(town)

    assert cost_of_bringing(town, file, 10) == cost_of_bringing(town, file, 2)
