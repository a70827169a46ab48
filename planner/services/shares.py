"""Links for guests: each shows one picture or one session, until a date, and nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planner.domain.errors import InvalidInput, NotFound, Problem
from planner.services.accounts.accounts import may_come_in
from planner.services.accounts.tickets import (
    WORKS_NO_MORE,
    Purpose,
    make_ticket,
    open_tickets,
    read_ticket,
    revoke_tickets,
)
from planner.services.changes import one_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from planner.domain.consolidation.suggestion import SharedSession, Suggestion
    from planner.domain.model import Organisation
    from planner.services.accounts.tickets import Ticket
    from planner.services.actor import Actor

LONGEST = timedelta(days=366)
SITE = re.compile(r"https?://[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:[0-9]{1,5})?", re.IGNORECASE)
"""An origin and nothing else: it becomes part of a header."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a link shows: the map of these words, or the session about these dependencies.

    `site` is the one origin that may show the picture in a frame, "" for none.
    """

    words: Mapping[str, str]
    dependency_keys: tuple[str, ...] = ()
    site: str = ""

    @property
    def is_session(self) -> bool:
        return bool(self.dependency_keys)


@dataclass(frozen=True, slots=True)
class Share:
    """A link that works: what it shows and until when."""

    id: int
    shown: Shown
    created_at: datetime
    expires_at: datetime

    @property
    def last_moment(self) -> datetime:
        """The end of the last day on which it works, by the clock of who made it."""
        return self.expires_at - timedelta(seconds=1)


def share(session: Session, actor: Actor, shown: Shown, *, until: date) -> str:
    """Return the token of a new link that works to the end of a day. Raises InvalidInput."""
    last = until + timedelta(days=1)
    if not actor.today <= until <= actor.today + LONGEST:
        raise InvalidInput(Problem("until", "must be today or later, and within a year"))
    if shown.site and not SITE.fullmatch(shown.site):
        raise InvalidInput(
            Problem("site", "must be the beginning of an address, as https://wiki.example.org")
        )
    values = {"words": dict(shown.words), "dependencies": shown.dependency_keys, "site": shown.site}
    target = json.dumps(values, sort_keys=True)
    with one_transaction(session):
        return make_ticket(
            session,
            Purpose.SHARE,
            now=actor.at,
            expires_at=datetime.combine(last, time(), ZoneInfo(actor.zone)),
            target=target,
            made_by=actor.person_id,
        )


def read_share(session: Session, token: str, now: datetime) -> Share:
    """Return what a guest may see. Raises NotFound, also when whoever shared it cannot see it any more."""
    ticket = read_ticket(session, Purpose.SHARE, token, now)
    if ticket.made_by is None or not may_come_in(session, ticket.made_by):
        raise NotFound(WORKS_NO_MORE)
    return _share(ticket)


def read_shares(session: Session, actor: Actor) -> list[Share]:
    """Return the actor's own links that work, newest first."""
    return [_share(one) for one in open_tickets(session, Purpose.SHARE, actor.at, made_by=actor.person_id)]


def revoke_share(session: Session, actor: Actor, share_id: int) -> None:
    """Make one of one's own links worthless. Raises NotFound for any other."""
    with one_transaction(session):
        if not revoke_tickets(session, Purpose.SHARE, actor.at, made_by=actor.person_id, id=share_id):
            raise NotFound("There is no such link of yours.")


def keys_of(organisation: Organisation, session: SharedSession) -> tuple[str, ...]:
    """Return what a suggested session is known by: the dependencies it is about."""
    key = {dependency.id: dependency.key for dependency in organisation.dependencies}
    return tuple(sorted(key[item.dependency_id] for item in session.agenda))


def session_about(
    organisation: Organisation, suggestion: Suggestion, keys: Sequence[str]
) -> SharedSession | None:
    """Return the suggested session about exactly these; None when the suggestion has become another one."""
    found = (one for one in suggestion.sessions if keys_of(organisation, one) == tuple(keys))
    return next(found, None)


def _share(ticket: Ticket) -> Share:
    target = json.loads(ticket.target)
    # links that were made before pictures could be framed name no site
    shown = Shown(target["words"], tuple(target["dependencies"]), target.get("site", ""))
    return Share(ticket.id, shown, ticket.created_at, ticket.expires_at)
