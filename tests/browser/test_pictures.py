"""Pictures in a real browser: their size, what stands out, the keyboard, forced colours, paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from planner.services.pictures.pictures import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.browser.visit import Site, Visit

OWNER = "dana-fischer"


def width_of(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None, "not shown"
    return box["width"]


def test_buttons_change_the_size_and_fit_keeps_the_text_readable(
    example: Site, visit: Callable[..., Visit]
) -> None:
    page = visit(example, OWNER).open("/map?view=time")
    page.set_viewport_size({"width": 1000, "height": 800})
    drawing = page.locator("figure svg.picture")
    own = width_of(drawing)

    widths = []
    for name in ("Larger", "100 %", "Smaller", "Fit"):
        page.get_by_role("button", name=name, exact=True).click()
        widths.append(round(width_of(drawing) / own, 2))

    assert widths == [1.25, 1.0, 0.8, 0.92]


def test_what_hangs_together_stands_out_under_the_keyboard(
    example: Site, visit: Callable[..., Visit]
) -> None:
    page = visit(example, OWNER).open("/map?view=goals")
    drawing = page.locator("figure svg.picture")

    page.get_by_role("link", name="Rosters people can live with", exact=False).first.focus()

    expect(drawing).to_have_class("picture picked")
    assert page.locator("svg.picked .edge.near").count() == 3
    assert page.locator("svg.picked .node.near").count() == 4
    page.get_by_label("Goal", exact=True).focus()
    expect(drawing).to_have_class("picture")


def test_a_part_of_a_picture_leads_to_its_page(example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(example, OWNER).open("/map?view=around&focus=payments")

    page.get_by_role("link", name="Settlement file", exact=False).first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Settlement file")


def test_filters_change_the_picture_in_place_and_stay(example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(example, OWNER).open("/map?view=board")

    page.get_by_label("Only").select_option("late")

    expect(page.locator("#map")).to_contain_text("only late")
    page.get_by_role("link", name="Matrix", exact=True).click()
    assert "only=late" in page.url
    assert "view=matrix" in page.url


@pytest.mark.parametrize("view", KINDS)
def test_a_picture_can_be_read_without_script(view: str, example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(example, OWNER, script=False).open(f"/map?view={view}")

    assert page.locator("figure svg.picture").count() == 1
    expect(page.get_by_role("button", name="Fit")).to_have_count(0)
    page.locator("#table summary").click()
    assert page.locator("#table tbody tr").first.is_visible()
