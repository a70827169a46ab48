"""The team map of an organisation: which links there are, and how much of them stays readable."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from planner.domain.model import Dependency, DependencyKind, DependencyState, Organisation, Team, TeamId
from planner.domain.picture import (
    DetailLevel,
    LinksEach,
    MapRow,
    Pair,
    TeamLink,
    TeamMap,
    TeamNode,
    state_in_words,
)
from planner.domain.text import counted

# Measured: beyond these a reader no longer finds a link in the drawing (docs/adr/0003).
FULL_TEAMS_MAX = 20
FULL_LINKS_MAX = 40
ON_REQUEST_LINKS_MAX = 160
BACKBONE_TEAMS_MAX = 60
AREA_LINKS_MAX = 24
BACKBONE_LINKS_EACH = 2
LINKS_EACH_MAX = 20  # of a team; more make no picture
NO_AREA = "No area"

_UNANSWERED = frozenset({DependencyState.ASKED, DependencyState.COUNTERED, DependencyState.REOPENED})


@dataclass(frozen=True, slots=True)
class _Facts:
    """The whole graph of teams before the level of detail cuts it."""

    organisation: Organisation
    teams: tuple[Team, ...]
    links: tuple[TeamLink, ...]


def team_map(
    organisation: Organisation,
    dependencies: Iterable[Dependency],
    *,
    today: date,
    focus: TeamId | None = None,
    depth: int = 1,
    level: DetailLevel | None = None,
    links_each: LinksEach | None = None,
    subtitle: str = "",
    team_href: Callable[[TeamId], str] | None = None,
    area_href: Callable[[str], str] | None = None,
) -> TeamMap:
    """Return the map of exactly the given dependencies, at the level of detail that stays readable.

    `focus` keeps the teams at most `depth` links away from one team. `level` overrides the choice by
    size, but what no engine draws in time stays a backbone. `links_each` chooses how many links of a team
    a backbone keeps, as far as they can be followed. `subtitle` says the filters in words. The two href
    functions make boxes into links.
    A focus that is no team of the organisation gives an empty map.
    """
    facts = _focused(_facts(organisation, dependencies, today), focus, depth)
    chosen = _allowed(level, facts) if level else _level_for(facts)
    if chosen is DetailLevel.AREAS:
        return _area_map(facts, links_each, subtitle, area_href)
    title = _title(organisation, focus)
    if chosen is DetailLevel.FULL:
        return _map_of_teams(facts, _Backbone(facts.links), chosen, title, subtitle, team_href)
    return _map_of_teams(facts, _backbone(facts.links, links_each), chosen, title, subtitle, team_href)


def areas_of(organisation: Organisation) -> tuple[str, ...]:
    """Return the areas by name; the place in this list decides an area's colour and glyph."""
    return tuple(sorted({team.area or NO_AREA for team in organisation.teams}))


def strongest_links(links: Sequence[TeamLink], each: int = BACKBONE_LINKS_EACH) -> tuple[TeamLink, ...]:
    """Return every link that is among the `each` strongest of one of its ends, in the given order.

    Stronger is: more hand-overs, then two-way, then late, then the lower ids.
    """
    ranked = sorted(links, key=lambda link: (-link.count, not link.is_two_way, not link.is_late, link.pair))
    taken: Counter[int] = Counter()
    kept = set()
    for link in ranked:
        if taken[link.provider] < each or taken[link.consumer] < each:
            kept.add(link)
        taken.update((link.provider, link.consumer))
    return tuple(link for link in links if link in kept)


@dataclass(frozen=True, slots=True)
class _Backbone:
    """The links that are drawn, and how many each end was asked and allowed to keep; None: all it has."""

    links: tuple[TeamLink, ...]
    asked: LinksEach | None = None
    each: int | None = None


def _backbone(links: Sequence[TeamLink], asked: LinksEach | None) -> _Backbone:
    """Return as many of the strongest links as were asked for, or as many as can still be followed."""
    among = _among_busiest(links)
    if asked is None:
        return _Backbone(strongest_links(among), None, BACKBONE_LINKS_EACH)
    if len(among) <= ON_REQUEST_LINKS_MAX and asked is LinksEach.ALL:
        return _Backbone(among, asked)
    most = LINKS_EACH_MAX if asked is LinksEach.ALL else int(asked)
    for each in range(most, BACKBONE_LINKS_EACH, -1):
        found = strongest_links(among, each)
        if len(found) <= ON_REQUEST_LINKS_MAX:
            return _Backbone(found, asked, each)
    return _Backbone(strongest_links(among), asked, BACKBONE_LINKS_EACH)


def _facts(organisation: Organisation, dependencies: Iterable[Dependency], today: date) -> _Facts:
    by_pair: dict[Pair, list[Dependency]] = defaultdict(list)
    teams = {team.id for team in organisation.teams}
    for dependency in sorted(dependencies, key=attrgetter("id")):
        gives, receives = dependency.provider_id, dependency.consumer_id
        if gives != receives and gives in teams and receives in teams:
            by_pair[(gives, receives) if gives < receives else (receives, gives)].append(dependency)
    links = tuple(_link(pair, by_pair[pair], today) for pair in sorted(by_pair))
    return _Facts(organisation, organisation.teams, links)


def _link(pair: Pair, dependencies: Sequence[Dependency], today: date) -> TeamLink:
    if len(dependencies) == 1:
        return _link_of(dependencies[0], today)
    forward = sum(1 for one in dependencies if one.provider_id == pair[0])
    provider, consumer = pair if forward * 2 >= len(dependencies) else (pair[1], pair[0])
    kinds = {one.kind for one in dependencies}
    both_give = 0 < forward < len(dependencies) or DependencyKind.BACK_AND_FORTH in kinds
    return TeamLink(
        provider=provider,
        consumer=consumer,
        titles=tuple(one.what for one in dependencies),
        count=len(dependencies),
        is_late=any(one.is_late(today) for one in dependencies),
        is_open=any(one.state in _UNANSWERED for one in dependencies),
        is_two_way=both_give and kinds != {DependencyKind.SHARED},
        is_shared=kinds == {DependencyKind.SHARED},
    )


def _link_of(one: Dependency, today: date) -> TeamLink:
    """The link of a single hand-over, as nearly all are in a large organisation."""
    return TeamLink(
        provider=one.provider_id,
        consumer=one.consumer_id,
        titles=(one.what,),
        is_late=one.is_late(today),
        is_open=one.state in _UNANSWERED,
        is_two_way=one.kind is DependencyKind.BACK_AND_FORTH,
        is_shared=one.kind is DependencyKind.SHARED,
    )


def _focused(facts: _Facts, focus: TeamId | None, depth: int) -> _Facts:
    if focus is None:
        return facts
    near = _reached(facts.links, focus, depth)
    teams = tuple(team for team in facts.teams if team.id in near)
    links = tuple(link for link in facts.links if link.provider in near and link.consumer in near)
    return _Facts(facts.organisation, teams, links)


def _reached(links: Iterable[TeamLink], start: int, depth: int) -> set[int]:
    neighbours: dict[int, set[int]] = defaultdict(set)
    for link in links:
        neighbours[link.provider].add(link.consumer)
        neighbours[link.consumer].add(link.provider)
    reached = edge = {start}
    for _ in range(depth):
        edge = {other for one in edge for other in neighbours[one]} - reached
        reached = reached | edge
    return reached


def _level_for(facts: _Facts) -> DetailLevel:
    if len(facts.teams) <= FULL_TEAMS_MAX and len(facts.links) <= FULL_LINKS_MAX:
        return DetailLevel.FULL
    linked = {link.provider for link in facts.links} | {link.consumer for link in facts.links}
    has_areas = len({team.area for team in facts.teams}) > 1
    return DetailLevel.AREAS if len(linked) > BACKBONE_TEAMS_MAX and has_areas else DetailLevel.BACKBONE


def _allowed(level: DetailLevel, facts: _Facts) -> DetailLevel:
    is_large = len(facts.teams) > BACKBONE_TEAMS_MAX or len(facts.links) > ON_REQUEST_LINKS_MAX
    return DetailLevel.BACKBONE if level is DetailLevel.FULL and is_large else level


def _map_of_teams(
    facts: _Facts,
    backbone: _Backbone,
    level: DetailLevel,
    title: str,
    subtitle: str,
    href: Callable[[TeamId], str] | None,
) -> TeamMap:
    drawn = backbone.links
    linked = {end for link in drawn for end in link.pair}
    shown = [team for team in facts.teams if level is DetailLevel.FULL or team.id in linked]
    names = {int(team.id): team.name for team in facts.teams}
    return TeamMap(
        title=f"{title}: {_strongest(backbone.each, 'team')}" if backbone.asked and backbone.each else title,
        nodes=tuple(_node(facts.organisation, team, href) for team in shown),
        links=drawn,
        areas=areas_of(facts.organisation),
        level=level,
        subtitle=subtitle,
        left_out=_left_out(facts, backbone, len(shown)),
        rows=_rows(facts.links, names, drawn=frozenset(drawn)),
    )


def _among_busiest(links: Sequence[TeamLink]) -> tuple[TeamLink, ...]:
    """Without areas to fold them into, the busiest teams stand for a large organisation."""
    handed: Counter[int] = Counter()
    for link in links:
        handed[link.provider] += link.count
        handed[link.consumer] += link.count
    ranked = sorted(handed, key=lambda team: (-handed[team], team))
    busiest = frozenset(ranked[:BACKBONE_TEAMS_MAX])
    return tuple(link for link in links if busiest.issuperset(link.pair))


def _node(organisation: Organisation, team: Team, href: Callable[[TeamId], str] | None) -> TeamNode:
    owners = [organisation.person[person].name for person in organisation.product_owners[team.id]]
    others = f" +{len(owners) - 1}" if len(owners) > 1 else ""
    return TeamNode(
        id=team.id,
        name=team.name,
        owner=owners[0] + others if owners else "",
        area=team.area or NO_AREA,
        href=href(team.id) if href else "",
    )


def _title(organisation: Organisation, focus: TeamId | None) -> str:
    if focus is not None and focus in organisation.team:
        return f"Around {organisation.team[focus].name}"
    return f"Team map of {organisation.name}" if organisation.name else "Team map"


def _strongest(each: int | None, noun: str) -> str:
    return f"the {each} strongest links of each {noun}" if each else "all links that can be followed"


def _left_out(facts: _Facts, backbone: _Backbone, teams: int) -> str:
    sentences = []
    if len(backbone.links) < len(facts.links):
        shown = f"Showing {len(backbone.links)} of {len(facts.links)} links"
        sentences.append(
            f"{shown}: the {backbone.each} strongest of each team." if backbone.each else f"{shown}."
        )
    if backbone.asked and backbone.each and backbone.asked.value != str(backbone.each):
        sentences.append("More could not be followed.")
    if teams < len(facts.teams):
        sentences.append(f"{counted(len(facts.teams) - teams, 'team')} without a drawn link left out.")
    return " ".join(sentences)


def _rows(
    links: Iterable[TeamLink], names: Mapping[int, str], *, drawn: frozenset[TeamLink]
) -> tuple[MapRow, ...]:
    rows = [
        MapRow(
            provider=names[link.provider],
            consumer=names[link.consumer],
            what=link.titles,
            count=link.count,
            state=state_in_words(link),
            is_drawn=link in drawn,
        )
        for link in links
    ]
    return tuple(sorted(rows, key=lambda row: (row.provider.casefold(), row.consumer.casefold())))


def _area_map(
    facts: _Facts, asked: LinksEach | None, subtitle: str, href: Callable[[str], str] | None
) -> TeamMap:
    areas = areas_of(facts.organisation)
    number = {area: index for index, area in enumerate(areas, start=1)}
    area_of = {int(team.id): number[team.area or NO_AREA] for team in facts.teams}
    teams = Counter(area_of.values())
    links = _links_between(facts.links, area_of)
    backbone = _Backbone(links) if len(links) <= AREA_LINKS_MAX else _backbone(links, asked)
    drawn = backbone.links
    linked = {end for link in drawn for end in link.pair}
    named = [area for area in areas if teams[number[area]]]
    shown = [area for area in named if len(named) <= BACKBONE_TEAMS_MAX or number[area] in linked]
    return TeamMap(
        title="Map of areas",
        nodes=tuple(
            TeamNode(
                number[area], area, counted(teams[number[area]], "team"), area, href(area) if href else ""
            )
            for area in shown
        ),
        links=drawn,
        areas=areas,
        level=DetailLevel.AREAS,
        subtitle=subtitle,
        left_out=_left_out_of_areas(facts, links, backbone, len(named) - len(shown)),
        rows=_rows(links, {index: area for area, index in number.items()}, drawn=frozenset(drawn)),
    )


def _left_out_of_areas(facts: _Facts, links: Sequence[TeamLink], backbone: _Backbone, hidden: int) -> str:
    inside = sum(link.count for link in facts.links) - sum(link.count for link in links)
    said = (
        f"{counted(len(facts.teams), 'team')} by area; {counted(inside, 'hand-over')} within areas left out."
    )
    if len(backbone.links) == len(links):
        return said
    said = f"{said} Showing {len(backbone.links)} of {len(links)} links"
    said += f": the {backbone.each} strongest of each area." if backbone.each else "."
    return f"{said} {counted(hidden, 'area')} without a drawn link left out." if hidden else said


def _links_between(links: Iterable[TeamLink], area_of: Mapping[int, int]) -> tuple[TeamLink, ...]:
    by_pair: dict[Pair, list[TeamLink]] = defaultdict(list)
    for link in links:
        gives, receives = area_of[link.provider], area_of[link.consumer]
        if gives != receives:
            by_pair[(gives, receives) if gives < receives else (receives, gives)].append(link)
    return tuple(_joined(pair, by_pair[pair], area_of) for pair in sorted(by_pair))


def _joined(pair: Pair, links: Sequence[TeamLink], area_of: Mapping[int, int]) -> TeamLink:
    """One link between areas; late or open when at least half of its links are: one always is."""
    if len(links) == 1:
        return _moved(links[0], area_of)
    count = sum(link.count for link in links)
    forward = sum(link.count for link in links if area_of[link.provider] == pair[0])
    provider, consumer = pair if forward * 2 >= count else (pair[1], pair[0])
    return TeamLink(
        provider=provider,
        consumer=consumer,
        count=count,
        is_late=2 * sum(link.is_late for link in links) >= len(links),
        is_open=2 * sum(link.is_open for link in links) >= len(links),
        is_two_way=0 < forward < count or any(link.is_two_way for link in links),
    )


def _moved(link: TeamLink, area_of: Mapping[int, int]) -> TeamLink:
    """The only link between two areas, as one of these."""
    return TeamLink(
        provider=area_of[link.provider],
        consumer=area_of[link.consumer],
        count=link.count,
        is_late=link.is_late,
        is_open=link.is_open,
        is_two_way=link.is_two_way,
    )
