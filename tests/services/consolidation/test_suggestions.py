"""The suggestion of an organisation: the same for the same facts, refused in words for wrong ones."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from planner.bench.organisations import clustered
from planner.domain.consolidation.model import Attendance, Rules
from planner.domain.errors import InvalidInput
from planner.domain.model import DependencyState
from planner.domain.negotiation.acts import Act, Move
from planner.services.consolidation import plans
from planner.services.consolidation.suggestion_text import as_json
from planner.services.consolidation.suggestions import (
    SuggestionRequest,
    answer,
    days_after,
    pose,
    read_rule_values,
    suggest,
    suggest_of_late,
)
from planner.services.example import example_draft, load_example
from planner.services.exchange import store_draft
from planner.services.negotiations import negotiate
from planner.services.organisation import read_organisation
from planner.services.settings import change_rules, read_rules
from planner.storage.models import ResultRow
from tests.factories import MONDAY, OPERATOR, make_cast, make_dependency, make_team

if TYPE_CHECKING:
    from pathlib import Path

    from planner.domain.consolidation.suggestion import Suggestion
    from planner.domain.transfer import Draft

TODAY = MONDAY.date()


def suggested(session: Session, **asked: object) -> Suggestion:
    request = SuggestionRequest(**asked)  # type: ignore[arg-type] # the fields of the request by name
    return suggest(session, read_organisation(session), request, TODAY)


def kept_results(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(ResultRow)) or 0


def shuffled(draft: Draft, seed: int) -> Draft:
    """Return the same facts in another order."""
    order = random.Random(seed)  # noqa: S311 - repeatable, not secret
    parts = ("places", "people", "teams", "horizons", "goals", "sessions", "dependencies")
    mixed: dict[str, Any] = {
        part: tuple(order.sample(getattr(draft, part), len(getattr(draft, part)))) for part in parts
    }
    return replace(draft, **mixed)


def test_nothing_recorded_is_nothing_to_meet_about(session: Session) -> None:
    found = suggested(session)

    assert (found.headline, found.sessions, found.cost) == ("Nothing to talk about yet", (), 0)


def test_the_second_answer_is_the_kept_one_and_says_the_same(session: Session) -> None:
    load_example(session, OPERATOR)

    solved = as_json(suggested(session))
    kept = kept_results(session)
    again = as_json(suggested(session))

    assert (kept, kept_results(session)) == (1, 1)
    assert again == solved


def test_what_changes_the_task_is_solved_anew(session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    before = suggested(session)

    make_dependency(session, cast.partner_team, cast.outside_team, what="Card token")

    assert kept_results(session) == 1
    assert (before.after.seats, suggested(session).after.seats) == (2, 3)
    assert kept_results(session) == 2


@pytest.mark.parametrize("seed", [1, 2])
def test_a_file_with_its_rows_shuffled_gives_the_same_bytes(
    session: Session, tmp_path: Path, sqlite_template: Path, seed: int
) -> None:
    draft = example_draft(TODAY)
    store_draft(session, OPERATOR, draft, tag="test:loaded", summary="Loaded")
    copy = shutil.copy(sqlite_template, tmp_path / "other.db")

    with Session(create_engine(f"sqlite:///{copy}")) as other:
        store_draft(other, OPERATOR, shuffled(draft, seed), tag="test:loaded", summary="Loaded")

        assert as_json(suggested(other)) == as_json(suggested(session))


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"horizon": "Q9"}, "horizon: there is no “Q9”; there are none"),
        (
            {"states": ["done"]},
            "state: expected one of asked, countered, agreed, reopened, delivered, confirmed, declined, "
            "withdrawn",
        ),
        ({"rules": ["people_max=1"]}, "people_max: read “1”, expected a whole number from 2 to 30"),
        ({"rules": ["people_max=x"]}, "people_max: read “x”, expected a whole number from 2 to 30"),
        ({"rules": ["people_max=8.5"]}, "people_max: read “8.5”, expected a whole number from 2 to 30"),
        ({"rules": ["unrated_gap=nan"]}, "unrated_gap: read “nan”, expected a number from 0 to 1"),
        ({"rules": ["unrated_gap=1.1"]}, "unrated_gap: read “1.1”, expected a number from 0 to 1"),
        ({"rules": ["attendance=half"]}, "attendance: read “half”, expected window or whole"),
        ({"rules": ["queues_whole=maybe"]}, "queues_whole: read “maybe”, expected yes or no"),
        ({"rules": ["people_max=" + "9" * 5000]}, "people_max: read “99999999999999999999”, expected a whole "
         "number from 2 to 30"),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_refused_with_what_does(
    session: Session, asked: dict[str, list[str]], refusal: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        suggest(session, read_organisation(session), SuggestionRequest.from_words(**asked), TODAY)  # type: ignore[arg-type] # words by name

    assert str(refused.value) == refusal


def test_an_unknown_rule_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InvalidInput) as refused:
        SuggestionRequest.from_words(rules=["speed=9", "people_max=99"])

    assert [problem.where for problem in refused.value.problems] == ["speed", "people_max"]
    assert "there is no such rule; there are attendance, earliest, latest, minutes_max" in str(refused.value)


def test_rules_are_read_as_people_type_them() -> None:
    typed = {
        "people_max": " 9 ",
        "room_max": "none",
        "attendance": "Whole",
        "queues_whole": "YES",
        "opening": "",
        "earliest": "9:30",
        "latest": "24:00",
    }

    assert read_rule_values(typed) == {
        "people_max": 9, "room_max": None, "attendance": Attendance.WHOLE, "queues_whole": True,
        "earliest": 570, "latest": 1440,
    }  # fmt: skip


@pytest.mark.parametrize("typed", ["9", "25:00", "10:60", "ten", "-1:00", "24:01", "9:³"])
def test_what_is_no_time_of_day_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_rule_values({"earliest": typed})

    assert str(refused.value) == f"earliest: read “{typed}”, expected a time of day like 10:00"


def test_nobody_meets_before_the_earliest_time(session: Session) -> None:
    load_example(session, OPERATOR)
    organisation = read_organisation(session)
    late = SuggestionRequest.from_words(rules=["earliest=11:00"])

    found = suggest(session, organisation, late, TODAY)

    starts = [one.slot.minute + min(seat.start for seat in one.seats) for one in found.sessions if one.slot]
    assert starts
    assert min(starts) >= 11 * 60


def test_kept_rules_hold_for_the_next_suggestion_and_defaults_are_not_stored(session: Session) -> None:
    change_rules(session, OPERATOR, replace(Rules(), people_max=4, attendance=Attendance.WHOLE))
    assert read_rules(session) == replace(Rules(), people_max=4, attendance=Attendance.WHOLE)

    change_rules(session, OPERATOR, Rules())
    unchanged = change_rules(session, OPERATOR, Rules())

    assert read_rules(session) == Rules()
    assert unchanged.id is None


def test_sessions_are_placed_on_the_ten_working_days_that_follow() -> None:
    friday = TODAY.replace(day=6)

    assert [f"{day:%a %d}" for day in days_after(friday)] == [
        "Mon 09", "Tue 10", "Wed 11", "Thu 12", "Fri 13", "Mon 16", "Tue 17", "Wed 18", "Thu 19", "Fri 20",
    ]  # fmt: skip


def test_a_page_of_one_persons_part_searches_for_nothing_and_shows_what_a_search_has_found(
    session: Session,
) -> None:
    load_example(session, OPERATOR)
    asked = read_organisation(session), SuggestionRequest(), TODAY

    key = pose(*asked[:2], rules=read_rules(session), today=TODAY).key

    suggest_of_late(session, *asked)
    assert (plans.kept_best(session, key) is None, plans.kept_final(session, key)) == (False, None)

    searched = answer(session, *asked)
    assert plans.kept_final(session, key) == searched.solution
    assert suggest_of_late(session, *asked) is searched.suggestion


def test_a_large_organisation_shows_a_suggestion_that_is_some_changes_old(session: Session) -> None:
    store_draft(session, OPERATOR, clustered(40, 1000), tag="test:loaded", summary="Loaded")
    first = suggested(session)
    asked = next(d.id for d in read_organisation(session).dependencies if d.state is DependencyState.ASKED)

    negotiate(session, OPERATOR, asked, Move(Act.DECLINE, text="no"), version=None, key=None)

    changed = read_organisation(session)
    assert suggest_of_late(session, changed, SuggestionRequest(), TODAY) is first
    make_team(session, name="Newcomers")
    assert suggest_of_late(session, read_organisation(session), SuggestionRequest(), TODAY) is not first
