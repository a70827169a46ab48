"""The sessions that teams hold today."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Annotated

from planner.domain import model
from planner.domain.transfer import SessionDraft, session_draft
from planner.services import agreements, sessions
from planner.web import context
from planner.web.api.operations import Done, Listed, One, Page, operation, page_of
from planner.web.api.records import (
    do,
    done,
    expect_known,
    expect_version,
    looked_for,
    maybe,
    one,
    person_keys,
    place_names,
    team_keys,
    version,
    versions,
)
from planner.web.api.types import AtMost, Between, Key, Name, Partial, Sentence, ShortText
from planner.web.records import by_key


@dataclass(frozen=True, kw_only=True)
class NewTeamSession:
    """A session of one team. Times are minutes after midnight in its zone; Monday is 0."""

    title: Sentence
    host: Key
    attendees: Annotated[tuple[Key, ...], AtMost(500)] = ()
    minutes: Annotated[int, Between(1, 1440)] = 60
    local_minutes: Annotated[int, Between(0, 1440)] = 0
    cadence_days: Annotated[int, Between(1, 366)] = 14
    weekday: Annotated[int, Between(0, 6)] | None = None
    start: Annotated[int, Between(0, 1439)] | None = None
    zone: Name | None = None
    place: Name | None = None


@dataclass(frozen=True, kw_only=True)
class TeamSession(NewTeamSession):
    """A session of one team; paused while a shared session is tried in its place."""

    key: str
    is_paused: bool
    version: int


@dataclass(frozen=True, kw_only=True)
class TeamSessionFilter(Page):
    """`q`: part of the title. `team`: its host, by key. `person`: who sits in it, by key."""

    q: ShortText | None = None
    team: Key | None = None
    person: Key | None = None


@operation("GET", "/team-sessions")
def list_team_sessions(query: TeamSessionFilter) -> Listed[TeamSession]:
    """List team sessions by title."""
    organisation = context.organisation()
    teams = {team.key: team.id for team in organisation.teams}
    people = {person.key: person.id for person in organisation.people}
    found = [
        one_of_them
        for one_of_them in looked_for(organisation.sessions, lambda session: session.title, query.q)
        if (query.team is None or teams.get(query.team) == one_of_them.host_id)
        and (query.person is None or people.get(query.person) in one_of_them.attendee_ids)
    ]
    known = versions("session", found)
    return page_of(found, query, lambda session: _session(session, known[session.id]))


@operation("POST", "/team-sessions", status=201)
def create_team_session(body: NewTeamSession) -> One[TeamSession]:
    """Add a team session."""
    key, change = do(sessions.record_session, _draft(body))
    return one(*_current(key), at=f"/team-sessions/{key}", change=change)


@operation("GET", "/team-sessions/<key>")
def read_team_session(key: Key) -> One[TeamSession]:
    """Read one team session."""
    return one(*_current(key))


@operation("PATCH", "/team-sessions/<key>")
def change_team_session(key: Key, body: Partial[NewTeamSession], version: int | None) -> One[TeamSession]:
    """Change what is named of a team session; a list of attendees replaces the whole list."""
    found = by_key(context.organisation().sessions, key, "session")
    wanted = body.over(_of(session_draft(context.organisation(), found)))
    change = do(sessions.change_session, key, _draft(wanted), version=version)
    return one(*_current(key), change=change)


@operation("DELETE", "/team-sessions/<key>")
def delete_team_session(key: Key, version: int | None) -> Done:
    """Remove a team session with its seats."""
    expect_version("session", by_key(context.organisation().sessions, key, "session"), version)
    return done(do(sessions.remove_session, key))


@operation("POST", "/team-sessions/<key>/restore")
def restore_team_session(key: Key) -> One[TeamSession]:
    """Let a paused team session be held again while the rest of the trial goes on."""
    by_key(context.organisation().sessions, key, "session")
    change = do(agreements.restore_session, key)
    return one(*_current(key), change=change)


def _current(key: str) -> tuple[TeamSession, int]:
    found = by_key(context.organisation().sessions, key, "session")
    number = version("session", found)
    return _session(found, number), number


def _session(found: model.TeamSession, number: int) -> TeamSession:
    values = vars(_of(session_draft(context.organisation(), found)))
    return TeamSession(key=found.key, is_paused=found.paused_by_id is not None, version=number, **values)


def _of(draft: SessionDraft) -> NewTeamSession:
    return NewTeamSession(**{one.name: getattr(draft, one.name) for one in fields(NewTeamSession)})


def _draft(wanted: NewTeamSession) -> SessionDraft:
    expect_known(
        host=((wanted.host,), team_keys()),
        attendees=(wanted.attendees, person_keys()),
        place=(maybe(wanted.place), place_names()),
    )
    return SessionDraft(key="", **asdict(wanted))
