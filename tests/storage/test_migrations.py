"""The tables of an operator are those that the code expects, and they refuse what must not be."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import create_engine, delete, insert, inspect, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from planner.app import create_app
from planner.services.example import load_example
from planner.services.exchange import export_organisation
from planner.storage.db import Base, db
from tests.conftest import run_on_postgres, settings_for
from tests.factories import OPERATOR, make_cast
from tests.support.digest import everything
from tests.support.postgres import in_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session


@pytest.fixture
def empty_app(server: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database without any table."""
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    if server == "postgres":
        address = request.getfixturevalue("postgres_template")
        run_on_postgres(address, "CREATE DATABASE nothing TEMPLATE template0")
        url = in_database(address, "nothing")
    app = create_app(settings_for(url, tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if server == "postgres":
        run_on_postgres(address, "DROP DATABASE nothing WITH (FORCE)")


def tables() -> set[str]:
    """The tables there are, without those that SQLite keeps for the index of the search."""
    names = inspect(db.engine).get_table_names()
    return {name for name in names if name != "alembic_version" and not name.startswith("search_index")}


@pytest.mark.usefixtures("empty_app")
def test_the_way_up_ends_at_the_models_and_the_way_down_at_nothing() -> None:
    upgrade()
    check()

    assert tables() == set(Base.metadata.tables)

    downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]

    upgrade()
    check()


@pytest.mark.usefixtures("empty_app")
def test_after_a_migration_foreign_keys_are_still_watched() -> None:
    upgrade()

    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text("INSERT INTO goal_team VALUES (7, 8, 1, 1)"))


def test_a_migration_that_is_run_again_keeps_every_record(session: Session) -> None:
    load_example(session, OPERATOR)
    recorded, exported = everything(session), export_organisation(session)
    session.close()

    upgrade()

    assert everything(session) == recorded
    assert export_organisation(session) == exported


def test_all_the_way_back_and_forth_leaves_tables_that_can_be_filled_again(session: Session) -> None:
    load_example(session, OPERATOR)
    exported = export_organisation(session)
    session.close()

    downgrade(revision="base")
    upgrade()

    load_example(session, OPERATOR)
    assert export_organisation(session) == exported


def without_what_is_said(recorded: dict[str, Any]) -> dict[str, Any]:
    """Everything but what goes with the step that brought the negotiation."""
    keys = {name: [row[0] for row in recorded[name]] for name in ("dependency", "search_text")}
    return {**without_leads(recorded), **keys}


def without_leads(recorded: dict[str, Any]) -> dict[str, Any]:
    """Everything but who leads a goal, which goes with the step that brought it."""
    return {**recorded, "goal": [(row[0], row[1], row[2]) for row in recorded["goal"]]}


def test_the_step_that_brought_jobs_goes_back_without_touching_a_record(session: Session) -> None:
    load_example(session, OPERATOR)
    recorded = everything(session)
    session.close()

    downgrade(revision="80ec9dec2600")
    upgrade()

    assert without_what_is_said(everything(session)) == without_what_is_said(recorded)


def test_the_step_that_brought_kept_plans_goes_back_without_touching_another_record(session: Session) -> None:
    load_example(session, OPERATOR)
    recorded = everything(session)
    session.close()

    downgrade(revision="2c7d94be10af")
    without = tables()
    upgrade()

    assert "kept_plan" not in without
    assert without_leads(everything(session)) == without_leads(recorded)


def test_history_is_never_rewritten(session: Session) -> None:
    make_cast(session)
    recorded = everything(session)

    for name in ("event", "change"):
        table = Base.metadata.tables[name]
        for rewriting in (update(table).values(id=table.c.id + 1000), delete(table)):
            with pytest.raises(DBAPIError, match=f"{name} is append-only"):
                session.execute(rewriting)
            session.rollback()

    assert everything(session) == recorded


GOOD: dict[str, dict[str, Any]] = {
    "place": {"id": 1, "version": 1, "name": "Hull", "name_folded": "hull", "zone": "UTC"},
    "team": {
        "id": 1, "version": 1, "key": "a", "name": "A", "name_folded": "a", "area": "", "purpose": "",
    },
    "person": {
        "id": 1, "version": 1, "key": "p", "name": "P", "email": "p@example.org", "zone": "UTC",
        "work_start": 540, "work_end": 1020, "days": "01234",
    },
    "horizon": {"id": 1, "version": 1, "name": "H", "name_folded": "h"},
    "goal": {"id": 1, "version": 1, "key": "g", "outcome": "G"},
    "membership": {
        "id": 1, "version": 1, "team_id": 1, "person_id": 1, "decides": True, "role": "",
    },
    "goal_team": {"id": 1, "version": 1, "goal_id": 1, "team_id": 1},
    "travel": {"id": 1, "version": 1, "place_id": 1, "other_place_id": 2, "minutes": 30},
    "team_session": {
        "id": 1, "version": 1, "key": "s", "title": "S", "host_id": 1, "minutes": 60,
        "local_minutes": 0, "cadence_days": 14,
    },
    "attendance": {"id": 1, "version": 1, "session_id": 1, "person_id": 1},
    "dependency": {
        "id": 1, "version": 1, "key": "d", "consumer_id": 1, "provider_id": 2, "what": "W",
        "state": "asked", "item": "", "kind": "hand-over",
    },
    "organisation": {"id": 1, "version": 1, "name": "", "rules": {}, "is_example": False},
    "kept_plan": {
        "id": 1, "version": 1, "question": "q", "plan": {"sessions": []}, "kept_by": "P",
        "kept_at": datetime(2026, 2, 2, tzinfo=UTC),
    },
    "change": {
        "id": 1, "at": datetime(2026, 2, 2, tzinfo=UTC), "actor_name": "", "tag": "", "summary": "",
    },
    "event": {"id": 1, "change_id": 1, "subject": "team", "subject_id": 1, "act": "created"},
    "job": {
        "id": 1, "kind": "search", "key": "k", "payload": "{}", "state": "waiting", "report": "{}",
        "done": 0, "total": 0, "stop_asked": False, "attempts": 0,
        "created_at": datetime(2026, 2, 2, tzinfo=UTC),
    },
    "notice": {
        "id": 1, "person_id": 1, "kind": "asked", "text": "T", "at": datetime(2026, 2, 2, tzinfo=UTC),
        "how": "now", "once": "due:1",
    },
    "notice_choice": {"id": 1, "person_id": 1, "kind": "asked", "how": "none"},
    "proposal": {
        "id": 1, "version": 1, "question": "q", "number": 1, "words": {}, "plan": {}, "facts": {},
        "figures": {}, "host_teams": [], "replaces": [], "cadence_days": 14, "state": "shared",
        "shared_by": "P", "shared_at": datetime(2026, 2, 2, tzinfo=UTC),
    },
    "proposal_answer": {
        "id": 1, "version": 1, "proposal_id": 1, "person": "p", "stance": "fine", "words": "",
        "answered_at": datetime(2026, 2, 2, tzinfo=UTC),
    },
    "shared_session": {
        "id": 1, "version": 1, "proposal_id": 1, "title": "S", "zone": "UTC", "minutes": 30,
        "facilitator": "p", "agenda": [], "seats": [], "uid": "u", "sequence": 0, "is_cancelled": False,
        "mailed_to": [],
        "changed_at": datetime(2026, 2, 2, tzinfo=UTC),
    },
    "meeting": {"id": 1, "version": 1, "session_id": 1, "state": "planned", "facilitator": "p"},
    "agenda_item": {
        "id": 1, "version": 1, "meeting_id": 1, "position": 1, "title": "T", "kind": "talk", "minutes": 5,
        "added": 0, "used": 0, "lead": "",
    },
    "outcome": {
        "id": 1, "version": 1, "item_id": 1, "kind": "decided", "text": "T", "decider": "", "consulted": [],
        "idea_from": "", "deferred_to": "",
    },
    "meeting_attendance": {
        "id": 1, "version": 1, "meeting_id": 1, "person": "p", "guest": "",
        "arrived_at": datetime(2026, 2, 2, tzinfo=UTC),
    },
    "poll": {
        "id": 1, "version": 1, "item_id": 1, "method": "dots", "choices": [], "dots": 3, "cap": 2,
        "is_revealed": False,
    },
    "poll_vote": {
        "id": 1, "version": 1, "poll_id": 1, "person": "p", "numbers": [1], "reason": "",
        "cast_at": datetime(2026, 2, 2, tzinfo=UTC),
    },
    "ballot": {"id": 1, "session_id": 1, "round": 1, "handed_in": 0},
    "ballot_paper": {"id": 1, "ballot_id": 1, "person": "p", "votes": []},
    "minutes": {
        "id": 1, "version": 1, "meeting_id": 1, "number": 1, "body": {}, "why": "", "shared_by": "p",
        "shared_at": datetime(2026, 2, 2, tzinfo=UTC),
    },
    "minutes_objection": {
        "id": 1, "version": 1, "minutes_id": 1, "person": "p", "words": "W", "answer": "", "answered_by": "",
        "objected_at": datetime(2026, 2, 2, tzinfo=UTC),
    },
    "session_worth": {"id": 1, "session_id": 1, "person_id": 1, "value": 4},
    "promise": {
        "id": 1, "version": 1, "owner_id": 1, "text": "T", "due_on": date(2026, 2, 6), "state": "open",
        "origin": "",
    },
    "promise_witness": {"id": 1, "promise_id": 1, "person_id": 2},
    "promise_entry": {
        "id": 1, "promise_id": 1, "person_id": 1, "at": datetime(2026, 2, 2, tzinfo=UTC), "act": "made",
        "words": "", "key": "k",
    },
    "hook": {"id": 1, "version": 1, "address": "https://a.example", "secret": "s", "is_on": True},
}  # fmt: skip
PARENTS = (
    "place", "team", "person", "horizon", "goal", "team_session", "change", "proposal", "shared_session",
    "meeting", "agenda_item", "poll", "ballot", "promise", "minutes",
)  # fmt: skip
FRESH = {
    "id": 3, "number": 3, "key": "new", "name_folded": "new", "email": None, "question": "new", "once": "new",
    "address": "https://b.example", "person": "new", "uid": "new",
}  # fmt: skip
FRESH_IN = {"meeting": {"session_id": 2}, "outcome": {"item_id": 2}, "ballot": {"session_id": 2}}
"""What no row has yet, so that only what is wrong can be what is refused."""


def put(session: Session, table: str, values: dict[str, Any]) -> None:
    session.execute(insert(Base.metadata.tables[table]).values(values))


BAD: list[tuple[str, dict[str, Any]]] = [
    ("dependency", {"provider_id": 1}),
    ("dependency", {"provider_id": 99}),
    ("dependency", {"state": "done"}),
    ("dependency", {"kind": "blocks"}),
    ("dependency", {"what": ""}),
    ("dependency", {"gap": 1.5}),
    ("dependency", {"gap": -0.1}),
    ("dependency", {"goal_id": 99}),
    ("dependency", {"horizon_id": 99}),
    ("dependency", {"version": None}),
    ("team", {"name": "", "name_folded": "x"}),
    ("team", {"place_id": 99}),
    ("person", {"work_start": 1020, "work_end": 540}),
    ("person", {"work_end": 1441}),
    ("person", {"work_start": -1}),
    ("person", {"name": ""}),
    ("horizon", {"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 1)}),
    ("goal", {"outcome": ""}),
    ("travel", {"place_id": 2, "other_place_id": 1}),
    ("travel", {"minutes": 1441}),
    ("team_session", {"minutes": 0}),
    ("team_session", {"minutes": 1441}),
    ("team_session", {"local_minutes": 61}),
    ("team_session", {"cadence_days": 0}),
    ("team_session", {"weekday": 7}),
    ("team_session", {"start": 1440}),
    ("team_session", {"title": ""}),
    ("team_session", {"host_id": 99}),
    ("membership", {"person_id": 99}),
    ("goal_team", {"goal_id": 99}),
    ("attendance", {"session_id": 99}),
    ("organisation", {"id": 2}),
    ("kept_plan", {"question": None}),
    ("kept_plan", {"kept_at": None}),
    ("kept_plan", {"version": None}),
    ("event", {"act": "forged"}),
    ("event", {"change_id": 99}),
    ("notice", {"kind": "gossip"}),
    ("notice", {"how": "loud"}),
    ("notice_choice", {"kind": "gossip"}),
    ("notice_choice", {"how": "loud"}),
    ("proposal", {"state": "expired"}),
    ("proposal", {"question": None}),
    ("proposal_answer", {"stance": "perhaps"}),
    ("proposal_answer", {"proposal_id": 99}),
    ("shared_session", {"minutes": 0}),
    ("shared_session", {"sequence": -1}),
    ("shared_session", {"proposal_id": 99}),
    ("meeting", {"session_id": 99}),
    ("meeting", {"state": "agreed"}),
    ("agenda_item", {"meeting_id": 99}),
    ("agenda_item", {"title": ""}),
    ("agenda_item", {"kind": "song"}),
    ("agenda_item", {"minutes": -1}),
    ("agenda_item", {"used": -1}),
    ("outcome", {"item_id": 99}),
    ("outcome", {"kind": "open"}),
    ("outcome", {"kind": "deferred"}),
    ("meeting_attendance", {"meeting_id": 99}),
    ("meeting_attendance", {"guest": "Gus"}),
    ("meeting_attendance", {"person": None}),
    ("poll", {"item_id": 99}),
    ("poll", {"method": "shouting"}),
    ("poll", {"cap": 4}),
    ("poll_vote", {"poll_id": 99}),
    ("ballot", {"round": 3}),
    ("ballot_paper", {"ballot_id": 99}),
    ("minutes", {"number": 0}),
    ("minutes", {"meeting_id": 99}),
    ("minutes_objection", {"minutes_id": 99}),
    ("session_worth", {"value": 5}),
    ("promise", {"state": "late"}),
    ("promise", {"moved_from": 99}),
    ("promise", {"version": None}),
    ("promise_witness", {"promise_id": 99}),
    ("promise_entry", {"act": "score"}),
    ("promise_entry", {"promise_id": 99}),
    ("hook", {"secret": ""}),
    ("job", {"state": "lost"}),
    ("job", {"done": 2, "total": 1}),
]


def test_the_database_itself_refuses_rows_that_make_no_sense(session: Session) -> None:
    fill_parents(session)

    accepted = [(table, wrong) for table, wrong in BAD if not refuses(session, table, fresh(table) | wrong)]

    assert accepted == []


def test_what_is_refused_would_be_taken_without_what_is_wrong(session: Session) -> None:
    fill_parents(session)

    refused = [table for table in GOOD if refuses(session, table, fresh(table))]

    assert refused == ["organisation"]  # there is only the one with the number 1


def test_no_name_key_or_pair_is_there_twice(session: Session) -> None:
    fill_parents(session)
    # the same may be promised, objected to or put on an agenda twice
    tables = [
        name
        for name in GOOD
        if name not in {"change", "event", "agenda_item", "poll", "promise", "minutes_objection"}
    ]
    for table in set(tables) - set(PARENTS):
        put(session, table, GOOD[table])

    twice = [table for table in tables if not refuses(session, table, GOOD[table] | {"id": 7})]

    assert twice == []


def refuses(session: Session, table: str, values: dict[str, Any]) -> bool:
    """Return whether the database refuses the row; it is not there afterwards in either case."""
    step = session.begin_nested()
    try:
        put(session, table, values)
    except IntegrityError:
        return True
    finally:
        step.rollback()
    return False


def fresh(table: str) -> dict[str, Any]:
    return {name: FRESH.get(name, value) for name, value in GOOD[table].items()} | FRESH_IN.get(table, {})


def fill_parents(session: Session) -> None:
    """Store what the other rows point at: one of each, and a second place and team."""
    for table in PARENTS:
        put(session, table, GOOD[table])
    put(session, "place", GOOD["place"] | {"id": 2, "name_folded": "leeds"})
    put(session, "team", GOOD["team"] | {"id": 2, "key": "b", "name_folded": "b"})
    put(session, "shared_session", GOOD["shared_session"] | {"id": 2, "uid": "v"})
    put(session, "agenda_item", GOOD["agenda_item"] | {"id": 2})


def test_sqlite_finds_no_broken_reference_in_the_example(session: Session, server: str) -> None:
    if server == "postgres":
        pytest.skip("PostgreSQL cannot switch its foreign keys off")
    load_example(session, OPERATOR)

    assert session.execute(text("PRAGMA foreign_key_check")).all() == []


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'foreign.db'}"
    with create_engine(url).begin() as connection:
        connection.execute(text("CREATE TABLE cake (id INTEGER)"))
    app = create_app(settings_for(url, tmp_path))

    with app.app_context():
        upgrade()

        assert tables() == set(Base.metadata.tables) | {"cake"}
        db.engine.dispose()


def test_no_migration_lets_a_number_be_used_again(session: Session, server: str) -> None:
    if server != "sqlite":
        pytest.skip("PostgreSQL never uses a number again")
    wanted = {
        name
        for name, table in Base.metadata.tables.items()
        if table.dialect_options["sqlite"]["autoincrement"]
    }

    made = session.execute(text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")).scalars()

    assert set(made) == wanted
