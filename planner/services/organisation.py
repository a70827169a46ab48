"""The whole organisation as one value, loaded once per revision and shared by everybody who reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.model import Organisation
from planner.services.shelf import Shelf
from planner.storage import snapshot
from planner.storage.snapshot import Revision

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_newest: Shelf[str, tuple[Revision, Organisation]] = Shelf(4)
"""The newest snapshot of each database, with its revision."""


def read_organisation(session: Session) -> Organisation:
    """Return what is recorded now: one query when nothing changed since the last reader, four when
    only dependencies did."""
    revision = snapshot.revision(session)
    database = str(session.get_bind().engine.url)
    kept = _newest.get(database)
    if kept is None:
        kept = (revision, snapshot.load(session))
    elif kept[0] != revision:
        kept = (revision, snapshot.refresh(session, kept[1], since=kept[0], now=revision))
    _newest.put(database, kept)
    return kept[1]
