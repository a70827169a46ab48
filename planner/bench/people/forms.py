"""The forms of a page as a browser would send them back."""

from __future__ import annotations

from html.parser import HTMLParser


class _Forms(HTMLParser):
    """Gathers, for each form by its address, the values that its controls hold."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] = {}
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        name, value = values.get("name") or "", values.get("value") or ""
        if tag == "form":
            self._form = self.forms.setdefault(values.get("action") or "", {})
        elif tag == "input" and name and values.get("type") not in {"checkbox", "radio"}:
            self._form[name] = value
        elif tag == "textarea":
            self._textarea, self._form[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in values or self._select not in self._form):
            self._form[self._select] = value

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._form[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""
        elif tag == "select":
            self._select = ""


def forms_of(page: str) -> dict[str, dict[str, str]]:
    """Return what each form of the page would send, by its address."""
    reader = _Forms()
    reader.feed(page)
    return reader.forms
