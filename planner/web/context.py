"""What a request may reach: the session of the database, the settings, the clock, and who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from flask import abort, current_app, g, redirect, request, session, url_for

from planner.domain.model import PersonId
from planner.services.actor import Actor, actor_for
from planner.services.notices import read_count
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, may

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from planner.config import Settings
    from planner.domain.model import Organisation

PERSON = "person"
KEYS = "keys"


@dataclass(frozen=True)
class Context:
    """Set up once by the application; the pages know nothing of how a session is made."""

    settings: Settings
    session: Callable[[], Any]


def context() -> Context:
    return cast("Context", current_app.extensions["planner"])


def database() -> Any:
    """Return the database session of this request."""
    return context().session()


def now() -> datetime:
    return context().settings.clock()


def today() -> date:
    return now().date()


def organisation() -> Organisation:
    """Return the organisation as it was when this request began to read."""
    if "organisation" not in g:
        g.organisation = read_organisation(database())
    return cast("Organisation", g.organisation)


def visitor() -> Actor | None:
    """Return who is signed in, None for a visitor. The one seam of sign-in."""
    if "visitor" not in g:
        number = session.get(PERSON)
        g.visitor = actor_for(organisation(), PersonId(number), now()) if isinstance(number, int) else None
    return cast("Actor | None", g.visitor)


def actor() -> Actor:
    """Return who acts; a visitor is sent to choose who they are, and comes back here."""
    someone = visitor()
    if someone is None:
        back = request.full_path.rstrip("?") if request.method == "GET" else request.referrer or "/"
        target = url_for("identity.choose", next=own_path(back))
        if "HX-Request" in request.headers:
            response = current_app.make_response(("", 401))
            response.headers["HX-Redirect"] = target
            abort(response)
        abort(redirect(target, 303))
    return someone


def actor_or_first() -> Actor:
    """Return who acts; where nobody is recorded, whoever is there first acts for the installation."""
    return actor() if organisation().people else Actor(at=now(), name="First start")


def new_notices() -> int:
    """Return how many notices are new to the visitor; costs a query where somebody is signed in."""
    someone = visitor()
    return 0 if someone is None else read_count(database(), someone)


def may_manage() -> bool:
    """Return whether the visitor may look after web hooks and mail."""
    someone = visitor()
    return someone is not None and may(someone, Right.MANAGE)


def release() -> None:
    """End the transaction of this request before long work, so that nobody waits for it."""
    database().commit()


def forget() -> None:
    """Read the organisation again: this request has changed it."""
    g.pop("organisation", None)


def own_path(target: str | None) -> str:
    """Return a path of this application to go back to; "/" for anything else."""
    if not target:
        return "/"
    if target.startswith(request.host_url):
        target = "/" + target[len(request.host_url) :]
    plain = target.isprintable() and "\\" not in target
    return target if plain and target.startswith("/") and not target.startswith("//") else "/"


def keys_off() -> bool:
    """Return whether whoever sits here has switched single keys off."""
    return session.get(KEYS) == "off"


def switch_keys(*, off: bool) -> None:
    """Keep the wish for single keys, also when somebody signs in or out here."""
    session.permanent = True
    session[KEYS] = "off" if off else "on"


def sign_in(person_id: int) -> None:
    _clear_session()
    session.permanent = True
    session[PERSON] = person_id
    g.pop("visitor", None)


def sign_out() -> None:
    _clear_session()
    g.pop("visitor", None)


def _clear_session() -> None:
    """Forget everything but the wish for single keys, which is of the hands and not of the account."""
    were_off = keys_off()
    session.clear()
    if were_off:
        switch_keys(off=True)
