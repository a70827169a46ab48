"""The whole organisation, and each list, as files; and the end of all of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from planner.domain.errors import NotFound
from planner.services import exchange
from planner.services.accounts.tokens import Scope
from planner.web import context
from planner.web.api.operations import Done, File, operation
from planner.web.api.records import do, done

ListName = StrEnum("ListName", {kind.upper().replace("-", "_"): kind for kind in exchange.LISTS})  # type: ignore[misc]
CSV = "text/csv; charset=utf-8"


Sure = StrEnum("Sure", {"YES": "remove everything"})


@dataclass(frozen=True, kw_only=True)
class NewRemoval:
    """That you mean it."""

    confirm: Sure


@operation("GET", "/export")
def export_organisation() -> File:
    """Export the whole organisation in our JSON format; the same records give the same bytes."""
    context.makes_file()
    return File(exchange.export_organisation(context.database()), "application/json")


@operation("GET", "/export/<kind>", content_type=CSV)
def export_list(kind: ListName) -> File:
    """Export one list as CSV."""
    if kind not in exchange.LISTS:
        raise NotFound(f"There is no list “{kind}”; there are {', '.join(exchange.LISTS)}.")
    return File(exchange.export_list(context.database(), kind, None, context.today()), CSV)


@operation("POST", "/remove-everything", scope=Scope.SETTINGS)
def remove_everything(body: NewRemoval) -> Done:
    """Remove every record as one change that can be undone on the page of the history.

    It removes whoever the token stands for, so the token ends with it.
    """
    assert body.confirm is Sure.YES  # noqa: S101 - nothing else can be read
    return done(do(exchange.remove_everything))
