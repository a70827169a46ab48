"""What is written down about an import: what was chosen, what it did, and the habit that stays."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from planner.domain.importing import Direction, Field
from planner.domain.transfer import Remark, Verdict
from planner.services.exchange import ImportReport
from planner.services.importing.import_plans import NEW, Choices

if TYPE_CHECKING:
    from planner.services.importing.import_plans import Plan

REMARKS_KEPT = 500
"""Of so many remarks the page of an import can tell; more are counted."""


def as_json(choices: Choices) -> str:
    """Return choices as text that `choices_of` reads."""
    return json.dumps(
        {
            "source": choices.source,
            "directions": {kind: direction.value for kind, direction in choices.directions.items()},
            "teams": dict(choices.teams),
            "fields": {field.value: column for field, column in choices.fields.items()},
            "take": sorted(choices.take),
            "horizon": choices.horizon,
            "kind": choices.kind,
        },
        sort_keys=True,
    )


def choices_of(text: str) -> Choices:
    """Return the choices that were written down."""
    raw: dict[str, Any] = json.loads(text)
    return Choices(
        source=raw.get("source", ""),
        directions={kind: Direction(value) for kind, value in raw.get("directions", {}).items()},
        teams=raw.get("teams", {}),
        fields={Field(name): column for name, column in raw.get("fields", {}).items()},
        take=frozenset(raw.get("take", ())),
        horizon=raw.get("horizon", ""),
        kind=raw.get("kind", ""),
    )


def habit_of(plan: Plan) -> str:
    """Return what is remembered for files of the same shape."""
    outline = plan.outline
    kinds = outline.kinds if outline else ()
    directions = {kind.name: plan.choices.directions.get(kind.name, kind.direction) for kind in kinds}
    teams = {match.read: match.key for match in plan.matches if not match.is_certain and match.key != NEW}
    teams = {**plan.choices.teams, **teams}
    return as_json(
        Choices(
            source=plan.source,
            directions=directions,
            teams={read: key for read, key in teams.items() if key != NEW},
            fields=dict(outline.fields) if outline else {},
        )
    )


def with_habit(choices: Choices, text: str) -> Choices:
    """Return the choices, filled up with what was chosen last."""
    known = choices_of(text)
    return replace(
        choices,
        source=choices.source or known.source,
        directions={**known.directions, **choices.directions},
        teams={**known.teams, **choices.teams},
        fields={**known.fields, **choices.fields},
    )


def report_text(report: ImportReport) -> str:
    """Return a report as text that `report_of` reads; of many remarks the first."""
    more = len(report.remarks) - REMARKS_KEPT
    kept = report.remarks[:REMARKS_KEPT]
    if more > 0:
        kept = (*kept, Remark("", Verdict.LEFT_OUT, f"and {more:,} more remarks"))
    return json.dumps(asdict(replace(report, remarks=kept)))


def report_of(text: str) -> ImportReport:
    """Return the report that was written down."""
    raw: dict[str, Any] = json.loads(text)
    remarks = tuple(Remark(one["where"], Verdict(one["verdict"]), one["message"]) for one in raw["remarks"])
    return ImportReport(**{**raw, "remarks": remarks})
