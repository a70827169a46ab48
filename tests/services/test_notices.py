"""People are told in the transaction of the act, read it, and choose how they are told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from planner.domain.model import DependencyId, DependencyState
from planner.domain.negotiation.acts import Act
from planner.domain.notices import USUAL, HowTold, NoticeKind
from planner.domain.transfer import DependencyDraft
from planner.services import hooks, notices
from planner.services.changes import recorded, undo
from planner.services.dependencies import record_dependencies
from planner.services.notices import NoticeEntry
from planner.services.organisation import read_organisation
from planner.storage.models import ChangeRow, DependencyRow, HookDeliveryRow, NoticeRow
from tests.conftest import HOOK_HOSTS
from tests.factories import MONDAY, OPERATOR, make_actor, make_cast, make_dependency, make_person, make_team
from tests.services.telling import make_act

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor

MARCH_2 = date(2026, 3, 2)
ASKED_TEXT = "Payments asks Partner API for “Settlement file” by 2 Mar 2026."


def asked(session: Session) -> None:
    """Payments asks Partner API for a file: nobody acted but the operator."""
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, needed_by=MARCH_2)


def rows(session: Session) -> list[tuple[int, str, int | None, str, str]]:
    query = select(NoticeRow).order_by(NoticeRow.id)
    return [(r.person_id, r.kind, r.change_id, r.how, r.text) for r in session.scalars(query)]


def act_that_fails(session: Session, actor: Actor) -> None:
    """Change a row, tell of it, and break before the end."""
    organisation = read_organisation(session)
    (file,) = organisation.dependencies
    changed = replace(file, what="Another file")
    with recorded(session, actor, "dependency:acted", "Fails"):
        session.get_one(DependencyRow, file.id).what = "Another file"
        notices.tell(session, actor, organisation, before=file, after=changed, act=Act.REWORD)
        raise ZeroDivisionError


def newest_change(session: Session) -> int | None:
    return session.scalar(select(func.max(ChangeRow.id)))


def test_who_is_asked_is_told_with_the_change(session: Session) -> None:
    asked(session)

    partner = make_actor(session, "pat-partner")
    found = notices.read_notices(session, partner)
    assert found == (NoticeEntry(1, NoticeKind.ASKED, DependencyId(1), ASKED_TEXT, MONDAY, is_new=True),)
    assert rows(session) == [(partner.person_id, "asked", newest_change(session), "none", ASKED_TEXT)]


def test_many_things_asked_at_once_are_told_each_to_whom_it_concerns(session: Session) -> None:
    cast = make_cast(session)
    owner = make_actor(session, cast.owner)
    drafts = [
        DependencyDraft("", cast.team, cast.partner_team, "File"),
        DependencyDraft("", cast.outside_team, cast.team, "Button"),
        DependencyDraft("", cast.team, "Ops", "Room"),
    ]

    record_dependencies(session, owner, drafts, new_teams=["Ops"])

    told = {key: notices.read_count(session, make_actor(session, key)) for key in (cast.owner, cast.partner)}
    assert told == {cast.owner: 0, cast.partner: 1}


def test_an_act_tells_the_other_side(session: Session) -> None:
    asked(session)

    make_act(session, make_actor(session, "pat-partner"), 1, Act.ACCEPT, state="agreed", promised_for=MARCH_2)

    (entry,) = notices.read_notices(session, make_actor(session, "olive-owner"))
    assert (entry.kind, entry.text) == (
        NoticeKind.ANSWERED,
        "Partner API promises “Settlement file” to Payments for 2 Mar 2026.",
    )


def test_an_act_that_fails_tells_nobody_and_spoils_no_snapshot(session: Session) -> None:
    asked(session)
    before, owner = read_organisation(session), make_actor(session, "olive-owner")
    told = rows(session)

    with pytest.raises(ZeroDivisionError):
        act_that_fails(session, owner)

    assert rows(session) == told
    assert read_organisation(session) == before


def test_notices_stay_when_what_they_tell_of_is_taken_back(session: Session) -> None:
    asked(session)
    change_id = newest_change(session)
    assert change_id is not None

    undo(session, OPERATOR, change_id)

    since, entry = notices.read_notices(session, make_actor(session, "pat-partner"))
    assert (read_organisation(session).dependencies, entry.text) == ((), ASKED_TEXT)
    assert since.kind is NoticeKind.CHANGED


def test_what_was_on_the_page_is_read_and_what_came_since_is_not(session: Session) -> None:
    asked(session)
    partner, owner = make_actor(session, "pat-partner"), make_actor(session, "olive-owner")
    (seen,) = notices.read_notices(session, partner)
    make_dependency(session, "payments", "partner-api", what="Second file")

    notices.mark_read(session, owner, up_to=99)
    notices.mark_read(session, partner, up_to=seen.id)

    assert notices.read_count(session, partner) == 1
    assert [entry.is_new for entry in notices.read_notices(session, partner)] == [True, False]


def test_the_list_comes_fifty_at_a_time(session: Session) -> None:
    cast = make_cast(session)
    drafts = [DependencyDraft("", cast.team, cast.partner_team, f"File {n}") for n in range(60)]
    record_dependencies(session, OPERATOR, drafts)
    partner = make_actor(session, cast.partner)

    first = notices.read_notices(session, partner)
    rest = notices.read_notices(session, partner, before=first[-1].id)

    assert [entry.id for entry in (*first, *rest)] == list(range(60, 0, -1))
    assert len(first) == notices.PAGE


def test_nobody_sees_the_notices_of_another(session: Session) -> None:
    asked(session)

    others = [make_actor(session, key) for key in ("olive-owner", "otto-outsider")] + [OPERATOR]

    assert [notices.read_notices(session, actor) for actor in others] == [(), (), ()]


def test_a_choice_holds_for_what_comes_after_it(session: Session) -> None:
    make_team(
        session, name="Payments", decides=[make_person(session, name="Olive", email="olive@example.org")]
    )
    make_team(session, name="Web Shop", decides=[make_person(session, name="Otto")])
    olive = make_actor(session, "olive")
    usual = notices.read_choices(session, olive)

    for how in (None, HowTold.NONE, HowTold.DAILY):
        if how is not None:
            notices.choose(session, olive, {NoticeKind.ASKED: how})
        make_dependency(session, "web-shop", "payments", what=f"Told {how}")

    assert usual == USUAL
    assert notices.read_choices(session, olive) == {**USUAL, NoticeKind.ASKED: HowTold.DAILY}
    assert [how for _person, _kind, _change, how, _text in rows(session)] == ["now", "none", "daily"]


def test_web_hooks_that_are_on_are_told_facts_and_no_person(session: Session) -> None:
    cast = make_cast(session)
    for path in ("on", "off"):
        address = f"https://hooks.example.org/{path}"
        hooks.add_hook(session, OPERATOR, address=address, secret="s" * 24, listed=HOOK_HOSTS)
    hooks.switch_hook(session, OPERATOR, 2, on=False)

    make_dependency(session, cast.team, cast.partner_team, needed_by=MARCH_2)
    change_id = newest_change(session)
    make_act(session, make_actor(session, cast.partner), 1, Act.DECLINE, state=DependencyState.DECLINED)

    sent = session.scalars(select(HookDeliveryRow).order_by(HookDeliveryRow.id)).all()
    assert [row.hook_id for row in sent] == [1, 1]
    assert json.loads(sent[0].body) == {
        "event": "asked",
        "at": "2026-02-02T08:00:00+00:00",
        "change": change_id,
        "dependency": {
            "id": 1,
            "key": "payments-partner-api-settlement-file",
            "path": "/dependencies/1",
            "what": "Settlement file",
            "consumer": {"key": "payments", "name": "Payments"},
            "provider": {"key": "partner-api", "name": "Partner API"},
            "state": "asked",
            "needed_by": "2026-03-02",
            "promised_for": None,
        },
    }
    second = json.loads(sent[1].body)
    assert (second["event"], second["dependency"]["state"]) == ("decline", "declined")
