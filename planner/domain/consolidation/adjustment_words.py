"""Adjustments as words: of an address or a row, by keys, to be read again; and as people read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from urllib.parse import quote, unquote

from planner.domain.consolidation.adjustments import (
    Adjustment,
    Again,
    Apart,
    ApartQueues,
    CannotAdjust,
    Drop,
    LeaveOut,
    Merge,
    Move,
    Obstacle,
    OnlyFor,
    OtherTime,
    Pin,
    Price,
    Split,
    Turnout,
    Write,
)
from planner.domain.consolidation.explain import day, listed
from planner.domain.consolidation.keeping import next_slot
from planner.domain.consolidation.model import Rules, Slot
from planner.domain.consolidation.naming import (
    dependency_id,
    item_name,
    person_id,
    person_name,
    team_id,
    team_name,
)
from planner.domain.model import MINUTES_PER_DAY, Organisation
from planner.domain.text import counted

BETWEEN = ":"
KINDS: Mapping[type[Adjustment], str] = {
    Pin: "pin",
    LeaveOut: "leave-out",
    OnlyFor: "only-for",
    Move: "move",
    Write: "write",
    Apart: "apart",
    ApartQueues: "apart-queues",
    OtherTime: "time",
    Merge: "merge",
    Split: "split",
    Drop: "drop",
    Again: "again",
}


class Wording:
    """Writes adjustments as single words by keys and reads them again, for one organisation."""

    def __init__(self, organisation: Organisation, today: date) -> None:
        self._organisation, self._today = organisation, today
        self._key = {
            **{item_name(one.id): one.key for one in organisation.dependencies},
            **{person_name(one.id): one.key for one in organisation.people},
            **{team_name(one.id): one.key for one in organisation.teams},
        }
        self._item = {one.key: item_name(one.id) for one in organisation.dependencies}
        self._person = {one.key: person_name(one.id) for one in organisation.people}
        self._team = {one.key: team_name(one.id) for one in organisation.teams}

    def write(self, choice: Adjustment) -> str:
        """The word of an adjustment; the same adjustment, the same word."""
        parts: list[str]
        match choice:
            case LeaveOut() | OnlyFor():
                parts = [self._key[choice.item], self._key[choice.person]]
            case Move():
                parts = [self._key[choice.item], *([self._key[choice.to]] if choice.to else [])]
            case Apart() | Merge():
                parts = [self._key[choice.item], self._key[choice.other]]
            case ApartQueues():
                parts = [self._key[choice.provider], self._key[choice.other]]
            case OtherTime():
                parts = [self._key[choice.item], choice.slot.day.isoformat(), str(choice.slot.minute)]
            case Pin() | Write() | Split() | Drop():
                parts = [self._key[choice.item]]
            case Again():
                parts = []
        return BETWEEN.join([KINDS[type(choice)], *(quote(part, safe="") for part in parts)])

    def read(self, word: str) -> Adjustment | None:
        """The adjustment of a word; None for what is none, or is about something that is gone."""
        kind, *parts = word.split(BETWEEN)
        try:
            return self._read(kind, [unquote(part) for part in parts])
        except (KeyError, ValueError):
            return None

    def _read(self, kind: str, parts: Sequence[str]) -> Adjustment:  # noqa: C901, PLR0911, PLR0912 - one line each
        match kind, parts:
            case "pin", [item]:
                return Pin(self._item[item])
            case "leave-out", [item, person]:
                return LeaveOut(self._item[item], self._person[person])
            case "only-for", [item, person]:
                return OnlyFor(self._item[item], self._person[person])
            case "move", [item]:
                return Move(self._item[item])
            case "move", [item, to]:
                return Move(self._item[item], self._item[to])
            case "write", [item]:
                return Write(self._item[item])
            case "apart", [item, other]:
                return Apart(self._item[item], self._item[other])
            case "apart-queues", [provider, other]:
                return ApartQueues(self._team[provider], self._team[other])
            case "time", [item, when, minute]:
                return OtherTime(self._item[item], self._slot(when, minute, self._zone(self._item[item])))
            case "merge", [item, other]:
                return Merge(self._item[item], self._item[other])
            case "split", [item]:
                return Split(self._item[item])
            case "drop", [item]:
                return Drop(self._item[item])
            case "again", []:
                return Again()
        raise ValueError(kind)

    def _zone(self, item: str) -> str:
        """By whose clocks a start comes round: those of who decides for the provider."""
        found = next(one for one in self._organisation.dependencies if item_name(one.id) == item)
        owners = self._organisation.product_owners.get(found.provider_id, ())
        return next((self._organisation.person[id_].hours.zone for id_ in owners), "UTC")

    def _slot(self, when: str, minute: str, zone: str) -> Slot:
        """A start, told two weeks later as often as needed where it is past."""
        if not (minute.isascii() and minute.isdecimal() and int(minute) < MINUTES_PER_DAY):
            raise ValueError(minute)
        return next_slot(Slot(date.fromisoformat(when), int(minute)), zone, self._today)


def _in_utc(slot: Slot) -> str:
    return f"{day(slot.day)}, {slot.minute // 60:02}:{slot.minute % 60:02} UTC"


class AdjustmentWriter:
    """Says adjustments, their prices and what forbids them with the names of one organisation.

    `when` tells a start; the reader's own clock is known elsewhere. `titles`: the sessions of now by their
    items, where they are known; else a session is called by its item.
    """

    def __init__(
        self,
        organisation: Organisation,
        when: Callable[[Slot], str] = _in_utc,
        titles: Mapping[str, str] | None = None,
    ) -> None:
        self._organisation, self._when, self._titles = organisation, when, titles or {}
        self._what = {one.id: one.what for one in organisation.dependencies}

    def sentence(self, choice: Adjustment) -> str:  # noqa: C901, PLR0911, PLR0912 - one sentence each
        """What is to be done, as an order without a full stop."""
        match choice:
            case Pin():
                return f"Pin {self._session(choice.item)}"
            case LeaveOut():
                return f"Leave {self.person(choice.person)} out of {self._session(choice.item)}"
            case OnlyFor():
                return f"{self.person(choice.person)} comes only for {self._item(choice.item)}"
            case Move() if choice.to is None:
                return f"Give {self._item(choice.item)} a session of its own"
            case Move():
                return f"Move {self._item(choice.item)} to {self._session(choice.to or '')}"
            case Write():
                return f"Settle {self._item(choice.item)} in writing"
            case Apart():
                return f"Keep {self._item(choice.item)} and {self._item(choice.other)} apart"
            case ApartQueues():
                one, other = self._team(choice.provider), self._team(choice.other)
                return f"Keep what {one} gives apart from what {other} gives"
            case OtherTime():
                return f"Begin {self._session(choice.item)} on {self._when(choice.slot)}"
            case Merge():
                return f"Merge {self._session(choice.item)} and {self._session(choice.other)}"
            case Split():
                return f"Split {self._session(choice.item)}"
            case Drop():
                return f"Drop {self._session(choice.item)} and settle all of it in writing"
            case Again():
                return "Plan the rest again, near what is there"

    def label(self, choice: Adjustment) -> str:  # noqa: C901, PLR0911, PLR0912 - one label each
        """The same below the name of what it is about: "Merge it with “Refunds”", "Without Ravi Menon"."""
        match choice:
            case Pin():
                return "Pin it as it is"
            case LeaveOut():
                return f"Without {self.person(choice.person)}"
            case OnlyFor():
                return f"{self.person(choice.person)} comes for this alone"
            case Move() if choice.to is None:
                return "Into a session of its own"
            case Move():
                return f"Into {self._session(choice.to or '')}"
            case Write():
                return "Settle it in writing"
            case Apart():
                return f"Apart from {self._item(choice.other)}"
            case ApartQueues():
                one, other = self._team(choice.provider), self._team(choice.other)
                return f"All that {one} gives, apart from all that {other} gives"
            case OtherTime():
                return self._when(choice.slot)
            case Merge():
                return f"Merge it with {self._session(choice.other)}"
            case Split():
                return "Split it in two"
            case Drop():
                return "Drop it and settle all of it in writing"
            case Again():
                return self.sentence(choice)

    def price(self, price: Price) -> str:
        """ "16 to 18 seats, 20 person-minutes more, Ravi 1 to 2 sessions"; "Costs nothing" for nothing."""
        parts = [
            *_from_to(price.sessions, "session"),
            *_from_to(price.seats, "seat"),
            *_more_or_less(price.minutes),
            *self._turnouts(price.people),
            *self._sit(price.longer, "longer"),
            *self._sit(price.shorter, "shorter"),
            *self._written(price.written),
        ]
        if price.moved:
            verb = "begins" if price.moved == 1 else "begin"
            parts.append(f"{counted(price.moved, 'session')} {verb} at another time")
        return ", ".join(parts) or "Costs nothing"

    def refusal(self, error: CannotAdjust, rules: Rules) -> str:
        """Which rule forbids it, with the figures."""
        items = listed([self._item(id_) for id_ in error.items])
        people = listed([self.person(id_) for id_ in error.people])
        return {
            Obstacle.NOT_THERE: f"{people or items or 'What it is about'} is in no such session.",
            Obstacle.NOTHING_CHANGES: "Nothing would change by it.",
            Obstacle.TOO_MANY_PEOPLE: f"{error.figure} people, a session holds at most {rules.people_max}.",
            Obstacle.ROOM_FULL: f"More than {rules.room_max or rules.people_max} people in the room at once.",
            Obstacle.TOO_LONG: f"{error.figure} minutes, a session lasts at most {rules.minutes_max}.",
            Obstacle.NO_COMMON_TIME: f"{people} have no such {error.figure} minutes in common.",
            Obstacle.BELONGS_TOGETHER: f"{items} cannot be parted: what goes both ways stays in one session.",
            Obstacle.TOO_MANY_SESSIONS: (
                f"{people} would sit in {error.figure} sessions, at most {rules.sessions_max} are allowed."
            ),
            Obstacle.PINNED: f"The session with {items} is pinned.",
            Obstacle.KEPT_APART: f"{items} are to be kept apart.",
        }[error.obstacle]

    def person(self, name: str) -> str:
        found = self._organisation.person.get(person_id(name))
        return "somebody" if found is None else found.name

    def _session(self, item: str) -> str:
        title = self._titles.get(item)
        return f"the session with {self._item(item)}" if title is None else f"“{title}”"

    def _item(self, name: str) -> str:
        return f"“{self._what.get(dependency_id(name), 'something removed')}”"

    def _team(self, name: str) -> str:
        return self._organisation.team[team_id(name)].name

    def _turnouts(self, people: Sequence[Turnout]) -> list[str]:
        named = sorted((self.person(one.person), one) for one in people)
        words = [f"{name} {one.before} to {counted(one.after, 'session')}" for name, one in named]
        return [listed(words)] if words else []

    def _sit(self, people: Sequence[str], how: str) -> list[str]:
        names = listed(sorted(self.person(one) for one in people))
        return [f"{names} {'sits' if len(people) == 1 else 'sit'} {how}"] if names else []

    def _written(self, items: Sequence[str]) -> list[str]:
        verb = "is" if len(items) == 1 else "are"
        return [f"{listed([self._item(one) for one in items])} {verb} settled in writing"] if items else []


def _from_to(pair: tuple[int, int], noun: str) -> list[str]:
    before, after = pair
    return [] if before == after else [f"{before} to {counted(after, noun)}"]


def _more_or_less(minutes: int) -> list[str]:
    if not minutes:
        return []
    return [f"{counted(abs(minutes), 'person-minute')} {'more' if minutes > 0 else 'less'}"]
