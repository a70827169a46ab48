"""Drafts for tests: one small organisation, and every organisation that our format can say."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from planner.domain.model import DependencyKind, DependencyState, WorkingHours
from planner.domain.transfer import (
    DependencyDraft,
    Draft,
    GoalDraft,
    HorizonDraft,
    MemberDraft,
    PersonDraft,
    PlaceDraft,
    Reading,
    SessionDraft,
    TeamDraft,
    TravelDraft,
)
from planner.interchange.tools import read_files, source_of
from tests.support.data import published


def read_whole(data: bytes) -> Reading:
    """Return the whole organisation in a file, through the door that every file takes."""
    found = read_files([source_of(data)]).reading
    assert found is not None
    return found


TWO_TEAMS = Draft(
    name="Larkfield Rail",
    places=(
        PlaceDraft("Dock Street", "Europe/London", (date(2026, 12, 25), date(2026, 12, 26))),
        PlaceDraft("Station House"),
    ),
    travel=(TravelDraft("Dock Street", "Station House", 6),),
    people=(PersonDraft("dana", "Dana Fischer", "dana@larkfield.example", "Dock Street"),),
    teams=(
        TeamDraft("api", "Partner API"),
        TeamDraft("pay", "Payments", members=(MemberDraft("dana", decides=True, role="Product owner"),)),
    ),
    horizons=(HorizonDraft("Sprint 1", date(2026, 2, 2), date(2026, 2, 13)),),
    goals=(GoalDraft("tap", "Tap anywhere", date(2026, 4, 10), ("api", "pay"), "dana"),),
    sessions=(SessionDraft("pay-weekly", "Payments weekly", "pay", ("dana",), weekday=1, start=600),),
    dependencies=(
        DependencyDraft("file", "pay", "api", "Settlement file", date(2026, 3, 30), goal="tap", gap=0.5),
    ),
)


def shared_file(name: str) -> bytes:
    """Return a real data file, or skip the test where there is none."""
    return published(name).read_bytes()


texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=30)
words = texts.filter(lambda text: text.strip() != "")
days = st.none() | st.dates()
zones = st.sampled_from(["UTC", "Europe/London", "Asia/Kolkata"])


@st.composite
def working_hours(draw: st.DrawFn) -> WorkingHours:
    start = draw(st.integers(0, 1439))
    end = draw(st.integers(start + 1, 1440))
    weekdays = draw(st.frozensets(st.integers(0, 6), min_size=1))
    return WorkingHours(draw(zones), start, end, weekdays)


def _people(places: st.SearchStrategy[str | None]) -> st.SearchStrategy[PersonDraft]:
    return st.builds(PersonDraft, words, words, st.none(), places, working_hours())


def _unique_names(count: int) -> st.SearchStrategy[list[str]]:
    return st.lists(words, max_size=count, unique_by=lambda name: " ".join(name.casefold().split()))


@st.composite
def _teams(
    draw: st.DrawFn, people: list[str], places: st.SearchStrategy[str | None]
) -> tuple[TeamDraft, ...]:
    members = st.builds(MemberDraft, st.sampled_from(people or [""]), st.booleans(), texts)
    most = 3 if people else 0
    seats = st.lists(members, max_size=most, unique_by=lambda member: member.person).map(tuple)
    names = draw(_unique_names(4))
    keys = draw(st.lists(words, min_size=len(names), max_size=len(names), unique=True))
    return tuple(
        TeamDraft(key, name, draw(texts), draw(texts), draw(places), draw(seats))
        for key, name in zip(keys, names, strict=True)
    )


@st.composite
def _dependencies(draw: st.DrawFn, teams: list[str], goals: list[str]) -> tuple[DependencyDraft, ...]:
    if len(teams) < 2:
        return ()
    sides = st.lists(st.sampled_from(teams), min_size=2, max_size=2, unique=True)
    return tuple(
        DependencyDraft(
            key,
            consumer,
            provider,
            what=draw(words),
            needed_by=draw(days),
            promised_for=draw(days),
            state=draw(st.sampled_from(DependencyState)),
            goal=draw(st.none() | st.sampled_from(goals)) if goals else None,
            item=draw(texts),
            kind=draw(st.sampled_from(DependencyKind)),
            gap=draw(st.none() | st.floats(0, 1)),
        )
        for key in draw(st.lists(words, max_size=4, unique=True))
        for consumer, provider in (draw(sides),)
    )


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Any organisation that our format accepts, in any order."""
    places = draw(_unique_names(3))
    some_place = st.none() | st.sampled_from(places) if places else st.none()
    people = draw(st.lists(_people(some_place), max_size=4, unique_by=lambda person: person.key))
    person_keys = [person.key for person in people]
    teams = draw(_teams(person_keys, some_place))
    team_keys = [team.key for team in teams]
    some_teams = st.lists(st.sampled_from(team_keys), unique=True).map(tuple) if team_keys else st.just(())
    some_person = st.none() | st.sampled_from(person_keys) if person_keys else st.none()
    goals = draw(
        st.lists(
            st.builds(GoalDraft, words, words, days, some_teams, some_person),
            max_size=3,
            unique_by=lambda g: g.key,
        )
    )
    return Draft(
        name=draw(texts),
        places=tuple(PlaceDraft(name, draw(zones)) for name in places),
        people=tuple(people),
        teams=teams,
        horizons=tuple(HorizonDraft(name, draw(days)) for name in draw(_unique_names(3))),
        goals=tuple(goals),
        sessions=draw(_sessions(team_keys, person_keys)),
        dependencies=draw(_dependencies(team_keys, [goal.key for goal in goals])),
    )


@st.composite
def _sessions(draw: st.DrawFn, teams: list[str], people: list[str]) -> tuple[SessionDraft, ...]:
    if not teams:
        return ()
    attendees = st.lists(st.sampled_from(people), unique=True).map(tuple) if people else st.just(())
    return tuple(
        SessionDraft(
            key,
            draw(words),
            draw(st.sampled_from(teams)),
            draw(attendees),
            minutes=draw(st.integers(30, 1440)),
            local_minutes=draw(st.integers(0, 30)),
            cadence_days=draw(st.integers(1, 366)),
            weekday=draw(st.none() | st.integers(0, 6)),
            start=draw(st.none() | st.integers(0, 1439)),
            zone=draw(st.none() | zones),
        )
        for key in draw(st.lists(words, max_size=3, unique=True))
    )
