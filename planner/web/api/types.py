"""Dataclasses as JSON: one reading of their types reads what is sent, and describes it.

What a description says is therefore what is checked. Words are checked by the services, as on pages.
"""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from planner.domain.errors import InvalidInput, Problem
from planner.domain.text import EMAIL_LONGEST, NAME_LONGEST, PROSE_LONGEST, SENTENCE_LONGEST

Schema = dict[str, Any]
Record = TypeVar("Record")
LARGEST = 2**31 - 1
NOTHING: frozenset[str] = frozenset()
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class Text:
    """How long a text may be."""

    longest: int
    shortest: int = 0


@dataclass(frozen=True, slots=True)
class Between:
    """The least and the largest number."""

    least: float
    most: float


@dataclass(frozen=True, slots=True)
class AtMost:
    """How many there may be in a list."""

    number: int


Key = Annotated[str, Text(NAME_LONGEST, 1)]
Name = Annotated[str, Text(NAME_LONGEST, 1)]
ShortText = Annotated[str, Text(NAME_LONGEST)]
Sentence = Annotated[str, Text(SENTENCE_LONGEST, 1)]
OptionalSentence = Annotated[str, Text(SENTENCE_LONGEST)]
Prose = Annotated[str, Text(PROSE_LONGEST)]
Email = Annotated[str, Text(EMAIL_LONGEST)]
Number = Annotated[int, Between(1, LARGEST)]
Minute = Annotated[int, Between(0, 24 * 60)]


class Partial(Generic[Record]):
    """What of a record is to be changed: its fields by name, read as those of the record."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def over(self, record: Record) -> Record:
        """Return the record with these changes."""
        return dataclasses.replace(record, **self.values)  # type: ignore[type-var] # it is a dataclass


class Misshapen(InvalidInput):
    """What was sent has not the shape that the description asks for; each problem with its pointer."""


@cache
def hints_of(kind: type) -> Mapping[str, Any]:
    """Return the types of a dataclass by field, as they were written."""
    return get_type_hints(kind, include_extras=True)


def read(kind: Any, value: object) -> Any:
    """Return the value as this type. Raises Misshapen with every problem that was found."""
    problems: list[Problem] = []
    found = _read(kind, value, "", problems)
    if problems:
        raise Misshapen(*problems)
    return found


def _read(kind: Any, value: object, where: str, problems: list[Problem]) -> Any:
    kind, limits = unwrapped(kind)
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        inner = next(one for one in get_args(kind) if one is not types.NoneType)
        return None if value is None else _read(_with(inner, limits), value, where, problems)
    if origin in {tuple, dict}:
        return _read_many(kind, value, where, problems, limits)
    if origin is Partial:
        record = get_args(kind)[0]
        return Partial(_read_fields(record, value, where, problems, needed=NOTHING))
    if dataclasses.is_dataclass(kind):
        before = len(problems)
        values = _read_fields(kind, value, where, problems, needed=_needed(kind))
        return kind(**values) if len(problems) == before else None  # type: ignore[operator] # a class
    try:
        return _PLAIN[_plain_kind(kind)](kind, value, limits)
    except ValueError as error:
        problems.append(Problem(where, str(error)))
        return None


def _read_many(kind: Any, value: object, where: str, problems: list[Problem], limits: Any) -> Any:
    """A list, or an object whose names are free."""
    origin = get_origin(kind)
    sent, called = (list, "a list") if origin is tuple else (dict, "an object")
    if not isinstance(value, sent):
        problems.append(Problem(where, f"is {_shown(value)}; expected {called}"))
        return origin()
    if isinstance(limits, AtMost) and len(value) > limits.number:
        problems.append(Problem(where, f"has {len(value)} entries; at most {limits.number} are taken"))
        return origin()
    if isinstance(value, dict):
        inner = get_args(kind)[1]
        return {name: _read(inner, one, f"{where}/{_escaped(name)}", problems) for name, one in value.items()}
    return tuple(_read(get_args(kind)[0], one, f"{where}/{n}", problems) for n, one in enumerate(value))


def _read_fields(
    kind: Any, value: object, where: str, problems: list[Problem], *, needed: AbstractSet[str]
) -> dict[str, Any]:
    if not isinstance(value, dict):
        problems.append(Problem(where, f"is {_shown(value)}; expected an object"))
        return {}
    known = hints_of(kind)
    for name in value.keys() - known.keys():
        there = ", ".join(sorted(known))
        problems.append(Problem(f"{where}/{_escaped(name)}", f"is not known here; there are {there}"))
    problems += [Problem(f"{where}/{name}", "is missing") for name in sorted(needed - value.keys())]
    return {
        name: _read(known[name], one, f"{where}/{name}", problems)
        for name, one in value.items()
        if name in known
    }


def _needed(kind: Any) -> frozenset[str]:
    """The fields without which there is no record."""
    return frozenset(
        one.name
        for one in dataclasses.fields(kind)
        if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
    )


def _read_text(_kind: Any, value: object, limits: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"is {_shown(value)}; expected a text")  # noqa: TRY004 - one kind of refusal
    if isinstance(limits, Text) and not limits.shortest <= len(value) <= limits.longest:
        expected = f"expected {limits.shortest} to {limits.longest}"
        raise ValueError(f"has {len(value)} characters; {expected}")
    return value


def _read_bool(_kind: Any, value: object, _limits: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"is {_shown(value)}; expected true or false")  # noqa: TRY004 - one kind of refusal
    return value


def _read_number(kind: Any, value: object, limits: Any) -> int | float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or (kind is int and value != int(value)):  # type: ignore[call-overload] # a number here
        raise ValueError(f"is {_shown(value)}; expected a {'whole ' if kind is int else ''}number")
    number: int | float = kind(value)
    if isinstance(limits, Between) and not limits.least <= number <= limits.most:
        raise ValueError(f"is {_shown(value)}; expected {limits.least:g} to {limits.most:g}")
    return number


def _read_day(_kind: Any, value: object, _limits: Any) -> date:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise ValueError(f"is {_shown(value)}; expected a day like 2026-03-02")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"is {_shown(value)}; there is no such day") from None


def _read_moment(_kind: Any, value: object, _limits: Any) -> datetime:
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        raise ValueError(f"is {_shown(value)}; expected a moment like 2026-03-02T14:00:00Z")
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"is {_shown(value)}; there is no such moment") from None


def _read_choice(kind: Any, value: object, _limits: Any) -> StrEnum:
    if not isinstance(value, str) or value not in {one.value for one in kind}:
        raise ValueError(f"is {_shown(value)}; expected one of {', '.join(one.value for one in kind)}")
    return kind(value)  # type: ignore[no-any-return] # a member of the enum


_PLAIN: Mapping[str, Callable[[Any, object, Any], Any]] = {
    "text": _read_text,
    "bool": _read_bool,
    "number": _read_number,
    "day": _read_day,
    "moment": _read_moment,
    "choice": _read_choice,
}


def _plain_kind(kind: Any) -> str:
    if kind in {date, datetime, bool}:
        return {date: "day", datetime: "moment", bool: "bool"}[kind]
    if kind in {int, float}:
        return "number"
    return "choice" if isinstance(kind, type) and issubclass(kind, StrEnum) else "text"


def plain(value: object) -> Any:
    """Return a value as JSON knows it; sets are sorted, so that the same record is the same text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(one) for one in value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value


def schema_of(kind: Any, named: dict[str, Schema]) -> Schema:
    """Return the JSON Schema of a type; that of a dataclass is put among the named ones, and pointed to."""
    kind, limits = unwrapped(kind)
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        inner = next(one for one in get_args(kind) if one is not types.NoneType)
        return _or_nothing(schema_of(_with(inner, limits), named))
    if origin is tuple:
        most = {"maxItems": limits.number} if isinstance(limits, AtMost) else {}
        return {"type": "array", "items": schema_of(get_args(kind)[0], named)} | most
    if origin is Partial:
        record = get_args(kind)[0]
        return _named(f"{record.__name__}Changes", record, named, needed=NOTHING)
    if dataclasses.is_dataclass(kind):
        return _named(kind.__name__, kind, named, needed=_needed(kind))  # type: ignore[union-attr] # a class
    if origin is dict:
        return _map_schema(get_args(kind)[1], limits, named)
    return _plain_schema(kind, limits)


def _map_schema(kind: Any, limits: Any, named: dict[str, Schema]) -> Schema:
    most = {"maxProperties": limits.number} if isinstance(limits, AtMost) else {}
    values = {} if kind is object else {"additionalProperties": schema_of(kind, named)}
    return {"type": "object"} | values | most


def _named(name: str, kind: Any, named: dict[str, Schema], *, needed: AbstractSet[str]) -> Schema:
    pointer = {"$ref": f"#/components/schemas/{name}"}
    if name in named:
        return pointer
    named[name] = {}  # so that a circle ends
    whole: Schema = {"type": "object", "additionalProperties": False}
    whole["description"] = " ".join((kind.__doc__ or name).split())
    whole["properties"] = {field: schema_of(one, named) for field, one in hints_of(kind).items()}
    if needed:
        whole["required"] = sorted(needed)
    named[name] = whole
    return pointer


def _or_nothing(schema: Schema) -> Schema:
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return schema | {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _plain_schema(kind: Any, limits: Any) -> Schema:
    if kind is datetime:
        return {"type": "string", "format": "date-time"}
    if kind is date:
        return {"type": "string", "format": "date"}
    if kind is bool:
        return {"type": "boolean"}
    if kind in {int, float}:
        schema: Schema = {"type": "integer" if kind is int else "number"}
        if isinstance(limits, Between):
            schema |= {"minimum": limits.least, "maximum": limits.most}
        return schema
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [one.value for one in kind]}
    schema = {"type": "string"}
    if isinstance(limits, Text):
        schema |= {"maxLength": limits.longest} | ({"minLength": limits.shortest} if limits.shortest else {})
    return schema


def unwrapped(kind: Any) -> tuple[Any, Any]:
    """Return the type itself, and the limit that stands beside it."""
    if get_origin(kind) is Annotated:
        inner, *limits = get_args(kind)
        return inner, limits[0]
    return kind, None


def _with(kind: Any, limits: Any) -> Any:
    return kind if limits is None else Annotated[kind, limits]


def _escaped(name: str) -> str:
    """A name as a JSON pointer tells it, cut where somebody sent a book."""
    return name[:80].replace("~", "~0").replace("/", "~1")


def _shown(value: object) -> str:
    if isinstance(value, str):
        return f"“{value[:40]}”"
    names = {dict: "an object", list: "a list", bool: str(value).lower(), type(None): "null"}
    return names.get(type(value), str(value)[:40])
