"""GitHub's issues as JSON, each with the issues that block it. The team is told by a label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planner.domain.importing import Field, Item
from planner.interchange.tools.collect import Collector, unsaid
from planner.interchange.tools.values import Record, first_records, plain, record, records

OWN_NAME = frozenset({"team", "squad", "area", "group", "component", "owner"})
"""After these prefixes the rest of a label is the team: “team/web” is web, “sig/node” is sig-node."""
_FROM = {Field.TITLE: "title", Field.DUE: "milestone", Field.HORIZON: "milestone"}
ANY = "any label with / or :"


def fits(value: object) -> bool:
    found = first_records(value)
    return bool(found) and all("number" in one and "title" in one for one in found)


def read(value: object, collect: Collector, chosen: Mapping[Field, str]) -> None:
    """Collect every issue and what blocks it; a pull request is none."""
    prefixes = dict.fromkeys(p for one in _issues(value) for p in map(_prefix, _labels(one)) if p)
    collect.columns = (ANY, *sorted(prefixes))
    wanted = chosen.get(Field.TEAM, ANY)
    collect.fields = {Field.TEAM: wanted if wanted in collect.columns else ANY}
    kind = collect.kind("blocked by", outward="is blocked by", inward="blocks")
    for at, one in enumerate(_issues(value)):
        key, where = plain(one.get("number")), f"[{at}]"
        milestone = record(one.get("milestone"))
        due = plain(milestone.get("due_on"))
        collect.item(
            Item(
                id=key,
                title=plain(one.get("title")),
                team=_team(one, collect.fields[Field.TEAM]),
                due=collect.day(due, where) if due else None,
                horizon=plain(milestone.get("title")),
                is_done=one.get("state") == "closed",
                silent=unsaid(one, _FROM),
            ),
            where=where,
        )
        for other in records(one.get("blocked_by")):
            collect.link(kind, key, plain(other.get("number")))
        for other in records(one.get("blocking")):
            collect.link(kind, plain(other.get("number")), key)


def _issues(value: object) -> Iterator[Record]:
    return (one for one in records(value) if "pull_request" not in one)


def _labels(issue: Record) -> list[str]:
    labels = issue.get("labels")
    return [plain(label) for label in labels] if isinstance(labels, list) else []


def _prefix(label: str) -> str:
    return next((label.partition(mark)[0].strip() for mark in "/:" if mark in label), "")


def _team(issue: Record, wanted: str) -> str:
    for label in _labels(issue):
        prefix = _prefix(label)
        if prefix and wanted in {ANY, prefix}:
            rest = label[len(prefix) + 1 :].strip(": /")
            return rest if prefix.casefold() in OWN_NAME else f"{prefix}-{rest}"
    return ""
