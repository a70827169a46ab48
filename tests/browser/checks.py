"""What must hold for every page, in every theme and at every width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axe_playwright_python.base import AXE_SCRIPT

from tests.support.page import parse

if TYPE_CHECKING:
    from playwright.sync_api import Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast"]
WIDTHS = (1280, 320)

OVERFLOWING = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const inScroller = e => e.closest(".scroll, .options") !== null;
  const outside = [...document.querySelectorAll("main *, header *, footer *")]
    .filter(e => e.getBoundingClientRect().right > wide + 1 && !inScroller(e));
  return outside.map(e => `${e.tagName}.${e.className}`).concat("the document");
}"""

# WCAG 2.5.8: 24 by 24 px, links within a sentence or a cell of text excepted
SMALL_TARGETS = """() => {
  const small = [];
  const shown = e => e.checkVisibility({visibilityProperty: true}) && e.closest(".skip") === null;
  for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (e.closest("svg") || e.type === "hidden" || !shown(e)) continue;
    if (e.tagName === "A" && getComputedStyle(e).display === "inline") continue;
    const box = e.getBoundingClientRect();
    const label = e.type === "checkbox" && e.labels.length ? e.labels[0].getBoundingClientRect() : box;
    if (Math.max(box.height, label.height) < 24 || box.width + (label === box ? 0 : label.width) < 24)
      small.push(`${e.tagName} ${e.textContent.trim() || e.name} ${box.width}x${box.height}`);
  }
  return small;
}"""

# the size that reaches the eye: what the drawing says, times the scale it is shown at
SMALL_TEXT = """() => [...document.querySelectorAll("svg text")].filter(e => e.checkVisibility()).map(e => {
  const matrix = e.getScreenCTM();
  const scale = Math.hypot(matrix.b, matrix.d);
  return [e.textContent, Math.round(parseFloat(getComputedStyle(e).fontSize) * scale * 10) / 10];
}).filter(([text, size]) => text.trim() && size < 11.95)"""


def faults(page: Page) -> list[str]:
    """Return what is wrong with the page that is shown: in each theme and width, and in its HTML."""
    parse(page.request.get(page.url).text())
    page.evaluate(AXE_SCRIPT)  # not a script of the page, so the policy of the site does not meet it
    return [f"{width} px: {fault}" for width in WIDTHS for fault in _faults_at(page, width)]


def _faults_at(page: Page, width: int) -> list[str]:
    """Return the faults at one width; themes differ in their colours alone."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    in_the_dark = violations(page, {"type": "rule", "values": COLOURS})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    in_the_light = violations(page, {"type": "tag", "values": STANDARDS})
    return [
        *(f"dark: {one}" for one in in_the_dark),
        *in_the_light,
        *(f"sideways: {one}" for one in page.evaluate(OVERFLOWING)),
        *(f"small target: {one}" for one in page.evaluate(SMALL_TARGETS)),
        *(f"text of {size} px: {text}" for text, size in page.evaluate(SMALL_TEXT)),
    ]


def violations(page: Page, only: dict[str, Any]) -> list[str]:
    """Return what axe finds with these rules, each with the elements it is found at."""
    options = {"runOnly": only, "resultTypes": ["violations"], "preload": False}
    found = page.evaluate("options => axe.run(document, options).then(all => all.violations)", options)
    return [f"{one['id']} {[node['target'][0] for node in one['nodes']]}" for one in found]
