"""What an import would erase: what is recorded here and a file says to be empty, or no longer there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from planner.domain.transfer import Draft, MemberDraft
from planner.interchange.fields import EMPTY
from planner.interchange.keeping import LISTS, key_of


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
    for records in LISTS:
        known = {key_of(one): one for one in getattr(recorded, records)}
        for one in getattr(coming, records):
            here = known.get(key_of(one))
            if here is not None:
                yield from _of_one(records, here, one)


def _of_one(records: str, here: Any, coming: Any) -> Iterator[Erasure]:
    for part in fields(here):
        before, after = getattr(here, part.name), getattr(coming, part.name)
        gone = "" if part.name == "silent" else gone_of(before, after)
        if gone:
            yield Erasure(records, key_of(here), _name(here), in_words(part.name), gone)


def gone_of(before: Any, after: Any) -> str:
    """Return in words what is in the one and no longer in the other; "" where nothing is missing."""
    if isinstance(before, tuple):
        left = {_plain(one) for one in after or ()}
        return ", ".join(_plain(one) for one in before if _plain(one) not in left)
    return _plain(before) if after in EMPTY and before not in EMPTY else ""


def in_words(column: str) -> str:
    """Return the name of a field as people say it."""
    return column.removesuffix("_id").replace("_", " ")


def _name(draft: Any) -> str:
    """What people call a record."""
    found = (getattr(draft, name, "") for name in ("name", "outcome", "title", "what"))
    return next((str(one) for one in found if one), "")


def _plain(value: Any) -> str:
    if isinstance(value, MemberDraft):
        return f"{value.person} ({value.role})" if value.role else value.person
    return value.isoformat() if isinstance(value, date) else str(value)
