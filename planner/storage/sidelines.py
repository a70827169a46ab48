"""What is said about a job while its one long transaction keeps everybody else from writing.

On SQLite nobody can write to the database meanwhile, not even to say how far it is or that it shall stop.
Whoever uses such a database is on its machine, so both stand in two small files beside it, which are gone
when the job is. Elsewhere the table of jobs can be written at any time, and there is no sideline.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Heard:
    """How far a job said that it is, and when it said so in seconds since 1970."""

    done: int
    total: int
    at: float


@dataclass(frozen=True, slots=True)
class Sideline:
    """The two files of one job: how far it is, and whether somebody asked it to stop."""

    told: Path
    stop: Path

    def tell(self, done: int, total: int) -> bool:
        """Say how far it is; return whether to go on. A full disk makes it silent, not wrong."""
        with suppress(OSError):
            part = self.told.with_name(self.told.name + ".part")
            part.write_text(f"{done} {total}")
            part.replace(self.told)
        return not self.stop.exists()

    def hear(self) -> Heard | None:
        """Return what was said last, None where nothing was."""
        with suppress(OSError, ValueError):
            done, total = map(int, self.told.read_text().split())
            return Heard(done, total, self.told.stat().st_mtime)
        return None

    def ask_to_stop(self) -> None:
        with suppress(OSError):
            self.stop.touch()

    def clear(self) -> None:
        """Forget what was said: the job begins, or is over."""
        for file in (self.told, self.stop):
            with suppress(OSError):
                file.unlink(missing_ok=True)


def sideline(session: Session, job_id: int) -> Sideline | None:
    """Return the sideline of a job where it needs one."""
    url = session.get_bind().engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    database = Path(url.database)
    return Sideline(
        database.with_name(f"{database.name}.job-{job_id}"),
        database.with_name(f"{database.name}.job-{job_id}.stop"),
    )
