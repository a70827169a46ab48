"""Add promises of persons with their witnesses and entries, and the notices that tell of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d5e81b40a7c3"
down_revision = "d7c14e83a950"
branch_labels = None
depends_on = None

# SQLite makes the table anew, and would forget it
NUMBERS_ARE_NOT_USED_AGAIN = {"sqlite_autoincrement": True}
KINDS = "'asked', 'answered', 'reopened', 'reminded', 'slipped', 'all-there', 'due-tomorrow', 'proposal'"


def upgrade() -> None:
    _add_promise()
    _add_witness()
    _add_entry()
    op.add_column("notice", sa.Column("promise_id", sa.Integer(), nullable=True))
    _allow(f"{KINDS}, 'promise'")


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE kind = 'promise'")
    op.execute("DELETE FROM notice_choice WHERE kind = 'promise'")
    _allow(KINDS)
    op.drop_column("notice", "promise_id")
    op.drop_table("promise_entry")
    op.drop_table("promise_witness")
    op.drop_table("promise")


def _allow(kinds: str) -> None:
    """Let notices, and choices about them, be of these kinds and no other."""
    for table in ("notice", "notice_choice"):
        name = op.f(f"ck_{table}_kind")
        with op.batch_alter_table(table, table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
            batch_op.drop_constraint(name, type_="check")
            batch_op.create_check_constraint(name, f"kind IN ({kinds})")


def _add_promise() -> None:
    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("origin", sa.String(length=500), nullable=False),
        sa.Column("moved_from", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'kept', 'moved', 'missed', 'withdrawn')", name=op.f("ck_promise_state")
        ),
        sa.ForeignKeyConstraint(["moved_from"], ["promise.id"], name=op.f("fk_promise_moved_from_promise")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_promise_owner_id", "promise", ["owner_id"])
    op.create_index("ix_promise_due_on", "promise", ["due_on"])


def _add_witness() -> None:
    op.create_table(
        "promise_witness",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promise.id"], name=op.f("fk_promise_witness_promise_id_promise")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_witness")),
        sa.UniqueConstraint("promise_id", "person_id", name=op.f("uq_promise_witness_promise_id_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_promise_witness_person_id", "promise_witness", ["person_id"])


def _add_entry() -> None:
    op.create_table(
        "promise_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "act IN ('made', 'keep', 'move', 'miss', 'withdraw', 'tell', 'ask', 'see')",
            name=op.f("ck_promise_entry_act"),
        ),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promise.id"], name=op.f("fk_promise_entry_promise_id_promise")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_entry")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_promise_entry_person_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_promise_entry_promise_id", "promise_entry", ["promise_id"])
