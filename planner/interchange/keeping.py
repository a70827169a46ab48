"""A file over records that are there already: what it does not speak of stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any

from planner.domain.text import fold
from planner.domain.transfer import Draft, MemberDraft, TeamDraft
from planner.interchange.fields import EMPTY
from planner.interchange.problems import Problems
from planner.interchange.records import ENDS_EARLY

HALVES: Mapping[str, str] = MappingProxyType({"deciders": "members.deciders", "members": "members.others"})
"""What a team is silent about where one of these columns is not there."""
LISTS = ("places", "people", "teams", "horizons", "goals", "sessions", "dependencies")
NEVER_ON_RECORD = frozenset({"hours", "local_minutes", "kind"})
"""Fields that such a source never tells, whatever their usual value is."""


def keep_unsaid(draft: Draft, recorded: Draft) -> Draft:
    """Return the draft with every field of which it is silent taken from what is recorded.

    New records keep the usual values. Raises InvalidInput where what was said does not go with the rest.
    """
    lists: dict[str, Any] = {}
    for name in LISTS:
        known = {key_of(one): one for one in getattr(recorded, name)}
        lists[name] = tuple(_filled(one, known.get(key_of(one))) for one in getattr(draft, name))
    whole = replace(draft, **lists)
    problems = Problems()
    _check_together(whole, problems)
    problems.raise_if_any()
    return whole


def only_what_is_said(draft: Draft) -> Draft:
    """Return the draft of a source that cannot say "empty": silent about all that is empty in it."""
    lists: dict[str, Any] = {
        name: tuple(replace(one, silent=_unsaid(one)) for one in getattr(draft, name)) for name in LISTS
    }
    return replace(draft, **lists)


def key_of(draft: Any) -> str:
    """Whatever a record is known by: its key, or its name."""
    key: str = draft.key if hasattr(draft, "key") else fold(draft.name)
    return key


def _unsaid(draft: Any) -> frozenset[str]:
    names = {part.name for part in fields(draft)} - {"silent"}
    return frozenset(name for name in names if name in NEVER_ON_RECORD or getattr(draft, name) in EMPTY)


def _filled(draft: Any, here: Any) -> Any:
    if here is None or not (draft.silent or isinstance(draft, TeamDraft)):
        return draft
    values = {name: getattr(here, name) for name in draft.silent if "." not in name}
    hours = {name.partition(".")[2] for name in draft.silent if name.startswith("hours.")}
    if hours:
        values["hours"] = replace(draft.hours, **{name: getattr(here.hours, name) for name in hours})
    if isinstance(draft, TeamDraft) and "members" not in values:
        values["members"] = _members(draft, here)
    return replace(draft, **values, silent=frozenset())


def _members(draft: TeamDraft, here: TeamDraft) -> tuple[MemberDraft, ...]:
    known = {member.person: member for member in here.members}
    said = [_member(member, known.get(member.person)) for member in draft.members]
    others = [known[person] for person in known.keys() - {member.person for member in said}]
    if HALVES["deciders"] in draft.silent:
        said += [member for member in others if member.decides]
    if HALVES["members"] in draft.silent:
        said += [replace(member, decides=False) for member in others]
    return tuple(sorted(said, key=lambda member: member.person))


def _member(draft: MemberDraft, here: MemberDraft | None) -> MemberDraft:
    if here is None or not draft.silent:
        return draft
    return replace(draft, **{name: getattr(here, name) for name in draft.silent}, silent=frozenset())


def _check_together(draft: Draft, problems: Problems) -> None:
    """Note what was said in part and is wrong beside what is recorded."""
    for at, person in enumerate(draft.people):
        if person.hours.start >= person.hours.end:
            problems.add(f"people[{at}].hours.end", ENDS_EARLY)
    for at, horizon in enumerate(draft.horizons):
        if horizon.starts_on and horizon.ends_on and horizon.starts_on > horizon.ends_on:
            problems.add(f"horizons[{at}].ends_on", f"is before the start, {horizon.starts_on}")
    for at, session in enumerate(draft.sessions):
        if session.local_minutes > session.minutes:
            message = f"is more than the {session.minutes} minutes of the session"
            problems.add(f"sessions[{at}].local_minutes", message)
