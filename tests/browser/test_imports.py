"""An export of another tool, from the file to the report: looked at, turned round, brought in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.checks import faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.visit import Site, Visit

OWNER = "dana-fischer"
HEADER = "Issue key,Summary,Team,Due date,Inward issue link (Blocks),Outward issue link (Blocks)"
JIRA = f"""{HEADER},Inward issue link (Relates)
PAY-1,Checkout in one step,Payments,2026-03-02,ID-7,,
ID-7,Login token,Identities,2026-02-27,,PAY-1,PAY-1
PAY-2,Refunds,Payments,,API-4,,
API-4,Settlement file,Partner API,,,PAY-2,
""".encode()


def choose_file(page: Page) -> None:
    page.goto("/exchange")
    file = {"name": "jira.csv", "mimeType": "text/csv", "buffer": JIRA}
    page.get_by_label("Files").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Look at it").click()


def test_an_export_is_looked_at_turned_round_and_brought_in(
    own_example: Site, visit: Callable[..., Visit], script: bool
) -> None:
    window = visit(own_example, OWNER, script=script)
    page = window.open("/exchange")

    choose_file(page)
    expect(page.get_by_text("Payments needs “Settlement file” from Partner API.")).to_be_visible()
    page.get_by_role("button", name="Turn “Blocks” round").click()
    expect(page.get_by_text("Partner API needs “Refunds” from Payments.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import of jira.csv")
    page.get_by_role("button", name="Turn “Blocks” round").click()
    expect(page.get_by_text("Payments needs “Settlement file” from Partner API.")).to_be_visible()
    page.get_by_role("button", name="Bring it in").click()

    expect(page.get_by_role("heading", name="Imported")).to_be_visible()
    expect(page.get_by_text("1 team added, 2 dependencies added")).to_be_visible()


def test_the_look_can_be_used_by_everybody(own_example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(own_example, OWNER).open("/exchange")

    choose_file(page)
    expect(page.get_by_role("heading", name="Right way round?")).to_be_visible()

    assert faults(page) == []
