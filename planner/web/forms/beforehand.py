"""What somebody who cannot come leaves beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.widgets import HiddenInput

from planner.services.calendar.beforehand import WORD_LONGEST
from planner.web.forms.base import RecordForm
from planner.web.forms.fields import Choice, at_most

if TYPE_CHECKING:
    from planner.domain.meeting.model import Meeting

ALL_OF_IT = ("", "the whole session")


class WordForm(RecordForm):
    """On what, and the words; `round` is the one that the page was about, by its number in the series."""

    key = HiddenField()
    round = IntegerField(widget=HiddenInput())
    about = Choice("On")
    text = TextAreaField("What should be heard", [at_most(WORD_LONGEST)], render_kw={"rows": 2})

    def offer(self, meeting: Meeting) -> WordForm:
        """Offer the items of this agenda in their order, and the whole of it."""
        self.about.choices = [ALL_OF_IT, *((item.name, item.title) for item in meeting.items)]
        return self
