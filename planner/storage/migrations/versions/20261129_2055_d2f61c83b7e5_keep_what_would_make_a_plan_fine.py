"""Keep with an answer to a proposal what would make it fine: one of a few wishes, and about which item."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d2f61c83b7e5"
down_revision = "c5e07a19d4f3"
branch_labels = None
depends_on = None

# SQLite makes the table anew, and would forget it
NUMBERS_ARE_NOT_USED_AGAIN = {"sqlite_autoincrement": True}
TABLE = "proposal_answer"
WISHES = "'leave-out', 'only-for', 'other-time', 'shorter', 'something-else'"


def upgrade() -> None:
    with op.batch_alter_table(TABLE, table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
        batch_op.add_column(sa.Column("wish", sa.String(length=20), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("about", sa.String(length=200), nullable=False, server_default=""))
        batch_op.create_check_constraint(op.f("ck_proposal_answer_wish"), f"wish = '' OR wish IN ({WISHES})")


def downgrade() -> None:
    with op.batch_alter_table(TABLE, table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
        batch_op.drop_constraint(op.f("ck_proposal_answer_wish"), type_="check")
        batch_op.drop_column("about")
        batch_op.drop_column("wish")
