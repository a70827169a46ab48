"""Azure DevOps' work items with their relations: predecessor and successor, each on both ends."""

from __future__ import annotations

from collections.abc import Mapping

from planner.domain.importing import Field, Item
from planner.interchange.tools.azure_csv import last_of
from planner.interchange.tools.collect import DONE, Collector, unsaid
from planner.interchange.tools.table import choose
from planner.interchange.tools.values import first_records, plain, record, records, within

_USUAL: Mapping[Field, tuple[str, ...]] = {
    Field.TEAM: ("System.AreaPath", "System.NodeName", "System.TeamProject"),
    Field.TITLE: ("System.Title",),
    Field.DUE: ("Microsoft.VSTS.Scheduling.DueDate", "Microsoft.VSTS.Scheduling.TargetDate"),
    Field.HORIZON: ("System.IterationPath",),
}
_FORWARD, _REVERSE = "System.LinkTypes.Dependency-Forward", "System.LinkTypes.Dependency-Reverse"


def fits(value: object) -> bool:
    items = first_records(within(value, "value"))
    return bool(items) and all("System.Id" in record(i.get("fields")) or "rev" in i for i in items)


def read(value: object, collect: Collector, chosen: Mapping[Field, str]) -> None:
    """Collect every work item and its predecessors and successors."""
    items = within(value, "value")
    collect.columns = tuple(
        sorted(dict.fromkeys(name for item in records(items) for name in record(item.get("fields"))))
    )
    columns = collect.columns_are(choose(collect.columns, _USUAL, chosen))
    kind = collect.kind("Predecessor", outward="is predecessor of", inward="is successor of")
    for at, item in enumerate(records(items)):
        key, fields, where = plain(item.get("id")), record(item.get("fields")), f"value[{at}]"
        due = plain(fields.get(columns.get(Field.DUE, "")))
        collect.item(
            Item(
                id=key,
                title=plain(fields.get(columns.get(Field.TITLE, ""))),
                team=last_of(plain(fields.get(columns.get(Field.TEAM, "")))),
                due=collect.day(due, where) if due else None,
                horizon=last_of(plain(fields.get(columns.get(Field.HORIZON, "")))),
                is_done=plain(fields.get("System.State")).casefold() in DONE,
                silent=unsaid(fields, columns),
            ),
            where=where,
        )
        for relation in records(item.get("relations")):
            other = plain(relation.get("url")).rstrip("/").rpartition("/")[2]
            if relation.get("rel") == _REVERSE:
                collect.link(kind, other, key)
            elif relation.get("rel") == _FORWARD:
                collect.link(kind, key, other)
