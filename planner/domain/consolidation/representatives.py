"""Who speaks for a team: one of its product owners."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping

from planner.domain.model import Organisation, PersonId, TeamId


def representatives(
    organisation: Organisation, team_ids: Iterable[TeamId], *, excluded: Collection[PersonId] = ()
) -> dict[TeamId, PersonId]:
    """One product owner a team, each team a person of its own where that can be.

    The largest matching of teams and people, found by augmenting paths; a team left over gets the
    one of its product owners who speaks for the fewest teams. Of equals the first by name and key.
    Teams without a product owner (or whose product owners are all excluded) are absent.
    """
    candidates = _candidates(organisation, set(team_ids), excluded)
    speaks_for: dict[PersonId, TeamId] = {}
    for team_id in candidates:
        _give_own_person(team_id, candidates, speaks_for)
    chosen = {team_id: person_id for person_id, team_id in speaks_for.items()}
    load = Counter(chosen.values())
    for team_id in candidates:
        if team_id not in chosen:
            chosen[team_id] = min(candidates[team_id], key=lambda person_id: load[person_id])
            load[chosen[team_id]] += 1
    return {team_id: chosen[team_id] for team_id in sorted(chosen)}


def _candidates(
    organisation: Organisation, team_ids: Collection[TeamId], excluded: Collection[PersonId]
) -> dict[TeamId, list[PersonId]]:
    """The product owners of each team by name and key; teams by name and key too."""
    teams = sorted((organisation.team[id_] for id_ in team_ids), key=lambda team: (team.name, team.key))
    found: dict[TeamId, list[PersonId]] = {}
    for team in teams:
        people = [organisation.person[id_] for id_ in organisation.product_owners[team.id]]
        people.sort(key=lambda person: (person.name, person.key))
        found[team.id] = [person.id for person in people if person.id not in excluded]
    return {team_id: people for team_id, people in found.items() if people}


def _give_own_person(
    team_id: TeamId, candidates: Mapping[TeamId, list[PersonId]], speaks_for: dict[PersonId, TeamId]
) -> None:
    """Give the team a person of its own, asking others to change theirs along the shortest path."""
    asked_by: dict[PersonId, TeamId] = {}
    gives: dict[TeamId, PersonId] = {}
    waiting = deque([team_id])
    while waiting:
        asking = waiting.popleft()
        for person_id in candidates[asking]:
            if person_id in asked_by:
                continue
            asked_by[person_id] = asking
            if person_id not in speaks_for:
                _hand_on(person_id, asked_by, gives, speaks_for)
                return
            gives[speaks_for[person_id]] = person_id
            waiting.append(speaks_for[person_id])


def _hand_on(
    free: PersonId,
    asked_by: Mapping[PersonId, TeamId],
    gives: Mapping[TeamId, PersonId],
    speaks_for: dict[PersonId, TeamId],
) -> None:
    """Let each team take the person it asked, and the one before it the person that it gives."""
    taken: PersonId | None = free
    while taken is not None:
        team_id = asked_by[taken]
        speaks_for[taken] = team_id
        taken = gives.get(team_id)
