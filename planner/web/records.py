"""What every page over one kind of record shares: finding one, filtering many, saving a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from flask import request

from planner.domain.errors import InvalidInput, NotFound, StaleVersion
from planner.domain.text import fold
from planner.services.history import read_history_of
from planner.services.reading import version_of
from planner.services.renames import once_named
from planner.web import context
from planner.web.addresses import row_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planner.web.forms.base import RecordForm

OVERTAKEN = 409


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


class _Named(Protocol):
    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...


Keyed = TypeVar("Keyed", bound=_Keyed)
Named = TypeVar("Named", bound=_Named)
Record = TypeVar("Record")
Saved = TypeVar("Saved")


def by_key(records: Iterable[Keyed], key: str, noun: str) -> Keyed:
    """Return the record of this key. Raises NotFound."""
    for record in records:
        if record.key == key:
            return record
    raise NotFound(f"There is no {noun} “{key}”.")


def by_name(records: Iterable[Named], name: str, noun: str) -> Named:
    """Return the record of this name, in any spelling. Raises NotFound."""
    for record in records:
        if fold(record.name) == fold(name):
            return record
    raise NotFound(f"There is no {noun} “{name}”.")


def opened_by_name(records: Iterable[Named], name: str, noun: str) -> Named:
    """Return the record that a form was opened for, whatever it is called by now. Raises NotFound."""
    number = request.form.get("record", type=row_number)
    if number is None:
        return by_name(records, name, noun)
    for record in records:
        if record.id == number:
            return record
    raise NotFound(f"There is no {noun} “{name}” any more.")


def still_named(records: Iterable[Named], name: str, noun: str) -> Named:
    """Return the record of this name that somebody is about to change for good.

    Raises StaleVersion where it was given another name since they read it, with that name; NotFound.
    """
    known = list(records)
    number = request.form.get("record", type=row_number)
    if number is None:
        named = [one for one in known if fold(one.name) == fold(name)]
        if named:
            return named[0]
        number = once_named(context.database(), noun, name)
    for record in known:
        if record.id == number and fold(record.name) == fold(name):
            return record
        if record.id == number:
            raise StaleVersion(
                f"The {noun} “{name}” is called “{record.name}” now. Nothing was done. "
                "Look at it under that name first."
            )
    raise NotFound(f"There is no {noun} “{name}”.")


def looked_for(records: Iterable[Record], text: Callable[[Record], str]) -> list[Record]:
    """Return the records whose text holds the `q` of the address, sorted by that text."""
    wanted = fold(request.args.get("q", ""))
    return sorted((r for r in records if wanted in fold(text(r))), key=lambda r: fold(text(r)))


def given(*names: str) -> dict[str, str]:
    """Return these words of the address where something is in them, so that a link can ask the same."""
    return {name: word for name in names if (word := request.args.get(name, ""))}


def remember_version(form: RecordForm, noun: str, record_id: int) -> None:
    """Send the version along, so that a change made meanwhile by somebody else is noticed."""
    form.version.data = str(version_of(context.database(), noun, record_id))
    form.record.data = str(record_id)


def save(form: RecordForm, act: Callable[[], Saved]) -> Saved | None:
    """Return what the act returns; None when the form or the service finds problems, shown in the form."""
    if not form.validate():
        return None
    try:
        return act()
    except InvalidInput as error:
        form.show_problems(error)
        return None


def save_over(form: RecordForm, noun: str, record_id: int, act: Callable[[], Saved]) -> Saved | None:
    """Save a record that is there already; None as well when somebody changed it meanwhile.

    The form then keeps what was typed beside what they did, and may be sent again.
    """
    try:
        return save(form, act)
    except StaleVersion:
        context.forget()
        remember_version(form, noun, record_id)
        latest = read_history_of(context.database(), context.visitor(), noun, record_id).entries[:1]
        form.overtaken_by = [(entry.who, context.own_day(entry.at), entry.summary) for entry in latest]
        form.status = OVERTAKEN
        return None
