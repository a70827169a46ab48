"""From a request to an answer: read by the signature of the operation, done once, told with its headers."""

from __future__ import annotations

import hashlib
import json
import re
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import urlencode

from flask import Response, request

from planner.domain.errors import InvalidInput, NotFound, PlannerError, Problem
from planner.interchange.safe_json import load_json
from planner.services.repeats import KeptAnswer, begin_once, forget_key, keep_answer
from planner.web import context
from planner.web.api.access import let_in
from planner.web.api.operations import Done, File, Files, Listed, One, Operation, body_of
from planner.web.api.parameters import read_query
from planner.web.api.types import Misshapen, read
from planner.web.problems import PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

BODY_TYPES = frozenset({"application/json", "application/merge-patch+json"})
FORM_TYPE, FILE = "multipart/form-data", "file"
BLOCK = 64 * 1024
KEY = re.compile(r"[\x21-\x7e]{1,200}")
TAG = re.compile(r'"v([0-9]{1,9})-[0-9a-f]{12}"')
KEPT_HEADERS = ("Location", "ETag", "Planner-Change")


class NoMatch(PlannerError):
    """A write that does not say what it has seen."""


class Unreadable(PlannerError):
    """The body is of another kind than what is read."""


class Stale(PlannerError):
    """If-Match names something that is not there any more."""


def call(operation: Operation, in_path: Mapping[str, Any]) -> Response:
    """Answer one request. Raises what `web.errors` tells as a problem."""
    let_in(operation.scope)
    if operation.accounts_only and not context.uses_accounts():
        raise NotFound("Nobody has an account here: people choose who they are.")
    values: dict[str, Any] = {name: _in_path(operation, name, one) for name, one in in_path.items()}
    if operation.query:
        values["query"] = read_query(operation.query)
    elif request.args:
        read_query(None)
    if operation.body:
        values["body"] = read(operation.body, _body())
    if operation.takes_files:
        values["files"] = _files()
    key = _key() if operation.takes_key else None
    if operation.needs_match:
        values["version"] = _version()
    if key is None:
        return _answer(operation, operation.function(**values))
    return _once(operation, values, key)


def _in_path(operation: Operation, name: str, value: object) -> Any:
    """Return what stands in the address. Raises NotFound for what no record can be called."""
    try:
        return read(operation.in_path[name], value)
    except Misshapen:
        raise NotFound("There is nothing at this address.") from None


def _once(operation: Operation, values: Mapping[str, Any], key: str) -> Response:
    """Do it, unless the same request with the same key was done already."""
    actor, database = context.actor(), context.database()
    before = begin_once(database, actor, key, _fingerprint(values.get("files", ())))
    if before is not None:
        headers = {**before.headers, "Idempotency-Replayed": "true"}
        return Response(
            before.body, status=before.status, headers=headers, content_type=operation.content_type
        )
    try:
        response = _answer(operation, operation.function(**values))
    except BaseException:
        forget_key(database, actor, key)
        raise
    if not operation.is_secret:  # a secret is shown once and kept nowhere
        kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        keep_answer(
            database, actor, key, KeptAnswer(response.status_code, kept, response.get_data(as_text=True))
        )
    return response


def _fingerprint(files: Files) -> str:
    """What is the same when a request is sent again; files by what is in them, as each form is cut anew."""
    body = [request.get_data()] if not files else []
    for name, stream in files:
        digest = hashlib.sha256(name.encode())
        for block in iter(partial(stream.read, BLOCK), b""):
            digest.update(block)
        stream.seek(0)
        body.append(digest.digest())
    whole = b"\n".join((request.method.encode(), request.full_path.encode(), *body))
    return hashlib.sha256(whole).hexdigest()


def _key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not KEY.fullmatch(key):
        raise Misshapen(Problem("Idempotency-Key", "expected 1 to 200 visible characters"))
    return key


def _body() -> object:
    if request.mimetype not in BODY_TYPES:
        raise Unreadable(f"The body is “{request.mimetype}”; send application/json.")
    try:
        return load_json(request.get_data())
    except InvalidInput as error:
        problems = (Problem("", " ".join(filter(None, (p.where, p.message)))) for p in error.problems)
        raise Misshapen(*problems) from error


def _files() -> Files:
    """The parts of the form that are called “file”, one without a name too."""
    if request.mimetype != FORM_TYPE:
        raise Unreadable(f"The body is “{request.mimetype}”; send {FORM_TYPE} with the file as “file”.")
    sent = [(one.filename or FILE, cast("BinaryIO", one.stream)) for one in request.files.getlist(FILE)]
    sent += [(FILE, BytesIO(text.encode())) for text in request.form.getlist(FILE)]
    unknown = sorted((request.form.keys() | request.files.keys()) - {FILE})
    problems = [Problem(f"/{name[:80]}", "is not known here; there is file") for name in unknown]
    if problems or not sent:
        raise Misshapen(*problems, *([] if sent else [Problem(f"/{FILE}", "is missing")]))
    return tuple(sent)


def _version() -> int | None:
    """The version that the caller has seen; None for `*`, which is whatever is there."""
    wanted = request.headers.get("If-Match", "").strip()
    if not wanted:
        raise NoMatch("Read it first and send its ETag as If-Match, so that nobody is overwritten unseen.")
    if wanted == "*":
        return None
    found = TAG.fullmatch(wanted)
    if found is None:
        raise Stale("If-Match is no ETag that was given out here. Read it again.")
    return int(found[1])


def _answer(operation: Operation, answer: Any) -> Response:
    if isinstance(answer, Done):
        return _with_change(Response(status=204), answer.change)
    if isinstance(answer, File):
        return Response(answer.data, content_type=answer.content_type)
    text = json.dumps(body_of(answer), ensure_ascii=False, separators=(",", ":"))
    response = Response(text, status=operation.status, content_type="application/json")
    if isinstance(answer, Listed):
        _link(response, answer)
        return response
    _mark(response, answer, text)
    if request.method == "GET":
        response.make_conditional(request)
    return response


def _mark(response: Response, answer: One[Any], text: str) -> None:
    if answer.version is not None:
        mark = hashlib.sha256(text.encode()).hexdigest()[:12]
        response.headers["ETag"] = f'"v{answer.version}-{mark}"'
    if answer.address:
        response.headers["Location"] = f"{PREFIX}{answer.address}"
    _with_change(response, answer.change)


def _with_change(response: Response, change: int | None) -> Response:
    if change is not None:
        response.headers["Planner-Change"] = str(change)
    return response


def _link(response: Response, answer: Listed[Any]) -> None:
    """Say where the list goes on, as a whole address without the host."""
    words = request.args.to_dict()
    ways = {"first": {"page": 1}, "next": answer.following, "last": {"page": answer.last}}
    if answer.last is None:
        ways = {"next": answer.following}
    links = [
        f'<{request.path}?{urlencode(words | {name: str(one) for name, one in where.items()})}>; rel="{rel}"'
        for rel, where in ways.items()
        if where
    ]
    if links:
        response.headers["Link"] = ", ".join(links)
