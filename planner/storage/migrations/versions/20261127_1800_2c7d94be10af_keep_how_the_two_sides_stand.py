"""Keep how the two sides of a dependency stand, what they write, and the form that asked for a change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c7d94be10af"
down_revision = "5b1f0c7d94a2"
branch_labels = None
depends_on = None

LISTS = ("criteria", "conditions", "unmet")
TEXTS = (("proposed_what", 500), ("reason", 1000), ("heard", 1000))
# SQLite makes the table anew, and would forget it
NUMBERS_ARE_NOT_USED_AGAIN = {"sqlite_autoincrement": True}
DAYS = ("asked_on", "reminded_on", "proposed_for", "proposed_on")


def upgrade() -> None:
    # no batch: that would make the table anew, without the triggers that keep it append-only
    op.add_column("change", sa.Column("key", sa.String(length=64), nullable=True))
    op.create_index("ix_change_key", "change", ["key"], unique=True)
    with op.batch_alter_table("dependency", table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
        batch_op.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
        for name in LISTS:
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
        for name, length in TEXTS:
            batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
        for name in DAYS:
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("proposed_provider_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("proposed_by", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("heard_right", sa.Boolean(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_dependency_proposed_provider_id_team"), "team", ["proposed_provider_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_dependency_proposed_provider_id"), ["proposed_provider_id"])
        batch_op.create_check_constraint(
            "proposed_by", "proposed_by IS NULL OR proposed_by IN ('consumer', 'provider')"
        )
        batch_op.create_check_constraint("round", "round >= 1")
    with op.batch_alter_table("dependency", table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
        for name in ("round", *LISTS, *(name for name, _length in TEXTS)):
            batch_op.alter_column(name, server_default=None)
    op.create_table(
        "message",
        sa.Column("dependency_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_message_text")),
        sa.CheckConstraint("side IN ('consumer', 'provider')", name=op.f("ck_message_side")),
        sa.ForeignKeyConstraint(
            ["dependency_id"], ["dependency.id"], name=op.f("fk_message_dependency_id_dependency")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_message_dependency_id", "message", ["dependency_id"])


def downgrade() -> None:
    op.drop_table("message")
    with op.batch_alter_table("dependency", table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
        batch_op.drop_constraint(op.f("ck_dependency_proposed_by"), type_="check")
        batch_op.drop_constraint(op.f("ck_dependency_round"), type_="check")
        batch_op.drop_constraint(op.f("fk_dependency_proposed_provider_id_team"), type_="foreignkey")
        batch_op.drop_index(op.f("ix_dependency_proposed_provider_id"))
        for name in ("round", *LISTS, *(name for name, _length in TEXTS), *DAYS):
            batch_op.drop_column(name)
        for name in ("proposed_provider_id", "proposed_by", "heard_right"):
            batch_op.drop_column(name)
    op.drop_index("ix_change_key", "change")
    op.drop_column("change", "key")
