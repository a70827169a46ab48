"""The form of an answer to a proposed plan: which of the three is the button that was pressed."""

from __future__ import annotations

from wtforms import HiddenField, TextAreaField

from planner.domain.agreement import Stance
from planner.services.agreements import WORDS_LONGEST
from planner.web.forms.base import RecordForm
from planner.web.forms.fields import at_most


class AnswerForm(RecordForm):
    """`stance` is told by the button; the words are needed for two of the three."""

    key = HiddenField()
    stance = HiddenField()
    words = TextAreaField("Your condition, or what speaks against it", [at_most(WORDS_LONGEST)])

    @property
    def chosen(self) -> Stance | None:
        """What was pressed; None where it is none of the three."""
        return next((one for one in Stance if one.value == self.stance.data), None)
