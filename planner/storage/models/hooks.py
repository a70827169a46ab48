"""Web hooks: the addresses that are told of acts, and what was sent there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from planner.storage.db import Base, Row, UtcDateTime


class HookRow(Row):
    """An address that is told of every act. The secret signs what is sent, and stays out of the history."""

    __tablename__ = "hook"
    __table_args__ = (CheckConstraint("secret <> ''", name="secret"), {"sqlite_autoincrement": True})

    address: Mapped[str] = mapped_column(String(500), unique=True)
    secret: Mapped[str] = mapped_column(String(200), info={"secret": True})
    is_on: Mapped[bool]


class HookDeliveryRow(Base):
    """One message to one web hook, kept until it has arrived or was given up."""

    __tablename__ = "hook_delivery"
    __table_args__ = (Index(None, "sent_at", "failed_at", "next_try_at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    hook_id: Mapped[int] = mapped_column(ForeignKey("hook.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(String(500), default="")
