"""Forms beside minutes: what a correction corrects, an objection, its answer."""

from __future__ import annotations

from wtforms import HiddenField, TextAreaField

from planner.services.meeting.minutes import WORDS_LONGEST
from planner.web.forms.base import RecordForm
from planner.web.forms.fields import at_most


class ShareMinutesForm(RecordForm):
    """The first version needs no words, a correction says what it corrects."""

    key = HiddenField()
    why = TextAreaField("What is corrected", [at_most(WORDS_LONGEST)])


class MinutesWordsForm(RecordForm):
    """An objection or an answer."""

    key = HiddenField()
    item = HiddenField()
    number = HiddenField()
    words = TextAreaField("In your own words", [at_most(WORDS_LONGEST)])

    @property
    def about(self) -> int | None:
        """The item that is objected to; None for the minutes as a whole."""
        typed = self.item.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() else None

    @property
    def shown(self) -> int:
        """The version that was looked at; 0, which there is none of, when the form carries none."""
        typed = self.number.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_NUMBER else 0


LONGEST_NUMBER = 9
