"""Promises of persons: who knows of one, who is told, what is taken back, and what nobody else can find."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from planner.domain.errors import CannotUndo, InvalidInput, NotAllowed, NotFound, NotNow, StaleVersion
from planner.domain.meeting.rounds import RoundOf
from planner.domain.notices import NoticeKind
from planner.domain.promises import PromiseAct, PromiseRole, PromiseState
from planner.services import notices, promises
from planner.services.changes import undo
from planner.services.exchange import export_organisation, remove_everything
from planner.services.meeting.live import arrive, close_meeting, leave, start_meeting
from planner.services.meeting.meetings import read_meeting
from planner.services.meeting.pulse import read_pulse
from planner.services.organisation import read_organisation
from planner.services.people import remove_person
from planner.services.promised import (
    MyPromises,
    PersonsPromise,
    read_made_in,
    read_peers,
    read_promise,
    read_promises,
)
from planner.services.work import rounds
from planner.storage.models import ChangeRow, EventRow, SearchTextRow
from tests.factories import (
    MONDAY,
    OPERATOR,
    make_actor,
    make_agreed,
    make_cast,
    make_dependency,
    make_person,
    make_promise,
    make_session,
    make_team,
)
from tests.support.digest import everything

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.services.promises import Done

OLIVE, PAT, OTTO = "olive-owner", "pat-partner", "otto-outsider"
FRIDAY = date(2026, 2, 6)
DRAFT = "Draft of the fare table"


@pytest.fixture
def town(session: Session) -> Session:
    """Olive and Pat sit in one session; Otto sits in none."""
    cast = make_cast(session)
    make_session(session, cast.team, attendees=(cast.owner, cast.partner))
    return session


def who(session: Session, key: str, *, later: int = 0) -> Actor:
    return replace(make_actor(session, key), at=MONDAY + timedelta(days=later))


def act(session: Session, actor: Actor, what: PromiseAct, number: int = 1, **said: Any) -> Done:
    given: dict[str, Any] = {"words": "", "day": None, "version": None, "key": None}
    return promises.act_on_promise(session, actor, number, what, **{**given, **said})


def seen(session: Session, actor: Actor, number: int = 1) -> PersonsPromise:
    return read_promise(session, read_organisation(session), actor, number)


def listed(session: Session, actor: Actor) -> MyPromises:
    return read_promises(session, read_organisation(session), actor)


def told(session: Session, key: str) -> list[str]:
    found = notices.read_notices(session, make_actor(session, key))
    return [one.text for one in found if one.kind is NoticeKind.PROMISE]


def test_a_promise_is_made_in_one_line_and_its_witness_is_told(town: Session) -> None:
    done = promises.promise(
        town, who(town, OLIVE), line=f"{DRAFT} by Fri, witness Pat", witnesses=(), key=None
    )

    found = seen(town, who(town, PAT))
    assert (found.text, found.owner, found.witnesses, found.standing.due_on, found.role) == (
        DRAFT,
        "Olive Owner",
        ("Pat Partner",),
        FRIDAY,
        PromiseRole.WITNESS,
    )
    assert done.summary == f"Promised: {DRAFT}"
    assert {key: told(town, key) for key in (OLIVE, PAT, OTTO)} == {
        OLIVE: [],
        PAT: [f"Olive Owner made a promise and named you as a witness: “{DRAFT}”."],
        OTTO: [],
    }


def test_only_peers_can_be_witnesses(town: Session) -> None:
    olive = who(town, OLIVE)

    assert [one.key for one in read_peers(town, read_organisation(town), olive)] == [PAT]
    with pytest.raises(InvalidInput, match="“otto-outsider”, who shares no team and no session with you"):
        make_promise(town, olive, OTTO)
    with pytest.raises(InvalidInput, match="has nobody; choose at least one peer"):
        make_promise(town, olive)
    with pytest.raises(InvalidInput, match="names “Olive”"):
        make_promise(town, olive, line="Draft by Fri, witness Olive")


def test_nobody_else_finds_a_promise_anywhere(town: Session) -> None:
    before = (
        town.scalar(select(func.count()).select_from(ChangeRow)),
        town.scalar(select(func.count()).select_from(EventRow)),
        export_organisation(town),
    )

    make_promise(town, who(town, OLIVE), PAT)
    act(town, who(town, OLIVE), PromiseAct.KEEP)

    assert (
        town.scalar(select(func.count()).select_from(ChangeRow)),
        town.scalar(select(func.count()).select_from(EventRow)),
        export_organisation(town),
    ) == before
    assert [row for row in town.scalars(select(SearchTextRow)) if DRAFT.lower() in row.words.lower()] == []
    for stranger in (who(town, OTTO), replace(who(town, OTTO), administers=True), OPERATOR):
        with pytest.raises(NotFound):
            seen(town, stranger)
        with pytest.raises(NotFound):
            act(town, stranger, PromiseAct.ASK)
        with pytest.raises(NotFound):
            promises.take_back(town, stranger, 1)
        assert listed(town, stranger) == MyPromises()


def test_nobody_in_particular_promises_nothing(town: Session) -> None:
    with pytest.raises(NotAllowed, match="Only a person can promise something"):
        make_promise(town, OPERATOR, PAT)


@pytest.mark.parametrize(
    ("what", "said", "state", "sentence"),
    [
        (PromiseAct.KEEP, {}, PromiseState.KEPT, f"Olive Owner kept a promise that you witness: “{DRAFT}”."),
        (
            PromiseAct.WITHDRAW,
            {"words": "The table is not needed"},
            PromiseState.WITHDRAWN,
            f"A promise of Olive Owner that you witness has fallen away: “{DRAFT}”.",
        ),
        (
            PromiseAct.TELL,
            {"words": "Half of it is there"},
            PromiseState.OPEN,
            f"Olive Owner says how a promise that you witness goes: “{DRAFT}”.",
        ),
    ],
)
def test_what_the_owner_says_is_told_to_the_witnesses(
    town: Session, what: PromiseAct, said: dict[str, Any], state: PromiseState, sentence: str
) -> None:
    make_promise(town, who(town, OLIVE), PAT)

    act(town, who(town, OLIVE), what, **said)

    found = seen(town, who(town, PAT))
    assert (found.standing.state, found.entries[-1].act, found.entries[-1].words) == (
        state,
        what,
        said.get("words", ""),
    )
    assert told(town, PAT)[0] == sentence


def test_a_promise_that_is_moved_is_another_one_that_knows_it(town: Session) -> None:
    make_promise(town, who(town, OLIVE), PAT)

    done = act(town, who(town, OLIVE), PromiseAct.MOVE, day=date(2026, 2, 10))

    new = seen(town, who(town, PAT), done.promise_id)
    assert (done.promise_id, new.text, new.standing.due_on, new.moved_from, new.witnesses) == (
        2,
        DRAFT,
        date(2026, 2, 10),
        1,
        ("Pat Partner",),
    )
    assert seen(town, who(town, PAT)).standing.state is PromiseState.MOVED
    assert (
        told(town, PAT)[0] == f"Olive Owner moved a promise that you witness to Tue 10 Feb 2026: “{DRAFT}”."
    )
    assert [one.id for one in listed(town, who(town, OLIVE)).mine] == [2]


def test_a_past_day_asks_what_now(town: Session) -> None:
    make_promise(town, who(town, OLIVE), PAT)
    late = who(town, OLIVE, later=7)

    assert seen(town, late).acts == (PromiseAct.KEEP, PromiseAct.MOVE, PromiseAct.MISS, PromiseAct.TELL)
    with pytest.raises(InvalidInput, match="is empty; say it in your own words"):
        act(town, late, PromiseAct.MISS)
    act(town, late, PromiseAct.MISS, words="The data came on Monday only")
    assert seen(town, who(town, PAT)).entries[-1].words == "The data came on Monday only"


def test_a_witness_asks_and_never_says_how_it_went(town: Session) -> None:
    make_promise(town, who(town, OLIVE), PAT)
    pat = who(town, PAT)

    act(town, pat, PromiseAct.ASK)

    assert told(town, OLIVE) == [f"Pat Partner asks how your promise goes: “{DRAFT}”."]
    assert seen(town, who(town, OLIVE)).last_asked is not None
    with pytest.raises(NotNow, match="A witness has asked today already"):
        act(town, pat, PromiseAct.ASK)
    for what in (PromiseAct.KEEP, PromiseAct.MISS, PromiseAct.MOVE, PromiseAct.WITHDRAW):
        with pytest.raises(NotAllowed, match="Only whoever made this promise"):
            act(town, pat, what, words="x", day=date(2026, 2, 10))
    act(town, who(town, OLIVE, later=1), PromiseAct.TELL, words="Half of it is there")
    assert seen(town, who(town, OLIVE)).last_asked is None


def test_a_kept_promise_waits_for_the_witness_until_it_was_seen(town: Session) -> None:
    make_promise(town, who(town, OLIVE), PAT)
    act(town, who(town, OLIVE), PromiseAct.KEEP)

    waiting = listed(town, who(town, PAT)).witnessed
    act(town, who(town, PAT), PromiseAct.SEE)

    assert [one.id for one in waiting] == [1]
    assert listed(town, who(town, PAT)) == MyPromises()
    assert seen(town, who(town, OLIVE)).seen_by == ("Pat Partner",)
    with pytest.raises(NotNow, match="You have said so already"):
        act(town, who(town, PAT), PromiseAct.SEE)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (PromiseAct.KEEP, {}),
        (PromiseAct.MOVE, {"day": date(2026, 2, 10)}),
        (PromiseAct.WITHDRAW, {}),
        (PromiseAct.TELL, {"words": "Half of it"}),
    ],
)
def test_what_was_done_last_is_taken_back(town: Session, what: PromiseAct, said: dict[str, Any]) -> None:
    make_promise(town, who(town, OLIVE), PAT)
    before = replace(seen(town, who(town, OLIVE)), version=0)

    done = act(town, who(town, OLIVE), what, **said)
    promises.take_back(town, who(town, OLIVE), done.entry_id)

    assert replace(seen(town, who(town, OLIVE)), version=0) == before
    assert [one.id for one in listed(town, who(town, OLIVE)).mine] == [1]


def test_a_promise_that_was_made_by_mistake_was_never_there(town: Session) -> None:
    before = everything(town)
    done = promises.promise(town, who(town, OLIVE), line="Draft by Fri", witnesses=[PAT], key=None)

    promises.take_back(town, who(town, OLIVE), done.entry_id)

    assert everything(town) == before


def test_what_somebody_went_on_from_is_not_taken_back(town: Session) -> None:
    made = promises.promise(town, who(town, OLIVE), line="Draft by Fri", witnesses=[PAT], key=None)
    moved = act(town, who(town, OLIVE), PromiseAct.MOVE, day=date(2026, 2, 10))
    asked = act(town, who(town, PAT), PromiseAct.ASK, 2)

    with pytest.raises(CannotUndo, match="Something was said to this promise since it was moved"):
        promises.take_back(town, who(town, OLIVE), moved.entry_id)
    with pytest.raises(CannotUndo, match="Something was said to this promise since, so"):
        promises.take_back(town, who(town, OLIVE), made.entry_id)
    with pytest.raises(NotAllowed, match="Only who did this"):
        promises.take_back(town, who(town, OLIVE), asked.entry_id)
    promises.take_back(town, who(town, PAT), asked.entry_id)
    with pytest.raises(CannotUndo, match="This came of moving another promise"):
        promises.take_back(town, who(town, OLIVE), moved.entry_id + 1)
    assert seen(town, who(town, OLIVE), 2).standing.state is PromiseState.OPEN


def test_the_same_form_twice_acts_once(town: Session) -> None:
    olive = who(town, OLIVE)
    first = promises.promise(town, olive, line="Draft by Fri", witnesses=[PAT], key="k1")
    again = promises.promise(town, olive, line="Draft by Fri", witnesses=[PAT], key="k1")
    moved = act(town, olive, PromiseAct.MOVE, day=date(2026, 2, 10), key="k2")
    moved_again = act(town, olive, PromiseAct.MOVE, day=date(2026, 2, 10), key="k2")

    assert (first, moved.entry_id) == (again, moved_again.entry_id)
    assert [one.id for one in listed(town, olive).mine] == [2]


def test_an_old_page_is_refused(town: Session) -> None:
    make_promise(town, who(town, OLIVE), PAT)

    with pytest.raises(StaleVersion):
        act(town, who(town, OLIVE), PromiseAct.KEEP, version=7)

    assert seen(town, who(town, OLIVE)).standing.state is PromiseState.OPEN


def test_the_owner_is_asked_on_the_morning_before(town: Session) -> None:
    make_promise(town, who(town, OLIVE), PAT)
    thursday = MONDAY + timedelta(days=3)

    for _twice in range(2):
        rounds.write_due(town, now=thursday)

    assert told(town, OLIVE) == [f"You promised this for tomorrow: “{DRAFT}”. Kept, or another day?"]
    assert len(told(town, PAT)) == 1  # that it was made


def test_whoever_is_gone_comes_back_to_what_they_promised(town: Session) -> None:
    make_promise(town, who(town, OLIVE), PAT)
    change = remove_person(town, OPERATOR, OLIVE)

    assert seen(town, who(town, PAT)).owner == "somebody who is gone"
    assert change.id is not None
    undo(town, OPERATOR, change.id)
    assert [one.text for one in listed(town, who(town, OLIVE)).mine] == [DRAFT]


def test_removing_everything_leaves_promises_to_nobody(town: Session) -> None:
    make_promise(town, who(town, OLIVE), PAT)
    change = remove_everything(town, who(town, OLIVE))

    assert change.id is not None
    undo(town, OPERATOR, change.id)
    assert [one.text for one in listed(town, who(town, OLIVE)).mine] == [DRAFT]


def test_a_promise_tells_the_session_in_which_it_was_made(session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    make_agreed(session, make_actor(session, OLIVE))

    done = promises.promise(
        session, who(session, OLIVE), line="Draft by Fri", witnesses=[PAT], key=None, made_in=1
    )

    assert seen(session, who(session, PAT), done.promise_id).origin == "made in Partner API and Payments"
    with pytest.raises(NotFound, match="There is no shared session 9"):
        promises.promise(
            session, who(session, OLIVE), line="Draft by Fri", witnesses=[PAT], key=None, made_in=9
        )


@pytest.fixture
def room(session: Session) -> Session:
    """Olive and Pat sit in a session that runs, and both are there; Otto is not invited."""
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    make_agreed(session, make_actor(session, OLIVE))
    leader = read_meeting(session, 1).facilitator
    start_meeting(session, make_actor(session, leader), 1, key=None)
    for key in (OLIVE, PAT):
        arrive(session, make_actor(session, key), 1, key=None)
    return session


def in_room(session: Session, key: str) -> list[tuple[str, str, tuple[str, ...]]]:
    found = read_made_in(session, read_organisation(session), make_actor(session, key), RoundOf(1, 0))
    return [(one.owner, one.text, one.witnesses) for one in found]


def test_who_is_there_witnesses_what_is_promised_in_the_room(room: Session) -> None:
    before = read_pulse(room, RoundOf(1, 0))

    done = promises.promise(
        room, make_actor(room, OLIVE), line="Draft by Fri", witnesses=(), key=None, made_in=1
    )

    promised = [("Olive Owner", "Draft", ("Pat Partner",))]
    assert in_room(room, OLIVE) == in_room(room, PAT) == promised
    assert in_room(room, "otto-outsider") == []
    seen_anew = read_pulse(room, RoundOf(1, 0))
    promises.take_back(room, make_actor(room, OLIVE), done.entry_id)
    assert in_room(room, OLIVE) == in_room(room, PAT) == []
    assert before != seen_anew != read_pulse(room, RoundOf(1, 0))


def test_who_is_named_witnesses_it_in_place_of_who_is_there(room: Session) -> None:
    make_team(room, name="Tills", decides=[OLIVE], members=["otto-outsider"])

    promises.promise(
        room, make_actor(room, OLIVE), line="Draft by Fri, witness Otto", witnesses=(), key=None, made_in=1
    )

    assert in_room(room, PAT) == []
    assert in_room(room, "otto-outsider") == [("Olive Owner", "Draft", ("Otto Outsider",))]


def test_a_promise_alone_in_the_room_has_no_witness(room: Session) -> None:
    leave(room, make_actor(room, PAT), 1, key=None)

    with pytest.raises(InvalidInput, match="has no witness"):
        promises.promise(
            room, make_actor(room, OLIVE), line="Draft by Fri", witnesses=(), key=None, made_in=1
        )
    with pytest.raises(NotAllowed):
        promises.promise(
            room, make_actor(room, "otto-outsider"), line="Draft by Fri", witnesses=(), key=None, made_in=1
        )


def test_after_a_session_who_was_there_is_a_witness(room: Session) -> None:
    leader = read_meeting(room, 1).facilitator
    close_meeting(room, make_actor(room, leader), 1, key=None)

    promises.promise(
        room, make_actor(room, OLIVE), line="Draft by Fri", witnesses=(), key=None, made_in=RoundOf(1, 0)
    )

    assert in_room(room, PAT) == [("Olive Owner", "Draft", ("Pat Partner",))]


def test_a_promise_that_moves_stays_in_its_room(room: Session) -> None:
    pat = make_actor(room, PAT)
    done = promises.promise(room, pat, line="Draft by Fri", witnesses=(), key=None, made_in=1)

    promises.act_on_promise(
        room, pat, done.promise_id, PromiseAct.MOVE, words="", day=date(2026, 2, 20), version=None, key=None
    )

    assert in_room(room, OLIVE) == [("Pat Partner", "Draft", ("Olive Owner",))]


def test_team_mates_are_peers(session: Session) -> None:
    make_team(
        session, decides=[make_person(session, name="Ana Alba")], members=[make_person(session, name="Bo")]
    )

    done = make_promise(session, who(session, "ana-alba"), "bo")

    assert seen(session, who(session, "bo"), done).owner == "Ana Alba"
