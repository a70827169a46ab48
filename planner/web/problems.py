"""Errors as programs read them: problem+json (RFC 9457) for everything under the address of the interface."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Response, request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.domain.errors import Problem

PREFIX = "/api/v1"
PROBLEM = "application/problem+json"
STALE = 412
"""What a program is told where a page says that somebody was faster: its If-Match does not match."""


def is_asked_by_program() -> bool:
    """Return whether this request is for the programming interface, also where nothing is there."""
    return request.path == PREFIX or request.path.startswith(f"{PREFIX}/")


def problem(
    status: int,
    title: str,
    detail: str = "",
    *,
    errors: Iterable[Problem] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the answer that tells what was wrong: each error with the field or parameter it belongs to."""
    told: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    found = [_told(one) for one in errors]
    if detail or found:
        told["detail"] = detail or "; ".join(one["detail"] for one in found)[:1000]
    if found:
        told["errors"] = found
    body = json.dumps(told, ensure_ascii=False)
    return Response(body, status=status, content_type=PROBLEM, headers=dict(headers or {}))


def _told(one: Problem) -> dict[str, str]:
    """Where a problem stands is a pointer into the body, the name of a parameter, or a place in words."""
    where, told = one.where, {"detail": one.message}
    if where.startswith("?"):
        return told | {"parameter": where[1:]}
    if where.startswith("/") or not where:
        return told | {"pointer": f"#{where}"}
    return told | {"pointer": f"#/{where}" if where.isidentifier() else "#", "where": where}
