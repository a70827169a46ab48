"""How Alembic reaches the database of the running application."""

from __future__ import annotations

from alembic import context
from flask import current_app

import planner.storage.models  # noqa: F401 - fills the metadata
from planner.storage.db import Base, db


def _is_compared(name: str | None, _kind: str, _parents: object) -> bool:
    """The index of the search is not the same on the two servers, so no model tells of it."""
    return not (name or "").startswith("search_index")


def run() -> None:
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # copying a table drops the old one, and with keys on that would delete every child row
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection, target_metadata=Base.metadata, include_name=_is_compared, **options
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if is_sqlite:
            connection.connection.execute("PRAGMA foreign_keys=ON")


run()
