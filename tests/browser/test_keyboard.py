"""The keyboard alone: everything is reached, seen and left again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.visit import Site, Visit

OWNER = "dana-fischer"
STOPS_MAX = 200

STOP = """() => {
  const e = document.activeElement;
  if (e === document.body || e === document.documentElement) return null;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  e.dataset.stops = Number(e.dataset.stops || 0) + 1;
  return {
    name: `${e.tagName} ${(e.textContent || e.ariaLabel || e.name || "").trim().slice(0, 40)}`,
    again: Number(e.dataset.stops) > 1,
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


@pytest.mark.parametrize("path", ["/", "/sessions/suggestion", "/map", "/dependencies/new?bulk=1"])
def test_tab_goes_through_the_page_and_out_of_it_in_plain_sight(
    path: str, example: Site, visit: Callable[..., Visit]
) -> None:
    page = visit(example, OWNER).open(path)

    stops = _tab_through(page)

    assert stops[0]["name"] == "A Skip to main content"
    assert [s["name"] for s in stops if s["outline"] < 2 or not s["inView"]] == []
    assert len(stops) < STOPS_MAX


def test_the_skip_link_goes_to_the_content(example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(example, OWNER).open("/map")
    page.keyboard.press("Tab")

    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


def test_slash_goes_to_the_search_unless_somebody_types(example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(example, OWNER).open("/")

    page.keyboard.press("/")

    search = page.get_by_role("searchbox", name="Search teams, people, dependencies")
    expect(search).to_be_focused()
    page.keyboard.type("a/b")
    expect(search).to_have_value("a/b")


def _tab_through(page: Page) -> list[dict[str, Any]]:
    """Press Tab until the focus leaves the page, comes round again, or too many stops are made."""
    stops: list[dict[str, Any]] = []
    for _press in range(STOPS_MAX):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or stop["again"]:
            break
        stops.append(stop)
    return stops
