"""An act on a dependency as the negotiation makes it: the row changes and people are told, in one change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planner.services.changes import recorded
from planner.services.notices import tell
from planner.services.organisation import read_organisation
from planner.storage.models import DependencyRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.negotiation.acts import Act
    from planner.services.actor import Actor


def make_act(session: Session, actor: Actor, number: int, act: Act, **values: Any) -> None:
    """Let the actor act on a dependency; the values are what becomes of it."""
    organisation = read_organisation(session)
    before = next(d for d in organisation.dependencies if d.id == number)
    row = session.get_one(DependencyRow, number)
    with recorded(session, actor, "dependency:acted", "An act"):
        for name, value in values.items():
            setattr(row, name, value)
        tell(session, actor, organisation, before=before, after=replace(before, **values), act=act)
