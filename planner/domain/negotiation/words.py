"""What an act did, as one sentence for the history and for whoever it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.dates import show_day
from planner.domain.model import DependencyState
from planner.domain.negotiation.acts import Act
from planner.domain.negotiation.waiting import days_late
from planner.domain.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from planner.domain.model import Dependency, Organisation
    from planner.domain.negotiation.acts import Move


def in_words(organisation: Organisation, before: Dependency, after: Dependency, move: Move) -> str:
    """Return what happened without saying who did it: "Agreed to “Settlement file” for 2 March"."""
    sentence = _WORDS[move.act](organisation, before, after, move)
    return f"{sentence}. Heard: “{move.heard}”" if move.heard else sentence


def offer_in_words(
    organisation: Organisation, dependency: Dependency, *, say: Callable[[date], str] = show_day
) -> str:
    """Return what one side proposes and the other has not answered, "" for nothing; `say` writes a day."""
    said = dependency.negotiation
    is_counter = dependency.state is DependencyState.COUNTERED
    offered = dependency.promised_for if is_counter else said.proposed_for
    parts = [
        offered and say(offered),
        said.proposed_what and f"“{said.proposed_what}”",
        said.proposed_provider_id and f"from {organisation.team[said.proposed_provider_id].name}",
    ]
    return ", ".join(part for part in parts if part)


def _accepted(_o: Organisation, before: Dependency, after: Dependency, move: Move) -> str:
    day = f" for {show_day(after.promised_for)}" if after.promised_for else ""
    terms = f", if {' and '.join(move.conditions)}" if move.conditions else ""
    return f"Agreed to “{before.what}”{day}{terms}"


def _countered(organisation: Organisation, before: Dependency, after: Dependency, move: Move) -> str:
    late = days_late(after)
    later = f", {counted(late, 'working day')} after it is needed" if late else ""
    reason = f": {move.text}" if move.text else ""
    return f"Offered {offer_in_words(organisation, after)} for “{before.what}”{later}{reason}"


def _declined(_o: Organisation, before: Dependency, _after: Dependency, move: Move) -> str:
    return f"Declined “{before.what}”: {move.text}"


def _accepted_counter(organisation: Organisation, before: Dependency, after: Dependency, _move: Move) -> str:
    if after.provider_id != before.provider_id:
        return f"Asked {organisation.team[after.provider_id].name} for “{after.what}” instead"
    day = f" for {show_day(after.promised_for)}" if after.promised_for else ""
    return f"Took the offer for “{after.what}”{day}"


def _asked_again(organisation: Organisation, _before: Dependency, after: Dependency, _move: Move) -> str:
    day = f" by {show_day(after.needed_by)}" if after.needed_by else ""
    return f"Asked {organisation.team[after.provider_id].name} again for “{after.what}”{day}"


def _reworded(_o: Organisation, _before: Dependency, after: Dependency, _move: Move) -> str:
    return f"Changed what is asked for: “{after.what}”"


def _wrote(_o: Organisation, before: Dependency, _after: Dependency, move: Move) -> str:
    return f"Wrote about “{before.what}”: {move.text}"


def _reopened(organisation: Organisation, before: Dependency, after: Dependency, move: Move) -> str:
    old = f" instead of {show_day(before.promised_for)}" if before.promised_for else ""
    return f"Proposed {offer_in_words(organisation, after)}{old} for “{before.what}”: {move.text}"


def _agreed_change(_o: Organisation, before: Dependency, after: Dependency, _move: Move) -> str:
    asked, old = before.negotiation.proposed_on, before.promised_for
    in_time = ", asked in time" if asked and old and asked <= old else ""
    was = f" instead of {show_day(old)}{in_time}" if old and old != after.promised_for else ""
    day = f" for {show_day(after.promised_for)}" if after.promised_for else ""
    return f"Agreed to the change of “{after.what}”{day}{was}"


def _kept_old(_o: Organisation, before: Dependency, _after: Dependency, _move: Move) -> str:
    return f"Kept what was agreed for “{before.what}”"


def _took_back(_o: Organisation, before: Dependency, _after: Dependency, _move: Move) -> str:
    return f"Took back the proposal to change “{before.what}”"


def _delivered(_o: Organisation, before: Dependency, _after: Dependency, move: Move) -> str:
    return f"Handed over “{before.what}”" + (f": {move.text}" if move.text else "")


def _confirmed(_o: Organisation, before: Dependency, _after: Dependency, move: Move) -> str:
    return f"Confirmed “{before.what}”{_conditions(before, move)}"


def _conditions(before: Dependency, move: Move) -> str:
    """What the consumer says of the conditions of the promise; nothing where they were not asked."""
    if move.held is None:
        return ""
    held = [one for one in before.negotiation.conditions if one in move.held]
    open_ = [one for one in before.negotiation.conditions if one not in move.held]
    said = [("condition met", held), ("condition not met", open_)]
    return "".join(f"; {words}: {'; '.join(each)}" for words, each in said if each)


def _returned(_o: Organisation, before: Dependency, _after: Dependency, move: Move) -> str:
    return f"Returned “{before.what}”, not met yet: {'; '.join(move.unmet)}"


def _withdrew(_o: Organisation, before: Dependency, _after: Dependency, move: Move) -> str:
    return f"Withdrew “{before.what}”: {move.text}"


def _said_heard(_o: Organisation, before: Dependency, _after: Dependency, move: Move) -> str:
    answer = "is what was meant" if move.heard_right else "is not quite what was meant"
    return f"What was heard about “{before.what}” {answer}"


def _reminded(organisation: Organisation, before: Dependency, _after: Dependency, _move: Move) -> str:
    return f"Reminded {organisation.team[before.provider_id].name} of “{before.what}”"


_WORDS: Mapping[Act, Callable[[Organisation, Dependency, Dependency, Move], str]] = {
    Act.ACCEPT: _accepted,
    Act.COUNTER: _countered,
    Act.DECLINE: _declined,
    Act.ACCEPT_COUNTER: _accepted_counter,
    Act.ASK_AGAIN: _asked_again,
    Act.REWORD: _reworded,
    Act.MESSAGE: _wrote,
    Act.REOPEN: _reopened,
    Act.AGREE_CHANGE: _agreed_change,
    Act.REFUSE_CHANGE: _kept_old,
    Act.TAKE_BACK: _took_back,
    Act.DELIVER: _delivered,
    Act.CONFIRM: _confirmed,
    Act.RETURN: _returned,
    Act.WITHDRAW: _withdrew,
    Act.HEARD: _said_heard,
    Act.REMIND: _reminded,
}
