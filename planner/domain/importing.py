"""What other tools know of our work, items and links, and how it becomes dependencies.

A link reads "first, outward phrase, second": KEP-2 blocks KEP-1. Whether the first or the second needs
the other is the direction of its kind, which a person confirms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256

from planner.domain.model import DependencyState
from planner.domain.text import NAME_LONGEST, SENTENCE_LONGEST, slug
from planner.domain.transfer import DependencyDraft, Remark, Verdict

REMARKS_KEPT = 100
"""Of one reason so many examples are kept; the others are counted."""


class Direction(StrEnum):
    """Which end of a link needs the other."""

    GIVES = "gives"  # the second needs the first: KEP-2 blocks KEP-1
    NEEDS = "needs"  # the first needs the second: KEP-1 depends on KEP-2
    NEITHER = "neither"

    @property
    def turned(self) -> Direction:
        """The other way round; what has no direction gets the one that is more common."""
        return Direction.NEEDS if self is Direction.GIVES else Direction.GIVES


class ImportState(StrEnum):
    """How far an import is."""

    LOOKING = "looking"
    READY = "ready"
    WRITING = "writing"
    DONE = "done"
    REFUSED = "refused"
    STOPPED = "stopped"

    @property
    def goes_on(self) -> bool:
        """True while it is being read or written."""
        return self in {ImportState.LOOKING, ImportState.WRITING}


class Field(StrEnum):
    """What can be read from a column of one's own choice."""

    TEAM = "team"
    TITLE = "title"
    DUE = "due"
    HORIZON = "horizon"


NOTHING: frozenset[Field] = frozenset()
TOLD = frozenset({Field.TITLE, Field.DUE, Field.HORIZON})
"""What becomes of an item beside its team; of a field that a file does not tell nothing is changed here."""


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of work in the other tool. `team` and `horizon` are names as they stand there.

    `silent`: the fields of which the file says nothing, which is not that they are empty.
    """

    id: str
    title: str = ""
    team: str = ""
    due: date | None = None
    horizon: str = ""
    is_done: bool = False
    silent: frozenset[Field] = NOTHING


@dataclass(frozen=True, slots=True)
class LinkKind:
    """A type of link: what it is called, how the first end reads it, and which way it most likely goes."""

    name: str
    phrase: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class Link:
    """`what` names the thing itself where the file does; `times` is how many needs one line stands for."""

    kind: str
    first: str
    second: str
    what: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Outline:
    """What a file of another tool holds.

    `tool` is its name, `columns` what can be chosen for a field, `fields` what was chosen. `doubled`
    links stand at both of their ends and are here once. `is_linkless`: this kind of file never has links.
    """

    tool: str
    items: Mapping[str, Item]
    links: tuple[Link, ...]
    kinds: tuple[LinkKind, ...] = ()
    doubled: int = 0
    columns: tuple[str, ...] = ()
    fields: Mapping[Field, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def shape(self) -> str:
        """A digest of what such files have in common: the tool, the columns and the types of links."""
        words = (self.tool, *self.columns, "|", *(kind.name for kind in self.kinds))
        return sha256("\x1f".join(words).encode()).hexdigest()

    def teams(self) -> Counter[str]:
        """Return the names of the teams and how many items each has."""
        return Counter(item.team for item in self.items.values() if item.team)


class Tally:
    """Counts what was left out, reason by reason, and keeps the first examples of each.

    `links` is how many links were looked at so far.
    """

    def __init__(self) -> None:
        self.links = 0
        self.counts: Counter[str] = Counter()
        self._kept: list[Remark] = []

    def left_out(self, reason: str, where: str, verdict: Verdict = Verdict.LEFT_OUT) -> None:
        self.counts[reason] += 1
        if self.counts[reason] <= REMARKS_KEPT:
            self._kept.append(Remark(where, verdict, reason))

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """The examples, then a line for each reason that has more than these."""
        more = (
            Remark("", Verdict.LEFT_OUT, f"{reason}: {number - REMARKS_KEPT} more like these")
            for reason, number in self.counts.items()
            if number > REMARKS_KEPT
        )
        return (*self._kept, *more)


@dataclass(frozen=True, slots=True)
class Ends:
    """A link with its direction: the item that needs and the one that gives."""

    link: Link
    consumer: Item
    provider: Item


def ends_of(outline: Outline, directions: Mapping[str, Direction], tally: Tally) -> Iterator[Ends]:
    """Yield each pair of items once, whichever types of links say so; what cannot be read is tallied."""
    seen: set[tuple[str, str, str]] = set()
    usual = {kind.name: kind.direction for kind in outline.kinds}
    for link in outline.links:
        tally.links += 1
        direction = directions.get(link.kind, usual[link.kind])
        if direction is Direction.NEITHER:
            tally.left_out(f"the links “{link.kind}” are left out", f"{link.first} – {link.second}")
            continue
        pair = (link.second, link.first) if direction is Direction.GIVES else (link.first, link.second)
        said = (*pair, link.what)
        if said in seen:
            tally.left_out("another link says the same", f"{pair[0]} needs {pair[1]}", Verdict.REPAIRED)
            continue
        seen.add(said)
        missing = [end for end in pair if end not in outline.items]
        if missing:
            tally.left_out("an end of the link is not in the file", f"{pair[0]} needs {pair[1]}")
            continue
        yield Ends(link, outline.items[pair[0]], outline.items[pair[1]])


def dependencies_of(
    outline: Outline,
    *,
    source: str,
    directions: Mapping[str, Direction],
    team_keys: Mapping[str, str],
    tally: Tally,
) -> Iterator[DependencyDraft]:
    """Yield the dependencies behind the links, one by one; what is left out is tallied.

    `team_keys` leads from the name of a team in the file to the key of the team here; a name that is
    missing or leads to "" is left out.
    """
    opposite = _both_ways(outline)
    for ends in ends_of(outline, directions, tally):
        consumer, provider = ends.consumer, ends.provider
        where = f"{consumer.id} needs {provider.id}"
        sides = (team_keys.get(consumer.team, ""), team_keys.get(provider.team, ""))
        if not consumer.team or not provider.team:
            tally.left_out("an item belongs to no team", where)
        elif not all(sides):
            tally.left_out("a team was left out", where)
        elif sides[0] == sides[1]:
            tally.left_out("both ends belong to the same team", where)
        else:
            yield from _drafts(ends, sides, _key(source, ends, opposite))


def _drafts(ends: Ends, sides: tuple[str, str], key: str) -> Iterator[DependencyDraft]:
    link, consumer, provider = ends.link, ends.consumer, ends.provider
    is_team_itself = provider.id == provider.team or not provider.title
    what = link.what or (f"Work of {provider.team} for {consumer.team}" if is_team_itself else provider.title)
    item = "" if is_team_itself else " ".join(part for part in (consumer.id, consumer.title) if part)
    for number in range(1, link.times + 1):
        suffix = f", {number} of {link.times}" if link.times > 1 else ""
        yield DependencyDraft(
            key=f"{key}#{number}" if number > 1 else key,
            consumer=sides[0],
            provider=sides[1],
            what=_cut(what, SENTENCE_LONGEST - len(suffix)) + suffix,
            needed_by=consumer.due or provider.due,
            state=DependencyState.CONFIRMED if provider.is_done else DependencyState.ASKED,
            horizon=consumer.horizon or provider.horizon or None,
            item=_cut(item, SENTENCE_LONGEST),
            silent=_silent(ends),
        )


def _silent(ends: Ends) -> frozenset[str]:
    """The fields that stay as they are here: neither end tells them, or they would be made up."""
    both = ends.consumer.silent & ends.provider.silent
    unsaid = {name for name, field in (("needed_by", Field.DUE), ("horizon", Field.HORIZON)) if field in both}
    if not ends.consumer.title:
        unsaid.add("item")
    if not (ends.link.what or ends.provider.title):
        unsaid.add("what")
    return frozenset(unsaid)


def _both_ways(outline: Outline) -> frozenset[tuple[str, str]]:
    """The pairs of items that are linked in both directions."""
    pairs = {(link.first, link.second) for link in outline.links}
    return frozenset(pair for pair in pairs if pair[::-1] in pairs)


def _key(source: str, ends: Ends, opposite: frozenset[tuple[str, str]]) -> str:
    """The foreign key: the source and both ids, the same whichever way the link is read.

    So a link that is turned round changes its dependency and makes no second one.
    """
    consumer, provider = ends.consumer.id, ends.provider.id
    first, second = sorted((consumer, provider))
    back = "~back" if (consumer, provider) in opposite and consumer != first else ""
    named = f"/{slug(ends.link.what, longest=60)}" if ends.link.what else ""
    key = f"{slug(source)}:{first}~{second}{back}{named}"
    if len(key) > NAME_LONGEST - 8:
        key = f"{slug(source)}:{sha256(key.encode()).hexdigest()[:40]}"
    return key


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
