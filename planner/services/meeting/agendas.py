"""The agenda that a shared session writes itself, from the facts of now and what was left open last time.

What is late is judged by the day of the session, so that the same facts give the same agenda on every day
before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from planner.domain.consolidation.model import Interdependence
from planner.domain.consolidation.selection import judged_anew
from planner.domain.consolidation.selection import select as select_items
from planner.domain.errors import InvalidInput
from planner.domain.graph import waiting_pairs
from planner.domain.meeting.acts import TALK_MINUTES
from planner.domain.meeting.agenda import Matter, in_order
from planner.domain.meeting.learned import Learned, Sort
from planner.domain.meeting.model import AgendaItem, ItemId
from planner.services.consolidation.suggestions import request_of
from planner.services.meeting.earlier import day_of, decided_before, left_open, meeting_before, read_again
from planner.services.meeting.learned_minutes import read_learned
from planner.services.settings import read_rules
from planner.services.shelf import Shelf
from planner.storage.models import ProposalRow, SharedSessionRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date
    from fractions import Fraction

    from sqlalchemy.orm import Session

    from planner.domain.consolidation.model import Rules
    from planner.domain.consolidation.selection import Chosen, Selection
    from planner.domain.model import Dependency, Organisation
    from planner.services.meeting.earlier import Again

_selections: Shelf[tuple[Rules, date], tuple[Organisation, Selection]] = Shelf(8)
"""What everything asks for takes long to find out in a large organisation, and each page asks it."""


@dataclass(frozen=True)
class Facts:
    """What an agenda is written from. `rules` are those of the plan, `matters` in the order of the plan.

    unfinished: the names of what the session before has left open; before: what that session is called.
    needed_by: the dates of dependencies that have one, by key. learned: what minutes are written by.
    """

    rules: Rules
    matters: tuple[Matter, ...]
    unfinished: frozenset[str] = frozenset()
    before: str = ""
    needed_by: Mapping[str, date] = field(default_factory=dict)
    learned: Learned = field(default_factory=Learned)


def read_facts(
    session: Session,
    organisation: Organisation,
    shared: SharedSessionRow,
    number: int = 0,
    *,
    gaps: Mapping[str, Fraction] | None = None,
    without: Collection[str] = (),
) -> Facts:
    """Return what the agenda of a round is written from; `gaps` are those of opened votes, by key.

    `without` are names of what people have taken out of it.

    Dependencies that nobody waits for any more are left out, and in a later round what an earlier one has
    decided, unless the day has come to look at it again. Minutes are those that are learned here. At most
    eight queries.
    """
    proposal = None if shared.proposal_id is None else session.get(ProposalRow, shared.proposal_id)
    rules = _rules(session, proposal)
    last = meeting_before(session, shared, number)
    before, left = left_open(session, shared, last)
    known = {one.key: one for one in organisation.dependencies}
    chosen = _chosen(organisation, rules, day_of(shared, number), gaps or {})
    people = _people(organisation, proposal, frozenset(seat["person"] for seat in shared.seats))
    decided = decided_before(session, shared.id, number)
    planned = [key for key in _as_planned(shared, proposal) if key not in decided]
    all_wanted = [*planned, *_still_ours(left, shared.agenda, chosen, people)]
    again = read_again(session, shared, number, last, besides=all_wanted)
    wanted = [key for key in (*all_wanted, *again) if key in chosen and key not in without]
    names = {item.name for item in left}
    needs = _needs(known[key] for key in wanted)
    learned = read_learned(session)
    matters = [
        _matter(
            chosen[key],
            people(chosen[key]),
            needs[key],
            rules=rules,
            learned=learned,
            is_unfinished=key in names,
            again=again[key].words if key in again else "",
        )
        for key in wanted
    ]
    came = [one for name, one in again.items() if name not in chosen and name not in names]
    topics = [*(_topic(item) for item in left if item.dependency is None), *map(_topic_again, came)]
    kept = (*matters, *(one for one in topics if one.name not in without))
    needed_by = {key: day for key in wanted for day in (known[key].needed_by,) if day is not None}
    return Facts(rules, kept, frozenset(names), before, needed_by, learned)


def written_items(
    session: Session, organisation: Organisation, shared: SharedSessionRow, number: int = 0
) -> tuple[AgendaItem, ...]:
    """Return the agenda of a round as it writes itself, as items that are not kept yet."""
    facts = read_facts(session, organisation, shared, number)
    return tuple(item_of(matter, place) for place, matter in enumerate(in_order(facts.matters), 1))


def item_of(matter: Matter, position: int, number: int = 0) -> AgendaItem:
    """Return a matter as an item of a meeting."""
    return AgendaItem(
        id=ItemId(number),
        position=position,
        title=matter.title,
        dependency=matter.dependency,
        kind=matter.kind,
        minutes=matter.minutes,
        lead=matter.lead,
        sort=matter.sort,
        usual=matter.usual,
    )


def _as_planned(shared: SharedSessionRow, proposal: ProposalRow | None) -> list[str]:
    """The agenda in the order in which it was proposed, whatever order was taken since."""
    planned = () if proposal is None else proposal.plan["sessions"]
    place = {key: at for at, key in enumerate(key for one in planned for key in one["items"])}
    return sorted(shared.agenda, key=lambda key: place.get(key, len(place)))


def _rules(session: Session, proposal: ProposalRow | None) -> Rules:
    """The rules that the plan was asked with, those of the organisation where they cannot be read."""
    rules = read_rules(session)
    try:
        return replace(rules, **request_of(proposal.words).rules) if proposal else rules
    except InvalidInput:
        return rules


def _chosen(
    organisation: Organisation, rules: Rules, today: date, gaps: Mapping[str, Fraction]
) -> dict[str, Chosen]:
    """What each dependency in play asks for, by key, with the gaps that opened votes have shown."""
    selection = _selection(organisation, rules, today)
    chosen = {one.dependency.key: one for one in selection.chosen}
    for key in gaps.keys() & chosen.keys():
        now = replace(chosen[key].dependency, gap=float(gaps[key]))
        chosen[key] = judged_anew(selection, now, rules=rules, today=today)
    return chosen


def _selection(organisation: Organisation, rules: Rules, today: date) -> Selection:
    """The selection of this organisation, made once as long as nothing is recorded anew."""
    kept = _selections.get((rules, today))
    if kept is None or kept[0] is not organisation:
        kept = (organisation, select_items(organisation, rules=rules, today=today))
        _selections.put((rules, today), kept)
    return kept[1]


@dataclass(frozen=True)
class _People:
    """Who of those invited speaks for a dependency: as it was proposed, else whoever decides for a side."""

    organisation: Organisation
    proposed: Mapping[str, Collection[str]]
    invited: frozenset[str]

    def __call__(self, one: Chosen) -> frozenset[str]:
        dependency = one.dependency
        if dependency.key in self.proposed:
            return self.invited & frozenset(self.proposed[dependency.key])
        owners = self.organisation.product_owners
        deciding = {*owners[dependency.consumer_id], *owners[dependency.provider_id]}
        return self.invited & {self.organisation.person[number].key for number in deciding}


def _people(organisation: Organisation, proposal: ProposalRow | None, invited: frozenset[str]) -> _People:
    items = {} if proposal is None else proposal.facts["items"]
    return _People(organisation, {key: one["people"] for key, one in items.items()}, invited)


def _needs(dependencies: Iterable[Dependency]) -> dict[str, frozenset[str]]:
    """For each dependency, by key, those that come before it; circles are left in."""
    found = list(dependencies)
    key = {one.id: one.key for one in found}
    pairs = waiting_pairs(found)
    return {one.key: frozenset(key[sooner] for later, sooner in pairs if later == one.id) for one in found}


def _matter(
    one: Chosen,
    people: frozenset[str],
    needs: frozenset[str],
    *,
    rules: Rules,
    learned: Learned,
    is_unfinished: bool,
    again: str,
) -> Matter:
    is_settled = one.treatment.is_written and not again
    least = TALK_MINUTES if again else 0
    usual = rules.settled_minutes if is_settled else max(one.minutes, least)
    sort = Sort.SETTLED if is_settled else _SORTS.get(one.kind, Sort.SEQUENTIAL)
    return Matter(
        title=one.dependency.what,
        minutes=learned.minutes(sort, usual),
        dependency=one.dependency.key,
        people=people,
        needs=needs,
        is_settled=is_settled,
        is_unfinished=is_unfinished,
        sort=sort,
        usual=usual,
        again=again,
    )


_SORTS = {Interdependence.RECIPROCAL: Sort.RECIPROCAL, Interdependence.SEQUENTIAL: Sort.SEQUENTIAL}


def _topic(item: AgendaItem) -> Matter:
    people = frozenset({item.lead} - {""})
    return Matter(
        item.title,
        item.minutes,
        people=people,
        is_unfinished=True,
        lead=item.lead,
        sort=item.sort,
        usual=item.usual,
    )


def _topic_again(one: Again) -> Matter:
    """A decision to be looked at again as a topic: also of a dependency that nobody waits for any more."""
    return Matter(
        one.title,
        TALK_MINUTES,
        people=frozenset({one.lead} - {""}),
        lead=one.lead,
        sort=Sort.TOPIC,
        usual=TALK_MINUTES,
        again=one.words,
    )


def _still_ours(
    left: Sequence[AgendaItem], agenda: Collection[str], chosen: Mapping[str, Chosen], people: _People
) -> list[str]:
    """What was left open and is not on the agenda again, where those who speak for it are all invited."""
    keys = [item.dependency for item in left if item.dependency is not None]
    return [
        key
        for key in keys
        if key in chosen
        and key not in agenda
        and not chosen[key].treatment.is_written
        and len(people(chosen[key])) > 1
    ]
