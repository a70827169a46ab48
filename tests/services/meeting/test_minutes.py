"""Minutes: shared, objected to, answered, corrected, agreed by silence; who is told and what stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from planner.domain.errors import CannotUndo, InvalidInput, NotAllowed, NotFound, NotNow
from planner.domain.meeting.deciding import Decision
from planner.domain.meeting.model import ItemId
from planner.domain.minutes import Line, MinutesState
from planner.domain.notices import HowTold, NoticeKind
from planner.domain.transfer import PersonDraft
from planner.services import notices
from planner.services.changes import recorded, undo
from planner.services.exchange import remove_everything
from planner.services.meeting import live, minutes, outcomes
from planner.services.organisation import read_organisation
from planner.services.people import change_person
from planner.storage.models import MailRow, SharedSessionRow
from tests.factories import MONDAY, OPERATOR, make_actor, make_cast, make_held, make_place, make_shared
from tests.support.digest import everything

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.services.meeting.minutes import SharedMinutes
    from planner.storage.audit import OpenChange

ONE = 1
TITLE = "Partner API and Payments"
UNTIL = "Silence agrees after Thursday 5 February."
OLIVE, PAT, OTTO = "olive-owner", "pat-partner", "otto-outsider"


@pytest.fixture
def town(session: Session) -> Session:
    """A session of Olive, who leads, and Pat, with two items; it is not held yet."""
    make_cast(session)
    make_shared(session)
    return session


@pytest.fixture
def held(town: Session) -> Session:
    """The session is over, Pat was there."""
    make_held(town, ONE, PAT)
    return town


def who(session: Session, key: str, *, later: int = 0) -> Actor:
    return replace(make_actor(session, key), at=MONDAY + timedelta(days=later))


def share(session: Session, *, why: str = "", later: int = 0, **more: Any) -> OpenChange:
    return minutes.share_minutes(session, who(session, OLIVE, later=later), ONE, why=why, key=None, **more)


def decide(session: Session, text: str, *, item: int = 1, later: int = 0) -> OpenChange:
    """Decide an item in words, opening the session again where it is over."""
    live.open_again(session, who(session, OLIVE, later=later), ONE, key=None)
    version = outcomes.read_versions(session, item)
    change = outcomes.decide(
        session,
        who(session, OLIVE, later=later),
        ONE,
        ItemId(item),
        Decision(text=text),
        version=version,
        dependency_version=None,
        key=None,
    )
    live.close_meeting(session, who(session, OLIVE, later=later), ONE, key=None)
    return change


def object_to(session: Session, key: str = PAT, *, later: int = 0, **more: Any) -> OpenChange:
    said: dict[str, Any] = {"item": None, "words": "I was not asked", "number": 1, "key": None, **more}
    return minutes.object_to_minutes(session, who(session, key, later=later), ONE, **said)


def answer(session: Session, words: str = "You are now", *, number: int = 1, later: int = 0) -> OpenChange:
    return minutes.answer_objection(
        session, who(session, OLIVE, later=later), ONE, number, words=words, key=None
    )


def seen(session: Session, key: str = PAT, *, later: int = 0, number: int | None = None) -> SharedMinutes:
    today = MONDAY.date() + timedelta(days=later)
    return minutes.read_minutes(
        session, read_organisation(session), ONE, who(session, key), today, number=number
    )


def told(session: Session, key: str) -> list[str]:
    found = notices.read_notices(session, make_actor(session, key))
    return [one.text for one in found if one.kind is NoticeKind.MINUTES]


def undone(session: Session, change: OpenChange, actor: Actor) -> None:
    assert change.id is not None
    undo(session, actor, change.id)


def test_a_draft_follows_the_outcomes(held: Session) -> None:
    before = seen(held)
    decide(held, "Both build it")

    after = seen(held)
    assert (before.state, before.version, before.minutes.decisions) == (MinutesState.DRAFT, None, ())
    assert [(one.text, one.decider) for one in after.minutes.decisions] == [("Both build it", "Olive Owner")]
    assert after.minutes.present == ("Olive Owner", "Pat Partner")


def test_shared_minutes_stay_as_they_were(held: Session) -> None:
    share(held)
    decide(held, "Both build it", later=1)

    found = seen(held, later=1)
    assert (found.state, found.has_changed, found.minutes.decisions) == (MinutesState.OPEN, True, ())
    assert found.until == date(2026, 2, 5)
    assert told(held, PAT) == [f"The minutes of “{TITLE}” are shared. {UNTIL}"]
    assert told(held, OTTO) == told(held, OLIVE) == []


def test_minutes_are_shared_once_the_session_is_over(town: Session) -> None:
    live.start_meeting(town, who(town, OLIVE), ONE, key=None)

    with pytest.raises(NotNow, match="The session is not over yet"):
        share(town)
    with pytest.raises(NotAllowed, match="invited to this session"):
        minutes.share_minutes(town, who(town, OTTO), ONE, why="", key=None)
    with pytest.raises(NotFound, match="There is no shared session 9"):
        minutes.share_minutes(town, who(town, OLIVE), 9, why="", key=None)


def test_silence_agrees_after_three_working_days(held: Session) -> None:
    share(held)

    assert [seen(held, later=day).state for day in (0, 3, 4)] == [
        MinutesState.OPEN,
        MinutesState.OPEN,
        MinutesState.AGREED,
    ]
    with pytest.raises(NotNow, match="These minutes are agreed"):
        object_to(held, later=4)


def test_a_day_off_where_people_met_does_not_count(held: Session) -> None:
    place = make_place(held, days_off=(date(2026, 2, 4),))
    with recorded(held, OPERATOR, "session:moved", "Met at Dock Street"):
        held.get_one(SharedSessionRow, ONE).place = place

    change = share(held)

    assert [seen(held, later=day).state for day in (4, 5)] == [MinutesState.OPEN, MinutesState.AGREED]
    with pytest.raises(CannotUndo, match="These minutes are agreed"):
        undone(held, change, who(held, OLIVE, later=5))
    undone(held, change, who(held, OLIVE, later=4))


def test_an_objection_holds_agreement_up_until_it_is_answered(held: Session) -> None:
    share(held)
    item = seen(held).minutes.lines[0].item

    object_to(held, item=item)
    waiting = seen(held, later=4)
    answer(held, later=4)

    after = seen(held, later=4)
    assert (waiting.state, after.state) == (MinutesState.OBJECTED, MinutesState.AGREED)
    assert [(one.item, one.by, one.words, one.answer, one.answered_by) for one in after.objections] == [
        (item, "Pat Partner", "I was not asked", "You are now", "Olive Owner")
    ]
    assert told(held, OLIVE) == [f"There is an objection to the minutes of “{TITLE}”."]
    assert told(held, PAT)[0] == f"Your objection to the minutes of “{TITLE}” is answered."


def test_only_who_was_there_objects_and_only_who_takes_part_answers(town: Session) -> None:
    make_held(town, ONE)
    share(town)

    with pytest.raises(NotAllowed, match="Only those who were there can object"):
        object_to(town, PAT)
    object_to(town, OLIVE)
    with pytest.raises(NotAllowed, match="invited to this session"):
        minutes.answer_objection(town, who(town, OTTO), ONE, 1, words="x", key=None)
    with pytest.raises(NotFound, match="There is no objection 9"):
        answer(town, number=9)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"words": " "}, "words: is empty"),
        ({"item": 99}, "item: is not in these minutes; choose one that is"),
    ],
)
def test_an_objection_needs_words_and_something_that_is_there(
    held: Session, said: dict[str, Any], why: str
) -> None:
    share(held)
    before = everything(held)

    with pytest.raises(InvalidInput, match=why):
        object_to(held, **said)

    assert everything(held) == before


def test_a_correction_is_a_version_of_its_own(held: Session) -> None:
    share(held)
    object_to(held)
    decide(held, "Both build it", later=5)
    with pytest.raises(InvalidInput, match="why: is empty; say what is corrected"):
        share(held, later=5)

    share(held, why="The decision on the file was missing", later=5)

    newest, first = seen(held, later=5), seen(held, later=5, number=1)
    assert [(one.number, one.state) for one in newest.versions] == [
        (1, MinutesState.REPLACED),
        (2, MinutesState.OPEN),
    ]
    assert [one.text for one in newest.minutes.decisions] == ["Both build it"]
    assert (first.minutes.decisions, [one.words for one in first.objections]) == ((), ["I was not asked"])
    assert newest.objections == ()
    with pytest.raises(NotNow, match="There is a newer version of these minutes"):
        object_to(held, later=5, number=1)
    with pytest.raises(NotNow, match="There is a newer version of these minutes; what was said"):
        answer(held, later=5)
    with pytest.raises(NotFound, match="There is no version 3"):
        seen(held, number=3)


def test_what_has_not_changed_is_not_corrected(held: Session) -> None:
    share(held)

    with pytest.raises(NotNow, match="Nothing has changed since version 1"):
        share(held, why="Again")


def test_sharing_is_taken_back_while_silence_has_not_agreed(held: Session) -> None:
    undone(held, share(held), who(held, OLIVE, later=3))
    assert seen(held).state is MinutesState.DRAFT

    change = share(held)
    with pytest.raises(CannotUndo, match="These minutes are agreed"):
        undone(held, change, who(held, OLIVE, later=4))
    assert seen(held, later=4).state is MinutesState.AGREED


def test_an_answer_to_agreed_minutes_stays_and_an_objection_keeps_them_shared(held: Session) -> None:
    change = share(held)
    objected = object_to(held)
    with pytest.raises(CannotUndo):
        undone(held, change, who(held, OLIVE))
    answered = answer(held, later=1)

    with pytest.raises(CannotUndo, match="These minutes are agreed"):
        undone(held, answered, who(held, OLIVE, later=4))
    undone(held, answered, who(held, OLIVE, later=1))
    undone(held, objected, who(held, PAT, later=1))
    assert seen(held, later=1).objections == ()


def test_the_same_form_twice_shares_once(held: Session) -> None:
    first = minutes.share_minutes(held, who(held, OLIVE), ONE, why="", key="k")
    again = minutes.share_minutes(held, who(held, OLIVE), ONE, why="", key="k")

    assert (again.id, len(seen(held).versions)) == (first.id, 1)


@pytest.mark.parametrize(("how", "mails"), [(HowTold.NOW, 1), (HowTold.DAILY, 0), (HowTold.NONE, 0)])
def test_the_whole_text_is_mailed_to_who_wants_mail_at_once(held: Session, how: HowTold, mails: int) -> None:
    change_person(held, OPERATOR, PAT, PersonDraft("", "Pat Partner", "pat@example.org"), version=None)
    notices.choose(held, who(held, PAT), {NoticeKind.MINUTES: how})

    share(held, address="https://planner.example.org")

    sent = held.scalars(select(MailRow)).all()
    assert [(one.recipient, one.subject) for one in sent] == [
        ("pat@example.org", f"Minutes: {TITLE}")
    ] * mails
    for one in sent:
        assert "https://planner.example.org/sessions/shared/1/minutes?round=1\n" in one.body
        assert "## Who was there\n\n- Olive Owner, Pat Partner\n" in one.body


def test_removing_everything_takes_minutes_along_and_brings_them_back(held: Session) -> None:
    share(held)
    object_to(held)
    before = seen(held)

    change = remove_everything(held, who(held, OLIVE))
    undone(held, change, OPERATOR)

    assert seen(held) == before


def test_a_session_that_was_never_held_has_its_agenda_as_draft(town: Session) -> None:
    found = seen(town)

    assert (found.state, found.may_share, found.may_object) == (MinutesState.DRAFT, False, False)
    assert [type(one) for one in found.minutes.not_reached] == [Line, Line]
