"""Notices on their way into the database, each with what its reader has chosen by then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from planner.domain.model import PersonId
from planner.domain.notices import USUAL, HowTold, NoticeKind
from planner.storage.db import table_of
from planner.storage.models import NoticeChoiceRow, NoticeRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from planner.domain.notices import Notice


def keep(
    session: Session,
    notices: Sequence[Notice],
    with_mail: Collection[PersonId],
    *,
    at: datetime,
    change_id: int | None = None,
    once: str | None = None,
) -> None:
    """Add notices; only those with an address are ever mailed. `once` keeps a second one away."""
    if not notices:
        return
    chosen = choices_of(session, [notice.person_id for notice in notices])
    usual = (chosen.get((one.person_id, one.kind), USUAL[one.kind]) for one in notices)
    how = [
        (said if one.person_id in with_mail else HowTold.NONE).value
        for one, said in zip(notices, usual, strict=True)
    ]
    session.flush()  # what they are about
    session.execute(
        insert(table_of(NoticeRow)),
        [
            {
                "person_id": notice.person_id,
                "kind": notice.kind.value,
                "dependency_id": notice.dependency_id,
                "proposal_id": notice.proposal_id,
                "promise_id": notice.promise_id,
                "session_id": notice.session_id,
                "change_id": change_id,
                "text": notice.text,
                "at": at,
                "how": told,
                "once": once,
            }
            for notice, told in zip(notices, how, strict=True)
        ],
    )


def choices_of(session: Session, people: Iterable[PersonId]) -> dict[tuple[PersonId, NoticeKind], HowTold]:
    """Return what these people have chosen, for each kind that they chose for."""
    query = select(NoticeChoiceRow).where(NoticeChoiceRow.person_id.in_(set(people)))
    rows = session.scalars(query)
    return {(PersonId(row.person_id), NoticeKind(row.kind)): HowTold(row.how) for row in rows}
