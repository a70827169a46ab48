"""The form of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import StringField
from wtforms.validators import InputRequired

from planner.domain.model import MINUTES_PER_DAY, WEEKDAYS, WorkingHours
from planner.domain.text import EMAIL_LONGEST, NAME_LONGEST
from planner.domain.transfer import PersonDraft
from planner.web.forms.base import RecordForm, options
from planner.web.forms.fields import Checkboxes, Choice, Needed, TimeOfDay, at_most, zone_choices

if TYPE_CHECKING:
    from planner.domain.model import Organisation


class PersonForm(RecordForm):
    name = StringField("Name", [InputRequired("is empty; write the person's name"), at_most(NAME_LONGEST)])
    email = StringField("E-mail", [at_most(EMAIL_LONGEST)])
    place = Choice("Place")
    zone = Choice("Time zone")
    start = TimeOfDay("From", [Needed("is empty; write a time like 09:00")])
    end = TimeOfDay("To", [Needed("is empty; write a time like 17:00")])
    days = Checkboxes("Working days", choices=[(str(n), day) for n, day in enumerate(WEEKDAYS)])
    teams = Checkboxes("Teams", names="teams")

    def offer(self, organisation: Organisation) -> PersonForm:
        """Fill the choices from the organisation and return the form."""
        self.place.choices = options(((p.name, p.name) for p in organisation.places), optional=True)
        self.zone.choices = zone_choices()
        self.teams.choices = options((team.key, team.name) for team in organisation.teams)
        return self

    def fill(self, draft: PersonDraft, teams: list[str]) -> None:
        """Show what is recorded."""
        self.name.data, self.email.data = draft.name, draft.email or ""
        self.place.data, self.teams.data = draft.place or "", teams
        hours = draft.hours
        self.zone.data, self.start.data, self.end.data = hours.zone, hours.start, hours.end
        self.days.data = [str(day) for day in sorted(hours.days)]

    def draft(self) -> PersonDraft:
        """Return the person as typed. Work until 00:00 is work until midnight."""
        hours = WorkingHours(
            zone=self.zone.data,
            start=self.start.data,
            end=self.end.data or MINUTES_PER_DAY,
            days=frozenset(map(int, self.days.data or [])),
        )
        return PersonDraft(
            key="",
            name=self.name.data or "",
            email=self.email.data or None,
            place=self.place.data or None,
            hours=hours,
        )
