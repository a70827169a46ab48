"""What is typed while a session is prepared: a topic, who leads it, and a paper of blind votes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wtforms import HiddenField, StringField

from planner.domain.ballots import Vote
from planner.domain.perspectives import Viewpoint
from planner.services.meeting.preparing import TITLE_LONGEST
from planner.web.forms.base import RecordForm
from planner.web.forms.fields import Choice, at_most

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LINES_MOST = 200
"""More lines than any agenda has; what a form sends beyond is not looked at."""


class TopicForm(RecordForm):
    """One field: what to talk about."""

    key = HiddenField()
    title = StringField("What do you want to talk about?", [at_most(TITLE_LONGEST)])


class LeadForm(RecordForm):
    """Who is to lead a topic."""

    key = HiddenField()
    person = Choice("Who leads it")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of a paper as it is typed; "" is not said."""

    number: int
    matter: str
    importance: str = ""
    viewpoint: str = ""
    weeks: str = ""


class PaperForm(RecordForm):
    """A paper of votes, line by line; only lines with an importance are votes."""

    def votes(self, lines: Iterable[PaperLine]) -> tuple[Vote, ...] | None:
        """Return the votes of these lines; None when one cannot be read, which the form then says."""
        votes = []
        for line in lines:
            if not line.importance and not line.viewpoint and not line.weeks:
                continue
            problem = _problem(line)
            if problem:
                self.form_errors.append(f"Line {line.number} {problem}.")
                continue
            viewpoint = Viewpoint(line.viewpoint) if line.viewpoint else None
            votes.append(
                Vote(line.matter, int(line.importance), viewpoint, int(line.weeks) if line.weeks else None)
            )
        return None if self.form_errors else tuple(votes)


def paper_lines(typed: Mapping[str, str]) -> tuple[PaperLine, ...]:
    """Return the lines that a form has sent, as they were typed."""
    found = []
    for number in range(1, LINES_MOST + 1):
        matter = typed.get(f"matter-{number}")
        if matter is None:
            break
        said = (typed.get(f"{name}-{number}", "") for name in ("importance", "viewpoint", "weeks"))
        found.append(PaperLine(number, matter, *said))
    return tuple(found)


def lines_of(votes: Iterable[Vote], matters: Iterable[str]) -> tuple[PaperLine, ...]:
    """Return the lines of a paper with the votes that were handed in."""
    said = {vote.matter: vote for vote in votes}
    return tuple(_line(number, matter, said.get(matter)) for number, matter in enumerate(matters, 1))


def _line(number: int, matter: str, vote: Vote | None) -> PaperLine:
    if vote is None:
        return PaperLine(number, matter)
    viewpoint = "" if vote.viewpoint is None else vote.viewpoint.value
    return PaperLine(number, matter, str(vote.importance), viewpoint, str(vote.weeks or ""))


def _problem(line: PaperLine) -> str:
    """What is wrong with a line, "" when it can be read; which numbers are allowed the service says."""
    if not line.importance:
        return "says from where you look or how long it takes, but not how important it is"
    if not _is_number(line.importance) or (line.weeks and not _is_number(line.weeks)):
        return "holds something that is no number; choose from the list"
    if line.viewpoint and line.viewpoint not in set(Viewpoint):
        return "names a viewpoint that is not in the list; choose one that is"
    return ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4
