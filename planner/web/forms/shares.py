"""The form of a link for guests."""

from __future__ import annotations

from wtforms import HiddenField

from planner.web.forms.base import RecordForm
from planner.web.forms.fields import Day, Needed, at_most

WORDS_LONGEST = 2000


class ShareForm(RecordForm):
    """`words` and `dependencies` say what is shown: the page that leads here has written them."""

    words = HiddenField(validators=[at_most(WORDS_LONGEST)])
    dependencies = HiddenField(validators=[at_most(WORDS_LONGEST)])
    until = Day("Until", [Needed("is empty; choose a day")])
