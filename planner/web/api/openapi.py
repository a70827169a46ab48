"""The OpenAPI 3.1 description, written from the signatures of the operations."""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from typing import Any

from planner import __version__
from planner.web.api.operations import OPERATIONS, Done, File, Listed, One, Operation
from planner.web.api.types import Schema, hints_of, schema_of
from planner.web.problems import PREFIX, PROBLEM

EXPLAINED = """\
Everything that the pages of planner do, for programs. Send a personal access token as
`Authorization: Bearer planner_…`; make one under *Access tokens*. It acts as you, within its scopes.

* **Writing safely.** A read answers with an `ETag`; send it back as `If-Match` when you change or remove the
  record. Without it the answer is 428, and 412 when somebody was faster: read again.
* **Sending twice.** Give a POST an `Idempotency-Key` of your own; the same request with that key within 24
  hours is done once and answered alike.
* **Lists** come in pages of up to 200; the `Link` header says how to go on.
* **Errors** are `application/problem+json`; `errors` names each field by its pointer.
* **Files** are sent as `multipart/form-data`, each part called `file`.
* **Dates.** A session comes round: `round` says which date is meant, else the one that matters now.
* **Undo.** `Planner-Change` is the number of the change; `POST /history/{number}/undo` takes it back.
"""
HEADERS: dict[str, Schema] = {
    "RateLimit-Limit": {
        "description": "How many requests a minute are answered.",
        "schema": {"type": "integer"},
    },
    "RateLimit-Remaining": {"description": "How many of them are left.", "schema": {"type": "integer"}},
    "RateLimit-Reset": {"description": "Seconds until counting begins anew.", "schema": {"type": "integer"}},
    "ETag": {"description": "What to send back as If-Match.", "schema": {"type": "string"}},
    "Location": {"description": "Where the new record is.", "schema": {"type": "string"}},
    "Link": {"description": "The first, next and last page (RFC 8288).", "schema": {"type": "string"}},
    "Planner-Change": {
        "description": "The number of the change in the history.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "WWW-Authenticate": {"description": "How to say who asks.", "schema": {"type": "string"}},
    "Idempotency-Replayed": {"description": "`true` where it was done before.", "schema": {"type": "string"}},
}
FILES_SCHEMA: Schema = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {"file": {"type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"}}},
}
MANY = 1_000_000_000
"""A limit that large is that of a column, and no news to people."""
LIMITS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
WORDS = {
    401: "No access token, or none that works",
    403: "The token, or whoever it stands for, may not do this",
    404: "There is nothing here, or nothing for you",
    409: "Not possible as things stand",
    412: "Somebody was faster, or the ETag is not the one that stands now",
    415: "The body is of another kind",
    422: "Something that was sent cannot be taken; `errors` says what and why",
    428: "If-Match is missing",
    429: "Too many requests",
    503: "Too busy just now; nothing was saved",
}
PROBLEM_SCHEMA: Schema = {
    "type": "object",
    "description": "What was wrong (RFC 9457).",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "detail": {"type": "string"},
                    "pointer": {"type": "string", "description": "Into the body, like #/name."},
                    "parameter": {"type": "string"},
                    "where": {"type": "string"},
                },
            },
        },
    },
}


@cache
def description() -> Schema:
    """Return the whole description; the same code gives the same text."""
    named: dict[str, Schema] = {"Problem": PROBLEM_SCHEMA}
    paths: dict[str, Schema] = {}
    for one in OPERATIONS:
        paths.setdefault(address_of(one), {})[one.method.casefold()] = _operation(one, named)
    return {
        "openapi": "3.1.0",
        "info": {"title": "planner", "version": __version__, "description": EXPLAINED},
        "servers": [{"url": PREFIX}],
        "security": [{"token": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(one.tag for one in OPERATIONS)],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(named.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {str(status): _problem(status) for status in WORDS},
        },
    }


def address_of(one: Operation) -> str:
    """Return the path as OpenAPI writes it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", one.path)


def _operation(one: Operation, named: dict[str, Schema]) -> Schema:
    told: Schema = {
        "operationId": one.name,
        "summary": one.summary,
        "description": f"{one.details} Scope: {one.scope}.".strip(),
        "tags": [one.tag],
        "parameters": [
            *_path_parameters(one, named),
            *_query_parameters(one, named),
            *_header_parameters(one),
        ],
        "responses": _responses(one, named),
    }
    if one.body:
        content = {"schema": schema_of(one.body, named)}
        told["requestBody"] = {"required": True, "content": {"application/json": content}}
    if one.takes_files:
        told["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": FILES_SCHEMA}}}
    return told


def _path_parameters(one: Operation, named: dict[str, Schema]) -> list[Schema]:
    return [
        {"name": name, "in": "path", "required": True, "schema": schema_of(kind, named)}
        for name, kind in one.in_path.items()
    ]


def _query_parameters(one: Operation, named: dict[str, Schema]) -> list[Schema]:
    if not one.query:
        return []
    return [
        {"name": name, "in": "query", "schema": _without_null(schema_of(kind, named))}
        for name, kind in hints_of(one.query).items()
    ]


def _without_null(schema: Schema) -> Schema:
    """An address has no null: what may be left out is left out."""
    if "anyOf" in schema:
        return dict(schema["anyOf"][0])
    kind = schema.get("type")
    return schema | {"type": kind[0]} if isinstance(kind, list) else schema


def _header_parameters(one: Operation) -> list[Schema]:
    found = []
    if one.needs_match:
        text = "The ETag of what you have seen; `*` for whatever is there."
        shape = {"type": "string", "pattern": '^(\\*|"v[0-9]{1,9}-[0-9a-f]{12}")$'}
        found.append(
            {"name": "If-Match", "in": "header", "required": True, "description": text, "schema": shape}
        )
    if one.takes_key:
        text = "Your own name for this request, so that it can be sent again."
        shape = {"type": "string", "pattern": "^[!-~]{1,200}$"}
        found.append({"name": "Idempotency-Key", "in": "header", "description": text, "schema": shape})
    return found


def _responses(one: Operation, named: dict[str, Schema]) -> Schema:
    found: Schema = {str(204 if one.answers[0] is Done else one.status): _success(one, named)}
    if one.method == "GET" and one.answers[0] is One:
        found["304"] = {"description": "You have it already", "headers": _headers(*LIMITS, "ETag")}
    refusals = {401, 403, 404, 409, 422, 429, 503}
    refusals |= {415} if one.body or one.takes_files else set()
    refusals |= {412, 428} if one.needs_match else {412} if one.method != "GET" else set()
    found |= {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(refusals)}
    return found


def _success(one: Operation, named: dict[str, Schema]) -> Schema:
    kind, inner = one.answers
    if kind is Done:
        return {"description": "Done", "headers": _headers(*LIMITS, "Planner-Change", "Idempotency-Replayed")}
    if kind is File:
        content = {one.content_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}}
        if one.content_type == "application/json":
            content = {"application/json": {"schema": {"type": "object"}}}
        return {"description": "The file", "headers": _headers(*LIMITS), "content": content}
    if kind is Listed:
        schema = _list_schema(inner, named)
        names: tuple[str, ...] = (*LIMITS, "Link")
    else:
        schema = schema_of(inner, named)
        names = (*LIMITS, "ETag", "Location", "Planner-Change", "Idempotency-Replayed")
    content = {"application/json": {"schema": schema}}
    return {"description": HTTPStatus(one.status).phrase, "headers": _headers(*names), "content": content}


def _list_schema(inner: Any, named: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "required": ["items", "total"],
        "properties": {
            "items": {"type": "array", "items": schema_of(inner, named)},
            "total": {"type": ["integer", "null"], "description": "How many there are in all."},
        },
    }


def _problem(status: int) -> Schema:
    more = {401: ("WWW-Authenticate",), 429: ("Retry-After",)}.get(status, ())
    return {
        "description": WORDS[status],
        "headers": _headers(*LIMITS, *more),
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _headers(*names: str) -> Schema:
    return {name: HEADERS[name] for name in names}
