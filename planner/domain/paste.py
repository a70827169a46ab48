"""Many lines at once: sentences, lists, mails, and tables with or without a first row of titles."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from planner.domain.errors import Problem
from planner.domain.reading import MAX_WHAT, Parts, Reading, Role, Status, Vocabulary, read_parts, unreadable
from planner.domain.sentence import MAX_CHARACTERS, read_sentence
from planner.domain.words import comparable, on_one_line, undecorated

__all__ = ["MAX_LINES", "MAX_WHAT", "Line", "read_paste"]

MAX_LINES = 5000
"""More than anybody corrects in one table."""
_DELIMITERS = ("\t", "|", ";", ",")
_TITLES: dict[Role, str] = {
    Role.CONSUMER: (
        "needs|need|team|consumer|who needs|who|requester|requesting team|needing team|consumer"
        " team|consuming team"
        "|to|to team|receiver|asker|asking team|our team|successor"
    ),
    Role.PROVIDER: (
        "from|provider|on|depends on|from team|needs from|providing team|provider team|giver"
        "|supplier|from whom"
        "|dependent on|waits for|blocked by|predecessor|producer|respondent"
    ),
    Role.WHAT: "what|item|title|dependency|deliverable|summary|description|thing|ask|what is needed",
    Role.DATE: (
        "by|date|due|sprint|due date|due on|needed by|need by|deadline|when|by when|iteration"
        "|horizon|target date"
        "|release|committed by|pi"
    ),
    Role.GOAL: "goal|for|for goal|shared goal|objective|outcome",
    Role.KIND: "kind|type|interdependence",
}
_ROLE_OF = {title: role for role, titles in _TITLES.items() for title in titles.split("|")}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a paste: its number as pasted (the first is 1), its text, and what it was read as."""

    number: int
    text: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class _Raw:
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which column holds what; `width` is the number of cells of a row, None where it may vary."""

    at: dict[Role, int]
    width: int
    has_titles: bool


def read_paste(text: str, vocabulary: Vocabulary) -> tuple[Line, ...]:
    """What each line asks for, in order; blank lines, comments and rulers are left out.

    Never raises: a line that cannot be read, is too long or is one too many carries its problem.
    """
    raws = [_Raw(number, line) for number, line in enumerate(_split_lines(text), 1)]
    kept = [raw for raw in raws if not _is_skipped(raw.text)]
    lines = _read_block(kept[:MAX_LINES], vocabulary)
    return (*lines, *(_too_many(raw, total=len(kept)) for raw in kept[MAX_LINES : MAX_LINES + 1]))


def _split_lines(text: str) -> list[str]:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _is_skipped(text: str) -> bool:
    """Whether a line holds nothing: blank, a comment, a ruler, the fence of a code block."""
    if len(text) > MAX_CHARACTERS:
        return False
    line = on_one_line(text)
    is_comment = line.startswith("#") and not line[1:2].isdigit() and " from " not in line
    is_ruler = not any(character.isalnum() for character in line)
    return is_comment or is_ruler or line.startswith("```")


def _too_many(raw: _Raw, *, total: int) -> Line:
    problem = Problem(
        f"line {raw.number}", f"read {total} lines; expected at most {MAX_LINES}, the rest was not read"
    )
    return Line(raw.number, raw.text[:MAX_CHARACTERS], unreadable(problem))


def _read_block(raws: Sequence[_Raw], vocabulary: Vocabulary) -> list[Line]:
    short = [raw for raw in raws if len(raw.text) <= MAX_CHARACTERS]
    for delimiter in _DELIMITERS:
        columns = _find_columns(short, delimiter, vocabulary=vocabulary)
        if columns is not None:
            return _read_table(raws, delimiter, columns=columns, vocabulary=vocabulary)
    return [_read_line(raw, vocabulary) for raw in raws]


_SAMPLE = 200
"""So many rows tell what the columns are."""


def _read_line(raw: _Raw, vocabulary: Vocabulary) -> Line:
    if len(raw.text) > MAX_CHARACTERS:
        return Line(raw.number, raw.text[:MAX_CHARACTERS], _too_long(raw))
    return Line(raw.number, raw.text, read_sentence(raw.text, vocabulary))


def _too_long(raw: _Raw) -> Reading:
    message = f"the line has {len(raw.text)} characters; expected at most {MAX_CHARACTERS}"
    return unreadable(Problem(f"line {raw.number}", message))


# Tables


def _cells(text: str, delimiter: str) -> list[str]:
    """The cells of a row; quotes hold a delimiter, a row of a Markdown table loses its outer bars."""
    if delimiter == "|":
        row = on_one_line(text).strip()
        return [
            undecorated(cell.replace("**", "")) for cell in row.removeprefix("|").removesuffix("|").split("|")
        ]
    try:
        [row_cells] = csv.reader(
            [text.replace("\0", "").replace("\n", " ")],
            delimiter=delimiter,
            skipinitialspace=delimiter != "\t",
        )
    except (csv.Error, ValueError):
        row_cells = text.split(delimiter)
    return [on_one_line(cell) for cell in row_cells]


def _find_columns(raws: Sequence[_Raw], delimiter: str, *, vocabulary: Vocabulary) -> _Columns | None:
    """The columns of the table that these lines are, or None when they are none."""
    if not any(delimiter in raw.text for raw in raws[:_SAMPLE]):
        return None
    titles = _by_titles(_cells(raws[0].text, delimiter))
    if titles is not None:
        return titles
    sample = raws[:_SAMPLE]
    rows = [row for row in (_cells(raw.text, delimiter) for raw in sample) if len(row) > 1]
    if 2 * len(rows) < len(sample) or (delimiter != "\t" and _are_sentences(sample, vocabulary)):
        return None
    return _by_content(rows, vocabulary)


def _are_sentences(raws: Sequence[_Raw], vocabulary: Vocabulary) -> bool:
    """True when at least half of the lines are complete sentences as they stand."""
    ready = sum(read_sentence(raw.text, vocabulary).status is Status.READY for raw in raws)
    return 2 * ready >= len(raws)


def _by_titles(cells: list[str]) -> _Columns | None:
    """The columns by their titles; None when this row is no row of titles."""
    names = [
        " ".join(comparable(cell).replace("_", " ").replace("-", " ").split()).strip(" ?:.*#")
        for cell in cells
    ]
    at: dict[Role, int] = {}
    for position, name in enumerate(names):
        role = _ROLE_OF.get(name)
        if (
            role is Role.CONSUMER
            and role in at
            and Role.WHAT not in at
            and "needs" in (name, names[at[role]])
        ):
            at[Role.WHAT] = position if name == "needs" else at[role]
            at[Role.CONSUMER] = at[role] if name == "needs" else position
        elif role is not None and role not in at:
            at[role] = position
    if len(at) < 2 or not {Role.WHAT, Role.PROVIDER} & set(at):
        return None
    return _Columns(at, len(cells), has_titles=True)


def _by_content(rows: list[list[str]], vocabulary: Vocabulary) -> _Columns | None:
    """The columns by what is in them: team names, days, goals; of the rest the longest texts."""
    width = max(len(row) for row in rows)
    columns = [[row[at] for row in rows if len(row) > at and row[at]] for at in range(width)]
    teams = [
        at
        for at in range(width)
        if _mostly(columns[at], lambda cell: vocabulary.exact_team(cell) is not None)
    ]
    if not teams or len(teams) > 2:
        return None
    at: dict[Role, int] = {Role.PROVIDER: teams[-1]}
    if len(teams) == 2:
        at[Role.CONSUMER] = teams[0]
    free = [position for position in range(width) if position not in teams]
    for role, fits in (
        (Role.DATE, lambda cell: vocabulary.date(cell) is not None),
        (Role.GOAL, lambda cell: vocabulary.goal_names.exact(cell) is not None),
    ):
        found = [position for position in free if _mostly(columns[position], fits)]
        if found:
            at[role] = found[0]
            free.remove(found[0])
    if not free:
        return None
    at[Role.WHAT] = max(free, key=lambda position: (sum(map(len, columns[position])), -position))
    return _Columns(at, width, has_titles=False)


def _mostly(cells: list[str], fits: object) -> bool:
    return bool(cells) and callable(fits) and 2 * sum(bool(fits(cell)) for cell in cells) > len(cells)


def _read_table(
    raws: Sequence[_Raw], delimiter: str, *, columns: _Columns, vocabulary: Vocabulary
) -> list[Line]:
    rows = raws[1:] if columns.has_titles else raws
    return [
        _read_row(raw, delimiter, columns=columns, vocabulary=vocabulary) for raw in _joined(rows, delimiter)
    ]


def _joined(raws: Sequence[_Raw], delimiter: str) -> list[_Raw]:
    """The rows, with those put together that a quoted cell with a line break had parted."""
    if delimiter == "|":
        return list(raws)
    rows: list[_Raw] = []
    is_open = False
    for raw in raws:
        if is_open and len(rows[-1].text) + len(raw.text) < MAX_CHARACTERS:
            rows[-1] = _Raw(rows[-1].number, f"{rows[-1].text}\n{raw.text}")
        else:
            rows.append(raw)
        is_open = _leaves_quote_open(rows[-1].text, delimiter)
    return rows


def _leaves_quote_open(text: str, delimiter: str) -> bool:
    starts_cell = text.startswith('"') or f'{delimiter}"' in text
    return starts_cell and text.count('"') % 2 == 1


def _read_row(raw: _Raw, delimiter: str, *, columns: _Columns, vocabulary: Vocabulary) -> Line:
    if len(raw.text) > MAX_CHARACTERS or delimiter not in raw.text:
        return _read_line(raw, vocabulary)
    cells = _cells(raw.text, delimiter)

    def cell(role: Role) -> str | None:
        at = columns.at.get(role)
        return cells[at] or None if at is not None and at < len(cells) else None

    parts = Parts(
        what=undecorated(cell(Role.WHAT) or ""),
        provider=cell(Role.PROVIDER),
        consumer=cell(Role.CONSUMER),
        by=cell(Role.DATE),
        goal=cell(Role.GOAL),
        kind=cell(Role.KIND),
    )
    return Line(raw.number, raw.text, read_parts(parts, vocabulary, notes=_row_notes(cells, columns)))


def _row_notes(cells: list[str], columns: _Columns) -> list[Problem]:
    """Doubts about a row: more cells than columns, and in a table without titles cells left over."""
    notes = []
    if any(cells[columns.width :]):
        notes.append(
            Problem("", f"read {len(cells)} cells; expected {columns.width}, or quotes around a comma")
        )
    if not columns.has_titles:
        known = set(columns.at.values())
        rest = [cell for at, cell in enumerate(cells[: columns.width]) if cell and at not in known]
        notes += [Problem("", f"“{cell}” has no column; expected a first row of titles") for cell in rest]
    return notes
