"""Asking for pages as a browser without script would, and checking each page as a whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import html5lib

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

HTML = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True)
class Page:
    """A page that came back: where from, its status and its parsed tree."""

    status: int
    text: str
    tree: Any

    def words(self, path: str = ".") -> str:
        """Return the text of the first element at this path, in one line."""
        element = self.tree.find(path)
        assert element is not None, f"nothing at {path}"
        return " ".join("".join(element.itertext()).split())

    def all_words(self, path: str) -> list[str]:
        """Return the text of every element at this path."""
        return [" ".join("".join(e.itertext()).split()) for e in self.tree.findall(path)]

    @property
    def heading(self) -> str:
        return self.words(f".//{HTML}h1")


class Browser:
    """A test client that validates what it is given."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def sign_in(self, key: str) -> None:
        """Choose who to be by the person's key."""
        answer = self.client.post("/sign-in", data={"person": key, "next": "/"})
        assert answer.status_code == 303, answer.text

    def open(self, address: str, *, status: int = 200) -> Page:
        """Return the page at the address, followed through redirects, and check all of it."""
        return self._page(self.client.get(address, follow_redirects=True), status)

    def send(self, address: str, data: dict[str, Any], *, status: int = 200) -> Page:
        """Send a form, follow where it leads, and check the page that comes."""
        return self._page(self.client.post(address, data=data, follow_redirects=True), status)

    def fragment(self, address: str, target: str, *, data: dict[str, Any] | None = None) -> TestResponse:
        """Ask as htmx does for one element."""
        headers = {"HX-Request": "true", "HX-Target": target}
        if data is None:
            return self.client.get(address, headers=headers)
        return self.client.post(address, data=data, headers=headers)

    def _page(self, answer: TestResponse, status: int) -> Page:
        assert answer.status_code == status, f"{answer.status_code}: {answer.text[:2000]}"
        page = Page(answer.status_code, answer.text, parse(answer.text))
        check_whole_page(page)
        return page


def parse(text: str) -> Any:
    """Return the tree of a page. Fails on anything that is not valid HTML syntax."""
    return html5lib.HTMLParser(strict=True).parse(text)


def check_whole_page(page: Page) -> None:
    """One title, one h1, unique ids, every control with a name, a token in every form that posts."""
    assert page.words(f".//{HTML}title").endswith("· planner")
    assert len(page.tree.findall(f".//{HTML}h1")) == 1, "one h1"
    ids = [e.get("id") for e in page.tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids)), f"twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    labelled = {e.get("for") for e in page.tree.iter(f"{HTML}label")}
    for control in _controls(page.tree):
        named = control.get("id") in labelled or control.get("aria-label") or control.get("aria-labelledby")
        assert named, f"no label: {control.attrib}"
    for form in page.tree.iter(f"{HTML}form"):
        if (form.get("method") or "").lower() == "post":
            names = {e.get("name") for e in form.iter(f"{HTML}input")}
            assert "csrf_token" in names, f"no token: {form.attrib}"
    assert not re.search(r"\son[a-z]+=|\sstyle=|javascript:", page.text), "inline script or style"


def _controls(tree: Any) -> list[Any]:
    found = []
    for tag in ("input", "select", "textarea"):
        found += [e for e in tree.iter(HTML + tag) if e.get("type") not in {"hidden", "submit"}]
    return found
