"""What a whole database holds, as one value: to prove that something changed nothing."""

from __future__ import annotations

import sqlite3
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from planner.storage.db import Base

if TYPE_CHECKING:
    from psycopg import Connection
    from sqlalchemy.orm import Session

COMPUTED = {"result", "map_position", "job", "worker"}
COUNTED = {"sign_in", "attempt"}
PASSING = {"upload", "upload_part", "import_habit"}
TOLD = {"notice", "mail", "hook_delivery"}
"""What people were told stays told when it is taken back."""


def everything(session: Session) -> dict[str, list[Any]]:
    """Return every row of every table, without what is computed or counts who is there."""
    session.rollback()
    driver = session.connection().connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        rows = {name: driver.execute(ask).fetchall() for name, ask in _questions().items()}
    else:
        rows = _asked_at_once(cast("Connection[Any]", driver))
    session.rollback()
    return rows


def _asked_at_once(connection: Connection[Any]) -> dict[str, list[Any]]:
    """Send a server all questions together: to wait for it once each took half of the time of some tests."""
    answers = connection.execute(";".join(_questions().values()).encode(), prepare=False)
    rows = {}
    for name in _questions():
        rows[name] = answers.fetchall()
        answers.nextset()
    return rows


@cache
def _questions() -> dict[str, str]:
    """Return for each table what asks for all of it, written once: it is asked thousands of times."""
    left_out = COMPUTED | COUNTED | PASSING | TOLD
    tables = [table for table in Base.metadata.sorted_tables if table.name not in left_out]
    return {table.name: str(select(table).order_by(table.c.id)) for table in tables}
