"""Let people be told that an import, an undo or a removal touched what is theirs."""

from __future__ import annotations

from alembic import op

revision = "c4e71a95d0b8"
down_revision = "b3d95e02c716"
branch_labels = None
depends_on = None

# SQLite makes the table anew, and would forget it
NUMBERS_ARE_NOT_USED_AGAIN = {"sqlite_autoincrement": True}
KINDS = (
    "'asked', 'answered', 'reopened', 'reminded', 'slipped', 'all-there', 'due-tomorrow', 'proposal', "
    "'promise', 'minutes', 'session'"
)


def upgrade() -> None:
    _allow(f"{KINDS}, 'changed'")


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE kind = 'changed'")
    op.execute("DELETE FROM notice_choice WHERE kind = 'changed'")
    _allow(KINDS)


def _allow(kinds: str) -> None:
    """Let notices, and choices about them, be of these kinds and no other."""
    for table in ("notice", "notice_choice"):
        name = op.f(f"ck_{table}_kind")
        with op.batch_alter_table(table, table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
            batch_op.drop_constraint(name, type_="check")
            batch_op.create_check_constraint(name, f"kind IN ({kinds})")
