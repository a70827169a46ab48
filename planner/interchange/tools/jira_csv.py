"""Jira's CSV: a column for each link, named after its type; the same name may stand many times."""

from __future__ import annotations

import re
from collections.abc import Mapping

from planner.domain.importing import Field, Item
from planner.interchange.tools.collect import DONE, Collector
from planner.interchange.tools.table import Table, choose

_LINKS = re.compile(r"(Inward|Outward) issue link \((.+)\)")
_USUAL: Mapping[Field, tuple[str, ...]] = {
    Field.TEAM: (
        "Custom field (Team)",
        "Team",
        "Team Name",
        "Custom field (Squad)",
        "Component/s",
        "Components",
        "Component",
        "Project name",
        "Project key",
    ),
    Field.TITLE: ("Summary",),
    Field.DUE: ("Due date", "Due Date", "Custom field (Target end)"),
    Field.HORIZON: ("Fix versions", "Fix Version/s", "Fix Version", "Sprint"),
}


def fits(names: frozenset[str]) -> bool:
    return {"Issue key", "Summary"} <= names


def read(table: Table, collect: Collector, chosen: Mapping[Field, str]) -> None:
    """Collect every issue and link; the type's name alone tells the direction, so it is a guess."""
    collect.columns = tuple(dict.fromkeys(name for name in table.header if not _LINKS.fullmatch(name)))
    fields = collect.columns_are(choose(table.header, _USUAL, chosen))
    ends = [
        (name, match[1] == "Inward", collect.kind(match[2]))
        for name in dict.fromkeys(table.header)
        if (match := _LINKS.fullmatch(name))
    ]
    if not ends:
        collect.notes.append(
            "No column holds links. In Jira, export all fields: it is called “Inward issue link (…)”."
        )
    for line in table.rows:
        key, where = line.text("Issue key"), f"line {line.number}"
        due = line.text(fields.get(Field.DUE, ""))
        status = line.text("Status Category") or line.text("Status")
        collect.item(
            Item(
                id=key,
                title=line.text(fields.get(Field.TITLE, "")),
                team=line.text(fields.get(Field.TEAM, "")),
                due=collect.day(due, where) if due else None,
                horizon=line.text(fields.get(Field.HORIZON, "")),
                is_done=status.casefold() in DONE,
            ),
            where=where,
        )
        for column, is_inward, kind in ends:
            for other in line.texts(column):
                collect.link(kind, *((other, key) if is_inward else (key, other)))
