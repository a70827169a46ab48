"""What is typed while a session runs: a decision, where something is deferred to, a vote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wtforms import HiddenField, StringField, TextAreaField

from planner.domain.errors import InvalidInput, Problem
from planner.domain.meeting.deciding import KINDS, Decision
from planner.domain.meeting.model import ItemId
from planner.domain.meeting.votes import Method, Poll, PollId
from planner.domain.negotiation.acts import Act, Move
from planner.domain.text import PROSE_LONGEST, SENTENCE_LONGEST
from planner.services.meeting.outcomes import WORDS_LONGEST
from planner.services.meeting.votes import REASON_LONGEST
from planner.web.forms.base import RecordForm, form_key, options
from planner.web.forms.fields import Checkboxes, Choice, Day, Whole, at_most

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class KeyedForm(RecordForm):
    """A form that does its act once, however often it is sent."""

    key = HiddenField()

    @property
    def form_key(self) -> str | None:
        return form_key(self.key.data)

    def expect_valid(self) -> None:
        """Raise InvalidInput with everything that cannot be read, each beside the name of its field."""
        if not self.validate():
            raise InvalidInput(
                *(
                    Problem(self[name].label.text if name else "", str(message))
                    for name, messages in self.errors.items()
                    for message in messages
                )
            )


class DecideForm(KeyedForm):
    """A decision in words, an act on the dependency, or a split; whatever is typed beside is kept with it."""

    act = HiddenField()
    about = HiddenField()
    dependency_version = HiddenField()
    text = TextAreaField("What was decided", [at_most(WORDS_LONGEST)])
    day = Day("Date")
    reason = StringField("Why", [at_most(WORDS_LONGEST)])
    first = StringField("What comes first", [at_most(SENTENCE_LONGEST)])
    rest = StringField("The rest", [at_most(SENTENCE_LONGEST)])
    rest_by = Day("The rest is needed by")
    decider = Choice("Decided by")
    consulted = Checkboxes("Who was asked")
    idea_from = Choice("Whose idea it was")
    review_on = Day("Look at it again on")

    def offer(self, people: Mapping[str, str]) -> DecideForm:
        """Offer the people of the session, and return the form."""
        self.decider.choices = self.idea_from.choices = options(
            ((key, name) for key, name in people.items()), optional=True
        )
        self.consulted.choices = options((key, name) for key, name in people.items())
        return self

    def decision(self) -> Decision:
        """Return what was typed. Raises InvalidInput."""
        self.expect_valid()
        return Decision(
            text=self.text.data or "",
            decider=self.decider.data or "",
            consulted=tuple(self.consulted.data or ()),
            idea_from=self.idea_from.data or "",
            review_on=self.review_on.data,
            move=self._move(),
            first=self.first.data or "",
            rest=self.rest.data or "",
            rest_by=self.rest_by.data,
        )

    def item_and_version(self, item: int) -> tuple[ItemId, int]:
        """Return which item it is about, and the version of its outcome that was looked at.

        It is the item of the address, unless another one was chosen in the form.
        """
        chosen = re.fullmatch("([0-9]{1,9})-([0-9]{1,9})", self.about.data or "")
        if chosen is None:
            return ItemId(item), self.expected_version
        return ItemId(int(chosen[1])), int(chosen[2])

    @property
    def seen_dependency(self) -> int | None:
        """The version of the dependency that was looked at; None where the decision is words alone."""
        typed = self.dependency_version.data or ""
        return int(typed) if typed.isdecimal() and typed.isascii() and len(typed) < 10 else None

    def _move(self) -> Move | None:
        act = next((one for one in KINDS if one.value == self.act.data), None)
        if self.act.data and act is None:
            raise InvalidInput(Problem("", "That is nothing that can be decided here. Reload the page."))
        return None if act is None else _move_of(act, self)


class AsideForm(KeyedForm):
    """Why something is parked, or where it is deferred to."""

    text = StringField("Why", [at_most(WORDS_LONGEST)])
    deferred_to = StringField("Where it is taken up", [at_most(SENTENCE_LONGEST)])


class CallForm(KeyedForm):
    """The vote that is called: how, about which choices, with how many dots."""

    method = HiddenField()
    choices = TextAreaField("Choices, a line each", [at_most(PROSE_LONGEST)])
    dots = Whole("Dots for each person")
    cap = Whole("At most on one choice")

    def poll(self, item_id: ItemId) -> Poll:
        """Return the poll as it was asked for. Raises InvalidInput."""
        self.expect_valid()
        method = next((one for one in Method if one.value == self.method.data), None)
        if method is None:
            raise InvalidInput(Problem("", "Choose dots, fist of five or consent."))
        plain = Poll(PollId(0), item_id, method)
        dots = plain.dots if self.dots.data is None else self.dots.data
        cap = min(plain.cap, dots) if self.cap.data is None else self.cap.data
        lines = (self.choices.data or "").splitlines()
        choices = tuple(line for line in lines if line.strip()) if method is Method.DOTS else ()
        return Poll(PollId(0), item_id, method, choices, dots, cap) if method is Method.DOTS else plain


class VoteForm(KeyedForm):
    """One vote: a number for each choice, or the one number of the button that was pressed."""

    reason = StringField("What speaks against it", [at_most(REASON_LONGEST)])

    def numbers(self, typed: Iterable[str]) -> tuple[int, ...]:
        """Return what was typed, nothing as nought. Raises InvalidInput where it is no number."""
        self.expect_valid()
        found = [one.strip() or "0" for one in typed]
        if not found or not all(one.isdecimal() and one.isascii() and len(one) < 4 for one in found):
            raise InvalidInput(Problem("", "A vote is made of whole numbers. Reload the page."))
        return tuple(map(int, found))


def _move_of(act: Act, form: DecideForm) -> Move:
    return Move(act, day=form.day.data, text=form.reason.data or "")
