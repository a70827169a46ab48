"""Let people reply to one date of a session that comes round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c9a40f7be218"
down_revision = "b7d21e94c063"
branch_labels = None
depends_on = None

OF_ALL = "uq_session_reply_session_id_person"
OF_A_DATE = "uq_session_reply_session_id_person_round"
# SQLite makes the table anew, and would forget it
NUMBERS_ARE_NOT_USED_AGAIN = {"sqlite_autoincrement": True}


def upgrade() -> None:
    op.add_column("session_reply", sa.Column("round", sa.Integer(), nullable=False, server_default="-1"))
    _one_reply(OF_ALL, OF_A_DATE, ["session_id", "person", "round"])


def downgrade() -> None:
    """The table of before has no place for what was said to one date alone."""
    op.execute("DELETE FROM session_reply WHERE round >= 0")
    _one_reply(OF_A_DATE, OF_ALL, ["session_id", "person"])
    op.drop_column("session_reply", "round")


def _one_reply(before: str, after: str, columns: list[str]) -> None:
    with op.batch_alter_table("session_reply", table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
        batch_op.drop_constraint(op.f(before), type_="unique")
        batch_op.create_unique_constraint(op.f(after), columns)
