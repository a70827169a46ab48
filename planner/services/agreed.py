"""What was agreed in another installation, on its way in: all of it can be read here, or none comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from planner.domain.errors import InvalidInput, Problem
from planner.domain.minutes import from_plain
from planner.domain.transfer import Remark, Verdict
from planner.services.proposals import read_plan, read_proposals
from planner.services.shared_sessions import read_sessions
from planner.storage import snapshot
from planner.storage.agreed import save_agreed
from planner.storage.models import MinutesRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

NOT_YOURS = Remark(
    "agreed",
    Verdict.LEFT_OUT,
    "proposals, shared sessions and minutes are other people’s word: they are brought in on the command line",
)


def bring_agreed(session: Session, actor: Actor, tree: Mapping[str, Any]) -> dict[str, int]:
    """Add what is not here yet, within a change that is open, and return how many of each.

    Raises InvalidInput for what no page could show.
    """
    if not tree or not actor.is_operator:
        return {}
    came = save_agreed(session, tree)
    try:
        _read_all(session, actor)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise InvalidInput(
            Problem("agreed", f"cannot be read ({type(error).__name__}: {error}); export it again")
        ) from error
    return {name: number for name, number in came.items() if number}


def _read_all(session: Session, actor: Actor) -> None:
    """Read what pages read; it may be rolled back, so nothing of it is kept for others."""
    organisation = snapshot.load(session)
    for proposal in read_proposals(session, organisation, actor.at.date()):
        read_plan(session, organisation, proposal.id, actor.at.date())
    read_sessions(session, organisation, actor.at)
    for body in session.scalars(select(MinutesRow.body)):
        from_plain(body)
