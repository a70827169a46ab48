"""The rules of suggestions: the organisation's own values over the defaults of the domain."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from planner.domain.consolidation.model import Attendance, Rules
from planner.services.changes import recorded
from planner.services.permissions import Right, require
from planner.storage.models import OrganisationRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange


def read_rules(session: Session) -> Rules:
    """Return the rules that hold for this organisation."""
    row = session.get(OrganisationRow, 1)
    return Rules() if row is None else rules_from(row.rules)


def rules_from(values: Mapping[str, Any]) -> Rules:
    """Return rules from stored values; what is not named keeps its default."""
    known = {field.name for field in fields(Rules)}
    chosen = {name: value for name, value in values.items() if name in known}
    if "attendance" in chosen:
        chosen["attendance"] = Attendance(chosen["attendance"])
    return Rules(**chosen)


def change_rules(session: Session, actor: Actor, rules: Rules) -> OpenChange:
    """Keep these rules for everybody; only what differs from the defaults is stored."""
    require(actor, Right.ARRANGE)
    defaults = Rules()
    values = {
        field.name: getattr(rules, field.name)
        for field in fields(Rules)
        if getattr(rules, field.name) != getattr(defaults, field.name)
    }
    with recorded(session, actor, "rules:changed", "Changed the rules of suggestions") as change:
        row = session.get(OrganisationRow, 1)
        if row is None:
            session.add(OrganisationRow(id=1, name="", rules=values, is_example=False))
        elif row.rules != values:
            row.rules = values
    return change
