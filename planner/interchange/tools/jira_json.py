"""Jira's REST answer to a search: issues with their links and both phrases of each type."""

from __future__ import annotations

from collections.abc import Mapping

from planner.domain.importing import Field, Item
from planner.interchange.tools.collect import DONE, Collector, unsaid
from planner.interchange.tools.rows import Rows
from planner.interchange.tools.table import choose
from planner.interchange.tools.values import Record, first_records, plain, record, records, within

_USUAL: Mapping[Field, tuple[str, ...]] = {
    Field.TEAM: ("team", "Team", "customfield_10001", "components", "project"),
    Field.TITLE: ("summary",),
    Field.DUE: ("duedate",),
    Field.HORIZON: ("fixVersions", "sprint"),
}
_NO_COLUMNS = frozenset(
    {"issuelinks", "status", "issuetype", "description", "comment", "attachment", "worklog"}
)


def fits(value: object) -> bool:
    issues = within(value, "issues")
    return isinstance(issues, list | Rows) and all("fields" in issue for issue in first_records(issues))


def read(value: object, collect: Collector, chosen: Mapping[Field, str]) -> None:
    """Collect every issue and link; both ends of a link say the same."""
    issues = within(value, "issues")
    seen = dict.fromkeys(name for issue in records(issues) for name in record(issue.get("fields")))
    collect.columns = tuple(sorted(name for name in seen if name not in _NO_COLUMNS))
    columns = collect.columns_are(choose(collect.columns, _USUAL, chosen))
    for at, issue in enumerate(records(issues)):
        key, fields, where = plain(issue.get("key")), record(issue.get("fields")), f"issues[{at}]"
        due = plain(fields.get(columns.get(Field.DUE, "")))
        status = plain(within(fields, "status", "statusCategory")) or plain(fields.get("status"))
        collect.item(
            Item(
                id=key,
                title=plain(fields.get(columns.get(Field.TITLE, ""))),
                team=plain(fields.get(columns.get(Field.TEAM, ""))),
                due=collect.day(due, where) if due else None,
                horizon=plain(fields.get(columns.get(Field.HORIZON, ""))),
                is_done=status.casefold() in DONE,
                silent=unsaid(fields, columns),
            ),
            where=where,
        )
        for link in records(fields.get("issuelinks")):
            _link(collect, key, link)


def _link(collect: Collector, key: str, link: Record) -> None:
    kind = record(link.get("type"))
    name = collect.kind(
        plain(kind.get("name")), outward=plain(kind.get("outward")), inward=plain(kind.get("inward"))
    )
    if inward := plain(within(link, "inwardIssue", "key")):
        collect.link(name, inward, key)
    if outward := plain(within(link, "outwardIssue", "key")):
        collect.link(name, key, outward)
