"""The form of a link for guests."""

from __future__ import annotations

from wtforms import HiddenField, StringField

from planner.web.forms.base import RecordForm
from planner.web.forms.fields import Day, Needed, at_most

WORDS_LONGEST = 2000
SITE_LONGEST = 300


def _plain(typed: str | None) -> str:
    """Return what was typed without the slash that browsers put at its end."""
    return (typed or "").strip().removesuffix("/")


class ShareForm(RecordForm):
    """`words` and `dependencies` say what is shown: the page that leads here has written them."""

    words = HiddenField(validators=[at_most(WORDS_LONGEST)])
    dependencies = HiddenField(validators=[at_most(WORDS_LONGEST)])
    site = StringField(
        "Site that may show it in a frame", validators=[at_most(SITE_LONGEST)], filters=[_plain]
    )
    until = Day("Until", [Needed("is empty; choose a day")])
