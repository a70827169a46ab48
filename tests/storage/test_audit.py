"""History is written by the unit of work itself, so that no service can forget it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified, set_committed_value

from planner.domain.errors import Outrun
from planner.services.changes import recorded
from planner.storage.audit import UnrecordedChange, insert_noted, update_noted, values_of
from planner.storage.models import (
    ChangeRow,
    DependencyRow,
    EventRow,
    HorizonRow,
    PlaceRow,
    SearchTextRow,
    TeamRow,
)
from tests.factories import OPERATOR, make_place, make_team
from tests.support.digest import everything

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HULL: dict[str, Any] = {"name": "Hull", "name_folded": "hull", "zone": "Europe/London", "days_off": []}


def events(session: Session) -> list[tuple[str, str, Any, Any]]:
    """Return subject, act, before and after of everything that happened, in order."""
    rows = session.scalars(select(EventRow).order_by(EventRow.id))
    return [(row.subject, row.act, row.before, row.after) for row in rows]


def test_a_row_that_is_saved_outside_a_change_is_refused(session: Session) -> None:
    before = everything(session)
    session.add(PlaceRow(**HULL))

    with pytest.raises(UnrecordedChange, match="place changed outside a recorded change"):
        session.flush()

    assert everything(session) == before


def test_a_row_that_is_changed_or_removed_outside_a_change_is_refused(session: Session) -> None:
    make_place(session, name="Hull")
    before = everything(session)

    row = session.scalars(select(PlaceRow)).one()
    row.zone = "UTC"
    with pytest.raises(UnrecordedChange):
        session.flush()
    session.rollback()
    session.delete(session.scalars(select(PlaceRow)).one())
    with pytest.raises(UnrecordedChange):
        session.flush()

    assert everything(session) == before


def test_adding_changing_and_removing_each_leave_what_was_and_what_became(session: Session) -> None:
    row = PlaceRow(**HULL)
    with recorded(session, OPERATOR, "place:recorded", "Added"):
        session.add(row)
    with recorded(session, OPERATOR, "place:changed", "Moved"):
        row.zone = "UTC"
    with recorded(session, OPERATOR, "place:removed", "Removed"):
        session.delete(row)

    assert events(session) == [
        ("place", "created", None, {"id": 1, **HULL}),
        ("place", "updated", {"zone": "Europe/London"}, {"zone": "UTC"}),
        ("place", "removed", {"id": 1, **HULL, "zone": "UTC"}, None),
    ]


def test_what_changes_nothing_leaves_nothing(session: Session) -> None:
    make_place(session, name="Hull")
    before = everything(session)

    with recorded(session, OPERATOR, "place:changed", "Nothing new") as change:
        row = session.scalars(select(PlaceRow)).one()
        row.zone, row.name = row.zone, str(row.name)

    assert change.id is None
    assert everything(session) == before


def test_a_change_that_fails_half_way_leaves_neither_rows_nor_history(session: Session) -> None:
    before = everything(session)

    def fail_half_way() -> None:
        with recorded(session, OPERATOR, "place:recorded", "Added"):
            session.add(PlaceRow(**HULL))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()

    assert everything(session) == before


def test_a_change_knows_who_when_and_what_and_a_long_summary_is_cut(session: Session) -> None:
    with recorded(session, OPERATOR, "place:recorded", "x" * 900) as change:
        session.add(PlaceRow(**HULL))
        session.add(HorizonRow(name="Q1", name_folded="q1"))

    row = session.get_one(ChangeRow, change.id)
    assert (row.at, row.actor_id, row.actor_name, row.tag) == (
        OPERATOR.at,
        None,
        "Operator",
        "place:recorded",
    )
    assert row.summary == "x" * 500
    assert [subject for subject, *_rest in events(session)] == ["horizon", "place"]


def test_many_new_rows_at_once_leave_what_each_alone_would(session: Session) -> None:
    ids = {key: session.scalar(select(TeamRow.id).where(TeamRow.key == make_team(session, name=key)))
           for key in ("payments", "identity")}  # fmt: skip
    needs = {"consumer_id": ids["payments"], "provider_id": ids["identity"], "state": "asked",
             "needed_by": date(2026, 3, 2), "item": "PAY-1 Café", "kind": "hand-over"}  # fmt: skip
    rows = [{"key": f"k{number}", "what": f"Login token {number}", **needs} for number in range(3)]
    with recorded(session, OPERATOR, "alone", "Alone"):
        session.add_all([DependencyRow(**row) for row in rows])
    one_by_one = traces(session)
    with recorded(session, OPERATOR, "removed", "Removed"):
        for row in session.scalars(select(DependencyRow)):
            session.delete(row)

    with recorded(session, OPERATOR, "together", "Together"):
        insert_noted(session, DependencyRow, ("key",), rows)

    assert traces(session) == one_by_one
    assert len(one_by_one) == 3


def traces(session: Session) -> list[Any]:
    """Return the rows, their last events and their words, without their numbers."""
    after = select(EventRow.after).where(EventRow.subject == "dependency", EventRow.act == "created")
    events = session.scalars(after.order_by(EventRow.id.desc()).limit(3)).all()
    found = []
    for row in session.scalars(select(DependencyRow).order_by(DependencyRow.key)):
        event = next(values for values in events if values is not None and values["id"] == row.id)
        of_row = (SearchTextRow.subject == "dependency", SearchTextRow.subject_id == row.id)
        words = session.scalar(select(SearchTextRow.words).where(*of_row))
        assert event == values_of(row)
        found.append(({**event, "id": 0}, row.version, words))
    return found


def test_many_new_rows_outside_a_change_are_refused(session: Session) -> None:
    before = everything(session)
    place = {**HULL, "name_folded": "hull"}

    with pytest.raises(UnrecordedChange, match="place changed outside a recorded change"):
        insert_noted(session, PlaceRow, ("name_folded",), [place])

    assert everything(session) == before


CHANGES: tuple[dict[str, Any], ...] = (
    {"name": "Kingston", "name_folded": "kingston", "days_off": ["2026-12-25"]},
    {"zone": "UTC"},
    {},
)


@pytest.mark.parametrize("together", [False, True], ids=["one by one", "together"])
def test_many_changes_at_once_leave_what_each_alone_would(session: Session, together: bool) -> None:
    for name in ("Hull", "Leeds", "York"):
        make_place(session, name=name, zone="Europe/London")
    rows = list(session.scalars(select(PlaceRow).order_by(PlaceRow.id)))
    seen = len(events(session))

    with recorded(session, OPERATOR, "places:changed", "Changed"):
        if together:
            update_noted(session, list(zip(rows, CHANGES, strict=True)))
        else:
            for row, values in zip(rows, CHANGES, strict=True):
                for name, value in values.items():
                    setattr(row, name, value)
            flag_modified(rows[2], "name_folded")

    assert events(session)[seen:] == [
        ("place", "updated", {"name": "Hull", "name_folded": "hull", "days_off": []}, CHANGES[0]),
        ("place", "updated", {"zone": "Europe/London"}, CHANGES[1]),
    ]
    assert [(row.name, row.zone, row.version) for row in rows] == [
        ("Kingston", "Europe/London", 2),
        ("Leeds", "UTC", 2),
        ("York", "Europe/London", 2),
    ]
    words = select(SearchTextRow.name).where(SearchTextRow.subject == "place").order_by(SearchTextRow.id)
    assert list(session.scalars(words)) == ["kingston", "leeds", "york"]


def test_a_row_that_somebody_else_changed_takes_all_changes_at_once_back(session: Session) -> None:
    for name in ("Hull", "Leeds"):
        make_place(session, name=name)
    before = everything(session)
    rows = list(session.scalars(select(PlaceRow).order_by(PlaceRow.id)))
    set_committed_value(rows[1], "version", 7)  # as they were read before somebody else came

    with pytest.raises(Outrun), recorded(session, OPERATOR, "places:changed", "Changed"):
        update_noted(session, [(row, {"zone": "Asia/Kolkata"}) for row in rows])

    assert everything(session) == before


def test_many_changes_outside_a_change_are_refused(session: Session) -> None:
    make_place(session, name="Hull")
    before = everything(session)

    with pytest.raises(UnrecordedChange):
        update_noted(session, [(session.scalars(select(PlaceRow)).one(), {"zone": "Asia/Kolkata"})])
    session.rollback()

    assert everything(session) == before


def test_the_next_change_is_not_noted_under_the_last_one(session: Session) -> None:
    make_place(session, name="Hull")

    session.scalars(select(PlaceRow)).one().zone = "UTC"

    with pytest.raises(UnrecordedChange):
        session.flush()
