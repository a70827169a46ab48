"""The pages of notices and of what goes out, full; and the way from the count to the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planner.domain.model import DependencyId
from planner.domain.notices import Notice, NoticeKind
from planner.services import hooks, notices
from planner.services.mail import post
from planner.services.organisation import read_organisation
from planner.storage import outbox
from planner.storage.db import db
from planner.storage.models import HookDeliveryRow, MailRow
from tests.browser.checks import faults
from tests.conftest import HOOK_HOSTS
from tests.factories import MONDAY, OPERATOR

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.visit import Site, Visit

OWNER = "dana-fischer"
LONG = "https://hooks.example.org/" + "a-long-path-without-a-place-to-break" * 4


@pytest.fixture
def busy(own_example: Site) -> Site:
    """A notice of each kind for the owner; web hooks and mails in every state."""
    with own_example.app.app_context():
        session = db.session()
        organisation = read_organisation(session)
        owner = next(person for person in organisation.people if person.key == OWNER)
        told = [Notice(owner.id, kind, DependencyId(1), f"A {kind} notice.") for kind in NoticeKind]
        notices.write(session, organisation, told, at=MONDAY)
        for address in (LONG, f"{LONG}?off"):
            hooks.add_hook(session, OPERATOR, address=address, secret="s" * 24, listed=HOOK_HOSTS)
        hooks.switch_hook(session, OPERATOR, 2, on=False)
        for _ in range(4):
            hooks.try_hook(session, OPERATOR, 1)
        post(session, to="nobody@example.org", subject="S", text="T", now=MONDAY)
        session.flush()
        outbox.note_sent(session, HookDeliveryRow, 1, MONDAY)
        for number, is_final in ((2, True), (3, False)):
            outbox.note_failed(
                session, HookDeliveryRow, number, error="answered 500", now=MONDAY, is_final=is_final
            )
        outbox.note_failed(session, MailRow, 1, error="no such mailbox", now=MONDAY, is_final=True)
        session.commit()
        db.session.remove()
    return own_example


@pytest.mark.parametrize("path", ["/notices", "/notices/choices", "/hooks"])
def test_a_busy_page_is_without_fault(path: str, busy: Site, visit: Callable[..., Visit]) -> None:
    page = visit(busy, OWNER).open(path)

    assert faults(page) == []


def test_the_count_leads_to_the_list_and_goes_when_all_is_read(
    busy: Site, visit: Callable[..., Visit], script: bool
) -> None:
    page = visit(busy, OWNER, script=script).open("/")

    page.get_by_role("link", name=f"Notices {len(NoticeKind)} new").click()
    page.get_by_role("button", name="Mark all as read").click()

    assert page.get_by_role("navigation", name="Main").get_by_role("link", name="Notices").count() == 0
    assert page.get_by_role("row").count() == 1 + len(NoticeKind)
