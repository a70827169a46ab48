"""Let shared sessions come round again, some rounds at another time or left out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c7a2e95f1b08"
down_revision = "b16e40d2a7c1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # no batch: nothing of the table has to be made anew; what was agreed before is held once
    op.add_column(
        "shared_session", sa.Column("every_days", sa.Integer(), nullable=False, server_default="14")
    )
    op.add_column("shared_session", sa.Column("rounds", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("shared_session", sa.Column("exceptions", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("shared_session", sa.Column("mailed_off", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    for name in ("mailed_off", "exceptions", "rounds", "every_days"):
        op.drop_column("shared_session", name)
