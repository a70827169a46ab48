"""A large part of a task in districts: neighbours are searched together, then borders are drawn anew.

A district is so small that a search in it costs the same however large the organisation is. What lay at a
border in one turn lies inside a district in the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush

from planner.domain.consolidation.compiling import Compiled
from planner.domain.consolidation.exact import Agenda
from planner.domain.consolidation.model import Attendance
from planner.domain.consolidation.pricing import Group, Pricer
from planner.domain.consolidation.refine import Course, first_plan, refined, rounds_of
from planner.domain.consolidation.savings import merge_by_savings
from planner.domain.consolidation.watch import Watch

SIZE = 3_000  # groups of a district: about a thousand teams
MOST_IN_ALL = 80_000  # rounds of all searches
FIRST, LATER = Course(starts=2, returns=2), Course(starts=0, returns=2)

Session = tuple[int, ...]  # numbers of groups in the order of the agenda
MakePricer = Callable[[Sequence[int]], Pricer]
MakeAgenda = Callable[[Group, Pricer], Agenda]


def rounds_in_districts(count: int, attendance: Attendance, effort: float) -> int:
    """About how many rounds the searches of so many groups take."""
    return int(_share(count, attendance, effort) * _wanted(count, attendance))


def in_districts(
    compiled: Compiled,
    numbers: Sequence[int],
    make_pricer: MakePricer,
    make_agenda: MakeAgenda,
    *,
    effort: float,
    watch: Watch,
) -> list[Agenda]:
    """A cheap plan of many groups. What a district has met is forgotten with it, so only one is in mind."""
    share = _share(len(numbers), compiled.task.rules.attendance, effort)
    sessions: list[Session] = []
    for district in _drawn(compiled, [(number,) for number in numbers]):
        pricer = make_pricer(_numbers(district))
        groups = refined(first_plan(pricer), pricer, course=FIRST, effort=share, watch=watch)
        sessions += [_session(pricer, group) for group in groups]
    agendas: list[Agenda] = []
    for district in _drawn(compiled, sessions):
        pricer = make_pricer(_numbers(district))
        groups = refined(_settled(district, pricer), pricer, course=LATER, effort=share, watch=watch)
        agendas += [make_agenda(group, pricer) for group in groups]
    return agendas


def _wanted(count: int, attendance: Attendance) -> int:
    districts = -(-count // SIZE)
    searches = FIRST.searches + LATER.searches
    return districts * searches * rounds_of(min(count, SIZE), attendance, 1.0)


def _share(count: int, attendance: Attendance, effort: float) -> float:
    """The effort for each district, so that all together stay within the limit."""
    return effort * min(1.0, MOST_IN_ALL / _wanted(count, attendance))


def _numbers(district: Iterable[Session]) -> list[int]:
    return sorted(number for session in district for number in session)


def _session(pricer: Pricer, group: Group) -> Session:
    return tuple(pricer.puzzle.numbers[unit] for part in group.parts for unit in part.units)


def _settled(sessions: Sequence[Session], pricer: Pricer) -> list[Group]:
    """The sessions in the bits of their new district, joined where the border hid that it pays."""
    place = {number: unit for unit, number in enumerate(pricer.puzzle.numbers)}
    groups = [
        pricer.of_parts([part for number in session for part in pricer.single(place[number]).parts])
        for session in sessions
    ]
    return merge_by_savings(groups, pricer)


def _drawn(compiled: Compiled, sessions: Sequence[Session]) -> list[list[Session]]:
    """Districts of about the same size, each grown along the people that its sessions share."""
    return _Drawing(compiled, sessions).districts()


class _Drawing:
    def __init__(self, compiled: Compiled, sessions: Sequence[Session]) -> None:
        self.sessions = sessions
        self.people = [
            sorted({name for number in session for item in compiled.groups[number] for name in item.people},
                   key=compiled.person_rank.__getitem__)
            for session in sessions
        ]  # fmt: skip
        self.where: dict[str, list[int]] = {}
        for index, people in enumerate(self.people):
            for name in people:
                self.where.setdefault(name, []).append(index)
        self.left = dict.fromkeys(range(len(sessions)))
        count = sum(map(len, sessions))
        self.size = -(-count // -(-count // SIZE))

    def districts(self) -> list[list[Session]]:
        found: list[list[Session]] = []
        while self.left:
            found.append([self.sessions[index] for index in sorted(self._grown(next(reversed(self.left))))])
        return found

    def _grown(self, first: int) -> list[int]:
        """From one session on, the next one always that with the strongest ties to those chosen."""
        chosen: list[int] = []
        room = self.size
        ties: dict[int, float] = {first: 1.0}
        waiting = [(-1.0, first)]
        known: set[str] = set()
        while waiting and room > 0:
            tie, index = heappop(waiting)
            if index not in self.left or -tie != ties[index]:
                continue
            del self.left[index]
            chosen.append(index)
            room -= len(self.sessions[index])
            for name in self.people[index]:
                if name not in known:
                    known.add(name)
                    for other in self.where[name]:
                        ties[other] = ties.get(other, 0.0) + 1 / len(self.where[name])
                        heappush(waiting, (-ties[other], other))
        return chosen
