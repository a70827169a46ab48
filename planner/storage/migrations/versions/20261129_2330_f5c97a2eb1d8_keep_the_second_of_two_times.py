"""Keep the second of two times at which a session is held in turn, so that rounds that are added go on so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "f5c97a2eb1d8"
down_revision = "e4b86f1d90a7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # no batch: nothing of the table has to be made anew
    op.add_column("shared_session", sa.Column("turn", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("shared_session", "turn")
