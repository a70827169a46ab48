"""A whole organisation is written with a statement for each kind of row, and with the history of each row."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from planner.domain.transfer import GoalDraft, HorizonDraft, PlaceDraft, TravelDraft, draft_of
from planner.interchange.json import write_organisation
from planner.interchange.ordering import ordered
from planner.services.changes import undo
from planner.services.exchange import remove_everything
from planner.services.finding import search
from planner.services.organisation import read_organisation
from planner.storage.audit import values_of
from planner.storage.db import Base, Row
from planner.storage.models import EventRow
from tests.factories import OPERATOR, bring_in
from tests.support.large import large_organisation
from tests.support.queries import counted_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.transfer import Draft


def organisation_of(teams: int) -> Draft:
    """Return an organisation in which there are so many of everything."""
    numbers = range(teams)
    names = [f"Place {n:04}" for n in numbers]
    draft = replace(
        large_organisation(teams, 2 * teams),
        name="Larkfield Rail",
        places=tuple(map(PlaceDraft, names)),
        travel=tuple(TravelDraft(one, other, 10) for one, other in pairwise(names)),
        horizons=tuple(HorizonDraft(f"Sprint {n}") for n in numbers),
        goals=tuple(GoalDraft(f"g{n}", f"Goal {n}", teams=(f"t{n}",), lead=f"p{n}") for n in numbers),
    )
    return replace(
        draft,
        teams=tuple(replace(team, place=names[n]) for n, team in enumerate(draft.teams)),
        dependencies=tuple(
            replace(one, goal=f"g{n % teams}", horizon=f"Sprint {n % teams}")
            for n, one in enumerate(draft.dependencies)
        ),
    )


def cost(session: Session, draft: Draft) -> int:
    """Return how many statements it takes to bring a file in."""
    data = write_organisation(draft)
    with counted_queries() as statements:
        bring_in(session, OPERATOR, data)
    return len(statements)


def renamed(draft: Draft) -> Draft:
    """Return the same organisation with another word in each of its records, and half of its links."""
    return replace(
        draft,
        travel=tuple(replace(one, minutes=20) for one in draft.travel),
        people=tuple(replace(one, name=f"{one.name}, PO") for one in draft.people),
        teams=tuple(replace(one, purpose="Trains", members=()) for one in draft.teams),
        horizons=tuple(replace(one, starts_on=None) for one in draft.horizons),
        goals=tuple(replace(one, outcome=f"{one.outcome} now") for one in draft.goals),
        sessions=tuple(replace(one, attendees=one.attendees[:1]) for one in draft.sessions),
        dependencies=tuple(replace(one, what=f"{one.what}, signed") for one in draft.dependencies),
    )


@pytest.fixture
def seldom_used(session: Session) -> Session:
    """A session whose first statements are behind it."""
    bring_in(session, OPERATOR, write_organisation(organisation_of(3)))
    remove_everything(session, OPERATOR)
    return session


def test_five_times_as_much_takes_no_more_statements(seldom_used: Session) -> None:
    small, large = organisation_of(20), organisation_of(100)

    first = cost(seldom_used, small)
    again = cost(seldom_used, small)
    changed = cost(seldom_used, renamed(small))
    remove_everything(seldom_used, OPERATOR)

    assert (first, again) == (cost(seldom_used, large), cost(seldom_used, large))
    assert changed == cost(seldom_used, renamed(large))
    assert max(first, again, changed) <= 90


def test_what_was_written_together_is_what_the_file_says(session: Session) -> None:
    wanted = organisation_of(7)

    bring_in(session, OPERATOR, write_organisation(wanted))
    first = draft_of(read_organisation(session))
    bring_in(session, OPERATOR, write_organisation(renamed(wanted)))

    undated = replace(wanted, dependencies=())
    assert replace(first, dependencies=()) == draft_in_order(undated)
    found = draft_of(read_organisation(session))
    assert replace(found, dependencies=()) == draft_in_order(renamed(undated))
    assert [one.what for one in found.dependencies] == [f"{one.what}, signed" for one in first.dependencies]


def draft_in_order(draft: Draft) -> Draft:
    found = ordered(draft)
    return replace(found, horizons=tuple(sorted(found.horizons, key=lambda one: one.name)))


def test_each_row_has_its_event_with_all_that_it_holds(session: Session) -> None:
    bring_in(session, OPERATOR, write_organisation(organisation_of(3)))

    tables = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    events = session.scalars(select(EventRow).order_by(EventRow.id)).all()
    for event in events:
        row = session.get_one(tables[event.subject], event.subject_id)
        assert isinstance(row, Row)
        assert (event.act, event.before, event.after) == ("created", None, values_of(row))
    assert len(events) == 1 + 3 + 2 + 3 * 5 + 3 + 3 + 6 + 6
    assert [goal.outcome for goal in search(session, read_organisation(session), "Goal 2").goals] == [
        "Goal 2"
    ]


def test_an_import_that_was_written_together_is_taken_back_and_brought_again(session: Session) -> None:
    wanted = organisation_of(5)
    report = bring_in(session, OPERATOR, write_organisation(wanted))
    assert report.change_id is not None
    before = read_organisation(session)

    back = undo(session, OPERATOR, report.change_id)
    assert read_organisation(session).teams == ()
    assert back.id is not None
    undo(session, OPERATOR, back.id)

    assert read_organisation(session) == before


def test_a_name_that_one_team_gives_up_is_free_for_a_new_one(session: Session) -> None:
    draft = organisation_of(3)
    bring_in(session, OPERATOR, write_organisation(draft))
    first, second, third = draft.teams
    moved = (replace(first, name="Team old"), second, third, replace(second, key="t9", name="Team 0"))

    bring_in(session, OPERATOR, write_organisation(replace(draft, teams=moved)))

    names = {team.key: team.name for team in read_organisation(session).teams}
    assert names == {"t0": "Team old", "t1": "Team 1", "t2": "Team 2", "t9": "Team 0"}
