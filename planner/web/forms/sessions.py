"""The form of a team session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import StringField
from wtforms.validators import InputRequired

from planner.domain.model import WEEKDAYS
from planner.domain.text import SENTENCE_LONGEST
from planner.domain.transfer import SessionDraft
from planner.web.forms.base import RecordForm, options
from planner.web.forms.fields import Checkboxes, Choice, Needed, TimeOfDay, Whole, at_most, zone_choices

if TYPE_CHECKING:
    from planner.domain.model import Organisation

NOT_FIXED = ("", "not fixed")


class SessionForm(RecordForm):
    title = StringField("Title", [InputRequired("is empty; write a title"), at_most(SENTENCE_LONGEST)])
    host = Choice("Team that holds it", names="teams")
    attendees = Checkboxes("Who sits in it", names="people")
    minutes = Whole("Minutes", [Needed("are empty; write a number like 60")])
    local_minutes = Whole("Minutes for the team's own work")
    cadence_days = Whole("Days from one to the next", [Needed("are empty; write a number like 14")])
    weekday = Choice("Weekday", choices=[NOT_FIXED, *((str(n), day) for n, day in enumerate(WEEKDAYS))])
    start = TimeOfDay("Begins at")
    zone = Choice("Time zone")
    place = Choice("Place")

    def offer(self, organisation: Organisation) -> SessionForm:
        """Fill the choices from the organisation and return the form."""
        self.host.choices = options((team.key, team.name) for team in organisation.teams)
        self.zone.choices = [NOT_FIXED, *zone_choices()]
        self.attendees.choices = options((person.key, person.name) for person in organisation.people)
        self.place.choices = options(((p.name, p.name) for p in organisation.places), optional=True)
        return self

    def fill(self, draft: SessionDraft) -> None:
        """Show what is recorded."""
        for name in ("title", "host", "attendees", "minutes", "local_minutes", "cadence_days", "start"):
            self[name].data = getattr(draft, name)
        self.weekday.data = "" if draft.weekday is None else str(draft.weekday)
        self.zone.data, self.place.data = draft.zone or "", draft.place or ""

    def draft(self) -> SessionDraft:
        """Return the session as typed."""
        return SessionDraft(
            key="",
            title=self.title.data or "",
            host=self.host.data,
            attendees=tuple(self.attendees.data or ()),
            minutes=self.minutes.data,
            local_minutes=self.local_minutes.data or 0,
            cadence_days=self.cadence_days.data,
            weekday=int(self.weekday.data) if self.weekday.data else None,
            start=self.start.data,
            zone=self.zone.data or None,
            place=self.place.data or None,
        )
