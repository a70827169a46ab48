"""The whole organisation costs the same number of questions however large it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from planner.domain.model import DependencyKind, DependencyState, Organisation, WorkingHours
from planner.domain.negotiation.acts import Act, Move
from planner.services.changes import recorded
from planner.services.dependencies import remove_dependency
from planner.services.exchange import store_draft
from planner.services.negotiations import negotiate
from planner.storage.db import db, reading_only
from planner.storage.models import PlaceRow
from planner.storage.snapshot import PARTS, Revision, load, refresh, revision
from tests.factories import (
    OPERATOR,
    make_cast,
    make_dependency,
    make_goal,
    make_horizon,
    make_place,
    make_session,
)
from tests.support.large import large_organisation
from tests.support.queries import counted_queries


def cost_of_loading(session: Session) -> int:
    with counted_queries() as statements:
        load(session)
    return len([statement for statement in statements if statement.startswith("SELECT")])


def test_nothing_recorded_is_an_empty_organisation(session: Session) -> None:
    assert load(session) == Organisation()
    assert revision(session) == Revision()


def test_many_rows_cost_as_many_questions_as_none(session: Session) -> None:
    empty = cost_of_loading(session)
    store_draft(session, OPERATOR, large_organisation(30, 60), tag="test:loaded", summary="Loaded")

    assert cost_of_loading(session) == empty == 12
    assert (len(load(session).teams), len(load(session).dependencies)) == (30, 60)


def test_every_part_that_is_read_is_looked_for_among_what_has_changed(session: Session) -> None:
    with counted_queries() as statements:
        load(session)

    read = {table for one in statements for table in re.findall(r"\nFROM (\w+)", one)}
    assert read == {part.__tablename__ for part in PARTS} | {"dependency"}


def test_every_column_arrives_as_what_it_means(session: Session) -> None:
    cast = make_cast(session)
    make_place(session)
    make_place(session, name="Hull", minutes_to={"Dock Street": 95})
    goal = make_goal(session, (cast.team, cast.partner_team), due_on=date(2026, 4, 1))
    make_horizon(session, starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 13))
    make_dependency(
        session, cast.team, cast.partner_team, needed_by=date(2026, 2, 28), goal=goal, horizon="Sprint 1",
        item="PAY-7", kind=DependencyKind.BACK_AND_FORTH, gap=0.25,
    )  # fmt: skip
    make_session(session, cast.team, attendees=("olive-owner", "pat-partner"), weekday=2, start=570)

    found = load(session)

    needed = found.dependencies[0]
    assert (needed.consumer_id, needed.provider_id, needed.goal_id, needed.horizon_id) == (1, 2, 1, 1)
    assert (needed.state, needed.kind, needed.gap) == (
        DependencyState.ASKED, DependencyKind.BACK_AND_FORTH, 0.25,
    )  # fmt: skip
    assert (needed.needed_by, needed.promised_for, needed.item) == (date(2026, 2, 28), None, "PAY-7")
    assert found.goals[0].team_ids == {1, 2}
    assert (found.sessions[0].attendee_ids, found.sessions[0].weekday) == ({1, 2}, 2)
    assert [(way.place_id, way.other_place_id, way.minutes) for way in found.travel] == [(1, 2, 95)]
    assert found.people[0].hours == WorkingHours()
    assert found.product_owners == {1: (1,), 2: (2,), 3: (3,)}


def test_the_revision_goes_up_with_every_change(session: Session) -> None:
    seen = [revision(session)]
    for name in ("Hull", "Leeds"):
        make_place(session, name=name)
        seen.append(revision(session))

    assert seen == [Revision(), Revision(1, 1), Revision(2, 2)]


def remove_first(session: Session) -> None:
    remove_dependency(session, OPERATOR, 1)


def accept_second(session: Session) -> None:
    negotiate(session, OPERATOR, 2, Move(Act.ACCEPT), version=None, key=None)


def ask_another(session: Session) -> None:
    make_dependency(session, "payments", "web-shop", what="Fares")


def ask_about_second(session: Session) -> None:
    negotiate(session, OPERATOR, 2, Move(Act.MESSAGE, text="By file?"), version=None, key=None)


def change_a_place(session: Session) -> None:
    make_place(session, name="Hull")


@pytest.mark.parametrize(
    ("acts", "cost"),
    [
        ([], 3),
        ([accept_second], 3),
        ([remove_first, accept_second, ask_another], 3),
        ([ask_about_second], 3),
        ([accept_second, change_a_place], 14),
    ],
)
def test_what_changed_is_read_and_the_rest_is_kept(
    session: Session, acts: list[Callable[[Session], None]], cost: int
) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    make_dependency(session, cast.partner_team, cast.team, what="Card token")
    before, since = load(session), revision(session)
    for act in acts:
        act(session)
    now = revision(session)

    with counted_queries() as statements:
        found = refresh(session, before, since=since, now=now)

    assert found == load(session)
    assert len([one for one in statements if one.startswith("SELECT")]) == cost


@pytest.mark.usefixtures("app")
def test_a_change_that_comes_second_with_a_lower_id_is_not_passed_over(session: Session) -> None:
    cast = make_cast(session)
    before, now = load(session), revision(session)
    make_dependency(session, cast.team, cast.partner_team)
    # as if that change had been counted, and one with a lower id had come since
    since = Revision(now.count, revision(session).newest)

    assert refresh(session, before, since=since, now=revision(session)) == load(session)


@pytest.mark.usefixtures("app")
def test_of_two_changes_at_once_the_one_that_is_saved_last_counts_too(server: str) -> None:
    if server == "sqlite":
        pytest.skip("SQLite lets one write after the other")
    engine = db.engine
    with Session(engine) as slow, Session(engine) as quick, Session(engine) as reader:
        with recorded(slow, OPERATOR, "place:recorded", "Slow"):
            slow.add(PlaceRow(name="Hull", name_folded="hull", zone="UTC"))
            slow.flush()
            make_place(quick, name="Leeds")
            first = (revision(reader).count, len(load(reader).places))
            reader.rollback()
        second = (revision(reader).count, len(load(reader).places))

    assert (first, second) == ((1, 1), (2, 2))


@pytest.mark.usefixtures("app")
def test_a_page_that_reads_sees_one_moment() -> None:
    make_place(db.session(), name="Hull")
    db.session.remove()
    token = reading_only.set(True)
    with Session(db.engine) as reader:
        before = load(reader)
        reading_only.reset(token)
        make_place(db.session(), name="Leeds")

        assert load(reader) == before
