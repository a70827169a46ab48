"""What a request may reach: the session of the database, the settings, the clock, and who asks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from flask import abort, current_app, g, redirect, request, session, url_for

from planner.config import SignIn
from planner.domain.errors import PlannerError
from planner.domain.model import PersonId
from planner.services.accounts import sign_ins
from planner.services.actor import Actor, actor_for, person_of
from planner.services.notices import read_count
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, may
from planner.web.devices import device_in_words
from planner.web.meter import Meter, Work, expect_patience

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from planner.config import Settings
    from planner.domain.model import Organisation, Person
    from planner.services.accounts.sign_ins import SignedIn

PERSON = "person"
KEYS = "keys"
TOKEN = "token"  # noqa: S105 - the name of what the cookie holds
OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class AddressUnknown(PlannerError):
    """A link cannot be written, because nobody said where this installation is."""

    def __init__(self) -> None:
        super().__init__(
            "This installation does not know its own address, so it cannot write the link. Nothing was done. "
            "Whoever runs it sets PLANNER_ADDRESS."
        )


@dataclass(frozen=True)
class Context:
    """Set up once by the application; the pages know nothing of how a session is made."""

    settings: Settings
    session: Callable[[], Any]
    meter: Meter = field(default_factory=Meter)


def context() -> Context:
    return cast("Context", current_app.extensions["planner"])


def database() -> Any:
    """Return the database session of this request."""
    return context().session()


def now() -> datetime:
    return context().settings.clock()


def today() -> date:
    """Return the day of whoever reads by their own clock; for a visitor that of the organisation."""
    return own_day(now())


def own_day(moment: datetime) -> date:
    """Return the day of a moment for whoever reads."""
    someone = visitor()
    return day_for_all(moment) if someone is None else someone.day_of(moment)


def day_for_all(moment: datetime | None = None) -> date:
    """Return the day of a moment, or today, for all of the organisation: of its plans, who ever looks."""
    return organisation().day_of(moment or now())


def organisation() -> Organisation:
    """Return the organisation as it was when this request began to read."""
    if "organisation" not in g:
        g.organisation = read_organisation(database())
    return cast("Organisation", g.organisation)


def uses_accounts() -> bool:
    """Return whether people sign in; otherwise they choose who they are."""
    return context().settings.sign_in is SignIn.ACCOUNTS


def visitor() -> Actor | None:
    """Return who is signed in, None for a visitor. The one seam of sign-in."""
    if "visitor" not in g:
        g.visitor = _by_account() if uses_accounts() else _by_choice()
    return cast("Actor | None", g.visitor)


def reader() -> Person | None:
    """Return the person who is signed in as they are recorded, None for a visitor."""
    return person_of(organisation(), visitor())


def _by_choice() -> Actor | None:
    number = session.get(PERSON)
    return actor_for(organisation(), PersonId(number), now()) if isinstance(number, int) else None


def _by_account() -> Actor | None:
    found = signed_in()
    someone = actor_for(organisation(), PersonId(found.person_id), now()) if found else None
    return replace(someone, administers=True) if someone and found and found.administers else someone


def signed_in() -> SignedIn | None:
    """Return the sign-in of this browser, None where there is none or it has ended."""
    if "signed_in" not in g:
        token = session.get(TOKEN)
        known = sign_ins.read_sign_in(database(), token, now()) if isinstance(token, str) else None
        g.signed_in = known
    return cast("SignedIn | None", g.signed_in)


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


def own_zone() -> str:
    """Return the time zone of whoever reads, which their colleagues and places mostly share."""
    person = reader()
    return person.hours.zone if person else "UTC"


def actor_or_first() -> Actor:
    """Return who acts; where nobody is recorded, whoever is there first acts for the installation."""
    return actor() if organisation().people else Actor(at=now(), name="First start")


def draws() -> None:
    """Count a picture that is drawn anew for whoever asks. Raises TooOften.

    A guest is not counted: their link shows one picture, which is drawn anew when something has changed.
    """
    _expect_patience(Work.PICTURE)


def makes_file() -> None:
    """Count a file that is made for whoever asks. Raises TooOften."""
    _expect_patience(Work.FILE)


def _expect_patience(work: Work) -> None:
    someone = visitor()
    if someone is not None and someone.person_id is not None:
        expect_patience(context().meter, work, someone.person_id)


def own_address(path: str) -> str:
    """Return a path of ours as a whole address, to be written into a mail. Raises AddressUnknown.

    What a request says of its host is believed only where hosts are checked, or on the machine itself:
    whoever asks for a mail to somebody else must not choose where its link leads.
    """
    settings = context().settings
    host = urlsplit(request.host_url).hostname
    if settings.address:
        return settings.address + path
    if settings.trusted_hosts or host in OWN_MACHINE:
        return request.host_url.rstrip("/") + path
    raise AddressUnknown


def replies_to() -> str:
    """Return the address that replies to invitations are read from, "" where no inbox is set."""
    settings = context().settings
    return "" if settings.inbox is None else settings.mail_from


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
    """Make this browser the person's; whatever it was before ends, and its cookie is another one."""
    sign_out()
    session.permanent = True
    if uses_accounts():
        device = device_in_words(request.user_agent.string)
        session[TOKEN] = sign_ins.open_sign_in(database(), person_id, device=device, now=now())
    else:
        session[PERSON] = person_id


def sign_out() -> None:
    token = session.get(TOKEN)
    if isinstance(token, str):
        sign_ins.end_token(database(), token)
    _clear_session()
    g.pop("visitor", None)
    g.pop("signed_in", None)


def _clear_session() -> None:
    """Forget everything but the wish for single keys, which is of the hands and not of the account."""
    were_off = keys_off()
    session.clear()
    if were_off:
        switch_keys(off=True)
