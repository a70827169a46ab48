"""An import in words for the command line: what it would do, and what it did."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from planner.domain.text import counted
from planner.services.importing.import_plans import LEFT, NEW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.services.exchange import ImportReport
    from planner.services.importing.import_looks import KindLook, Look
    from planner.services.importing.import_plans import TeamMatch


def look_as_json(look: Look) -> str:
    return json.dumps(asdict(look), indent=2, ensure_ascii=False)


def look_as_text(look: Look) -> str:
    """Return one sentence per type of link, what becomes of the teams, and what would change."""
    return "\n".join(_look_lines(look))


def _look_lines(look: Look) -> Iterator[str]:
    yield f"Read as {' and '.join(look.formats)}."
    yield from look.notes
    if look.items:
        doubled = f", {look.doubled} of which stand at both ends and are counted once" if look.doubled else ""
        yield f"{counted(look.items, 'item')}, {counted(look.links, 'link')}{doubled}."
    yield from map(_kind, look.kinds)
    yield from (_team(team) for team in look.teams if not team.is_certain)
    for name, new, changed, same in look.records:
        yield f"{name}: {new} new, {changed} changed, {same} as they are."
    if look.items:
        yield f"Dependencies: {look.new} new, {look.changed} changed, {look.same} as they are."
    for question in look.questions:
        why = "agreed" if question.is_agreed else "changed"
        for field, here, there in question.fields:
            yield f"Stays as it was {why} here, “{question.what}”: {field} is {here}, the file has {there}."
    for one in look.erased:
        yield f"Will go, because the file has nothing there: {one.field} of “{one.name}”, {one.here}."
    if look.more_erased:
        yield f"Will go as well: what is in {look.more_erased} more fields."
    yield from (f"{number} × {reason}." for reason, number in look.left_out)


def _kind(kind: KindLook) -> str:
    before = f"{kind.name} ({kind.links}): "
    if kind.direction == "neither":
        return before + "tells no direction, so it is left out. Say --turn to take it."
    if kind.consumer:
        return before + f"{kind.consumer} needs “{kind.what}” from {kind.provider}."
    return before + "no link of two teams."


def _team(team: TeamMatch) -> str:
    if team.key == LEFT:
        return f"{team.read}: left out."
    if team.key != NEW:
        return f"{team.read}: taken for {team.key}."
    maybe = ", ".join(key for key, _ in team.candidates)
    return f"{team.read}: a new team." + (f" Or is it one of {maybe}?" if maybe else "")


def report_as_json(report: ImportReport) -> str:
    return json.dumps(
        {
            "read": report.taken,
            "added": report.added,
            "changed": report.changed,
            "kept": report.kept,
            "change": report.change_id,
            "remarks": [
                {"where": r.where, "verdict": r.verdict.value, "message": r.message} for r in report.remarks
            ],
        },
        indent=2,
    )


def report_as_text(report: ImportReport, *, with_remarks: bool) -> str:
    """Return the remarks, one a line, and the totals."""
    remarks = [f"{r.where}: {r.verdict.value}: {r.message}" for r in report.remarks] if with_remarks else []
    added = ", ".join(report.added_words) or "nothing"
    kept = f", {report.kept} kept as people here have them" if report.kept else ""
    total = (
        f"{report.taken} records read, added {added}, {report.changed} changed{kept}, "
        f"{len(report.remarks)} remarks."
    )
    return "\n".join((*remarks, total))
