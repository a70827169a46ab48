"""Files on their way in, kept in pieces beside the records: no file is ever held whole, and none stays.

No function here ends the transaction.
"""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import BinaryIO, cast

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from planner.storage.models import ImportHabitRow, UploadPartRow, UploadRow

PIECE = 512 * 1024
KEPT_FOR = timedelta(days=1)
HABITS_MOST = 500


def keep(session: Session, upload_id: int, file: int, stream: BinaryIO, most: int) -> int:
    """Write a stream down piece by piece and return its bytes; more than `most` are not read."""
    size = 0
    number = 0
    while size <= most and (body := stream.read(PIECE)):
        session.add(UploadPartRow(upload_id=upload_id, file=file, number=number, body=body))
        session.flush()
        session.expunge_all()
        size += len(body)
        number += 1
    return size


def reader(session: Session, upload_id: int, file: int) -> BinaryIO:
    """Return a file from its beginning; a piece is fetched when it is reached."""
    return cast("BinaryIO", io.BufferedReader(_Pieces(session, upload_id, file), PIECE))


def size_of(session: Session, upload_id: int, file: int) -> int:
    """Return how many bytes a file has."""
    length = select(func.sum(func.length(UploadPartRow.body)))
    return session.scalar(length.where(UploadPartRow.upload_id == upload_id, UploadPartRow.file == file)) or 0


def forget_files(session: Session, upload_id: int) -> None:
    """Remove the files of an upload; what it did stays to be looked at."""
    session.execute(delete(UploadPartRow).where(UploadPartRow.upload_id == upload_id))


def forget(session: Session, upload_id: int) -> None:
    """Remove an upload and its files."""
    forget_files(session, upload_id)
    session.execute(delete(UploadRow).where(UploadRow.id == upload_id))


def forget_old(session: Session, now: datetime) -> None:
    """Remove whatever was begun more than a day ago."""
    for old in list(session.scalars(select(UploadRow.id).where(UploadRow.created_at < now - KEPT_FOR))):
        forget(session, old)


def forget_all(session: Session) -> None:
    """Remove every upload and every habit."""
    for table in (UploadPartRow, UploadRow, ImportHabitRow):
        session.execute(delete(table))


def habit(session: Session, shape: str) -> str | None:
    """Return what was chosen last for files of this shape."""
    return session.scalar(select(ImportHabitRow.choices).where(ImportHabitRow.shape == shape))


def remember(session: Session, shape: str, choices: str, now: datetime) -> None:
    """Keep what was chosen for files of this shape; the oldest are forgotten."""
    session.merge(ImportHabitRow(shape=shape, choices=choices, used_at=now))
    session.flush()
    newest = select(ImportHabitRow.used_at).order_by(ImportHabitRow.used_at.desc())
    limit = session.scalar(newest.offset(HABITS_MOST).limit(1))
    if limit is not None:
        session.execute(delete(ImportHabitRow).where(ImportHabitRow.used_at <= limit))


class _Pieces(io.RawIOBase):
    """The pieces of a file as one stream that can be read and sought in."""

    def __init__(self, session: Session, upload_id: int, file: int) -> None:
        self._session, self._upload_id, self._file = session, upload_id, file
        self._size = size_of(session, upload_id, file)
        self._at = 0
        self._piece = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override] # what io hands in
        number, offset = divmod(self._at, PIECE)
        if self._piece[0] != number:
            self._piece = (number, self._body(number))
        found = self._piece[1][offset : offset + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def _body(self, number: int) -> bytes:
        query = select(UploadPartRow.body).where(
            UploadPartRow.upload_id == self._upload_id,
            UploadPartRow.file == self._file,
            UploadPartRow.number == number,
        )
        return self._session.scalar(query) or b""
