"""Add polls for a time, replies to invitations, and how far the inbox was read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d3f08b61c4e2"
down_revision = "e7a2c90d4b15"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "time_poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["shared_session.id"], name=op.f("fk_time_poll_session_id_shared_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_poll")),
        sa.UniqueConstraint("session_id", name=op.f("uq_time_poll_session_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "time_poll_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["time_poll.id"], name=op.f("fk_time_poll_answer_poll_id_time_poll")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_poll_answer")),
        sa.UniqueConstraint("poll_id", "person", name=op.f("uq_time_poll_answer_poll_id_person")),
        sqlite_autoincrement=True,
    )
    _add_replies()


def _add_replies() -> None:
    op.create_table(
        "session_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "answer IN ('accepted', 'tentative', 'declined')", name=op.f("ck_session_reply_answer")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["shared_session.id"], name=op.f("fk_session_reply_session_id_shared_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_reply")),
        sa.UniqueConstraint("session_id", "person", name=op.f("uq_session_reply_session_id_person")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("name", name=op.f("uq_inbox_name")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    for table in ("inbox", "session_reply", "time_poll_answer", "time_poll"):
        op.drop_table(table)
