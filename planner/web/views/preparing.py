"""A shared session as it is prepared: its agenda, topics of one's own, blind votes, and the order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request, url_for

from planner.domain.ballots import PUBLIC_FROM, ROUNDS, WEEKS
from planner.domain.errors import InvalidInput
from planner.domain.meeting.model import ItemId
from planner.domain.perspectives import SCALE, Viewpoint
from planner.services.calendar.replies import read_all_replies
from planner.services.history import read_history_of
from planner.services.meeting import ballots, live, meetings, preparing
from planner.services.meeting.orders import Order
from planner.services.meeting.preparations import read_preparation
from planner.web import context
from planner.web.forms.base import UNKNOWN, form_key, options
from planner.web.forms.preparing import LeadForm, PaperForm, TopicForm, lines_of, paper_lines
from planner.web.fragments import see_other
from planner.web.records import save
from planner.web.rounds import keep_the_round, place_of, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

    from planner.domain.meeting.rounds import RoundOf
    from planner.web.forms.preparing import PaperLine

blueprint = Blueprint("preparing", __name__, url_prefix="/sessions/shared/<int:number>")
keep_the_round(blueprint)

VIEWPOINTS: Mapping[str, str] = {
    "": "not said",
    Viewpoint.STRATEGY: "nearer to strategy",
    Viewpoint.WORK: "nearer to the work",
}
ORDER_WORDS: Mapping[Order, tuple[str, str]] = {
    Order.SUGGESTED: ("As suggested", "Providers before consumers, so that nobody waits long."),
    Order.DIVIDED: ("What divides you first", "Important things that you see differently come first."),
    Order.RANKED: ("What costs most to wait for first", "Importance over the time it takes."),
}


@blueprint.get("/prepare")
def show(number: int) -> str:
    """Show how a session is prepared, as far as whoever looks may see it."""
    return _page(number)


@blueprint.post("/agenda/open")
def make(number: int) -> Response:
    """Keep the agenda as it has written itself, so that it can be changed."""
    key = form_key(request.form.get("key"))
    change = meetings.make_meeting(context.database(), context.actor(), _place(number), key=key)
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


@blueprint.post("/topics")
def add(number: int) -> tuple[str, int] | Response:
    """Put a topic on the agenda."""
    actor = context.actor()
    form = TopicForm()
    change = save(
        form,
        lambda: preparing.add_topic(
            context.database(),
            actor,
            _place(number),
            title=form.title.data or "",
            key=form_key(form.key.data),
        ),
    )
    if change is None:
        return _page(number, topic=form), 422
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


@blueprint.post("/topics/<int:item>/away")
def take_away(number: int, item: int) -> Response:
    """Take one's own topic away, or what was left from last time."""
    change = preparing.take_away(
        context.database(), context.actor(), _place(number), item_id=item, **_form_of_an_act()
    )
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


@blueprint.post("/topics/<int:item>/lead")
def lead(number: int, item: int) -> tuple[str, int] | Response:
    """Ask somebody else to lead one's own topic."""
    actor = context.actor()
    form = _lead_form()
    change = save(
        form,
        lambda: preparing.ask_to_lead(
            context.database(),
            actor,
            _place(number),
            item_id=item,
            person=form.person.data or "",
            version=form.expected_version,
            key=form_key(form.key.data),
        ),
    )
    if change is None:
        return _page(number, lead=form), 422
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


@blueprint.post("/topics/<int:item>/talk")
def talk(number: int, item: int) -> Response:
    """Object to agreeing to something at once."""
    key = form_key(request.form.get("key"))
    change = live.talk_about(context.database(), context.actor(), _place(number), ItemId(item), key=key)
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


@blueprint.post("/agenda")
def write(number: int) -> Response:
    """Write the agenda in another order."""
    actor, organisation = context.actor(), context.organisation()
    order = next((one for one in Order if one == request.form.get("order")), Order.SUGGESTED)
    change = preparing.write_agenda(
        context.database(), actor, organisation, _place(number), order=order, **_form_of_an_act()
    )
    return see_other(url_for(".show", number=number), f"{change.summary}.", change_id=change.id)


@blueprint.post("/votes")
def vote(number: int) -> tuple[str, int] | Response:
    """Hand in a paper of blind votes."""
    actor = context.actor()
    form, lines = PaperForm(), paper_lines(request.form)
    votes = form.votes(lines)
    if votes is None:
        return _page(number, paper=form, lines=lines), 422
    try:
        is_open = ballots.vote(context.database(), actor, context.organisation(), _place(number), votes)
    except InvalidInput as error:
        form.show_problems(error)
        return _page(number, paper=form, lines=lines), 422
    said = "Your votes are kept. " + (
        "Everybody has voted, so all are opened." if is_open else "Nobody sees them yet."
    )
    return see_other(url_for(".show", number=number, _anchor="votes"), said)


@blueprint.post("/votes/open")
def open_votes(number: int) -> Response:
    """Open the votes before everybody has voted."""
    ballots.open_votes(context.database(), context.actor(), _place(number))
    return see_other(url_for(".show", number=number, _anchor="votes"), "The votes are opened.")


@blueprint.post("/votes/again")
def vote_again(number: int) -> Response:
    """Begin the second round."""
    ballots.vote_again(context.database(), context.actor(), _place(number))
    return see_other(url_for(".show", number=number, _anchor="votes"), "The second round of votes has begun.")


def _place(number: int) -> RoundOf:
    """The round that an act is about, kept in the address that comes after it."""
    place = place_of(number)
    shown(place.session_id)
    return place


def _form_of_an_act() -> dict[str, Any]:
    """The version and the key that a form of one button carries."""
    version = request.form.get("version", UNKNOWN, type=int)
    return {"version": version, "key": form_key(request.form.get("key"))}


def _lead_form() -> LeadForm:
    form = LeadForm()
    form.person.choices = options(
        ((one.key, one.name) for one in context.organisation().people), optional=True
    )
    return form


def _page(
    number: int,
    *,
    topic: TopicForm | None = None,
    lead: LeadForm | None = None,
    paper: PaperForm | None = None,
    lines: tuple[PaperLine, ...] = (),
) -> str:
    organisation, visitor, place = context.organisation(), context.visitor(), place_of(number)
    found = read_preparation(context.database(), organisation, visitor, place, context.now())
    named = {line.item.name: line for line in found.lines}
    person = context.reader()
    kept = found.meeting.is_kept
    away = read_all_replies(context.database(), number).absent(place.number)
    return render_template(
        "preparing/show.html",
        found=found,
        at=shown(place.session_id),
        now=context.now(),
        named=named,
        person=person,
        topic=topic or TopicForm(formdata=None),
        lead=lead,
        away=[seat.name for seat in found.session.seats if seat.key in away],
        names={one.key: one.name for one in organisation.people},
        people=options((one.key, one.name) for one in organisation.people),
        paper=paper,
        paper_lines=lines or lines_of(found.polling.mine, named),
        history=read_history_of(context.database(), visitor, "meeting", found.meeting.id) if kept else None,
        scale=range(1, SCALE + 1),
        weeks=WEEKS,
        viewpoints=VIEWPOINTS,
        orders=ORDER_WORDS,
        rounds=ROUNDS,
        public_from=PUBLIC_FROM,
    )
