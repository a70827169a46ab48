"""Every kind of file that is understood, and the one door that finds out which one a file is."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from csv import writer
from dataclasses import dataclass, replace
from enum import StrEnum

from planner.domain.errors import InvalidInput, Problem
from planner.domain.importing import Field, LinkKind, Outline
from planner.domain.transfer import Reading
from planner.interchange import json as own_json
from planner.interchange import limits, normalised
from planner.interchange.csv import CsvList, read_csv
from planner.interchange.csv.columns import COLUMNS
from planner.interchange.problems import refusal
from planner.interchange.safe_json import load_json
from planner.interchange.text import decode, expect_small
from planner.interchange.tools import (
    asana,
    azure_csv,
    azure_json,
    backstage,
    dot,
    github,
    gitlab,
    graphml,
    jira_csv,
    jira_json,
    kubernetes,
    linear,
    mermaid,
    openproject,
    plain_table,
)
from planner.interchange.tools.collect import Collector, filled
from planner.interchange.tools.rows import Rows, rows_in
from planner.interchange.tools.source import Source
from planner.interchange.tools.table import Table, csv_rows, table_of
from planner.interchange.tools.workbook import ZIP, workbook_rows
from planner.interchange.tools.yaml import yaml_rows

Chosen = Mapping[Field, str]


class Syntax(StrEnum):
    TABLE = "a table: CSV, TSV or XLSX"
    JSON = "JSON"
    YAML = "YAML"
    GRAPH = "a drawing as text"


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: what people call it, how it is written, and whether it is ours to read whole."""

    name: str
    syntax: Syntax


@dataclass(frozen=True, slots=True)
class _Tabular(Format):
    fits: Callable[[frozenset[str]], bool]
    read: Callable[[Table, Collector, Chosen], None]


@dataclass(frozen=True, slots=True)
class _Document(Format):
    fits: Callable[[object], bool]
    read: Callable[[object, Collector, Chosen], None]


@dataclass(frozen=True, slots=True)
class _Whole(Format):
    fits: Callable[[object], bool]
    read: Callable[[object], Reading]


@dataclass(frozen=True, slots=True)
class _Drawing(Format):
    fits: Callable[[str], bool]
    read: Callable[[str, Collector], None]


def _is_own(value: object) -> bool:
    return isinstance(value, dict) and "format" in value


def _read_own(value: object) -> Reading:
    return Reading(own_json.draft_of(value))


def _is_record(value: object) -> bool:
    return normalised.is_normalised(value)


def _read_record(value: object) -> Reading:
    return normalised.reading_of(value if isinstance(value, dict) else {})


FORMATS: tuple[Format, ...] = (
    _Tabular("Jira", Syntax.TABLE, jira_csv.fits, jira_csv.read),
    _Tabular("Linear", Syntax.TABLE, linear.fits, linear.read),
    _Tabular("Asana", Syntax.TABLE, asana.fits, asana.read),
    _Tabular("Azure DevOps", Syntax.TABLE, azure_csv.fits, azure_csv.read),
    _Tabular("a table of needs", Syntax.TABLE, plain_table.fits, plain_table.read),
    _Whole("an organisation of planner", Syntax.JSON, _is_own, _read_own),
    _Whole("a public record", Syntax.JSON, _is_record, _read_record),
    _Document("Jira", Syntax.JSON, jira_json.fits, jira_json.read),
    _Document("Azure DevOps", Syntax.JSON, azure_json.fits, azure_json.read),
    _Document("OpenProject", Syntax.JSON, openproject.fits, openproject.read),
    _Document("Kubernetes’ proposals", Syntax.JSON, kubernetes.fits_proposals, kubernetes.read_proposals),
    _Document("GitLab", Syntax.JSON, gitlab.fits, gitlab.read),
    _Document("GitHub", Syntax.JSON, github.fits, github.read),
    _Document("Backstage", Syntax.YAML, backstage.fits, backstage.read),
    _Whole("Kubernetes’ groups", Syntax.YAML, kubernetes.fits_groups, kubernetes.read_groups),
    _Document("Kubernetes’ proposals", Syntax.YAML, kubernetes.fits_proposals, kubernetes.read_proposals),
    _Drawing("GraphML", Syntax.GRAPH, graphml.fits, graphml.read),
    _Drawing("DOT", Syntax.GRAPH, dot.fits, dot.read),
    _Drawing("Mermaid", Syntax.GRAPH, mermaid.fits, mermaid.read),
)
"""In the order in which they are tried; the first that fits is it. Another one is a line here."""
OWN_LIST = "a list of planner"


@dataclass(frozen=True, slots=True)
class OwnList:
    """One list of ours, as it was read."""

    kind: CsvList
    reading: Reading


@dataclass(frozen=True, slots=True)
class Contents:
    """What the files of one import hold: whole records of ours, lists of ours, and what other tools know."""

    names: tuple[str, ...]
    reading: Reading | None = None
    lists: tuple[OwnList, ...] = ()
    outline: Outline | None = None


def read_files(sources: Sequence[Source], chosen: Chosen | None = None, kind: str = "") -> Contents:
    """Return what the files hold together; items of one are filled in from the others.

    `kind` says that the tables are this list of ours, where their columns do not tell.
    Raises InvalidInput that names the file.
    """
    found = [_named(source, chosen or {}, kind) for source in sources]
    readings = [one.reading for one in found if one.reading is not None]
    if len(readings) > 1:
        raise refusal("two of these files hold a whole organisation; bring them in one after the other")
    outlines = [one.outline for one in found if one.outline is not None]
    return Contents(
        tuple(name for one in found for name in one.names),
        readings[0] if readings else None,
        tuple(part for one in found for part in one.lists),
        _together(outlines) if outlines else None,
    )


def _named(source: Source, chosen: Chosen, kind: str) -> Contents:
    """What the file holds; what is wrong with it begins with its name, where it has one."""
    try:
        return read_file(source, chosen, kind)
    except InvalidInput as error:
        name = source.name
        if not name:
            raise
        raise InvalidInput(
            *(Problem(f"{name}, {p.where}" if p.where else name, p.message) for p in error.problems)
        ) from error


def read_file(source: Source, chosen: Chosen, kind: str = "") -> Contents:
    """Return what one file holds. Raises InvalidInput for whatever is not understood."""
    head = source.head()
    if head.startswith(ZIP):
        return _table(workbook_rows(source), chosen, kind)
    text = _beginning(head)
    if text.startswith(("{", "[")):
        return _json(source, text, chosen)
    for one in FORMATS:
        if isinstance(one, _Drawing) and one.fits(text):
            return _drawing(one, source)
    if _looks_like_yaml(source.name, text):
        return _documents(Syntax.YAML, yaml_rows(source), chosen)
    return _table(csv_rows(source), chosen, kind)


def _beginning(head: bytes) -> str:
    """The beginning of a file as text, as far as it is any; what is wrong with it a reader tells."""
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return head.decode("utf-16" if wide else "utf-8-sig", errors="ignore").lstrip()


def _looks_like_yaml(name: str, text: str) -> bool:
    first = text.partition("\n")[0]
    return (
        name.lower().endswith((".yaml", ".yml")) or text.startswith("---") or first.startswith("apiVersion:")
    )


def _json(source: Source, text: str, chosen: Chosen) -> Contents:
    first, _, second = text.partition("\n")
    if first.rstrip().endswith("}") and second.lstrip().startswith("{"):
        return _documents(Syntax.JSON, Rows(lambda: _json_lines(source)), chosen)
    value = rows_in(source)
    if value is None:
        expect_small(source.size)
        value = load_json(source.whole())
    found = _documents(Syntax.JSON, value, chosen)
    source.tell(source.size)
    return found


def _json_lines(source: Source) -> Iterator[object]:
    for number, line in enumerate(source.lines(), start=1):
        if number > limits.ROWS:
            raise refusal(f"the file has more than {limits.ROWS:,} rows; split it")
        if line.strip():
            try:
                yield load_json(line.encode())
            except InvalidInput as error:
                raise refusal(error.problems[0].message, f"line {number}") from error


def _documents(syntax: Syntax, value: object, chosen: Chosen) -> Contents:
    for one in FORMATS:
        if one.syntax is not syntax:
            continue
        if isinstance(one, _Whole) and one.fits(value):
            return Contents((one.name,), one.read(value))
        if isinstance(one, _Document) and one.fits(value):
            collect = Collector(one.name)
            one.read(value, collect, chosen)
            return Contents((one.name,), outline=collect.outline())
    raise refusal(f"this {syntax.value} is of no kind that is known here: {known(syntax)}")


def known(syntax: Syntax) -> str:
    """Return the names of all formats of a syntax, for a refusal."""
    names = dict.fromkeys(one.name for one in FORMATS if one.syntax is syntax)
    return ", ".join(names)


def _drawing(one: _Drawing, source: Source) -> Contents:
    if source.size > limits.GRAPH_BYTES:
        raise refusal(
            f"the file has {source.size / 1024 / 1024:.1f} MB, "
            f"at most {limits.GRAPH_BYTES // 1024 // 1024} MB of {one.name} are read"
        )
    collect = Collector(one.name)
    one.read(decode(source.whole()), collect)
    return Contents((one.name,), outline=collect.outline())


def expect_known(source: Source, kind: str = "") -> None:
    """Raise InvalidInput for a table whose first line already tells that nobody here can read it."""
    head = source.head()
    text = _beginning(head)
    is_drawing = any(isinstance(one, _Drawing) and one.fits(text) for one in FORMATS)
    if (
        head.startswith(ZIP)
        or text.startswith(("{", "["))
        or is_drawing
        or _looks_like_yaml(source.name, text)
    ):
        return
    _reader_of(table_of(csv_rows(source)), kind)


def _table(rows: Iterator[tuple[int, list[str]]], chosen: Chosen, said: str) -> Contents:
    table = table_of(rows)
    found = _reader_of(table, said)
    if isinstance(found, CsvList):
        return Contents((OWN_LIST,), lists=(OwnList(found, read_csv(found, _as_csv(table))),))
    collect = Collector(found.name)
    found.read(table, collect, chosen)
    return Contents((found.name,), outline=collect.outline())


def _reader_of(table: Table, said: str) -> CsvList | _Tabular:
    """Return which list of ours, or whose table, has this header. Raises InvalidInput."""
    kind = _said(said) if said else own_list(table.header)
    if kind is not None:
        return kind
    for one in FORMATS:
        if isinstance(one, _Tabular) and one.fits(table.names):
            return one
    raise refusal(
        f"the columns of this table are those of no tool that is known here ({known(Syntax.TABLE)}), "
        "and of no list of ours. A table of needs has the columns consumer, provider and what",
        "line 1",
    )


def _said(kind: str) -> CsvList:
    try:
        return CsvList(kind)
    except ValueError as error:
        raise refusal(f"there is no list “{kind}”; there are {', '.join(CsvList)}", "kind") from error


def own_list(header: Sequence[str]) -> CsvList | None:
    """Return which list of ours has this header: nothing but its columns, and the first of them.

    Raises InvalidInput where it may be several.
    """
    names = {name.casefold() for name in header}
    fitting = [
        kind
        for kind, columns in COLUMNS.items()
        if len(names) > 1 and columns[0] in names and names <= set(columns)
    ]
    if len(fitting) > 1:
        raise refusal(f"these columns are those of {' and '.join(fitting)}; say which list this is", "line 1")
    return fitting[0] if fitting else None


def _as_csv(table: Table) -> bytes:
    """The table as CSV, whatever it was before."""
    out = io.StringIO(newline="")
    rows = writer(out)
    rows.writerow(table.header)
    for line in table.rows:
        rows.writerow(line.cells)
        expect_small(out.tell())
    return out.getvalue().encode()


def _together(outlines: Sequence[Outline]) -> Outline:
    """One outline of several: that with links leads, and what its items lack comes from the others."""
    if len(outlines) == 1:
        return outlines[0]
    leading = max(outlines, key=lambda one: len(one.links))
    items = dict(leading.items)
    kinds: dict[str, LinkKind] = {}
    links = []
    for one in (leading, *(other for other in outlines if other is not leading)):
        for key, item in one.items.items():
            items[key] = filled(items[key], item) if key in items else item
        kinds |= {kind.name: kind for kind in one.kinds if kind.name not in kinds}
        links += [link for link in one.links if one is leading or link not in leading.links]
    return replace(
        leading,
        items=items,
        links=tuple(links),
        kinds=tuple(kinds.values()),
        doubled=sum(one.doubled for one in outlines),
        notes=() if links else leading.notes,
        remarks=tuple(remark for one in outlines for remark in one.remarks),
    )
