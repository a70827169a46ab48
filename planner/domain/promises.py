"""Promises of persons: who may do what to one, and what comes of it.

Nobody but its owner says how a promise went. Witnesses are peers who know of it: they may ask how it goes
and say that they have seen it kept; they never score. That the day has passed is derived and never kept: it
asks the owner "what now?" and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from planner.domain.dates import HorizonIndex, index_horizons, read_date
from planner.domain.errors import InvalidInput, Problem
from planner.domain.model import Organisation, PersonId
from planner.domain.words import comparable


class PromiseState(StrEnum):
    """What has come of a promise."""

    OPEN = "open"
    KEPT = "kept"
    MOVED = "moved"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


class PromiseAct(StrEnum):
    """What can be done to a promise. MOVE: another day, as a promise of its own that knows this one."""

    KEEP = "keep"
    MOVE = "move"
    MISS = "miss"
    WITHDRAW = "withdraw"
    TELL = "tell"
    ASK = "ask"
    SEE = "see"

    @property
    def needs_words(self) -> bool:
        """True for what says nothing without words of one's own."""
        return self in {PromiseAct.MISS, PromiseAct.TELL}


class PromiseRole(StrEnum):
    """What somebody is to a promise."""

    OWNER = "owner"
    WITNESS = "witness"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PromiseStanding:
    """All that decides about a promise. `closed_on` is the day on which its owner said how it went.

    asked_on: the day on which a witness asked last. seen_by: witnesses who have seen it kept.
    """

    state: PromiseState
    due_on: date
    owner: PersonId
    witnesses: frozenset[PersonId]
    closed_on: date | None = None
    asked_on: date | None = None
    seen_by: frozenset[PersonId] = frozenset()

    def is_past_due(self, today: date) -> bool:
        """True when the day has passed and its owner has not said what now."""
        return self.state is PromiseState.OPEN and today > self.due_on

    @property
    def is_in_time(self) -> bool:
        """True for what was kept, moved or withdrawn no later than on its day."""
        return self.closed_on is not None and self.closed_on <= self.due_on


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A promise as it was written in one line."""

    text: str
    due_on: date
    witnesses: tuple[str, ...] = ()


def role_of(standing: PromiseStanding, person: PersonId | None) -> PromiseRole:
    """Return what this person is to the promise."""
    if person is not None and person == standing.owner:
        return PromiseRole.OWNER
    return PromiseRole.WITNESS if person in standing.witnesses else PromiseRole.OTHER


def why_not(standing: PromiseStanding, act: PromiseAct, person: PersonId | None, today: date) -> str:
    """Return the sentence that refuses this act of this person as things stand, "" when it is possible."""
    rule = RULES[act]
    if role_of(standing, person) is not rule.role:
        return rule.refusal
    if standing.state is not rule.state:
        return f"This promise {STATE_SAYS[standing.state]}, so that is not possible."
    return GUARDS.get(act, _nothing)(standing, person, today)


def possible_acts(standing: PromiseStanding, person: PersonId | None, today: date) -> tuple[PromiseAct, ...]:
    """Return what this person can do now, in the order in which it is offered."""
    return tuple(act for act in PromiseAct if not why_not(standing, act, person, today))


def perform(standing: PromiseStanding, act: PromiseAct, person: PersonId, today: date) -> PromiseStanding:
    """Return how the promise stands after an act that is possible."""
    if act is PromiseAct.ASK:
        return replace(standing, asked_on=today)
    if act is PromiseAct.SEE:
        return replace(standing, seen_by=standing.seen_by | {person})
    after = _LEADS_TO.get(act)
    return standing if after is None else replace(standing, state=after, closed_on=today)


def expect_day(standing: PromiseStanding, day: date | None, today: date) -> date:
    """Return the day that a promise is moved to. Raises InvalidInput unless it is another one ahead."""
    if day is None:
        raise InvalidInput(Problem("day", "is empty; say by when it will be done"))
    if day < today:
        raise InvalidInput(Problem("day", "has passed already; choose today or a later day"))
    if day == standing.due_on:
        raise InvalidInput(Problem("day", "is the day that was promised; choose another one"))
    return day


def how_it_went(standing: PromiseStanding, today: date) -> str:
    """Return where the promise stands, in a word or two."""
    if standing.is_past_due(today):
        return "What now?"
    if standing.state is PromiseState.OPEN:
        return "Open"
    if standing.state in {PromiseState.KEPT, PromiseState.MOVED} and not standing.is_in_time:
        return f"{standing.state.value.capitalize()}, after its day"
    return f"{standing.state.value.capitalize()}{', in time' if standing.state is PromiseState.MOVED else ''}"


def peers_of(
    organisation: Organisation, person: PersonId, sessions: Iterable[Collection[PersonId]]
) -> frozenset[PersonId]:
    """Return who shares a team or a session with this person; `sessions` are people who sit together."""
    teams = organisation.teams_of.get(person, ())
    mates = {member.person_id for team in teams for member in organisation.members_of[team]}
    together = [*sessions, *(one.attendee_ids for one in organisation.sessions)]
    beside = {other for people in together if person in people for other in people}
    return frozenset((mates | beside) & organisation.person.keys()) - {person}


def read_line(line: str, today: date, organisation: Organisation) -> PromiseLine:
    """Read "Draft of the fare table by Fri, witness Dana". Raises InvalidInput naming what is missing."""
    said, names = _without_witnesses(line)
    text, _by, day = _parted_at_by(said)
    if not text:
        raise InvalidInput(Problem("line", "says no day; end it with one, such as “by Fri” or “by 6 Mar”"))
    horizons = index_horizons(organisation.horizons)
    return PromiseLine(text, _day(day, today, horizons), names)


def named(names: Iterable[str], people: Mapping[PersonId, str]) -> frozenset[PersonId]:
    """Return the people meant by these names, first names too. Raises InvalidInput for one it cannot tell."""
    found, problems = set(), []
    for name in names:
        wanted = comparable(name)
        whole = [person for person, full in people.items() if comparable(full) == wanted]
        first = [person for person, full in people.items() if comparable(full.split()[0]) == wanted]
        meant = whole or first
        if len(meant) == 1:
            found.add(meant[0])
        else:
            who = "more than one of your peers" if meant else "nobody who shares a team or session with you"
            problems.append(Problem("line", f"names “{name}”, who is {who}; choose from the list instead"))
    if problems:
        raise InvalidInput(*problems)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Rule:
    state: PromiseState
    role: PromiseRole
    refusal: str


Guard = Callable[[PromiseStanding, PersonId | None, date], str]
_BY = re.compile(r"\s+by\s+", re.IGNORECASE)
_WITNESSES = re.compile(r"[,;.]?\s+witness(?:es|ed by)?:?\s+(.+)$", re.IGNORECASE)
_AND = re.compile(r"\s*(?:,|;|&|\band\b)\s*", re.IGNORECASE)


def _without_witnesses(line: str) -> tuple[str, tuple[str, ...]]:
    found = _WITNESSES.search(line)
    if found is None:
        return line.strip(), ()
    names = tuple(name for name in _AND.split(found[1].strip(" .")) if name)
    return line[: found.start()].strip(), names


def _parted_at_by(line: str) -> tuple[str, str, str]:
    """The last "by" begins the day: one before it may belong to what is promised."""
    found = list(_BY.finditer(line))
    if not found:
        return "", "", ""
    return line[: found[-1].start()].strip(), "by", line[found[-1].end() :].strip(" .")


def _day(words: str, today: date, horizons: HorizonIndex) -> date:
    reading = read_date(words, today=today, horizons=horizons)
    if reading is None or reading.due is None or reading.due.day is None:
        why = reading.message if reading is not None and reading.message else "expected a day such as 6 Mar"
        raise InvalidInput(Problem("line", f"ends with “{words}”, which is no certain day: {why}"))
    if reading.due.day < today:
        raise InvalidInput(Problem("line", "ends with a day that has passed; promise one ahead"))
    return reading.due.day


def _nothing(_standing: PromiseStanding, _person: PersonId | None, _today: date) -> str:
    return ""


def _past_due(standing: PromiseStanding, _person: PersonId | None, today: date) -> str:
    if standing.is_past_due(today):
        return ""
    return "Its day has not passed. Move it to another day, or say that it falls away."


def _not_past_due(standing: PromiseStanding, _person: PersonId | None, today: date) -> str:
    if not standing.is_past_due(today):
        return ""
    return "Its day has passed. Say that it is kept, moved to another day, or missed."


def _once_a_day(standing: PromiseStanding, _person: PersonId | None, today: date) -> str:
    return "A witness has asked today already." if standing.asked_on == today else ""


def _not_seen_yet(standing: PromiseStanding, person: PersonId | None, _today: date) -> str:
    return "You have said so already." if person in standing.seen_by else ""


_S, _R = PromiseState, PromiseRole
NOT_YOURS = "Only whoever made this promise can say how it goes."
NOT_WITNESS = "Only a witness of this promise can do this."
RULES: Mapping[PromiseAct, _Rule] = {
    PromiseAct.KEEP: _Rule(_S.OPEN, _R.OWNER, NOT_YOURS),
    PromiseAct.MOVE: _Rule(_S.OPEN, _R.OWNER, NOT_YOURS),
    PromiseAct.MISS: _Rule(_S.OPEN, _R.OWNER, NOT_YOURS),
    PromiseAct.WITHDRAW: _Rule(_S.OPEN, _R.OWNER, NOT_YOURS),
    PromiseAct.TELL: _Rule(_S.OPEN, _R.OWNER, NOT_YOURS),
    PromiseAct.ASK: _Rule(_S.OPEN, _R.WITNESS, NOT_WITNESS),
    PromiseAct.SEE: _Rule(_S.KEPT, _R.WITNESS, NOT_WITNESS),
}
GUARDS: Mapping[PromiseAct, Guard] = {
    PromiseAct.MISS: _past_due,
    PromiseAct.WITHDRAW: _not_past_due,
    PromiseAct.ASK: _once_a_day,
    PromiseAct.SEE: _not_seen_yet,
}
_LEADS_TO = {
    PromiseAct.KEEP: _S.KEPT,
    PromiseAct.MOVE: _S.MOVED,
    PromiseAct.MISS: _S.MISSED,
    PromiseAct.WITHDRAW: _S.WITHDRAWN,
}
STATE_SAYS: Mapping[PromiseState, str] = {
    _S.OPEN: "is open",
    _S.KEPT: "was kept",
    _S.MOVED: "was moved to another day",
    _S.MISSED: "was missed",
    _S.WITHDRAWN: "has fallen away",
}
