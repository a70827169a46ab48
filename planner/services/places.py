"""Places and the minutes between them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.errors import InvalidInput, Problem
from planner.domain.model import MINUTES_PER_DAY
from planner.domain.text import clean
from planner.domain.transfer import PlaceDraft, TravelDraft
from planner.services.changes import expect_version, recorded
from planner.services.keys import existing, expect_free_name, expect_zone
from planner.services.permissions import Right, require
from planner.storage.models import PlaceRow
from planner.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange


def record_place(
    session: Session, actor: Actor, draft: PlaceDraft, *, minutes_to: Mapping[str, int | None]
) -> OpenChange:
    """Add a place and the minutes one way to others, None where nobody knows. Raises InvalidInput."""
    require(actor, Right.ARRANGE)
    return _save(session, actor, "place:recorded", draft, minutes_to, None)


def change_place(
    session: Session,
    actor: Actor,
    name: str,
    draft: PlaceDraft,
    *,
    minutes_to: Mapping[str, int | None],
    version: int | None,
) -> OpenChange:
    """Change a place. Raises NotFound, InvalidInput, StaleVersion."""
    require(actor, Right.ARRANGE)
    row = existing(Store(session), PlaceRow, name)
    expect_version(row, version)
    return _save(session, actor, "place:changed", draft, minutes_to, row)


def remove_place(session: Session, actor: Actor, name: str) -> OpenChange:
    """Remove a place; teams, people and sessions stay, without one. Raises NotFound."""
    require(actor, Right.ARRANGE)
    store = Store(session)
    row = existing(store, PlaceRow, name)
    with recorded(session, actor, "place:removed", f"Removed the place {row.name}") as change:
        store.remove(row)
    return change


def minutes_field(other: str) -> str:
    """Return how problems name the minutes to another place."""
    return f"minutes to {other}"


def _save(
    session: Session,
    actor: Actor,
    tag: str,
    draft: PlaceDraft,
    minutes_to: Mapping[str, int | None],
    row: PlaceRow | None,
) -> OpenChange:
    store = Store(session)
    draft = replace(draft, name=clean(draft.name, where="name"))
    expect_free_name(store, PlaceRow, draft.name, row)
    expect_zone(draft.zone)
    _expect_minutes(minutes_to)
    verb = "Added" if row is None else "Changed"
    with recorded(session, actor, tag, f"{verb} the place {draft.name}") as change:
        store.save_place(draft, row)
        for other, minutes in sorted(minutes_to.items()):
            _set_minutes(store, draft.name, other, minutes)
    return change


def _set_minutes(store: Store, name: str, other: str, minutes: int | None) -> None:
    if minutes is None:
        store.remove_travel(name, other)
    else:
        store.save_travel(TravelDraft(name, other, minutes))


def _expect_minutes(minutes_to: Mapping[str, int | None]) -> None:
    problems = [
        Problem(minutes_field(other), f"are {minutes}; expected 0 to {MINUTES_PER_DAY}")
        for other, minutes in sorted(minutes_to.items())
        if minutes is not None and not 0 <= minutes <= MINUTES_PER_DAY
    ]
    if problems:
        raise InvalidInput(*problems)
