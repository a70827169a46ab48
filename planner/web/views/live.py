"""A session while it runs: for whoever leads it, for those who take part, and for the wall.

Each screen asks whether anything has changed, and is answered without a word while nothing has: at once, or
where the server can wait, after a while. Without script a reload shows the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from planner.domain.errors import (
    CannotUndo,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotNow,
    PlannerError,
    StaleVersion,
)
from planner.domain.meeting.acts import MeetingAct, Role, at_once, next_item, possible_acts, roles_of
from planner.domain.meeting.confidence import confidence_of, confidence_words
from planner.domain.meeting.model import ItemId, MeetingState, OutcomeKind
from planner.domain.meeting.votes import PollId
from planner.domain.negotiation.acts import Act
from planner.services import promises
from planner.services.changes import undo as take_back
from planner.services.meeting import guests, live, minutes, outcomes, votes
from planner.services.meeting.pulse import read_pulse
from planner.services.meeting.room import read_room
from planner.services.negotiations import acts_of
from planner.services.promised import read_made_in
from planner.web import context, rounds
from planner.web.acts import decisions
from planner.web.forms.base import form_key
from planner.web.forms.live import AsideForm, CallForm, DecideForm, VoteForm
from planner.web.fragments import see_other, wants_fragment
from planner.web.patience import wait_if_possible
from planner.web.rounds import asked_for, keep_the_round, place_of

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from planner.domain.errors import Problem
    from planner.domain.meeting.model import AgendaItem, Meeting
    from planner.domain.meeting.rounds import RoundOf, SessionOrRound
    from planner.domain.meeting.votes import Poll
    from planner.services.actor import Actor
    from planner.services.meeting.room import Room
    from planner.services.meeting.sittings import RoundShown
    from planner.services.promised import PersonsPromise
    from planner.storage.audit import OpenChange

blueprint = Blueprint("live", __name__)
keep_the_round(blueprint)
ELEMENT = "live"
Steering = Callable[[Any, "Actor", "RoundOf"], object]


def _keyed(act: Callable[..., object]) -> Steering:
    return lambda database, actor, place: act(database, actor, place, key=form_key(request.form.get("key")))


PLAIN: Mapping[str, Callable[..., OpenChange]] = {
    "start": live.start_meeting,
    "add-time": live.add_time,
    "take-over": live.take_over,
    "arrive": live.arrive,
    "leave": live.leave,
    "close": live.close_meeting,
    "open-again": live.open_again,
    "agree": outcomes.agree_at_once,
}
"""The acts that need nothing but who does them."""
STEERING: Mapping[str, Steering] = {
    **{name: _keyed(act) for name, act in PLAIN.items()},
    "add-time": lambda database, actor, place: live.add_time(
        database,
        actor,
        place,
        minutes=request.form.get("minutes", 2, type=int),
        key=form_key(request.form.get("key")),
    ),
    "invite-guests": guests.open_door,
    "show-out": guests.close_door,
    "turn": lambda database, actor, place: live.turn_to(
        database, actor, place, ItemId(_number("item")), key=form_key(request.form.get("key"))
    ),
    "talk": lambda database, actor, place: live.talk_about(
        database, actor, place, ItemId(_number("item")), key=form_key(request.form.get("key"))
    ),
    "hand-over": lambda database, actor, place: live.hand_over(
        database, actor, place, request.form.get("person", ""), key=form_key(request.form.get("key"))
    ),
}
STEERS = ",".join(f'"{name}"' for name in STEERING)


@dataclass(frozen=True, slots=True)
class Seat:
    """What one person may do in the room, and what they have said so far."""

    person: str
    roles: frozenset[Role]
    acts: frozenset[MeetingAct]
    dependency_acts: Mapping[Act, Any]
    has_vote: bool
    undo: int | None

    @property
    def leads(self) -> bool:
        return Role.FACILITATOR in self.roles


NOBODY = Seat("", frozenset({Role.OTHER}), frozenset(), {}, has_vote=False, undo=None)
GUEST = Seat("", frozenset({Role.GUEST}), frozenset(), {}, has_vote=False, undo=None)


@blueprint.get("/sessions/shared/<int:number>/live")
def show(number: int) -> str | AnyResponse | tuple[str, int]:
    """Show the session to somebody in it, with what they may do."""
    return _unchanged(number) or _page(number, "live/show.html")


@blueprint.get("/sessions/shared/<int:number>/screen")
def screen(number: int) -> str | AnyResponse | tuple[str, int]:
    """Show the session on the wall: the item large, no forms."""
    return _unchanged(number) or _page(number, "live/screen.html")


@blueprint.post(f"/sessions/shared/<int:number>/live/<any({STEERS}):act>")
def act(number: int, act: str) -> AnyResponse:
    """Steer the session, come or go."""
    return _do(number, lambda actor: STEERING[act](context.database(), actor, place_of(number)))


@blueprint.post("/sessions/shared/<int:number>/live/items/<int:item>/decide")
def decide(number: int, item: int) -> AnyResponse:
    """Write a decision down, with what it does to the dependency."""

    def written(actor: Actor) -> OpenChange:
        form = DecideForm().offer(_people(_room(number)))
        about, version = form.item_and_version(item)
        return outcomes.decide(
            context.database(),
            actor,
            place_of(number),
            about,
            form.decision(),
            version=version,
            dependency_version=form.seen_dependency,
            key=form.form_key,
        )

    return _do(number, written)


@blueprint.post('/sessions/shared/<int:number>/live/items/<int:item>/<any("parked","deferred"):kind>')
def aside(number: int, item: int, kind: str) -> AnyResponse:
    """Park an item, or defer it to somewhere."""

    def put(actor: Actor) -> OpenChange:
        form = AsideForm()
        form.expect_valid()
        return outcomes.set_aside(
            context.database(),
            actor,
            place_of(number),
            ItemId(item),
            OutcomeKind(kind),
            text=form.text.data or "",
            deferred_to=form.deferred_to.data or "",
            version=form.expected_version,
            key=form.form_key,
        )

    return _do(number, put)


@blueprint.post("/sessions/shared/<int:number>/live/items/<int:item>/vote")
def call(number: int, item: int) -> AnyResponse:
    """Call a vote about an item."""

    def called(actor: Actor) -> OpenChange:
        form = CallForm()
        return votes.call_vote(
            context.database(), actor, place_of(number), form.poll(ItemId(item)), key=form.form_key
        )

    return _do(number, called)


@blueprint.post("/sessions/shared/<int:number>/live/votes/<int:poll>")
def vote(number: int, poll: int) -> AnyResponse:
    """Vote."""

    def cast(actor: Actor) -> OpenChange:
        form = VoteForm()
        numbers = form.numbers(request.form.getlist("number"))
        return votes.vote(
            context.database(),
            actor,
            place_of(number),
            PollId(poll),
            numbers,
            reason=form.reason.data or "",
            key=form.form_key,
        )

    return _do(number, cast)


@blueprint.post("/sessions/shared/<int:number>/live/votes/<int:poll>/reveal")
def reveal(number: int, poll: int) -> AnyResponse:
    """Close a vote and show what came out."""
    key = form_key(request.form.get("key"))
    return _do(
        number, lambda actor: votes.reveal(context.database(), actor, place_of(number), PollId(poll), key=key)
    )


@blueprint.post("/sessions/shared/<int:number>/live/promises")
def promise(number: int) -> AnyResponse:
    """Promise something oneself; who is there is its witness, and nobody else sees it."""

    def made(actor: Actor) -> object:
        line, key = request.form.get("line", ""), form_key(request.form.get("key"))
        return promises.promise(
            context.database(), actor, line=line, witnesses=(), key=key, made_in=place_of(number)
        )

    return _do(number, made)


@blueprint.post("/sessions/shared/<int:number>/live/promises/entries/<int:entry>/take-back")
def unpromise(number: int, entry: int) -> AnyResponse:
    """Take back what one promised here."""
    return _do(number, lambda actor: promises.take_back(context.database(), actor, entry))


@blueprint.post("/sessions/shared/<int:number>/live/undo/<int:change>")
def undo(number: int, change: int) -> AnyResponse:
    """Take back what one did, and what it did to the dependency."""
    return _do(number, lambda actor: take_back(context.database(), actor, change))


def shown(
    room: Room, template: str, seat: Seat, address: str, *, at: RoundShown | None = None, **more: Any
) -> str:
    """Return the page of a room, or its one element where that was asked for."""
    values: dict[str, Any] = {
        "room": room,
        "meeting": room.meeting,
        "seat": seat,
        "now": context.now(),
        "poll": room.poll,
        "mine": None if room.poll is None else room.poll.vote_of(seat.person),
        "winner": _winner(room.poll),
        "confidence": _confidence(room.poll),
        "following": next_item(room.meeting),
        "at_once": _at_once(room.meeting),
        "decisions": decisions(room.facts.dependency, seat.dependency_acts) if room.facts else [],
        "people": _people(room),
        "address": address,
        "at": at,
        "problems": (),
        "wrong": "",
        "promised": (),
        "may_share": False,
        "is_screen": template == "live/screen.html",
    }
    page = "live/_room.html" if wants_fragment(ELEMENT) else template
    return render_template(page, **(values | more))


def _confidence(poll: Poll | None) -> str:
    """What a fist of five says once it is shown."""
    return confidence_words(confidence_of(poll)) if poll is not None and poll.is_revealed else ""


def _at_once(meeting: Meeting) -> tuple[AgendaItem, ...]:
    """The consent list while one of it is on; nothing otherwise."""
    found = at_once(meeting)
    return found if meeting.on_now in found else ()


def unchanged(which: SessionOrRound) -> tuple[str, int] | None:
    """The short answer to a screen that has the newest state, None to any other. One query."""
    seen = request.args.get("seen", "")
    if not (seen and wants_fragment(ELEMENT) and read_pulse(context.database(), which) == seen):
        return None
    wait_if_possible(which, seen)
    return "", 204


def _unchanged(number: int) -> tuple[str, int] | None:
    """The short answer to a screen that waits; nothing is read for it but who asks and the pulse."""
    if context.uses_accounts() and context.signed_in() is None:
        context.actor()  # asks them to sign in
    return unchanged(asked_for(number))


def _page(number: int, template: str, **more: Any) -> str:
    if context.uses_accounts():
        context.actor()
    room, at = _room(number), rounds.shown(number)
    address = url_for(".screen" if template == "live/screen.html" else ".show", number=number)
    seat = own_seat(room)
    return shown(
        room,
        template,
        seat,
        address,
        at=at,
        promised=promised_in(room, place_of(number)),
        may_share=seat.leads and _is_unshared(room, at.place),
        **more,
    )


def _is_unshared(room: Room, place: RoundOf) -> bool:
    """Whether a session is over and nobody has shared its minutes; asked of it only then."""
    if room.meeting.state is not MeetingState.CLOSED:
        return False
    database, organisation, today = context.database(), context.organisation(), context.today()
    found = minutes.read_minutes(database, organisation, place, context.visitor(), today)
    return found.may_share and not found.versions


def promised_in(room: Room, place: RoundOf) -> tuple[PersonsPromise, ...]:
    """Return what was promised in a round, as far as the visitor knows of it; nothing on the wall."""
    visitor = context.visitor()
    if visitor is None or not room.has_promises:
        return ()
    return read_made_in(context.database(), context.organisation(), visitor, place)


def _room(number: int) -> Room:
    return read_room(context.database(), context.organisation(), place_of(number), now=context.now())


def own_seat(room: Room) -> Seat:
    """Return what whoever asks may do in a room, and what they did last."""
    visitor = context.visitor()
    if visitor is None or visitor.person_id is None:
        return NOBODY
    key = context.organisation().person[visitor.person_id].key
    roles = roles_of(room.meeting, key)
    facts, item = room.facts, room.meeting.on_now
    return Seat(
        person=key,
        roles=roles,
        acts=frozenset() if room.is_cancelled else possible_acts(room.meeting, roles),
        dependency_acts={} if facts is None else acts_of(visitor, facts.dependency, context.today()),
        has_vote=item is not None and votes.may_vote(context.database(), room.meeting, item, key),
        undo=next((one.change_id for one in (room.last_of(visitor.person_id),) if one), None),
    )


def _people(room: Room) -> dict[str, str]:
    """Those who are invited, by key and name."""
    return {key: room.names[key] for key in room.meeting.invited if key in room.names}


def _winner(poll: Poll | None) -> str:
    """The choice that has more dots than any other once they are shown, "" where none has."""
    if poll is None or not poll.is_revealed or not poll.choices:
        return ""
    ranked = sorted(zip(poll.tally, poll.choices, strict=True), reverse=True)
    return ranked[0][1] if len(ranked) < 2 or ranked[0][0] > ranked[1][0] else ""


STATUS: Mapping[type[PlannerError], int] = {
    InvalidInput: 422,
    NotAllowed: 403,
    NotNow: 409,
    StaleVersion: 409,
    CannotUndo: 409,
}


def _do(number: int, act: Callable[[Actor], object]) -> AnyResponse:
    """Do an act and show the room; what refuses it is said in the room, and what was typed stays."""
    actor = context.actor()
    rounds.shown(number)  # there is such a session, and such a round of it
    try:
        act(actor)
    except tuple(STATUS) as error:
        context.database().rollback()
        context.forget()
        return _refused(number, error)
    return see_other(url_for(".screen" if "screen" in request.form else ".show", number=number))


LABELS = {
    "day": "Date",
    "deferred_to": "Where it is taken up",
    "first": "What comes first",
    "reason": "Why",
    "rest": "The rest",
    "rest_by": "The rest is needed by",
    "text": "What was decided",
}
"""How the room calls what an act may lack."""
OF_AN_ACT = frozenset({"day", "reason"})
FIELD_IDS = {"deferred_to": "to", "rest_by": "rest-by"}
"""The fields of the room whose ids do not begin with their name."""


def _refused(number: int, error: PlannerError) -> Response:
    said: tuple[str, ...] = (str(error),)
    wrong = ""
    if isinstance(error, InvalidInput):
        said = tuple(_in_words(one) for one in error.problems)
        wrong = _field_of(error.problems[0])
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    template = "live/screen.html" if "screen" in request.form else "live/show.html"
    return make_response(_page(number, template, problems=said, wrong=wrong), status)


def _in_words(problem: Problem) -> str:
    words = f"{LABELS.get(problem.where, problem.where)} {problem.message}".strip()
    return words[:1].upper() + words[1:]


def _field_of(problem: Problem) -> str:
    """The id of the field that a problem of a decision belongs to, "" where it has none."""
    item, act = (request.view_args or {}).get("item"), request.form.get("act", "")
    if item is None or problem.where not in LABELS:
        return ""
    name = FIELD_IDS.get(problem.where, problem.where)
    return f"{name}-{act}-{item}" if problem.where in OF_AN_ACT else f"{name}-{item}"


def _number(name: str) -> int:
    typed = request.form.get(name, "")
    if not (typed.isdecimal() and typed.isascii() and len(typed) < 10):
        raise NotFound("That item is not on the agenda of this session. Reload the page.")
    return int(typed)
