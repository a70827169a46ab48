"""Add proposals with their answers and the sessions agreed; pause team sessions, invite by mail and feed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a41d7e6c02b9"
down_revision = "7e3a90c1d5b4"
branch_labels = None
depends_on = None

# SQLite makes the table anew, and would forget it
NUMBERS_ARE_NOT_USED_AGAIN = {"sqlite_autoincrement": True}
KINDS = "'asked', 'answered', 'reopened', 'reminded', 'slipped', 'all-there', 'due-tomorrow'"
PURPOSES = "'first-start', 'invitation', 'sign-in', 'reset', 'address', 'share'"


def upgrade() -> None:
    _add_proposal()
    _add_answer()
    _add_shared_session()
    # no batch: nothing of these two has to be made anew
    op.add_column("team_session", sa.Column("paused_by_id", sa.Integer(), nullable=True))
    op.add_column("mail", sa.Column("calendar", sa.Text(), nullable=False, server_default=""))
    op.add_column("notice", sa.Column("proposal_id", sa.Integer(), nullable=True))
    _allow("notice", "kind", f"{KINDS}, 'proposal'")
    _allow("notice_choice", "kind", f"{KINDS}, 'proposal'")
    _allow("ticket", "purpose", f"{PURPOSES}, 'calendar'")


def downgrade() -> None:
    op.execute("DELETE FROM ticket WHERE purpose = 'calendar'")
    op.execute("DELETE FROM notice WHERE kind = 'proposal'")
    op.execute("DELETE FROM notice_choice WHERE kind = 'proposal'")
    _allow("ticket", "purpose", PURPOSES)
    _allow("notice_choice", "kind", KINDS)
    _allow("notice", "kind", KINDS)
    op.drop_column("notice", "proposal_id")
    op.drop_column("mail", "calendar")
    op.drop_column("team_session", "paused_by_id")
    op.drop_table("shared_session")
    op.drop_table("proposal_answer")
    op.drop_table("proposal")


def _allow(table: str, column: str, values: str) -> None:
    """Let a column hold these values and no other."""
    name = op.f(f"ck_{table}_{column}")
    with op.batch_alter_table(table, table_kwargs=NUMBERS_ARE_NOT_USED_AGAIN) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"{column} IN ({values})")


def _add_proposal() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.JSON(), nullable=False)
            for name in ("words", "plan", "facts", "figures", "host_teams", "replaces")
        ),
        sa.Column("cadence_days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("shared_by_id", sa.Integer(), nullable=True),
        sa.Column("shared_by", sa.String(length=200), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("trial_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "state IN ('shared', 'trial', 'kept', 'reverted', 'revised', 'withdrawn')",
            name=op.f("ck_proposal_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("question", "number", name=op.f("uq_proposal_question_number")),
        sqlite_autoincrement=True,
    )


def _add_answer() -> None:
    op.create_table(
        "proposal_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("stance", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stance IN ('fine', 'fine-if', 'object')", name=op.f("ck_proposal_answer_stance")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_answer_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_answer")),
        sa.UniqueConstraint("proposal_id", "person", name=op.f("uq_proposal_answer_proposal_id_person")),
        sqlite_autoincrement=True,
    )


def _add_shared_session() -> None:
    op.create_table(
        "shared_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("facilitator", sa.String(length=200), nullable=False),
        sa.Column("agenda", sa.JSON(), nullable=False),
        sa.Column("seats", sa.JSON(), nullable=False),
        sa.Column("uid", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailed", sa.Integer(), nullable=True),
        sa.Column("mailed_to", sa.JSON(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_shared_session_minutes")),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_shared_session_sequence")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_shared_session_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_session")),
        sa.UniqueConstraint("uid", name=op.f("uq_shared_session_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_shared_session_proposal_id", "shared_session", ["proposal_id"])
