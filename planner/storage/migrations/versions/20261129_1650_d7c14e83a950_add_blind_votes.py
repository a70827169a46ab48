"""Add blind votes before a shared session."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d7c14e83a950"
down_revision = "c91d3a7be250"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ballot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("handed_in", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("round BETWEEN 1 AND 2", name=op.f("ck_ballot_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
        sa.UniqueConstraint("session_id", "round", name=op.f("uq_ballot_session_id_round")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ballot_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("votes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_ballot_paper_ballot_id_ballot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_paper")),
        sa.UniqueConstraint("ballot_id", "person", name=op.f("uq_ballot_paper_ballot_id_person")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    for table in ("ballot_paper", "ballot"):
        op.drop_table(table)
