"""Where readers put what they find: items once, links once although both of their ends may say so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime

from planner.domain.importing import (
    NOTHING,
    TOLD,
    Direction,
    Field,
    Item,
    Link,
    LinkKind,
    Outline,
    Tally,
)
from planner.domain.link_words import direction_of, phrase_of
from planner.domain.transfer import Verdict
from planner.interchange import limits
from planner.interchange.problems import refusal
from planner.interchange.text import tidied

_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2}|[A-Za-z]{3})[./](\d{2}|\d{4})\b")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DONE = frozenset({"done", "closed", "resolved", "completed", "complete", "finished", "implemented"})


class Collector:
    """Collects one file. A link that stands at both ends is counted once, and that it did is counted too."""

    def __init__(self, tool: str) -> None:
        self.tool = tool
        self.tally = Tally()
        self.columns: tuple[str, ...] = ()
        self.fields: Mapping[Field, str] = {}
        self.notes: list[str] = []
        self.silent: frozenset[Field] = NOTHING
        self.items: dict[str, Item] = {}
        self._links: dict[tuple[str, str, str, str], Link] = {}
        self._kinds: dict[str, LinkKind] = {}
        self._doubled: set[tuple[str, str, str, str]] = set()

    def columns_are(self, fields: Mapping[Field, str]) -> Mapping[Field, str]:
        """Note which columns hold what, and so of what no item says anything; return them."""
        self.fields = fields
        self.silent = TOLD - fields.keys()
        return fields

    def item(self, item: Item, *, where: str = "") -> None:
        """Take an item; one that stands twice is taken once, and what the first lacks is filled in."""
        item = Item(
            tidied(item.id)[: limits.NAME],
            tidied(item.title)[: limits.LINE],
            tidied(item.team)[: limits.NAME],
            item.due,
            tidied(item.horizon)[: limits.NAME],
            item.is_done,
            item.silent | self.silent,
        )
        if not item.id:
            self.tally.left_out("an item without an id", where)
            return
        known = self.items.get(item.id)
        if known is None:
            if len(self.items) >= limits.ROWS:
                raise refusal(f"the file has more than {limits.ROWS:,} items; split it")
            self.items[item.id] = item
        elif item != known:
            self.tally.left_out("an item that stands twice is taken once", where or item.id, Verdict.REPAIRED)
            self.items[item.id] = filled(known, item)

    def kind(
        self, name: str, *, outward: str = "", inward: str = "", direction: Direction | None = None
    ) -> str:
        """Take a type of link and return its name; its direction is guessed from its phrases or its name."""
        name = tidied(name)[: limits.NAME] or "link"
        if name not in self._kinds:
            phrase = tidied(outward)[: limits.NAME] or phrase_of(name)
            said = direction or direction_of(phrase, inward)
            self._kinds[name] = LinkKind(name, phrase, said)
        return name

    def link(self, kind: str, first: str, second: str, *, what: str = "", times: int = 1) -> None:
        """Take "first, phrase, second". The same said again means the other end."""
        first, second, what = tidied(first)[: limits.NAME], tidied(second)[: limits.NAME], tidied(what)
        if not first or not second or first == second:
            self.tally.left_out("a link of an item to itself or to nothing", first or second)
            return
        what = what[: limits.LINE]
        place = (kind, first, second, what)
        if place in self._links:
            self._doubled.add(place)
            return
        if len(self._links) >= 2 * limits.ROWS:
            raise refusal(f"the file has more than {2 * limits.ROWS:,} links; split it")
        self._links[place] = Link(kind, first, second, what, times)

    def outline(self) -> Outline:
        """Return what was collected, in one order whatever the order of the file."""
        return Outline(
            tool=self.tool,
            items=self.items,
            links=tuple(self._links[place] for place in sorted(self._links)),
            kinds=tuple(self._kinds[name] for name in sorted(self._kinds)),
            doubled=len(self._doubled),
            columns=self.columns,
            fields=self.fields,
            notes=tuple(self.notes),
            remarks=self.tally.remarks,
        )

    def day(self, text: str, where: str) -> date | None:
        """Return a date as tools write it; one that cannot be read is left out with a remark."""
        found = day_in(text)
        if found is None and text.strip():
            self.tally.left_out(f"a date that cannot be read: {text[:30]}", where, Verdict.REPAIRED)
        return found


def filled(known: Item, more: Item) -> Item:
    """Return an item with what it lacks taken from another account of it."""
    return Item(
        id=known.id,
        title=known.title or more.title,
        team=known.team or more.team,
        due=known.due or more.due,
        horizon=known.horizon or more.horizon,
        is_done=known.is_done or more.is_done,
        silent=known.silent & more.silent,
    )


def unsaid(record: Mapping[str, object], columns: Mapping[Field, str]) -> frozenset[Field]:
    """Return of what this record says nothing, although others of its file may."""
    return frozenset(field for field in TOLD & columns.keys() if columns[field] not in record)


def day_in(text: str) -> date | None:
    """Return the day of "2026-07-22", "2026-07-22T10:00:00Z", "22/Jul/26 12:00 AM" or "22.07.2026"."""
    text = text.strip()
    with suppress(ValueError):
        return date.fromisoformat(text[:10])
    match = _DAY_FIRST.match(text)
    if match is None:
        return None
    day, month, year = match.groups()
    number = (
        _MONTHS.index(month.lower()) + 1 if month.lower() in _MONTHS else int(month) if month.isdigit() else 0
    )
    with suppress(ValueError):
        return datetime(int(year) + (2000 if len(year) == 2 else 0), number, int(day)).date()  # noqa: DTZ001 - a day
    return None
