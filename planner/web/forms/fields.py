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

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

QUOTED_LONGEST = 40


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
    """Choices are pairs of value and label, as `options` returns them."""

    widget = _Lines()

    def __init__(self, label: str, choices: Iterable[tuple[str, str]] = (), **arguments: Any) -> None:
        super().__init__(label, **arguments)
        self.choices = list(choices)

    def has_groups(self) -> bool:
        return False

    def iter_choices(self) -> Iterator[Option]:
        chosen = self.chosen()
        for value, label in self.choices:
            yield Option(value=value, label=label, selected=value in chosen, render_kw={})

    def pre_validate(self, _form: Any) -> None:
        offered = {value for value, _label in self.choices}
        unknown = [value for value in self.chosen() if value not in offered]
        if unknown:
            raise ValidationError(f"“{_quoted(unknown[0])}” is not in the list; choose one that is")

    @abstractmethod
    def chosen(self) -> Sequence[str]:
        """Return the values that were sent."""


class Choice(_FromPairs):
    """One of a list; "" stands for none where the list offers it."""

    def chosen(self) -> Sequence[str]:
        return [self.data or ""]


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
