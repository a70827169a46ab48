"""Web hooks: addresses outside that are told of every act, and how that went."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from planner.delivery.hosts import ADDRESS_LONGEST, target_of
from planner.domain.errors import InvalidInput, NotFound, Problem
from planner.services.changes import recorded
from planner.services.permissions import Right, require
from planner.storage import jobs, outbox
from planner.storage.models import HookDeliveryRow, HookRow, MailRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from planner.config import HookHost
    from planner.domain.model import Dependency, Organisation, TeamId
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange

PAGE = 20


class Outgoing(Enum):
    """What goes out."""

    MAIL = "mail"
    DELIVERY = "delivery"


_TABLES: Mapping[Outgoing, outbox.Table] = {Outgoing.MAIL: MailRow, Outgoing.DELIVERY: HookDeliveryRow}
SECRET_SHORTEST, SECRET_LONGEST = 24, 200


@dataclass(frozen=True, slots=True)
class Hook:
    """A web hook without its secret."""

    id: int
    address: str
    is_on: bool
    version: int


@dataclass(frozen=True, slots=True)
class Sending:
    """Something on its way out, as who runs the planner sees it: to where, and how it stands; not what."""

    id: int
    to: str
    created_at: datetime
    sent_at: datetime | None
    attempts: int
    next_try_at: datetime | None
    failed_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Traffic:
    """What waits to go out. `is_attended`: some worker is there to send it."""

    mails: int
    messages: int
    is_attended: bool


def add_hook(
    session: Session, actor: Actor, *, address: str, secret: str, listed: Sequence[HookHost]
) -> OpenChange:
    """Add a web hook, switched on. Raises NotAllowed, InvalidInput with every problem."""
    require(actor, Right.MANAGE)
    address = address.strip()
    problems = [*_address_problems(address, listed), *_secret_problems(secret)]
    if session.scalar(select(HookRow.id).where(HookRow.address == address)):
        problems.append(Problem("address", "is there already"))
    if problems:
        raise InvalidInput(*problems)
    host = target_of(address, listed).host
    with recorded(session, actor, "hook:added", f"Added a web hook to {host}") as change:
        session.add(HookRow(address=address, secret=secret, is_on=True))
    return change


def switch_hook(session: Session, actor: Actor, hook_id: int, *, on: bool) -> OpenChange:
    """Switch a web hook on or off; what waits for it waits on. Raises NotFound, NotAllowed."""
    require(actor, Right.MANAGE)
    row = _existing(session, hook_id)
    summary = f"Switched a web hook {'on' if on else 'off'}"
    with recorded(session, actor, "hook:switched", summary) as change:
        row.is_on = on
    return change


def try_hook(session: Session, actor: Actor, hook_id: int) -> None:
    """Send a message that says nothing, to see whether it arrives. Raises NotFound, NotAllowed."""
    require(actor, Right.MANAGE)
    row = _existing(session, hook_id)
    _put(session, row.id, {"event": "test", "at": actor.at.isoformat()}, actor.at)
    session.commit()


def read_hooks(session: Session, actor: Actor) -> tuple[Hook, ...]:
    """Return every web hook. Raises NotAllowed."""
    require(actor, Right.MANAGE)
    rows = session.scalars(select(HookRow).order_by(HookRow.id))
    return tuple(Hook(row.id, row.address, row.is_on, row.version) for row in rows)


def read_deliveries(session: Session, actor: Actor) -> tuple[Sending, ...]:
    """Return the last messages to web hooks, newest first. Raises NotAllowed."""
    require(actor, Right.MANAGE)
    newest = select(HookDeliveryRow, HookRow.address).join(HookRow, HookRow.id == HookDeliveryRow.hook_id)
    rows = session.execute(newest.order_by(HookDeliveryRow.id.desc()).limit(PAGE))
    return tuple(_sending(row, address) for row, address in rows)


def read_troubled_mails(session: Session, actor: Actor) -> tuple[Sending, ...]:
    """Return the mails that did not arrive at the first try or at all, newest first. Raises NotAllowed."""
    require(actor, Right.MANAGE)
    troubled = select(MailRow).where(MailRow.sent_at.is_(None), MailRow.error != "")
    rows = session.scalars(troubled.order_by(MailRow.id.desc()).limit(PAGE))
    return tuple(_sending(row, row.recipient) for row in rows)


def read_traffic(session: Session, actor: Actor) -> Traffic:
    """Return what waits to go out, and whether anybody is there to send it. Raises NotAllowed."""
    require(actor, Right.MANAGE)
    return Traffic(
        mails=outbox.count_waiting(session, MailRow),
        messages=outbox.count_waiting(session, HookDeliveryRow),
        is_attended=jobs.has_workers(session, actor.at),
    )


def announce(
    session: Session,
    organisation: Organisation,
    events: Iterable[tuple[str, Dependency]],
    *,
    at: datetime,
    change_id: int | None,
) -> None:
    """Leave a message about each event for every web hook that is on; saved with the change it tells of."""
    hook_ids = session.scalars(select(HookRow.id).where(HookRow.is_on).order_by(HookRow.id)).all()
    if not hook_ids:
        return
    for name, dependency in events:
        event = {
            "event": name,
            "at": at.isoformat(),
            "change": change_id,
            "dependency": _facts(organisation, dependency),
        }
        for hook_id in hook_ids:
            _put(session, hook_id, event, at)


def send_again(session: Session, actor: Actor, kind: Outgoing, number: int) -> None:
    """Let what was given up be sent after all. Raises NotAllowed, NotFound."""
    require(actor, Right.MANAGE)
    table = _TABLES[kind]
    if session.get(table, number) is None:
        raise NotFound("This is not kept any more.")
    outbox.try_again(session, table, number)
    session.commit()


def _facts(organisation: Organisation, dependency: Dependency) -> dict[str, Any]:
    """What a web hook is told about a dependency: the work, and no word about a person."""
    return {
        "id": dependency.id,
        "key": dependency.key,
        "path": f"/dependencies/{dependency.id}",
        "what": dependency.what,
        "consumer": _team(organisation, dependency.consumer_id),
        "provider": _team(organisation, dependency.provider_id),
        "state": dependency.state.value,
        "needed_by": _day(dependency.needed_by),
        "promised_for": _day(dependency.promised_for),
    }


def _put(session: Session, hook_id: int, event: dict[str, Any], at: datetime) -> None:
    """Leave a message for a hook, behind those that are held back because it is not there."""
    waits = (HookDeliveryRow.attempts == 0, HookDeliveryRow.failed_at.is_(None))
    next_try_at = session.scalar(
        select(func.max(HookDeliveryRow.next_try_at)).where(HookDeliveryRow.hook_id == hook_id, *waits)
    )
    body = json.dumps(event, ensure_ascii=False, sort_keys=True)
    session.add(HookDeliveryRow(hook_id=hook_id, body=body, created_at=at, next_try_at=next_try_at))


def _team(organisation: Organisation, team_id: TeamId) -> dict[str, str]:
    team = organisation.team[team_id]
    return {"key": team.key, "name": team.name}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _address_problems(address: str, listed: Sequence[HookHost]) -> list[Problem]:
    if not address:
        return [Problem("address", "is empty; write it like https://hooks.example.org/planner")]
    if len(address) > ADDRESS_LONGEST:
        return [Problem("address", f"is too long; at most {ADDRESS_LONGEST} characters can be kept")]
    try:
        target_of(address, listed)
    except ValueError as error:
        return [Problem("address", str(error))]
    return []


def _secret_problems(secret: str) -> list[Problem]:
    if not SECRET_SHORTEST <= len(secret) <= SECRET_LONGEST:
        return [
            Problem("secret", f"has {len(secret)} characters; take {SECRET_SHORTEST} to {SECRET_LONGEST}")
        ]
    if not (secret.isascii() and secret.isprintable()):
        return [Problem("secret", "holds characters that not every receiver reads alike; take plain ones")]
    return []


def _existing(session: Session, hook_id: int) -> HookRow:
    row = session.get(HookRow, hook_id)
    if row is None:
        raise NotFound(f"There is no web hook {hook_id}.")
    return row


def _sending(row: HookDeliveryRow | MailRow, to: str) -> Sending:
    return Sending(
        row.id, to, row.created_at, row.sent_at, row.attempts, row.next_try_at, row.failed_at, row.error
    )
