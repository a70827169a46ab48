"""Generated organisations of known shape. The same family and size is the same instance, item for item."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, combinations, pairwise, product
from random import Random

from planner.bench.consolidation.instances import Instance, Link, Outline, instance_of
from planner.domain.consolidation.model import Rules
from planner.domain.model import WorkingHours

MINUTES = (5, 10, 15, 20)
AREA = 10  # teams
ITEMS_PER_TEAM = 3
PLATFORM_SHARE = 0.1
TAIL = 1.2  # Pareto: the smaller, the more of all needs go to the few largest platforms
TO_PLATFORM, TO_OWN_AREA = 0.35, 0.85  # of ten needs 3.5 go to a platform, 5 stay in the area
WRITTEN_SHARE = 0.2  # links that need no conversation, beside the items
SHARING = 0.08  # teams whose decisions the person of the team before takes too
GROUP = 4  # items of one goal at most
OWNED = 3  # every third team of that family has the same person
ISLAND = 5  # teams
CENTRES = (
    WorkingHours("America/New_York", 8 * 60, 17 * 60),
    WorkingHours("Europe/London"),
    WorkingHours("Europe/Berlin", 8 * 60, 17 * 60),
    WorkingHours("Asia/Kolkata", 9 * 60, 18 * 60),
)
FAR_APART = frozenset({"America/New_York", "Asia/Kolkata"})  # their days do not overlap


@dataclass(frozen=True, slots=True)
class Family:
    """How organisations of one shape are made, at which numbers of teams, and at which quickly."""

    outline: Callable[[int], Outline]
    sizes: tuple[int, ...]
    quick: tuple[int, ...]


def generate(family: str, teams: int, rules: Rules) -> Instance:
    """Return the instance of that family with so many teams; raises KeyError for an unknown family."""
    return instance_of(f"{family}-{teams}", family, FAMILIES[family].outline(teams), rules)


def _names(teams: int) -> list[str]:
    return [f"t{number:05}" for number in range(teams)]


def _alone(teams: int) -> dict[str, frozenset[str]]:
    """Each team with a person of its own."""
    return {name: frozenset({f"p{name[1:]}"}) for name in _names(teams)}


def _random(family: str, teams: int) -> Random:
    return Random(f"{family} {teams}")  # noqa: S311 - a repeatable organisation, no secret


def clustered(teams: int) -> Outline:
    """Areas of ten teams around platforms that many need; a few people decide for two or three teams."""
    random = _random("clustered", teams)
    return Outline(_shared(random, teams), list(_clustered_links(random, teams)))


def _shared(random: Random, teams: int) -> dict[str, frozenset[str]]:
    reps: dict[str, frozenset[str]] = {}
    before: frozenset[str] = frozenset()
    run = 0  # teams in a row that the person before decides for as well
    for number, (name, own) in enumerate(_alone(teams).items()):
        run = run + 1 if number % AREA and run < 2 and random.random() < SHARING else 0
        before = reps[name] = before if run else own
    return reps


def _clustered_links(random: Random, teams: int) -> Iterator[Link]:
    names = _names(teams)
    platforms = random.sample(range(teams), max(1, round(teams * PLATFORM_SHARE)))
    weights = list(accumulate(random.paretovariate(TAIL) for _ in platforms))
    live = 0
    while live < ITEMS_PER_TEAM * teams:
        consumer = random.randrange(teams)
        provider = _provider(random, consumer, teams, random.choices(platforms, cum_weights=weights)[0])
        if provider != consumer:
            link = Link(names[consumer], names[provider], random.choice(MINUTES), _is_live(random))
            live += link.is_live
            yield link


def _provider(random: Random, consumer: int, teams: int, platform: int) -> int:
    way = random.random()
    if way < TO_PLATFORM:
        return platform
    if way < TO_OWN_AREA:
        first = consumer - consumer % AREA
        return random.randrange(first, min(first + AREA, teams))
    return random.randrange(teams)


def _is_live(random: Random) -> bool:
    return random.random() >= WRITTEN_SHARE


def star(teams: int) -> Outline:
    """One team that all others need."""
    hub, *others = _names(teams)
    return _linked("star", teams, ((other, hub) for other in others))


def clique(teams: int) -> Outline:
    """Every team needs something from every team before it."""
    return _linked("clique", teams, combinations(_names(teams), 2))


def chain(teams: int) -> Outline:
    """Each team needs something from the one before."""
    return _linked("chain", teams, pairwise(_names(teams)))


def bipartite(teams: int) -> Outline:
    """Every team of the first half needs something from every team of the second."""
    names = _names(teams)
    return _linked("bipartite", teams, product(names[: teams // 2], names[teams // 2 :]))


def disconnected(teams: int) -> Outline:
    """Islands of five teams, each a clique that needs nothing from the others."""
    names = _names(teams)
    islands = (names[first : first + ISLAND] for first in range(0, teams, ISLAND))
    return _linked("disconnected", teams, (pair for island in islands for pair in combinations(island, 2)))


def _linked(family: str, teams: int, pairs: Iterator[tuple[str, str]]) -> Outline:
    random = _random(family, teams)
    return Outline(_alone(teams), [Link(one, other, random.choice(MINUTES)) for one, other in pairs])


def one_person(teams: int) -> Outline:
    """Clustered, and one person decides for every third team."""
    random = _random("one-person", teams)
    reps = {
        name: frozenset({"p-many"}) if number % OWNED == 0 else own
        for number, (name, own) in enumerate(_alone(teams).items())
    }
    return Outline(reps, list(_clustered_links(random, teams)))


def zones(teams: int) -> Outline:
    """Clustered, each team in one of four cities; those that never work at the same time do not meet."""
    random = _random("zones", teams)
    reps = _alone(teams)
    at = {name: random.choice(CENTRES) for name in reps}
    links = [link for link in _clustered_links(random, teams) if _can_meet(at, link)]
    hours = {person: at[name] for name, people in reps.items() for person in people}
    return Outline(reps, links, hours=hours)


def _can_meet(at: Mapping[str, WorkingHours], link: Link) -> bool:
    return {at[link.consumer].zone, at[link.provider].zone} != FAR_APART


def goals(teams: int) -> Outline:
    """Clustered, and for one goal in each area some items of that area stay together."""
    random = _random("goals", teams)
    links = list(_clustered_links(random, teams))
    inside: dict[int, list[str]] = {}
    for number, link in enumerate(links):
        areas = {int(name[1:]) // AREA for name in (link.consumer, link.provider)}
        if link.is_live and len(areas) == 1:
            inside.setdefault(areas.pop(), []).append(f"i{number:05}")
    groups = (frozenset(items[:GROUP]) for _, items in sorted(inside.items()))
    return Outline(_alone(teams), links, tuple(group for group in groups if len(group) > 1))


def two_representatives(teams: int) -> Outline:
    """Clustered, and two people decide for each team and both attend."""
    random = _random("two-representatives", teams)
    reps = {name: frozenset({f"p{name[1:]}", f"q{name[1:]}"}) for name in _names(teams)}
    return Outline(reps, list(_clustered_links(random, teams)))


FAMILIES = {
    "clustered": Family(clustered, (10, 100, 300, 1000), (10,)),
    "star": Family(star, (40, 2001), (12,)),
    "clique": Family(clique, (20,), (6,)),
    "chain": Family(chain, (60,), (12,)),
    "bipartite": Family(bipartite, (24,), (8,)),
    "disconnected": Family(disconnected, (60,), (10,)),
    "one-person": Family(one_person, (24, 300), (24,)),
    "zones": Family(zones, (60,), (12,)),
    "goals": Family(goals, (60,), (20,)),
    "two-representatives": Family(two_representatives, (40,), (10,)),
}
