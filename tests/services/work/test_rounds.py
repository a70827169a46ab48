"""Notices become mails: at once, or one a day in the person's own morning; what is due is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.model import WorkingHours
from planner.domain.negotiation.acts import Act
from planner.domain.notices import HowTold, NoticeKind
from planner.domain.transfer import DependencyDraft, PersonDraft
from planner.services import notices, people
from planner.services.dependencies import record_dependencies, remove_dependency
from planner.services.mail import post
from planner.services.work import rounds
from planner.services.work.errands import Rounds
from planner.storage.db import db
from planner.storage.models import MailRow, NoticeRow
from tests.factories import MONDAY, OPERATOR, make_actor, make_dependency, make_person, make_team
from tests.services.telling import make_act
from tests.support.queries import counted_queries

if TYPE_CHECKING:
    from planner.services.actor import Actor

ADDRESS = "https://planner.example.org"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CHOICE = f"You choose what comes by mail, and when on {ADDRESS}/notices/choices."
MARCH_2 = date(2026, 3, 2)


@pytest.fixture
def town(session: Session) -> Session:
    """Olive decides for Payments, Pat for Partner API, in New York; it is Monday, 08:00 in London."""
    teams = (("Olive", "Payments", "UTC"), ("Pat", "Partner API", "America/New_York"))
    for name, team, zone in teams:
        email = f"{name.lower()}@example.org"
        person = make_person(session, name=name, email=email, hours=WorkingHours(zone))
        make_team(session, name=team, decides=[person])
    return session


def mails(session: Session) -> list[tuple[str, str, str]]:
    session.commit()
    rows = session.scalars(select(MailRow).order_by(MailRow.id))
    return [(row.recipient, row.subject, row.body) for row in rows]


def pat(session: Session) -> Actor:
    return make_actor(session, "pat")


def write(session: Session, now: datetime = MONDAY) -> None:
    rounds.write_mails(session, now=now, address=ADDRESS)


def test_what_is_asked_is_mailed_at_once_and_once(town: Session) -> None:
    make_dependency(town, "payments", "partner-api", needed_by=MARCH_2)

    write(town)
    write(town)

    text = "Payments asks Partner API for “Settlement file” by 2 Mar 2026."
    body = f"Hello Pat,\n\n- {text}\n  {ADDRESS}/dependencies/1\n\n{CHOICE}\n"
    assert mails(town) == [("pat@example.org", text, body)]


def test_forty_things_asked_in_one_go_are_one_mail(town: Session) -> None:
    drafts = [DependencyDraft("", "payments", "partner-api", f"File {n}") for n in range(40)]
    record_dependencies(town, OPERATOR, drafts)

    write(town)

    ((to, subject, body),) = mails(town)
    assert (to, subject, body.count("\n- ")) == ("pat@example.org", "40 notices", 40)


def test_links_carry_nothing_but_the_page(town: Session) -> None:
    make_dependency(town, "payments", "partner-api")

    write(town)

    ((_to, _subject, body),) = mails(town)
    assert [word for word in body.split() if "://" in word] == [
        f"{ADDRESS}/dependencies/1",
        f"{ADDRESS}/notices/choices.",
    ]


def test_without_an_address_mails_say_where_to_look(town: Session) -> None:
    make_dependency(town, "payments", "partner-api")

    rounds.write_mails(town, now=MONDAY, address="")

    ((_to, _subject, body),) = mails(town)
    assert body == (
        "Hello Pat,\n\n- Payments asks Partner API for “Settlement file”.\n\n"
        "You choose what comes by mail, and when, under Notices in the planner.\n"
    )


def test_what_was_removed_since_has_no_link(town: Session) -> None:
    make_dependency(town, "payments", "partner-api")
    remove_dependency(town, OPERATOR, 1)

    write(town)

    ((_to, _subject, body),) = mails(town)
    assert "/dependencies/" not in body


def test_an_answer_waits_for_the_morning_where_the_person_is(town: Session) -> None:
    make_dependency(town, "partner-api", "payments")
    notices.choose(town, pat(town), dict.fromkeys(NoticeKind, HowTold.DAILY))
    for text in ("accept", "decline"):
        make_act(town, make_actor(town, "olive"), 1, Act(text))
    write(town)  # what Olive was asked comes at once

    waiting = [to for to, *_rest in mails(town)]
    for now in (MONDAY + 3 * HOUR, MONDAY + 3 * HOUR + timedelta(minutes=59)):
        write(town, now)  # 06:59 in New York
    still = [to for to, *_rest in mails(town)]
    write(town, MONDAY + 4 * HOUR)
    write(town, MONDAY + 5 * HOUR)

    assert waiting == still == ["olive@example.org"]
    assert [(to, subject) for to, subject, _body in mails(town)[1:]] == [
        ("pat@example.org", "Your day: 2 notices")
    ]


def test_one_mail_a_day_and_none_when_there_is_nothing(town: Session) -> None:
    notices.choose(town, pat(town), dict.fromkeys(NoticeKind, HowTold.DAILY))
    noon = MONDAY + 4 * HOUR  # 07:00 in New York
    for day in range(4):
        if day in {0, 1}:
            later = replace(OPERATOR, at=noon + day * DAY + HOUR)
            drafts = [DependencyDraft("", "payments", "partner-api", f"File {day}-{n}") for n in (1, 2)]
            record_dependencies(town, later, drafts)
        for hour in range(24):
            write(town, noon + day * DAY + hour * HOUR)

    assert [(to, subject) for to, subject, _body in mails(town)] == [
        ("pat@example.org", "Your day: 2 notices")
    ] * 2


def test_who_wants_no_mail_gets_none_and_the_list_has_all(town: Session) -> None:
    notices.choose(town, pat(town), dict.fromkeys(NoticeKind, HowTold.NONE))
    make_dependency(town, "payments", "partner-api")

    write(town, MONDAY + 9 * DAY)

    assert (mails(town), notices.read_count(town, pat(town))) == ([], 1)


def test_who_has_no_address_gets_no_mail_later_either(session: Session) -> None:
    make_team(session, name="Payments", decides=[make_person(session, name="Olive")])
    make_team(session, name="Partner API", decides=[make_person(session, name="Pat")])
    make_dependency(session, "payments", "partner-api")

    people.change_person(session, OPERATOR, "pat", PersonDraft("", "Pat", "pat@example.org"), version=None)
    write(session, MONDAY + DAY)

    assert mails(session) == []


def test_who_is_gone_gets_no_mail_and_holds_nothing_up(town: Session) -> None:
    make_dependency(town, "payments", "partner-api")
    people.remove_person(town, OPERATOR, "pat")

    write(town)

    assert mails(town) == []
    assert town.scalars(select(NoticeRow.mailed_at)).all() == [MONDAY]


def test_what_is_due_tomorrow_is_told_once_in_the_morning_of_the_day_before(town: Session) -> None:
    make_dependency(town, "payments", "partner-api", needed_by=date(2026, 2, 4))
    write(town)
    before = len(mails(town))

    hours = [MONDAY + hour * HOUR for hour in range(72)]
    found = []
    for now in hours:
        rounds.write_due(town, now=now)
        write(town, now)
        found.append(len(mails(town)) - before)

    told_at = hours[found.index(1)]
    assert told_at == datetime.fromisoformat("2026-02-03T12:00+00:00")  # 07:00 in New York
    assert found[-1] == 1
    assert mails(town)[-1][1] == "“Settlement file” for Payments is due tomorrow, 4 Feb 2026."


def test_two_workers_tell_what_is_due_once(town: Session) -> None:
    make_dependency(town, "partner-api", "payments", needed_by=date(2026, 2, 3))

    for _worker in range(2):
        with Session(db.engine) as session:
            rounds.write_due(session, now=MONDAY)

    due = town.scalars(select(NoticeRow).where(NoticeRow.kind == "due-tomorrow")).all()
    assert [(row.once, row.at) for row in due] == [("due:1:2026-02-02", MONDAY - HOUR)]


def test_old_things_are_forgotten_and_what_waits_is_kept(town: Session) -> None:
    make_dependency(town, "payments", "partner-api")
    write(town)
    post(town, to="olive@example.org", subject="Waits", text="T", now=MONDAY)
    town.flush()
    town.get_one(MailRow, 1).sent_at = MONDAY
    town.commit()

    rounds.forget(town, now=MONDAY + 8 * DAY)
    kept = len(town.scalars(select(NoticeRow)).all())
    rounds.forget(town, now=MONDAY + 200 * DAY)

    assert [subject for _to, subject, _body in mails(town)] == ["Waits"]
    assert (kept, town.scalars(select(NoticeRow)).all()) == (1, [])


def test_the_errand_goes_its_round_once_a_minute(town: Session) -> None:
    make_dependency(town, "partner-api", "payments", needed_by=date(2026, 2, 3))
    now = [MONDAY]
    errand = Rounds(ADDRESS, lambda: now[0])

    found = [errand(town)]
    idle = []
    for second in (1, 59, 60):
        now[0] = MONDAY + timedelta(seconds=second)
        with counted_queries() as statements:
            found.append(errand(town))
        idle.append(len(statements))

    assert found == [False] * 4
    assert idle[0] == idle[1] < idle[2]
    assert idle[0] == 3  # the first begins the transaction
    assert sorted(to for to, *_rest in mails(town)) == ["olive@example.org"] * 2
