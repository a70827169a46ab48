"""Votes that everybody has seen, and what people said to times and invitations, as plain values and back.

Of a vote a tree holds what was shown: how many said what, and never who. So each vote comes back as that of
nobody who is known, in an order that tells nothing. A vote that is still blind is in no tree.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from planner.storage.models import (
    BallotRow,
    PaperRow,
    PollRow,
    PollVoteRow,
    ReplyRow,
    TimePollAnswerRow,
    TimePollRow,
    WordRow,
)
from planner.storage.plain_rows import records, values_in, wrong

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from planner.storage.plain_rows import Levels, RowsByParent, Tree

BLIND = "a vote that is not shown to everybody yet is in no file"
PAPERS_MOST = 10_000


def polls_of(rows: RowsByParent, item_id: int) -> list[Tree]:
    """Return the votes about an item that were shown, each with what was said in it."""
    return [
        {
            **values_in(one),
            "votes": _in_no_order(
                {"numbers": vote.numbers, "reason": vote.reason}
                for vote in rows.of(PollVoteRow, "poll_id", one.id)
            ),
        }
        for one in rows.of(PollRow, "item_id", item_id)
        if one.is_revealed
    ]


def add_polls(levels: Levels, value: Tree, where: str, *, item_id: int, at: datetime | None) -> None:
    """Add the votes about a new item of a meeting that began at this moment."""
    for one, spot in records(value, "polls", where):
        if one.get("is_revealed") is not True or at is None:
            raise wrong(f"{spot}.is_revealed", BLIND)
        poll = levels.add(PollRow, one, spot, item_id=item_id)
        levels.then(partial(_add_votes, levels, one, spot, poll=poll, at=at))


def _add_votes(levels: Levels, value: Tree, where: str, *, poll: PollRow, at: datetime) -> None:
    for number, (vote, place) in enumerate(records(value, "votes", where), start=1):
        said = {**vote, "person": _nobody(number), "cast_at": at.isoformat()}
        levels.add(PollVoteRow, said, place, poll_id=poll.id)


def ballots_of(rows: RowsByParent, session_id: int) -> list[Tree]:
    """Return the votes before a session that were opened: how many handed in, and all that they said."""
    found = []
    for one in rows.of(BallotRow, "session_id", session_id):
        if one.opened_at is not None:
            papers = rows.of(PaperRow, "ballot_id", one.id)
            votes = _in_no_order(vote for paper in papers for vote in paper.votes)
            found.append({**values_in(one), "papers": len(papers), "votes": votes})
    return found


def add_ballots(levels: Levels, value: Tree, where: str, *, session_id: int) -> None:
    """Add the votes before a new session. None of them is in the history, as ever."""
    for one, spot in records(value, "ballots", where):
        if one.get("opened_at") is None:
            raise wrong(f"{spot}.opened_at", BLIND)
        number = one.get("papers")
        if not isinstance(number, int) or not 0 <= number <= PAPERS_MOST:
            raise wrong(f"{spot}.papers", f"expected how many voted, up to {PAPERS_MOST:,}")
        papers: list[list[Tree]] = [[] for _ in range(number)]
        seen: dict[Any, int] = {}
        for vote, place in records(one, "votes", spot):
            matter = str(vote.get("matter"))
            seen[matter] = at = seen.get(matter, 0) + 1
            if at > number:
                raise wrong(place, f"is vote {at} on one thing, of {number} who voted")
            papers[at - 1].append(vote)
        ballot = levels.add(BallotRow, one, spot, session_id=session_id)
        levels.then(partial(_add_papers, levels, papers, spot, ballot=ballot))


def _add_papers(levels: Levels, papers: list[list[Tree]], where: str, *, ballot: BallotRow) -> None:
    for at, votes in enumerate(papers, start=1):
        levels.add(PaperRow, {"person": _nobody(at), "votes": votes}, where, ballot_id=ballot.id)


def times_of(rows: RowsByParent, session_id: int) -> Tree:
    """Return the times that are asked for, who comes and what they leave instead, as parts of a session."""
    polls = [
        {**values_in(one), "answers": [values_in(a) for a in rows.of(TimePollAnswerRow, "poll_id", one.id)]}
        for one in rows.of(TimePollRow, "session_id", session_id)
    ]
    replies = [values_in(one) for one in rows.of(ReplyRow, "session_id", session_id)]
    words = [values_in(one) for one in rows.of(WordRow, "session_id", session_id)]
    return {"time_polls": polls, "replies": replies, "words": words}


def add_times(levels: Levels, value: Tree, where: str, *, session_id: int) -> None:
    """Add the times that are asked for in a new session, who comes to it, and what they leave instead."""
    for one, spot in records(value, "time_polls", where):
        poll = levels.add(TimePollRow, one, spot, session_id=session_id)
        levels.then(partial(_add_answers, levels, one, spot, poll=poll))
    for one, spot in records(value, "replies", where):
        levels.add(ReplyRow, one, spot, session_id=session_id)
    for one, spot in records(value, "words", where):
        levels.add(WordRow, one, spot, session_id=session_id)


def _add_answers(levels: Levels, value: Tree, where: str, *, poll: TimePollRow) -> None:
    for answer, place in records(value, "answers", where):
        levels.add(TimePollAnswerRow, answer, place, poll_id=poll.id)


def _in_no_order(votes: Iterable[Tree]) -> list[Tree]:
    """The votes by what they say, so that nothing tells whose they are or which belong together."""
    return sorted(votes, key=lambda vote: json.dumps(vote, sort_keys=True))


def _nobody(number: int) -> str:
    """In place of the key of who voted."""
    return f"({number})"
