"""Fields that say what they would have taken, and keep what was typed."""

from __future__ import annotations

import re
from abc import abstractmethod
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import available_timezones

from markupsafe import Markup, escape
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import Choice as Option
from wtforms.validators import Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, Select

from planner.web.filters import MINUTES_PER_HOUR, clock
from planner.web.names import LISTED_MOST, distinct, fitting, key_of, named_input

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

QUOTED_LONGEST = 40
MORE_NAMES = 3
NAMED_MOST = 3


def at_most(longest: int) -> Length:
    """Return a validator for the length of a text."""
    return Length(max=longest, message="is too long; at most %(max)d characters can be kept")


class Needed:
    """Validator of a typed field: something has been written. Zero is something."""

    field_flags: ClassVar = {"required": True}

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data is None and not field.process_errors:
            raise ValidationError(self.message)


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Return every time zone this machine knows, by name."""
    return [(zone, zone) for zone in sorted(available_timezones())]


class _Lines(Select):
    """A list whose lines are written at once: six hundred time zones took longer than the rest of a page."""

    @classmethod
    def render_option(cls, choice: Option) -> Markup:
        """Return one line of the list."""
        chosen = "selected " if choice.selected else ""
        value, label = escape(choice.value), escape(choice.label or choice.value)
        return Markup(f'<option {chosen}value="{value}">{label}</option>')  # noqa: S704 - both are escaped


class _FromPairs(SelectField):
    """Choices are pairs of value and label, as `options` returns them.

    names: what they are, "teams" or "people"; the names of many are typed instead of chosen from a list.
    """

    widget = _Lines()
    data: Any

    def __init__(
        self, label: str, choices: Iterable[tuple[str, str]] = (), *, names: str = "", **arguments: Any
    ) -> None:
        super().__init__(label, **arguments)
        self.choices = list(choices)
        self.names = names

    @property
    def is_typed(self) -> bool:
        """Whether there are so many choices that their names are typed."""
        return bool(self.names) and len(self.choices) > LISTED_MOST

    def has_groups(self) -> bool:
        return False

    def iter_choices(self) -> Iterator[Option]:
        chosen = self.chosen()
        for value, label in self.choices:
            yield Option(value=value, label=label, selected=value in chosen, render_kw={})

    def pre_validate(self, _form: Any) -> None:
        if self.is_typed:
            self._read_names()
        offered = {value for value, _label in self.choices}
        unknown = [value for value in self.chosen() if value not in offered]
        if unknown:
            raise ValidationError(self._not_offered(unknown[0]))

    def _not_offered(self, value: str) -> str:
        if not self.is_typed:
            return f"“{_quoted(value)}” is not in the list; choose one that is"
        named = [pair for pair in distinct(self.choices) if pair[0]]
        close = fitting(value, named, most=NAMED_MOST) if value else []
        meant = f"did you mean {' or '.join(close)}?" if close else "write a whole name"
        return f"“{_quoted(value)}” is nobody’s name; {meant}" if value else "is empty; write a name"

    @abstractmethod
    def _read_names(self) -> None:
        """Put the key that is meant in the place of every name that was typed."""

    def _name_input(self, value: str, *, control_id: str, **attributes: Any) -> Markup:
        return named_input(self.name, self.names, control_id=control_id, value=value, **attributes)

    @abstractmethod
    def chosen(self) -> Sequence[str]:
        """Return the values that were sent."""


class Choice(_FromPairs):
    """One of a list; "" stands for none where the list offers it."""

    def chosen(self) -> Sequence[str]:
        return [self.data or ""]

    def __call__(self, **attributes: Any) -> Any:
        if not self.is_typed:
            return super().__call__(**attributes)
        labels, typed = dict(distinct(self.choices)), self.data or ""
        shown = labels.get(typed, typed) if typed else ""
        return self._name_input(shown, control_id=self.id, placeholder=labels.get("", ""), **attributes)

    def _read_names(self) -> None:
        self.data = key_of((self.data or "").strip(), distinct(self.choices)) or self.data


class Checkboxes(_FromPairs, SelectMultipleField):
    """Many of many, as a list of checkboxes; needs no key combination to choose two."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
    data: Any

    def process_formdata(self, values: Sequence[str]) -> None:
        """Take what was chosen; the empty line of a list that offers one chooses nothing."""
        self.data = [value for value in values if value]

    def chosen(self) -> Sequence[str]:
        return self.data or []

    def iter_choices(self) -> Iterator[Option]:
        """Give every choice; where names are typed, those that are chosen already."""
        return (one for one in super().iter_choices() if one.selected or not self.is_typed)

    def more(self) -> list[Markup]:
        """Return fields for further names, with what was typed and is nobody's first."""
        offered = {value for value, _label in self.choices}
        typed = [*(value for value in self.chosen() if value not in offered), *[""] * MORE_NAMES]
        return [
            self._name_input(value, control_id=f"{self.id}-more-{number}", placeholder="Add a name")
            for number, value in enumerate(typed, start=1)
        ]

    def _read_names(self) -> None:
        pairs = distinct(self.choices)
        read = [key_of(value.strip(), pairs) or value for value in self.chosen()]
        self.data = list(dict.fromkeys(read))


class _Typed(StringField):
    """Text that is read into a value; None when empty.

    What cannot be read is shown again as text, because a browser empties a date that is none.
    """

    input_type = "text"
    data: Any

    @abstractmethod
    def read(self, text: str) -> Any:
        """Return the value. Raises ValueError with what was read and what was expected."""

    @abstractmethod
    def write(self, value: Any) -> str:
        """Return the text that `read` takes."""

    def process_formdata(self, values: Sequence[str]) -> None:
        text = "".join(values[:1]).strip()
        self.data = self.read(text) if text else None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)

    def __call__(self, **attributes: Any) -> Any:
        kind = "text" if self.process_errors else self.input_type
        return super().__call__(type=kind, **attributes)


class Day(_Typed):
    """A date."""

    input_type = "date"

    def read(self, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"“{_quoted(text)}” is no date; write it like 2026-03-02") from None

    def write(self, value: date) -> str:
        return value.isoformat()


class Whole(_Typed):
    """A whole number."""

    input_type = "number"

    def read(self, text: str) -> int:
        if not re.fullmatch("-?[0-9]{1,9}", text):
            raise ValueError(f"“{_quoted(text)}” is no whole number; write it like 60")
        return int(text)

    def write(self, value: int) -> str:
        return str(value)


class TimeOfDay(_Typed):
    """A time of day as minutes after midnight."""

    input_type = "time"

    def read(self, text: str) -> int:
        found = re.fullmatch("([01]?[0-9]|2[0-3]):([0-5][0-9])(:[0-5][0-9])?", text)
        if found is None:
            raise ValueError(f"“{_quoted(text)}” is no time of day; write it like 09:30")
        return int(found[1]) * MINUTES_PER_HOUR + int(found[2])

    def write(self, value: int) -> str:
        return clock(value)


def _quoted(text: str) -> str:
    return text if len(text) <= QUOTED_LONGEST else text[:QUOTED_LONGEST] + "…"
