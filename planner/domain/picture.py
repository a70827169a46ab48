"""What a picture of the organisation shows, before anybody thinks of how to draw it.

A team map joins the teams and the hand-overs between them into one value: what is drawn, what was left
out and why, and the rows of the table that says the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Pair = tuple[int, int]


class DetailLevel(StrEnum):
    """FULL: every team and link. BACKBONE: each team's strongest links. AREAS: one node per area."""

    FULL = "full"
    BACKBONE = "backbone"
    AREAS = "areas"


class LinksEach(StrEnum):
    """How many links of each team a backbone keeps; ALL: as many as a reader can still follow."""

    THREE = "3"
    FIVE = "5"
    TEN = "10"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class TeamNode:
    """A box: a team, or on the area map an area (then `id` counts the areas and `owner` its teams)."""

    id: int
    name: str
    owner: str = ""
    area: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class TeamLink:
    """All hand-overs between two boxes; `provider` gives more of them when both sides give."""

    provider: int
    consumer: int
    titles: tuple[str, ...] = ()
    count: int = 1
    is_late: bool = False
    is_open: bool = False
    is_two_way: bool = False
    is_shared: bool = False

    @property
    def pair(self) -> Pair:
        """The two ends in order of their ids, whatever the direction."""
        return min(self.provider, self.consumer), max(self.provider, self.consumer)


@dataclass(frozen=True, slots=True)
class MapRow:
    """One link in the table beside the picture, in words."""

    provider: str
    consumer: str
    what: tuple[str, ...]
    count: int
    state: str
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class TeamMap:
    """A drawable map. `areas` are all areas of the organisation, so that each keeps its colour."""

    title: str
    nodes: tuple[TeamNode, ...] = ()
    links: tuple[TeamLink, ...] = ()
    areas: tuple[str, ...] = ()
    level: DetailLevel = DetailLevel.FULL
    subtitle: str = ""
    left_out: str = ""
    rows: tuple[MapRow, ...] = ()


def state_in_words(link: TeamLink) -> str:
    """Return what the colours and glyphs of a link say, e.g. "two-way, late"."""
    words = [
        word
        for word, holds in (
            ("two-way", link.is_two_way),
            ("shared", link.is_shared),
            ("late", link.is_late),
            ("open", link.is_open),
        )
        if holds
    ]
    return ", ".join(words) or "agreed"
