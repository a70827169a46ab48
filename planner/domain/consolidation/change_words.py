"""The English of what is different between two plans: a line for all, a sentence for each session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from planner.domain.consolidation.changes import Moved, PlanChanges, SessionChange
from planner.domain.consolidation.explain import day, listed, said
from planner.domain.consolidation.model import Slot
from planner.domain.consolidation.naming import dependency_id, person_id
from planner.domain.model import Organisation
from planner.domain.text import counted

OTHER = "another session"


def summary(changes: PlanChanges) -> str:
    """ "2 of 14 sessions change, 3 invitations; 12 stay as they are." """
    if not changes.sessions_changed:
        return "Nothing changes: every session stays as it is."
    parts = []
    if changes.touched:
        verb = "changes" if len(changes.touched) == 1 else "change"
        parts.append(f"{len(changes.touched)} of {counted(changes.sessions, 'session')} {verb}")
    if changes.gone:
        what = counted(len(changes.gone), "session") if not parts else str(len(changes.gone))
        parts.append(f"{what} {_are(len(changes.gone))} gone")
    if changes.invitations:
        parts.append(counted(changes.invitations, "invitation"))
    stays = f"; {changes.same} {'stays as it is' if changes.same == 1 else 'stay as they are'}"
    return ", ".join(parts) + (stays if changes.same else "") + "."


def price(*, near: int, scratch: int, changed: int) -> str:
    """What a plan from scratch costs beside one kept near, and how many sessions it changes."""
    also = f"changes {counted(changed, 'session')}"
    if scratch == near:
        return f"From scratch costs the same and {also}."
    share, word = abs(near - scratch) / near if near else 1.0, "less" if scratch < near else "more"
    return f"From scratch costs {100 * share:.1f} % {word} and {also}."


class _Named(NamedTuple):
    """Things or people as they are listed, and how many they are."""

    words: str
    number: int


@dataclass(frozen=True, slots=True)
class ChangeWriter:
    """Says changes with the names of one organisation; `titles` are those of the sessions after."""

    organisation: Organisation
    titles: Sequence[str]

    def sentences(self, changes: PlanChanges) -> tuple[str, ...]:
        """One sentence for each session that is not as it was."""
        now = {one.before: one.after for one in changes.touched if one.before is not None}
        every = [self._touched(one, now) for one in changes.touched]
        return (*every, *(self._gone(one) for one in changes.gone))

    def _touched(self, one: SessionChange, now: dict[int, int | None]) -> str:
        title = self._title(one.after)
        if one.is_new:
            about = self._things([*one.came, *(moved.item for moved in one.moved_in)])
            people = self._people(one.joined)
            return f"{title} is new: {people.words} {_verb(people, 'meet')} about {about.words}."
        parts = [
            *self._items(one, now),
            *_acts(self._people(one.joined), "join"),
            *_not_needed(self._people(one.left)),
            *_elsewhere(one),
        ]
        return f"{title}: {', '.join(parts)}, everything else stays."

    def _items(self, one: SessionChange, now: dict[int, int | None]) -> list[str]:
        """What comes in and what goes out, each with where from or where to."""
        came_from = {moved.other: self._title(now.get(moved.other)) for moved in one.moved_in}
        return [
            *_acts(self._things(one.came), "come", "in"),
            *self._moves(one.moved_in, came_from, "come", "over from"),
            *_acts(self._things(one.went), "drop", "out"),
            *self._moves(one.moved_out, {m.other: self._title(m.other) for m in one.moved_out}, "go", "to"),
        ]

    def _moves(self, moves: Sequence[Moved], titles: dict[int, str], verb: str, way: str) -> list[str]:
        return [
            part
            for number, title in titles.items()
            for part in _acts(
                self._things([moved.item for moved in moves if moved.other == number]), verb, f"{way} {title}"
            )
        ]

    def _gone(self, one: SessionChange) -> str:
        """A session that is gone has no title: it is known by who met, and by where its items are now."""
        people = self._people(one.left).words
        titles = {moved.other: self._title(moved.other) for moved in one.moved_out}
        parts = [
            *self._moves(one.moved_out, titles, "go", "to"),
            *_acts(self._things(one.went), "drop", "out"),
        ]
        return f"A session of {people} is gone: {', '.join(parts)}."

    def _title(self, number: int | None) -> str:
        return OTHER if number is None else self.titles[number]

    def _things(self, items: Iterable[str]) -> _Named:
        """What is needed, by its words; what is not recorded any more is counted."""
        known = {one.id: one.what for one in self.organisation.dependencies}
        ids = [dependency_id(name) for name in items]
        names = [known[id_] for id_ in ids if id_ in known]
        return _named(names, len(ids), "removed dependency", "removed dependencies")

    def _people(self, people: Iterable[str]) -> _Named:
        known = self.organisation.person
        ids = [person_id(name) for name in people]
        names = sorted(known[id_].name for id_ in ids if id_ in known)
        return _named(names, len(ids), "removed person", "removed people")


def _named(names: Sequence[str], count: int, one: str, many: str) -> _Named:
    lost = count - len(names)
    removed = [f"{said(lost)} {one if lost == 1 else many}"] if lost else []
    return _Named(listed([*names, *removed]), count)


def _acts(named: _Named, verb: str, way: str = "") -> list[str]:
    """ "A and B come in" as a list of one; nothing for nobody."""
    return [f"{named.words} {_verb(named, verb)} {way}".rstrip()] if named.number else []


def _verb(named: _Named, verb: str) -> str:
    if named.number != 1:
        return verb
    return f"{verb}es" if verb.endswith("o") else f"{verb}s"


def _not_needed(named: _Named) -> list[str]:
    return [f"{named.words} {_are(named.number)} not needed any more"] if named.number else []


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _elsewhere(one: SessionChange) -> list[str]:
    """What is different about when, where and in which order."""
    parts = []
    if one.start:
        parts.append(f"it moves from {_when(one.start[0])} to {_when(one.start[1])} UTC")
    if one.is_elsewhere:
        parts.append("people meet in another place")
    if one.is_reordered:
        parts.append("the order changes")
    return parts


def _when(slot: Slot) -> str:
    return f"{day(slot.day)}, {slot.minute // 60:02}:{slot.minute % 60:02}"
