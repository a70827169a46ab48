"""Create the first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "80ec9dec2600"
down_revision = None
branch_labels = None
depends_on = None

TABLES = ("change", "event")
# history is written once: the database itself refuses to change or delete it
APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in TABLES
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()"
            for table in TABLES
        ),
    ],
}
APPEND_ONLY_GONE = {
    "sqlite": [f"DROP TRIGGER {table}_no_{verb}" for table in TABLES for verb in ("UPDATE", "DELETE")],
    "postgresql": [
        *(f"DROP TRIGGER {table}_append_only ON {table}" for table in TABLES),
        "DROP FUNCTION refuse_rewriting()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["undoes_id"], ["change.id"], name=op.f("fk_change_undoes_id_change")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_change_undoes_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_at"), ["at"], unique=False)

    op.create_table(
        "goal",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=500), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("outcome <> ''", name=op.f("ck_goal_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sa.UniqueConstraint("key", name=op.f("uq_goal_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "horizon",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_folded", sa.String(length=600), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_horizon_name")),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_horizon_dates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_horizon")),
        sa.UniqueConstraint("name_folded", name=op.f("uq_horizon_name_folded")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "organisation",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_organisation_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "place",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_folded", sa.String(length=600), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_place_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("name_folded", name=op.f("uq_place_name_folded")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "result",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_result")),
    )
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_result_computed_at"), ["computed_at"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("act IN ('created', 'updated', 'removed')", name=op.f("ck_event_act")),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_event_change_id_change")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_change_id"), ["change_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_subject"), ["subject"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("work_start", sa.Integer(), nullable=False),
        sa.Column("work_end", sa.Integer(), nullable=False),
        sa.Column("days", sa.String(length=7), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_person_name")),
        sa.CheckConstraint(
            "work_start >= 0 AND work_start < work_end AND work_end <= 1440", name=op.f("ck_person_hours")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_person_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("key", name=op.f("uq_person_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_place_id"), ["place_id"], unique=False)

    op.create_table(
        "team",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_folded", sa.String(length=600), nullable=False),
        sa.Column("area", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_team_name")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_team_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("key", name=op.f("uq_team_key")),
        sa.UniqueConstraint("name_folded", name=op.f("uq_team_name_folded")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_place_id"), ["place_id"], unique=False)

    op.create_table(
        "travel",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("other_place_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name=op.f("ck_travel_minutes")),
        sa.CheckConstraint("place_id < other_place_id", name=op.f("ck_travel_order")),
        sa.ForeignKeyConstraint(
            ["other_place_id"], ["place.id"], name=op.f("fk_travel_other_place_id_place")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_travel_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travel")),
        sa.UniqueConstraint("place_id", "other_place_id", name=op.f("uq_travel_place_id_other_place_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("travel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_travel_other_place_id"), ["other_place_id"], unique=False)

    op.create_table(
        "dependency",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("consumer_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("needed_by", sa.Date(), nullable=True),
        sa.Column("promised_for", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=True),
        sa.Column("horizon_id", sa.Integer(), nullable=True),
        sa.Column("item", sa.String(length=500), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("gap", sa.Float(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('hand-over', 'shared', 'back-and-forth')", name=op.f("ck_dependency_kind")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'countered', 'agreed', 'reopened', 'delivered', 'confirmed', 'declined', 'withdrawn')",
            name=op.f("ck_dependency_state"),
        ),
        sa.CheckConstraint("what <> ''", name=op.f("ck_dependency_what")),
        sa.CheckConstraint("consumer_id <> provider_id", name=op.f("ck_dependency_two_teams")),
        sa.CheckConstraint("gap IS NULL OR gap BETWEEN 0 AND 1", name=op.f("ck_dependency_gap")),
        sa.ForeignKeyConstraint(["consumer_id"], ["team.id"], name=op.f("fk_dependency_consumer_id_team")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_dependency_goal_id_goal")),
        sa.ForeignKeyConstraint(
            ["horizon_id"], ["horizon.id"], name=op.f("fk_dependency_horizon_id_horizon")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["team.id"], name=op.f("fk_dependency_provider_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dependency")),
        sa.UniqueConstraint("key", name=op.f("uq_dependency_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("dependency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dependency_consumer_id"), ["consumer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dependency_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dependency_horizon_id"), ["horizon_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dependency_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "goal_team",
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_team_goal_id_goal")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_goal_team_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_team")),
        sa.UniqueConstraint("goal_id", "team_id", name=op.f("uq_goal_team_goal_id_team_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("goal_team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_team_team_id"), ["team_id"], unique=False)

    op.create_table(
        "map_position",
        sa.Column("view", sa.String(length=40), nullable=False),
        sa.Column("positions", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("view", name=op.f("pk_map_position")),
    )
    op.create_table(
        "membership",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("decides", sa.Boolean(), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_membership_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("team_id", "person_id", name=op.f("uq_membership_team_id_person_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_person_id"), ["person_id"], unique=False)

    op.create_table(
        "team_session",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("local_minutes", sa.Integer(), nullable=False),
        sa.Column("cadence_days", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_team_session_title")),
        sa.CheckConstraint("cadence_days BETWEEN 1 AND 366", name=op.f("ck_team_session_cadence")),
        sa.CheckConstraint("local_minutes BETWEEN 0 AND minutes", name=op.f("ck_team_session_local_minutes")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_team_session_minutes")),
        sa.CheckConstraint("start IS NULL OR start BETWEEN 0 AND 1439", name=op.f("ck_team_session_start")),
        sa.CheckConstraint(
            "weekday IS NULL OR weekday BETWEEN 0 AND 6", name=op.f("ck_team_session_weekday")
        ),
        sa.ForeignKeyConstraint(["host_id"], ["team.id"], name=op.f("fk_team_session_host_id_team")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_team_session_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_session")),
        sa.UniqueConstraint("key", name=op.f("uq_team_session_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("team_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_session_host_id"), ["host_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_session_place_id"), ["place_id"], unique=False)

    op.create_table(
        "attendance",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attendance_person_id_person")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["team_session.id"], name=op.f("fk_attendance_session_id_team_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_attendance_session_id_person_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendance_person_id"), ["person_id"], unique=False)
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in APPEND_ONLY_GONE[op.get_bind().dialect.name]:
        op.execute(statement)
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_person_id"))

    op.drop_table("attendance")
    with op.batch_alter_table("team_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_session_place_id"))
        batch_op.drop_index(batch_op.f("ix_team_session_host_id"))

    op.drop_table("team_session")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_person_id"))

    op.drop_table("membership")
    op.drop_table("map_position")
    with op.batch_alter_table("goal_team", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_goal_team_team_id"))

    op.drop_table("goal_team")
    with op.batch_alter_table("dependency", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dependency_provider_id"))
        batch_op.drop_index(batch_op.f("ix_dependency_horizon_id"))
        batch_op.drop_index(batch_op.f("ix_dependency_goal_id"))
        batch_op.drop_index(batch_op.f("ix_dependency_consumer_id"))

    op.drop_table("dependency")
    with op.batch_alter_table("travel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_travel_other_place_id"))

    op.drop_table("travel")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_place_id"))

    op.drop_table("team")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_place_id"))
        batch_op.drop_index(batch_op.f("ix_person_name"))

    op.drop_table("person")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_subject_id"))
        batch_op.drop_index(batch_op.f("ix_event_subject"))
        batch_op.drop_index(batch_op.f("ix_event_change_id"))

    op.drop_table("event")
    with op.batch_alter_table("result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_result_computed_at"))

    op.drop_table("result")
    op.drop_table("place")
    op.drop_table("organisation")
    op.drop_table("horizon")
    op.drop_table("goal")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_at"))
        batch_op.drop_index(batch_op.f("ix_change_actor_id"))

    op.drop_table("change")
