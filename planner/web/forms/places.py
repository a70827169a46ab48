"""The form of a place: one field of minutes for each other place."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from wtforms import StringField
from wtforms.validators import InputRequired

from planner.domain.errors import InvalidInput, Problem
from planner.domain.text import NAME_LONGEST
from planner.domain.transfer import PlaceDraft
from planner.services.away import DAYS_OFF_MOST
from planner.services.places import minutes_field
from planner.web.forms.base import RecordForm
from planner.web.forms.fields import Choice, Whole, at_most, zone_choices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.domain.model import Place


class PlaceForm(RecordForm):
    name = StringField("Name", [InputRequired("is empty; write the place's name"), at_most(NAME_LONGEST)])
    zone = Choice("Time zone")
    days_off = StringField("Days off")
    others: Sequence[Place] = ()

    @property
    def travel(self) -> list[Whole]:
        """The fields of minutes, one for each other place."""
        return [self[_field_name(other)] for other in self.others]

    def fill(self, draft: PlaceDraft, minutes_to: Mapping[str, int]) -> None:
        """Show what is recorded."""
        self.name.data, self.zone.data = draft.name, draft.zone
        self.days_off.data = ", ".join(day.isoformat() for day in draft.days_off)
        for other in self.others:
            self[_field_name(other)].data = minutes_to.get(other.name)

    def draft(self) -> PlaceDraft:
        """Return the place as typed. Raises InvalidInput where a day off is none."""
        return PlaceDraft(self.name.data or "", self.zone.data, _days(self.days_off.data or ""))

    def minutes_to(self) -> dict[str, int | None]:
        """Return the minutes one way to each other place, None where nothing was typed."""
        return {other.name: self[_field_name(other)].data for other in self.others}

    def show_problems(self, error: InvalidInput) -> None:
        """Put each problem beside its field; the service names other places, the form numbers them."""
        names = {minutes_field(other.name): _field_name(other) for other in self.others}
        placed = (replace(p, where=names.get(p.where, p.where)) for p in error.problems)
        super().show_problems(InvalidInput(*placed))


def place_form(others: Sequence[Place], **arguments: Any) -> PlaceForm:
    """Return the form of a place among these others."""
    fields = {_field_name(other): Whole(f"Minutes to {other.name}") for other in others}
    form_class = type("PlaceFormAmongOthers", (PlaceForm,), {**fields, "others": others})
    form: PlaceForm = form_class(**arguments)
    form.zone.choices = zone_choices()
    return form


def _days(text: str) -> tuple[date, ...]:
    found, problems = set(), []
    for word in filter(None, re.split(r"[\s,;]+", text)):
        try:
            found.add(date.fromisoformat(word))
        except ValueError:
            problems.append(Problem("days_off", f"read “{word[:20]}”, expected days like 2026-12-25"))
    if len(found) > DAYS_OFF_MOST:
        problems.append(Problem("days_off", f"are more than {DAYS_OFF_MOST}; leave out what is past"))
    if problems:
        raise InvalidInput(*problems[:3])
    return tuple(sorted(found))


def _field_name(other: Place) -> str:
    return f"minutes_to_{other.id}"
