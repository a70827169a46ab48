"""What happened, and undo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from planner.domain.errors import NotFound
from planner.services import history
from planner.services.changes import undo
from planner.web import context
from planner.web.api.operations import Before, Done, Listed, operation
from planner.web.api.records import do, done
from planner.web.api.telling import told
from planner.web.api.types import Number, ShortText, Text

Noun = StrEnum("Noun", {noun.upper(): noun for noun in history.TABLES})  # type: ignore[misc]


@dataclass(frozen=True, kw_only=True)
class HistoryFilter(Before):
    """`who`: the name of who acted. `what`: the kind of thing. `of`: one thing, like `dependency-12`."""

    who: ShortText | None = None
    what: Noun | None = None
    since: date | None = None
    of: Annotated[str, Text(60)] | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """What became of one row: of a new one what it is, of a removed one what it was."""

    subject: str
    subject_id: int
    act: str
    before: dict[str, object]
    after: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Change:
    """Who did what, and when. Of its events the first are there, `more` counts the rest."""

    number: int
    at: datetime
    who: str
    summary: str
    is_undone: bool
    may_undo: bool
    events: tuple[Event, ...]
    more: int


@operation("GET", "/history")
def list_history(query: HistoryFilter) -> Listed[Change]:
    """List changes, newest first, fifty a page."""
    words = {
        "who": query.who or "",
        "what": query.what.value if query.what else "",
        "since": query.since.isoformat() if query.since else "",
        "of": query.of or "",
    }
    chosen = history.HistoryFilter.from_query(words)
    if query.of and chosen.thing is None:
        raise NotFound(f"“{query.of}” names no thing; write it like dependency-12.")
    found = history.read_history(context.database(), context.visitor(), chosen, before=query.before)
    following = {"before": found.earlier} if found.earlier else {}
    return Listed([told(Change, entry) for entry in found.entries], None, following)


@operation("POST", "/history/<int:number>/undo")
def undo_change(number: Number) -> Done:
    """Take one of your own changes back; that is a change of its own, and can be undone again."""
    return done(do(undo, number))
