"""From what services return to what a program is told: records by the names of their fields."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from enum import StrEnum
from typing import Any, TypeVar, Union, get_args, get_origin

from planner.web.api.types import hints_of, unwrapped

Record = TypeVar("Record")
CALLED = {"number": "id"}
"""What a program is told under another name than the services use."""


def told(kind: type[Record], *found: object, **more: Any) -> Record:
    """Return the record with what is found under the names of its fields; `more` is what has no such name.

    Of several things the first that has the name counts. A record within is told the same way, one where a
    text is expected by its key. A name that is neither found nor given is a mistake of ours: AttributeError.
    """
    hints = hints_of(kind).items()  # type: ignore[arg-type] # every class can be kept
    return kind(**{name: more[name] if name in more else _named(found, name, hint) for name, hint in hints})


def _named(found: Sequence[object], name: str, hint: Any) -> Any:
    for called in (CALLED.get(name, name), name):
        for one in found:
            if hasattr(one, called):
                return _as(hint, getattr(one, called))
    raise AttributeError(f"“{name}” is neither found nor given")


def _as(kind: Any, value: Any) -> Any:
    kind, _limits = unwrapped(kind)
    origin = get_origin(kind)
    if value is None or origin in {Union, types.UnionType}:
        inner = next((one for one in get_args(kind) if one is not types.NoneType), None)
        return None if value is None else _as(inner, value)
    if origin is tuple:
        found = sorted(value) if isinstance(value, set | frozenset) else value
        return tuple(_as(get_args(kind)[0], one) for one in found)
    if origin is dict:
        return dict(value) if isinstance(value, Mapping) else asdict(value)
    return _as_one(kind, value)


def _as_one(kind: type, value: Any) -> Any:
    if is_dataclass(kind):
        return value if isinstance(value, kind) else told(kind, value)
    if issubclass(kind, StrEnum):
        return kind(value)
    if kind is float:
        return float(value)  # of a fraction
    return getattr(value, "key", value) if kind is str else value
