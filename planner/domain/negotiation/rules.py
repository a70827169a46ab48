"""Which act is possible from which state, for which side, and what must hold beside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.errors import NotNow
from planner.domain.model import Dependency, DependencyState, Side
from planner.domain.negotiation import effects
from planner.domain.negotiation.acts import Act, Move, Turn
from planner.domain.negotiation.waiting import may_be_reminded

if TYPE_CHECKING:
    from datetime import date

Effect = Callable[[Dependency, Move, Turn], Dependency]
Test = Callable[[Dependency, Turn], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states an act is possible, for which side, and what it does."""

    states: frozenset[DependencyState]
    sides: frozenset[Side]
    effect: Effect


@dataclass(frozen=True, slots=True)
class Guard:
    """What must hold beside the state, and what is said where it does not."""

    holds: Test
    refusal: str


def perform(dependency: Dependency, move: Move, turn: Turn) -> Dependency:
    """Return the dependency after the move; the only way from one state to the next.

    Raises NotNow when the act is not possible as things stand or not this side's, InvalidInput for
    what is missing or impossible in the move, each problem beside its field.
    """
    refusal = why_not(dependency, move.act, turn)
    if refusal:
        raise NotNow(refusal)
    return RULES[move.act].effect(dependency, move, turn)


def why_not(dependency: Dependency, act: Act, turn: Turn) -> str:
    """Return the sentence that refuses this act to this side now, "" when it is possible."""
    rule = RULES[act]
    if turn.side not in rule.sides:
        return f"Only the team that {_OTHER_DOES[turn.side]} can do this."
    if dependency.state not in rule.states:
        return f"This is {STATE_NAMES[dependency.state]} now, so that is not possible."
    failed = (g.refusal for g in GUARDS.get(act, ()) if not g.holds(dependency, turn))
    return next(failed, "")


def possible_acts(dependency: Dependency, sides: Collection[Side], today: date) -> dict[Act, Side]:
    """Return what somebody who speaks for these sides may do now, and for which of them."""
    return {
        act: side
        for act in Act
        for side in Side
        if side in sides and not why_not(dependency, act, Turn(side, today))
    }


def side_for(dependency: Dependency, act: Act, sides: Collection[Side], today: date) -> Side:
    """Return the side for which somebody acts who speaks for these; where none can, one that could."""
    possible = possible_acts(dependency, sides, today)
    allowed = RULES[act].sides
    return possible.get(act) or next((s for s in Side if s in sides and s in allowed), min(allowed))


def _other_proposed(dependency: Dependency, turn: Turn) -> bool:
    return turn.side is not effects.proposer(dependency)


def _proposed_oneself(dependency: Dependency, turn: Turn) -> bool:
    return turn.side is effects.proposer(dependency)


def _can_still_be_met(dependency: Dependency, turn: Turn) -> bool:
    return dependency.needed_by is None or dependency.needed_by >= turn.today


def _offer_is_ahead(dependency: Dependency, turn: Turn) -> bool:
    if dependency.negotiation.proposed_provider_id is not None:
        return True  # the offer is another team, which is asked anew
    offered = dependency.promised_for or dependency.needed_by
    return offered is None or offered >= turn.today


def _proposal_is_ahead(dependency: Dependency, turn: Turn) -> bool:
    proposed = dependency.negotiation.proposed_for
    return proposed is None or proposed >= turn.today


def _was_heard(dependency: Dependency, _turn: Turn) -> bool:
    return bool(dependency.negotiation.heard)


def _may_remind(dependency: Dependency, turn: Turn) -> bool:
    return may_be_reminded(dependency, turn.today)


def _rule(states: Collection[DependencyState], sides: Collection[Side], effect: Effect) -> Rule:
    return Rule(frozenset(states), frozenset(sides), effect)


_C, _P = {Side.CONSUMER}, {Side.PROVIDER}
_BOTH = _C | _P
_S = DependencyState
RULES: Mapping[Act, Rule] = {
    Act.ACCEPT: _rule({_S.ASKED}, _P, effects.accept),
    Act.COUNTER: _rule({_S.ASKED}, _P, effects.counter),
    Act.DECLINE: _rule({_S.ASKED}, _P, effects.decline),
    Act.ACCEPT_COUNTER: _rule({_S.COUNTERED}, _C, effects.accept_counter),
    Act.ASK_AGAIN: _rule({_S.COUNTERED, _S.DECLINED}, _C, effects.ask_again),
    Act.REWORD: _rule({_S.ASKED}, _C, effects.reword),
    Act.MESSAGE: _rule({_S.ASKED}, _BOTH, effects.message),
    Act.REOPEN: _rule({_S.AGREED}, _BOTH, effects.reopen),
    Act.AGREE_CHANGE: _rule({_S.REOPENED}, _BOTH, effects.agree_change),
    Act.REFUSE_CHANGE: _rule({_S.REOPENED}, _BOTH, effects.keep_old),
    Act.TAKE_BACK: _rule({_S.REOPENED}, _BOTH, effects.keep_old),
    Act.DELIVER: _rule({_S.AGREED}, _P, effects.deliver),
    Act.CONFIRM: _rule({_S.DELIVERED}, _C, effects.confirm),
    Act.RETURN: _rule({_S.DELIVERED}, _C, effects.hand_back),
    Act.WITHDRAW: _rule({_S.ASKED, _S.COUNTERED, _S.DECLINED, _S.AGREED, _S.REOPENED}, _C, effects.withdraw),
    Act.HEARD: _rule({_S.COUNTERED, _S.DECLINED}, _C, effects.answer_heard),
    Act.REMIND: _rule({_S.ASKED}, _C, effects.remind),
}
GUARDS: Mapping[Act, tuple[Guard, ...]] = {
    Act.ACCEPT: (
        Guard(_can_still_be_met, "The date it is needed has passed. Offer another date, or decline."),
    ),
    Act.ACCEPT_COUNTER: (Guard(_offer_is_ahead, "The offered date has passed. Ask again with another one."),),
    Act.AGREE_CHANGE: (
        Guard(_other_proposed, "Whoever proposed a change waits for the other side's answer."),
        Guard(_proposal_is_ahead, "The proposed date has passed. Keep what was agreed, and propose another."),
    ),
    Act.REFUSE_CHANGE: (
        Guard(_other_proposed, "Whoever proposed a change can take it back, but not refuse it."),
    ),
    Act.TAKE_BACK: (Guard(_proposed_oneself, "Only the side that proposed the change can take it back."),),
    Act.HEARD: (Guard(_was_heard, "The other side has not said what it heard."),),
    Act.REMIND: (
        Guard(_may_remind, "A reminder is possible after five working days, and then every second one."),
    ),
}
STATE_NAMES: Mapping[DependencyState, str] = {
    _S.ASKED: "asked",
    _S.COUNTERED: "answered with another offer",
    _S.AGREED: "agreed",
    _S.REOPENED: "open again",
    _S.DELIVERED: "handed over",
    _S.CONFIRMED: "confirmed",
    _S.DECLINED: "declined",
    _S.WITHDRAWN: "withdrawn",
}
_OTHER_DOES = {Side.CONSUMER: "gives it", Side.PROVIDER: "needs it"}
