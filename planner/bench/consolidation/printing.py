"""A run as Markdown to read and as JSON to compare."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from planner.bench.consolidation.instances import PUBLISHED
from planner.bench.consolidation.results import OURS, CaseResult, Growth, Row, above, growth

COMPARED = ("method", "J", "sessions", "seats", "sessions a person", "relevance")
MEASURED = ("over bound", "over best known", "ratio", "peak MB", "note")
SUMMED = ("instance", "attendance", "items", "J", "over bound", "over best known", "ratio")
GROWN = ("attendance", "teams", "items", "J", "ratio", "exponent", "peak MB", "first plan")
BESIDE = (
    "planner, first plan",
    "siloed",
    "seats released",
    "pair talks",
    "components, first fit",
    "cheapest fit",
    "Leiden",
    "Leiden, first fit",
    "METIS",
    "METIS, first fit",
)


def as_json(results: Sequence[CaseResult], effort: float) -> str:
    """Return every figure: `cases` with their rows, `growth` by size. Shares are fractions of 1."""
    cases = [{**asdict(result), "rows": _rows(result)} for result in results]
    grown = [asdict(one) for one in growth(results)]
    return json.dumps({"effort": effort, "cases": cases, "growth": grown}, indent=2)


def _rows(result: CaseResult) -> list[dict[str, object]]:
    return [{**asdict(row), **_gaps(result, row)} for row in result.rows]


def _gaps(result: CaseResult, row: Row) -> dict[str, float | None]:
    least = (result.bound, result.reference_bound, result.best_known)
    names = ("over_bound", "over_reference_bound", "over_best_known")
    cost = row.outcome.cost if row.outcome else None
    return {
        name: None if cost is None else above(cost, each) for name, each in zip(names, least, strict=True)
    }


def as_tables(results: Sequence[CaseResult]) -> str:
    """Return a table for each case, all cases in one, and how the clustered family grows."""
    return "\n\n".join([*(_case(result) for result in results), *summary(results), *_growth(growth(results))])


def _case(result: CaseResult) -> str:
    unplaced = f", {result.unplaced} that no session can hold" if result.unplaced else ""
    title = (
        f"**{_name(result)}, {result.attendance}**: {result.teams} teams, {result.people} people, "
        f"{result.items} items{unplaced}; J is at least {_best_bound(result)}"
    )
    return f"{title}\n\n{_table((*COMPARED, *MEASURED), [_cells(result, row) for row in result.rows])}"


def _name(result: CaseResult) -> str:
    """Published instances say so: some are called like generated ones."""
    return f"{result.instance} ({PUBLISHED})" if result.family == PUBLISHED else result.instance


def _best_bound(result: CaseResult) -> int:
    return max(result.bound, result.reference_bound or 0)


def _cells(result: CaseResult, row: Row) -> tuple[str, ...]:
    name = f"{row.method} ({row.setting})" if row.setting else row.method
    if row.outcome is None:
        return (name, *[""] * (len(COMPARED) + len(MEASURED) - 2), row.note)
    found, each = row.outcome, row.outcome.per_person
    return (
        name,
        str(found.cost),
        str(found.sessions),
        str(found.seats),
        f"{each.median:g}, {each.p90}, {each.most}",
        f"{found.relevance:.0%}",
        _share(above(found.cost, _best_bound(result))),
        _share(above(found.cost, result.best_known), 2),
        _number(row.ratio, 2),
        _number(row.peak_mb, 0),
        row.note,
    )


def summary(results: Sequence[CaseResult]) -> list[str]:
    """Return one table: our J, how far it may be from the best, and what each other method costs more."""
    names = (name.removeprefix("planner, ") for name in BESIDE)
    heads = (*SUMMED, *names)
    return ["**What other methods cost more than ours**", _table(heads, [_line(each) for each in results])]


def _line(result: CaseResult) -> tuple[str, ...]:
    ours = _cost(result.row(OURS))
    return (
        _name(result),
        result.attendance.value,
        str(result.items),
        str(ours),
        _share(above(ours, _best_bound(result))),
        _share(above(ours, result.best_known), 2),
        _number(result.row(OURS).ratio, 0),
        *(_more(result.row(method), ours) for method in BESIDE),
    )


def _more(row: Row, ours: int) -> str:
    return _share(above(row.outcome.cost, ours)) if row.outcome else "not there"


def _cost(row: Row) -> int:
    return row.outcome.cost if row.outcome else 0


def _growth(sizes: Sequence[Growth]) -> list[str]:
    if not sizes:
        return []
    rows = [
        (
            one.attendance.value,
            str(one.teams),
            str(one.items),
            str(one.cost),
            f"{one.ratio:.1f}",
            _number(one.exponent, 2),
            _number(one.peak_mb, 0),
            _share(one.first_gap),
        )
        for one in sizes
    ]
    return ["**How the clustered family grows**", _table(GROWN, rows)]


def _share(share: float | None, digits: int = 1) -> str:
    return "" if share is None else f"{share * 100:+.{digits}f} %"


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ("---", *["---:"] * (len(heads) - 1))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rule, *rows))
