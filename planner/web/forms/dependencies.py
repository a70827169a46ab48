"""The form of one dependency."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from planner.domain.model import DependencyKind
from planner.domain.text import PROSE_LONGEST, SENTENCE_LONGEST
from planner.web.forms.base import RecordForm, options
from planner.web.forms.fields import Choice, Day, at_most

if TYPE_CHECKING:
    from planner.domain.model import Organisation
    from planner.domain.transfer import DependencyDraft

KIND_WORDS = {
    DependencyKind.HAND_OVER: "Hand-over: one side gives, the other receives",
    DependencyKind.SHARED: "Shared: both use the same thing, a standard settles it",
    DependencyKind.BACK_AND_FORTH: "Back and forth: both sides work it out together",
}


ASKED_FOR = ("what", "consumer", "provider", "needed_by", "criteria")


class DependencyForm(RecordForm):
    what = StringField(
        "What is needed", [InputRequired("is empty; say what is needed"), at_most(SENTENCE_LONGEST)]
    )
    consumer = Choice("Who needs it", names="teams")
    provider = Choice("Who gives it", names="teams")
    needed_by = Day("Needed by")
    criteria = TextAreaField("Done when", [at_most(PROSE_LONGEST)])
    goal = Choice("Goal")
    horizon = Choice("Horizon")
    kind = Choice("Kind", choices=[(k.value, KIND_WORDS[k]) for k in DependencyKind])
    item = StringField("Item or ticket", [at_most(SENTENCE_LONGEST)])

    def offer(self, organisation: Organisation) -> DependencyForm:
        """Fill the choices from the organisation and return the form."""
        teams = options((team.key, team.name) for team in organisation.teams)
        self.consumer.choices = self.provider.choices = teams
        self.goal.choices = options(((g.key, g.outcome) for g in organisation.goals), optional=True)
        self.horizon.choices = options(((h.name, h.name) for h in organisation.horizons), optional=True)
        return self

    def keep_what_was_answered(self) -> DependencyForm:
        """Leave out what only both sides can change together, and return the form."""
        for name in set(ASKED_FOR) & self._fields.keys():
            del self[name]
        return self

    def fill(self, draft: DependencyDraft) -> None:
        """Show what is recorded."""
        shown = {name: getattr(draft, name) for name in ("what", "consumer", "provider", "needed_by", "item")}
        for name, value in (shown | {"criteria": "\n".join(draft.criteria)}).items():
            if name in self._fields:
                self[name].data = value
        self.kind.data = draft.kind.value
        self.goal.data, self.horizon.data = draft.goal or "", draft.horizon or ""

    def draft(self, recorded: DependencyDraft) -> DependencyDraft:
        """Return the dependency as typed over what is recorded."""
        return replace(
            self._asked_for(recorded) if "what" in self._fields else recorded,
            goal=self.goal.data or None,
            horizon=self.horizon.data or None,
            kind=DependencyKind(self.kind.data),
            item=self.item.data or "",
        )

    def _asked_for(self, recorded: DependencyDraft) -> DependencyDraft:
        return replace(
            recorded,
            what=self.what.data or "",
            consumer=self.consumer.data,
            provider=self.provider.data,
            needed_by=self.needed_by.data,
            criteria=tuple((self.criteria.data or "").splitlines()),
        )
