"""What the owner of the token is told, and how they want to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from planner.domain.notices import HowTold, NoticeKind
from planner.services import notices
from planner.web import context
from planner.web.api.operations import Before, Done, Listed, One, operation
from planner.web.api.records import do, done, one
from planner.web.api.telling import told
from planner.web.api.types import Number, Partial


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A notice. What it is about may be gone since."""

    number: int
    kind: NoticeKind
    text: str
    at: datetime
    is_new: bool
    dependency: int | None
    proposal: int | None
    promise: int | None
    session: int | None


@dataclass(frozen=True, kw_only=True)
class Choices:
    """How mail comes for each kind of notice; the list has every notice whatever is chosen."""

    asked: HowTold
    answered: HowTold
    reopened: HowTold
    reminded: HowTold
    slipped: HowTold
    all_there: HowTold
    due_tomorrow: HowTold
    proposal: HowTold
    promise: HowTold
    minutes: HowTold
    session: HowTold
    changed: HowTold


@dataclass(frozen=True, kw_only=True)
class UpTo:
    """The last notice that was seen."""

    up_to: Number


@operation("GET", "/notices")
def list_notices(query: Before) -> Listed[Notice]:
    """List your own notices, newest first, fifty a page."""
    found = notices.read_notices(context.database(), context.actor(), before=query.before)
    following = {"before": found[-1].id} if len(found) == notices.PAGE else {}
    return Listed(
        [_notice(one) for one in found],
        None,
        following,
    )


@operation("POST", "/notices/read")
def mark_notices_read(body: UpTo) -> Done:
    """Take your notices up to this one as read."""
    do(notices.mark_read, up_to=body.up_to)
    return done()


@operation("GET", "/notices/choices")
def read_notice_choices() -> One[Choices]:
    """Read how you are told each kind."""
    return one(_choices())


@operation("PATCH", "/notices/choices")
def change_notice_choices(body: Partial[Choices]) -> One[Choices]:
    """Choose how you are told; it holds for what comes from now on."""
    chosen = {NoticeKind[name.upper()]: how for name, how in body.values.items()}
    do(notices.choose, chosen)
    return one(_choices())


def _choices() -> Choices:
    chosen = notices.read_choices(context.database(), context.actor())
    return Choices(**{kind.name.lower(): how for kind, how in chosen.items()})


def _notice(entry: notices.NoticeEntry) -> Notice:
    about = {name: getattr(entry, f"{name}_id") for name in ("dependency", "proposal", "promise", "session")}
    return told(Notice, entry, **about)
