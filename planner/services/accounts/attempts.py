"""How often something may be tried: counted in the database, so that every process counts together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, case, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from planner.domain.errors import PlannerError
from planner.storage.db import writing_beside
from planner.storage.models import AttemptRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FORGOTTEN_AFTER = timedelta(days=2)


class TooOften(PlannerError):
    """Tried more often than is allowed; `wait` says for how long to stop."""

    def __init__(self, wait: timedelta, said: str = "This was tried too often. Nothing was done.") -> None:
        self.wait = wait
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        words = f"{minutes} minutes" if minutes > 1 else "a minute"
        super().__init__(f"{said} Wait {words}, then try again.")


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times within a stretch of time."""

    name: str
    times: int
    within: timedelta


class Kind(Enum):
    """What is counted, by whom it is counted, and how often it may be tried."""

    SIGN_IN_ACCOUNT = Limit("sign-in-account", 10, timedelta(minutes=10))
    SIGN_IN_ADDRESS = Limit("sign-in-address", 20, timedelta(hours=1))
    MAIL_ACCOUNT = Limit("mail-account", 5, timedelta(hours=1))
    MAIL_ADDRESS = Limit("mail-address", 20, timedelta(hours=1))
    LINK_ADDRESS = Limit("link-address", 60, timedelta(hours=1))
    CODE_ADDRESS = Limit("code-address", 20, timedelta(hours=1))
    INVITATION = Limit("invitation", 20, timedelta(days=1))
    IMPORT = Limit("import", 10, timedelta(hours=1))


def count_attempt(session: Session, kind: Kind, key: str, now: datetime) -> None:
    """Count one more, before the work is done. Raises TooOften when there were too many already.

    What the session has not saved yet is saved: the count stays whatever becomes of the request.
    """
    with writing_beside(session) as own:
        own.execute(delete(AttemptRow).where(AttemptRow.since < now - FORGOTTEN_AFTER))
        number, since = own.execute(_one_more(own, kind, key, now)).one()
    if number > kind.value.times:
        raise TooOften(since + kind.value.within - now)


def forgive(session: Session, kind: Kind, key: str) -> None:
    """Forget what was counted: it was the right person. Does not end the transaction."""
    session.execute(delete(AttemptRow).where(*_counted(kind, key)))


def give_back(session: Session, kind: Kind, key: str) -> None:
    """Take one attempt back, and no more: others may have tried from there. Does not end the transaction."""
    one_less = update(AttemptRow).where(*_counted(kind, key), AttemptRow.number > 0)
    session.execute(one_less.values(number=AttemptRow.number - 1))


def _counted(kind: Kind, key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return AttemptRow.kind == kind.value.name, AttemptRow.key_hash == _hash(key)


def _one_more(session: Session, kind: Kind, key: str, now: datetime) -> Any:
    """One statement, so that a hundred who try at once are a hundred in the count."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    is_over = AttemptRow.since <= now - kind.value.within
    first = dialect.insert(AttemptRow).values(kind=kind.value.name, key_hash=_hash(key), number=1, since=now)
    return first.on_conflict_do_update(
        index_elements=["kind", "key_hash"],
        set_={
            "number": case((is_over, 1), else_=AttemptRow.number + 1),
            "since": case((is_over, now), else_=AttemptRow.since),
        },
    ).returning(AttemptRow.number, AttemptRow.since)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
