"""Requests that may come twice: with the same key the act is done once, and answered alike.

The key is saved in the transaction of the act itself, so that there is never the one without the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from planner.domain.errors import InvalidInput, NotNow, Problem
from planner.services.changes import one_transaction
from planner.storage.models import KeptAnswerRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

KEPT_FOR = timedelta(hours=24)
DONE_ALREADY = (
    "This was done already, but what it answered is not kept. Look at what is there now; "
    "to do it once more, take another key."
)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered the first time."""

    status: int
    headers: Mapping[str, str]
    body: str


def begin_once(session: Session, actor: Actor, key: str, fingerprint: str) -> KeptAnswer | None:
    """Return what this request was answered before; None when it is new, then its act goes on.

    The key is saved by the transaction of the act, or by none. Raises InvalidInput where the key came with
    another request, NotNow where the act was done and its answer is not kept.
    """
    session.execute(delete(KeptAnswerRow).where(KeptAnswerRow.created_at < actor.at - KEPT_FOR))
    found = _kept(session, actor, key, fingerprint)
    if found is not None:
        return found
    session.add(
        KeptAnswerRow(
            person_id=actor.person_id,
            key=key,
            fingerprint=fingerprint,
            headers={},
            body="",
            created_at=actor.at,
        )
    )
    try:
        session.flush()
    except IntegrityError:  # the same request came twice at once, and the other one was first
        session.rollback()
        return _kept(session, actor, key, fingerprint)
    return None


def keep_answer(session: Session, actor: Actor, key: str, answer: KeptAnswer) -> None:
    """Keep what was answered, so that it can be said again."""
    with one_transaction(session):
        row = session.scalar(_row(actor, key))
        if row is not None:
            row.status, row.headers, row.body = answer.status, dict(answer.headers), answer.body


def forget_key(session: Session, actor: Actor, key: str) -> None:
    """Let the key be used again: its act was not done."""
    session.rollback()
    with one_transaction(session):
        session.execute(
            delete(KeptAnswerRow).where(
                KeptAnswerRow.person_id == actor.person_id,
                KeptAnswerRow.key == key,
                KeptAnswerRow.status.is_(None),
            )
        )


def _kept(session: Session, actor: Actor, key: str, fingerprint: str) -> KeptAnswer | None:
    row = session.scalar(_row(actor, key))
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise InvalidInput(Problem("Idempotency-Key", "came with another request before; take a new one"))
    if row.status is None:
        raise NotNow(DONE_ALREADY)
    return KeptAnswer(row.status, row.headers, row.body)


def _row(actor: Actor, key: str) -> Select[tuple[KeptAnswerRow]]:
    return select(KeptAnswerRow).where(KeptAnswerRow.person_id == actor.person_id, KeptAnswerRow.key == key)
