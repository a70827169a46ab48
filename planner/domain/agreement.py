"""Agreeing on a plan: who is asked, what they may do when, and what is missing until it is tried.

Hosts decide for the teams whose sessions a plan replaces; attendees sit in its sessions. Sharing, answering
and adopting are acts of people: nothing here happens because time has passed, but that an unanswered
proposal expires.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from planner.domain.consolidation.explain import listed
from planner.domain.model import PersonId

OPEN_FOR = timedelta(days=14)
"""How long a shared plan waits for answers; from the design of the lifecycle."""
CADENCES_OF_A_TRIAL = 2
NAMED_MOST = 12
NOT_YET = "Something is missing until this plan can be tried."
"""Why a plan cannot be adopted; `missing` says what it is."""


class ProposalState(StrEnum):
    """Where a proposal stands. EXPIRED is derived, never kept: what is shared for too long."""

    SHARED = "shared"
    TRIAL = "trial"
    KEPT = "kept"
    REVERTED = "reverted"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Stance(StrEnum):
    """What somebody says to a plan."""

    FINE = "fine"
    FINE_IF = "fine-if"
    OBJECT = "object"

    @property
    def needs_words(self) -> bool:
        """True for what says nothing without a condition or a reason."""
        return self is not Stance.FINE


class ProposalAct(StrEnum):
    """What can be done to a proposal. REPLACE: a newer one of the same question takes its place."""

    ANSWER = "answer"
    ADOPT = "adopt"
    WITHDRAW = "withdraw"
    KEEP = "keep"
    REVERT = "revert"
    REPLACE = "replace"


class Role(StrEnum):
    """What somebody is to a proposal; one person can be several."""

    SHARER = "sharer"
    HOST = "host"
    ATTENDEE = "attendee"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Standing:
    """All that decides about a proposal. `hosts` and `attendees` are those who are recorded now.

    broken: why its sessions cannot be held as they were proposed, a sentence each.
    """

    state: ProposalState
    shared_on: date
    hosts: frozenset[PersonId] = frozenset()
    attendees: frozenset[PersonId] = frozenset()
    sharer: PersonId | None = None
    stances: Mapping[PersonId, Stance] = field(default_factory=dict)
    trial_until: date | None = None
    broken: tuple[str, ...] = ()

    @property
    def asked(self) -> frozenset[PersonId]:
        """Everybody whose answer is asked for."""
        return self.hosts | self.attendees

    @property
    def objecting(self) -> frozenset[PersonId]:
        return frozenset(p for p in self.asked if self.stances.get(p) is Stance.OBJECT)

    @property
    def hosts_waited_for(self) -> frozenset[PersonId]:
        """Hosts who are not fine: silent, on a condition, or against it."""
        return frozenset(p for p in self.hosts if self.stances.get(p) is not Stance.FINE)


def state_on(standing: Standing, today: date) -> ProposalState:
    """Return the state as people read it: what is shared for more than fourteen days has expired."""
    is_old = today > standing.shared_on + OPEN_FOR
    return ProposalState.EXPIRED if standing.state is ProposalState.SHARED and is_old else standing.state


def trial_end(adopted_on: date, cadence_days: int) -> date:
    """Return the last day of a trial: two cadences after its adoption."""
    return adopted_on + timedelta(days=CADENCES_OF_A_TRIAL * cadence_days)


def roles_of(standing: Standing, person: PersonId | None) -> frozenset[Role]:
    """Return what this person is to the proposal; nobody in particular is OTHER."""
    found = {
        Role.SHARER: person is not None and person == standing.sharer,
        Role.HOST: person in standing.hosts,
        Role.ATTENDEE: person in standing.attendees,
    }
    return frozenset(role for role, holds in found.items() if holds) or frozenset({Role.OTHER})


def missing(standing: Standing, names: Mapping[PersonId, str]) -> tuple[str, ...]:
    """Return what is missing until the plan can be adopted, a sentence each; nothing when it can be."""
    silent = [p for p in standing.hosts_waited_for if p not in standing.stances]
    unsure = [p for p in standing.hosts_waited_for if standing.stances.get(p) is Stance.FINE_IF]
    found = [
        silent and f"No answer yet from {_listed(silent, names)}, {_who_decide(silent)}.",
        unsure and f"The condition of {_listed(unsure, names)} is open.",
        standing.objecting and f"There is an objection of {_listed(standing.objecting, names)}.",
    ]
    return (*(sentence for sentence in found if sentence), *standing.broken)


def why_not(standing: Standing, act: ProposalAct, roles: Collection[Role], today: date) -> str:
    """Return the sentence that refuses this act as things stand, "" when it is possible."""
    rule = RULES[act]
    state = state_on(standing, today)
    if rule.roles.isdisjoint(roles):
        return rule.refusal
    if state not in rule.states:
        return f"This proposal {STATE_SAYS[state]}, so that is not possible."
    return GUARDS.get(act, _nothing)(standing, today)


def possible_acts(standing: Standing, roles: Collection[Role], today: date) -> frozenset[ProposalAct]:
    """Return what somebody with these roles can do now."""
    return frozenset(act for act in ProposalAct if not why_not(standing, act, roles, today))


def waits_for(standing: Standing, person: PersonId, today: date) -> ProposalAct | None:
    """Return what a plan waits for from this person, None where it waits for nothing from them.

    Whoever is asked answers; where nothing is missing anybody it concerns may begin the trial, and where
    that is over end it.
    """
    possible = possible_acts(standing, roles_of(standing, person), today)
    is_asked = standing.state is ProposalState.SHARED and ProposalAct.ANSWER in possible
    if is_asked and person not in standing.stances:
        return ProposalAct.ANSWER
    return next((act for act in (ProposalAct.ADOPT, ProposalAct.KEEP) if act in possible), None)


def state_after(act: ProposalAct, before: ProposalState) -> ProposalState:
    """Return the state to which an act that is possible leads."""
    return _LEADS_TO.get(act, before)


@dataclass(frozen=True, slots=True)
class _Rule:
    states: frozenset[ProposalState]
    roles: frozenset[Role]
    refusal: str


def _listed(people: Collection[PersonId], names: Mapping[PersonId, str]) -> str:
    found = sorted(names.get(person, "somebody") for person in people)
    return listed(found, at_most=NAMED_MOST)


def _who_decide(people: Collection[PersonId]) -> str:
    return f"who decide{'s' if len(people) == 1 else ''} for a session it replaces"


def _nothing(_standing: Standing, _today: date) -> str:
    return ""


def _all_fine(standing: Standing, _today: date) -> str:
    return NOT_YET if missing(standing, {}) else ""


def _by_consent(standing: Standing, today: date) -> str:
    if standing.trial_until is not None and today < standing.trial_until:
        return "The trial is not over yet. Until then the old sessions can be restored at any time."
    if standing.objecting:
        return "Somebody objects. Talk first; whoever objects can answer anew."
    return ""


_S, _R = ProposalState, Role
_THOSE_ASKED = frozenset({_R.HOST, _R.ATTENDEE})
_CONCERNED = _THOSE_ASKED | {_R.SHARER}
_NOT_ASKED = "Only the people in these sessions and those whose sessions they replace can do this."
_NOT_CONCERNED = "Only whoever shared this plan and the people it concerns can do this."
RULES: Mapping[ProposalAct, _Rule] = {
    ProposalAct.ANSWER: _Rule(frozenset({_S.SHARED, _S.TRIAL}), _THOSE_ASKED, _NOT_ASKED),
    ProposalAct.ADOPT: _Rule(frozenset({_S.SHARED}), _CONCERNED, _NOT_CONCERNED),
    ProposalAct.WITHDRAW: _Rule(
        frozenset({_S.SHARED}), frozenset({_R.SHARER}), "Only whoever shared this plan can withdraw it."
    ),
    ProposalAct.KEEP: _Rule(frozenset({_S.TRIAL}), _THOSE_ASKED, _NOT_ASKED),
    ProposalAct.REVERT: _Rule(frozenset({_S.TRIAL, _S.KEPT}), _THOSE_ASKED, _NOT_ASKED),
    ProposalAct.REPLACE: _Rule(frozenset({_S.SHARED, _S.TRIAL, _S.KEPT}), frozenset(Role), ""),
}
GUARDS: Mapping[ProposalAct, Callable[[Standing, date], str]] = {
    ProposalAct.ADOPT: _all_fine,
    ProposalAct.KEEP: _by_consent,
}
_LEADS_TO = {
    ProposalAct.ADOPT: _S.TRIAL,
    ProposalAct.WITHDRAW: _S.WITHDRAWN,
    ProposalAct.KEEP: _S.KEPT,
    ProposalAct.REVERT: _S.REVERTED,
    ProposalAct.REPLACE: _S.REVISED,
}
STATE_SAYS: Mapping[ProposalState, str] = {
    _S.SHARED: "waits for answers",
    _S.TRIAL: "is being tried",
    _S.KEPT: "was kept after its trial",
    _S.REVERTED: "was given up, and the old sessions are back",
    _S.REVISED: "was replaced by a newer one",
    _S.WITHDRAWN: "was withdrawn",
    _S.EXPIRED: "has expired after fourteen days",
}
