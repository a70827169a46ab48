"""Let a shared goal name the person who leads it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a91c4e7d2b06"
down_revision = "d2f61c83b7e5"
branch_labels = None
depends_on = None

NUMBERS_ARE_NOT_USED_AGAIN = {"sqlite_autoincrement": True}


def upgrade() -> None:
    with op.batch_alter_table("goal", table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
        batch_op.add_column(sa.Column("lead_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_goal_lead_id_person"), "person", ["lead_id"], ["id"])
        batch_op.create_index(op.f("ix_goal_lead_id"), ["lead_id"])


def downgrade() -> None:
    with op.batch_alter_table("goal", table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
        batch_op.drop_index(op.f("ix_goal_lead_id"))
        batch_op.drop_constraint(op.f("fk_goal_lead_id_person"), type_="foreignkey")
        batch_op.drop_column("lead_id")
