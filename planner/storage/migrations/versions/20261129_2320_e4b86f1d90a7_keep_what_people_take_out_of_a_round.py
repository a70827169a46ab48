"""Keep what people have taken out of the agenda of a round, so that it does not come back by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e4b86f1d90a7"
down_revision = "a91c4e7d2b06"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("taken_out", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("meeting", "taken_out")
