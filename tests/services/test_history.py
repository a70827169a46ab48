"""What happened: to everything by filters, to one thing with what belongs to it, and the way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from planner.domain.errors import CannotUndo, NotAllowed
from planner.domain.negotiation.acts import Act, Move
from planner.domain.transfer import GoalDraft, MemberDraft, PersonDraft, SessionDraft, TeamDraft
from planner.services import goals, people, places, sessions, teams
from planner.services.changes import recorded, undo
from planner.services.dependencies import remove_dependency
from planner.services.example import load_example
from planner.services.history import (
    MOST_EVENTS,
    PAGE,
    HistoryEvent,
    HistoryFilter,
    HistoryPage,
    read_actors,
    read_history,
    read_history_of,
)
from planner.services.negotiations import negotiate
from planner.storage.models import DependencyRow, HookRow
from tests.factories import (
    MONDAY,
    OPERATOR,
    make_actor,
    make_cast,
    make_dependency,
    make_goal,
    make_place,
    make_session,
)
from tests.support.digest import everything

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OWNER, PARTNER, OUTSIDER = "olive-owner", "pat-partner", "otto-outsider"
NEEDED, LATER = date(2026, 2, 16), date(2026, 3, 2)


def said(page: HistoryPage) -> list[str]:
    return [entry.summary for entry in page.entries]


def act(session: Session, who: str, move: Move) -> int:
    version = session.get_one(DependencyRow, 1).version
    change = negotiate(session, make_actor(session, who), 1, move, version=version, key=None)
    assert change.id is not None
    return change.id


@pytest.fixture
def town(session: Session) -> Session:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, needed_by=NEEDED)
    return session


def test_the_history_is_narrowed_by_who_what_and_since(town: Session) -> None:
    later = replace(make_actor(town, OWNER), at=MONDAY + timedelta(days=2))
    teams.record_team(town, later, TeamDraft("", "Loyalty"))
    act(town, PARTNER, Move(Act.ACCEPT))

    found = {
        "who": said(read_history(town, None, HistoryFilter(who="Olive Owner"))),
        "what": said(read_history(town, None, HistoryFilter(what="dependency")))[1:],
        "since": said(read_history(town, None, HistoryFilter(since=date(2026, 2, 3)))),
        "all": said(read_history(town, None, HistoryFilter("Olive Owner", "team", date(2026, 2, 4)))),
        "none": said(read_history(town, None, HistoryFilter("Olive Owner", "place"))),
    }

    loyalty = "Added the team Loyalty"
    asked = "Added “Settlement file”"
    assert found == {"who": [loyalty], "what": [asked], "since": [loyalty], "all": [loyalty], "none": []}
    assert read_actors(town) == ["Olive Owner", "Operator", "Pat Partner"]


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ({}, HistoryFilter()),
        (
            {"who": "Dana", "what": "team", "since": "2026-02-02", "of": "team-3"},
            HistoryFilter("Dana", "team", date(2026, 2, 2), ("team", 3)),
        ),
        ({"who": "a\0", "what": "event", "since": "31 Feb", "of": "change-1"}, HistoryFilter()),
        ({"who": "\ud800", "of": "team-٣"}, HistoryFilter()),
    ],
)
def test_a_filter_is_read_from_an_address_and_written_again(
    query: dict[str, str], chosen: HistoryFilter
) -> None:
    assert HistoryFilter.from_query(query) == chosen
    assert HistoryFilter.from_query(chosen.as_query()) == chosen


def test_the_history_of_one_thing_tells_what_belongs_to_it(session: Session) -> None:
    cast = make_cast(session)
    make_place(session, name="Hull")
    make_place(session, name="Leeds", minutes_to={"Hull": 60})
    goal = make_goal(session, (cast.team, cast.partner_team))
    meeting = make_session(session, cast.team)
    make_dependency(session, cast.team, cast.partner_team)
    both = (MemberDraft(cast.owner, True), MemberDraft(cast.outsider))
    teams.change_team(session, OPERATOR, cast.team, TeamDraft("", "Payments", members=both), version=None)
    wider = GoalDraft("", "One account, every journey", teams=(cast.team, cast.partner_team, "web-shop"))
    goals.change_goal(session, OPERATOR, goal, wider, version=None)
    seats = SessionDraft("", "Payments prioritisation", cast.team, (cast.partner,))
    sessions.change_session(session, OPERATOR, meeting, seats, version=None)
    negotiate(session, OPERATOR, 1, Move(Act.MESSAGE, text="By file?"), version=None, key=None)

    found = {
        noun: [event.subject for event in read_history_of(session, None, noun, number).entries[0].events]
        for noun, number in (
            ("team", 3), ("person", 3), ("goal", 1), ("session", 1), ("dependency", 1), ("place", 1),
        )
    }  # fmt: skip

    assert found == {
        "team": ["goal_team"],
        "person": ["membership"],
        "goal": ["goal_team"],
        "session": ["attendance"],
        "dependency": ["message"],
        "place": ["travel"],
    }


def test_an_entry_has_what_was_before_and_after(town: Session) -> None:
    act(town, PARTNER, Move(Act.COUNTER, day=LATER, text="after the release"))

    newest, first = read_history_of(town, None, "dependency", 1).entries

    (event,) = newest.events
    assert (event.subject, event.subject_id, event.act) == ("dependency", 1, "updated")
    assert (event.before["state"], event.after["state"]) == ("asked", "countered")
    assert (event.before["promised_for"], event.after["promised_for"]) == (None, "2026-03-02")
    assert (newest.begins, first.begins) == (False, True)


def test_a_large_change_shows_its_first_rows_and_counts_the_rest(session: Session) -> None:
    load_example(session, OPERATOR)

    (entry,) = read_history(session, None, HistoryFilter()).entries
    (of_one,) = read_history_of(session, None, "dependency", 1).entries

    assert len(entry.events) == MOST_EVENTS
    assert entry.more > MOST_EVENTS
    assert [(e.subject, e.subject_id, of_one.more) for e in of_one.events] == [("dependency", 1, 0)]
    assert isinstance(of_one.events[0], HistoryEvent)


def test_where_messages_are_sent_is_not_told(session: Session) -> None:
    with recorded(session, OPERATOR, "hook:recorded", "Added a web hook"):
        session.add(HookRow(address="https://hooks.example.org/private", secret="s" * 24, is_on=True))

    (entry,) = read_history(session, None, HistoryFilter()).entries

    assert (entry.summary, entry.events, entry.more) == ("Added a web hook", (), 0)


def test_a_long_history_is_paged_and_every_change_is_there_once(session: Session) -> None:
    for number in range(2 * PAGE):
        make_place(session, name=f"Place {number}")

    pages = [read_history(session, None, HistoryFilter(what="place"))]
    while pages[-1].earlier:
        pages.append(read_history(session, None, pages[-1].chosen, before=pages[-1].earlier))

    assert [len(page.entries) for page in pages] == [PAGE, PAGE]
    assert said(pages[0])[0] == "Added the place Place 99"
    assert len({entry.id for page in pages for entry in page.entries}) == 2 * PAGE


def test_who_made_a_change_may_undo_it_and_nobody_else(town: Session) -> None:
    act(town, PARTNER, Move(Act.ACCEPT))

    may = {
        who: read_history_of(town, make_actor(town, who), "dependency", 1).entries[0].may_undo
        for who in (OWNER, PARTNER, OUTSIDER)
    }

    assert may == {OWNER: False, PARTNER: True, OUTSIDER: False}
    assert not read_history_of(town, None, "dependency", 1).entries[0].may_undo
    assert read_history_of(town, OPERATOR, "dependency", 1).entries[0].may_undo


# the acts that lead to where an act is possible, the act itself, and one that may come after it
ACCEPT = (PARTNER, Move(Act.ACCEPT, day=NEEDED))
COUNTER = (PARTNER, Move(Act.COUNTER, day=LATER, text="busy"))
DECLINE = (PARTNER, Move(Act.DECLINE, text="busy"))
REOPEN = (OWNER, Move(Act.REOPEN, day=LATER, text="we are late"))
DELIVER = (PARTNER, Move(Act.DELIVER))
WITHDRAW = (OWNER, Move(Act.WITHDRAW, text="not needed"))
HEARD = (OWNER, Move(Act.HEARD, heard_right=True))
REMIND = (OWNER, Move(Act.REMIND))
Step = tuple[str, Move]
WAYS: dict[Act, tuple[tuple[Step, ...], Step, Step | None]] = {
    Act.ACCEPT: ((), ACCEPT, REOPEN),
    Act.COUNTER: ((), COUNTER, WITHDRAW),
    Act.DECLINE: ((), DECLINE, (OWNER, Move(Act.ASK_AGAIN, day=LATER))),
    Act.ACCEPT_COUNTER: ((COUNTER,), (OWNER, Move(Act.ACCEPT_COUNTER)), DELIVER),
    Act.ASK_AGAIN: ((DECLINE,), (OWNER, Move(Act.ASK_AGAIN, day=LATER)), ACCEPT),
    Act.REWORD: (
        (),
        (OWNER, Move(Act.REWORD, what="Two files", text="clearer")),
        (PARTNER, Move(Act.ACCEPT)),
    ),
    Act.REOPEN: ((ACCEPT,), REOPEN, (PARTNER, Move(Act.AGREE_CHANGE))),
    Act.AGREE_CHANGE: ((ACCEPT, REOPEN), (PARTNER, Move(Act.AGREE_CHANGE)), DELIVER),
    Act.REFUSE_CHANGE: ((ACCEPT, REOPEN), (PARTNER, Move(Act.REFUSE_CHANGE, text="no")), DELIVER),
    Act.TAKE_BACK: ((ACCEPT, REOPEN), (OWNER, Move(Act.TAKE_BACK)), DELIVER),
    Act.DELIVER: ((ACCEPT,), DELIVER, (OWNER, Move(Act.CONFIRM))),
    Act.CONFIRM: ((ACCEPT, DELIVER), (OWNER, Move(Act.CONFIRM)), None),
    Act.RETURN: ((ACCEPT, DELIVER), (OWNER, Move(Act.RETURN, unmet=("Loads",), text="broken")), DELIVER),
    Act.WITHDRAW: ((), WITHDRAW, None),
}


@pytest.mark.parametrize("what", sorted(WAYS))
def test_each_act_of_the_negotiation_is_taken_back_days_later(town: Session, what: Act) -> None:
    before, (who, move), _after = WAYS[what]
    for step in before:
        act(town, *step)
    was = everything(town)["dependency"]
    change = act(town, who, move)
    became = everything(town)["dependency"]

    undo(town, replace(make_actor(town, who), at=MONDAY + timedelta(days=30)), change)

    assert [without_version(rows) for rows in (was, became)] != [without_version(was)] * 2
    assert without_version(everything(town)["dependency"]) == without_version(was)


@pytest.mark.parametrize("what", sorted(act for act, way in WAYS.items() if way[2]))
def test_an_act_that_was_built_on_stays_and_says_why(town: Session, what: Act) -> None:
    before, (who, move), after = WAYS[what]
    for step in before:
        act(town, *step)
    change = act(town, who, move)
    assert after is not None
    act(town, *after)
    was = everything(town)

    with pytest.raises(CannotUndo, match="This was changed again since"):
        undo(town, make_actor(town, who), change)

    assert everything(town) == was


@pytest.mark.parametrize("who", [OUTSIDER, OWNER])
def test_nobody_takes_back_what_somebody_else_did(town: Session, who: str) -> None:
    change = act(town, PARTNER, Move(Act.ACCEPT))
    was = everything(town)

    with pytest.raises(NotAllowed):
        undo(town, make_actor(town, who), change)

    assert everything(town) == was


def test_words_are_not_taken_back_from_under_a_promise_but_after_it_was_taken_back(town: Session) -> None:
    words = act(town, OWNER, Move(Act.REWORD, what="Two files"))
    promise = act(town, PARTNER, Move(Act.ACCEPT))
    owner, partner = make_actor(town, OWNER), make_actor(town, PARTNER)

    with pytest.raises(CannotUndo) as refused:
        undo(town, owner, words)
    back = undo(town, partner, promise)
    assert back.id is not None
    again = undo(town, partner, back.id)
    with pytest.raises(CannotUndo):
        undo(town, owner, words)
    assert again.id is not None
    undo(town, partner, again.id)
    undo(town, owner, words)

    assert str(refused.value) == (
        "This was changed again since, by Pat Partner: Agreed to “Two files” for Mon 16 Feb 2026. "
        "It cannot be taken back alone."
    )
    assert [row.what for row in town.query(DependencyRow)] == ["Settlement file"]


def test_a_message_is_taken_back_unless_its_dependency_is_gone(town: Session) -> None:
    change = act(town, OWNER, Move(Act.MESSAGE, text="By file?"))
    removed = remove_dependency(town, OPERATOR, 1)

    with pytest.raises(CannotUndo, match="removed since"):
        undo(town, make_actor(town, OWNER), change)
    assert removed.id is not None
    undo(town, OPERATOR, removed.id)
    undo(town, make_actor(town, OWNER), change)

    assert everything(town)["message"] == []


def test_adding_a_person_is_refused_once_somebody_gave_them_a_seat(session: Session) -> None:
    cast = make_cast(session)
    change = people.record_person(session, make_actor(session, cast.owner), PersonDraft("", "Ana"), teams=[])[
        1
    ]
    make_session(session, cast.partner_team, attendees=("ana",))
    assert change.id is not None

    with pytest.raises(CannotUndo, match="Something else was built on this since"):
        undo(session, make_actor(session, cast.owner), change.id)


def test_a_removal_is_refused_once_its_name_was_taken_again(session: Session) -> None:
    owner = make_actor(session, make_cast(session).owner)
    make_place(session, name="Hull")
    change = places.remove_place(session, owner, "Hull")
    make_place(session, name="Hull")
    was = everything(session)
    assert change.id is not None

    with pytest.raises(CannotUndo):
        undo(session, owner, change.id)

    assert everything(session) == was


def without_version(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    position = [column.key for column in DependencyRow.__table__.columns].index("version")
    return [row[:position] + row[position + 1 :] for row in rows]


def test_every_act_is_taken_back_in_one_of_these_stories() -> None:
    elsewhere = {Act.MESSAGE, Act.HEARD, Act.REMIND}

    assert set(WAYS) | elsewhere == set(Act)


def test_what_was_understood_is_taken_back(town: Session) -> None:
    act(town, PARTNER, Move(Act.COUNTER, day=LATER, text="busy", heard="One file"))
    was = everything(town)["dependency"]
    change = act(town, *HEARD)

    undo(town, make_actor(town, OWNER), change)

    assert without_version(everything(town)["dependency"]) == without_version(was)


def test_a_reminder_is_taken_back(town: Session) -> None:
    was = everything(town)["dependency"]
    late = replace(make_actor(town, OWNER), at=MONDAY + timedelta(days=20))
    change = negotiate(town, late, 1, REMIND[1], version=None, key=None)
    assert change.id is not None

    undo(town, late, change.id)

    assert without_version(everything(town)["dependency"]) == without_version(was)
