"""What a whole database holds, as one value: to prove that something changed nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from planner.storage.db import Base

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

COMPUTED = {"result", "map_position", "job", "worker"}
COUNTED = {"sign_in", "attempt"}
PASSING = {"upload", "upload_part", "import_habit"}
TOLD = {"notice", "mail", "hook_delivery"}
"""What people were told stays told when it is taken back."""


def everything(session: Session) -> dict[str, list[Any]]:
    """Return every row of every table, without what is computed or counts who is there."""
    session.rollback()
    connection = session.connection()
    rows = {name: [tuple(row) for row in connection.exec_driver_sql(ask)] for name, ask in _questions()}
    session.rollback()
    return rows


@cache
def _questions() -> list[tuple[str, str]]:
    """Return for each table what asks for all of it, written once: it is asked thousands of times."""
    left_out = COMPUTED | COUNTED | PASSING | TOLD
    tables = [table for table in Base.metadata.sorted_tables if table.name not in left_out]
    return [(table.name, str(select(table).order_by(table.c.id))) for table in tables]
