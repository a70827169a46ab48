"""Words in, ids out, on both databases; what people type is never a language of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import insert, select

from planner.domain.negotiation.acts import Act, Move
from planner.domain.text import search_words
from planner.domain.transfer import DependencyDraft, TeamDraft
from planner.services.changes import undo
from planner.services.dependencies import change_dependency, remove_dependency
from planner.services.example import load_example
from planner.services.exchange import remove_everything
from planner.services.negotiations import negotiate
from planner.services.teams import change_team
from planner.storage.models import ChangeRow, SearchTextRow
from planner.storage.text_search import MOST_KEPT, find_text, rebuild
from tests.factories import (
    OPERATOR,
    Cast,
    make_cast,
    make_dependency,
    make_goal,
    make_horizon,
    make_person,
    make_place,
    make_session,
    make_team,
)
from tests.support.digest import everything

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MANY = 20


def find(session: Session, text: str) -> dict[str, list[int]]:
    return find_text(session, text, MANY)


def kept(session: Session) -> list[tuple[object, ...]]:
    columns = SearchTextRow.__table__.columns
    return [tuple(row) for row in session.execute(select(*columns).order_by(columns.id))]


@pytest.fixture
def town(session: Session) -> Cast:
    """Three teams, and one dependency between the first two."""
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, criteria=("Loads in the nightly run",))
    return cast


def test_every_kind_of_thing_is_found(session: Session) -> None:
    cast = make_cast(session)
    make_place(session, name="Tap House")
    make_team(session, name="Tap", area="Money")
    make_person(session, name="Tap Taylor")
    make_goal(session, (cast.team, cast.partner_team), outcome="Tap anywhere")
    make_horizon(session, name="Tap sprint")
    make_session(session, cast.team, title="Tap weekly")
    make_dependency(session, cast.team, cast.partner_team, what="Tap file")

    found = find(session, "TAP")

    assert found == {
        "dependency": [1], "goal": [1], "horizon": [1], "person": [4], "place": [1],
        "session": [1], "team": [4],
    }  # fmt: skip


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    "text",
    [
        "settlement",
        "file settlement",
        "Settl fi",
        "payments partner settlement",
        "nightly",
        "web shop nightly",
    ],
)
def test_a_dependency_is_found_by_all_that_is_said_about_it(session: Session, text: str) -> None:
    negotiate(session, OPERATOR, 1, Move(Act.MESSAGE, text="Ask Web Shop first"), version=None, key=None)

    assert find(session, text)["dependency"] == [1]


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("text", ["settlement x", "ettlement", "#", "", "  ", "!?", "file web"])
def test_every_word_must_begin_a_word(session: Session, text: str) -> None:
    assert find(session, text).get("dependency") is None


@pytest.mark.parametrize(
    ("kept_as", "asked"),
    [
        ("Crème brûlée", "creme BRULEE"),
        ("Creme", "crème"),
        ("Straße", "STRASSE"),
        ("Café", "cafe\u0301"),
        ("Ⅻ points", "xii"),
        ("決済ファイル", "ファイル"),
        ("C++/API v2.0", "api v2"),
        ("日本 2026-03-02", "2026"),
    ],
)
def test_case_accents_and_marks_make_no_difference(session: Session, kept_as: str, asked: str) -> None:
    make_horizon(session, name=kept_as)

    assert find(session, asked) == {"horizon": [1]}


HOSTILE = [
    '"', '"pay', "pay*", "*", "NEAR(pay, api)", "words:pay", "pay & api", "pay | x", "!pay", "pay <-> api",
    "pay:*", "'pay'", "\\", "pay\x00ments", "'; DROP TABLE team; --", "AND", "OR NOT", "^pay", "{pay}",
    "-pay", "%", "_", "pay%", "(", "pay\ud800", "🚀", "𞤀𞤁", "ﷺ", "a" * 1_000_000, "a b " * 300_000,
]  # fmt: skip


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
def test_what_people_type_is_never_a_query(session: Session, text: str) -> None:
    before = everything(session)

    found = find(session, text)

    expected = [team for team, name in enumerate(("payments", "partner api", "web shop"), 1)
                if search_words(text) and all(any(w.startswith(asked) for w in name.split())
                                              for asked in search_words(text))]  # fmt: skip
    assert found.get("team", []) == expected
    assert everything(session) == before


def test_names_that_begin_with_the_words_come_first_then_short_ones(session: Session) -> None:
    for name in ("Our pay", "Payments and fares", "Payments", "X pay", "Money"):
        make_team(session, name=name, area="Pay" if name == "Money" else "")

    assert find(session, "pay") == {"team": [3, 2, 4, 1, 5]}
    assert find_text(session, "pay", 2) == {"team": [3, 2]}


def test_the_words_follow_every_change_and_its_undo(session: Session, town: Cast) -> None:
    change = change_team(session, OPERATOR, town.team, TeamDraft("", "Treasury"), version=None)
    renamed = find(session, "payments settlement"), find(session, "treasury settlement")
    changed = DependencyDraft("", town.team, town.partner_team, "Nightly file")
    change_dependency(session, OPERATOR, 1, changed, version=None)
    reworded = find(session, "settlement"), find(session, "treasury nightly file")
    assert change.id is not None
    undo(session, OPERATOR, change.id)
    again = find(session, "payments nightly file")
    remove_dependency(session, OPERATOR, 1)

    assert renamed == ({}, {"dependency": [1]})
    assert reworded == ({}, {"dependency": [1]})
    assert again == {"dependency": [1]}
    assert find(session, "nightly") == {}


@pytest.mark.usefixtures("town")
def test_what_was_refused_is_not_found(session: Session) -> None:
    before = kept(session)

    session.execute(insert(SearchTextRow).values(id=1, subject="team", subject_id=1, name="", words="ghost"))
    there = find(session, "ghost")
    session.rollback()

    assert there == {"team": [1]}
    assert find(session, "ghost") == {}
    assert kept(session) == before


@pytest.mark.usefixtures("town")
def test_a_very_long_text_is_kept_and_found(session: Session) -> None:
    words = " ".join(f"{number}ß𞤀é" for number in range(MOST_KEPT))[:5000]
    for _ in range(3):
        negotiate(session, OPERATOR, 1, Move(Act.MESSAGE, text=words), version=None, key=None)

    assert find(session, "77ss") == {"dependency": [1]}


def test_the_example_is_written_anew_as_it_was_kept(session: Session) -> None:
    load_example(session, OPERATOR)
    before = kept(session)

    total = rebuild(session)
    session.commit()

    assert (total, kept(session)) == (len(before), before)
    assert find(session, "settlement")["dependency"]


def test_the_migration_writes_what_the_changes_would_have(session: Session) -> None:
    load_example(session, OPERATOR)
    before, found = kept(session), find(session, "fare")
    session.close()

    downgrade(revision="37b51d9f3232")
    upgrade()

    assert kept(session) == before
    assert find(session, "fare") == found


def test_without_records_nothing_is_left_to_find(session: Session) -> None:
    load_example(session, OPERATOR)
    remove_everything(session, OPERATOR)
    nothing = kept(session)
    newest = session.scalars(select(ChangeRow.id).order_by(ChangeRow.id.desc())).first()
    assert newest is not None

    undo(session, OPERATOR, newest)

    assert nothing == []
    assert find(session, "settlement")["dependency"]
