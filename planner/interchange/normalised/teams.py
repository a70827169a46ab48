"""People, teams and who decides for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, count

from planner.domain.transfer import MemberDraft, PersonDraft, TeamDraft
from planner.interchange import limits
from planner.interchange.normalised.row import Row

# The first of these that anybody in the team holds decides for it.
_DECIDING_ROLES = (frozenset({"chair", "lead"}), frozenset({"tech_lead"}))

_AREAS = {
    "sig": "SIG",
    "wg": "Working group",
    "committee": "Committee",
    "archived": "Archived",
    "team": "Team",
    "working-group": "Working group",
    "project-group": "Project group",
    "contributor": "Contributor",
}


def read_people(rows: Iterable[Row]) -> tuple[PersonDraft, ...]:
    """Return the people, each id once; hours and places are not on this record."""
    people: dict[str, PersonDraft] = {}
    for row in rows:
        key = row.text("id")
        if not key:
            row.left_out("no id")
        elif key in people:
            row.left_out(f"id stands twice: {key}")
        else:
            people[key] = PersonDraft(key, row.text("name") or key)
    return tuple(people.values())


def read_teams(rows: Iterable[Row], people: frozenset[str]) -> tuple[TeamDraft, ...]:
    """Return the teams, each id and each name once, with their members and deciders."""
    kept = _with_own_id(rows)
    names = _names(kept)
    parents = {row.text("parent") for row in kept.values()}
    return tuple(
        TeamDraft(
            key=key,
            name=names[key],
            area=_area(row, names, is_parent=key in parents),
            purpose=row.text("mission", limit=limits.PROSE) or row.text("description", limit=limits.PROSE),
            members=_members(row, people),
        )
        for key, row in kept.items()
    )


def deciders(team: TeamDraft) -> tuple[str, ...]:
    """Return the people who decide for a team."""
    return tuple(member.person for member in team.members if member.decides)


def _with_own_id(rows: Iterable[Row]) -> dict[str, Row]:
    kept: dict[str, Row] = {}
    for row in rows:
        key = row.text("id")
        if not key:
            row.left_out("no id")
        elif key in kept:
            row.left_out(f"id stands twice: {key}")
        else:
            kept[key] = row
    return kept


def _names(kept: Mapping[str, Row]) -> dict[str, str]:
    names: dict[str, str] = {}
    taken: set[str] = set()
    for key, row in kept.items():
        name = row.text("name") or key
        if name.casefold() in taken:
            row.repaired(f"name of another team: {name}, taken as {name} ({key})")
            name = _free_name(f"{name[: limits.NAME // 2]} ({key[: limits.NAME // 3]})", taken)
        taken.add(name.casefold())
        names[key] = name
    return names


def _free_name(name: str, taken: set[str]) -> str:
    numbered = (f"{name} {number}" for number in count(2))
    return next(each for each in chain((name,), numbered) if each.casefold() not in taken)


def _area(row: Row, names: Mapping[str, str], *, is_parent: bool) -> str:
    """Return the parent team's name; a parent stands with its own children, others by their kind."""
    if parent := row.text("parent"):
        return names.get(parent, parent)
    kind = row.text("kind")
    return names[row.text("id")] if is_parent else _AREAS.get(kind, kind)


def _members(row: Row, people: frozenset[str]) -> tuple[MemberDraft, ...]:
    roles: dict[str, list[str]] = {}
    for member in row.rows("members"):
        person = member.text("person")
        if person not in people:
            member.left_out(f"unknown person: {person}")
            continue
        roles.setdefault(person, []).append(member.text("role"))
    held = {role for each in roles.values() for role in each}
    deciding = next((group for group in _DECIDING_ROLES if group & held), frozenset[str]())
    if not deciding:
        row.repaired("nobody decides yet: no chair and no lead on record")
    return tuple(
        MemberDraft(person, decides=bool(deciding & set(each)), role=_role(each))
        for person, each in roles.items()
    )


def _role(roles: Iterable[str]) -> str:
    words = (role.replace("_", " ") for role in dict.fromkeys(roles) if role)
    return ", ".join(words)[: limits.NAME].rstrip()
