"""Which adjustment would meet what somebody wishes: they choose the wish, and their words stay as written.

It only points: nothing is decided by it. Words are for people, and no program reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from planner.domain.consolidation.adjustments import (
    Adjustment,
    Drop,
    LeaveOut,
    OnlyFor,
    OtherTime,
    Split,
    Write,
)


class Wish(StrEnum):
    """What would make a plan fine for somebody."""

    LEAVE_OUT = "leave-out"
    ONLY_FOR = "only-for"
    OTHER_TIME = "other-time"
    SHORTER = "shorter"
    SOMETHING_ELSE = "something-else"

    @property
    def needs_words(self) -> bool:
        """True for what says nothing by itself."""
        return self is Wish.SOMETHING_ELSE


WISH_WORDS: Mapping[Wish, str] = {
    Wish.LEAVE_OUT: "leave me out",
    Wish.ONLY_FOR: "only for one item",
    Wish.OTHER_TIME: "another time",
    Wish.SHORTER: "shorter",
    Wish.SOMETHING_ELSE: "something else",
}
_WOULD_MEET: Mapping[Wish, tuple[type[Adjustment], ...]] = {
    Wish.LEAVE_OUT: (LeaveOut,),
    Wish.ONLY_FOR: (OnlyFor,),
    Wish.OTHER_TIME: (OtherTime,),
    Wish.SHORTER: (Split, Write, Drop),
    Wish.SOMETHING_ELSE: (),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What somebody says to a plan: who, under their name in the task, what they wish, and in which words.

    item: the one that they come for, "" where they named none. wish: None where only words were given.
    """

    person: str
    name: str
    words: str
    wish: Wish | None = None
    item: str = ""

    @property
    def told(self) -> str:
        """What they say, for others to read."""
        return wish_and_words(self.wish, self.words)


def wish_and_words(wish: Wish | None, words: str) -> str:
    """Return a wish with the words to it, as far as there are any."""
    named = "" if wish is None or wish is Wish.SOMETHING_ELSE else WISH_WORDS[wish]
    return ": ".join(filter(None, (named, words)))


def meets(choice: Adjustment, condition: Condition, *, people: Mapping[str, frozenset[str]]) -> bool:
    """Return whether an adjustment would be what somebody wishes. people: who sits in each item's session."""
    if condition.wish is None or not isinstance(choice, _WOULD_MEET[condition.wish]):
        return False
    if isinstance(choice, LeaveOut | OnlyFor) and choice.person != condition.person:
        return False
    item = getattr(choice, "item", "")
    if isinstance(choice, OnlyFor) and condition.item:
        return bool(item == condition.item)
    return condition.person in people.get(item, frozenset())
