"""What can be done while a session runs: by whom, when, and what it makes of the meeting.

Whoever leads steers; everybody invited takes part; a guest follows. Each function takes a meeting and
returns what it then is. Going to another item loses nothing: its outcome and its time stay with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from planner.domain.errors import InvalidInput, NotFound, NotNow, Problem
from planner.domain.meeting.model import AgendaItem, Attendance, ItemKind, Meeting, MeetingState

if TYPE_CHECKING:
    from datetime import datetime

    from planner.domain.meeting.model import ItemId

ADDED_AT_ONCE = (1, 2, 5)
"""Minutes that are offered; whoever leads chooses each time."""
ADDED_MOST = 24 * 60
TALK_MINUTES = 5
"""What something of the consent list is given at least, once somebody wants to talk about it."""


class MeetingAct(StrEnum):
    """What can be done. The value stands in addresses and in the history."""

    START = "start"
    TURN = "turn"
    ADD_TIME = "add-time"
    PARK = "park"
    DEFER = "defer"
    DECIDE = "decide"
    AGREE = "agree"
    TALK = "talk"
    CALL_VOTE = "call-vote"
    VOTE = "vote"
    REVEAL = "reveal"
    HAND_OVER = "hand-over"
    TAKE_OVER = "take-over"
    ARRIVE = "arrive"
    LEAVE = "leave"
    INVITE_GUESTS = "invite-guests"
    CLOSE = "close"
    OPEN_AGAIN = "open-again"


class Role(StrEnum):
    """What somebody is to a meeting; whoever leads it is mostly invited as well."""

    FACILITATOR = "facilitator"
    INVITED = "invited"
    GUEST = "guest"
    OTHER = "other"


def roles_of(meeting: Meeting, person: str) -> frozenset[Role]:
    """Return what the person of this key is to the meeting; "" is nobody."""
    found = {
        Role.FACILITATOR: bool(person) and person == meeting.facilitator,
        Role.INVITED: person in meeting.invited,
    }
    return frozenset(role for role, holds in found.items() if holds) or frozenset({Role.OTHER})


def refused_to(act: MeetingAct, roles: Collection[Role]) -> str:
    """Return the sentence that refuses this act to somebody with these roles, "" where they may."""
    rule = RULES[act]
    return rule.refusal if rule.roles.isdisjoint(roles) else ""


def why_not(meeting: Meeting, act: MeetingAct, roles: Collection[Role]) -> str:
    """Return the sentence that refuses this act as things stand, "" when it is possible."""
    refusal = refused_to(act, roles)
    if refusal:
        return refusal
    if meeting.state not in RULES[act].states:
        return _STATE_SAYS[meeting.state]
    return GUARDS[act](meeting) if act in GUARDS else ""


def possible_acts(meeting: Meeting, roles: Collection[Role]) -> frozenset[MeetingAct]:
    """Return what somebody with these roles can do now."""
    return frozenset(act for act in MeetingAct if not why_not(meeting, act, roles))


def has_vote(meeting: Meeting, person: str, *, is_concerned: bool) -> bool:
    """Return whether somebody has a vote: everybody invited, whoever leads only where it concerns them."""
    return person in meeting.invited and (person != meeting.facilitator or is_concerned)


def start(meeting: Meeting, now: datetime) -> Meeting:
    """Begin with the first item that is open, or the first of all."""
    first = next((one.id for one in meeting.items if one.outcome is None), None)
    first = first or next((one.id for one in meeting.items), None)
    return replace(
        meeting,
        state=MeetingState.RUNNING,
        started_at=meeting.started_at or now,
        current=first,
        turned_at=now if first is not None else None,
    )


def turn_to(meeting: Meeting, item_id: ItemId, now: datetime) -> Meeting:
    """Go to an item, forward or back; the one that was on keeps the time it took. Raises NotFound."""
    existing(meeting, item_id)
    if item_id == meeting.current:
        return meeting
    return replace(_stopped(meeting, now), current=item_id, turned_at=now)


def add_time(meeting: Meeting, minutes: int) -> Meeting:
    """Give the item that is on more time. Raises InvalidInput for what is not offered, and beyond a day."""
    item = meeting.on_now
    if item is None:
        return meeting
    if minutes not in ADDED_AT_ONCE:
        raise InvalidInput(Problem("minutes", f"cannot be {minutes}; add 1, 2 or 5 at a time"))
    if minutes > ADDED_MOST - item.added:
        raise InvalidInput(Problem("minutes", "is more than a day; a new session is kinder"))
    return _with(meeting, replace(item, added=item.added + minutes))


def at_once(meeting: Meeting) -> tuple[AgendaItem, ...]:
    """Return what is still open of the consent list."""
    return tuple(one for one in meeting.items if one.kind is ItemKind.CONSENT and one.outcome is None)


def talk_about(meeting: Meeting, item_id: ItemId) -> Meeting:
    """Take an item from the consent list, because somebody objects to agreeing to it at once.

    Raises NotFound, and NotNow where it has ended already.
    """
    item = existing(meeting, item_id)
    if item.outcome is not None:
        raise NotNow("This has ended already. Undo that first, or write another decision.")
    if item.kind is ItemKind.TALK:
        return meeting
    return _with(meeting, replace(item, kind=ItemKind.TALK, minutes=max(item.minutes, TALK_MINUTES)))


def close(meeting: Meeting, now: datetime) -> Meeting:
    """End the meeting; whoever is there has left with it."""
    gone = tuple(replace(one, left=now) if one.is_there else one for one in meeting.attendance)
    return replace(
        _stopped(meeting, now),
        state=MeetingState.CLOSED,
        current=None,
        turned_at=None,
        closed_at=now,
        attendance=gone,
    )


def open_again(meeting: Meeting) -> Meeting:
    """Go on with a meeting that was closed, at no item yet."""
    return replace(meeting, state=MeetingState.RUNNING, closed_at=None)


def hand_over(meeting: Meeting, person: str) -> Meeting:
    """Let somebody else lead. Raises InvalidInput for whoever is not invited."""
    if person not in meeting.invited:
        raise InvalidInput(Problem("person", "is not invited to this session; choose somebody who is"))
    return replace(meeting, facilitator=person)


def arrive(meeting: Meeting, person: str, now: datetime) -> Meeting:
    """Note that somebody came, or came back; who is there already stays since when they came."""
    if not person:
        return meeting
    before = next((one for one in meeting.attendance if one.person == person), None)
    if before is None:
        return replace(meeting, attendance=(*meeting.attendance, Attendance(0, person, "", now)))
    back = replace(before, left=None)
    return replace(meeting, attendance=tuple(back if one is before else one for one in meeting.attendance))


def leave(meeting: Meeting, person: str, now: datetime) -> Meeting:
    """Note that somebody left."""
    gone = tuple(
        replace(one, left=now) if one.person == person and one.is_there else one for one in meeting.attendance
    )
    return replace(meeting, attendance=gone)


def next_item(meeting: Meeting) -> AgendaItem | None:
    """Return the item after the one that is on that is still open, from the top again at the end."""
    ids = [one.id for one in meeting.items]
    at = ids.index(meeting.current) + 1 if meeting.current in ids else 0
    following = (*meeting.items[at:], *meeting.items[:at])
    return next((one for one in following if one.outcome is None and one.id != meeting.current), None)


def existing(meeting: Meeting, item_id: ItemId) -> AgendaItem:
    """Return the item of this number. Raises NotFound."""
    item = meeting.item.get(item_id)
    if item is None:
        raise NotFound("That item is not on the agenda of this session any more. Reload the page.")
    return item


def is_there(meeting: Meeting, person: str) -> bool:
    """Return whether somebody is in the meeting now."""
    return any(one.person == person and one.is_there for one in meeting.attendance)


def _stopped(meeting: Meeting, now: datetime) -> Meeting:
    """The meeting with the time of the item that is on written down, to the second."""
    item = meeting.on_now
    if item is None:
        return meeting
    used = timedelta(seconds=int(meeting.used_by(item, now).total_seconds()))
    return _with(meeting, replace(item, used=used))


def _with(meeting: Meeting, item: AgendaItem) -> Meeting:
    return replace(meeting, items=tuple(item if one.id == item.id else one for one in meeting.items))


def _something_is_on(meeting: Meeting) -> str:
    return "" if meeting.on_now is not None else "No item is on. Choose one from the agenda first."


def _something_is_at_once(meeting: Meeting) -> str:
    return "" if at_once(meeting) else "Nothing is left that could be agreed at once."


def _nobody_leads(meeting: Meeting) -> str:
    if is_there(meeting, meeting.facilitator):
        return "Whoever leads is there. They can hand over to you."
    return ""


@dataclass(frozen=True, slots=True)
class _Rule:
    states: frozenset[MeetingState]
    roles: frozenset[Role]
    refusal: str


_S = MeetingState
_LEADS = "Only whoever leads this session can do this. Ask them, or let them hand over."
_COMES = "Only the people who are invited to this session can do this."
_VOTES = "Only the people who are invited to this session have a vote."
_LEADER = frozenset({Role.FACILITATOR})
_INVITED = frozenset({Role.FACILITATOR, Role.INVITED})
_RUNNING = frozenset({_S.RUNNING})
_NOT_OVER = frozenset({_S.PLANNED, _S.RUNNING})
RULES: Mapping[MeetingAct, _Rule] = {
    MeetingAct.START: _Rule(frozenset({_S.PLANNED}), _LEADER, _LEADS),
    MeetingAct.TURN: _Rule(_RUNNING, _LEADER, _LEADS),
    MeetingAct.ADD_TIME: _Rule(_RUNNING, _LEADER, _LEADS),
    MeetingAct.PARK: _Rule(_RUNNING, _LEADER, _LEADS),
    MeetingAct.DEFER: _Rule(_RUNNING, _LEADER, _LEADS),
    MeetingAct.DECIDE: _Rule(_NOT_OVER, _INVITED, _COMES),
    MeetingAct.AGREE: _Rule(_RUNNING, _LEADER, _LEADS),
    MeetingAct.TALK: _Rule(_NOT_OVER, _INVITED, _COMES),
    MeetingAct.CALL_VOTE: _Rule(_RUNNING, _LEADER, _LEADS),
    MeetingAct.VOTE: _Rule(_RUNNING, _INVITED, _VOTES),
    MeetingAct.REVEAL: _Rule(_RUNNING, _LEADER, _LEADS),
    MeetingAct.HAND_OVER: _Rule(_NOT_OVER, _LEADER, _LEADS),
    MeetingAct.TAKE_OVER: _Rule(_NOT_OVER, frozenset({Role.INVITED}), _COMES),
    MeetingAct.ARRIVE: _Rule(_NOT_OVER, _INVITED, _COMES),
    MeetingAct.LEAVE: _Rule(_NOT_OVER, _INVITED, _COMES),
    MeetingAct.INVITE_GUESTS: _Rule(_NOT_OVER, _LEADER, _LEADS),
    MeetingAct.CLOSE: _Rule(_RUNNING, _LEADER, _LEADS),
    MeetingAct.OPEN_AGAIN: _Rule(frozenset({_S.CLOSED}), _LEADER, _LEADS),
}
GUARDS: Mapping[MeetingAct, Callable[[Meeting], str]] = {
    MeetingAct.ADD_TIME: _something_is_on,
    MeetingAct.AGREE: _something_is_at_once,
    MeetingAct.TAKE_OVER: _nobody_leads,
}
_STATE_SAYS: Mapping[MeetingState, str] = {
    _S.PLANNED: "This session has not begun. Whoever leads it starts it.",
    _S.RUNNING: "This session is running already.",
    _S.CLOSED: "This session is over, so nothing was changed. Whoever leads it can open it again.",
}
