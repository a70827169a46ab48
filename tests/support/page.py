"""Asking for pages as a browser without script would, and checking each page as a whole."""

from __future__ import annotations

import re
from contextvars import Context
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

    def form(self, button: str) -> Any:
        """Return the form with this button."""
        for form in self.tree.iter(f"{HTML}form"):
            if button in [" ".join("".join(b.itertext()).split()) for b in form.iter(f"{HTML}button")]:
                return form
        raise AssertionError(f"no form with a button {button}")

    def field_errors(self) -> list[str]:
        """Return what stands beside the fields of a form that came back."""
        return [words.removeprefix("▲ ") for words in self.all_words(f".//{HTML}p[@class='error']")]

    @property
    def heading(self) -> str:
        return self.words(f".//{HTML}h1")


class Browser:
    """A test client that validates what it is given."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def sign_in(self, key: str) -> None:
        """Choose who to be by the person's key."""
        answer = self._post("/sign-in", {"person": key, "next": "/"})
        assert answer.status_code == 303, answer.text

    def open(self, address: str, *, status: int = 200) -> Page:
        """Return the page at the address, followed through redirects, and check all of it."""
        return self._page(self._get(address, follow_redirects=True), status)

    def send(self, address: str, data: dict[str, Any], *, status: int = 200) -> Page:
        """Send a form, follow where it leads, and check the page that comes."""
        return self._page(self._post(address, data, follow_redirects=True), status)

    def submit(self, page: Page, button: str, *, status: int = 200, **typed: Any) -> Page:
        """Press a button of a page: its form is sent as it came, but for what was typed."""
        form = page.form(button)
        return self.send(form.get("action"), {**_fields(form), **typed}, status=status)

    def status(self, address: str, data: dict[str, Any] | None = None) -> tuple[int, str]:
        """Return the status of the first answer, and where it leads."""
        answer = self._get(address) if data is None else self._post(address, data)
        answer.close()
        return answer.status_code, answer.headers.get("Location", "")

    def fragment(self, address: str, target: str, *, data: dict[str, Any] | None = None) -> TestResponse:
        """Ask as htmx does for one element."""
        headers = {"HX-Request": "true", "HX-Target": target}
        if data is None:
            return self._get(address, headers=headers)
        return self._post(address, data, headers=headers)

    def _get(self, address: str, **options: Any) -> TestResponse:
        # a context of its own, as in a server: Flask would lend the test's to every request
        return Context().run(self.client.get, address, **options)

    def _post(self, address: str, data: dict[str, Any] | bytes, **options: Any) -> TestResponse:
        return Context().run(self.client.post, address, data=data, **options)

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


def _fields(form: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for control in form.iter():
        if control.tag in {f"{HTML}input", f"{HTML}textarea", f"{HTML}select"}:
            found.setdefault(control.get("name"), []).extend(_values(control))
    return found


def _values(control: Any) -> list[str]:
    if control.tag == f"{HTML}textarea":
        return ["".join(control.itertext())]
    if control.tag == f"{HTML}select":
        options = list(control.iter(f"{HTML}option"))
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        return [option.get("value", "") for option in chosen]
    if control.get("type") in {"checkbox", "radio"} and control.get("checked") is None:
        return []
    return [control.get("value") or ""]
