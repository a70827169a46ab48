"""Azure DevOps' CSV: items alone. What links them is not in it, whichever columns are chosen."""

from __future__ import annotations

from collections.abc import Mapping

from planner.domain.importing import Field, Item
from planner.interchange.tools.collect import DONE, Collector
from planner.interchange.tools.table import Table, choose

_USUAL: Mapping[Field, tuple[str, ...]] = {
    Field.TEAM: ("Area Path", "Node Name", "Team Project"),
    Field.TITLE: ("Title",),
    Field.DUE: ("Due Date", "Target Date"),
    Field.HORIZON: ("Iteration Path",),
}
NOTE = (
    "Azure DevOps’ CSV holds no links, so no dependencies come of it. Its work items as JSON do: "
    "…/_apis/wit/workitems?ids=…&$expand=relations."
)


def fits(names: frozenset[str]) -> bool:
    return {"ID", "Work Item Type"} <= names and bool({"Title", "Area Path"} & names)


def last_of(path: str) -> str:
    """Return the end of an area or iteration path."""
    return path.rpartition("\\")[2]


def read(table: Table, collect: Collector, chosen: Mapping[Field, str]) -> None:
    """Collect every work item, and say that there are no links."""
    collect.columns = tuple(dict.fromkeys(table.header))
    fields = collect.columns_are(choose(table.header, _USUAL, chosen))
    collect.notes.append(NOTE)
    for line in table.rows:
        where, due = f"line {line.number}", line.text(fields.get(Field.DUE, ""))
        collect.item(
            Item(
                id=line.text("ID"),
                title=line.text(fields.get(Field.TITLE, "")),
                team=last_of(line.text(fields.get(Field.TEAM, ""))),
                due=collect.day(due, where) if due else None,
                horizon=last_of(line.text(fields.get(Field.HORIZON, ""))),
                is_done=line.text("State").casefold() in DONE,
            ),
            where=where,
        )
