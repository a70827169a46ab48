"""Who may come in: accounts, sign-ins, one-time links, and how often somebody tried.

None of these rows is audited: the history must not keep a secret. No foreign key leads to a person either:
somebody who is removed cannot come in, and can again when the removal is taken back.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.storage.db import Base, UtcDateTime

HASH = 64  # characters of a SHA-256 in hexadecimal


class AccountRow(Base):
    """A person who may sign in. `proven_at`: when a link that was mailed to the address came back."""

    __tablename__ = "account"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    proven_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_administrator: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class IdentityRow(Base):
    """Somebody whom a provider knows under a subject of its own."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(255))
    person_id: Mapped[int] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInRow(Base):
    """One browser in which somebody is signed in; the cookie has the token, we keep its hash alone."""

    __tablename__ = "sign_in"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(HASH), unique=True)
    person_id: Mapped[int] = mapped_column(index=True)
    device: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class TicketRow(Base):
    """A link that opens one thing: once, or until a date. `target` is what a share shows."""

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint(
            "purpose IN ('first-start', 'invitation', 'sign-in', 'reset', 'address', 'share', 'calendar', "
            "'code', 'guest')",
            name="purpose",
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20), index=True)
    token_hash: Mapped[str] = mapped_column(String(HASH), unique=True)
    person_id: Mapped[int | None] = mapped_column(index=True)
    team_id: Mapped[int | None]
    email: Mapped[str] = mapped_column(String(254))
    target: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AttemptRow(Base):
    """How often something was tried since a moment, by one account or from one address."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("kind", "key_hash"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key_hash: Mapped[str] = mapped_column(String(HASH))
    number: Mapped[int]
    since: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
