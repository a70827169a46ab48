"""Finding things: dependencies by filters, everything by words."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from planner.domain.graph import loops
from planner.domain.model import DependencyState
from planner.domain.text import fold
from planner.storage.text_search import find_text, rebuild

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy.orm import Session

    from planner.domain.model import (
        Dependency,
        Horizon,
        Organisation,
        Person,
        Place,
        SharedGoal,
        Team,
        TeamId,
        TeamSession,
    )

Thing = TypeVar("Thing")


class _Named(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...


Named = TypeVar("Named", bound=_Named)

OPEN = frozenset({DependencyState.ASKED, DependencyState.COUNTERED, DependencyState.REOPENED})


@dataclass(frozen=True, slots=True)
class DependencyFilter:
    """What a list, a map or a suggestion is narrowed to. Goals by key, horizons by name.

    Teams by key, or by what is in their names.
    `only` is "open", "late" or "loop"; `state` one state or "active", which is the default.
    """

    needs: str = ""
    provider: str = ""
    team: str = ""
    goal: str = ""
    horizon: str = ""
    state: str = "active"
    only: str = ""
    words: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> DependencyFilter:
        """Return the filter of an address; what it does not know is ignored."""
        return cls(
            needs=query.get("needs", ""),
            provider=query.get("from", ""),
            team=query.get("team", ""),
            goal=query.get("goal", ""),
            horizon=query.get("horizon", ""),
            state=query.get("state", "active"),
            only=query.get("only", ""),
            words=query.get("q", ""),
        )

    def as_query(self) -> dict[str, str]:
        """Return the address again, without what is at its default."""
        named = {
            "needs": self.needs,
            "from": self.provider,
            "team": self.team,
            "goal": self.goal,
            "horizon": self.horizon,
            "state": self.state if self.state != "active" else "",
            "only": self.only,
            "q": self.words,
        }
        return {name: value for name, value in named.items() if value}


def find_dependencies(
    organisation: Organisation, chosen: DependencyFilter, today: date
) -> tuple[Dependency, ...]:
    """Return the dependencies that pass the filter, by date needed, those without one last."""
    passes = _predicates(organisation, chosen, today)
    found = [d for d in organisation.dependencies if all(test(d) for test in passes)]
    return tuple(sorted(found, key=_day_needed))


def waited_for_first(found: Iterable[Dependency]) -> list[Dependency]:
    """Return them by date needed, those that nobody waits for any more behind all others."""
    return sorted(found, key=lambda d: (not d.state.is_active, _day_needed(d)))


def _day_needed(dependency: Dependency) -> tuple[bool, date, int]:
    return dependency.needed_by is None, dependency.needed_by or date.min, dependency.id


def called(records: Iterable[Named], word: str) -> list[Named]:
    """Return the record of this key; else those of this name; else those with the word in their names."""
    wanted = fold(word)
    having = [one for one in records if wanted in fold(named_apart(one.key, one.name))]
    exact = [one for one in having if word in (one.key, named_apart(one.key, one.name))]
    whole = [one for one in having if fold(one.name) == wanted]
    return exact or whole or [one for one in having if wanted in fold(one.name)]


def named_apart(key: str, name: str) -> str:
    """Return the name as it is told from another of the same letters."""
    return f"{name} ({key})"


def filter_in_words(organisation: Organisation, chosen: DependencyFilter) -> str:
    """Return the filter as a sentence under a picture or a table; "" for none."""
    names = {team.key: team.name for team in organisation.teams}
    goals = {goal.key: goal.outcome for goal in organisation.goals}
    parts = [
        chosen.needs and f"needed by {names.get(chosen.needs, chosen.needs)}",
        chosen.provider and f"from {names.get(chosen.provider, chosen.provider)}",
        chosen.team and f"with {names.get(chosen.team, chosen.team)}",
        chosen.goal and f"for {goals.get(chosen.goal, chosen.goal)}",
        chosen.horizon and f"in {chosen.horizon}",
        chosen.state != "active" and f"in state {chosen.state}",
        chosen.only
        and {"open": "only open", "late": "only late", "loop": "only in a loop"}.get(chosen.only, ""),
        chosen.words and f"with “{chosen.words}”",
    ]
    return ", ".join(part for part in parts if part)


def _predicates(
    organisation: Organisation, chosen: DependencyFilter, today: date
) -> list[Callable[[Dependency], bool]]:
    needs, provider, team = (
        {one.id for one in called(organisation.teams, word)} if word else set()
        for word in (chosen.needs, chosen.provider, chosen.team)
    )
    goal = {g.key: g.id for g in organisation.goals}
    horizon = {h.name: h.id for h in organisation.horizons}
    words = fold(chosen.words)
    tests: list[tuple[object, Callable[[Dependency], bool]]] = [
        (chosen.needs, lambda d: d.consumer_id in needs),
        (chosen.provider, lambda d: d.provider_id in provider),
        (chosen.team, lambda d: d.consumer_id in team or d.provider_id in team),
        (chosen.goal, lambda d: d.goal_id == goal.get(chosen.goal)),
        (chosen.horizon, lambda d: d.horizon_id == horizon.get(chosen.horizon)),
        (chosen.state == "active", lambda d: d.state.is_active),
        (chosen.state not in ("active", "all", ""), lambda d: d.state.value == chosen.state),
        (chosen.only == "open", lambda d: d.state in OPEN),
        (chosen.only == "late", lambda d: d.is_late(today)),
        (words, lambda d: words in fold(f"{d.what} {d.item}")),
    ]
    if chosen.only == "loop":
        loop = in_a_loop(organisation)
        tests.append((True, lambda d: loop.get(d.consumer_id) == loop.get(d.provider_id) is not None))
    return [test for wanted, test in tests if wanted]


def in_a_loop(organisation: Organisation) -> dict[TeamId, int]:
    """Return, for each team that is in a loop of active dependencies, the number of its loop."""
    edges = [(d.consumer_id, d.provider_id) for d in organisation.dependencies if d.state.is_active]
    return {team: number for number, loop in enumerate(loops(edges)) for team in loop}


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to, each list at most twenty long, best first."""

    teams: tuple[Team, ...] = ()
    people: tuple[Person, ...] = ()
    goals: tuple[SharedGoal, ...] = ()
    sessions: tuple[TeamSession, ...] = ()
    places: tuple[Place, ...] = ()
    horizons: tuple[Horizon, ...] = ()
    dependencies: tuple[Dependency, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


MOST_FOUND = 20
NUMBER = re.compile(r"\s*#\s*(\d{1,10})\s*")


def search(session: Session, organisation: Organisation, text: str, *, limit: int = MOST_FOUND) -> Found:
    """Return what holds a beginning of every word of the text, of what the organisation shows.

    "#12" is the dependency 12. At most `limit` of each kind.
    """
    number = NUMBER.fullmatch(text)
    if number:
        return Found(dependencies=tuple(d for d in organisation.dependencies if d.id == int(number[1])))
    ids = find_text(session, text, limit)
    return Found(
        teams=_those(organisation.team, ids.get("team", ())),
        people=_those(organisation.person, ids.get("person", ())),
        goals=_those({goal.id: goal for goal in organisation.goals}, ids.get("goal", ())),
        sessions=_those({one.id: one for one in organisation.sessions}, ids.get("session", ())),
        places=_those(organisation.place, ids.get("place", ())),
        horizons=_those(organisation.horizon, ids.get("horizon", ())),
        dependencies=_those({d.id: d for d in organisation.dependencies}, ids.get("dependency", ())),
    )


def rebuild_search(session: Session) -> int:
    """Write anew the words of everything, and return how many records there are."""
    total = rebuild(session)
    session.commit()
    return total


def _those(things: Mapping[Any, Thing], ids: Iterable[int]) -> tuple[Thing, ...]:
    """The things of these ids, in the order of the ids, without those that are not shown."""
    return tuple(things[one] for one in ids if one in things)
