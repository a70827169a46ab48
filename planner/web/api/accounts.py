"""Accounts, for those who administer. To others there is nothing here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from planner.domain.errors import NotFound
from planner.services.accounts import accounts
from planner.services.accounts.tokens import Scope
from planner.services.permissions import Right, may, require
from planner.web import context
from planner.web.api.operations import Done, Listed, Page, operation, page_of
from planner.web.api.records import done
from planner.web.api.types import Key
from planner.web.records import by_key


class AccountAct(StrEnum):
    """What an administrator does to an account."""

    PROMOTE = "promote"
    DEMOTE = "demote"
    DISABLE = "disable"
    ENABLE = "enable"


ACTS = {
    AccountAct.PROMOTE: accounts.make_administrator,
    AccountAct.DEMOTE: accounts.end_administration,
    AccountAct.DISABLE: accounts.disable_account,
    AccountAct.ENABLE: accounts.enable_account,
}


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody who is recorded, by key, and whether they can sign in."""

    person: str
    name: str
    has_account: bool
    administers: bool
    is_disabled: bool


@dataclass(frozen=True, kw_only=True)
class NewAccountAct:
    """What is to be done."""

    act: AccountAct


@operation("GET", "/accounts", scope=Scope.SETTINGS, accounts_only=True)
def list_accounts(query: Page) -> Listed[Account]:
    """List who can sign in, as an administrator."""
    if not may(context.actor(), Right.ADMINISTER):
        raise NotFound("There is nothing at this address.")
    known = accounts.list_accounts(context.database())
    people = sorted(context.organisation().people, key=lambda person: person.name.casefold())
    found = [(person, known.get(person.id)) for person in people]
    return page_of(
        found,
        query,
        lambda pair: Account(
            person=pair[0].key,
            name=pair[0].name,
            has_account=pair[1] is not None,
            administers=pair[1] is not None and pair[1].is_administrator,
            is_disabled=pair[1] is not None and pair[1].is_disabled,
        ),
    )


@operation("POST", "/accounts/<key>/acts", scope=Scope.SETTINGS, accounts_only=True)
def act_on_account(key: Key, body: NewAccountAct) -> Done:
    """Make somebody administrator or no more, or shut them out or let them in again."""
    actor = context.actor()
    require(actor, Right.ADMINISTER)
    person = by_key(context.organisation().people, key, "person")
    ACTS[body.act](context.database(), actor, person.id)
    return done()
