"""Add busy times and days off of people, and days off of places."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b16e40d2a7c1"
down_revision = "e58d3b7a9c14"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "away",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stretches", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("days_off", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_away")),
        sa.UniqueConstraint("person_id", name=op.f("uq_away_person_id")),
        sqlite_autoincrement=True,
    )
    # no batch: nothing of the table has to be made anew
    op.add_column("place", sa.Column("days_off", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("place", "days_off")
    op.drop_table("away")
