"""Links that open something: calendar feeds, shared pictures, invitations. Each is shown once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from flask import url_for

from planner.services import calendars, invitations, shares
from planner.services.attempts import Kind, count_attempt
from planner.services.tokens import Scope
from planner.web import context
from planner.web.api.chosen import Chosen
from planner.web.api.operations import Done, File, Listed, One, Page, operation, page_of
from planner.web.api.records import done, expect_known, maybe, one, person_keys, team_keys
from planner.web.api.telling import told
from planner.web.api.types import Email, Key, Number
from planner.web.records import by_key
from planner.web.views.map import map_request

CALENDAR = "text/calendar; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Link:
    """An address that is shown this once."""

    address: str


@dataclass(frozen=True, kw_only=True)
class NewCalendar:
    """Whose sessions: those of a team, by key, or your own."""

    team: Key | None = None


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A calendar address of yours that works."""

    number: int
    team: str | None
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class NewShare(Chosen):
    """A link that shows the map with these filters to whoever has it, to the end of a day."""

    until: date


@dataclass(frozen=True, kw_only=True)
class Share:
    """A link of yours that works."""

    number: int
    shows: dict[str, object]
    is_session: bool
    created_at: datetime
    last_day: date


@dataclass(frozen=True, kw_only=True)
class NewInvitation:
    """An invitation to a team, by key: for whoever has the link, for an address, or for a recorded person."""

    team: Key
    person: Key | None = None
    email: Email = ""


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """An invitation that nobody has accepted yet and that you may take back."""

    number: int
    team: str
    whom: str
    made_by: str
    expires_at: datetime


@operation("GET", "/calendars")
def list_calendars(query: Page) -> Listed[Calendar]:
    """List your own calendar addresses that work."""
    teams = context.organisation().team
    found = calendars.read_feeds(context.database(), context.actor())

    def told(feed: calendars.Feed) -> Calendar:
        team = teams.get(feed.team_id) if feed.team_id is not None else None
        return Calendar(number=feed.id, team=team.key if team else None, made_at=feed.made_at)

    return page_of(found, query, told)


@operation("POST", "/calendars", status=201, is_secret=True)
def create_calendar(body: NewCalendar) -> One[Link]:
    """Make a calendar address. Whoever has it reads these sessions, so it is shown once."""
    expect_known(team=(maybe(body.team), team_keys()))
    context.own_address("/")  # before anything is kept
    team = by_key(context.organisation().teams, body.team, "team") if body.team else None
    token = calendars.make_feed(context.database(), context.actor(), team_id=team.id if team else None)
    return one(Link(address=context.own_address(url_for("calendars.feed", token=token))))


@operation("DELETE", "/calendars/<int:number>")
def delete_calendar(number: Number) -> Done:
    """Take a calendar address of yours back."""
    calendars.revoke_feed(context.database(), context.actor(), number)
    return done()


@operation("GET", "/shared-sessions/<int:number>/calendar", content_type=CALENDAR)
def read_session_calendar(number: Number) -> File:
    """Read one agreed session for a calendar program, with your own window in its text."""
    organisation, actor = context.organisation(), context.actor()
    person = next((p for p in organisation.people if p.id == actor.person_id), None)
    return File(calendars.session_calendar(context.database(), organisation, number, person), CALENDAR)


@operation("GET", "/shares", accounts_only=True)
def list_shares(query: Page) -> Listed[Share]:
    """List your own links for guests that work."""
    found = shares.read_shares(context.database(), context.actor())
    return page_of(
        found,
        query,
        lambda one: told(Share, one, shows=dict(one.shown.words), is_session=one.shown.is_session),
    )


@operation("POST", "/shares", status=201, is_secret=True, accounts_only=True)
def create_share(body: NewShare) -> One[Link]:
    """Share the map with guests. The link is shown once."""
    context.own_address("/")  # before anything is kept
    words = body.as_filter().as_query()
    map_request(words)  # is there such a map?
    token = shares.share(context.database(), context.actor(), shares.Shown(words), until=body.until)
    return one(Link(address=context.own_address(url_for("shares.show", token=token))))


@operation("DELETE", "/shares/<int:number>", accounts_only=True)
def delete_share(number: Number) -> Done:
    """Take one of your own links back."""
    shares.revoke_share(context.database(), context.actor(), number)
    return done()


@operation("GET", "/invitations", accounts_only=True)
def list_invitations(query: Page) -> Listed[Invitation]:
    """List the open invitations that you may take back."""
    found = invitations.read_invitations(context.database(), context.actor(), context.organisation())
    return page_of(found, query, partial(told, Invitation))


@operation("POST", "/invitations", status=201, scope=Scope.SETTINGS, is_secret=True, accounts_only=True)
def create_invitation(body: NewInvitation) -> One[Link]:
    """Invite somebody. The link is shown once, works once, and is mailed where there is an address."""
    expect_known(team=((body.team,), team_keys()), person=(maybe(body.person), person_keys()))
    organisation, actor = context.organisation(), context.actor()
    team = by_key(organisation.teams, body.team, "team")
    person = by_key(organisation.people, body.person, "person") if body.person else None
    context.own_address("/")  # before it is counted
    count_attempt(context.database(), Kind.INVITATION, str(actor.person_id), actor.at)
    address = invitations.invite(
        context.database(),
        actor,
        team=team,
        person=person,
        email=body.email,
        address_of=lambda token: context.own_address(url_for("doors.invitation", token=token)),
    )
    return one(Link(address=address))


@operation("DELETE", "/invitations/<int:number>", scope=Scope.SETTINGS, accounts_only=True)
def delete_invitation(number: Number) -> Done:
    """Take an invitation back."""
    invitations.revoke_invitation(context.database(), context.actor(), number)
    return done()
