"""The form of an answer to a proposed plan: which of the three is the button that was pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import HiddenField, TextAreaField

from planner.domain.agreement import Stance
from planner.domain.conditions import WISH_WORDS, Wish
from planner.services.agreements import WORDS_LONGEST
from planner.web.forms.base import RecordForm
from planner.web.forms.fields import Choice, at_most

if TYPE_CHECKING:
    from collections.abc import Iterable


WISHES = (("", "–"), *((one.value, words) for one, words in WISH_WORDS.items()))


class AnswerForm(RecordForm):
    """`stance` is told by the button; of the other two a wish or words say what they mean."""

    key = HiddenField()
    stance = HiddenField()
    wish = Choice("It would be fine with", WISHES)
    about = Choice("Which item")
    words = TextAreaField("Your condition, or what speaks against it", [at_most(WORDS_LONGEST)])

    def offer(self, items: Iterable[tuple[str, str]]) -> AnswerForm:
        """Let these items be chosen, and return the form."""
        self.about.choices = [("", "–"), *items]
        return self

    @property
    def wished(self) -> Wish | None:
        """What was chosen of the wishes."""
        return Wish(self.wish.data) if self.wish.data else None

    @property
    def chosen(self) -> Stance | None:
        """What was pressed; None where it is none of the three."""
        return next((one for one in Stance if one.value == self.stance.data), None)
