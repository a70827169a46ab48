"""The forms of a shared goal and of a horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import StringField
from wtforms.validators import InputRequired

from planner.domain.text import NAME_LONGEST, SENTENCE_LONGEST
from planner.domain.transfer import GoalDraft, HorizonDraft
from planner.web.forms.base import RecordForm, options
from planner.web.forms.fields import Checkboxes, Choice, Day, at_most

if TYPE_CHECKING:
    from planner.domain.model import Organisation


class GoalForm(RecordForm):
    outcome = StringField(
        "Outcome", [InputRequired("is empty; say what will be true then"), at_most(SENTENCE_LONGEST)]
    )
    due_on = Day("Date")
    teams = Checkboxes("Teams", names="teams")
    lead = Choice("Led by", names="people")

    def offer(self, organisation: Organisation) -> GoalForm:
        """Fill the choices from the organisation and return the form."""
        self.teams.choices = options((team.key, team.name) for team in organisation.teams)
        self.lead.choices = options(((one.key, one.name) for one in organisation.people), optional=True)
        return self

    def fill(self, draft: GoalDraft) -> None:
        """Show what is recorded."""
        self.outcome.data, self.due_on.data, self.teams.data = draft.outcome, draft.due_on, draft.teams
        self.lead.data = draft.lead or ""

    def draft(self) -> GoalDraft:
        """Return the goal as typed."""
        teams, lead = tuple(self.teams.data or ()), self.lead.data or None
        return GoalDraft("", self.outcome.data or "", self.due_on.data, teams, lead)


class HorizonForm(RecordForm):
    name = StringField("Name", [InputRequired("is empty; write a name"), at_most(NAME_LONGEST)])
    starts_on = Day("First day")
    ends_on = Day("Last day")

    def fill(self, draft: HorizonDraft) -> None:
        """Show what is recorded."""
        self.name.data, self.starts_on.data, self.ends_on.data = draft.name, draft.starts_on, draft.ends_on

    def draft(self) -> HorizonDraft:
        """Return the horizon as typed."""
        return HorizonDraft(self.name.data or "", self.starts_on.data, self.ends_on.data)
