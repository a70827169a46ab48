"""The whole organisation, and each list, as files."""

from __future__ import annotations

from enum import StrEnum

from planner.domain.errors import NotFound
from planner.services import exchange
from planner.web import context
from planner.web.api.operations import File, operation

ListName = StrEnum("ListName", {kind.upper().replace("-", "_"): kind for kind in exchange.LISTS})  # type: ignore[misc]
CSV = "text/csv; charset=utf-8"


@operation("GET", "/export")
def export_organisation() -> File:
    """Export the whole organisation in our JSON format; the same records give the same bytes."""
    return File(exchange.export_organisation(context.database()), "application/json")


@operation("GET", "/export/<kind>", content_type=CSV)
def export_list(kind: ListName) -> File:
    """Export one list as CSV."""
    if kind not in exchange.LISTS:
        raise NotFound(f"There is no list “{kind}”; there are {', '.join(exchange.LISTS)}.")
    return File(exchange.export_list(context.database(), kind, None, context.today()), CSV)
