"""A table that somebody keeps: who needs what from whom by when, in columns as people call them."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from planner.domain.importing import Direction, Field, Item
from planner.domain.text import fold
from planner.interchange.tools.collect import Collector
from planner.interchange.tools.table import Table

CONSUMER = ("consumer", "needs", "team", "who needs", "requester", "from team", "needing team")
PROVIDER = ("provider", "from", "on", "who gives", "respondent", "to team", "depends on", "providing team")
WHAT = ("what", "item", "title", "need", "dependency", "summary")
DUE = ("needed_by", "needed by", "by", "date", "due", "due date", "sprint")
ID = ("key", "id")


def _column(names: frozenset[str], wanted: tuple[str, ...]) -> str | None:
    folded = {fold(name): name for name in sorted(names)}
    return next((folded[name] for name in wanted if name in folded), None)


def fits(names: frozenset[str]) -> bool:
    return all(_column(names, wanted) for wanted in (CONSUMER, PROVIDER, WHAT))


def read(table: Table, collect: Collector, chosen: Mapping[Field, str]) -> None:
    """Collect one need a row. A row without a key is known by what stands in it."""
    collect.columns = tuple(dict.fromkeys(table.header))
    consumer, provider = _column(table.names, CONSUMER) or "", _column(table.names, PROVIDER) or ""
    what, ident = _column(table.names, WHAT) or "", _column(table.names, ID) or ""
    due = chosen.get(Field.DUE) or _column(table.names, DUE) or ""
    collect.columns_are({Field.DUE: due} if due in table.names else {})
    kind = collect.kind("needs", outward="needs", direction=Direction.NEEDS)
    for line in table.rows:
        teams, title = (line.text(consumer), line.text(provider)), line.text(what)
        if not all((*teams, title)):
            collect.tally.left_out(
                "a row without a team that needs, a team that gives, or what", f"line {line.number}"
            )
            continue
        key = line.text(ident) or sha256("\x1f".join((*teams, title)).encode()).hexdigest()[:12]
        day, where = line.text(due), f"line {line.number}"
        collect.item(
            Item(id=f"{key} needed", team=teams[0], due=collect.day(day, where) if day else None), where=where
        )
        collect.item(Item(id=key, title=title, team=teams[1]), where=where)
        collect.link(kind, f"{key} needed", key)
