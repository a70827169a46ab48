"""Give each round of a shared session its own meeting, blind votes and answers; what there is was the first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "f3b9d1c60a28"
down_revision = "d3f08b61c4e2"
branch_labels = None
depends_on = None

NUMBERS_ARE_NOT_USED_AGAIN = {"sqlite_autoincrement": True}
UNIQUE = (
    ("meeting", "round", ("session_id",), ("session_id", "round")),
    ("ballot", "session_round", ("session_id", "round"), ("session_id", "session_round", "round")),
    (
        "session_worth",
        "session_round",
        ("session_id", "person_id"),
        ("session_id", "session_round", "person_id"),
    ),
)
"""For each table the new column, and what was unique before and is from now on."""


def upgrade() -> None:
    for table, column, before, after in UNIQUE:
        with op.batch_alter_table(table, table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
            batch_op.drop_constraint(_unique(table, before), type_="unique")
            batch_op.create_unique_constraint(_unique(table, after), list(after))
            if table == "meeting":
                batch_op.create_check_constraint(op.f("ck_meeting_round"), "round >= 0")


def downgrade() -> None:
    """Later rounds have no place in the tables of before, so they go."""
    _forget_later_meetings()
    for table, column, before, after in reversed(UNIQUE):
        op.execute(sa.text(f"DELETE FROM {table} WHERE {column} > 0"))  # noqa: S608 - names from above
        with op.batch_alter_table(table, table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
            batch_op.drop_constraint(_unique(table, after), type_="unique")
            if table == "meeting":
                batch_op.drop_constraint(op.f("ck_meeting_round"), type_="check")
            batch_op.drop_column(column)
            batch_op.create_unique_constraint(_unique(table, before), list(before))


def _forget_later_meetings() -> None:
    """What hangs on the meeting of a later round goes first, the deepest at the beginning."""
    meeting = sa.table("meeting", sa.column("id"), sa.column("round"))
    later = sa.select(meeting.c.id).where(meeting.c.round > 0)
    items = _ids("agenda_item", "meeting_id", later)
    for table, column, ids in (
        ("poll_vote", "poll_id", _ids("poll", "item_id", items)),
        ("poll", "item_id", items),
        ("outcome", "item_id", items),
        ("minutes_objection", "minutes_id", _ids("minutes", "meeting_id", later)),
        ("minutes", "meeting_id", later),
        ("meeting_attendance", "meeting_id", later),
        ("agenda_item", "meeting_id", later),
    ):
        found = sa.table(table, sa.column(column))
        op.execute(sa.delete(found).where(found.c[column].in_(ids)))
    ballot = sa.table("ballot", sa.column("id"), sa.column("session_round"))
    paper = sa.table("ballot_paper", sa.column("ballot_id"))
    of_later = sa.select(ballot.c.id).where(ballot.c.session_round > 0)
    op.execute(sa.delete(paper).where(paper.c.ballot_id.in_(of_later)))


def _ids(table: str, column: str, of: sa.Select[tuple[int]]) -> sa.Select[tuple[int]]:
    found = sa.table(table, sa.column("id"), sa.column(column))
    return sa.select(found.c.id).where(found.c[column].in_(of))


def _unique(table: str, columns: tuple[str, ...]) -> str:
    return op.f(f"uq_{table}_{'_'.join(columns)}")
