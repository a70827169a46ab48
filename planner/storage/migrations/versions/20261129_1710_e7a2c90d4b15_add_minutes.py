"""Add minutes with their objections, what people say a session was worth, and the notices that tell of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e7a2c90d4b15"
down_revision = "d5e81b40a7c3"
branch_labels = None
depends_on = None

# SQLite makes the table anew, and would forget it
NUMBERS_ARE_NOT_USED_AGAIN = {"sqlite_autoincrement": True}
KINDS = "'asked', 'answered', 'reopened', 'reminded', 'slipped', 'all-there', 'due-tomorrow', 'proposal', 'promise'"


def upgrade() -> None:
    _add_minutes()
    _add_objection()
    _add_worth()
    op.add_column("notice", sa.Column("session_id", sa.Integer(), nullable=True))
    _allow(f"{KINDS}, 'minutes'")


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE kind = 'minutes'")
    op.execute("DELETE FROM notice_choice WHERE kind = 'minutes'")
    _allow(KINDS)
    op.drop_column("notice", "session_id")
    op.drop_table("session_worth")
    op.drop_table("minutes_objection")
    op.drop_table("minutes")


def _allow(kinds: str) -> None:
    """Let notices, and choices about them, be of these kinds and no other."""
    for table in ("notice", "notice_choice"):
        name = op.f(f"ck_{table}_kind")
        with op.batch_alter_table(table, table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
            batch_op.drop_constraint(name, type_="check")
            batch_op.create_check_constraint(name, f"kind IN ({kinds})")


def _add_minutes() -> None:
    op.create_table(
        "minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_minutes_number")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_minutes_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_minutes_meeting_id_number")),
        sqlite_autoincrement=True,
    )


def _add_objection() -> None:
    op.create_table(
        "minutes_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("objected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=200), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_objection_minutes_id_minutes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_objection")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_minutes_objection_minutes_id", "minutes_objection", ["minutes_id"])


def _add_worth() -> None:
    op.create_table(
        "session_worth",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.CheckConstraint("value BETWEEN 0 AND 4", name=op.f("ck_session_worth_value")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_worth")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_session_worth_session_id_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_session_worth_session_id", "session_worth", ["session_id"])
