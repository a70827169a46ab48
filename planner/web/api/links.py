"""Links that open something: calendar feeds, shared pictures, invitations. Each is shown once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated

from flask import url_for

from planner.domain.errors import NotFound
from planner.services import shares
from planner.services.accounts import invitations
from planner.services.accounts.attempts import Kind, count_attempt
from planner.services.accounts.tokens import Scope
from planner.services.calendar import calendars
from planner.web import context
from planner.web.api.operations import Done, File, Listed, One, Page, operation, page_of
from planner.web.api.pictures import PictureFocus, View
from planner.web.api.records import do, done, expect_known, maybe, one, person_keys, team_keys
from planner.web.api.suggestion import Question
from planner.web.api.telling import told
from planner.web.api.types import Email, Key, Number, Text
from planner.web.forms.shares import SITE_LONGEST
from planner.web.records import by_key
from planner.web.views.map import FIRST_VIEW
from planner.web.views.suggestion import plan_view

CALENDAR = "text/calendar; charset=utf-8"


Site = Annotated[str, Text(SITE_LONGEST)]
TEAMS = View(FIRST_VIEW)


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
class NewShare(PictureFocus):
    """A picture with its filters, for whoever has the link, to the end of a day.

    `site`: the one site that may show it in a frame, like https://wiki.example.org.
    """

    until: date
    view: View = TEAMS
    site: Site = ""


@dataclass(frozen=True, kw_only=True)
class ShareLink:
    """The addresses of a shared picture, shown this once: its page, an image, and a page for a frame."""

    address: str
    image: str
    frame: str


@dataclass(frozen=True, kw_only=True)
class NewSessionShare(Question):
    """A suggested session, by its place in the suggestion from 1 on, for whoever has the link."""

    session: Number
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
    token = do(calendars.make_feed, team_id=team.id if team else None)
    return one(Link(address=context.own_address(url_for("calendars.feed", token=token))))


@operation("DELETE", "/calendars/<int:number>")
def delete_calendar(number: Number) -> Done:
    """Take a calendar address of yours back."""
    do(calendars.revoke_feed, number)
    return done()


@operation("GET", "/shared-sessions/<int:number>/calendar", content_type=CALENDAR)
def read_session_calendar(number: Number) -> File:
    """Read one agreed session for a calendar program, with your own window in its text."""
    organisation, actor = context.organisation(), context.actor()
    person = next((p for p in organisation.people if p.id == actor.person_id), None)
    found = calendars.session_calendar(
        context.database(), organisation, number, person, replies_to=context.replies_to()
    )
    return File(found, CALENDAR)


@operation("GET", "/shares", accounts_only=True)
def list_shares(query: Page) -> Listed[Share]:
    """List your own links for guests that work."""
    found = shares.read_shares(context.database(), context.actor())
    return page_of(
        found,
        query,
        lambda one: told(
            Share,
            one,
            shows=dict(one.shown.words),
            is_session=one.shown.is_session,
            last_day=context.own_day(one.last_moment),
        ),
    )


@operation("POST", "/shares", status=201, is_secret=True, accounts_only=True)
def create_share(body: NewShare) -> One[ShareLink]:
    """Share a picture with guests. Its addresses are shown once."""
    asked = body.as_request(body.view)
    named = {"view": body.view.value, "focus": body.focus, "level": body.level and body.level.value}
    words = asked.chosen.as_query() | {name: word for name, word in named.items() if word}
    token = _share(shares.Shown(words | {"depth": str(body.depth)}, site=body.site), body.until)
    return one(
        ShareLink(
            address=context.own_address(url_for("shares.show", token=token)),
            image=context.own_address(url_for("shares.picture", token=token, kind="png")),
            frame=context.own_address(url_for("shares.embed", token=token)),
        )
    )


@operation("POST", "/suggestion/shares", status=201, is_secret=True, accounts_only=True)
def share_suggested_session(body: NewSessionShare) -> One[Link]:
    """Share one suggested session with guests, as it is each day. The link is shown once."""
    sessions = plan_view(body.request, is_near=body.near).answer.suggestion.sessions
    if body.session > len(sessions):
        raise NotFound("The suggestion has no such session.")
    keys = shares.keys_of(context.organisation(), sessions[body.session - 1])
    token = _share(shares.Shown(body.words, keys), body.until)
    return one(Link(address=context.own_address(url_for("shares.show", token=token))))


@operation("DELETE", "/shares/<int:number>", accounts_only=True)
def delete_share(number: Number) -> Done:
    """Take one of your own links back."""
    do(shares.revoke_share, number)
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
    do(invitations.revoke_invitation, number)
    return done()


def _share(shown: shares.Shown, until: date) -> str:
    context.own_address("/")  # before anything is kept
    return do(shares.share, shown, until=until)
