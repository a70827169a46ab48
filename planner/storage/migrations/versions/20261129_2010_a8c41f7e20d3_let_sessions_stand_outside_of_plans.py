"""Let a shared session stand outside of any plan, and let people be told of sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a8c41f7e20d3"
down_revision = "f3b9d1c60a28"
branch_labels = None
depends_on = None

# SQLite makes the table anew, and would forget it
NUMBERS_ARE_NOT_USED_AGAIN = {"sqlite_autoincrement": True}
KINDS = (
    "'asked', 'answered', 'reopened', 'reminded', 'slipped', 'all-there', 'due-tomorrow', 'proposal', "
    "'promise', 'minutes'"
)


def upgrade() -> None:
    _plan_may_be_missing(may=True)
    _allow(f"{KINDS}, 'session'")


def downgrade() -> None:
    """Sessions outside of plans have no place in the table of before, so they go with all that hangs on them."""
    op.execute("DELETE FROM notice WHERE kind = 'session'")
    op.execute("DELETE FROM notice_choice WHERE kind = 'session'")
    _allow(KINDS)
    _forget_single_sessions()
    _plan_may_be_missing(may=False)


def _plan_may_be_missing(*, may: bool) -> None:
    with op.batch_alter_table("shared_session", table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
        batch_op.alter_column("proposal_id", existing_type=sa.Integer(), nullable=may)


def _allow(kinds: str) -> None:
    """Let notices, and choices about them, be of these kinds and no other."""
    for table in ("notice", "notice_choice"):
        name = op.f(f"ck_{table}_kind")
        with op.batch_alter_table(table, table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
            batch_op.drop_constraint(name, type_="check")
            batch_op.create_check_constraint(name, f"kind IN ({kinds})")


def _forget_single_sessions() -> None:
    """What hangs on such a session goes first, the deepest at the beginning."""
    shared = sa.table("shared_session", sa.column("id"), sa.column("proposal_id"))
    single = sa.select(shared.c.id).where(shared.c.proposal_id.is_(None))
    meetings = _ids("meeting", "session_id", single)
    items = _ids("agenda_item", "meeting_id", meetings)
    for table, column, ids in (
        ("poll_vote", "poll_id", _ids("poll", "item_id", items)),
        ("poll", "item_id", items),
        ("outcome", "item_id", items),
        ("minutes_objection", "minutes_id", _ids("minutes", "meeting_id", meetings)),
        ("minutes", "meeting_id", meetings),
        ("meeting_attendance", "meeting_id", meetings),
        ("agenda_item", "meeting_id", meetings),
        ("meeting", "session_id", single),
        ("ballot_paper", "ballot_id", _ids("ballot", "session_id", single)),
        ("ballot", "session_id", single),
        ("session_worth", "session_id", single),
        ("time_poll_answer", "poll_id", _ids("time_poll", "session_id", single)),
        ("time_poll", "session_id", single),
        ("session_reply", "session_id", single),
        ("shared_session", "id", single),
    ):
        found = sa.table(table, sa.column(column))
        op.execute(sa.delete(found).where(found.c[column].in_(ids)))


def _ids(table: str, column: str, of: sa.Select[tuple[int]]) -> sa.Select[tuple[int]]:
    found = sa.table(table, sa.column("id"), sa.column(column))
    return sa.select(found.c.id).where(found.c[column].in_(of))
