"""Forms of promises: one line to make one, a day or words for what needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import HiddenField, StringField, TextAreaField

from planner.domain.text import PROSE_LONGEST, SENTENCE_LONGEST
from planner.web.forms.base import RecordForm
from planner.web.forms.fields import Choice, Day, at_most

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.domain.model import Person

IN_THE_LINE = ("", "whom the line names")


class PromiseForm(RecordForm):
    """One line, and a witness who is not named in it."""

    key = HiddenField()
    line = StringField("I promise", [at_most(SENTENCE_LONGEST)])
    witnesses = Choice("Who may ask about it")

    def offer(self, peers: Iterable[Person]) -> None:
        """Let one of these people be chosen."""
        self.witnesses.choices = [IN_THE_LINE, *((one.key, one.name) for one in peers)]

    @property
    def chosen(self) -> list[str]:
        """The keys of the witnesses that were chosen beside the line."""
        return [self.witnesses.data] if self.witnesses.data else []


class PromiseActForm(RecordForm):
    """What an act may need: a day, words."""

    key = HiddenField()
    day = Day("New day")
    words = TextAreaField("In your own words", [at_most(PROSE_LONGEST)])
