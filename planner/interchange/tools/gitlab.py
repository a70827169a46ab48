"""GitLab's issues as JSON with the links between them. The team is told by a scoped label or the project."""

from __future__ import annotations

from collections.abc import Mapping

from planner.domain.importing import Field, Item
from planner.interchange.tools.collect import Collector, unsaid
from planner.interchange.tools.values import Record, first_records, plain, record, records, within

PROJECT = "project"
_FROM = {Field.TITLE: "title", Field.DUE: "due_date", Field.HORIZON: "milestone"}
_PHRASES = {"blocks": "blocks", "is_blocked_by": "is blocked by", "relates_to": "relates to"}


def fits(value: object) -> bool:
    found = first_records(value)
    return bool(found) and all("iid" in one or "link_type" in one for one in found)


def read(value: object, collect: Collector, chosen: Mapping[Field, str]) -> None:
    """Collect every issue with the links that stand in it, and links that stand alone."""
    scopes = {scope for one in records(value) for scope in map(_scope, _labels(one)) if scope}
    collect.columns = (PROJECT, *sorted(scopes))
    usual = next((scope for scope in ("team", "squad", "group") if scope in scopes), PROJECT)
    wanted = chosen.get(Field.TEAM, usual)
    collect.fields = {Field.TEAM: wanted if wanted in collect.columns else usual}
    for at, one in enumerate(records(value)):
        if "link_type" in one and "source_issue" in one:
            _link(collect, _key(record(one.get("source_issue"))), one, _key(record(one.get("target_issue"))))
            continue
        key, where, due = _key(one), f"[{at}]", plain(one.get("due_date"))
        collect.item(
            Item(
                id=key,
                title=plain(one.get("title")),
                team=_team(one, collect.fields[Field.TEAM]),
                due=collect.day(due, where) if due else None,
                horizon=plain(one.get("milestone")) or plain(one.get("iteration")),
                is_done=one.get("state") == "closed",
                silent=unsaid(one, _FROM if "iteration" not in one else _FROM | {Field.HORIZON: "iteration"}),
            ),
            where=where,
        )
        for name in ("links", "linked_issues", "issue_links"):
            for link in records(one.get(name)):
                _link(collect, key, link, _key(link))
        for other in records(one.get("blocked_by")):
            _link(collect, key, {"link_type": "is_blocked_by"}, _key(other))


def _link(collect: Collector, first: str, link: Record, second: str) -> None:
    kind = plain(link.get("link_type")) or "relates_to"
    if kind == "is_blocked_by":
        kind, first, second = "blocks", second, first
    collect.link(collect.kind(kind, outward=_PHRASES.get(kind, kind)), first, second)


def _key(one: Record) -> str:
    """The full reference where there is one: numbers are each project's own."""
    return plain(within(one, "references", "full")) or plain(one.get("iid")) or plain(one.get("id"))


def _labels(one: Record) -> list[str]:
    labels = one.get("labels")
    return [plain(label) for label in labels] if isinstance(labels, list) else []


def _scope(label: str) -> str:
    return label.partition("::")[0] if "::" in label else ""


def _team(one: Record, wanted: str) -> str:
    for label in _labels(one):
        if _scope(label) == wanted:
            return label.partition("::")[2]
    if wanted != PROJECT:
        return ""
    return plain(within(one, "references", "full")).partition("#")[0] or plain(one.get("project_id"))
