"""The pages that tell people of the interface, made from its description."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from flask import Blueprint, abort, render_template, request
from markupsafe import Markup, escape

from planner.web import context
from planner.web.api import openapi
from planner.web.api.operations import OPERATIONS, Operation
from planner.web.api.types import Schema
from planner.web.problems import PREFIX

blueprint = Blueprint("programs", __name__, url_prefix="/api")
DEPTH = 3
CODE = re.compile("`([^`]+)`")
TITLES = {
    "dependencies": "Dependencies and their negotiation",
    "sentences": "Needs in sentences and pastes",
    "week": "Your week",
    "teams": "Teams",
    "people": "People",
    "goals": "Shared goals",
    "team sessions": "Team sessions",
    "suggestion": "Suggestion, dial, kept plan, searches and rules",
    "proposals": "Proposals",
    "adjusting": "Adjusting a plan, its versions and its trial",
    "shared sessions": "Shared sessions: dates, replies and polls for a time",
    "preparing": "Preparing a shared session: topics, order, blind votes",
    "running": "Sessions while they run: steering, deciding, voting",
    "times": "Your busy times and days off",
    "imports": "Import",
    "minutes": "Minutes, objections, and what a session was worth",
    "promises": "Promises of persons and their witnesses",
    "places": "Places",
    "horizons": "Horizons",
    "links": "Calendars, share links and invitations",
    "notices": "Notices",
    "history": "History and undo",
    "finding": "Search, and who you are",
    "hooks": "Web hooks and mail",
    "accounts": "Accounts",
    "pictures": "Pictures",
    "export": "Export, and removing everything",
}
"""Every group of operations with its heading, in the order of the page."""
EXAMPLES = {
    "name": "Payments", "what": "Capped fare result", "key": "payments", "person": "dana-fischer",
    "host": "payments", "consumer": "payments", "provider": "fares", "team": "payments",
    "outcome": "Tap anywhere", "title": "Payments planning", "zone": "Europe/London", "email": "",
    "mark": "0f3c…", "address": "https://hooks.example.org/planner", "q": "fare",
    "secret": "24 or more plain characters", "until": "2026-06-30",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One line of a table: what it is called, what it holds, whether it must be there."""

    name: str
    holds: str
    is_needed: bool = False


@dataclass(frozen=True)
class Table:
    """The fields of something, and a word about the whole of it."""

    fields: tuple[Field, ...] = ()
    about: str = ""


@dataclass(frozen=True)
class Told:
    """One operation as people read it."""

    name: str
    method: str
    path: str
    summary: str
    details: str
    scope: str
    parameters: Table
    body: Table
    answer: Table
    statuses: tuple[tuple[str, str], ...]
    example: str
    answers_like: Told | None = None
    """The first of its group with the same answer, which is told there."""


@dataclass(frozen=True)
class Group:
    """The operations about one thing."""

    slug: str
    title: str
    operations: tuple[Told, ...]


@blueprint.app_template_filter("coded")
def coded(text: str) -> Markup:
    """Return words of a docstring with what stands in backticks as code."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped just before


@blueprint.get("")
def index() -> str:
    """Tell how a program comes in, and list everything that it can ask for."""
    return render_template("api/index.html", groups=groups(), own=_own(), limit=_limit())


@blueprint.get("/about/<slug>")
def show(slug: str) -> str:
    """Tell everything about the operations of one group."""
    found = next((group for group in groups() if group.slug == slug), None)
    if found is None:
        abort(404)
    return render_template("api/group.html", group=found, own=_own())


@cache
def groups() -> tuple[Group, ...]:
    """Return every group with its operations; the same code gives the same pages."""
    return tuple(
        Group(
            tag.replace(" ", "-"),
            title,
            _each_answer_once([_told(one) for one in OPERATIONS if one.tag == tag]),
        )
        for tag, title in TITLES.items()
    )


def _each_answer_once(found: list[Told]) -> tuple[Told, ...]:
    first: dict[Table, Told] = {}
    for one in found:
        first.setdefault(one.answer, one)
    likes = ((one, first[one.answer]) for one in found)
    return tuple(one if one is like else replace(one, answers_like=like) for one, like in likes)


def _own() -> str:
    return context.context().settings.address or request.host_url.rstrip("/")


def _limit() -> int:
    return context.context().settings.api_limit


def _told(one: Operation) -> Told:
    whole = openapi.description()
    told = whole["paths"][openapi.address_of(one)][one.method.casefold()]
    content = told.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {}).get("schema")
    success = told["responses"].get(str(one.status), {}).get("content", {})
    schema = success.get("application/json", {}).get("schema", {})
    return Told(
        name=one.name,
        method=one.method,
        path=PREFIX + openapi.address_of(one),
        summary=one.summary,
        details=one.details,
        scope=one.scope.value,
        parameters=Table(
            tuple(_parameter(parameter) for parameter in told["parameters"]),
            one.query.__doc__ if one.query else "",
        ),
        body=_table(body or openapi.FILES_SCHEMA) if content else Table(),
        answer=_table(schema),
        statuses=tuple(_status(status, answer) for status, answer in told["responses"].items()),
        example=_example(one, body),
    )


def _table(schema: Schema) -> Table:
    return Table(tuple(_fields(schema)), _resolved(schema).get("description", ""))


def _status(status: str, answer: Schema) -> tuple[str, str]:
    described = openapi.WORDS[int(status)] if "$ref" in answer else answer["description"]
    return status, described


def _parameter(parameter: Schema) -> Field:
    where = {"path": "in the path", "query": "", "header": "as a header"}[parameter["in"]]
    holds = ", ".join(filter(None, [where, _holds(parameter["schema"]), parameter.get("description", "")]))
    return Field(parameter["name"], holds, bool(parameter.get("required")))


def _fields(schema: Schema, before: str = "", depth: int = 0) -> list[Field]:
    """The fields of an object, and below each those of what is in it."""
    whole = _resolved(schema)
    needed = whole.get("required", ())
    found = []
    for name, one in whole.get("properties", {}).items():
        inner, sign = _inside(one)
        found.append(Field(f"{before}{name}", _holds(one), name in needed))
        if depth < DEPTH and "properties" in inner:
            found += _fields(inner, f"{before}{name}{sign}", depth + 1)
    return found


def _inside(schema: Schema) -> tuple[Schema, str]:
    """What is in a field, through a list or a pointer, and the sign that stands for the way there."""
    for one in schema.get("anyOf", ()):
        if one != {"type": "null"}:
            schema = one
    if "items" in schema:
        return _resolved(schema["items"]), "[]."
    return _resolved(schema), "."


def _resolved(schema: Schema) -> Schema:
    name = schema.get("$ref", "").rpartition("/")[2]
    return dict(openapi.description()["components"]["schemas"][name]) if name else schema


def _holds(schema: Schema) -> str:
    """What a value is, in words."""
    if "anyOf" in schema:
        return f"{_holds(schema['anyOf'][0])}, or null"
    if "$ref" in schema:
        resolved = _resolved(schema)
        return _holds(resolved) if "enum" in resolved else "an object"
    if "enum" in schema:
        return "one of " + ", ".join(schema["enum"])
    if isinstance(schema.get("additionalProperties"), dict):
        return f"an object, for each name {_holds(schema['additionalProperties'])}"
    kinds = schema.get("type", "object")
    kind, or_null = (kinds[0], ", or null") if isinstance(kinds, list) else (kinds, "")
    if kind == "array":
        return f"a list: {_holds(schema['items'])}{or_null}"
    words = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "an object"}
    named = {"date": "day", "date-time": "moment"}.get(schema.get("format", ""), words.get(kind, kind))
    return f"{named}{_limits(schema)}{or_null}"


def _limits(schema: Schema) -> str:
    if "maxLength" in schema:
        return f", {schema.get('minLength', 0)} to {schema['maxLength']} characters"
    if "maximum" in schema and schema["maximum"] < openapi.MANY:
        return f", {schema['minimum']:,} to {schema['maximum']:,}"
    return ""


def _example(one: Operation, body: Schema | None) -> str:
    """A request that can be copied."""
    path = openapi.address_of(one)
    for name in one.in_path:
        path = path.replace(f"{{{name}}}", str(EXAMPLES.get(name, 1 if name == "number" else name)))
    lines = [f"curl -X {one.method} $PLANNER{PREFIX}{path}", '-H "Authorization: Bearer $TOKEN"']
    if one.needs_match:
        lines.append("-H 'If-Match: \"v1-0123456789ab\"'")
    if body:
        text = json.dumps(_sample(body), ensure_ascii=False)
        lines += ["-H 'Content-Type: application/json'", f"-d '{text}'"]
    if one.takes_files:
        lines.append("-F file=@export.csv")
    return " \\\n  ".join(lines)


def _sample(schema: Schema) -> Any:
    """An example of an object: what must be there, or its first field."""
    whole = _resolved(schema)
    names = whole.get("required") or list(whole.get("properties", {}))[:1]
    return {name: _sample_of(name, whole["properties"][name]) for name in names}


def _sample_of(name: str, schema: Schema) -> Any:
    inner, sign = _inside(schema)
    if sign == "[].":
        return [_sample(inner)] if "properties" in inner else [EXAMPLES.get(name, "payments")]
    if "properties" in inner:
        return _sample(inner)
    if "enum" in inner:
        return inner["enum"][0]
    kinds = inner.get("type")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if kind in {"integer", "number"}:
        return max(1, int(inner.get("minimum", 1)))
    if kind == "boolean":
        return True
    return "2026-03-02" if inner.get("format") == "date" else EXAMPLES.get(name, name)
