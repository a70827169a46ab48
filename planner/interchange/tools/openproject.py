"""OpenProject's API: work packages and relations. Relations alone do not tell whose the packages are."""

from __future__ import annotations

from collections.abc import Mapping

from planner.domain.importing import TOLD, Field, Item
from planner.interchange.tools.collect import DONE, Collector, unsaid
from planner.interchange.tools.rows import Rows
from planner.interchange.tools.table import choose
from planner.interchange.tools.values import Record, plain, record, records, within

_KINDS = {
    "blocks": "blocks",
    "blocked": "is blocked by",
    "precedes": "precedes",
    "follows": "follows",
    "requires": "requires",
    "required": "is required by",
}
_USUAL: Mapping[Field, tuple[str, ...]] = {
    Field.TEAM: ("category", "project", "assignee", "responsible"),
    Field.HORIZON: ("version",),
}
_FROM = {Field.TITLE: "subject", Field.DUE: "dueDate"}
NOTE = (
    "OpenProject’s relations do not tell whose the work packages are. Choose the list of work packages "
    "in the same go: …/api/v3/work_packages, or its table as CSV."
)


def fits(value: object) -> bool:
    return isinstance(within(value, "_embedded", "elements"), list | Rows)


def read(value: object, collect: Collector, chosen: Mapping[Field, str]) -> None:
    """Collect work packages and relations, whichever of them the answer holds."""
    elements = within(value, "_embedded", "elements")
    links = dict.fromkeys(name for one in records(elements) for name in record(one.get("_links")))
    collect.columns = tuple(sorted(name for name in links if name not in {"from", "to", "self"}))
    collect.fields = fields = choose(collect.columns, _USUAL, chosen)
    for at, one in enumerate(records(elements)):
        if one.get("_type") == "Relation":
            _relation(collect, one)
        elif one.get("_type") == "WorkPackage":
            _package(collect, one, fields, f"_embedded.elements[{at}]")
    if not any(item.team for item in collect.items.values()):
        collect.notes.append(NOTE)


def _package(collect: Collector, one: Record, fields: Mapping[Field, str], where: str) -> None:
    due = plain(one.get("dueDate"))
    collect.item(
        Item(
            id=plain(one.get("id")),
            title=plain(one.get("subject")),
            team=plain(within(one, "_links", fields.get(Field.TEAM, ""))),
            due=collect.day(due, where) if due else None,
            horizon=plain(within(one, "_links", fields.get(Field.HORIZON, ""))),
            is_done=plain(within(one, "_links", "status")).casefold() in DONE,
            silent=unsaid(one, _FROM)
            | unsaid(record(one.get("_links")), {Field.HORIZON: fields.get(Field.HORIZON, "")}),
        ),
        where=where,
    )


def _relation(collect: Collector, one: Record) -> None:
    name = plain(one.get("type"))
    kind = collect.kind(name, outward=_KINDS.get(name, name))
    ends = []
    for end in ("from", "to"):
        target = record(within(one, "_links", end))
        number = plain(target.get("href")).rstrip("/").rpartition("/")[2]
        if number:
            collect.item(Item(id=number, title=plain(target.get("title")), silent=TOLD))
        ends.append(number)
    collect.link(kind, ends[0], ends[1])
