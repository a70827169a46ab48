"""Plans that are proposed to everybody: the list, one with its answers, and what can be done to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request, url_for

from planner.domain.agreement import (
    OPEN_FOR,
    ProposalState,
    Role,
    Stance,
    missing,
    possible_acts,
    roles_of,
)
from planner.domain.conditions import WISH_WORDS
from planner.domain.errors import InvalidInput
from planner.services import agreements
from planner.services.calendar.inviting import mail_invitations
from planner.services.consolidation.proposals import (
    AgendaLine,
    read_news,
    read_plan,
    read_proposal,
    read_proposals,
)
from planner.services.consolidation.proposing import share_plan
from planner.services.consolidation.replans import changes_from
from planner.services.consolidation.suggestions import request_of
from planner.services.consolidation.versions import compare_versions, read_versions
from planner.services.history import read_history_of
from planner.services.shared_sessions import read_agreed
from planner.services.trials import read_trial
from planner.web import context
from planner.web.filters import local_time
from planner.web.forms.base import UNKNOWN, form_key, options
from planner.web.forms.proposals import AnswerForm
from planner.web.fragments import page_or_fragment, see_other, wants_fragment
from planner.web.inviting import mailed
from planner.web.long_plans import LINES, Line, is_whole, lines_page, sessions_page
from planner.web.records import given, save
from planner.web.views.suggestion import asked_for, best_answer, shown_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from werkzeug.wrappers import Response

    from planner.domain.model import Person
    from planner.services.consolidation.proposals import Proposal, ProposedSession, Voice
    from planner.services.consolidation.replans import Changes
    from planner.services.consolidation.versions import Comparison, Version
    from planner.services.shared_sessions import AgreedSession
    from planner.services.trials import Trial

blueprint = Blueprint("proposals", __name__, url_prefix="/sessions/proposals")

STATE_WORDS: Mapping[ProposalState, tuple[str, str, str]] = {
    ProposalState.SHARED: ("asked", "?", "Waits for answers"),
    ProposalState.TRIAL: ("delivered", "→", "On trial"),
    ProposalState.KEPT: ("agreed", "✓", "Kept"),
    ProposalState.REVERTED: ("declined", "✕", "Given up"),
    ProposalState.REVISED: ("countered", "↔", "Replaced by a newer one"),
    ProposalState.WITHDRAWN: ("withdrawn", "✕", "Withdrawn"),
    ProposalState.EXPIRED: ("late", "▲", "Expired"),
}
"""Class, glyph and word of each state."""
STANCE_WORDS: Mapping[Stance | None, tuple[str, str, str]] = {
    Stance.FINE: ("agreed", "✓", "Fine"),
    Stance.FINE_IF: ("countered", "↔", "Fine if"),
    Stance.OBJECT: ("late", "✕", "Objects"),
    None: ("asked", "?", "No answer yet"),
}
ENDINGS = {
    "adopt": agreements.adopt,
    "withdraw": agreements.withdraw,
    "keep": agreements.keep_for_good,
    "revert": agreements.revert,
}
SESSION_LIST = "proposed-sessions"
PARTS = ("voices", "replaced")
ACTS = ",".join(f'"{name}"' for name in ENDINGS)
TRIED_STATES = frozenset({ProposalState.TRIAL, ProposalState.KEPT})
OPEN_STATES = frozenset({ProposalState.SHARED, ProposalState.TRIAL})


@blueprint.get("")
def index() -> str:
    """List every proposal, newest first."""
    return render_template(
        "proposals/index.html",
        proposals=read_proposals(context.database(), context.organisation(), context.today()),
        state_words=STATE_WORDS,
        stance_words=STANCE_WORDS,
        wish_words=WISH_WORDS,
    )


@blueprint.post("")
def share() -> Response:
    """Propose the plan that the address of this form shows."""
    actor = context.actor()
    answer = shown_plan(asked_for()).answer
    number, change = share_plan(
        context.database(),
        actor,
        answer=answer,
        shown=request.form.get("shown", ""),
        key=form_key(request.form.get("key")),
    )
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


@blueprint.get("/<int:number>")
def show(number: int) -> str:
    """Show a proposal with what everybody says to it, of a long one the reader's own sessions first."""
    if wants_fragment(SESSION_LIST):
        return render_template("proposals/_list.html", **_listed(_proposal(number)))
    return _page(number, AnswerForm(formdata=None))


@blueprint.get(f"/<int:number>/<any({','.join(PARTS)}):part>")
def part(number: int, part: str) -> str:
    """Show what everybody says to a proposal, or what it replaces, by pages."""
    proposal, person = _proposal(number), context.reader()
    lines = _voices(proposal) if part == "voices" else _replaced(proposal)
    return page_or_fragment(
        "proposals/part.html",
        "proposals/_part.html",
        f"part-{part}",
        part=part,
        proposal=proposal,
        shown=lines_page(lines, person.id if person else None),
        narrowed=given("q"),
        stance_words=STANCE_WORDS,
        wish_words=WISH_WORDS,
    )


@blueprint.post("/<int:number>/answer")
def answer(number: int) -> tuple[str, int] | Response:
    """Take the answer of whoever is asked."""
    actor = context.actor()
    form = AnswerForm().offer(_items(_proposal(number)))
    stance = form.chosen
    change = None
    if stance is None:
        form.form_errors.append("Press one of the three buttons.")
    else:
        chosen = stance
        change = save(
            form,
            lambda: agreements.answer_proposal(
                context.database(),
                actor,
                number,
                stance=chosen,
                words=form.words.data or "",
                wish=form.wished,
                about=form.about.data or "",
                version=form.expected_version,
                key=form_key(form.key.data),
            ),
        )
    if change is None:
        return _page(number, form), 422
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


@blueprint.post(f"/<int:number>/<any({ACTS}):act>")
def act(number: int, act: str) -> Response:
    """Adopt a proposal, withdraw it, or end its trial one way or the other."""
    actor = context.actor()
    version = request.form.get("version", UNKNOWN, type=int)
    change = ENDINGS[act](
        context.database(), actor, number, version=version, key=form_key(request.form.get("key"))
    )
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


@blueprint.post("/<int:number>/invite")
def invite(number: int) -> Response:
    """Mail the invitations that people have coming."""
    change = mailed(mail_invitations, number)
    return see_other(url_for(".show", number=number), change.summary, change_id=change.id)


def _proposal(number: int) -> Proposal:
    return read_proposal(context.database(), context.organisation(), number, context.today())


def _items(proposal: Proposal) -> list[tuple[str, str]]:
    """What is on the agendas of the visitor's sessions, of all where they sit in none: key and words."""
    person = context.reader()
    mine = [one for one in proposal.sessions if person and person.key in {seat.key for seat in one.seats}]
    lines = [line.dependency for one in mine or proposal.sessions for line in one.agenda]
    return options((one.key, one.what) for one in lines if one is not None)


def _page(number: int, form: AnswerForm) -> str:
    organisation, today = context.organisation(), context.today()
    proposal = _proposal(number)
    person = context.reader()
    roles = frozenset({Role.OTHER}) if person is None else roles_of(proposal.standing, person.id)
    news = None
    if proposal.state in OPEN_STATES:
        news = read_news(context.database(), organisation, number, context.day_for_all())
    standing = proposal.standing
    if news is not None and news.broken:
        standing = replace(standing, broken=news.broken)
    versions = read_versions(
        context.database(), organisation, number, today, lambda slot: local_time(slot, person)
    )
    return render_template(
        "proposals/show.html",
        versions=versions,
        comparison=_comparison(versions, proposal),
        expires=proposal.standing.shared_on + OPEN_FOR,
        form=form.offer(_items(proposal)),
        mine=next((one for one in proposal.voices if person and one.person.id == person.id), None),
        voices=_to_read_first(proposal, person),
        lines_most=LINES,
        is_whole=is_whole(),
        is_concerned=roles != {Role.OTHER},
        acts={one.value for one in possible_acts(standing, roles, today)},
        missing=missing(standing, {one.id: one.name for one in organisation.people}),
        news=news,
        changes=None if news is None or news.is_nothing else _changes(proposal),
        trial=_trial(proposal),
        history=read_history_of(context.database(), context.visitor(), "proposal", number),
        state_words=STATE_WORDS,
        stance_words=STANCE_WORDS,
        wish_words=WISH_WORDS,
        **_listed(proposal),
    )


def _listed(proposal: Proposal) -> dict[str, Any]:
    """What the sessions are written with: as they were agreed once the plan is adopted, else as proposed."""
    organisation, person = context.organisation(), context.reader()
    agreed = read_agreed(context.database(), organisation, proposal.id)
    held: Sequence[AgreedSession | ProposedSession] = agreed or proposal.sessions
    return {
        "proposal": proposal,
        "agreed": agreed,
        "person": person,
        "narrowed": given("q"),
        "held": sessions_page(
            held,
            is_mine=lambda one: person is not None and person.key in {seat.key for seat in one.seats},
            names=_names_in,
        ),
    }


def _names_in(session: AgreedSession | ProposedSession) -> Iterable[str]:
    """Who sits in a session, and the teams on its agenda."""
    team = context.organisation().team
    found = [line.dependency if isinstance(line, AgendaLine) else line for line in session.agenda]
    sides = {side for one in found if one is not None for side in (one.consumer_id, one.provider_id)}
    return (*(seat.name for seat in session.seats), *(team[side].name for side in sides))


def _to_read_first(proposal: Proposal, person: Person | None) -> list[Voice]:
    """Everybody who is asked; of many the reader, who objects and who asks for something, and no more."""
    if is_whole() or len(proposal.voices) <= LINES:
        return list(proposal.voices)
    order = (Stance.OBJECT, Stance.FINE_IF, Stance.FINE, None)
    found = sorted(proposal.voices, key=lambda one: (one.person != person, order.index(one.stance)))
    return found[:LINES]


def _voices(proposal: Proposal) -> list[Line]:
    return [Line(one, f"{one.person.name} {one.words}", one.person.id) for one in proposal.voices]


def _replaced(proposal: Proposal) -> list[Line]:
    team = context.organisation().team
    return [Line(one, f"{one.title} {team[one.host_id].name}") for one in proposal.replaces]


def _comparison(versions: Sequence[Version], proposal: Proposal) -> Comparison | None:
    """What this version changes against the one of the address. Raises NotFound."""
    before = request.args.get("compare", type=int)
    if before is None:
        return None
    return compare_versions(
        context.database(), context.organisation(), versions, before=before, after=proposal.number
    )


def _trial(proposal: Proposal) -> Trial | None:
    """How the trial goes; None where there is none."""
    if proposal.state not in TRIED_STATES:
        return None
    return read_trial(context.database(), context.organisation(), proposal.id, context.visitor())


def _changes(proposal: Proposal) -> Changes | None:
    """What solving again would change; None where the question cannot be asked any more."""
    try:
        best = best_answer(request_of(proposal.words))
    except InvalidInput:
        return None
    before = read_plan(context.database(), best.question.organisation, proposal.id, context.day_for_all())
    return changes_from(best, before)
