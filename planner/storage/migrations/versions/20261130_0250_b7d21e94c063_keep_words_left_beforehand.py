"""Keep what people who cannot come leave beforehand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b7d21e94c063"
down_revision = "f5c97a2eb1d8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "word_beforehand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("matter", sa.String(length=600), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("round >= 0", name=op.f("ck_word_beforehand_round")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_word_beforehand_text")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["shared_session.id"], name=op.f("fk_word_beforehand_session_id_shared_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_beforehand")),
        sa.UniqueConstraint(
            *("session_id", "round", "person", "matter"),
            name=op.f("uq_word_beforehand_session_id_round_person_matter"),
        ),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("word_beforehand")
