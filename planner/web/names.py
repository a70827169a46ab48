"""Names of teams and people where there are too many for a list: typed, and offered while somebody types."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from flask import url_for
from markupsafe import Markup
from wtforms.widgets import html_params

from planner.domain.text import fold
from planner.services.finding import named_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LISTED_MOST = 50
"""A longer list is not shown as a whole: its names are typed."""


def named_input(
    name: str,
    kind: str,
    *,
    control_id: str,
    value: str = "",
    offered: Iterable[str] = (),
    extra: str = "",
    **attributes: str,
) -> Markup:
    """Return a field for the name of one of the `kind`, "teams" or "people", with the names that fit.

    They are asked for while somebody types; `offered` are there before, and `extra` stands among them always.
    Without script the field takes the name as it is typed.
    """
    list_id = f"names-{control_id}"
    asking = url_for("names.index", kind=kind, field=name, list=list_id, extra=extra or None)
    written = html_params(
        **{
            "id": control_id,
            "name": name,
            "value": value,
            "list": list_id,
            "autocomplete": "off",
            "hx-get": asking,
            "hx-trigger": "input changed delay:150ms, focus once",
            "hx-target": f"#{list_id}",
            "hx-swap": "outerHTML",
            "hx-push-url": "false",
            **attributes,
        }
    )
    return Markup("<input {}>{}").format(Markup(written), names_list(list_id, offered))  # noqa: S704 - escaped


def names_list(list_id: str, names: Iterable[str]) -> Markup:
    """Return the list that a field offers, with every name escaped."""
    lines = Markup("").join(Markup('<option value="{}"></option>').format(name) for name in names)
    return Markup('<datalist id="{}">{}</datalist>').format(list_id, lines)


def distinct(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return pairs of key and label; where two have one label, each has its key beside it."""
    listed = list(pairs)
    times = Counter(fold(label) for _key, label in listed)
    return [(key, named_apart(key, label) if times[fold(label)] > 1 else label) for key, label in listed]


def key_of(typed: str, pairs: Sequence[tuple[str, str]]) -> str | None:
    """Return the key that is meant by a key or a whole label; None for anything else."""
    if any(typed == key for key, _label in pairs):
        return typed
    return next((key for key, label in pairs if fold(label) == fold(typed)), None)


def fitting(typed: str, pairs: Iterable[tuple[str, str]], *, most: int) -> list[str]:
    """Return the labels that have this in them: those that begin with it first, then the shortest."""
    wanted = fold(typed)
    found = [label for _key, label in pairs if wanted in fold(label)]
    return sorted(found, key=lambda label: (not fold(label).startswith(wanted), len(label), fold(label)))[
        :most
    ]
