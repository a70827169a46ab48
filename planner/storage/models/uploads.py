"""Files on their way in, and what was chosen for files of the same shape. Neither is a record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.storage.db import Base, UtcDateTime


class UploadRow(Base):
    """One import until it is done or a day old. It is shown to whoever began it and to nobody else.

    names, choices, look and report are JSON: the names of the files, what was chosen, what the import
    would do, and what it did. `turn` counts the looks that were asked for.
    """

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint(
            "state IN ('looking', 'ready', 'writing', 'done', 'refused', 'stopped')", name="state"
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(20))
    names: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    choices: Mapped[str] = mapped_column(Text)
    look: Mapped[str] = mapped_column(Text)
    report: Mapped[str] = mapped_column(Text)
    turn: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class UploadPartRow(Base):
    """A piece of a file, so that no file is ever held whole."""

    __tablename__ = "upload_part"
    __table_args__ = (UniqueConstraint("upload_id", "file", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id", ondelete="CASCADE"))
    file: Mapped[int]
    number: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class ImportHabitRow(Base):
    """What was chosen last for files of one shape: the same tool, columns and types of links."""

    __tablename__ = "import_habit"

    shape: Mapped[str] = mapped_column(String(64), primary_key=True)
    choices: Mapped[str] = mapped_column(Text)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
