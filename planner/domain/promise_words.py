"""What is said of promises: to who acted, and to the others who know of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.dates import show_day
from planner.domain.promises import PromiseAct

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

DONE: Mapping[PromiseAct | None, str] = {
    None: "Promised: {text}",
    PromiseAct.KEEP: "Kept: {text}",
    PromiseAct.MOVE: "Moved to another day: {text}",
    PromiseAct.MISS: "Said in your words that it was missed: {text}",
    PromiseAct.WITHDRAW: "Fallen away: {text}",
    PromiseAct.TELL: "Told the witnesses how it goes: {text}",
    PromiseAct.ASK: "Asked how it goes: {text}",
    PromiseAct.SEE: "Said that you have seen it: {text}",
}
"""To who did it."""
MADE_TOLD = "{owner} made a promise and named you as a witness: “{text}”."
TOLD: Mapping[PromiseAct, str] = {
    PromiseAct.KEEP: "{who} kept a promise that you witness: “{text}”.",
    PromiseAct.MOVE: "{who} moved a promise that you witness to {day}: “{text}”.",
    PromiseAct.MISS: "{who} says why a promise that you witness was missed: “{text}”.",
    PromiseAct.WITHDRAW: "A promise of {who} that you witness has fallen away: “{text}”.",
    PromiseAct.TELL: "{who} says how a promise that you witness goes: “{text}”.",
    PromiseAct.ASK: "{who} asks how your promise goes: “{text}”.",
}
"""To the others. That somebody has seen it is read where it stands, and told to nobody."""


def told_of(act: PromiseAct, *, who: str, text: str, day: date | None) -> str:
    """Return what the others are told of an act, "" where that is nothing."""
    return TOLD.get(act, "").format(who=who, text=text, day=show_day(day) if day else "")


def due_tomorrow(text: str) -> str:
    """Return what its owner is asked on the day before."""
    return f"You promised this for tomorrow: “{text}”. Kept, or another day?"
