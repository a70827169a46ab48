"""Note in which round of which session a promise was made, so that it is seen there at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b3d95e02c716"
down_revision = "a8c41f7e20d3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("promise", sa.Column("session_id", sa.Integer(), nullable=True))
    op.add_column("promise", sa.Column("session_round", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_promise_session_id"), "promise", ["session_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_promise_session_id"), table_name="promise")
    op.drop_column("promise", "session_round")
    op.drop_column("promise", "session_id")
