"""The form of a team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from planner.domain.text import NAME_LONGEST, PROSE_LONGEST
from planner.domain.transfer import MemberDraft, TeamDraft
from planner.web.forms.base import RecordForm, options
from planner.web.forms.fields import Checkboxes, Choice, at_most

if TYPE_CHECKING:
    from planner.domain.model import Organisation


class TeamForm(RecordForm):
    name = StringField("Name", [InputRequired("is empty; write the team's name"), at_most(NAME_LONGEST)])
    area = StringField("Area", [at_most(NAME_LONGEST)])
    purpose = TextAreaField("What this team is for", [at_most(PROSE_LONGEST)])
    place = Choice("Place")
    decides = Checkboxes("Product owners", names="people")
    members = Checkboxes("Also in this team", names="people")

    def offer(self, organisation: Organisation) -> TeamForm:
        """Fill the choices from the organisation and return the form."""
        people = options((person.key, person.name) for person in organisation.people)
        self.place.choices = options(((p.name, p.name) for p in organisation.places), optional=True)
        self.decides.choices = people
        self.members.choices = people
        return self

    def fill(self, draft: TeamDraft) -> None:
        """Show what is recorded."""
        self.name.data, self.area.data, self.purpose.data = draft.name, draft.area, draft.purpose
        self.place.data = draft.place or ""
        self.decides.data = [m.person for m in draft.members if m.decides]
        self.members.data = [m.person for m in draft.members if not m.decides]

    def draft(self, roles: dict[str, str]) -> TeamDraft:
        """Return the team as typed; roles that the form does not show are kept."""
        deciding = set(self.decides.data or [])
        everybody = sorted(deciding | set(self.members.data or []))
        members = tuple(MemberDraft(p, p in deciding, roles.get(p, "")) for p in everybody)
        return TeamDraft(
            key="",
            name=self.name.data or "",
            area=self.area.data or "",
            purpose=self.purpose.data or "",
            place=self.place.data or None,
            members=members,
        )
