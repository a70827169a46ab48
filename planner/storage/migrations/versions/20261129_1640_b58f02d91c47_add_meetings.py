"""Add meetings of shared sessions with their agenda, outcomes and who came."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "b58f02d91c47"
down_revision = "c7a2e95f1b08"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_meeting()
    _add_agenda_item()
    _add_outcome()
    _add_attendance()


def downgrade() -> None:
    for table in ("meeting_attendance", "outcome", "agenda_item", "meeting"):
        op.drop_table(table)


def _of(name: str, kind: sa.types.TypeEngine[Any], *, may_miss: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=may_miss)


def _add_meeting() -> None:
    op.create_table(
        "meeting",
        _of("id", sa.Integer()),
        _of("version", sa.Integer()),
        _of("session_id", sa.Integer()),
        _of("state", sa.String(20)),
        _of("facilitator", sa.String(200)),
        _of("current_id", sa.Integer(), may_miss=True),
        *(
            _of(name, sa.DateTime(timezone=True), may_miss=True)
            for name in ("turned_at", "started_at", "closed_at")
        ),
        sa.CheckConstraint("state IN ('planned', 'running', 'closed')", name=op.f("ck_meeting_state")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["shared_session.id"], name=op.f("fk_meeting_session_id_shared_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("session_id", name=op.f("uq_meeting_session_id")),
        sqlite_autoincrement=True,
    )


def _add_agenda_item() -> None:
    op.create_table(
        "agenda_item",
        *(_of(name, sa.Integer()) for name in ("id", "version", "meeting_id", "position")),
        _of("dependency", sa.String(200), may_miss=True),
        _of("title", sa.String(500)),
        _of("kind", sa.String(20)),
        *(_of(name, sa.Integer()) for name in ("minutes", "added", "used")),
        _of("lead", sa.String(200)),
        sa.CheckConstraint("title <> ''", name=op.f("ck_agenda_item_title")),
        sa.CheckConstraint("kind IN ('talk', 'consent')", name=op.f("ck_agenda_item_kind")),
        sa.CheckConstraint(
            "minutes BETWEEN 0 AND 1440 AND added BETWEEN 0 AND 1440 AND used >= 0",
            name=op.f("ck_agenda_item_minutes"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_agenda_item_meeting_id", "agenda_item", ["meeting_id"])


def _add_outcome() -> None:
    op.create_table(
        "outcome",
        *(_of(name, sa.Integer()) for name in ("id", "version", "item_id")),
        _of("kind", sa.String(20)),
        _of("text", sa.Text()),
        _of("decider", sa.String(200)),
        _of("consulted", sa.JSON()),
        _of("idea_from", sa.String(200)),
        _of("review_on", sa.Date(), may_miss=True),
        _of("agreed_for", sa.Date(), may_miss=True),
        _of("deferred_to", sa.String(500)),
        sa.CheckConstraint(
            "kind IN ('agreed', 'countered', 'declined', 'split', 'decided', 'parked', 'deferred')",
            name=op.f("ck_outcome_kind"),
        ),
        sa.CheckConstraint("kind <> 'deferred' OR deferred_to <> ''", name=op.f("ck_outcome_deferred_to")),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_outcome_item_id_agenda_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("item_id", name=op.f("uq_outcome_item_id")),
        sqlite_autoincrement=True,
    )


def _add_attendance() -> None:
    op.create_table(
        "meeting_attendance",
        *(_of(name, sa.Integer()) for name in ("id", "version", "meeting_id")),
        _of("person", sa.String(200), may_miss=True),
        _of("guest", sa.String(200)),
        _of("arrived_at", sa.DateTime(timezone=True)),
        _of("left_at", sa.DateTime(timezone=True), may_miss=True),
        sa.CheckConstraint("(person IS NULL) = (guest <> '')", name=op.f("ck_meeting_attendance_guest")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_attendance_meeting_id_meeting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_attendance")),
        sa.UniqueConstraint("meeting_id", "person", name=op.f("uq_meeting_attendance_meeting_id_person")),
        sqlite_autoincrement=True,
    )
