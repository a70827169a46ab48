"""From a selection of dependencies to the task that the solver is given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from planner.domain.away import NEVER, Away
from planner.domain.consolidation.model import Attendee, Item, Rules, Task
from planner.domain.consolidation.naming import item_name, person_name, place_name, team_name
from planner.domain.consolidation.selection import Chosen, Selection, Treatment
from planner.domain.graph import waits
from planner.domain.model import Organisation, Person, PlaceId, TeamId, WorkingHours


def build_task(
    organisation: Organisation,
    selection: Selection,
    *,
    rules: Rules,
    days: Iterable[date] = (),
    away: Away = NEVER,
) -> Task:
    """The live items, who must be there, what belongs together and when and where people can meet."""
    items = _items(selection)
    people = sorted({person_id for one in selection.live for person_id in one.people})
    attendees = [
        replace(
            attendee_of(organisation, selection, organisation.person[id_], rules),
            away=tuple(away.get(id_, ())),
        )
        for id_ in people
    ]
    return Task(
        items=items,
        attendees={attendee.id: attendee for attendee in attendees},
        rules=rules,
        keep_together=_keep_together(selection, items, rules),
        travel=_travel(organisation, attendees),
        days=tuple(days),
    )


def _items(selection: Selection) -> tuple[Item, ...]:
    live = selection.live
    before = waits(one.dependency for one in live)
    rank = {one.dependency.id: number for number, one in enumerate(sorted(live, key=_urgency))}
    return tuple(
        Item(
            id=item_name(one.dependency.id),
            consumer=team_name(one.dependency.consumer_id),
            provider=team_name(one.dependency.provider_id),
            people=frozenset(person_name(person_id) for person_id in one.people),
            minutes=one.minutes,
            kind=one.kind,
            waits_for=frozenset(item_name(id_) for id_ in before.get(one.dependency.id, ())),
            rank=rank[one.dependency.id],
        )
        for one in live
    )


def _urgency(one: Chosen) -> tuple[date, int]:
    """Needed earlier first, undated last, then the older one."""
    return one.dependency.needed_by or date.max, one.dependency.id


def attendee_of(organisation: Organisation, selection: Selection, person: Person, rules: Rules) -> Attendee:
    """A person as the plan sees them: at their place, in what the rules leave of their hours."""
    place_id = person.place_id
    if place_id is None:
        place_id = _place_of_teams(organisation, selection, person)
    return Attendee(
        id=person_name(person.id),
        place=None if place_id is None else place_name(place_id),
        hours=_narrowed(person.hours, rules),
    )


def _narrowed(hours: WorkingHours, rules: Rules) -> WorkingHours:
    """The hours that are left under the rules; no day at all where none are."""
    start, end = max(hours.start, rules.earliest), min(hours.end, rules.latest)
    return replace(hours, start=start, end=end) if start < end else replace(hours, days=frozenset())


def _place_of_teams(organisation: Organisation, selection: Selection, person: Person) -> PlaceId | None:
    """Where the first of the teams that the person speaks for sits."""
    teams = (organisation.team[id_] for id_ in selection.spoken_for.get(person.id, ()))
    return next((team.place_id for team in teams if team.place_id is not None), None)


def _travel(organisation: Organisation, attendees: Iterable[Attendee]) -> dict[frozenset[str], int]:
    """Minutes one way between the places where attendees sit; an unknown way is no way to go."""
    places = {attendee.place for attendee in attendees}
    found: dict[frozenset[str], int] = {}
    for way in organisation.travel:
        ends = frozenset({place_name(way.place_id), place_name(way.other_place_id)})
        if len(ends) == 2 and ends <= places:
            found[ends] = way.minutes
    return found


def _keep_together(selection: Selection, items: tuple[Item, ...], rules: Rules) -> tuple[frozenset[str], ...]:
    """Two-way pairs, rings that fit, and whole queues where the rules ask for them, in order."""
    wanted = [*_rings(selection, items), *_two_way_pairs(selection)]
    if rules.queues_whole:
        wanted += _grouped((item.provider, item.id) for item in items)
    groups = _fuse(wanted, {item.id: item for item in items}, rules)
    return tuple(sorted((group for group in groups if len(group) > 1), key=sorted))


def _rings(selection: Selection, items: tuple[Item, ...]) -> list[frozenset[str]]:
    ring_of = {team_name(TeamId(id_)): n for n, ring in enumerate(selection.links.rings) for id_ in ring}
    return _grouped(
        (str(ring_of[item.consumer]), item.id)
        for item in items
        if item.consumer in ring_of and ring_of[item.consumer] == ring_of.get(item.provider)
    )


def _two_way_pairs(selection: Selection) -> list[frozenset[str]]:
    two_way = [one.dependency for one in selection.live if one.treatment is Treatment.TWO_WAY]
    sides = {d.id: sorted((d.consumer_id, d.provider_id)) for d in two_way}
    return _grouped((str(sides[d.id]), item_name(d.id)) for d in two_way)


def _grouped(named: Iterable[tuple[str, str]]) -> list[frozenset[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for group, item_id in named:
        groups[group].add(item_id)
    return [frozenset(group) for group in groups.values()]


def _fuse(wanted: Iterable[frozenset[str]], item: Mapping[str, Item], rules: Rules) -> list[frozenset[str]]:
    """The wanted groups, those that overlap made one; a group that would break a cap is left out."""
    groups: list[frozenset[str]] = []
    for group in wanted:
        touched = [other for other in groups if other & group]
        fused = group.union(*touched)
        if _fits([item[id_] for id_ in fused], rules):
            groups = [other for other in groups if other not in touched] + [fused]
    return groups


def _fits(items: list[Item], rules: Rules) -> bool:
    people = frozenset().union(*(item.people for item in items))
    minutes = rules.opening + sum(item.minutes for item in items)
    return len(people) <= rules.people_max and minutes <= rules.minutes_max
