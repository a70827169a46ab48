"""One agreed session: its dates, and what people say to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for

from planner.domain.errors import InvalidInput
from planner.domain.meeting.rounds import RoundOf
from planner.domain.polls import Choice
from planner.domain.series import Presence, fitting
from planner.services.away import read_own_times
from planner.services.calendar import beforehand, polls, replies, series
from planner.services.calendar.replies import Answer
from planner.services.meeting.meetings import read_meeting
from planner.services.permissions import Right, may
from planner.services.shared_sessions import read_session
from planner.web import context
from planner.web.addresses import row_number
from planner.web.forms.base import UNKNOWN, form_key
from planner.web.forms.beforehand import WordForm
from planner.web.fragments import page_or_fragment, see_other, wants_fragment
from planner.web.records import save

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.wrappers import Response

    from planner.domain.errors import Problem
    from planner.domain.meeting.rounds import SessionOrRound
    from planner.domain.model import Person
    from planner.domain.series import Round
    from planner.services.away import OwnTimes
    from planner.services.calendar.replies import Replies
    from planner.services.consolidation.proposals import Seat
    from planner.services.shared_sessions import AgreedSession

blueprint = Blueprint("shared_sessions", __name__, url_prefix="/sessions/shared")

REPLY_WORDS: Mapping[Answer, tuple[str, str, str]] = {
    Answer.ACCEPTED: ("agreed", "✓", "Comes"),
    Answer.TENTATIVE: ("countered", "↔", "May come"),
    Answer.DECLINED: ("declined", "✕", "Does not come"),
}
"""Class, glyph and word of each reply."""
CHOICE_WORDS: Mapping[Choice, tuple[str, str, str]] = {
    Choice.YES: ("agreed", "✓", "Yes"),
    Choice.MAYBE: ("countered", "↔", "If need be"),
    Choice.NO: ("declined", "✕", "No"),
}


@dataclass(frozen=True, slots=True)
class DateRow:
    """One date as a page tells it. outside: whose working hours it is not in; is_busy: the visitor's own.

    absent: who has said that they do not come; am_absent: whether the visitor has.
    """

    round: Round
    outside: tuple[str, ...]
    is_busy: bool
    absent: tuple[str, ...]
    am_absent: bool
    is_ahead: bool
    typed: str


@blueprint.get("/<int:number>")
def show(number: int) -> str:
    """Show one session with its dates."""
    return _page(number, ())


@blueprint.post("/<int:number>/dates/<int:which>/move")
def move(number: int, which: int) -> tuple[str, int] | Response:
    """Hold one date at another time."""
    try:
        change = series.move_round(
            context.database(),
            context.actor(),
            number,
            which,
            starts_at=_typed_moment(),
            version=_version(),
            key=_key(),
        )
    except InvalidInput as error:
        return _page(number, error.problems), 422
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


@blueprint.post("/<int:number>/dates/<int:which>/leave-out")
def leave_out(number: int, which: int) -> Response:
    """Hold one date not at all."""
    change = series.leave_out_round(
        context.database(), context.actor(), number, which, version=_version(), key=_key()
    )
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


@blueprint.post("/<int:number>/dates/<int:which>/restore")
def restore(number: int, which: int) -> Response:
    """Hold one date when its rule has it."""
    change = series.restore_round(
        context.database(), context.actor(), number, which, version=_version(), key=_key()
    )
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


@blueprint.post("/<int:number>/reply")
def reply(number: int) -> Response:
    """Say whether one comes, to all dates or to the one that is named."""
    said, at = request.form.get("answer", ""), request.form.get("round", type=row_number)
    change = replies.reply(context.database(), context.actor(), number, said, number=at)
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


@blueprint.post("/<int:number>/words")
def leave_word(number: int) -> tuple[str, int] | Response:
    """Leave a word for a round that one cannot come to."""
    database, actor, place = context.database(), context.actor(), _round_of_form(number)
    form = WordForm().offer(read_meeting(database, place, context.now()))
    change = save(
        form,
        lambda: beforehand.leave_word(
            database,
            actor,
            place,
            about=form.about.data or "",
            text=form.text.data or "",
            key=form_key(form.key.data),
        ),
    )
    if change is None:
        return _page(number, (), word=form), form.status
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


@blueprint.post("/<int:number>/words/back")
def take_back(number: int) -> Response:
    """Take a word back that one left."""
    about, place = request.form.get("about", ""), _round_of_form(number)
    change = beforehand.take_word_back(context.database(), context.actor(), place, about=about, key=_key())
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


@blueprint.post("/<int:number>/poll")
def ask(number: int) -> Response:
    """Ask those who sit there which time suits them."""
    change = polls.open_poll(context.database(), context.actor(), number, key=_key())
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


@blueprint.post("/<int:number>/poll/answer")
def answer(number: int) -> Response:
    """Say whether one time suits."""
    start, choice = request.form.get("start", ""), request.form.get("choice", "")
    change = polls.answer_poll(context.database(), context.actor(), number, start=start, choice=choice)
    message = "" if wants_fragment("poll") else change.summary
    return see_other(url_for(".show", number=number) + "#poll", message, change_id=change.id)


@blueprint.post("/<int:number>/poll/decide")
def decide(number: int) -> Response:
    """Hold the session at one of the times."""
    start, turn = request.form.get("start", ""), request.form.get("turn", "")
    database, actor = context.database(), context.actor()
    change = polls.decide_poll(database, actor, number, start=start, turn=turn, key=_key())
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


def _page(number: int, problems: Sequence[Problem], *, word: WordForm | None = None) -> str:
    organisation = context.organisation()
    found = read_session(context.database(), organisation, number)
    meeting = read_meeting(context.database(), number, context.now())
    person = context.reader()
    said = replies.read_all_replies(context.database(), number)
    return page_or_fragment(
        "shared_sessions/show.html",
        "shared_sessions/_poll.html",
        "poll",
        session=found,
        person=person,
        dates=_dates(found, person, said),
        when=_start_of(found, meeting.round) if len(found.rounds) > 1 else None,
        leads=_leads(found),
        mine=next((seat for seat in found.seats if person and seat.key == person.key), None),
        poll=polls.read_poll(context.database(), number),
        names={seat.key: seat.name for seat in found.seats},
        replies=said.at(meeting.round),
        reply_words=REPLY_WORDS,
        choice_words=CHOICE_WORDS,
        zones=_zones(found, person),
        problems=problems,
        meeting=meeting,
        word=word or WordForm(formdata=None).offer(meeting),
    )


def _start_of(found: AgreedSession, number: int) -> datetime | None:
    return next((one.starts_at for one in found.rounds if one.number == number), None)


def _dates(found: AgreedSession, person: Person | None, said: Replies) -> list[DateRow]:
    visitor = context.visitor()
    own = read_own_times(context.database(), visitor) if visitor else None
    mine = next((seat for seat in found.seats if person is not None and seat.key == person.key), None)
    return [
        DateRow(
            one,
            outside=() if one.starts_at is None else _outside(found, one.starts_at),
            is_busy=own is not None and mine is not None and _is_busy(own, mine, one.starts_at),
            absent=tuple(seat.name for seat in found.seats if seat.key in said.absent(one.number)),
            am_absent=mine is not None and mine.key in said.absent(one.number),
            is_ahead=not found.is_cancelled and one.usual > context.now(),
            typed=f"{(one.starts_at or one.usual).astimezone(_zone(person)):%Y-%m-%dT%H:%M}",
        )
        for one in found.rounds
    ]


def _zones(found: AgreedSession, person: Person | None) -> list[tuple[Person, list[str]]]:
    """Somebody of each zone other than the visitor's, with the names of all who live by its clock."""
    by_zone: dict[str, list[Person]] = {}
    for seat in found.seats:
        if seat.person is not None:
            by_zone.setdefault(seat.person.hours.zone, []).append(seat.person)
    own = person.hours.zone if person else "UTC"
    return [(them[0], [one.name for one in them]) for zone, them in sorted(by_zone.items()) if zone != own]


def _is_busy(own: OwnTimes, mine: Seat, begin: datetime | None) -> bool:
    """Whether the visitor has something else when they are needed."""
    return begin is not None and own.is_away(begin + timedelta(minutes=mine.start), mine.end - mine.start)


def _outside(found: AgreedSession, begin: datetime) -> tuple[str, ...]:
    """Who does not work when they are needed on this date."""
    known = [(seat.person, (seat.start, seat.end)) for seat in found.seats if seat.person is not None]
    return tuple(one.name for one, part in known if fitting(begin, [Presence(one.hours, part)]) != begin)


def _leads(found: AgreedSession) -> bool:
    visitor = context.visitor()
    seated = [seat.person.id for seat in found.seats if seat.person is not None]
    leaders = [found.leader.id] if found.leader else seated
    return visitor is not None and may(visitor, Right.LEAD_SESSION, leaders)


def _typed_moment() -> datetime | None:
    """What was typed, by the clock of whoever did; None for no time."""
    try:
        local = datetime.fromisoformat(request.form.get("starts_at", ""))
    except ValueError:
        return None
    return local.replace(tzinfo=_zone(context.reader())).astimezone(UTC)


def _zone(person: Person | None) -> ZoneInfo:
    return ZoneInfo(person.hours.zone if person else "UTC")


def _round_of_form(number: int) -> SessionOrRound:
    """The round that a form is about; the one that matters now where it names none."""
    typed = request.form.get("round", type=row_number)
    return number if typed is None else RoundOf(number, typed)


def _version() -> int:
    return request.form.get("version", UNKNOWN, type=int)


def _key() -> str | None:
    return form_key(request.form.get("key"))
