"""The words of an address, read strictly: a filter that is misspelt must not show everything."""

from __future__ import annotations

from typing import Any, get_args, get_origin

from flask import request

from planner.domain.errors import Problem
from planner.web.api.types import Misshapen, hints_of, read


def read_query(kind: type | None) -> Any:
    """Return the parameters as the dataclass. Raises Misshapen for what is unknown, twice or no value."""
    known = hints_of(kind) if kind is not None else {}
    problems: list[Problem] = []
    values: dict[str, object] = {}
    for name, sent in request.args.lists():
        if name not in known:
            there = ", ".join(sorted(known)) or "none"
            problems.append(Problem(f"?{name[:80]}", f"is not known here; there are {there}"))
        elif len(sent) > 1:
            problems.append(Problem(f"?{name}", "stands there more than once"))
        else:
            values[name] = _value(known[name], sent[0])
    try:
        found = read(kind, values) if kind is not None else None
    except Misshapen as error:
        problems += [Problem(f"?{one.where.lstrip('/')}", one.message) for one in error.problems]
    if problems:
        raise Misshapen(*problems)
    return found


def _value(kind: Any, text: str) -> object:
    """The text as JSON would have it; where it cannot be, the text, so that it is refused with its words."""
    plain = _innermost(kind)
    if plain in {int, float}:
        return _number(plain, text)
    if plain is bool:
        return {"true": True, "false": False}.get(text, text)
    return text


def _number(kind: Any, text: str) -> object:
    if len(text) > 20 or not text.isascii() or "_" in text:
        return text
    try:
        return kind(text)
    except ValueError:
        return text


def _innermost(kind: Any) -> Any:
    while get_origin(kind) is not None:
        kind = get_args(kind)[0]
    return kind
