"""The team map as a sketch: which sign says what (glyph, word and colour, all three)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import log2, sqrt

from planner.domain.picture import DetailLevel, TeamLink, TeamMap, TeamNode, state_in_words
from planner.domain.text import counted
from planner.render.sketch import Arrow, Box, LegendEntry, Line, Piece, Sketch, Wire
from planner.render.text import REGULAR, SEMIBOLD, TOOLTIP_CHARACTERS, clean
from planner.render.theme import area_colour, area_glyph

NAME_SIZE, OWNER_SIZE, LABEL_SIZE = 11.5, 9.5, 9.5  # points; 9 pt (12 px) is the smallest text of a picture
BACKBONE_SIZES = (9.5, 14.5)
PEN_ONE, PEN_TWO_WAY, PEN_LATE, PEN_MORE, PEN_MAX = 1.25, 2.4, 2.2, 0.7, 5.5
BACKBONE_LABELS = 0.25  # the share of the links of a backbone that carry their number
TITLES_IN_TOOLTIP = 3


def sketch_of_teams(team_map: TeamMap) -> Sketch:
    """Return the boxes, wires, legend and words of a team map."""
    sizes = _name_sizes(team_map)
    names = {node.id: clean(node.name, TOOLTIP_CHARACTERS) for node in team_map.nodes}
    threshold = _number_from(team_map)
    return Sketch(
        title=clean(team_map.title, TOOLTIP_CHARACTERS),
        description=_description(team_map),
        boxes=tuple(
            _box(node, team_map, sizes[node.id]) for node in sorted(team_map.nodes, key=lambda node: node.id)
        ),
        wires=tuple(
            _wire(link, names, team_map.level, threshold)
            for link in sorted(team_map.links, key=lambda link: link.pair)
        ),
        subtitle=clean(team_map.subtitle, TOOLTIP_CHARACTERS),
        left_out=team_map.left_out,
        legend=_legend(team_map),
    )


def _name_sizes(team_map: TeamMap) -> Mapping[int, float]:
    """On a backbone the best connected teams are written larger, by the root of their links."""
    if team_map.level is not DetailLevel.BACKBONE:
        return {node.id: NAME_SIZE for node in team_map.nodes}
    degree = Counter(end for link in team_map.links for end in link.pair)
    most = max(degree.values(), default=1)
    small, large = BACKBONE_SIZES
    return {
        node.id: round(small + (large - small) * sqrt(degree[node.id] / most), 1) for node in team_map.nodes
    }


def _number_from(team_map: TeamMap) -> int:
    """The smallest count that is written on a wire: all above one, on a backbone the strongest only."""
    counts = sorted((link.count for link in team_map.links), reverse=True)
    if team_map.level is not DetailLevel.BACKBONE or not counts:
        return 2
    return max(2, counts[int(len(counts) * BACKBONE_LABELS)])


def _box(node: TeamNode, team_map: TeamMap, size: float) -> Box:
    place = team_map.areas.index(node.area) if node.area in team_map.areas else 0
    colour = area_colour(place)
    name = (Piece(glyph=area_glyph(place), token=colour), Piece(text=clean(node.name) or "?"))
    lines = [Line(name, size, SEMIBOLD)]
    if node.owner and team_map.level is not DetailLevel.BACKBONE:
        lines.append(Line((Piece(text=clean(node.owner), token="ink-2"),), OWNER_SIZE, REGULAR))  # noqa: S106
    facts = [part for part in (node.name, node.area, node.owner) if part]
    return Box(
        id=node.id,
        lines=tuple(lines),
        tooltip=clean(" · ".join(dict.fromkeys(facts)), TOOLTIP_CHARACTERS),
        css="node team",
        href=node.href,
        fill=f"{colour}-f",
        border=colour,
    )


def _wire(link: TeamLink, names: Mapping[int, str], level: DetailLevel, number_from: int) -> Wire:
    return Wire(
        tail=link.provider,
        head=link.consumer,
        tooltip=_tooltip(link, names),
        css=" ".join(["edge", *_classes(link)]),
        token=_token(link),
        pen=_pen(link),
        arrow=_arrow(link),
        is_dashed=link.is_open and not (link.is_two_way or link.is_shared or link.is_late),
        label=_label(link, level, number_from),
    )


def _tooltip(link: TeamLink, names: Mapping[int, str]) -> str:
    arrow = "⇄" if link.is_two_way else "→"
    shown = ", ".join(clean(title, 80) for title in link.titles[:TITLES_IN_TOOLTIP])
    more = f" and {link.count - TITLES_IN_TOOLTIP} more" if len(link.titles) > TITLES_IN_TOOLTIP else ""
    what = shown + more or f"{link.count} hand-overs"
    ends = f"{names.get(link.provider, '?')} {arrow} {names.get(link.consumer, '?')}"
    return clean(f"{ends}: {what} ({state_in_words(link)})", 2 * TOOLTIP_CHARACTERS)


def _classes(link: TeamLink) -> list[str]:
    marks = {
        "late": link.is_late,
        "open": link.is_open,
        "two-way": link.is_two_way,
        "shared": link.is_shared,
    }
    return [name for name, holds in marks.items() if holds]


def _token(link: TeamLink) -> str:
    if link.is_late:
        return "risk"
    return "loop" if link.is_two_way else "ink-3"


def _pen(link: TeamLink) -> float:
    base = PEN_TWO_WAY if link.is_two_way else PEN_LATE if link.is_late else PEN_ONE
    return round(min(PEN_MAX, base + PEN_MORE * log2(max(1, link.count))), 2)


def _arrow(link: TeamLink) -> Arrow:
    if link.is_shared:
        return Arrow.SHARED
    return Arrow.BOTH if link.is_two_way else Arrow.ONE


def _label(link: TeamLink, level: DetailLevel, number_from: int) -> Line | None:
    """On a backbone only what is late or strong is labelled; its dashes and heads say the rest."""
    token = _token(link)
    is_full = level is not DetailLevel.BACKBONE
    words = [
        (link.is_late, Piece(glyph="late", token=token)),
        (link.is_late, Piece(text="late", token=token)),
        (link.is_open and is_full and not link.is_late, Piece(text="? open", token=token)),
        (link.is_shared and is_full, Piece(text="shared", token=token)),
    ]
    said = tuple(piece for holds, piece in words if holds)
    number = Piece(text=f"{link.count} ·" if said else str(link.count), token=token)
    signs = [
        (link.is_two_way and is_full, Piece(glyph="two-way", token=token)),
        (link.count >= number_from, number),
    ]
    shown = (*(piece for holds, piece in signs if holds), *said)
    return Line(shown, LABEL_SIZE, SEMIBOLD) if shown else None


def _description(team_map: TeamMap) -> str:
    late = sum(1 for link in team_map.links if link.is_late)
    unanswered = sum(1 for link in team_map.links if link.is_open)
    noun = "area" if team_map.level is DetailLevel.AREAS else "team"
    sentences = [
        f"{counted(len(team_map.nodes), noun)} and {counted(len(team_map.links), 'link')}, "
        f"{late} late, {unanswered} open.",
        team_map.left_out,
        "Arrows point to who receives. The table says the same.",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _legend(team_map: TeamMap) -> tuple[LegendEntry, ...]:
    shown = {node.area for node in team_map.nodes}
    areas = [
        LegendEntry(clean(area), area_colour(place), glyph=area_glyph(place))
        for place, area in enumerate(team_map.areas)
        if area in shown
    ]
    return (*areas, *_legend_of_links(team_map.links))


def _legend_of_links(links: tuple[TeamLink, ...]) -> list[LegendEntry]:
    entries = [
        (True, LegendEntry("hand-over, to who receives", "ink-3", arrow=Arrow.ONE)),
        (
            any(link.is_two_way for link in links),
            LegendEntry("each needs the other", "loop", "two-way", Arrow.BOTH),
        ),
        (any(link.is_late for link in links), LegendEntry("late", "risk", "late", Arrow.ONE)),
        (
            any(link.is_open for link in links),
            LegendEntry("? open: not agreed yet", "ink-3", arrow=Arrow.ONE, is_dashed=True),
        ),
        (
            any(link.is_shared for link in links),
            LegendEntry("shared by both", "ink-3", arrow=Arrow.SHARED),
        ),
    ]
    return [entry for holds, entry in entries if holds and links]
