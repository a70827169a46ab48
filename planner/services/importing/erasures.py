"""What an import would erase: what is recorded here and a file says to be empty, or no longer there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import Any

from planner.domain.transfer import Draft, MemberDraft
from planner.interchange.fields import EMPTY
from planner.interchange.keeping import LISTS, key_of

NO_NAMES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Erasure:
    """One field of a record of the list `records`, and in words what would go from it."""

    records: str
    key: str
    name: str
    field: str
    here: str


def erased_by(coming: Draft, recorded: Draft) -> Iterator[Erasure]:
    """Yield what the draft would erase of what is recorded, list by list."""
    people = {one.key: one.name for one in recorded.people}
    teams = {one.key: one.name for one in recorded.teams}
    goals = {one.key: one.outcome for one in recorded.goals}
    named = {"lead": people, "members": people, "attendees": people, "teams": teams, "goal": goals}
    for records in LISTS:
        known = {key_of(one): one for one in getattr(recorded, records)}
        for one in getattr(coming, records):
            here = known.get(key_of(one))
            if here is not None:
                yield from _of_one(records, here, one, named)


def _of_one(
    records: str, here: Any, coming: Any, named: Mapping[str, Mapping[str, str]]
) -> Iterator[Erasure]:
    for part in fields(here):
        before, after = getattr(here, part.name), getattr(coming, part.name)
        gone = "" if part.name == "silent" else gone_of(before, after, named.get(part.name, {}))
        if gone:
            yield Erasure(records, key_of(here), _name(here), in_words(part.name), gone)


def gone_of(before: Any, after: Any, names: Mapping[str, str] = NO_NAMES) -> str:
    """Return in words what is in the one and no longer in the other; "" where nothing is missing.

    `names` are what keys are called.
    """
    if isinstance(before, tuple):
        left = {_plain(one, {}) for one in after or ()}
        return ", ".join(_plain(one, names) for one in before if _plain(one, {}) not in left)
    return _plain(before, names) if after in EMPTY and before not in EMPTY else ""


def in_words(column: str) -> str:
    """Return the name of a field as people say it."""
    return column.removesuffix("_id").replace("_", " ")


def _name(draft: Any) -> str:
    """What people call a record."""
    found = (getattr(draft, name, "") for name in ("name", "outcome", "title", "what"))
    return next((str(one) for one in found if one), "")


def _plain(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, MemberDraft):
        name = names.get(value.person, value.person)
        return f"{name} ({value.role})" if value.role else name
    return value.isoformat() if isinstance(value, date) else names.get(value, str(value))
