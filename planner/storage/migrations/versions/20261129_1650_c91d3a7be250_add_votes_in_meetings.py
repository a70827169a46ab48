"""Add votes in meetings, and the tickets of those who join by a code."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c91d3a7be250"
down_revision = "b58f02d91c47"
branch_labels = None
depends_on = None

# SQLite makes the table anew, and would forget it
NUMBERS_ARE_NOT_USED_AGAIN = {"sqlite_autoincrement": True}
PURPOSES = "'first-start', 'invitation', 'sign-in', 'reset', 'address', 'share', 'calendar'"


def upgrade() -> None:
    op.create_table(
        "poll",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "version", "item_id")),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("dots", "cap")),
        sa.Column("is_revealed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("method IN ('dots', 'fist', 'consent')", name=op.f("ck_poll_method")),
        sa.CheckConstraint("dots BETWEEN 1 AND 20 AND cap BETWEEN 1 AND dots", name=op.f("ck_poll_dots")),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_poll_item_id_agenda_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_poll_item_id", "poll", ["item_id"])
    op.create_table(
        "poll_vote",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "version", "poll_id")),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_vote_poll_id_poll")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_vote")),
        sa.UniqueConstraint("poll_id", "person", name=op.f("uq_poll_vote_poll_id_person")),
        sqlite_autoincrement=True,
    )
    _allow_tickets(f"{PURPOSES}, 'code', 'guest'")


def downgrade() -> None:
    op.execute("DELETE FROM ticket WHERE purpose IN ('code', 'guest')")
    _allow_tickets(PURPOSES)
    op.drop_table("poll_vote")
    op.drop_table("poll")


def _allow_tickets(purposes: str) -> None:
    name = op.f("ck_ticket_purpose")
    with op.batch_alter_table("ticket", table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"purpose IN ({purposes})")
