"""Linear's CSV: the identifiers of issues that block this one stand in "Blocked by"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from planner.domain.importing import Field, Item
from planner.interchange.tools.collect import DONE, Collector
from planner.interchange.tools.table import Table, choose

_USUAL: Mapping[Field, tuple[str, ...]] = {
    Field.TEAM: ("Team",),
    Field.TITLE: ("Title",),
    Field.DUE: ("Due Date",),
    Field.HORIZON: ("Project Milestone", "Cycle Name", "Project"),
}
_LINKS = {"Blocked by": "is blocked by", "Blocks": "blocks", "Blocking": "blocks"}


def fits(names: frozenset[str]) -> bool:
    return {"ID", "Team", "Title", "Blocked by"} <= names


def read(table: Table, collect: Collector, chosen: Mapping[Field, str]) -> None:
    """Collect every issue and who blocks it."""
    collect.columns = tuple(name for name in table.header if name not in _LINKS)
    fields = collect.columns_are(choose(table.header, _USUAL, chosen))
    kinds = {
        name: collect.kind(name, outward=phrase) for name, phrase in _LINKS.items() if name in table.names
    }
    for line in table.rows:
        key, where = line.text("ID"), f"line {line.number}"
        due = line.text(fields.get(Field.DUE, ""))
        collect.item(
            Item(
                id=key,
                title=line.text(fields.get(Field.TITLE, "")),
                team=line.text(fields.get(Field.TEAM, "")),
                due=collect.day(due, where) if due else None,
                horizon=line.text(fields.get(Field.HORIZON, "")),
                is_done=line.text("Status").casefold() in DONE,
            ),
            where=where,
        )
        for column, kind in kinds.items():
            for other in re.split(r"[,;\s]+", " ".join(line.texts(column))):
                if other:
                    collect.link(kind, key, other)
