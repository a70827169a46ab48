"""Minutes of a shared session: rendered from what became of its items, agreed by silence, never typed.

What was shared is a version and never changes; a correction is the next one. Its state follows from the day
on which it was shared and from the objections to it: nobody sets it, and no worker has to be there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from planner.domain.calendars import working_days
from planner.domain.dates import show_day
from planner.domain.meeting.model import AgendaItem, ItemState, Meeting, OutcomeKind, Word

SILENCE = 3
"""Working days after which silence agrees; from the design of the lifecycle."""


class MinutesState(StrEnum):
    """How far a version is; none of it is kept."""

    DRAFT = "draft"
    OPEN = "open"
    OBJECTED = "objected"
    AGREED = "agreed"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody who could not come left beforehand.

    title: on what, where that is no item of these minutes.
    """

    by: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one item, with the names of the day: minutes outlive people.

    kind: how it ended, None for what was not reached. dependency: its key, "" for a topic. words: what was
    left on it beforehand.
    """

    item: int
    title: str
    kind: OutcomeKind | None = None
    text: str = ""
    dependency: str = ""
    decider: str = ""
    consulted: tuple[str, ...] = ()
    idea_from: str = ""
    agreed_for: date | None = None
    review_on: date | None = None
    deferred_to: str = ""
    words: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of one session. People are named; who came for how long is nobody's business here.

    words: what was left beforehand for all of it.
    """

    title: str
    held_on: date | None
    place: str
    led_by: str
    decisions: tuple[Line, ...] = ()
    set_aside: tuple[Line, ...] = ()
    not_reached: tuple[Line, ...] = ()
    present: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    words: tuple[Said, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every item in the order in which it is read."""
        return (*self.decisions, *self.set_aside, *self.not_reached)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of minutes in words: what stands first in each entry, and what follows below it."""

    heading: str
    entries: tuple[tuple[str, tuple[str, ...]], ...]


def last_day(shared_on: date, days_off: Collection[date] = ()) -> date:
    """Return the last day on which somebody can object: the third working day after the sharing.

    `days_off` are those of the place where people met.
    """
    ahead = working_days(shared_on + timedelta(days=1), SILENCE + len(days_off))
    return [day for day in ahead if day not in days_off][SILENCE - 1]


def state_on(
    until: date | None, today: date, *, open_objections: int = 0, is_newest: bool = True
) -> MinutesState:
    """Return the state of a version as people read it today; `until`: its last day, None for a draft."""
    if until is None:
        return MinutesState.DRAFT
    if not is_newest:
        return MinutesState.REPLACED
    if open_objections:
        return MinutesState.OBJECTED
    return MinutesState.AGREED if today > until else MinutesState.OPEN


def why_not_object(state: MinutesState, until: date | None, today: date, *, was_there: bool) -> str:
    """Return the sentence that refuses an objection, "" when it is possible."""
    if not was_there:
        return "Only those who were there can object to these minutes."
    if until is None:
        return "These minutes are not shared yet. Change the outcome in the session itself."
    if state is MinutesState.REPLACED:
        return "There is a newer version of these minutes. Object to that one."
    if today > until:
        return "These minutes are agreed: nobody objected in three working days. Ask for a correction."
    return ""


def write_minutes(
    meeting: Meeting, name: Callable[[str], str], *, title: str, held_on: date | None, place: str
) -> Minutes:
    """Return the minutes of a meeting as it stands; `name` tells the name behind a key."""
    lines = [(item.state, _line(item, meeting.words_on(item), name)) for item in meeting.items]
    came = [name(one.person) if one.person else f"{one.guest} (guest)" for one in meeting.attendance]
    there = {one.person for one in meeting.attendance}
    return Minutes(
        title=title,
        held_on=held_on,
        place=place,
        led_by=name(meeting.facilitator),
        decisions=tuple(line for state, line in lines if state is ItemState.DECIDED),
        set_aside=tuple(line for state, line in lines if state in {ItemState.PARKED, ItemState.DEFERRED}),
        not_reached=tuple(line for state, line in lines if state is ItemState.OPEN),
        present=tuple(sorted(came)),
        missing=tuple(sorted(name(key) for key in meeting.invited - there)),
        words=tuple(Said(name(one.person), one.text, one.title) for one in meeting.words_on_all),
    )


def sections(minutes: Minutes) -> tuple[Section, ...]:
    """Return minutes in words, for everything that has no page: decisions first, attendance last."""
    found = [
        Section("Decisions", tuple(_entry(line) for line in minutes.decisions)),
        Section("Parked and deferred", tuple(_entry(line) for line in minutes.set_aside)),
        Section("Not reached", tuple(_entry(line) for line in minutes.not_reached)),
        Section("Left beforehand", tuple((_told(one), ()) for one in minutes.words)),
        Section("Who was there", ((_listed(minutes.present) or "Nobody said so.", ()),)),
        Section("Invited and not there", ((_listed(minutes.missing), ()),) if minutes.missing else ()),
    ]
    return tuple(section for section in found if section.entries)


def details(line: Line) -> tuple[tuple[str, str], ...]:
    """Return what is said of an item beside its text: pairs of a label and its words, in order."""
    found = [
        ("Decided by", line.decider if line.kind is not None and line.kind.is_decision else ""),
        ("Consulted", _listed(line.consulted)),
        ("Idea from", line.idea_from),
        ("Agreed for", show_day(line.agreed_for) if line.agreed_for else ""),
        ("To be looked at again", show_day(line.review_on) if line.review_on else ""),
        ("Taken up again", line.deferred_to),
    ]
    return tuple((label, words) for label, words in found if words)


def _told(one: Said) -> str:
    return f"{one.by}, on {one.title}: {one.text}" if one.title else f"{one.by}: {one.text}"


def heading(minutes: Minutes) -> str:
    """Return when and where it was, and who led, in one line."""
    when = show_day(minutes.held_on) if minutes.held_on else "no day"
    return f"{when}, {minutes.place or 'remote'}, led by {minutes.led_by}"


def to_plain(minutes: Minutes) -> dict[str, Any]:
    """Return minutes as JSON values, to be kept as they were shared."""
    return {
        "title": minutes.title,
        "held_on": _iso(minutes.held_on),
        "place": minutes.place,
        "led_by": minutes.led_by,
        "decisions": [_plain_line(line) for line in minutes.decisions],
        "set_aside": [_plain_line(line) for line in minutes.set_aside],
        "not_reached": [_plain_line(line) for line in minutes.not_reached],
        "present": list(minutes.present),
        "missing": list(minutes.missing),
        **_plain_words(minutes.words),
    }


def from_plain(kept: Mapping[str, Any]) -> Minutes:
    """Return what `to_plain` has kept."""
    return Minutes(
        title=kept["title"],
        held_on=_date(kept["held_on"]),
        place=kept["place"],
        led_by=kept["led_by"],
        decisions=_lines(kept["decisions"]),
        set_aside=_lines(kept["set_aside"]),
        not_reached=_lines(kept["not_reached"]),
        present=tuple(kept["present"]),
        missing=tuple(kept["missing"]),
        words=_words(kept),
    )


def held_on(meeting: Meeting, planned: datetime | None) -> date | None:
    """Return the day of a meeting: when it began, else when it was to begin."""
    moment = meeting.started_at or planned
    return None if moment is None else moment.date()


def _line(item: AgendaItem, left: Sequence[Word], name: Callable[[str], str]) -> Line:
    outcome = item.outcome
    words = tuple(Said(name(one.person), one.text) for one in left)
    if outcome is None:
        return Line(int(item.id), item.title, dependency=item.dependency or "", words=words)
    return Line(
        item=int(item.id),
        title=item.title,
        kind=outcome.kind,
        text=outcome.text,
        dependency=item.dependency or "",
        decider=name(outcome.decider) if outcome.decider else "",
        consulted=tuple(sorted(name(key) for key in outcome.consulted)),
        idea_from=name(outcome.idea_from) if outcome.idea_from else "",
        agreed_for=outcome.agreed_for,
        review_on=outcome.review_on,
        deferred_to=outcome.deferred_to,
        words=words,
    )


def _entry(line: Line) -> tuple[str, tuple[str, ...]]:
    words = _ASIDE.get(line.kind) if line.kind is not None else None
    first = f"{line.title} ({words})" if words else line.title
    said = (line.text,) if line.text else ()
    left = (f"{one.by}, beforehand: {one.text}" for one in line.words)
    return first, (*said, *(f"{label}: {value}" for label, value in details(line)), *left)


_ASIDE = {OutcomeKind.PARKED: "parked", OutcomeKind.DEFERRED: "deferred"}


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _plain_line(line: Line) -> dict[str, Any]:
    return {
        "item": line.item,
        "title": line.title,
        "kind": None if line.kind is None else line.kind.value,
        "text": line.text,
        "dependency": line.dependency,
        "decider": line.decider,
        "consulted": list(line.consulted),
        "idea_from": line.idea_from,
        "agreed_for": _iso(line.agreed_for),
        "review_on": _iso(line.review_on),
        "deferred_to": line.deferred_to,
        **_plain_words(line.words),
    }


def _plain_words(words: Sequence[Said]) -> dict[str, Any]:
    """Nothing where there are none, so that minutes which were shared before there were any stay the same."""
    return {"words": [asdict(one) for one in words]} if words else {}


def _words(kept: Mapping[str, Any]) -> tuple[Said, ...]:
    return tuple(Said(one["by"], one["text"], one["title"]) for one in kept.get("words", ()))


def _lines(kept: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(
        Line(
            item=one["item"],
            title=one["title"],
            kind=None if one["kind"] is None else OutcomeKind(one["kind"]),
            text=one["text"],
            dependency=one["dependency"],
            decider=one["decider"],
            consulted=tuple(one["consulted"]),
            idea_from=one["idea_from"],
            agreed_for=_date(one["agreed_for"]),
            review_on=_date(one["review_on"]),
            deferred_to=one["deferred_to"],
            words=_words(one),
        )
        for one in kept
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
