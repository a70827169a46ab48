"""What was computed once and is kept: pictures and plans by the digest of all that went into them."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from planner.config import utc_now
from planner.storage.db import giving_way, writing_beside
from planner.storage.models import MapPositionRow, ResultRow

KEPT_MAX = 1000

log = logging.getLogger(__name__)


def fetch(session: Session, key: str) -> bytes | None:
    """Return what was kept under the key, None when nothing was."""
    row = session.get(ResultRow, key)
    return None if row is None else row.body


def fetch_first(session: Session, *keys: str) -> tuple[str, bytes] | None:
    """Return the first of these keys under which something was kept, with what it is; one query."""
    rows = session.execute(select(ResultRow.key, ResultRow.body).where(ResultRow.key.in_(keys)))
    found: dict[str, bytes] = {row.key: row.body for row in rows}
    return next(((key, found[key]) for key in keys if key in found), None)


def keep(session: Session, key: str, body: bytes) -> None:
    """Keep a result in a transaction of its own, so that a page that only reads can do it.

    A database that is busy, or somebody who kept the same first, costs the next reader a
    computation and nobody an answer.
    """
    _write(session, ResultRow(key=key, body=body, computed_at=utc_now()))


def _forget_oldest(session: Session) -> None:
    """Keep the table small: every filter somebody tries on a map leaves a picture."""
    newest = select(ResultRow.computed_at).order_by(ResultRow.computed_at.desc()).offset(KEPT_MAX).limit(1)
    limit = session.scalar(newest)
    if limit is not None:
        session.execute(delete(ResultRow).where(ResultRow.computed_at <= limit))


def fetch_positions(session: Session, view: str) -> dict[str, Any] | None:
    """Return where things stood last time in this view."""
    row = session.get(MapPositionRow, view)
    return None if row is None else dict(row.positions)


def keep_positions(session: Session, view: str, positions: dict[str, Any], *, key: str, body: bytes) -> None:
    """Keep where things stand, and the picture that shows them so, in one transaction like `keep`."""
    picture = ResultRow(key=key, body=body, computed_at=utc_now())
    _write(session, MapPositionRow(view=view, positions=positions), picture)


def _write(session: Session, *rows: ResultRow | MapPositionRow) -> None:
    try:
        with writing_beside(session, giving_way) as own:
            for row in rows:
                own.merge(row)
            _forget_oldest(own)
    except (IntegrityError, OperationalError) as error:
        log.warning("a result was not kept: %s", type(error).__name__)
