"""The sentences of notices: one line each, with the names of teams and never of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.calendar_words import MONTH_NAMES
from planner.domain.negotiation.acts import Act
from planner.domain.negotiation.words import offer_in_words
from planner.domain.text import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from planner.domain.model import Dependency, Organisation, TeamId

SENTENCES: Mapping[Act, str] = {
    Act.ACCEPT: "{provider} promises {what} to {consumer}{promised}.",
    Act.COUNTER: "{provider} answers {what} with another offer{offer}.",
    Act.DECLINE: "{provider} declines {what}.",
    Act.ACCEPT_COUNTER: "{consumer} takes the offer for {what}; it is promised{promised}.",
    Act.ASK_AGAIN: "{consumer} asks {provider} again for {what}{needed}.",
    Act.REWORD: "{consumer} changed what it asks {provider} for: {what}{needed}.",
    Act.MESSAGE: "There is a new message about {what}, from {provider} to {consumer}.",
    Act.REOPEN: "A change is proposed to what was agreed about {what}{proposed}.",
    Act.AGREE_CHANGE: "The proposed change of {what} is agreed; it is promised{promised}.",
    Act.REFUSE_CHANGE: "The proposed change of {what} is refused; what was agreed stays.",
    Act.TAKE_BACK: "The proposed change of {what} is taken back; what was agreed stays.",
    Act.CONFIRM: "{consumer} confirms that {what} is there as agreed.",
    Act.RETURN: "{consumer} returns {what}: something is not met yet.",
    Act.WITHDRAW: "{consumer} does not need {what} any more.",
    Act.HEARD: "{consumer} says whether it was heard right about {what}.",
    Act.REMIND: "{consumer} reminds {provider} of {what}, which waits for an answer.",
}


def said(organisation: Organisation, dependency: Dependency, act: Act) -> str:
    """Return what an act says, about the dependency as it is afterwards."""
    offer = offer_in_words(organisation, dependency, say=_day)
    return SENTENCES[act].format(
        consumer=_name(organisation, dependency.consumer_id),
        provider=_name(organisation, dependency.provider_id),
        what=f"“{dependency.what}”",
        needed=_after(" by ", dependency.needed_by),
        promised=_after(" for ", dependency.promised_for),
        proposed=_after(": ", dependency.negotiation.proposed_for),
        offer=f": {offer}" if offer else "",
    )


def asked(organisation: Organisation, dependency: Dependency) -> str:
    """Return who asks whom for what."""
    consumer, provider = (_name(organisation, t) for t in (dependency.consumer_id, dependency.provider_id))
    return f"{consumer} asks {provider} for “{dependency.what}”{_after(' by ', dependency.needed_by)}."


def asked_elsewhere(organisation: Organisation, before: Dependency, after: Dependency) -> str:
    """Return that another team is asked now."""
    consumer, other = (_name(organisation, t) for t in (after.consumer_id, after.provider_id))
    return f"{consumer} asks {other} for “{before.what}” now."


def there(organisation: Organisation, dependency: Dependency) -> str:
    """Return that the one thing waited for was handed over."""
    return f"“{dependency.what}” from {_name(organisation, dependency.provider_id)} is there."


def all_there(organisation: Organisation, last: Dependency) -> str:
    """Return that everything waited for was handed over, and what came last."""
    consumer, provider = (_name(organisation, t) for t in (last.consumer_id, last.provider_id))
    goal = organisation.goal.get(last.goal_id) if last.goal_id is not None else None
    horizon = organisation.horizon.get(last.horizon_id) if last.horizon_id is not None else None
    within = f" for “{goal.outcome}”" if goal else f" in {horizon.name}" if horizon else ""
    return f"All that {consumer} waited for{within} is there; “{last.what}” from {provider} came last."


def slipped(dependency: Dependency, was: date, will: date, waiting: Sequence[Dependency]) -> str:
    """Return what moves to which day, and what of ours waits for it."""
    first, more = waiting[0].what, len(waiting) - 1
    others = f"“{first}” and {more} more wait" if more else f"“{first}” waits"
    return f"“{dependency.what}” moves from {_day(was)} to {_day(will)}. {others} for it."


def due(organisation: Organisation, dependency: Dependency, day: date) -> str:
    """Return what is due tomorrow, and to whom."""
    return (
        f"“{dependency.what}” for {_name(organisation, dependency.consumer_id)} is due tomorrow, {_day(day)}."
    )


def _name(organisation: Organisation, team_id: TeamId) -> str:
    team = organisation.team.get(team_id)
    return team.name if team else "A team that is gone"


def _after(words: str, day: date | None) -> str:
    return f"{words}{_day(day)}" if day else ""


def _day(day: date | None) -> str:
    return f"{day.day} {MONTH_NAMES[day.month][:3]} {day.year}" if day else ""


NOUNS: Mapping[str, tuple[str, str]] = {
    "dependency": ("dependency", "dependencies"),
    "team": ("team", "teams"),
    "team_session": ("session", "sessions"),
    "goal_team": ("part in a goal", "parts in goals"),
}
ACTS: Mapping[str, str] = {"created": "new", "updated": "changed", "removed": "removed"}


def touched(summary: str, counts: Mapping[tuple[str, str], int]) -> str:
    """Return what an import, an undo or a removal did to what is somebody's, by noun and act."""
    parts = []
    for noun, (one, many) in NOUNS.items():
        acts = [(counts[noun, act], word) for act, word in ACTS.items() if counts.get((noun, act))]
        if acts:
            first = f"{counted(acts[0][0], one, many)} {acts[0][1]}"
            parts.append(", ".join([first, *(f"{number:,} {word}" for number, word in acts[1:])]))
    return f"{summary}. Of what is yours: {'; '.join(parts)}."
