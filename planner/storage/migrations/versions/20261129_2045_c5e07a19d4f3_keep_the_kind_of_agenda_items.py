"""Keep the kind of an item on an agenda and its usual minutes, so that minutes can be learned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c5e07a19d4f3"
down_revision = "c4e71a95d0b8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agenda_item", sa.Column("sort", sa.String(length=20), nullable=True))
    op.add_column("agenda_item", sa.Column("usual", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("agenda_item", "usual")
    op.drop_column("agenda_item", "sort")
