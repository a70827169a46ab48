"""Every address and act, by owner, partner, outsider, administrator, guest and nobody, in both modes.

A new route needs one line here: its endpoint and who gets what. What is sent to it, and what nobody gets
where people choose who they are, stands in its line of `test_routes`; what answers only where people have
accounts has all of it in `ACCOUNTS` below.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from sqlalchemy import Table, delete, insert, select, update

from planner.app import create_app
from planner.config import SignIn
from planner.services import hooks
from planner.services.accounts.tickets import Purpose, make_ticket
from planner.services.changes import one_transaction
from planner.services.mail import post
from planner.services.shares import Shown, share
from planner.storage import jobs
from planner.storage.db import Base
from planner.storage.models import AccountRow, SignInRow, TicketRow
from tests.conftest import HOOK_HOSTS, Filled, filled_once, settings_for
from tests.factories import (
    MONDAY,
    OPERATOR,
    Cast,
    make_actor,
    make_dependency,
    make_goal,
    make_horizon,
    make_person,
    make_place,
    make_session,
    make_team,
)
from tests.support.accounts import PASSWORD, House, make_account, make_house, person_id
from tests.support.application import running
from tests.support.digest import everything
from tests.support.page import Browser
from tests.web.test_routes import (
    FOR_PROGRAMS,
    READ,
    SEARCH,
    WITH_ACCOUNTS,
    WRITE,
    let_run,
    make_plans,
    take_back,
    version_at,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session


class Who(NamedTuple):
    """The first status for each of these people. Guests hold a link to the map, and nothing else."""

    owner: int
    partner: int
    outsider: int
    administrator: int
    guest: int
    nobody: int


def seen(status: int = 200) -> Who:
    """Whoever is signed in sees it; the others are asked to sign in."""
    return Who(status, status, status, status, 303, 303)


def owners(*, partner: int = 403, outsider: int = 403, administrator: int = 403) -> Who:
    """The owner may, whoever is named too, and the others are told whom to ask."""
    return Who(303, partner, outsider, administrator, 303, 303)


MEMBERS = seen()
DONE = seen(303)
ANYBODY = Who(200, 200, 200, 200, 200, 200)
GOES_ON = Who(303, 303, 303, 303, 303, 303)
BOTH_TEAMS = owners(partner=303)
OURS = owners()
PEOPLE = owners(administrator=303)
ADMINISTRATORS = Who(404, 404, 404, 200, 303, 303)
ADMINISTRATORS_DO = Who(403, 403, 403, 303, 303, 303)
MANAGERS = seen()  # any product owner, and administrators
MANAGERS_DO = seen(303)
BY_OFFICE = (PEOPLE, MANAGERS, MANAGERS_DO)
"""What an administrator does as such: where people choose who they are, there are none."""
NO_CODE = Who(404, 404, 404, 404, 404, 404)  # with one that opens: tests/web/test_live.py
THEIRS = Who(303, 404, 404, 404, 303, 303)

RIGHTS: dict[str, Who] = {
    "calendars.add_days": DONE,
    "adjusting.draft": MEMBERS,
    "adjusting.restore": seen(409),
    "adjusting.share": seen(409),
    "adjusting.share_version": seen(409),
    "adjusting.version": MEMBERS,
    "calendars.create": MEMBERS,
    "calendars.feed": Who(404, 404, 404, 404, 404, 404),  # nobody's secret; tests/web/test_calendars.py
    "calendars.forget_file": seen(404),  # each their own
    "calendars.index": MEMBERS,
    "calendars.read_file": seen(422),
    "calendars.remove_days": seen(404),
    "calendars.revoke": THEIRS,
    "calendars.session": MEMBERS,
    "dependencies.act": OURS,
    "dependencies.answer": Who(200, 403, 403, 403, 303, 303),
    "dependencies.check": MEMBERS,
    "dependencies.create": DONE,
    "dependencies.create_many": DONE,
    "dependencies.delete": BOTH_TEAMS,
    "dependencies.edit": MEMBERS,
    "dependencies.index": MEMBERS,
    "dependencies.new": MEMBERS,
    "dependencies.preview": MEMBERS,
    "dependencies.show": MEMBERS,
    "dependencies.update": BOTH_TEAMS,
    "exchange.clear": Who(303, 303, 303, 403, 303, 303),
    "exchange.csv": MEMBERS,
    "exchange.example": seen(422),
    "exchange.index": MEMBERS,
    "exchange.whole": MEMBERS,
    "goals.create": DONE,
    "goals.delete": BOTH_TEAMS,
    "goals.edit": MEMBERS,
    "goals.index": MEMBERS,
    "goals.new": MEMBERS,
    "goals.show": MEMBERS,
    "goals.update": BOTH_TEAMS,
    "help.index": MEMBERS,
    "help.keys": DONE,
    "history.index": MEMBERS,
    "history.undo": seen(403),
    "hooks.create": MANAGERS_DO,
    "hooks.index": MANAGERS,
    "hooks.send_mail_again": MANAGERS_DO,
    "hooks.send_message_again": MANAGERS_DO,
    "hooks.switch_off": MANAGERS_DO,
    "hooks.switch_on": MANAGERS_DO,
    "hooks.test": MANAGERS_DO,
    "horizons.create": DONE,
    "horizons.delete": DONE,
    "horizons.edit": MEMBERS,
    "horizons.index": MEMBERS,
    "horizons.new": MEMBERS,
    "horizons.show": MEMBERS,
    "horizons.update": DONE,
    "identity.choose": ANYBODY,
    "identity.enter": GOES_ON,
    "identity.leave": GOES_ON,
    "imports.change": THEIRS,
    "imports.create": seen(422),
    "imports.make_now": seen(404),
    "imports.show": Who(200, 404, 404, 404, 303, 303),
    "imports.stop": THEIRS,
    "imports.write": THEIRS,
    "kept_plans.delete": seen(404),
    "kept_plans.keep": seen(409),
    "live.act": OURS,
    "live.aside": OURS,
    "live.call": Who(409, 403, 403, 403, 303, 303),  # one is open already
    "live.code": NO_CODE,
    "live.decide": BOTH_TEAMS,
    "live.door": ANYBODY,
    "live.join": NO_CODE,
    "live.promise": BOTH_TEAMS,
    "live.reveal": OURS,
    "live.room": GOES_ON,  # to the door: these are no guests of a session
    "live.screen": MEMBERS,
    "live.show": MEMBERS,
    "live.unpromise": Who(303, 403, 404, 404, 303, 303),
    "live.undo": Who(403, 403, 403, 403, 303, 303),
    "live.vote": BOTH_TEAMS,
    "map.file": MEMBERS,
    "map.show": MEMBERS,
    "map.tidy": DONE,
    "notices.choices": MEMBERS,
    "notices.choose": DONE,
    "notices.index": MEMBERS,
    "notices.read": DONE,
    "people.create": DONE,
    "people.delete": PEOPLE,
    "people.edit": MEMBERS,
    "people.index": MEMBERS,
    "people.new": MEMBERS,
    "people.show": MEMBERS,
    "people.update": PEOPLE,
    "places.create": DONE,
    "places.delete": DONE,
    "places.edit": MEMBERS,
    "places.index": MEMBERS,
    "places.new": MEMBERS,
    "places.show": MEMBERS,
    "places.update": DONE,
    "programs.index": MEMBERS,
    "programs.show": MEMBERS,
    "preparing.add": DONE,
    "preparing.lead": OURS,
    "preparing.make": BOTH_TEAMS,
    "preparing.open_votes": Who(409, 403, 403, 403, 303, 303),  # nobody has voted yet
    "preparing.show": MEMBERS,
    "preparing.take_away": OURS,
    "preparing.talk": BOTH_TEAMS,
    "preparing.vote": BOTH_TEAMS,
    "preparing.vote_again": Who(409, 403, 403, 403, 303, 303),
    "preparing.write": BOTH_TEAMS,
    # where the session is not over and nobody was there; tests/web/test_minutes.py has the rest
    "minutes.answer": seen(404),
    "minutes.file": MEMBERS,
    "minutes.object_to": seen(404),
    "minutes.share": Who(409, 409, 403, 403, 303, 303),
    "minutes.show": MEMBERS,
    "names.index": DONE,
    "promises.act": Who(303, 403, 404, 404, 303, 303),  # only its owner says how it goes
    "promises.create": Who(303, 422, 422, 422, 303, 303),  # the partner is no peer of their own
    "promises.index": MEMBERS,
    "promises.show": Who(200, 200, 404, 404, 303, 303),
    "promises.take_back": Who(303, 403, 404, 404, 303, 303),
    "proposals.act": OURS,
    "proposals.answer": BOTH_TEAMS,
    "proposals.index": MEMBERS,
    "proposals.invite": Who(409, 409, 403, 403, 303, 303),  # nobody there has a mail address
    "proposals.part": MEMBERS,
    "proposals.share": seen(409),
    "proposals.show": MEMBERS,
    "search.palette": DONE,
    "search.results": MEMBERS,
    "searches.go_on": DONE,
    "searches.make_now": DONE,
    "searches.show": MEMBERS,
    "searches.stop": DONE,
    "sessions.create": OURS,
    "sessions.delete": OURS,
    "sessions.edit": MEMBERS,
    "sessions.index": MEMBERS,
    "sessions.new": MEMBERS,
    "sessions.restore": OURS,
    "sessions.show": MEMBERS,
    "sessions.update": OURS,
    "shared_sessions.answer": BOTH_TEAMS,
    "shared_sessions.ask": BOTH_TEAMS,
    "shared_sessions.decide": OURS,
    "shared_sessions.leave_out": OURS,
    "shared_sessions.leave_word": BOTH_TEAMS,
    "shared_sessions.move": OURS,
    "shared_sessions.reply": BOTH_TEAMS,
    "shared_sessions.restore": OURS,
    "shared_sessions.show": MEMBERS,
    "shared_sessions.take_back": Who(404, 404, 403, 403, 303, 303),  # nobody has left a word
    "single_sessions.ask": BOTH_TEAMS,
    "single_sessions.invite": seen(409),
    "single_sessions.off": Who(409, 403, 403, 403, 303, 303),
    "start.create": GOES_ON,
    "start.new": GOES_ON,
    "static": ANYBODY,
    "suggestion.dial": MEMBERS,
    "suggestion.keep_rules": DONE,
    "suggestion.make_dial": DONE,
    "suggestion.part": MEMBERS,
    "suggestion.show": MEMBERS,
    "suggestion.table": MEMBERS,
    "teams.create": DONE,
    "teams.delete": OURS,
    "teams.edit": MEMBERS,
    "teams.index": MEMBERS,
    "teams.new": MEMBERS,
    "teams.show": MEMBERS,
    "teams.update": OURS,
    "tokens.create": MEMBERS,
    "tokens.index": MEMBERS,
    "tokens.revoke": THEIRS,
    "trials.own": Who(200, 404, 404, 404, 303, 303),
    "trials.say": seen(403),  # nobody was there: tests/web/test_trials.py
    "week.index": MEMBERS,
}


@dataclass(frozen=True)
class Line:
    """A route with accounts: what is sent to it, None for a page; words in braces are filled in."""

    endpoint: str
    address: str
    who: Who
    typed: dict[str, Any] | None = None


NELL = {"name": "Nell New", "email": "nell@example.org", "password": PASSWORD}
NEW = {"password": "five other words by morning"}
UNTIL = {"words": "", "dependencies": "", "until": "2026-02-20"}

ACCOUNTS: list[Line] = [
    Line("account.address", "/account/address", MEMBERS),
    Line(
        "account.ask_for_address", "/account/address", DONE, {"email": "new@example.org", "current": PASSWORD}
    ),
    Line("account.move", "/account/address/{address}", THEIRS, {}),
    Line("account.new_address", "/account/address/{address}", Who(200, 404, 404, 404, 303, 303)),
    Line("account.change_password", "/account/password", DONE, {"current": PASSWORD, **NEW}),
    Line("account.disconnect", "/account/identity/end", DONE, {}),
    Line("account.end", "/account/sign-ins/{sign_in}/end", THEIRS, {}),
    Line("account.end_others", "/account/sign-ins/end", DONE, {}),
    Line("account.show", "/account", MEMBERS),
    Line("doors.accept", "/join/{invitation}", GOES_ON, NELL),
    Line("doors.ask", "/sign-in/mail", ANYBODY),
    Line("doors.begin", "/first/{first}", Who(403, 403, 403, 403, 403, 403), NELL),
    Line("doors.first", "/first/{first}", Who(403, 403, 403, 403, 403, 403)),
    Line("doors.invitation", "/join/{invitation}", ANYBODY),
    Line("doors.link", "/sign-in/link/{link}", ANYBODY),
    Line("doors.reset", "/reset/{reset}", ANYBODY),
    Line("doors.send", "/sign-in/mail", GOES_ON, {"email": "x@example.org", "want": "reset"}),
    Line("doors.set_password", "/reset/{reset}", GOES_ON, NEW),
    Line("doors.use_link", "/sign-in/link/{link}", GOES_ON, {}),
    Line("invitations.create", "/invitations", Who(200, 403, 403, 200, 303, 303), {"team": "payments"}),
    Line("invitations.demote", "/accounts/otto-outsider/administrator/end", ADMINISTRATORS_DO, {}),
    Line("invitations.disable", "/accounts/otto-outsider/disable", ADMINISTRATORS_DO, {}),
    Line("invitations.enable", "/accounts/otto-outsider/enable", ADMINISTRATORS_DO, {}),
    Line("invitations.index", "/invitations", MEMBERS),
    Line("invitations.people", "/accounts", ADMINISTRATORS),
    Line("invitations.promote", "/accounts/otto-outsider/administrator", ADMINISTRATORS_DO, {}),
    Line(
        "invitations.revoke", "/invitations/{invitation_number}/revoke", Who(303, 404, 404, 303, 303, 303), {}
    ),
    Line("openid.back", "/sign-in/openid/back", Who(404, 404, 404, 404, 404, 404)),  # there is no provider
    Line("openid.begin", "/sign-in/openid", Who(404, 404, 404, 404, 404, 404)),
    Line("shares.create", "/account/shares", MEMBERS, UNTIL),
    Line("shares.index", "/account/shares", MEMBERS),
    Line("shares.new", "/account/shares/new", MEMBERS),
    Line("shares.revoke", "/account/shares/{share_number}/revoke", THEIRS, {}),
    Line("shares.show", "/share/{share}", ANYBODY),
    Line("shares.embed", "/embed/{share}", ANYBODY),
    Line("shares.picture", "/embed/{share}.svg", ANYBODY),
]

PEOPLE_OF = {
    "owner": "olive-owner",
    "partner": "pat-partner",
    "outsider": "otto-outsider",
    "administrator": "ada-admin",
    "guest": "",
    "nobody": "",
}
PLAIN: list[Table] = [
    Base.metadata.tables[name]
    for name in (
        "account", "api_token", "attempt", "identity", "mail", "sign_in", "ticket", "ballot", "ballot_paper",
        "promise", "promise_entry", "promise_witness",
    )
]  # fmt: skip


@pytest.fixture(params=[SignIn.ACCOUNTS, SignIn.CHOOSE])
def mode(request: pytest.FixtureRequest) -> SignIn:
    return SignIn(request.param)


@pytest.fixture(scope="module")
def filled(server: str, request: pytest.FixtureRequest) -> Iterator[Filled[dict[str, Any]]]:
    """The town, made once for each process."""
    with filled_once(fill, server, request) as found:
        yield found


@pytest.fixture
def database_url(filled: Filled[dict[str, Any]], tmp_path: Path) -> Iterator[str]:
    with filled.copied(tmp_path) as address:
        yield address


@pytest.fixture
def app(database_url: str, tmp_path: Path, mode: SignIn) -> Iterator[Flask]:
    settings = replace(settings_for(database_url, tmp_path), sign_in=mode)
    with running(settings) as app:
        yield app


@pytest.fixture
def town(app: Flask, session: Session, filled: Filled[dict[str, Any]]) -> Town:
    """A copy of the town for this test."""
    return Town(House(app, session, Cast()), dict(filled.words))


def fill(app: Flask, session: Session) -> dict[str, Any]:
    """One record of each kind, the owner's; an administrator who owns nothing; a link of each kind."""
    house = make_house(app, session)
    cast = house.cast
    session.execute(update(AccountRow).values(is_administrator=False))
    session.commit()
    make_team(session, name="Office", members=[make_person(session, name="Ada Admin")])
    make_account(session, "ada-admin", is_administrator=True)
    goal = make_goal(session, (cast.team, cast.partner_team))
    make_place(session, name="Hull")
    make_horizon(session)
    make_session(session, cast.team)
    make_dependency(session, cast.team, cast.partner_team, goal=goal)
    hooks.add_hook(
        session, OPERATOR, address="https://hooks.example.org/a", secret="s" * 24, listed=HOOK_HOSTS
    )
    hooks.try_hook(session, OPERATOR, 1)
    post(session, to="olive@example.org", subject="Hello", text="Hello", now=MONDAY)
    jobs.add(session, kind="search", key="of older records", payload=SEARCH, now=MONDAY)
    session.commit()
    make_plans(session)
    return links(session)


@dataclass(frozen=True)
class Town:
    """The records, and the words that addresses need."""

    house: House
    words: dict[str, Any]

    def browser(self, who: str) -> Browser:
        """Return the browser of this kind of person; a guest has opened their link already."""
        key = PEOPLE_OF[who]
        if self.house.app.extensions["planner"].settings.sign_in is SignIn.CHOOSE:
            browser = Browser(self.house.app)
            if key:
                browser.sign_in(key)
            return browser
        browser = self.house.browser(key)
        if who == "guest":
            assert browser.status(f"/share/{self.words['share']}")[0] == 200
        return browser


def links(session: Session) -> dict[str, Any]:
    """Make one link of each kind, the owner's; return them with the numbers of what can be taken back."""
    olive = person_id(session, "olive-owner")
    with one_transaction(session):
        words = {
            "invitation": make_ticket(session, Purpose.INVITATION, team_id=1, made_by=olive, now=MONDAY),
            "first": make_ticket(session, Purpose.FIRST_START, now=MONDAY),
            "link": make_ticket(session, Purpose.SIGN_IN, person_id=olive, now=MONDAY),
            "address": make_ticket(session, Purpose.ADDRESS, person_id=olive, email="o@x.org", now=MONDAY),
            "reset": make_ticket(session, Purpose.RESET, person_id=olive, now=MONDAY),
        }
    until = MONDAY.date() + timedelta(days=7)
    words["share"] = share(session, make_actor(session, "olive-owner"), Shown({}), until=until)
    number = {row.purpose: row.id for row in session.scalars(select(TicketRow))}
    session.rollback()
    return {**words, "invitation_number": number["invitation"], "share_number": number["share"]}


def lines() -> list[Line]:
    """Every route that answers in both modes, with its address, and then those with accounts."""
    reads = [Line(endpoint, address, RIGHTS[endpoint]) for endpoint, address, _statuses in READ]
    writes = [
        Line(endpoint, address, RIGHTS[endpoint], typed) for endpoint, address, typed, _statuses in WRITE
    ]
    return [*reads, *writes, *ACCOUNTS]


def expected(line: Line, mode: SignIn) -> Who:
    """Where people choose who they are, there are no accounts, and nobody sees what `test_routes` says."""
    if mode is SignIn.ACCOUNTS:
        return line.who
    if line in ACCOUNTS:
        return Who(404, 404, 404, 404, 404, 404)
    routes = [(one[0], one[2]) for one in READ] + [(one[0], one[3]) for one in WRITE]
    nobody = next(statuses[0] for endpoint, statuses in routes if endpoint == line.endpoint)
    return line.who._replace(
        administrator=403 if any(line.who is one for one in BY_OFFICE) else line.who.administrator,
        guest=nobody,
        nobody=nobody,
    )


def address_of(line: Line, town: Town) -> tuple[str, dict[str, Any] | None]:
    """Fill in the words, and send the version along that the form at the address carries."""
    words = dict(town.words)
    if "{sign_in}" in line.address:
        words["sign_in"] = _sign_in_of_owner(town)
    address = line.address.format(**words)
    if line.typed is None:
        return address, None
    return address, line.typed | version_at(town.browser("owner"), line.endpoint, address)


def _sign_in_of_owner(town: Town) -> int:
    town.browser("owner")
    session = town.house.session
    olive = person_id(session, "olive-owner")
    found = session.scalar(select(SignInRow.id).where(SignInRow.person_id == olive))
    session.rollback()
    return found or 1


def test_every_route_has_a_line(tmp_path: Path) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'unused.db'}", tmp_path))
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    endpoints = {one for one in endpoints if one.partition(".")[0] != FOR_PROGRAMS}

    assert sorted(endpoints) == sorted([*RIGHTS, *(line.endpoint for line in ACCOUNTS)])
    assert {line.endpoint.partition(".")[0] for line in ACCOUNTS} == WITH_ACCOUNTS


@pytest.mark.parametrize("who", Who._fields)
def test_who_sees_what(town: Town, mode: SignIn, who: str) -> None:
    browser = town.browser(who)
    pages = [line for line in lines() if line.typed is None]

    found = {line.endpoint: browser.status(address_of(line, town)[0])[0] for line in pages}

    assert found == {line.endpoint: getattr(expected(line, mode), who) for line in pages}


@pytest.mark.parametrize(
    "line", [one for one in lines() if one.typed is not None], ids=lambda one: one.endpoint
)
def test_who_does_what(town: Town, mode: SignIn, line: Line) -> None:
    session, wanted = town.house.session, expected(line, mode)
    statuses = {}
    if line.endpoint.startswith("live."):
        let_run(session)

    for who in Who._fields:
        address, typed = address_of(line, town)
        browser, before, plain = town.browser(who), everything(session), plain_rows(session)
        statuses[who], location = browser.status(address, typed)
        if statuses[who] >= 400 or location.startswith("/sign-in?"):
            assert everything(session) == before, who
        put_back(session, before, plain)

    assert statuses == wanted._asdict()


def plain_rows(session: Session) -> dict[Table, list[Any]]:
    """Return every row that the history does not know, by table."""
    rows = {table: list(session.execute(select(table)).mappings()) for table in PLAIN}
    session.rollback()
    return rows


def put_back(session: Session, before: dict[str, list[Any]], plain: dict[Table, list[Any]]) -> None:
    """Undo what somebody did, so that the next person finds the same town."""
    take_back(session, len(before["change"]))
    for table in reversed(plain):
        session.execute(delete(table))
    for table, rows in plain.items():
        if rows:
            session.execute(insert(table), [dict(row) for row in rows])
    session.commit()
