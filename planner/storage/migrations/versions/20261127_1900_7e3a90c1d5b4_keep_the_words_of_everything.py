"""Keep the words of everything, so that it is found: FTS5 on SQLite, a GIN index on PostgreSQL."""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "7e3a90c1d5b4"
down_revision = "37b51d9f3232"
branch_labels = None
depends_on = None

# table: number, what is found, its name, more of its text, the column that leads to what is found
KINDS = {
    "team": (1, "team", "name", ("area", "purpose"), "id"),
    "person": (2, "person", "name", (), "id"),
    "goal": (3, "goal", "outcome", (), "id"),
    "team_session": (4, "session", "title", (), "id"),
    "place": (5, "place", "name", ("zone",), "id"),
    "horizon": (6, "horizon", "name", (), "id"),
    "dependency": (7, "dependency", "what", ("item", "criteria", "conditions", "unmet"), "id"),
    "message": (8, "dependency", "", ("text",), "dependency_id"),
}
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
SQLITE = (
    """CREATE VIRTUAL TABLE search_index USING fts5(
        words, content='search_text', content_rowid='id', tokenize='unicode61', prefix='1 2 3')""",
    """CREATE TRIGGER search_text_added AFTER INSERT ON search_text BEGIN
        INSERT INTO search_index (rowid, words) VALUES (new.id, new.words);
    END""",
    """CREATE TRIGGER search_text_removed AFTER DELETE ON search_text BEGIN
        INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', old.id, old.words);
    END""",
    """CREATE TRIGGER search_text_changed AFTER UPDATE ON search_text BEGIN
        INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', old.id, old.words);
        INSERT INTO search_index (rowid, words) VALUES (new.id, new.words);
    END""",
)
POSTGRESQL = (
    "CREATE INDEX search_index_words ON search_text USING gin (array_to_tsvector(string_to_array(words, ' ')))",
)


def upgrade() -> None:
    op.create_table(
        "search_text",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False
        ),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_text")),
    )
    op.create_index("ix_search_text_subject_subject_id", "search_text", ["subject", "subject_id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    for name, kind in KINDS.items():
        _fill(name, *kind)


def downgrade() -> None:
    op.drop_table("search_text")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")


def _fill(table: str, number: int, subject: str, name: str, more: tuple[str, ...], leads_to: str) -> None:
    """Store the words of every row there is, a few hundred at a time."""
    lists = {"criteria", "conditions", "unmet"}
    names = [part for part in dict.fromkeys(("id", leads_to, name, *more)) if part]
    columns = [sa.column(part, sa.JSON() if part in lists else None) for part in names]
    target = sa.table(
        "search_text", *(sa.column(c) for c in ("id", "subject", "subject_id", "name", "words"))
    )
    rows = op.get_bind().execute(sa.select(*columns).select_from(sa.table(table))).mappings().all()
    for start in range(0, len(rows), 500):
        values = [
            {
                "id": row["id"] * 16 + number,
                "subject": subject,
                "subject_id": row[leads_to],
                "name": _words([row[name]] if name else []),
                "words": _words([row[part] for part in (name, *more) if part])[:200_000],
            }
            for row in rows[start : start + 500]
        ]
        op.get_bind().execute(sa.insert(target), values)


def _words(parts: list[str | list[str]]) -> str:
    """As `planner.domain.text.search_words` was when this was written: no case, no accents."""
    text = " ".join(part if isinstance(part, str) else " ".join(part) for part in parts)
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(character for character in spread if unicodedata.category(character) != "Mn")
    spaced = "".join(character if character.isalnum() else " " for character in plain)
    return " ".join(word[:60] for word in UNSPACED.sub(r" \g<0> ", spaced).split())
