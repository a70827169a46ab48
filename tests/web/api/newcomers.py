"""Lets schemathesis ask each time as somebody new: what ends the token that asks can be tried like the rest.

It reads this as its hooks, in a process of its own, and the organisation is the one that a server serves from
PLANNER_HOME. Whoever is to be removed is there as well: Remy, whose record nobody has changed.
"""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

import requests
import schemathesis
from schemathesis import GenerationMode

from planner.app import create_app
from planner.config import read_settings, utc_now
from planner.services.organisation import read_organisation
from planner.storage.db import db
from tests.factories import make_person, make_team
from tests.support.program import token_of

if TYPE_CHECKING:
    from flask import Flask

REMY = "remy-removed"
_numbers = count(1)
_made: set[str] = set()


@cache
def _app() -> Flask:
    return create_app(read_settings())


@schemathesis.auth(refresh_interval=None)
class Newcomer:
    """Somebody with a team and a token of their own."""

    def get(self, _case: Any, _context: Any) -> str:
        """Return the token of somebody new, after making sure that Remy is there."""
        with _app().app_context():
            session = db.session()
            if REMY not in {person.key for person in read_organisation(session).people}:
                make_person(session, name="Remy Removed")
            name = f"Nora {next(_numbers)}"
            key = make_person(session, name=name)
            make_team(session, name=f"Team of {name}", decides=[key])
            token = token_of(session, key, now=utc_now())
            db.session.remove()
        _made.add(f"Bearer {token}")
        return token

    def set(self, case: Any, token: str, _context: Any) -> None:
        case.headers["Authorization"] = f"Bearer {token}"


@schemathesis.hook
def before_call(context: Any, case: Any, _kwargs: dict[str, Any]) -> None:
    """Let somebody ask who is there still, and aim at Remy what is rightly said; the rest stays as it is."""
    if case.headers.get("Authorization") not in _made:
        return  # a check that asks as nobody, or as somebody wrong
    token = Newcomer().get(case, context)
    case.headers["Authorization"] = f"Bearer {token}"
    is_right = case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE
    if is_right and case.operation.definition.raw.get("operationId") == "delete_person":
        address = f"{case.operation.base_url}/people/{REMY}"
        found = requests.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=30)
        case.path_parameters = {"key": REMY}
        case.headers["If-Match"] = found.headers["ETag"]
