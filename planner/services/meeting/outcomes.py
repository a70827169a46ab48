"""What becomes of an item: decided, parked or deferred. A decision and its dependency change together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from planner.domain.errors import InvalidInput, NotFound, Problem, StaleVersion
from planner.domain.meeting import acts, deciding
from planner.domain.meeting.acts import MeetingAct
from planner.domain.meeting.model import Outcome, OutcomeKind
from planner.domain.meeting.rounds import RoundOf
from planner.domain.text import SENTENCE_LONGEST, clean
from planner.domain.transfer import DependencyDraft
from planner.services import negotiations
from planner.services.changes import SOMEBODY_ELSE, asked_before, in_turn, recorded
from planner.services.dependencies import add_beside
from planner.services.meeting.live import keep_meeting, note_presence, read_allowed
from planner.services.meeting.meetings import meeting_row, read_meeting
from planner.services.organisation import read_organisation
from planner.storage.models import AgendaItemRow, DependencyRow, OutcomeRow, PersonRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from planner.domain.meeting.deciding import Decision
    from planner.domain.meeting.model import AgendaItem, ItemId
    from planner.domain.meeting.rounds import SessionOrRound
    from planner.services.actor import Actor
    from planner.services.meeting.live import Allowed
    from planner.services.negotiations import Prepared
    from planner.storage.audit import OpenChange

WORDS_LONGEST = 1000
NO_OUTCOME = 0
"""The version of an outcome that is not there yet."""
NOBODY_OBJECTED = "Agreed at once: nobody objected."
CALLED_HERE = {"text": "reason", "what": "first"}
"""How a decision calls what an act on its dependency is told."""
NAMED = 3
"""Items that the history names of what was agreed at once."""


@in_turn
def decide(
    session: Session,
    actor: Actor,
    which: SessionOrRound,
    item_id: ItemId,
    decision: Decision,
    *,
    version: int,
    dependency_version: int | None,
    key: str | None,
) -> OpenChange:
    """Write a decision down and do what it says to the dependency, both or neither.

    version: that of the outcome which was looked at, NO_OUTCOME where there was none. Raises NotFound,
    NotAllowed to who is not invited or does not decide for that side, NotNow, InvalidInput, StaleVersion.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    allowed = read_allowed(session, actor, which, MeetingAct.DECIDE)
    item = acts.existing(allowed.meeting, item_id)
    decision = _checked(session, decision, allowed.person)
    prepared = _prepared(session, actor, item, decision, version=dependency_version)
    said = "" if prepared is None else prepared.summary
    after = None if prepared is None else prepared.after
    outcome = deciding.outcome_of(decision, after, said)
    is_named = f"“{item.title}”" in outcome.text
    summary = outcome.text if is_named else f"Decided on “{item.title}”: {outcome.text}"
    with recorded(session, actor, f"meeting:{MeetingAct.DECIDE}", summary, key=key) as change:
        if prepared is not None:
            negotiations.keep(session, actor, prepared)
            if decision.rest:
                add_beside(session, actor, _rest(prepared, decision))
        session.flush()
        _keep(session, actor, allowed, item_id, outcome, version=version)
    return change


@in_turn
def agree_at_once(session: Session, actor: Actor, which: SessionOrRound, *, key: str | None) -> OpenChange:
    """Agree to all that is left of the consent list, and go on with what is talked about.

    What somebody has objected to by then is not among it. Raises NotFound, NotAllowed to who does not lead,
    NotNow where nothing is left.
    """
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    allowed = read_allowed(session, actor, which, MeetingAct.AGREE)
    agreed = acts.at_once(allowed.meeting)
    named = ", ".join(f"“{one.title}”" for one in agreed[:NAMED])
    more = f" and {len(agreed) - NAMED} more" if len(agreed) > NAMED else ""
    summary = f"Agreed at once: {named}{more}"
    with recorded(session, actor, f"meeting:{MeetingAct.AGREE}", summary, key=key) as change:
        row = meeting_row(session, allowed.shared, allowed.meeting.round)
        note_presence(session, actor, row, allowed.person)
        for one in agreed:
            # whoever objects at this moment meets this version, and neither is lost
            flag_modified(session.get_one(AgendaItemRow, one.id), "kind")
            session.add(_written(OutcomeRow(item_id=one.id), Outcome(OutcomeKind.DECIDED, NOBODY_OBJECTED)))
        session.flush()
        meeting = read_meeting(session, RoundOf(row.session_id, row.round))
        following = acts.next_item(meeting)
        if following is not None and meeting.current in {one.id for one in agreed}:
            keep_meeting(session, row, meeting, acts.turn_to(meeting, following.id, actor.at))
    return change


@in_turn
def set_aside(
    session: Session,
    actor: Actor,
    which: SessionOrRound,
    item_id: ItemId,
    kind: OutcomeKind,
    *,
    text: str,
    deferred_to: str,
    version: int,
    key: str | None,
) -> OpenChange:
    """Park an item, or defer it to somewhere. Raises as `decide` does, NotAllowed to who does not lead."""
    again = asked_before(session, actor, key)
    if again is not None:
        return again
    act = MeetingAct.PARK if kind is OutcomeKind.PARKED else MeetingAct.DEFER
    allowed = read_allowed(session, actor, which, act)
    item = acts.existing(allowed.meeting, item_id)
    outcome = deciding.set_aside(
        item,
        kind,
        text=clean(text, where="text", longest=WORDS_LONGEST, required=False),
        deferred_to=clean(deferred_to, where="deferred_to", longest=SENTENCE_LONGEST, required=False),
    )
    to = f", to {outcome.deferred_to}" if outcome.deferred_to else ""
    summary = f"{'Parked' if kind is OutcomeKind.PARKED else 'Deferred'} “{item.title}”{to}"
    with recorded(session, actor, f"meeting:{act}", summary, key=key) as change:
        _keep(session, actor, allowed, item_id, outcome, version=version)
    return change


def read_versions(session: Session, item_id: int) -> int:
    """Return the version of an item's outcome, NO_OUTCOME where it has none."""
    return session.scalar(select(OutcomeRow.version).where(OutcomeRow.item_id == item_id)) or NO_OUTCOME


def _checked(session: Session, decision: Decision, who: str) -> Decision:
    """The decision, its words cleaned and its people looked up; whoever writes decides, if nobody else."""
    return replace(
        decision,
        text=clean(decision.text, where="text", longest=WORDS_LONGEST, required=False),
        first=clean(decision.first, where="first", longest=SENTENCE_LONGEST, required=False),
        rest=clean(decision.rest, where="rest", longest=SENTENCE_LONGEST, required=False),
        decider=_person(session, decision.decider, "decider") or who,
        idea_from=_person(session, decision.idea_from, "idea_from"),
        consulted=_people(session, decision.consulted),
    )


def _person(session: Session, key: str, where: str) -> str:
    if key and session.scalar(select(PersonRow.id).where(PersonRow.key == key)) is None:
        raise InvalidInput(Problem(where, "is not recorded any more; choose somebody else"))
    return key


def _people(session: Session, keys: Iterable[str]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(filter(None, keys)))
    known = set(session.scalars(select(PersonRow.key).where(PersonRow.key.in_(wanted))))
    if set(wanted) - known:
        raise InvalidInput(Problem("consulted", "names somebody who is not recorded any more"))
    return wanted


def _prepared(
    session: Session, actor: Actor, item: AgendaItem, decision: Decision, *, version: int | None
) -> Prepared | None:
    """What the decision does to the dependency; None for words alone."""
    deciding.kind_of(decision)
    if decision.move is None and not decision.rest:
        return None
    number = session.scalar(select(DependencyRow.id).where(DependencyRow.key == (item.dependency or "")))
    if number is None:
        raise NotFound("What this item is about is not recorded any more. Write the decision in words.")
    move = decision.move
    if decision.rest:
        dependency = next(d for d in read_organisation(session).dependencies if d.id == number)
        possible = negotiations.acts_of(actor, dependency, actor.today)
        move = deciding.splitting(decision, possible)
    assert move is not None  # noqa: S101 - one of the two above
    try:
        return negotiations.prepare(session, actor, number, move, version=version)
    except InvalidInput as error:
        named = (replace(one, where=CALLED_HERE.get(one.where, one.where)) for one in error.problems)
        raise InvalidInput(*named) from error


def _rest(prepared: Prepared, decision: Decision) -> DependencyDraft:
    """The other part of what is split, asked for by itself by the same team of the same one."""
    team, before = prepared.organisation.team, prepared.before
    return DependencyDraft(
        "",
        team[before.consumer_id].key,
        team[before.provider_id].key,
        decision.rest,
        needed_by=decision.rest_by,
    )


def _keep(
    session: Session, actor: Actor, allowed: Allowed, item_id: ItemId, outcome: Outcome, *, version: int
) -> None:
    meeting = meeting_row(session, allowed.shared, allowed.meeting.round)
    note_presence(session, actor, meeting, allowed.person)
    row = session.scalar(select(OutcomeRow).where(OutcomeRow.item_id == item_id))
    if version != (NO_OUTCOME if row is None else row.version):
        raise StaleVersion(SOMEBODY_ELSE)
    if row is None:
        session.get_one(AgendaItemRow, item_id)
        row = OutcomeRow(item_id=item_id)
        session.add(row)
    _written(row, outcome)


def _written(row: OutcomeRow, outcome: Outcome) -> OutcomeRow:
    """The row with what an outcome says."""
    row.kind, row.text, row.decider = outcome.kind.value, outcome.text, outcome.decider
    row.consulted, row.idea_from = list(outcome.consulted), outcome.idea_from
    row.review_on, row.agreed_for = outcome.review_on, outcome.agreed_for
    row.deferred_to = outcome.deferred_to
    return row
