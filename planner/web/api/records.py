"""What the operations on records share: who asks, what is meant, which version it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

from planner.domain.errors import InvalidInput, Problem
from planner.domain.text import fold
from planner.services.reading import version_of, versions_of
from planner.web import context
from planner.web.api.calls import Stale
from planner.web.api.operations import Done, One

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange

Record = TypeVar("Record")
Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


Numbered = TypeVar("Numbered", bound=_Numbered)


def do(
    act: Callable[Concatenate[Any, Actor, Arguments], Result],
    *given: Arguments.args,
    **named: Arguments.kwargs,
) -> Result:
    """Do what a service does, as whoever asks; what is read afterwards is read anew. Raises as it does."""
    result = act(context.database(), context.actor(), *given, **named)
    context.forget()
    return result


def looked_for(records: Iterable[Record], text: Callable[[Record], str], wanted: str | None) -> list[Record]:
    """Return the records whose text holds what is looked for, sorted by that text."""
    part = fold(wanted or "")
    return sorted((r for r in records if part in fold(text(r))), key=lambda r: fold(text(r)))


def expect_known(**references: tuple[Iterable[str], Collection[str]]) -> None:
    """Raise InvalidInput for every key that names nothing; each field with its keys and what there is."""
    problems = [
        Problem(f"/{where}", f"there is no “{key}”")
        for where, (keys, there) in references.items()
        for key in keys
        if key not in there
    ]
    if problems:
        raise InvalidInput(*problems)


def maybe(key: str | None) -> tuple[str, ...]:
    """Return a key that may be left open as a list of none or one."""
    return () if key is None else (key,)


def team_keys() -> set[str]:
    return {team.key for team in context.organisation().teams}


def person_keys() -> set[str]:
    return {person.key for person in context.organisation().people}


def place_names() -> set[str]:
    return {place.name for place in context.organisation().places}


def versions(noun: str, records: Sequence[_Numbered]) -> Mapping[int, int]:
    """Return the version of each of these records. One query."""
    return versions_of(context.database(), noun, [one.id for one in records])


def version(noun: str, record: _Numbered) -> int:
    return version_of(context.database(), noun, record.id)


def expect_version(noun: str, record: _Numbered, expected: int | None) -> None:
    """Raise Stale unless the record still has this version; for services that do not ask themselves."""
    if expected is not None and version(noun, record) != expected:
        raise Stale("Somebody else changed this since you read it. Read it again.")


def done(change: OpenChange | None = None) -> Done:
    return Done(None if change is None else change.id)


def one(
    value: Record, version: int | None = None, *, at: str = "", change: OpenChange | None = None
) -> One[Record]:
    return One(value, version, at, None if change is None else change.id)
