"""The whole organisation as one value, loaded once per revision and shared by everybody who reads."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from planner.storage import snapshot

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.model import Organisation

_KEPT_DATABASES = 4


class _Shelf:
    """The newest snapshot of each database of this process; a snapshot is frozen, so it is shared."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[str, tuple[int, Organisation]] = {}

    def get(self, database: str, revision: int) -> Organisation | None:
        with self._lock:
            kept = self._kept.get(database)
        return kept[1] if kept and kept[0] == revision else None

    def put(self, database: str, revision: int, organisation: Organisation) -> None:
        with self._lock:
            self._kept.pop(database, None)
            self._kept[database] = (revision, organisation)
            while len(self._kept) > _KEPT_DATABASES:
                del self._kept[next(iter(self._kept))]


_shelf = _Shelf()


def read_organisation(session: Session) -> Organisation:
    """Return what is recorded now: one query when nothing changed since the last reader."""
    revision = snapshot.revision(session)
    database = str(session.get_bind().engine.url)
    kept = _shelf.get(database, revision)
    if kept is None:
        kept = snapshot.load(session)
        _shelf.put(database, revision, kept)
    return kept
