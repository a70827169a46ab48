"""Who decides for a team hears in one sentence of an import, an undo or a removal that touched it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from planner.domain.notices import HowTold, NoticeKind
from planner.services import notices
from planner.services.changes import undo
from planner.services.dependencies import remove_dependency
from planner.services.exchange import remove_everything
from planner.storage.models import NoticeRow, PersonRow
from tests.factories import OPERATOR, Cast, bring_in, make_actor, make_cast, make_dependency

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LINES = b"needs,from,what,key\n" + b"".join(
    f"Payments,Partner API,File {number},n{number}\n".encode() for number in range(3)
)


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast(session)


def told(session: Session) -> list[tuple[str, str, str]]:
    """Return who was told of changes, what, and how by mail, in order."""
    query = (
        select(PersonRow.key, NoticeRow.text, NoticeRow.how)
        .join(PersonRow, PersonRow.id == NoticeRow.person_id)
        .where(NoticeRow.kind == NoticeKind.CHANGED.value)
        .order_by(NoticeRow.id)
    )
    return [(key, text, how) for key, text, how in session.execute(query)]


def test_an_import_tells_the_owners_of_both_sides_once_and_not_who_brought_it_in(
    session: Session, cast: Cast
) -> None:
    bring_in(session, make_actor(session, cast.owner), LINES, name="needs.csv")

    sentence = "Imported needs.csv. Of what is yours: 3 dependencies new."
    assert [(who, text) for who, text, _ in told(session)] == [(cast.partner, sentence)]


def test_a_second_import_and_its_undo_tell_what_they_changed(session: Session, cast: Cast) -> None:
    bring_in(session, make_actor(session, cast.owner), LINES, name="needs.csv")
    changed = LINES.replace(b"File 1", b"Other file") + b"Payments,Partner API,File 3,n3\n"
    report = bring_in(session, OPERATOR, changed, name="more.csv")
    assert report.change_id is not None

    undo(session, OPERATOR, report.change_id)

    came = "Imported more.csv. Of what is yours: 1 dependency new, 1 changed."
    went = "Took back: Imported more.csv. Of what is yours: 1 dependency changed, 1 removed."
    assert [(who, text) for who, text, _ in told(session)][1:] == [
        (cast.owner, came),
        (cast.partner, came),
        (cast.owner, went),
        (cast.partner, went),
    ]


def test_a_removal_tells_the_other_side(session: Session, cast: Cast) -> None:
    make_dependency(session, cast.team, cast.partner_team, what="Settlement file")

    remove_dependency(session, make_actor(session, cast.owner), 1)

    sentence = "Removed “Settlement file”. Of what is yours: 1 dependency removed."
    assert [(who, text) for who, text, _ in told(session)] == [(cast.partner, sentence)]


def test_what_touches_nothing_of_theirs_tells_nobody(session: Session, cast: Cast) -> None:
    bring_in(session, OPERATOR, b"key,name\nice,Ice\n", kind="teams")
    bring_in(session, OPERATOR, b"key,name\nice,Ice\n", kind="teams")

    assert told(session) == []
    assert cast.owner


def test_when_everything_goes_nobody_is_left_to_be_told_and_all_are_when_it_comes_back(
    session: Session, cast: Cast
) -> None:
    make_dependency(session, cast.team, cast.partner_team)

    change = remove_everything(session, OPERATOR)
    assert told(session) == []
    assert change.id is not None
    undo(session, OPERATOR, change.id)

    assert told(session) == []  # whoever comes with a change knows no other state


def test_each_is_told_as_they_chose(session: Session, cast: Cast) -> None:
    partner = make_actor(session, cast.partner)
    notices.choose(session, partner, {NoticeKind.CHANGED: HowTold.NONE})

    bring_in(session, make_actor(session, cast.owner), LINES, name="needs.csv")

    assert [how for _, _, how in told(session)] == ["none"]
