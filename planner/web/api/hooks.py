"""Web hooks and what goes out, for those who look after the planner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

from planner.domain.errors import NotFound
from planner.services import hooks
from planner.services.accounts.tokens import Scope
from planner.services.hooks import Outgoing
from planner.web import context
from planner.web.api.calls import Stale
from planner.web.api.operations import Done, Listed, One, Page, operation, page_of
from planner.web.api.records import do, done, one
from planner.web.api.telling import told
from planner.web.api.types import Number, Text


@dataclass(frozen=True, kw_only=True)
class NewHook:
    """An address that is told of every act; the secret signs what is sent, and is never read again."""

    address: Annotated[str, Text(500, 1)]
    secret: Annotated[str, Text(200, 24)]


@dataclass(frozen=True, kw_only=True)
class HookSwitch:
    """Whether it is told of acts."""

    is_on: bool


@dataclass(frozen=True, kw_only=True)
class Hook:
    """A web hook, without its secret."""

    number: int
    address: str
    is_on: bool
    version: int


@dataclass(frozen=True, kw_only=True)
class Sending:
    """Something on its way out, and how it stands; not what it says."""

    number: int
    to: str
    created_at: datetime
    sent_at: datetime | None
    attempts: int
    next_try_at: datetime | None
    failed_at: datetime | None
    error: str


@operation("GET", "/hooks", scope=Scope.SETTINGS)
def list_hooks(query: Page) -> Listed[Hook]:
    """List web hooks."""
    return page_of(hooks.read_hooks(context.database(), context.actor()), query, partial(told, Hook))


@operation("POST", "/hooks", status=201, scope=Scope.SETTINGS)
def create_hook(body: NewHook) -> One[Hook]:
    """Add a web hook, switched on; its host must be among those that the operator has listed."""
    change = do(
        hooks.add_hook, address=body.address, secret=body.secret, listed=context.context().settings.hook_hosts
    )
    found = hooks.read_hooks(context.database(), context.actor())[-1]
    return one(told(Hook, found), found.version, at=f"/hooks/{found.id}", change=change)


@operation("GET", "/hooks/<int:number>", scope=Scope.SETTINGS)
def read_hook(number: Number) -> One[Hook]:
    """Read one web hook."""
    found = _found(number)
    return one(told(Hook, found), found.version)


@operation("PATCH", "/hooks/<int:number>", scope=Scope.SETTINGS)
def switch_hook(number: Number, body: HookSwitch, version: int | None) -> One[Hook]:
    """Switch a web hook on or off; what waits for it waits on."""
    if version not in (None, _found(number).version):
        raise Stale("Somebody else changed this since you read it. Read it again.")
    change = do(hooks.switch_hook, number, on=body.is_on)
    found = _found(number)
    return one(told(Hook, found), found.version, change=change)


@operation("POST", "/hooks/<int:number>/test", scope=Scope.SETTINGS)
def test_hook(number: Number) -> Done:
    """Send a message that says nothing, to see whether it arrives."""
    do(hooks.try_hook, number)
    return done()


@operation("GET", "/hooks/messages", scope=Scope.SETTINGS)
def list_hook_messages(query: Page) -> Listed[Sending]:
    """List the last messages to web hooks, newest first."""
    return page_of(hooks.read_deliveries(context.database(), context.actor()), query, partial(told, Sending))


@operation("POST", "/hooks/messages/<int:number>/again", scope=Scope.SETTINGS)
def send_message_again(number: Number) -> Done:
    """Let a message that was given up be sent after all."""
    do(hooks.send_again, Outgoing.DELIVERY, number)
    return done()


@operation("GET", "/mails/troubled", scope=Scope.SETTINGS)
def list_troubled_mails(query: Page) -> Listed[Sending]:
    """List mails that did not arrive at the first try or at all."""
    return page_of(
        hooks.read_troubled_mails(context.database(), context.actor()), query, partial(told, Sending)
    )


@operation("POST", "/mails/<int:number>/again", scope=Scope.SETTINGS)
def send_mail_again(number: Number) -> Done:
    """Let a mail that was given up be sent after all."""
    do(hooks.send_again, Outgoing.MAIL, number)
    return done()


def _found(number: int) -> hooks.Hook:
    for one_of_them in hooks.read_hooks(context.database(), context.actor()):
        if one_of_them.id == number:
            return one_of_them
    raise NotFound(f"There is no web hook {number}.")
