"""Web hooks are looked after by product owners; what is secret stays so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from planner.domain.errors import CannotUndo, InvalidInput, NotAllowed, NotFound, Problem
from planner.services import hooks
from planner.services.changes import undo
from planner.services.hooks import Hook, Outgoing
from planner.storage.models import EventRow, HookRow
from tests.conftest import HOOK_HOSTS
from tests.factories import MONDAY, OPERATOR, make_actor, make_cast, make_person

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.storage.audit import OpenChange

ADDRESS, SECRET = "https://hooks.example.org/planner", "a secret of twenty-four!"


def add(session: Session, address: str = ADDRESS, secret: str = SECRET) -> OpenChange:
    return hooks.add_hook(session, OPERATOR, address=address, secret=secret, listed=HOOK_HOSTS)


def test_a_hook_is_added_and_switched_with_a_line_in_the_history(session: Session) -> None:
    added = add(session, f" {ADDRESS} ")
    off = hooks.switch_hook(session, OPERATOR, 1, on=False)

    assert (added.summary, off.summary) == (
        "Added a web hook to hooks.example.org",
        "Switched a web hook off",
    )
    assert hooks.read_hooks(session, OPERATOR) == (Hook(1, ADDRESS, is_on=False, version=2),)


def test_the_secret_is_in_no_event_of_the_history(session: Session) -> None:
    add(session)

    (event,) = session.scalars(select(EventRow).where(EventRow.subject == "hook"))

    assert event.after == {"id": 1, "address": ADDRESS, "is_on": True}


def test_adding_is_undone_once_and_not_brought_back_without_its_secret(session: Session) -> None:
    added = add(session)
    assert added.id is not None

    back = undo(session, OPERATOR, added.id)

    assert (hooks.read_hooks(session, OPERATOR), back.summary) == (
        (),
        "Took back: Added a web hook to hooks.example.org",
    )
    assert back.id is not None
    with pytest.raises(CannotUndo):
        undo(session, OPERATOR, back.id)
    assert session.scalars(select(HookRow)).all() == []


def test_a_hook_that_was_told_something_is_not_undone(session: Session) -> None:
    added = add(session)
    hooks.try_hook(session, OPERATOR, 1)
    assert added.id is not None

    with pytest.raises(CannotUndo):
        undo(session, OPERATOR, added.id)


@pytest.mark.parametrize(
    ("address", "secret", "problems"),
    [
        (
            "",
            "",
            [
                Problem("address", "is empty; write it like https://hooks.example.org/planner"),
                Problem("secret", "has 0 characters; take 24 to 200"),
            ],
        ),
        (
            "https://10.0.0.1/",
            "é" * 24,
            [
                Problem(
                    "address",
                    "goes to 10.0.0.1:443, which is not listed; ask who runs the planner to list it",
                ),
                Problem("secret", "holds characters that not every receiver reads alike; take plain ones"),
            ],
        ),
        (
            f"{ADDRESS}/{'a' * 500}",
            SECRET,
            [Problem("address", "is too long; at most 500 characters can be kept")],
        ),
    ],
)
def test_every_problem_is_told_at_its_field(
    session: Session, address: str, secret: str, problems: list[Problem]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(session, address, secret)

    assert list(refused.value.problems) == problems


def test_an_address_is_there_once(session: Session) -> None:
    add(session)

    with pytest.raises(InvalidInput, match="address: is there already"):
        add(session)


def test_who_decides_for_no_team_may_not_look(session: Session) -> None:
    make_cast(session)
    nell = make_actor(session, make_person(session, name="Nell"))
    add(session)

    for act in (
        lambda: hooks.read_hooks(session, nell),
        lambda: hooks.read_deliveries(session, nell),
        lambda: hooks.read_troubled_mails(session, nell),
        lambda: hooks.add_hook(session, nell, address=ADDRESS, secret=SECRET, listed=HOOK_HOSTS),
        lambda: hooks.switch_hook(session, nell, 1, on=False),
        lambda: hooks.try_hook(session, nell, 1),
        lambda: hooks.send_again(session, nell, Outgoing.MAIL, 1),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_what_is_not_there_is_not_found(session: Session) -> None:
    for act in (
        lambda: hooks.switch_hook(session, OPERATOR, 9, on=True),
        lambda: hooks.try_hook(session, OPERATOR, 9),
        lambda: hooks.send_again(session, OPERATOR, Outgoing.DELIVERY, 9),
        lambda: hooks.send_again(session, OPERATOR, Outgoing.MAIL, 9),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_test_waits_among_the_last_messages(session: Session) -> None:
    add(session)

    hooks.try_hook(session, OPERATOR, 1)

    (message,) = hooks.read_deliveries(session, OPERATOR)
    assert (message.to, message.created_at, message.attempts, message.error) == (ADDRESS, MONDAY, 0, "")
