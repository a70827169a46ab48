"""How an agenda writes itself: what comes in which order, for how long, and who is needed when.

The consent list opens a meeting: what is settled is agreed at once unless somebody objects. Then comes
what the last session left open, then decisions whose day to be looked at again has come, then what is to be
talked about, then topics that people have added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from planner.domain.consolidation.agenda import elapsed, item_times, presence
from planner.domain.consolidation.model import Item, Rules
from planner.domain.meeting.learned import Sort
from planner.domain.meeting.model import ItemKind, OutcomeKind, name_of
from planner.domain.text import counted

NEXT = "next session"
"""What is written where something is deferred to the next session of the same people."""


class Part(IntEnum):
    """The parts of an agenda in their order."""

    CONSENT = 1
    UNFINISHED = 2
    AGAIN = 3
    TALK = 4
    TOPIC = 5


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing for an agenda: a dependency by its key, or a topic, for which that is None.

    people: the keys of those who speak for its two sides, or of who leads the topic. needs: keys of the
    dependencies that come before it. sort and usual: see `learned`. again: the decision that is looked at
    again.
    """

    title: str
    minutes: int
    dependency: str | None = None
    people: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    is_settled: bool = False
    is_unfinished: bool = False
    lead: str = ""
    sort: Sort | None = None
    usual: int | None = None
    again: str = ""

    @property
    def name(self) -> str:
        """What tells it from all others of one agenda, also when the agenda is written anew."""
        return name_of(self.dependency, self.title)

    @property
    def part(self) -> Part:
        if self.is_settled:
            return Part.CONSENT
        if self.is_unfinished:
            return Part.UNFINISHED
        if self.again:
            return Part.AGAIN
        return Part.TOPIC if self.dependency is None else Part.TALK

    @property
    def kind(self) -> ItemKind:
        return ItemKind.CONSENT if self.is_settled else ItemKind.TALK


@dataclass(frozen=True, slots=True)
class Span:
    """From which minute to which after the opening of a session."""

    start: int
    end: int


def is_for_us(kind: str, deferred_to: str, title: str) -> bool:
    """Return whether what ended so is taken up by the next session, which has this title; both folded.

    What is parked is; what is deferred is where it names the next session or this one.
    """
    if kind == OutcomeKind.DEFERRED:
        return NEXT in deferred_to or deferred_to == title
    return kind == OutcomeKind.PARKED


def in_order(matters: Iterable[Matter], *, wanted: Sequence[str] = ()) -> tuple[Matter, ...]:
    """Return matters by part, in each as wanted, providers before consumers throughout.

    `wanted` are names; what it does not name follows as given. A provider comes forward to its first
    consumer, into an earlier part too; needs in a circle have no order among themselves.
    """
    place = {name: at for at, name in enumerate(wanted)}
    matters = list(matters)
    ranked = sorted(matters, key=lambda matter: (matter.part, place.get(matter.name, len(place))))
    known = {matter.name: matter for matter in ranked}
    placed: dict[str, Matter] = {}
    for matter in ranked:
        _place(matter, known, placed, asked=set())
    return tuple(placed.values())


def _place(
    matter: Matter, known: Mapping[str, Matter], placed: dict[str, Matter], *, asked: set[str]
) -> None:
    """Append a matter, before it all it needs; `asked` are those that are on their way already."""
    if matter.name in placed or matter.name in asked:
        return
    asked.add(matter.name)
    for name in known:
        if name in matter.needs:
            _place(known[name], known, placed, asked=asked)
    placed[matter.name] = matter


def spans(matters: Sequence[Matter], rules: Rules) -> tuple[Span, ...]:
    """Return when each matter is on, in the order given, the opening and the break included."""
    return tuple(Span(start, end) for start, end in item_times(rules, _items(matters)))


def windows(matters: Sequence[Matter], rules: Rules) -> dict[str, Span]:
    """Return from when until when each person is needed, by key.

    The consent list keeps nobody waiting: it counts only for those who have nothing to talk about.
    """
    items = _items(matters)
    live = frozenset(person for matter in matters if not matter.is_settled for person in matter.people)
    needed = [
        Item(
            id=item.id,
            consumer="",
            provider="",
            people=item.people - live if matter.is_settled else item.people,
            minutes=item.minutes,
        )
        for item, matter in zip(items, matters, strict=True)
    ]
    found = presence(rules, needed) if needed else {}
    return {person: Span(start, end) for person, (start, end) in sorted(found.items())}


def length_of(matters: Sequence[Matter], rules: Rules) -> int:
    """Return how many minutes a session with this agenda takes, from opening to end."""
    return elapsed(rules, sum(matter.minutes for matter in matters))


def length_words(needed: int, planned: int) -> str:
    """Say whether an agenda fits into its session, and by how much it does not."""
    if needed > planned:
        over = counted(needed - planned, "minute")
        return f"{over} too long: the agenda takes {needed}, the session has {planned}."
    if needed == planned:
        return f"It fits: {counted(planned, 'minute')}, to the minute."
    return f"It fits: {needed} of {counted(planned, 'minute')}, {planned - needed} to spare."


def _items(matters: Sequence[Matter]) -> list[Item]:
    return [Item(matter.name, "", "", matter.people, matter.minutes) for matter in matters]
