"""Which adjustment would meet what somebody asks for in an answer, where plain words let that be told.

It only points: nothing is decided by it, and what it does not understand it leaves alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from planner.domain.consolidation.adjustments import (
    Adjustment,
    Apart,
    Drop,
    LeaveOut,
    Merge,
    Move,
    OnlyFor,
    OtherTime,
    Split,
    Write,
)
from planner.domain.text import fold

_ASKED: tuple[tuple[type[Adjustment], str], ...] = (
    (LeaveOut, r"without me|leave me out|not need(ed)?( me)?|do not need|don.t need|skip"),
    (OnlyFor, r"only (for|come|one|the first|the last)|just (for|one)"),
    (
        OtherTime,
        r"\btime\b|begins?|starts?|later|earlier|morning|afternoon|noon|o.clock|\d{1,2}[:.]\d\d|day\b",
    ),
    (Write, r"in writing|written|write|by mail|e-?mail"),
    (Split, r"shorter|too long|split|two (sessions|meetings|parts)"),
    (Merge, r"one session|merge|joined|together"),
    (Move, r"move|another session|other session|elsewhere"),
    (Apart, r"apart|not together|separate"),
    (Drop, r"\bdrop\b|no session|no meeting|cancel"),
)


@dataclass(frozen=True, slots=True)
class Condition:
    """What somebody says to a plan: who, under their name in the task, and in which words."""

    person: str
    name: str
    words: str


def kinds_asked(words: str) -> frozenset[type[Adjustment]]:
    """Return the kinds of adjustments that these words seem to ask for; none of words not understood."""
    text = fold(words)
    return frozenset(kind for kind, pattern in _ASKED if re.search(pattern, text))


def meets(
    choice: Adjustment, condition: Condition, *, people: Mapping[str, frozenset[str]], what: Mapping[str, str]
) -> bool:
    """Return whether an adjustment seems to be what a condition asks for.

    people: who sits in the session of each item. what: each item in words. Of two items whose words are
    used the sentence is about both; where none is, it is about every session of the one who says it.
    """
    if type(choice) not in kinds_asked(condition.words):
        return False
    if isinstance(choice, LeaveOut | OnlyFor) and choice.person != condition.person:
        return False
    items = _items(choice)
    named = {id_ for id_, words in what.items() if fold(words) in fold(condition.words)}
    if named:
        return not named.isdisjoint(items)
    return any(condition.person in people.get(id_, frozenset()) for id_ in items)


def _items(choice: Adjustment) -> set[str]:
    names = (getattr(choice, name, None) for name in ("item", "other", "to"))
    return {name for name in names if name}
