"""Where a negotiation stands, as a sentence for both sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from planner.domain.model import DependencyState, Side
from planner.domain.negotiation.effects import proposer
from planner.domain.negotiation.waiting import days_late, is_unanswered
from planner.domain.negotiation.words import offer_in_words
from planner.domain.text import counted
from planner.web.filters import day

if TYPE_CHECKING:
    from datetime import date

    from planner.domain.model import Dependency, Organisation


def stands(organisation: Organisation, dependency: Dependency, today: date) -> str:
    """Return what is agreed, or who waits for whose answer."""
    consumer = organisation.team[dependency.consumer_id].name
    provider = organisation.team[dependency.provider_id].name
    sentence = _SENTENCES[dependency.state](organisation, dependency, consumer, provider)
    if is_unanswered(dependency, today):
        sentence = f"{sentence.removesuffix('.')} for more than five working days."
    if dependency.state is DependencyState.ASKED and not organisation.product_owners[dependency.provider_id]:
        sentence += f" {provider} has no product owner yet who could answer."
    return sentence


def _proposal(organisation: Organisation, dependency: Dependency) -> str:
    return offer_in_words(organisation, dependency, say=day) or "something else"


def _late(dependency: Dependency) -> str:
    late = days_late(dependency)
    return f", {counted(late, 'working day')} after it is needed" if late else ""


def _asked(_o: Organisation, dependency: Dependency, consumer: str, provider: str) -> str:
    asked = dependency.negotiation.asked_on
    since = f" on {day(asked)}" if asked else ""
    return f"{consumer} asked{since}; {provider} has not answered."


def _countered(organisation: Organisation, dependency: Dependency, consumer: str, provider: str) -> str:
    offered = _proposal(organisation, dependency)
    return f"{provider} offers {offered}{_late(dependency)}; {consumer} has not answered."


def _agreed(_o: Organisation, dependency: Dependency, _consumer: str, provider: str) -> str:
    if dependency.promised_for is None:
        return f"{provider} promised it, without a date."
    return f"{provider} promised it for {day(dependency.promised_for)}{_late(dependency)}."


def _reopened(organisation: Organisation, dependency: Dependency, consumer: str, provider: str) -> str:
    asks, answers = (consumer, provider) if proposer(dependency) is Side.CONSUMER else (provider, consumer)
    old = f"the promise for {day(dependency.promised_for)}" if dependency.promised_for else "the promise"
    offered = _proposal(organisation, dependency)
    return f"{asks} proposes {offered}; {old} stays in force until {answers} answers."


def _delivered(_o: Organisation, _dependency: Dependency, consumer: str, provider: str) -> str:
    return f"{provider} handed it over; {consumer} has not confirmed it yet."


def _confirmed(_o: Organisation, _dependency: Dependency, consumer: str, _provider: str) -> str:
    return f"{consumer} confirmed that it is done."


def _declined(_o: Organisation, _dependency: Dependency, _consumer: str, provider: str) -> str:
    return f"{provider} declined it."


def _withdrawn(_o: Organisation, _dependency: Dependency, consumer: str, _provider: str) -> str:
    return f"{consumer} does not need it any more."


_SENTENCES: Mapping[DependencyState, Callable[[Organisation, Dependency, str, str], str]] = {
    DependencyState.ASKED: _asked,
    DependencyState.COUNTERED: _countered,
    DependencyState.AGREED: _agreed,
    DependencyState.REOPENED: _reopened,
    DependencyState.DELIVERED: _delivered,
    DependencyState.CONFIRMED: _confirmed,
    DependencyState.DECLINED: _declined,
    DependencyState.WITHDRAWN: _withdrawn,
}
