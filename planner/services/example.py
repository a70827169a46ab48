"""The example organisation: loaded with one act, removed with one act."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.errors import InvalidInput, Problem
from planner.domain.transfer import shift_dates
from planner.examples import larkfield
from planner.interchange.json import read_organisation
from planner.services.exchange import store_draft
from planner.services.permissions import Right, require
from planner.storage.models import OrganisationRow, PersonRow, TeamRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.domain.transfer import Draft
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange

WRITTEN_ON = date(2026, 2, 2)
"""The Monday on which the example's first sprint begins in the file."""


def is_empty(session: Session) -> bool:
    """Return whether nobody and nothing is recorded yet."""
    return not (session.scalar(select(TeamRow.id).limit(1)) or session.scalar(select(PersonRow.id).limit(1)))


def is_example(session: Session) -> bool:
    return bool(session.scalar(select(OrganisationRow.is_example)))


def example_draft(today: date) -> Draft:
    """Return the example with its first sprint beginning on the Monday that is next, or today."""
    monday = today + timedelta(days=-today.weekday() % 7)
    return shift_dates(read_organisation(larkfield()).draft, (monday - WRITTEN_ON).days)


def load_example(session: Session, actor: Actor) -> OpenChange:
    """Store Larkfield Rail in an empty installation, as one change.

    Raises InvalidInput when anything is recorded already: the example would mix with it.
    """
    require(actor, Right.RECORD)
    if not is_empty(session):
        raise InvalidInput(
            Problem("", "There are records already. Remove them first, then load the example.")
        )
    return store_draft(
        session,
        actor,
        example_draft(actor.at.date()),
        tag="example:loaded",
        summary="Loaded the example organisation",
        is_example=True,
    )
