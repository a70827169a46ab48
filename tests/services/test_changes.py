"""One act, one transaction, one entry in the history; and the way back."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select, update

from planner import services
from planner.domain.agreement import Stance
from planner.domain.consolidation.model import Rules
from planner.domain.errors import CannotUndo, NotAllowed, NotFound, StaleVersion
from planner.domain.meeting.deciding import Decision
from planner.domain.meeting.model import ItemId, OutcomeKind
from planner.domain.meeting.votes import Method, Poll, PollId
from planner.domain.model import DependencyId, Organisation
from planner.domain.negotiation.acts import Act, Move
from planner.domain.transfer import (
    DependencyDraft,
    Draft,
    GoalDraft,
    HorizonDraft,
    PersonDraft,
    PlaceDraft,
    SessionDraft,
    TeamDraft,
)
from planner.interchange.tools import source_of
from planner.services import (
    agreements,
    changes,
    dependencies,
    example,
    exchange,
    goals,
    hooks,
    negotiations,
    people,
    places,
    sessions,
    single_sessions,
    starting,
    teams,
)
from planner.services import settings as rules
from planner.services.calendar import beforehand, inviting, polls, replies, series
from planner.services.consolidation import kept_plans, proposing
from planner.services.consolidation.suggestions import SuggestionRequest, answer
from planner.services.importing import import_steps
from planner.services.importing.import_plans import Choices
from planner.services.meeting import live, meetings, minutes, outcomes, preparing, votes
from planner.services.meeting.orders import Order
from planner.services.organisation import read_organisation
from planner.storage.audit import UnrecordedChange
from planner.storage.models import (
    AgendaItemRow,
    ChangeRow,
    EventRow,
    PlaceRow,
    SharedSessionRow,
    TeamRow,
    TimePollRow,
)
from tests.conftest import HOOK_HOSTS
from tests.factories import (
    OPERATOR,
    make_actor,
    make_cast,
    make_dependency,
    make_goal,
    make_horizon,
    make_person,
    make_place,
    make_proposal,
    make_session,
    make_team,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.services.consolidation.suggestions import Answer

A, B = ("payments", "partner-api")
GOAL, MEETING = "one-account-every-journey", "payments-prioritisation"


def best(session: Session) -> Answer:
    return answer(session, read_organisation(session), SuggestionRequest(), OPERATOR.at.date())


def keep_best(session: Session) -> object:
    found = best(session)
    return kept_plans.keep_plan(
        session, OPERATOR, answer=found, shown=kept_plans.mark_of(found.solution.plan)
    )


def propose_best(session: Session) -> object:
    found = best(session)
    mark = kept_plans.mark_of(found.solution.plan)
    return proposing.share_plan(session, OPERATOR, answer=found, shown=mark, key=None)


def as_person(session: Session, key: str) -> Actor:
    """This person, under the name that the test below expects of everybody."""
    return replace(make_actor(session, key), name=OPERATOR.name)


def settled(session: Session) -> ItemId:
    """Another item of the session, which can be agreed at once."""
    whole = {"position": 9, "title": "Fares", "kind": "consent", "minutes": 1, "added": 0, "used": 0}
    made = insert(AgendaItemRow).values(meeting_id=1, lead="", version=1, **whole)
    number = session.scalar(made.returning(AgendaItemRow.id))
    session.commit()
    return ItemId(number or 0)


def agree_to_one(session: Session) -> object:
    settled(session)
    return outcomes.agree_at_once(session, OPERATOR, 1, key=None)


def restore_first(session: Session) -> object:
    return proposing.restore_version(session, OPERATOR, 1, seen=1, key=None)


def answer_as_partner(session: Session) -> object:
    pat = as_person(session, "pat-partner")
    words: dict[str, Any] = {"words": "", "version": None, "key": None}
    return agreements.answer_proposal(session, pat, 2, stance=Stance.FINE, **words)


def mail_to_owner(session: Session) -> object:
    return inviting.mail_invitations(session, OPERATOR, 2, sender="planner@example.org", address="")


def single_of(session: Session) -> int:
    return session.scalars(select(SharedSessionRow.id).where(SharedSessionRow.proposal_id.is_(None))).one()


def mail_single_to_owner(session: Session) -> object:
    number = single_of(session)
    session.execute(update(SharedSessionRow).where(SharedSessionRow.id == number).values(starts_at=LATER))
    return inviting.mail_single(session, OPERATOR, number, sender="planner@example.org", address="")


def seated_there(session: Session) -> Any:
    return replace(make_actor(session, "pat-partner"), name=OPERATOR.name)


def asked_for(session: Session) -> str:
    return str(session.scalars(select(TimePollRow)).one().options[0])


# the same for each act on a proposal
ANY: dict[str, Any] = {"version": None, "key": None}
LATER = OPERATOR.at + timedelta(days=20)
TRIED = replace(OPERATOR, at=OPERATOR.at + timedelta(days=40))
# one act of each service that writes, in an order in which each finds what it needs
ACTS: dict[str, Callable[[Session], object]] = {
    "starting.begin": lambda s: starting.begin(s, OPERATOR, name="Bea", team="Beginners"),
    "settings.change_rules": lambda s: rules.change_rules(s, OPERATOR, replace(Rules(), people_max=5)),
    "places.record_place": lambda s: places.record_place(s, OPERATOR, PlaceDraft("Leeds"), minutes_to={}),
    "places.change_place": lambda s: places.change_place(
        s, OPERATOR, "Leeds", PlaceDraft("York"), minutes_to={"Dock Street": 9}, version=None
    ),
    "places.remove_place": lambda s: places.remove_place(s, OPERATOR, "Dock Street"),
    "people.record_person": lambda s: people.record_person(s, OPERATOR, PersonDraft("", "Ana"), teams=[A]),
    "people.change_person": lambda s: people.change_person(
        s, OPERATOR, "ana", PersonDraft("", "Ana"), version=None, teams=[B]
    ),
    "people.remove_person": lambda s: people.remove_person(s, OPERATOR, "ana"),
    "teams.record_team": lambda s: teams.record_team(s, OPERATOR, TeamDraft("", "Loyalty")),
    "teams.change_team": lambda s: teams.change_team(
        s, OPERATOR, "loyalty", TeamDraft("", "Points"), version=None
    ),
    "goals.record_goal": lambda s: goals.record_goal(s, OPERATOR, GoalDraft("", "Tap", teams=(A, B))),
    "goals.change_goal": lambda s: goals.change_goal(
        s, OPERATOR, "tap", GoalDraft("", "Tap!", teams=(A, B)), version=None
    ),
    "goals.remove_goal": lambda s: goals.remove_goal(s, OPERATOR, GOAL),
    "goals.record_horizon": lambda s: goals.record_horizon(s, OPERATOR, HorizonDraft("Sprint 2")),
    "goals.change_horizon": lambda s: goals.change_horizon(
        s, OPERATOR, "Sprint 2", HorizonDraft("Sprint 3"), version=None
    ),
    "goals.remove_horizon": lambda s: goals.remove_horizon(s, OPERATOR, "Sprint 1"),
    "sessions.record_session": lambda s: sessions.record_session(s, OPERATOR, SessionDraft("", "New", A)),
    "sessions.change_session": lambda s: sessions.change_session(
        s,
        OPERATOR,
        MEETING,
        SessionDraft("", "Sorting", B, attendees=("olive-owner", "pat-partner")),
        version=None,
    ),
    "agreements.withdraw": lambda s: agreements.withdraw(s, OPERATOR, 1, **ANY),
    "proposing.share_plan": propose_best,
    "proposing.restore_version": restore_first,
    "agreements.answer_proposal": answer_as_partner,
    "agreements.adopt": lambda s: agreements.adopt(s, OPERATOR, 2, **ANY),
    "inviting.mail_invitations": mail_to_owner,
    "replies.reply": lambda s: replies.reply(s, seated_there(s), 1, "accepted"),
    "beforehand.leave_word": lambda s: beforehand.leave_word(
        s, seated_there(s), 1, about="", text="Monday is too early", key=None
    ),
    "beforehand.take_word_back": lambda s: beforehand.take_word_back(
        s, seated_there(s), 1, about="", key=None
    ),
    "polls.open_poll": lambda s: polls.open_poll(s, OPERATOR, 1, key=None),
    "polls.answer_poll": lambda s: polls.answer_poll(s, seated_there(s), 1, start=asked_for(s), choice="yes"),
    "polls.decide_poll": lambda s: polls.decide_poll(s, OPERATOR, 1, start=asked_for(s), key=None),
    "single_sessions.hold_single": lambda s: single_sessions.hold_single(
        s, OPERATOR, DependencyId(1), key=None
    ),
    "inviting.mail_single": mail_single_to_owner,
    "single_sessions.call_off": lambda s: single_sessions.call_off(s, OPERATOR, single_of(s), **ANY),
    "series.move_round": lambda s: series.move_round(s, OPERATOR, 1, 1, starts_at=LATER, **ANY),
    "series.leave_out_round": lambda s: series.leave_out_round(s, OPERATOR, 1, 1, **ANY),
    "series.restore_round": lambda s: series.restore_round(s, OPERATOR, 1, 1, **ANY),
    "meetings.make_meeting": lambda s: meetings.make_meeting(s, OPERATOR, 1, key=None),
    "preparing.add_topic": lambda s: preparing.add_topic(s, OPERATOR, 1, title="Holidays", key=None),
    "preparing.ask_to_lead": lambda s: preparing.ask_to_lead(
        s, OPERATOR, 1, item_id=2, person="pat-partner", **ANY
    ),
    "dependencies.change_dependency": lambda s: dependencies.change_dependency(
        s, OPERATOR, 1, DependencyDraft("", A, B, "Two files", gap=1.0), version=None
    ),
    "preparing.write_agenda": lambda s: preparing.write_agenda(
        s, OPERATOR, read_organisation(s), 1, order=Order.SUGGESTED, **ANY
    ),
    "preparing.take_away": lambda s: preparing.take_away(s, OPERATOR, 1, item_id=2, **ANY),
    "live.take_over": lambda s: live.take_over(s, as_person(s, "pat-partner"), 1, key=None),
    "live.hand_over": lambda s: live.hand_over(s, OPERATOR, 1, "olive-owner", key=None),
    "live.arrive": lambda s: live.arrive(s, as_person(s, "olive-owner"), 1, key=None),
    "live.start_meeting": lambda s: live.start_meeting(s, OPERATOR, 1, key=None),
    "live.add_time": lambda s: live.add_time(s, OPERATOR, 1, key=None),
    "live.talk_about": lambda s: live.talk_about(s, OPERATOR, 1, settled(s), key=None),
    "outcomes.agree_at_once": agree_to_one,
    "votes.call_vote": lambda s: votes.call_vote(
        s, OPERATOR, 1, Poll(PollId(0), ItemId(1), Method.FIST), key=None
    ),
    "votes.vote": lambda s: votes.vote(s, as_person(s, "pat-partner"), 1, PollId(1), (4,), key=None),
    "votes.reveal": lambda s: votes.reveal(s, OPERATOR, 1, PollId(1), key=None),
    "outcomes.set_aside": lambda s: outcomes.set_aside(
        s, OPERATOR, 1, ItemId(1), OutcomeKind.PARKED, text="", deferred_to="", version=0, key=None
    ),
    "outcomes.decide": lambda s: outcomes.decide(
        s, OPERATOR, 1, ItemId(1), Decision("By file"), version=1, dependency_version=None, key=None
    ),
    "live.leave": lambda s: live.leave(s, as_person(s, "pat-partner"), 1, key=None),
    "live.close_meeting": lambda s: live.close_meeting(s, OPERATOR, 1, key=None),
    "minutes.share_minutes": lambda s: minutes.share_minutes(s, OPERATOR, 1, why="", key=None),
    "minutes.object_to_minutes": lambda s: minutes.object_to_minutes(
        s, as_person(s, "olive-owner"), 1, item=None, words="Not so", number=1, key=None
    ),
    "minutes.answer_objection": lambda s: minutes.answer_objection(
        s, OPERATOR, 1, 1, words="It is", key=None
    ),
    "live.open_again": lambda s: live.open_again(s, OPERATOR, 1, key=None),
    "live.turn_to": lambda s: live.turn_to(s, OPERATOR, 1, ItemId(1), key=None),
    "agreements.restore_session": lambda s: agreements.restore_session(s, OPERATOR, MEETING),
    "agreements.keep_for_good": lambda s: agreements.keep_for_good(s, TRIED, 2, **ANY),
    "agreements.revert": lambda s: agreements.revert(s, OPERATOR, 2, **ANY),
    "sessions.remove_session": lambda s: sessions.remove_session(s, OPERATOR, MEETING),
    "dependencies.record_dependencies": lambda s: dependencies.record_dependencies(
        s, OPERATOR, [DependencyDraft("", A, "Ops", "Room")], new_teams=["Ops"]
    ),
    "kept_plans.keep_plan": keep_best,
    "kept_plans.remove_kept_plan": lambda s: kept_plans.remove_kept_plan(
        s, OPERATOR, question=best(s).question, version=None
    ),
    "negotiations.negotiate": lambda s: negotiations.negotiate(
        s, OPERATOR, 1, Move(Act.MESSAGE, text="By file or by call?"), version=None, key=None
    ),
    "dependencies.remove_dependency": lambda s: dependencies.remove_dependency(s, OPERATOR, 1),
    "hooks.add_hook": lambda s: hooks.add_hook(
        s,
        OPERATOR,
        address="https://hooks.example.org/a",
        secret="s" * 24,
        listed=HOOK_HOSTS,
    ),
    "hooks.switch_hook": lambda s: hooks.switch_hook(s, OPERATOR, 1, on=False),
    "teams.remove_team": lambda s: teams.remove_team(s, OPERATOR, A),
    "exchange.store_draft": lambda s: exchange.store_draft(
        s, OPERATOR, Draft(places=(PlaceDraft("Hull"),)), tag="organisation:imported", summary="One place"
    ),
    "import_steps.import_now": lambda s: import_steps.import_now(
        s, OPERATOR, [source_of(b"key,name\nice,Icier\n")], Choices(kind="teams")
    ),
    "exchange.remove_everything": lambda s: exchange.remove_everything(s, OPERATOR),
    "example.load_example": lambda s: example.load_example(s, OPERATOR),
}
# these make no act of their own: the frame of one, what it may do, and the way back, tested below
FRAMES = {
    "changes.recorded",
    "changes.noted",
    "changes.asked_before",
    "changes.undo",
    "agreed.bring_agreed",
    "import_rights.require_changes",
    "dependencies.add_beside",
    "live.note_presence",
    "live.person_key",
    "negotiations.keep",
    "negotiations.prepare",
}
# these change what is computed, never a record: tests/web/test_routes.py holds them to it
COMPUTING = {"searches.search_now", "searches.search_on", "searches.stop_search"}
# these are about files on their way in, which are no records: tests/services/importing/test_imports.py
UPLOADING = {
    "import_work.import_here",
    "imports.begin_import",
    "imports.choose",
    "imports.confirm",
    "import_steps.look_now",
    "imports.stop_import",
    "import_steps.write_now",
}
# these are about accounts, whose rows the history must not keep: tests/web/accounts holds them to it
BESIDE = {
    "away.add_days_off",
    "away.keep_busy_times",
    "away.remove_busy_times",
    "away.remove_days_off",
    "calendars.make_feed",
    "calendars.revoke_feed",
    "accounts.change_password",
    "accounts.disable_account",
    "accounts.enable_account",
    "accounts.end_administration",
    "accounts.expect_password",
    "accounts.make_administrator",
    "identities.connect",
    "identities.disconnect",
    "guests.close_door",
    "guests.open_door",
    "invitations.invite",
    "invitations.revoke_invitation",
    "moving.ask_for_address",
    "moving.move_to_address",
    "repeats.begin_once",
    "repeats.forget_key",
    "repeats.keep_answer",
    "shares.revoke_share",
    "shares.share",
    "tokens.make_token",
    "tokens.revoke_token",
}
# these are about blind votes, which the history must not show: tests/services/meeting/test_ballots.py
BLIND = {"ballots.vote", "ballots.open_votes", "ballots.vote_again"}
# these write what people are told, and what each wants to be told: tests/services/test_notices.py
TELLING = {"notices.tell", "notices.tell_asked", "notices.mark_read", "notices.choose"} | {
    "hooks.try_hook",
    "hooks.send_again",
}


# these write what only some may read: tests/services/test_promises.py, tests/services/test_trials.py
PRIVATE = {"promises.promise", "promises.act_on_promise", "promises.take_back", "trials.say_worth"}


def make_everything(session: Session) -> None:
    """Save at least one of each noun, joined as closely as they can be."""
    cast = make_cast(session)
    place = make_place(session)
    make_place(session, name="Station House", minutes_to={place: 6})
    make_team(session, name="Web", place=place, members=[make_person(session, place=place)])
    goal = make_goal(session, (cast.team, cast.partner_team))
    horizon = make_horizon(session)
    make_session(session, cast.team, attendees=(cast.owner, cast.partner), place=place)
    make_dependency(session, cast.team, cast.partner_team, goal=goal, horizon=horizon)
    olive = PersonDraft("", "Olive Owner", "olive@example.org")
    people.change_person(session, OPERATOR, cast.owner, olive, version=None)
    make_proposal(session, OPERATOR)


def half_a_change(session: Session) -> None:
    with changes.recorded(session, OPERATOR, "place:recorded", "Half a change"):
        session.add(PlaceRow(name="Leeds", name_folded="leeds", zone="UTC"))
        session.flush()
        raise ZeroDivisionError


def newest(session: Session) -> ChangeRow:
    return session.scalars(select(ChangeRow).order_by(ChangeRow.id.desc()).limit(1)).one()


def test_every_service_that_writes_is_walked_through_here() -> None:
    writing = set()
    for module in pkgutil.walk_packages(services.__path__, "planner.services."):
        found = importlib.import_module(module.name)
        for name, function in inspect.getmembers(found, inspect.isfunction):
            takes = list(inspect.signature(function).parameters)[:2] == ["session", "actor"]
            if takes and function.__module__ == found.__name__ and not name.startswith(("_", "read_")):
                writing.add(f"{module.name.rpartition('.')[2]}.{name}")

    assert writing == set(ACTS) | FRAMES | COMPUTING | UPLOADING | BESIDE | BLIND | TELLING | PRIVATE


def test_every_act_leaves_one_change_with_its_events(session: Session) -> None:
    make_everything(session)
    before = newest(session).id

    left = {}
    for name, act in ACTS.items():
        last = newest(session).id
        act(session)
        change = newest(session)
        events = session.scalars(select(EventRow).where(EventRow.change_id == change.id)).all()
        left[name] = (change.id > last, change.at in {OPERATOR.at, TRIED.at}, change.actor_name, bool(events))

    assert newest(session).id == before + len(ACTS)
    assert left == dict.fromkeys(ACTS, (True, True, "Operator", True))


# a kept plan is no part of the organisation; tests/services/consolidation/test_kept_plans.py brings it back
@pytest.mark.parametrize("name", sorted(name for name in ACTS if "remove" in name and "plan" not in name))
def test_undo_of_a_removal_brings_all_children_back(session: Session, name: str) -> None:
    make_everything(session)
    people.record_person(session, OPERATOR, PersonDraft("", "Ana"), teams=[A])
    before = read_organisation(session)

    ACTS[name](session)
    without = read_organisation(session)
    changes.undo(session, OPERATOR, newest(session).id)

    assert without != before
    assert read_organisation(session) == before


def test_everything_can_be_undone_down_to_nothing_and_up_again(session: Session) -> None:
    make_everything(session)
    full = read_organisation(session)
    made = list(session.scalars(select(ChangeRow.id).order_by(ChangeRow.id.desc())))

    undone = [changes.undo(session, OPERATOR, change_id).id for change_id in made]
    empty = read_organisation(session)
    for change_id in reversed(undone):
        assert change_id is not None
        changes.undo(session, OPERATOR, change_id)

    assert empty == Organisation()
    assert read_organisation(session) == full


def test_a_change_is_taken_back_once(session: Session) -> None:
    make_place(session)
    change = newest(session).id
    changes.undo(session, OPERATOR, change)

    with pytest.raises(CannotUndo, match="taken back already"):
        changes.undo(session, OPERATOR, change)


def test_only_who_made_a_change_takes_it_back(session: Session) -> None:
    cast = make_cast(session)
    owner, partner = make_actor(session, cast.owner), make_actor(session, cast.partner)
    change = teams.record_team(session, owner, TeamDraft("", "Loyalty"))[1]
    assert change.id is not None

    with pytest.raises(NotAllowed):
        changes.undo(session, partner, change.id)


def test_an_unknown_change_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        changes.undo(session, OPERATOR, 99)


@pytest.mark.parametrize(
    ("later", "reason"),
    [
        ("change", "This was changed again since (name, name folded, zone)."),
        ("remove", "What was changed has been removed since."),
        ("build", "Something else was built on this since. Remove that first."),
    ],
)
def test_undo_is_refused_with_what_came_since(session: Session, later: str, reason: str) -> None:
    make_place(session, name="Leeds")
    made = newest(session).id
    acts: dict[str, Callable[[], object]] = {
        "change": lambda: ACTS["places.change_place"](session),
        "remove": lambda: places.remove_place(session, OPERATOR, "Leeds"),
        "build": lambda: make_team(session, place="Leeds"),
    }
    if later == "change":
        make_place(session, name="Dock Street")
    acts[later]()
    before = read_organisation(session)

    with pytest.raises(CannotUndo) as refused:
        changes.undo(session, OPERATOR, made)

    assert str(refused.value) == reason
    assert read_organisation(session) == before


def test_saving_without_a_difference_leaves_no_trace(session: Session) -> None:
    make_place(session, name="Leeds", zone="UTC")
    before = newest(session).id

    change = places.change_place(session, OPERATOR, "Leeds", PlaceDraft("Leeds"), minutes_to={}, version=1)

    assert (change.id, newest(session).id) == (None, before)


def test_the_second_of_two_savings_of_one_version_is_refused(session: Session) -> None:
    make_place(session, name="Leeds", zone="UTC")
    paris = PlaceDraft("Leeds", "Europe/Paris")
    places.change_place(session, OPERATOR, "Leeds", paris, minutes_to={}, version=1)

    with pytest.raises(StaleVersion):
        places.change_place(session, OPERATOR, "Leeds", PlaceDraft("Leeds"), minutes_to={}, version=1)

    assert read_organisation(session).places[0].zone == "Europe/Paris"


def test_a_failed_act_saves_nothing(session: Session) -> None:
    with pytest.raises(ZeroDivisionError):
        half_a_change(session)

    assert read_organisation(session) == Organisation()
    assert session.scalars(select(ChangeRow)).all() == []


def test_nobody_can_write_past_the_history(session: Session) -> None:
    session.add(TeamRow(key="t", name="T", name_folded="t", area="", purpose=""))

    with pytest.raises(UnrecordedChange):
        session.flush()
