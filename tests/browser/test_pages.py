"""Every page, in light and dark, wide and narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.checks import faults
from tests.browser.pages import BARE_PAGES, EMPTY_PAGES, NO_PAGES, PAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.visit import Site, Visit

OWNER = "dana-fischer"


def test_every_page_is_in_the_table(example: Site) -> None:
    rules = example.app.url_map.iter_rules()
    reading = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}
    reading = {one for one in reading if not one.startswith("api.")}  # for programs: tests/web/api

    assert set(PAGES) | NO_PAGES == reading


@pytest.mark.parametrize("path", [path for paths in PAGES.values() for path in paths])
def test_a_page_is_without_fault(path: str, example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(example, OWNER).open(path)

    assert faults(page) == []


@pytest.mark.parametrize("path", ["/", "/dependencies/1", "/no-such-page"])
def test_a_page_is_without_fault_for_a_visitor(path: str, example: Site, visit: Callable[..., Visit]) -> None:
    page = visit(example).open(path)

    assert faults(page) == []


@pytest.mark.parametrize("path", EMPTY_PAGES)
def test_an_empty_installation_is_without_fault(path: str, empty: Site, visit: Callable[..., Visit]) -> None:
    page = visit(empty).open(path)

    assert faults(page) == []


def test_a_bare_installation_is_without_fault(empty: Site, visit: Callable[..., Visit]) -> None:
    window = visit(empty)
    page = window.open("/start")
    page.get_by_label("Your name").fill("Dana Fischer")
    page.get_by_label("Your team").fill("Payments")
    page.get_by_role("button", name="Go on to your first lines").click()

    found = {path: faults(window.open(path)) for path in BARE_PAGES}

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
