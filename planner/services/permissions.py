"""The table of rights. A new right is a line here and a line in its test."""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import Enum

from planner.domain.errors import NotAllowed
from planner.services.actor import Actor

Ids = Collection[int]


def _anyone(_actor: Actor, _ids: Ids) -> bool:
    return True


def _member(actor: Actor, team_ids: Ids) -> bool:
    """A team that nobody belongs to yet is passed as no ids, and is open to all."""
    return not team_ids or not actor.member_of.isdisjoint(team_ids)


def _product_owner(actor: Actor, team_ids: Ids) -> bool:
    return not actor.decides_for.isdisjoint(team_ids)


def _any_product_owner(actor: Actor, _ids: Ids) -> bool:
    return bool(actor.decides_for)


def _any_product_owner_or_administrator(actor: Actor, _ids: Ids) -> bool:
    return actor.administers or bool(actor.decides_for)


def _administrator(actor: Actor, _ids: Ids) -> bool:
    return actor.administers


def _member_or_administrator(actor: Actor, team_ids: Ids) -> bool:
    return actor.administers or _member(actor, team_ids)


def _oneself_or_administrator(actor: Actor, person_ids: Ids) -> bool:
    return actor.administers or actor.person_id in person_ids


def _oneself(actor: Actor, person_ids: Ids) -> bool:
    return actor.person_id in person_ids


class Right(Enum):
    """What may be asked for: who has it, over which ids, and what everybody else is told."""

    RECORD = (_anyone, "Everybody may record this.")
    ARRANGE = (_anyone, "Everybody may change places, horizons and the rules.")
    REMOVE_EVERYTHING = (_any_product_owner, "Only a product owner can remove everything. Ask one.")
    MANAGE = (
        _any_product_owner_or_administrator,
        "Only a product owner can look after web hooks and mail. Ask one.",
    )
    CHANGE_TEAM = (_member, "Only people in this team can change it. Ask one of them.")
    CHANGE_GOAL = (_member, "Only people in the teams of this goal can change it. Ask one of them.")
    CHANGE_SESSION = (_member, "Only people in the team that holds this session can change it.")
    CHANGE_DEPENDENCY = (_member, "Only people in the two teams of this dependency can change it.")
    ANSWER_AS_PROVIDER = (
        _product_owner,
        "Only a product owner of the team that provides can set its date and its answer.",
    )
    ANSWER_AS_CONSUMER = (
        _product_owner,
        "Only a product owner of the team that needs it can confirm or withdraw it.",
    )
    CHANGE_PERSON = (
        _oneself_or_administrator,
        "Only the person or somebody in the same team can change this.",
    )
    INVITE = (_member_or_administrator, "Only people in this team and administrators can invite to it.")
    ADMINISTER = (_administrator, "Only an administrator can do this. Ask one.")
    REWORD = (_member, "Only people in the team that needs it can change what it asks for.")
    PROPOSE = (_anyone, "Everybody may propose a plan.")
    ANSWER_PROPOSAL = (
        _oneself,
        "Only the people in these sessions and those whose sessions they replace can do this.",
    )
    WITHDRAW_PROPOSAL = (_oneself, "Only whoever shared this plan can withdraw it.")
    ADOPT_PROPOSAL = (
        _oneself,
        "Only whoever shared this plan and the people it concerns can adopt it, and send its invitations.",
    )
    # Two, because leading is handed over for one round: RUN_MEETING is over whoever leads that round now, and
    # LEAD_SESSION over whoever leads the session itself with all its dates, which no round changes.
    LEAD_SESSION = (_oneself, "Only whoever leads this session can set its dates. Ask them.")
    RUN_MEETING = (_oneself, "Only whoever leads this session can do this. Ask them, or let them hand over.")
    TAKE_PART = (_oneself, "Only the people who are invited to this session can do this.")
    VOTE = (
        _oneself,
        "Only the people with a seat in this session vote before it; whoever leads it votes where they "
        "decide for a team on its agenda.",
    )
    LEAD_ITEM = (_oneself, "Only whoever leads this topic can do this. Ask them.")
    FEED = (_member, "Only people in this team can make a calendar address for it.")
    UNDO = (_oneself, "Only who made this change can take it back. Change it by hand instead.")

    def __init__(self, rule: Callable[[Actor, Ids], bool], refusal: str) -> None:
        self.rule = rule
        self.refusal = refusal


def may(actor: Actor, right: Right, ids: Ids = ()) -> bool:
    """Return whether the actor has the right over these teams or people."""
    return actor.is_operator or right.rule(actor, ids)


def require(actor: Actor, right: Right, ids: Ids = ()) -> None:
    """Raise NotAllowed with a sentence unless the actor has the right."""
    if not may(actor, right, ids):
        raise NotAllowed(right.refusal)
