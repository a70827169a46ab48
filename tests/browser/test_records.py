"""Lists, forms, removal and files, with and without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import FilePayload, expect

from planner.examples import larkfield
from planner.storage.db import db
from tests.factories import make_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.visit import Site, Visit

OWNER = "dana-fischer"


def test_a_team_is_renamed(own_example: Site, visit: Callable[..., Visit], script: bool) -> None:
    page = visit(own_example, OWNER, script=script).open("/teams/payments")
    page.get_by_role("link", name="Change").click()
    page.get_by_label("Name", exact=True).fill("Payments and Refunds")

    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Payments and Refunds")


def test_a_form_that_failed_says_so_first(own_example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(own_example, OWNER).open("/teams/payments/edit")
    page.get_by_label("Name", exact=True).fill("")

    page.get_by_role("button", name="Save").click()

    expect(page).to_have_title("Error: Change Payments · planner")
    expect(page.locator("#errors")).to_be_focused()
    page.locator("#errors").get_by_role("link", name="Name").click()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()


def test_a_long_list_of_people_is_narrowed_down(own_example: Site, visit: Callable[..., Visit]) -> None:
    with own_example.app.app_context():
        for number in range(9):
            make_person(db.session(), name=f"Helper {number}")
        db.session.remove()
    page = visit(own_example, OWNER).open("/teams/payments/edit")
    owners = page.get_by_role("group", name="Product owners")

    owners.get_by_role("searchbox", name="Find a name: Product owners").fill("helper 7")

    expect(owners.get_by_role("checkbox")).to_have_count(2)
    expect(owners.get_by_role("checkbox", name="Dana Fischer")).to_be_checked()
    expect(owners.get_by_role("checkbox", name="Helper 7")).to_be_visible()


def test_a_removed_team_comes_back(own_example: Site, visit: Callable[..., Visit], script: bool) -> None:
    page = visit(own_example, OWNER, script=script).open("/teams/payments")
    page.get_by_role("button", name="Remove this team").click()
    expect(page.locator("#team-list").get_by_role("link", name="Payments")).to_have_count(0)

    page.get_by_role("button", name="Undo").click()

    expect(page.locator("#team-list").get_by_role("link", name="Payments")).to_be_visible()


def test_a_filter_replaces_the_list_alone_and_back_undoes_it(
    example: Site, visit: Callable[..., Visit]
) -> None:
    window = visit(example, OWNER)
    page = window.open("/dependencies")
    rows = page.locator("#dependency-list tbody tr")
    expect(rows).to_have_count(29)

    page.get_by_label("Words").press_sequentially("passkey")

    expect(rows).to_have_count(2)
    expect(page.get_by_label("Words")).to_be_focused()
    assert "q=passkey" in window.path
    assert window.requests == ["GET /dependencies"]
    page.go_back()
    expect(rows).to_have_count(29)
    expect(page.get_by_label("Words")).to_have_value("")


def test_a_filter_works_as_a_plain_form(example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(example, OWNER, script=False).open("/dependencies")
    page.get_by_label("Only").select_option("Late")

    page.get_by_role("button", name="Show").click()

    expect(page.locator("#dependency-list tbody tr")).to_have_count(3)


def test_an_organisation_is_imported_and_taken_back(
    empty: Site, visit: Callable[..., Visit], script: bool
) -> None:
    page = visit(empty, script=script).open("/start")
    page.get_by_label("Your name").fill("Dana Fischer")
    page.get_by_label("Your team").fill("Payments")
    page.get_by_role("button", name="Go on to your first lines").click()
    page.goto("/exchange")
    file = FilePayload(name="larkfield.json", mimeType="application/json", buffer=larkfield())
    page.get_by_label("Files").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("heading", name="Imported")).to_be_visible()

    page.get_by_role("button", name="Undo the import").click()

    page.goto("/teams")
    expect(page.locator("#team-list tbody tr")).to_have_count(1)


@pytest.mark.parametrize(
    ("kind", "begins_with"),
    [
        ("SVG", b"<"),
        ("PNG", b"\x89PNG\r\n"),
        ("PDF A4", b"%PDF-"),
        ("DOT", b"digraph"),
        ("CSV", b"Gives,Receives"),
    ],
)
def test_the_map_around_a_team_is_saved(
    kind: str, begins_with: bytes, example: Site, visit: Callable[..., Visit]
) -> None:
    page = visit(example, OWNER).open("/map")
    page.get_by_label("Around one team").select_option("Payments")
    page.wait_for_url("**/map?*focus=payments*")
    expect(page.locator("#map")).to_contain_text("around Payments", ignore_case=True)
    page.get_by_text("Save exactly this as a file").click()

    with page.expect_download() as download:
        page.get_by_role("link", name=kind, exact=True).click()

    assert download.value.suggested_filename == f"map.{kind.lower()[:3]}"
    data = download.value.path().read_bytes()
    assert data.startswith(begins_with)
    assert len(data) > len(begins_with) + 100


def test_a_focus_of_the_map_is_a_plain_form(example: Site, visit: Callable[..., Visit]) -> None:
    window = visit(example, OWNER, script=False)
    page = window.open("/map")
    page.get_by_label("Around one team").select_option("Payments")

    page.get_by_role("button", name="Show").click()

    expect(page.locator("#map figure svg").first).to_be_visible()
    assert "focus=payments" in window.path


@pytest.mark.parametrize(
    ("path", "name"), [("/export.json", "organisation.json"), ("/exchange", "teams.csv")]
)
def test_lists_are_taken_out(path: str, name: str, example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(example, OWNER).open("/exchange")
    link = "The whole organisation as JSON" if path == "/export.json" else "Teams as CSV"

    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()

    assert download.value.suggested_filename == name
    assert b"Payments" in download.value.path().read_bytes()
