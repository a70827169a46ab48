"""Full text behind one seam: FTS5 on SQLite, a text vector with a GIN index on PostgreSQL.

Words are folded in `planner.domain.text.search_words` before they are stored and before they are asked
for. What reaches the query language of a database is letters and digits alone, whatever a person typed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Select,
    and_,
    case,
    cast,
    column,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from planner.domain.text import search_words
from planner.storage.db import table_of
from planner.storage.models import (
    DependencyRow,
    GoalRow,
    HorizonRow,
    MessageRow,
    PersonRow,
    PlaceRow,
    SearchTextRow,
    TeamRow,
    TeamSessionRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from planner.storage.db import Row

MOST_WORDS = 12
MOST_KEPT = 200_000
"""Characters of one row; PostgreSQL refuses a text vector of more than a million bytes."""
AT_ONCE = 500
NUMBERS = 16
"""Kinds of rows that there is room for: a row's id times this, plus the number of its kind."""

DEPENDENCY = "dependency"


@dataclass(frozen=True, slots=True)
class _Kind:
    """Which columns of a table are found; a row of `leads_to` is found in place of the row itself."""

    number: int
    table: type[Row]
    subject: str
    name: str
    more: tuple[str, ...] = ()
    leads_to: str = "id"


_KINDS: Mapping[str, _Kind] = {
    kind.table.__tablename__: kind
    for kind in (
        _Kind(1, TeamRow, "team", "name", ("area", "purpose")),
        _Kind(2, PersonRow, "person", "name"),
        _Kind(3, GoalRow, "goal", "outcome"),
        _Kind(4, TeamSessionRow, "session", "title"),
        _Kind(5, PlaceRow, "place", "name", ("zone",)),
        _Kind(6, HorizonRow, "horizon", "name"),
        _Kind(7, DependencyRow, DEPENDENCY, "what", ("item", "criteria", "conditions", "unmet")),
        _Kind(8, MessageRow, DEPENDENCY, "", ("text",), "dependency_id"),
    )
}


def find_text(session: Session, text: str, limit: int) -> dict[str, list[int]]:
    """Return the ids of what holds a beginning of every word, by subject, at most so many of each.

    Those whose name begins with the words come first, then those whose name holds the first word, short
    ones before long ones. A dependency is also found
    by the names of its teams and by what was written about it. Two queries.
    """
    words = search_words(text)[:MOST_WORDS]
    found: defaultdict[str, list[int]] = defaultdict(list)
    if words:
        dialect = session.get_bind().dialect.name
        for subject, subject_id in session.execute(_other_things(dialect, words, limit)):
            found[subject].append(subject_id)
        found[DEPENDENCY].extend(session.scalars(_dependencies(dialect, words, limit)))
    return {subject: ids for subject, ids in found.items() if ids}


def follow(session: Session, changed: Iterable[tuple[str, int]]) -> None:
    """Keep the words of rows that were written, in the same transaction. Other tables have none."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for table_name, row_id in changed:
        ids[table_name].add(row_id)
    for table_name in sorted(ids.keys() & _KINDS.keys()):
        for some in _portions(sorted(ids[table_name])):
            _write(session, _KINDS[table_name], some)


def follow_new(session: Session, table_name: str, rows: Iterable[Mapping[Any, Any]]) -> None:
    """Keep the words of rows that are new and at hand, in the same transaction."""
    if table_name in _KINDS:
        _insert(session, _KINDS[table_name], rows)


def rebuild(session: Session) -> int:
    """Write the words of every row anew and return how many rows there are; the caller commits."""
    session.execute(delete(SearchTextRow))
    total = 0
    for kind in _KINDS.values():
        ids = list(session.scalars(select(kind.table.id).order_by(kind.table.id)))
        total += len(ids)
        for some in _portions(ids):
            _write(session, kind, some)
    return total


def _portions(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _write(session: Session, kind: _Kind, ids: list[int]) -> None:
    numbers = [row_id * NUMBERS + kind.number for row_id in ids]
    session.execute(delete(SearchTextRow).where(SearchTextRow.id.in_(numbers)))
    columns = kind.table.__table__.c
    names = [name for name in ("id", kind.leads_to, kind.name, *kind.more) if name]
    rows = session.execute(
        select(*(columns[name] for name in dict.fromkeys(names))).where(columns.id.in_(ids))
    )
    _insert(session, kind, rows.mappings())


def _insert(session: Session, kind: _Kind, rows: Iterable[Mapping[Any, Any]]) -> None:
    values = [_values(kind, row) for row in rows]
    if values:
        session.execute(insert(table_of(SearchTextRow)), values)


def _values(kind: _Kind, row: Mapping[Any, Any]) -> dict[str, Any]:
    name = " ".join(search_words(row[kind.name])) if kind.name else ""
    more = (word for part in kind.more for word in search_words(_text(row[part])))
    return {
        "id": row["id"] * NUMBERS + kind.number,
        "subject": kind.subject,
        "subject_id": row[kind.leads_to],
        "name": name,
        "words": " ".join([name, *more])[:MOST_KEPT].strip(),
    }


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else " ".join(value)


def _holds(dialect: str, words: Sequence[str]) -> ColumnElement[bool]:
    """The condition that a row of words holds a beginning of each of these."""
    if dialect == "sqlite":
        index = table("search_index", column("rowid"))
        query = " ".join(f'"{word}"*' for word in words)
        matching = select(index.c.rowid).where(literal_column("search_index").op("MATCH")(query))
        return SearchTextRow.id.in_(matching)
    # written as in the index, letter by letter, else the index is not used
    vector: ColumnElement[Any] = literal_column("array_to_tsvector(string_to_array(search_text.words, ' '))")
    return vector.op("@@")(cast(" & ".join(f"'{word}':*" for word in words), TSQUERY))


def _other_things(dialect: str, words: Sequence[str], limit: int) -> Select[tuple[str, int]]:
    rank = func.row_number().over(partition_by=SearchTextRow.subject, order_by=_best_first(words))
    ranked = (
        select(SearchTextRow.subject, SearchTextRow.subject_id, rank.label("rank"))
        .where(SearchTextRow.subject != DEPENDENCY, _holds(dialect, words))
        .subquery()
    )
    return (
        select(ranked.c.subject, ranked.c.subject_id)
        .where(ranked.c.rank <= limit)
        .order_by(ranked.c.subject, ranked.c.rank)
    )


def _dependencies(dialect: str, words: Sequence[str], limit: int) -> Select[tuple[int]]:
    own = SearchTextRow.id == DependencyRow.id * NUMBERS + _KINDS[DEPENDENCY].number
    return (
        select(DependencyRow.id)
        .join(SearchTextRow, own)
        .where(and_(*(_is_about(dialect, word) for word in words)))
        .order_by(*_best_first(words))
        .limit(limit)
    )


def _is_about(dialect: str, word: str) -> ColumnElement[bool]:
    """The condition that a dependency, a message about it, or the name of one of its teams holds the word."""
    found = select(SearchTextRow.subject_id).where(
        SearchTextRow.subject == DEPENDENCY, _holds(dialect, [word])
    )
    teams = select(SearchTextRow.subject_id).where(SearchTextRow.subject == "team", _name_holds(word))
    return or_(
        DependencyRow.id.in_(found.correlate(None)),
        DependencyRow.consumer_id.in_(teams.correlate(None)),
        DependencyRow.provider_id.in_(teams.correlate(None)),
    )


def _best_first(words: Sequence[str]) -> tuple[ColumnElement[Any], ...]:
    """The order of what was found: names that begin with the words, names that hold the first, the rest."""
    begins = SearchTextRow.name.like(" ".join(words) + "%")
    place = case((begins, 0), (_name_holds(words[0]), 1), else_=2)
    return place, func.length(SearchTextRow.name), SearchTextRow.id.expression


def _name_holds(word: str) -> ColumnElement[bool]:
    return (" " + SearchTextRow.name).like(f"% {word}%")
