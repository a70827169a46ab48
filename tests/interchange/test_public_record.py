"""Public records: what is clear is taken, what is dirty is repaired or left out, and all of it is said."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date

import pytest

from planner.domain.model import DependencyState
from planner.domain.transfer import (
    DependencyDraft,
    Draft,
    GoalDraft,
    HorizonDraft,
    MemberDraft,
    PersonDraft,
    Reading,
    Remark,
    SessionDraft,
    TeamDraft,
    Verdict,
    only_horizon,
)
from planner.interchange.json import read_organisation, write_organisation
from tests.interchange.drafts import read_whole, shared_file

META = {
    "set": "rails",
    "sources": [{"commit": ["24e7d8f", "2026-08-21T03:43:14+00:00"]}],
    "milestones": {"v1.36": {"released": "2026-04-22"}, "v1.37": {"code_freeze": "2026-09-22"}},
}
PEOPLE = [{"id": "ana", "name": "Ana"}, {"id": "ben", "name": "Ben"}]
TEAMS = [
    {"id": "a", "name": "A", "kind": "sig", "mission": "Rails",
     "members": [{"person": "ana", "role": "chair"}]},
    {"id": "b", "name": "B", "kind": "wg", "members": [{"person": "ben", "role": "tech_lead"}]},
]  # fmt: skip


def reading(**changed: object) -> Reading:
    record = {"meta": META, "people": PEOPLE, "teams": TEAMS, "dependencies": [], "goals": [], **changed}
    return read_whole(json.dumps(record).encode())


def a_need(**changed: object) -> dict[str, object]:
    return {"from_team": "a", "to_team": "b", "title": "Track", "item": "K-1", "status": "open", **changed}


def a_team(**changed: object) -> dict[str, object]:
    return {"id": "c", "name": "C", "kind": "sig", "members": [{"person": "ana", "role": "lead"}], **changed}


def remarks_of(found: Reading) -> list[tuple[str, Verdict, str]]:
    """Return the remarks but for the one on working hours, which every record gets."""
    return [(r.where, r.verdict, r.message) for r in found.remarks if r.where != "people"]


def test_a_clear_record_is_taken_whole() -> None:
    goals = [{"id": "K-1", "title": "One track", "owner": "a", "teams": ["b", "a"], "period": "v1.36"}]

    found = reading(goals=goals, dependencies=[a_need(needed_by="v1.36", ask="review")])

    assert found.draft == Draft(
        name="Rails",
        people=(PersonDraft("ana", "Ana"), PersonDraft("ben", "Ben")),
        teams=(
            TeamDraft("a", "A", "SIG", "Rails", members=(MemberDraft("ana", True, "chair"),)),
            TeamDraft("b", "B", "Working group", members=(MemberDraft("ben", True, "tech lead"),)),
        ),
        horizons=(HorizonDraft("v1.36", None, date(2026, 4, 22)),),
        goals=(GoalDraft("K-1", "One track", date(2026, 4, 22), ("a", "b")),),
        dependencies=(
            DependencyDraft(
                "k-1-a-b-review", "a", "b", "Track: review", date(2026, 4, 22),
                goal="K-1", horizon="v1.36", item="K-1",
            ),
        ),
    )  # fmt: skip
    assert remarks_of(found) == []


LEFT_OUT: list[tuple[list[object], str, str]] = [
    ([a_need(to_team="a")], "dependencies[0]", "a team on itself: a"),
    ([a_need(to_team="z")], "dependencies[0]", "unknown team: z"),
    ([a_need(to_team=None)], "dependencies[0]", "unknown team: none named"),
    ([a_need(), a_need()], "dependencies[1]", "stands twice: Track, a from b"),
    (["track"], "dependencies[0]", "not a record: 'track'"),
]


@pytest.mark.parametrize(("needs", "where", "message"), LEFT_OUT)
def test_a_need_that_makes_no_sense_is_left_out(needs: list[object], where: str, message: str) -> None:
    found = reading(dependencies=needs)

    assert len(found.draft.dependencies) == len(needs) - 1
    assert remarks_of(found) == [(where, Verdict.LEFT_OUT, message)]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"needed_by": "2026-13-02"}, "no such day, need left open: 2026-13-02"),
        ({"status": "maybe"}, "unknown status, taken as asked: 'maybe'"),
        ({"title": "Tr\x00ack"}, "control characters removed: title"),
        ({"title": "x" * 600}, "text cut to 500 characters: title had 600"),
    ],
)
def test_a_need_with_a_flaw_is_repaired(changed: dict[str, object], message: str) -> None:
    found = reading(dependencies=[a_need(**changed)])

    assert len(found.draft.dependencies) == 1
    assert remarks_of(found) == [("dependencies[0]", Verdict.REPAIRED, message)]


@pytest.mark.parametrize(
    ("status", "cycle", "state"),
    [
        ("implementable", "v1.36", DependencyState.ASKED),
        ("provisional", None, DependencyState.ASKED),
        ("active", None, DependencyState.ASKED),
        ("implemented", None, DependencyState.CONFIRMED),
        ("implemented", "v1.36", DependencyState.CONFIRMED),
        ("implemented", "v1.9", DependencyState.CONFIRMED),
        ("implemented", "v1.37", DependencyState.AGREED),
        ("implemented", "v1.99", DependencyState.AGREED),
        ("implemented", "2025h1", DependencyState.CONFIRMED),
        ("done", "2026h2", DependencyState.CONFIRMED),
        ("withdrawn", None, DependencyState.WITHDRAWN),
        ("replaced", None, DependencyState.WITHDRAWN),
        ("deferred", None, DependencyState.WITHDRAWN),
        ("rejected", None, DependencyState.DECLINED),
        ("Not accepted", None, DependencyState.DECLINED),
    ],
)
def test_a_status_becomes_a_state(status: str, cycle: str | None, state: DependencyState) -> None:
    found = reading(dependencies=[a_need(status=status, needed_by=cycle)])

    assert [dependency.state for dependency in found.draft.dependencies] == [state]


MEETINGS = [
    ({"day": "Tuesday", "time": "9:00", "tz": "PT (Pacific Time)", "frequency": "biweekly"},
     (1, 540, "America/Los_Angeles", 14)),
    ({"day": "Thursdays (starting February 15th 2024)", "time": "4PM", "tz": "CET", "frequency": "weekly"},
     (3, 960, "Europe/Berlin", 7)),
    ({"day": "third Wednesday", "time": "12:30", "tz": "IST", "frequency": "monthly"},
     (2, 750, "Asia/Kolkata", 28)),
    ({"day": "Friday", "time": "12AM", "tz": "Poland", "frequency": "every four weeks"},
     (4, 0, "Europe/Warsaw", 28)),
    ({"day": "Friday", "time": "12 pm", "tz": "EST (Eastern Time)", "frequency": "bi-weekly"},
     (4, 720, "America/New_York", 14)),
    ({"day": "Monday", "time": "16:00", "tz": "Mars", "frequency": "First Tuesday of each month"},
     (0, None, None, 28)),
    ({"day": "", "time": "25:00", "tz": "UTC", "frequency": "now and then"}, (None, None, "UTC", 14)),
]  # fmt: skip


@pytest.mark.parametrize(("meeting", "expected"), MEETINGS)
def test_a_meeting_becomes_a_session_at_its_time(
    meeting: dict[str, object], expected: tuple[int | None, int | None, str | None, int]
) -> None:
    weekday, start, zone, cadence = expected

    found = reading(teams=[a_team(meetings=[{"title": "Sync", "duration_min": 30, **meeting}])])

    assert found.draft.sessions == (
        SessionDraft(
            "c-sync", "Sync", "c", ("ana",), 30, cadence_days=cadence, weekday=weekday, start=start, zone=zone
        ),
    )


def test_every_repair_of_a_meeting_is_told() -> None:
    meeting = {"title": "Sync", "day": "Mondays", "time": "2PM", "tz": "Poland", "frequency": "?"}

    found = reading(teams=[a_team(meetings=[meeting])])

    assert [(r.where, r.message) for r in found.remarks[1:]] == [
        ("teams[0].meetings[0]", "weekday with more words: 'Mondays' read as Monday"),
        ("teams[0].meetings[0]", "time in words: '2PM' read as 14:00"),
        ("teams[0].meetings[0]", "time zone in words: 'Poland' read as Europe/Warsaw"),
        ("teams[0].meetings[0]", "no length, taken as 60 minutes"),
        ("teams[0].meetings[0]", "no rhythm, taken as every 14 days: '?'"),
    ]


def test_teams_with_flaws_are_taken_as_far_as_they_go() -> None:
    stranger = {"person": "zoe", "role": "chair"}

    found = reading(teams=[a_team(members=[stranger]), a_team(), a_team(id="d", parent="c"), {"name": "E"}])

    assert found.draft.teams == (
        TeamDraft("c", "C", "C"),
        TeamDraft("d", "C (d)", "C", members=(MemberDraft("ana", True, "lead"),)),
    )
    assert remarks_of(found) == [
        ("teams[1]", Verdict.LEFT_OUT, "id stands twice: c"),
        ("teams[3]", Verdict.LEFT_OUT, "no id"),
        ("teams[2]", Verdict.REPAIRED, "name of another team: C, taken as C (d)"),
        ("teams[0].members[0]", Verdict.LEFT_OUT, "unknown person: zoe"),
        ("teams[0]", Verdict.REPAIRED, "nobody decides yet: no chair and no lead on record"),
    ]


def test_one_cycle_in_two_spellings_is_one_horizon() -> None:
    found = reading(
        dependencies=[a_need(needed_by="V1.36"), a_need(needed_by="q1"), a_need(needed_by="Q1", ask="2")]
    )

    assert found.draft.horizons == (HorizonDraft("q1"), HorizonDraft("v1.36", None, date(2026, 4, 22)))


def test_a_third_team_of_the_same_name_is_numbered() -> None:
    found = reading(teams=[a_team(), a_team(id="e", name="c (D)"), a_team(id="d")])

    assert [team.name for team in found.draft.teams] == ["C", "c (D)", "C (d) 2"]


def test_goals_of_one_team_are_counted_and_left_out() -> None:
    found = reading(goals=[{"id": key, "owner": "a", "teams": ["a", "z"]} for key in ("K-1", "K-2")])

    assert found.draft.goals == ()
    assert found.remarks[1:] == (
        Remark("goals", Verdict.LEFT_OUT, "fewer than two teams, so nothing shared: 2 goals"),
    )


def taken(draft: Draft) -> dict[str, int]:
    """Return how many records of each list were taken, where there are any."""
    lists = ("people", "teams", "horizons", "goals", "sessions", "dependencies")
    return {name: len(getattr(draft, name)) for name in lists if getattr(draft, name)}


def counted(reading: Reading) -> Counter[tuple[str, Verdict, str]]:
    """Return how often each remark was made: its list, its verdict, its words up to the colon."""
    return Counter(
        (re.sub(r"\[\d+\]", "", one.where), one.verdict, one.message.split(":")[0]) for one in reading.remarks
    )


def figures(draft: Draft) -> tuple[int, int, int, int]:
    """Return the dependencies, teams, directed pairs and pairs of a draft."""
    directed = {(d.consumer, d.provider) for d in draft.dependencies}
    return (
        len(draft.dependencies),
        len({team for pair in directed for team in pair}),
        len(directed),
        len({frozenset(pair) for pair in directed}),
    )


def test_the_kubernetes_record_is_taken_whole() -> None:
    found = read_whole(shared_file("kubernetes/normalised.json"))

    asked = [d for d in found.draft.dependencies if d.state is DependencyState.ASKED]

    assert taken(found.draft) == {
        "people": 142, "teams": 41, "horizons": 30, "goals": 316, "sessions": 102, "dependencies": 490,
    }  # fmt: skip
    assert sorted((where, verdict, count) for (where, verdict, _why), count in counted(found).items()) == [
        ("goals", Verdict.LEFT_OUT, 1),
        ("goals", Verdict.LEFT_OUT, 1),
        ("people", Verdict.REPAIRED, 1),
        ("teams", Verdict.REPAIRED, 6),
        ("teams.meetings", Verdict.REPAIRED, 2),
        ("teams.meetings", Verdict.REPAIRED, 4),
        ("teams.meetings", Verdict.REPAIRED, 80),
        ("teams.meetings", Verdict.REPAIRED, 102),
    ]
    assert figures(only_horizon(found.draft, "v1.37")) == (65, 17, 33, 27)
    assert figures(Draft(dependencies=tuple(asked)))[::3] == (244, 113)
    assert figures(Draft(dependencies=tuple(asked)))[1] == 37


def test_the_rust_record_is_taken_but_for_needs_of_oneself_and_repeats() -> None:
    found = read_whole(shared_file("rust/normalised.json"))

    left_out = {why: n for (_, verdict, why), n in counted(found).items() if verdict is Verdict.LEFT_OUT}

    assert len(found.draft.dependencies) == 150
    assert left_out == {
        "a team on itself": 65,
        "stands twice": 16,
        "fewer than two teams, so nothing shared": 1,
    }


@pytest.mark.parametrize("name", ["kubernetes", "rust"])
def test_a_real_record_survives_in_our_own_format(name: str) -> None:
    written = write_organisation(read_whole(shared_file(f"{name}/normalised.json")).draft)

    assert write_organisation(read_organisation(written).draft) == written
