"""What was agreed in another installation, on its way in: all of it can be read here, or none comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, union

from planner.domain.ballots import results
from planner.domain.consolidation.keeping import from_keys
from planner.domain.errors import InvalidInput, Problem
from planner.domain.meeting.rounds import RoundOf
from planner.domain.minutes import from_plain
from planner.domain.transfer import Remark, Verdict
from planner.services.calendar.polls import read_poll
from planner.services.calendar.replies import read_replies
from planner.services.consolidation.proposals import read_plan, read_proposals
from planner.services.consolidation.suggestions import read_rule_values, write_rule
from planner.services.meeting.ballots import read_polling
from planner.services.meeting.meetings import read_meeting
from planner.services.meeting.votes import read_polls
from planner.services.settings import read_rules
from planner.services.shared_sessions import read_sessions
from planner.storage import snapshot
from planner.storage.agreed import save_agreed
from planner.storage.models import BallotRow, KeptPlanRow, MeetingRow, MinutesRow, ReplyRow, TimePollRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sqlalchemy.orm import Session

    from planner.domain.model import Organisation
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
    _expect_rules(tree.get("rules") or {})
    came = save_agreed(session, tree)
    try:
        _read_all(session, actor)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise InvalidInput(
            Problem("agreed", f"cannot be read ({type(error).__name__}: {error}); export it again")
        ) from error
    return {name: number for name, number in came.items() if number}


def _expect_rules(rules: object) -> None:
    """Raise InvalidInput for rules that nobody could have chosen here."""
    for name, value in rules.items() if isinstance(rules, dict) else ():
        try:
            known = read_rule_values({name: write_rule(name, value)}) == {name: value}
        except (InvalidInput, TypeError, ValueError):
            known = False
        if not known:
            raise InvalidInput(
                Problem(f"agreed.rules.{name}"[:80], f"read {str(value)[:40]}, which is no such rule")
            )


def _read_all(session: Session, actor: Actor) -> None:
    """Read what pages read; it may be rolled back, so nothing of it is kept for others."""
    read_rules(session)
    organisation = snapshot.load(session)
    for plan in session.scalars(select(KeptPlanRow.plan)):
        from_keys(organisation, plan)
    for proposal in read_proposals(session, organisation, actor.at.date()):
        read_plan(session, organisation, proposal.id, actor.at.date())
    read_sessions(session, organisation, actor.at)
    _read_votes(session, organisation)
    for body in session.scalars(select(MinutesRow.body)):
        from_plain(body)


def _read_votes(session: Session, organisation: Organisation) -> None:
    for number in session.scalars(union(select(TimePollRow.session_id), select(ReplyRow.session_id))):
        read_poll(session, number)
        read_replies(session, number)
    rounds = union(
        select(MeetingRow.session_id, MeetingRow.round),
        select(BallotRow.session_id, BallotRow.session_round),
    )
    for number, at in session.execute(rounds).all():
        meeting = read_meeting(session, RoundOf(number, at))
        for poll in read_polls(session, meeting):
            _ = poll.tally, poll.reasons
        ballot = read_polling(session, organisation, meeting, None).ballot
        results(ballot, [vote.matter for votes in (ballot.votes or {}).values() for vote in votes])
