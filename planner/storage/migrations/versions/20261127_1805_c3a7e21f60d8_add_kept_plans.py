"""Add kept plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c3a7e21f60d8"
down_revision = "2c7d94be10af"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_plan",
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_plan")),
        sa.UniqueConstraint("question", name=op.f("uq_kept_plan_question")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("kept_plan")
