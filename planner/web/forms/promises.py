"""Forms of promises: one line to make one, a day or words for what needs them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wtforms import HiddenField, StringField, TextAreaField

from planner.domain.meeting.rounds import RoundOf
from planner.domain.text import PROSE_LONGEST, SENTENCE_LONGEST
from planner.web.forms.base import RecordForm
from planner.web.forms.fields import Checkboxes, Day, at_most

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.domain.meeting.rounds import SessionOrRound
    from planner.domain.model import Person


class PromiseForm(RecordForm):
    """One line, and the witnesses who are not named in it; `session` and `round` are where it was made."""

    key = HiddenField()
    session = HiddenField()
    round = HiddenField()
    line = StringField("I promise", [at_most(SENTENCE_LONGEST)])
    witnesses = Checkboxes("Who may ask about it")

    def offer(self, peers: Iterable[Person]) -> None:
        """Let these people be chosen."""
        self.witnesses.choices = [(one.key, one.name) for one in peers]

    @property
    def chosen(self) -> list[str]:
        """The keys of the witnesses that were chosen beside the line."""
        return list(self.witnesses.data or [])

    @property
    def made_in(self) -> SessionOrRound | None:
        """The shared session in which it is made, or the round of it that is named; None for none."""
        session, round_ = _number(self.session.data), _number(self.round.data)
        return session if session is None or round_ is None else RoundOf(session, round_)


def _number(typed: str | None) -> int | None:
    return int(typed) if typed and re.fullmatch("[0-9]{1,9}", typed) else None


class PromiseActForm(RecordForm):
    """What an act may need: a day, words."""

    key = HiddenField()
    day = Day("New day")
    words = TextAreaField("In your own words", [at_most(PROSE_LONGEST)])
