"""Keep with each proposal what people adjusted of the suggested plan, and the plan that it was before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e58d3b7a9c14"
down_revision = "d0c4b7a19e52"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # no batch: nothing has to be made anew; what is there was adjusted by nobody
    op.add_column("proposal", sa.Column("adjustments", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("proposal", sa.Column("base", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("proposal", "base")
    op.drop_column("proposal", "adjustments")
