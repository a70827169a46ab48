"""The acts of the negotiation on a page: what their buttons say, and what each asks for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.domain.model import Side
from planner.domain.negotiation.acts import Act
from planner.web.filters import day

if TYPE_CHECKING:
    from datetime import date

    from planner.domain.model import Dependency


@dataclass(frozen=True, slots=True)
class ActWords:
    """label: on the button that opens the form. send: on the button that does it. asks: the fields,
    in order, with what stands over each and a hint below that. beside: those that are offered folded.
    """

    label: str
    heading: str
    send: str
    asks: tuple[tuple[str, str, str], ...] = ()
    beside: frozenset[str] = frozenset()
    beside_label: str = ""


_HEARD = (
    "heard",
    "What I heard you need",
    "In your own words; the other side can say yes or not quite.",
)
_REASONS = ("reasons", "Because", "")

WORDS: Mapping[Act, ActWords] = {
    Act.ACCEPT: ActWords(
        "Yes, if…",
        "Agree on conditions",
        "Agree",
        (("day", "Promised for", ""), ("conditions", "Conditions", "What must hold for it, a line each.")),
    ),
    Act.COUNTER: ActWords(
        "Another date…",
        "Offer something else",
        "Offer it",
        (
            ("day", "Date you can promise", ""),
            ("what", "Another scope", "Leave it as it is when only the date differs."),
            ("provider", "Another team gives it", ""),
            ("text", "Why", ""),
            _HEARD,
        ),
        frozenset({"heard", "provider", "what"}),
        "Another scope, another team, what I heard you need",
    ),
    Act.DECLINE: ActWords(
        "No, because…",
        "Decline",
        "Decline",
        (_REASONS, ("text", "In your own words", "An alternative helps."), _HEARD),
        frozenset({"heard"}),
        "What I heard you need",
    ),
    Act.ACCEPT_COUNTER: ActWords("Take the offer", "Take the offer", "Take the offer"),
    Act.ASK_AGAIN: ActWords(
        "Ask again…",
        "Ask again",
        "Ask again",
        (
            ("what", "What is needed", ""),
            ("day", "Needed by", ""),
            ("provider", "From", ""),
            ("criteria", "Done when", "How both sides will know, a line each."),
        ),
    ),
    Act.REWORD: ActWords("Change what is asked for", "Change what is asked for", "Save"),
    Act.MESSAGE: ActWords(
        "Ask or answer…", "Write to the other side", "Send", (("text", "Your question or answer", ""),)
    ),
    Act.REOPEN: ActWords(
        "New date…",
        "Propose a change",
        "Propose it",
        (
            ("day", "New date", "Until the other side answers, what was agreed stays in force."),
            ("what", "Another scope", "Leave it as it is when only the date differs."),
            ("text", "Why", ""),
        ),
        frozenset({"what"}),
        "Another scope",
    ),
    Act.AGREE_CHANGE: ActWords("Agree to the change", "Agree to the change", "Agree to the change"),
    Act.REFUSE_CHANGE: ActWords("Keep what was agreed", "Keep what was agreed", "Keep what was agreed"),
    Act.TAKE_BACK: ActWords("Take the proposal back", "Take the proposal back", "Take the proposal back"),
    Act.DELIVER: ActWords("Mark as handed over", "Hand it over", "Mark as handed over"),
    Act.CONFIRM: ActWords(
        "Confirm",
        "Confirm that it is done",
        "Confirm",
        (
            ("met", "Done when", "Tick what is met."),
            (
                "held",
                "It was promised on a condition. Was it met?",
                "Tick what was met; the history keeps your answer, and nothing else changes.",
            ),
        ),
    ),
    Act.RETURN: ActWords(
        "Not done yet…",
        "Say what is not met yet",
        "Return it",
        (
            ("unmet", "Not met yet", ""),
            ("text", "In your own words", "A line for each thing."),
        ),
    ),
    Act.WITHDRAW: ActWords(
        "Withdraw…",
        "Withdraw what was asked for",
        "Withdraw",
        (("text", "Why it is no longer needed", ""),),
    ),
    Act.HEARD: ActWords("Was it heard rightly?", "Was it heard rightly?", "Answer"),
    Act.REMIND: ActWords("Remind", "Remind", "Remind"),
}
REASONS = ("no capacity", "not our part", "wrong time", "already exists")
AT_ONCE = frozenset(
    {
        Act.ACCEPT,
        Act.ACCEPT_COUNTER,
        Act.AGREE_CHANGE,
        Act.REFUSE_CHANGE,
        Act.TAKE_BACK,
        Act.DELIVER,
        Act.CONFIRM,
        Act.REMIND,
    }
)
"""Done with one click; everything else asks for a word first."""
_ELSEWHERE = frozenset({Act.HEARD, Act.REWORD})
_NOT_IN_A_ROW = _ELSEWHERE | {Act.MESSAGE, Act.WITHDRAW}
_FIRST = frozenset({Act.ACCEPT, Act.ACCEPT_COUNTER, Act.AGREE_CHANGE, Act.CONFIRM})


@dataclass(frozen=True, slots=True)
class Button:
    """One act as it is offered: sent at once, or a link to its form."""

    act: str
    label: str
    at_once: bool
    is_first: bool


def buttons(dependency: Dependency, acts: Collection[Act]) -> list[Button]:
    """Return every act as a button, in the order in which they are wanted."""
    found = [_button(dependency, act) for act in acts if act not in _ELSEWHERE]
    if Act.ACCEPT in acts:
        found.insert(1, Button(Act.ACCEPT.value, WORDS[Act.ACCEPT].label, at_once=False, is_first=False))
    return found


def week_buttons(dependency: Dependency, acts: Mapping[Act, Side], today: date) -> list[Button]:
    """Return what belongs in a row of my week: the answers, and a new date only for what is late."""
    left_out = _NOT_IN_A_ROW if dependency.is_late(today) else _NOT_IN_A_ROW | {Act.REOPEN}
    if acts.get(Act.REOPEN) is Side.CONSUMER:
        left_out |= {Act.REOPEN}
    return [_button(dependency, act) for act in acts if act not in left_out]


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """A way to settle a dependency in a session. asks: whether it needs a date, a reason, or both."""

    act: str
    label: str
    asks: tuple[str, ...] = ()


def decisions(dependency: Dependency, acts: Collection[Act]) -> list[DecisionForm]:
    """Return what this person can decide about it, those done with one click first."""
    found = [DecisionForm(act.value, _decide(dependency, act)) for act in _DECIDED_AT_ONCE if act in acts]
    asking = (DecisionForm(act.value, label, asks) for act, label, asks in _ASKING if act in acts)
    return [*found, *asking]


def _decide(dependency: Dependency, act: Act) -> str:
    label = _label(dependency, act)
    return f"Decide: {label[0].lower()}{label[1:]}"


_DECIDED_AT_ONCE = (Act.ACCEPT, Act.ACCEPT_COUNTER, Act.AGREE_CHANGE, Act.REFUSE_CHANGE)
_ASKING = (
    (Act.COUNTER, "Other date…", ("day", "reason")),
    (Act.REOPEN, "Other date…", ("day", "reason")),
    (Act.ASK_AGAIN, "Ask for another date…", ("day",)),
    (Act.DECLINE, "No, because…", ("reason",)),
    (Act.WITHDRAW, "Not needed any more…", ("reason",)),
)


def _button(dependency: Dependency, act: Act) -> Button:
    at_once = act in AT_ONCE and not (act is Act.CONFIRM and _asks_to_confirm(dependency))
    return Button(act.value, _label(dependency, act), at_once, act in _FIRST)


def _asks_to_confirm(dependency: Dependency) -> bool:
    """Whether there is something to tick: criteria, or conditions of the promise."""
    return bool(dependency.negotiation.criteria or dependency.negotiation.conditions)


def _label(dependency: Dependency, act: Act) -> str:
    if act is Act.ACCEPT:
        return f"Yes, by {day(dependency.needed_by)}" if dependency.needed_by else "Yes"
    if act is Act.ACCEPT_COUNTER and dependency.promised_for:
        return f"Take {day(dependency.promised_for)}"
    if act is Act.AGREE_CHANGE and dependency.negotiation.proposed_for:
        return f"Agree to {day(dependency.negotiation.proposed_for)}"
    if act is Act.CONFIRM and _asks_to_confirm(dependency):
        return "Confirm…"
    return WORDS[act].label
