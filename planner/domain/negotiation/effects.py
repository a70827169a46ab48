"""What each act does to a dependency: one function an act, a dependency in, the changed one out.

Each raises InvalidInput for what is missing or impossible in the move, beside the field it belongs to.
Whether an act is possible at all is asked before, by the rules.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.errors import InvalidInput, Problem
from planner.domain.model import DependencyState, Negotiation, Side

if TYPE_CHECKING:
    from datetime import date

    from planner.domain.model import Dependency, TeamId
    from planner.domain.negotiation.acts import Move, Turn


def proposer(dependency: Dependency) -> Side:
    """Return who proposed what waits for an answer; the provider where nobody noted it."""
    return dependency.negotiation.proposed_by or Side.PROVIDER


def accept(dependency: Dependency, move: Move, turn: Turn) -> Dependency:
    day = move.day or dependency.needed_by
    if day is not None:
        _expect_ahead(day, turn.today)
    if day and dependency.needed_by and day > dependency.needed_by:
        raise InvalidInput(Problem("day", "is after the date it is needed; offer it as another date"))
    return _settled(dependency, state=DependencyState.AGREED, day=day, conditions=move.conditions)


def counter(dependency: Dependency, move: Move, turn: Turn) -> Dependency:
    if move.day is not None:
        _expect_ahead(move.day, turn.today)
    differs = (
        (move.day is not None and move.day != dependency.needed_by)
        or _is_other_scope(dependency, move)
        or _other_provider(dependency, move) is not None
    )
    if not differs:
        raise InvalidInput(Problem("day", "is what was asked for; give another date, scope or team"))
    return replace(
        dependency,
        state=DependencyState.COUNTERED,
        promised_for=move.day,
        negotiation=_proposal(dependency, move, turn),
    )


def decline(dependency: Dependency, move: Move, turn: Turn) -> Dependency:
    _expect_reason(move)
    said = replace(_proposal(dependency, move, turn), proposed_by=None, proposed_on=None)
    return replace(dependency, state=DependencyState.DECLINED, promised_for=None, negotiation=said)


def accept_counter(dependency: Dependency, move: Move, turn: Turn) -> Dependency:
    said = dependency.negotiation
    changed = replace(dependency, what=said.proposed_what or dependency.what)
    if said.proposed_provider_id is not None:
        # nobody on the new side has promised anything yet
        return _asked(replace(changed, provider_id=said.proposed_provider_id), turn.today)
    day = dependency.promised_for or dependency.needed_by
    return _settled(changed, state=DependencyState.AGREED, day=day, conditions=move.conditions)


def ask_again(dependency: Dependency, move: Move, turn: Turn) -> Dependency:
    if move.day is not None:
        _expect_ahead(move.day, turn.today)
    asked = _reworded(dependency, move)
    if asked == dependency:
        raise InvalidInput(Problem("day", "and the rest are as before; change something to ask again"))
    return _asked(asked, turn.today)


def reword(dependency: Dependency, move: Move, turn: Turn) -> Dependency:
    asked = _reworded(dependency, move)
    return dependency if asked == dependency else _asked(asked, turn.today)


def _reworded(dependency: Dependency, move: Move) -> Dependency:
    criteria = dependency.negotiation.criteria if move.criteria is None else move.criteria
    return replace(
        dependency,
        what=move.what or dependency.what,
        needed_by=move.day or dependency.needed_by,
        provider_id=_other_provider(dependency, move) or dependency.provider_id,
        negotiation=replace(dependency.negotiation, criteria=criteria),
    )


def _asked(dependency: Dependency, today: date) -> Dependency:
    said = dependency.negotiation
    fresh = Negotiation(round=said.round + 1, asked_on=today, criteria=said.criteria)
    return replace(dependency, state=DependencyState.ASKED, promised_for=None, negotiation=fresh)


def message(dependency: Dependency, move: Move, _turn: Turn) -> Dependency:
    if not move.text:
        raise InvalidInput(Problem("text", "is empty; write what you want to ask or say"))
    return dependency


def reopen(dependency: Dependency, move: Move, turn: Turn) -> Dependency:
    if move.day is not None:
        _expect_ahead(move.day, turn.today)
    if not _is_other_scope(dependency, move) and move.day in {None, dependency.promised_for}:
        raise InvalidInput(Problem("day", "is what was agreed; propose another date or another scope"))
    _expect_reason(move)
    said = replace(_proposal(dependency, move, turn), proposed_for=move.day, proposed_provider_id=None)
    return replace(dependency, state=DependencyState.REOPENED, negotiation=said)


def agree_change(dependency: Dependency, _move: Move, _turn: Turn) -> Dependency:
    said = dependency.negotiation
    day = said.proposed_for or dependency.promised_for
    moved = proposer(dependency) is Side.CONSUMER and said.proposed_for is not None
    changed = replace(
        dependency,
        what=said.proposed_what or dependency.what,
        needed_by=said.proposed_for if moved else dependency.needed_by,
    )
    return _settled(changed, state=DependencyState.AGREED, day=day, conditions=said.conditions)


def keep_old(dependency: Dependency, _move: Move, _turn: Turn) -> Dependency:
    return _settled(
        dependency,
        state=DependencyState.AGREED,
        day=dependency.promised_for,
        conditions=dependency.negotiation.conditions,
    )


def deliver(dependency: Dependency, _move: Move, _turn: Turn) -> Dependency:
    return replace(
        dependency,
        state=DependencyState.DELIVERED,
        negotiation=replace(dependency.negotiation, unmet=()),
    )


def confirm(dependency: Dependency, move: Move, _turn: Turn) -> Dependency:
    missing = [one for one in dependency.negotiation.criteria if one not in move.met]
    if missing:
        raise InvalidInput(Problem("met", f"“{missing[0]}” is not ticked; tick it, or return what is unmet"))
    strange = [one for one in move.held or () if one not in dependency.negotiation.conditions]
    if strange:
        raise InvalidInput(Problem("held", f"“{strange[0]}” is no condition of this promise"))
    return replace(dependency, state=DependencyState.CONFIRMED)


def hand_back(dependency: Dependency, move: Move, _turn: Turn) -> Dependency:
    if not move.unmet:
        raise InvalidInput(Problem("unmet", "is empty; name at least one thing that is not met yet"))
    said = replace(dependency.negotiation, unmet=move.unmet)
    return replace(dependency, state=DependencyState.AGREED, negotiation=said)


def withdraw(dependency: Dependency, move: Move, _turn: Turn) -> Dependency:
    _expect_reason(move)
    said = replace(dependency.negotiation, reason=move.text)
    return replace(dependency, state=DependencyState.WITHDRAWN, negotiation=said)


def answer_heard(dependency: Dependency, move: Move, _turn: Turn) -> Dependency:
    if move.heard_right is None:
        raise InvalidInput(Problem("heard_right", "is missing; say yes or not quite"))
    said = replace(dependency.negotiation, heard_right=move.heard_right)
    return replace(dependency, negotiation=said)


def remind(dependency: Dependency, _move: Move, turn: Turn) -> Dependency:
    return replace(dependency, negotiation=replace(dependency.negotiation, reminded_on=turn.today))


def _settled(
    dependency: Dependency, *, state: DependencyState, day: date | None, conditions: tuple[str, ...]
) -> Dependency:
    said = dependency.negotiation
    settled = Negotiation(
        round=said.round, asked_on=said.asked_on, criteria=said.criteria, conditions=conditions
    )
    return replace(dependency, state=state, promised_for=day, negotiation=settled)


def _proposal(dependency: Dependency, move: Move, turn: Turn) -> Negotiation:
    return replace(
        dependency.negotiation,
        proposed_what=move.what if _is_other_scope(dependency, move) else "",
        proposed_provider_id=_other_provider(dependency, move),
        proposed_by=turn.side,
        proposed_on=turn.today,
        reason=move.text,
        heard=move.heard,
        heard_right=None,
    )


def _is_other_scope(dependency: Dependency, move: Move) -> bool:
    return bool(move.what) and move.what != dependency.what


def _other_provider(dependency: Dependency, move: Move) -> TeamId | None:
    if move.provider_id == dependency.consumer_id:
        raise InvalidInput(Problem("provider", "is the team that needs it; choose another team"))
    return move.provider_id if move.provider_id != dependency.provider_id else None


def _expect_ahead(day: date, today: date) -> None:
    if day < today:
        raise InvalidInput(Problem("day", f"has passed; choose {today.isoformat()} or later"))


def _expect_reason(move: Move) -> None:
    if not move.text:
        raise InvalidInput(Problem("text", "is empty; give the reason in a few words"))
