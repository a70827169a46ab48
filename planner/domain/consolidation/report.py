"""From the solver's answer back to the organisation: the suggestion that people read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from planner.domain.consolidation.agenda import elapsed, item_times, items_by_id, presence
from planner.domain.consolidation.baseline import Baseline, baseline, pair_talks
from planner.domain.consolidation.cost import spans
from planner.domain.consolidation.explain import (
    Explainer,
    headline,
    listed,
    proof,
    refusal,
    scheduling,
    summary,
    why_you,
)
from planner.domain.consolidation.load import Load, add_up, totals
from planner.domain.consolidation.model import Attendance, Item, PlannedSession, Solution, Task
from planner.domain.consolidation.naming import dependency_id, person_id, place_id
from planner.domain.consolidation.reasons import session_reasons
from planner.domain.consolidation.refusal import own_minutes, refuse_merge
from planner.domain.consolidation.selection import Chosen, Selection, Treatment
from planner.domain.consolidation.suggestion import (
    AgendaItem,
    KeptApart,
    PersonLoad,
    Seat,
    Settled,
    SharedSession,
    Suggestion,
    TooLarge,
    Torn,
    Why,
)
from planner.domain.model import Dependency, GoalId, Organisation, PersonId, TeamId

TITLE_TEAMS = 3
NO_TIME = "R5"
"""The rule that people meet within their hours, as `Plan.unplaced` names it."""


def describe(
    organisation: Organisation,
    task: Task,
    selection: Selection,
    solution: Solution,
    *,
    today: date,
    cadence_days: int = 14,
) -> Suggestion:
    """The suggestion: what changes for whom, which sessions, why, and what needs none.

    `task` must have been built from `selection`, and `solution` have been found for `task`.
    """
    writer = _Writer(organisation, task, selection, today)
    now = baseline(organisation, selection, rules=task.rules, cadence_days=cadence_days)
    loads = writer.loads(solution.plan.sessions, now)
    sessions = writer.sessions(solution.plan.sessions)
    written = tuple(writer.settled(one) for one in selection.in_writing)
    uncovered = writer.uncovered(solution.plan.unplaced)
    settled = len(selection.chosen) - len(uncovered)
    talks = pair_talks(selection, task.rules)
    return Suggestion(
        headline=headline(len(sessions), len(now.sessions), now.kind, uncovered=len(uncovered)),
        summary=summary(len(selection.live), len(written), len(uncovered)),
        today=now,
        cadence_days=cadence_days,
        before=now.totals(),
        released=now.released().totals(),
        pair_talks=talks,
        pair_talks_cost=talks.minutes + talks.seats * task.rules.seat_cost,
        after=totals(len(sessions), loads),
        sessions=sessions,
        people=_people(organisation, now, loads),
        in_writing=written,
        uncovered=uncovered,
        coverage=settled / len(selection.chosen) if selection.chosen else 1.0,
        kept_apart=writer.kept_apart(solution.plan.sessions),
        too_large=tuple(TooLarge(loop, writer.say.too_large(loop)) for loop in selection.links.too_large),
        torn=writer.torn(solution.plan.torn),
        cost=solution.cost,
        lower_bound=solution.lower_bound,
        gap=solution.gap,
        proved=solution.proved,
        proof=proof(solution),
        scheduling_cost=solution.scheduling_cost,
        scheduling=scheduling(solution),
    )


def _people(
    organisation: Organisation, now: Baseline, after: Mapping[PersonId, Load]
) -> tuple[PersonLoad, ...]:
    """Everybody who sits in a session today or would, by name."""
    before, released = now.loads(), now.released().loads()
    everyone = (organisation.person[id_] for id_ in before.keys() | after.keys())
    return tuple(
        PersonLoad(
            person_id=person.id,
            name=person.name,
            before=before.get(person.id, Load()),
            released=released.get(person.id, Load()),
            after=after.get(person.id, Load()),
        )
        for person in sorted(everyone, key=lambda person: (person.name, person.key))
    )


@dataclass(frozen=True, slots=True)
class _Draft:
    """A planned session with its items and dependencies at hand."""

    planned: PlannedSession
    items: tuple[Item, ...]
    dependencies: tuple[Dependency, ...]


class _Writer:
    """Reads planned sessions back into the organisation's own teams, people and dependencies."""

    def __init__(self, organisation: Organisation, task: Task, selection: Selection, today: date) -> None:
        self.organisation, self.task, self.selection, self.today = organisation, task, selection, today
        self.say = Explainer(organisation)
        self.item = items_by_id(task)

    def sessions(self, planned: Sequence[PlannedSession]) -> tuple[SharedSession, ...]:
        drafts = [self._draft(session) for session in planned]
        titles = _unique([self._titles(draft) for draft in drafts])
        return tuple(self._session(draft, title) for draft, title in zip(drafts, titles, strict=True))

    def _draft(self, planned: PlannedSession) -> _Draft:
        items = tuple(self.item[id_] for id_ in planned.items)
        chosen = (self.selection.by_id[dependency_id(id_)] for id_ in planned.items)
        return _Draft(planned, items, tuple(one.dependency for one in chosen))

    def _session(self, draft: _Draft, title: str) -> SharedSession:
        rules, planned = self.task.rules, draft.planned
        seats = self._seats(draft)
        leader = min(seats, key=lambda seat: (-seat.own_minutes, seat.name, seat.person_id))
        reasons = session_reasons(self.task, draft.items, draft.dependencies, self.today)
        return SharedSession(
            title=title,
            goal_ids=tuple(sorted({d.goal_id for d in draft.dependencies if d.goal_id is not None})),
            facilitator_id=leader.person_id,
            facilitator=leader.name,
            place_id=None if planned.place is None else place_id(planned.place),
            slot=planned.slot,
            minutes=elapsed(rules, sum(item.minutes for item in draft.items)),
            agenda=self._agenda(draft),
            seats=seats,
            reasons=tuple(Why(reason, self.say.reason(reason)) for reason in reasons),
        )

    def _agenda(self, draft: _Draft) -> tuple[AgendaItem, ...]:
        times = item_times(self.task.rules, draft.items)
        rows = zip(draft.items, draft.dependencies, times, strict=True)
        return tuple(
            AgendaItem(number, d.id, d.consumer_id, d.provider_id, item.minutes, begin)
            for number, (item, d, (begin, _)) in enumerate(rows, start=1)
        )

    def _seats(self, draft: _Draft) -> tuple[Seat, ...]:
        """One seat a person, by name."""
        parts = presence(self.task.rules, draft.items)
        own = own_minutes(self.task.rules, draft.items)
        seats: list[Seat] = []
        for name in sorted(parts):
            person = self.organisation.person[person_id(name)]
            numbers = tuple(n for n, item in enumerate(draft.items, start=1) if name in item.people)
            start, end = parts[name]
            teams = self._spoken_for(person.id, draft)
            seats.append(
                Seat(person.id, person.name, teams, start, end, numbers, own[name], why_you(numbers))
            )
        return tuple(sorted(seats, key=lambda seat: (seat.name, seat.person_id)))

    def _spoken_for(self, person: PersonId, draft: _Draft) -> tuple[TeamId, ...]:
        teams = {team_id for d in draft.dependencies for team_id in (d.consumer_id, d.provider_id)}
        named = tuple(sorted(t for t in teams if self.selection.representative.get(t) == person))
        # who speaks in somebody's place is named by no team, and decides for one
        return named or tuple(sorted(t for t in teams if person in self.organisation.product_owners[t]))

    def _titles(self, draft: _Draft) -> tuple[str, str]:
        """The wanted title and a longer one: the goal of most minutes, else the teams of most minutes."""
        minutes: Counter[TeamId] = Counter()
        goals: Counter[GoalId] = Counter()
        for item, d in zip(draft.items, draft.dependencies, strict=True):
            minutes[d.consumer_id] += item.minutes
            minutes[d.provider_id] += item.minutes
            if d.goal_id is not None:
                goals[d.goal_id] += item.minutes
        by_minutes = sorted(minutes, key=lambda team_id: (-minutes[team_id], self.say.team(team_id)))
        teams = listed([self.say.team(team_id) for team_id in by_minutes], at_most=TITLE_TEAMS)
        main = min(goals, key=lambda goal_id: (-goals[goal_id], goal_id), default=None)
        if main is None or 2 * goals[main] <= sum(item.minutes for item in draft.items):
            return teams, teams
        outcome = self.organisation.goal[main].outcome
        return outcome, f"{outcome}: {teams}"

    def settled(self, one: Chosen) -> Settled:
        return Settled(one.dependency.id, one.treatment, self.say.settled(one))

    def uncovered(self, unplaced: Mapping[str, str]) -> tuple[Settled, ...]:
        """What neither a session nor writing settles, by dependency."""
        found = [self.settled(one) for one in self.selection.unplaceable]
        for id_, why in unplaced.items():
            one = replace(self.selection.by_id[dependency_id(id_)], treatment=Treatment.UNPLACED)
            rule = why.partition(":")[0]
            sentence = self.say.unplaced(one, self.item[id_], self.task.rules, rule=rule)
            found.append(Settled(one.dependency.id, one.treatment, sentence, lacks_time=rule == NO_TIME))
        return tuple(sorted(found, key=lambda settled: settled.dependency_id))

    def torn(self, torn: Mapping[str, str]) -> tuple[Torn, ...]:
        """What belongs together and meets apart, by its first dependency."""
        groups = [(tuple(sorted(map(dependency_id, names.split(",")))), why) for names, why in torn.items()]
        return tuple(Torn(ids, self.say.torn(ids, why)) for ids, why in sorted(groups))

    def loads(self, planned: Sequence[PlannedSession], now: Baseline) -> dict[PersonId, Load]:
        """Each person's load under the plan; what a recorded session did for its host alone stays."""
        seats = [seat for session in planned for seat in self._seat_loads(session)]
        for held in now.sessions:
            hosts = self.organisation.product_owners[held.host_id]
            local = (seat.person_id for seat in held.seats if seat.person_id in hosts)
            seats += [(host, Load(minutes=held.local_minutes)) for host in local]
        return add_up(seats)

    def _seat_loads(self, planned: PlannedSession) -> Iterable[tuple[PersonId, Load]]:
        items = [self.item[id_] for id_ in planned.items]
        rules = self.task.rules
        own = own_minutes(rules, items)
        attended, opening = spans(items), 0
        if rules.attendance is Attendance.WHOLE:
            attended, opening = dict.fromkeys(own, sum(item.minutes for item in items)), rules.opening
        for name in sorted(attended):
            minutes = opening + attended[name] + self._way(name, planned.place)
            yield person_id(name), Load(1, minutes, attended[name], own[name])

    def _way(self, name: str, place: str | None) -> int:
        """There and back for one attendee; 0 when remote or when the way is not known."""
        home = self.task.attendees[name].place
        if home is None or place is None or home == place:
            return 0
        return 2 * self.task.travel.get(frozenset({home, place}), 0)

    def kept_apart(self, planned: Sequence[PlannedSession]) -> tuple[KeptApart, ...]:
        """For each session why it is not one with its nearest: who shares most people, then the shortest."""
        items = [tuple(self.item[id_] for id_ in session.items) for session in planned]
        pairs = _nearest_pairs(planned, items)
        found = ((a, b, refuse_merge(self.task, items[a], items[b])) for a, b in pairs)
        rules = self.task.rules
        return tuple(KeptApart(a, b, no, refusal(no, rules)) for a, b, no in found if no is not None)


def _nearest_pairs(
    planned: Sequence[PlannedSession], items: Sequence[Sequence[Item]]
) -> list[tuple[int, int]]:
    """Each session with the one that shares most people with it, the shortest where several do, in order."""
    length = [sum(item.minutes for item in agenda) for agenda in items]
    shortest = sorted(range(len(planned)), key=lambda number: (length[number], number))[:2]
    where: dict[str, list[int]] = defaultdict(list)
    for number, session in enumerate(planned):
        for name in session.attendees:
            where[name].append(number)
    pairs: set[tuple[int, int]] = set()
    for one, session in enumerate(planned):
        shared = Counter(number for name in session.attendees for number in where[name] if number != one)
        others = shared or [number for number in shortest if number != one]
        if others:
            nearest = min(others, key=lambda number: (-shared[number], length[number], number))
            pairs.add((min(one, nearest), max(one, nearest)))
    return sorted(pairs)


def _unique(titles: Sequence[tuple[str, str]]) -> list[str]:
    """Each wanted title, the longer one where two want the same, and a number where that is not enough."""
    wanted = Counter(short for short, _ in titles)
    chosen = [short if wanted[short] == 1 else long for short, long in titles]
    again = Counter(chosen)
    seen: Counter[str] = Counter()
    for at, title in enumerate(chosen):
        seen[title] += 1
        if again[title] > 1:
            chosen[at] = f"{title} ({seen[title]})"
    return chosen
