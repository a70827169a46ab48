"""Asana's CSV: what blocks a task stands by its name, not by its id, so names are looked up at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from planner.domain.importing import Field, Item
from planner.domain.text import fold
from planner.interchange.tools.collect import Collector
from planner.interchange.tools.table import Table, choose

_USUAL: Mapping[Field, tuple[str, ...]] = {
    Field.TEAM: ("Team", "Projects", "Section/Column"),
    Field.TITLE: ("Name",),
    Field.DUE: ("Due Date",),
    Field.HORIZON: ("Milestone", "Projects"),
}
BLOCKED_BY, BLOCKING = "Blocked By (Dependencies)", "Blocking (Dependencies)"


def fits(names: frozenset[str]) -> bool:
    return {"Task ID", "Name", BLOCKED_BY} <= names


def read(table: Table, collect: Collector, chosen: Mapping[Field, str]) -> None:
    """Collect every task and what blocks it; several names in one cell are parted at commas."""
    collect.columns = tuple(name for name in table.header if name not in {BLOCKED_BY, BLOCKING})
    fields = collect.columns_are(choose(table.header, _USUAL, chosen))
    kind = collect.kind("blocks")
    said: list[tuple[str, str, bool]] = []
    for line in table.rows:
        key, where = line.text("Task ID"), f"line {line.number}"
        due = line.text(fields.get(Field.DUE, ""))
        collect.item(
            Item(
                id=key,
                title=line.text(fields.get(Field.TITLE, "")),
                team=line.text(fields.get(Field.TEAM, "")),
                due=collect.day(due, where) if due else None,
                horizon=line.text(fields.get(Field.HORIZON, "")),
                is_done=bool(line.text("Completed At")),
            ),
            where=where,
        )
        said += [(key, cell, True) for cell in line.texts(BLOCKED_BY)]
        said += [(key, cell, False) for cell in line.texts(BLOCKING)]
    _link(collect, kind, said)


def _link(collect: Collector, kind: str, said: list[tuple[str, str, bool]]) -> None:
    ids: dict[str, list[str]] = defaultdict(list)
    for item in collect.items.values():
        ids[_spoken(item.title)].append(item.id)
    for key, cell, is_blocked in said:
        for name in _names(cell, ids):
            found = ids.get(_spoken(name), [])
            if len(found) != 1:
                reason = "two tasks have this name" if found else "no task in the file has this name"
                collect.tally.left_out(f"a link by name: {reason}", name)
            else:
                collect.link(kind, *((found[0], key) if is_blocked else (key, found[0])))


def _names(cell: str, ids: Mapping[str, list[str]]) -> list[str]:
    """The names in a cell. A name may hold commas itself, so the longest known ones are taken first."""
    parts = [part.strip() for part in cell.split(",")]
    found, at = [], 0
    while at < len(parts):
        ends = range(min(len(parts), at + 20), at, -1)
        end = next((end for end in ends if _spoken(", ".join(parts[at:end])) in ids), at + 1)
        found.append(", ".join(parts[at:end]))
        at = end
    return [name for name in found if name]


def _spoken(name: str) -> str:
    """A name as it is compared: Asana leaves out the commas where it stands in a list."""
    return fold(name.replace(",", " "))
