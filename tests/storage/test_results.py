"""Results that are kept, and how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from planner.storage import results
from planner.storage.models import ResultRow

if TYPE_CHECKING:
    import pytest
    from sqlalchemy.orm import Session


def test_what_was_kept_is_found_and_the_newest_counts(session: Session) -> None:
    results.keep(session, "plan:1", b"first")
    results.keep(session, "plan:1", b"second")

    assert (results.fetch(session, "plan:1"), results.fetch(session, "plan:2")) == (b"second", None)


def test_the_oldest_go_when_there_are_too_many(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "KEPT_MAX", 3)  # a thousand rows would say the same, slowly

    for number in range(6):
        results.keep(session, f"picture:{number}", b"x")

    assert session.scalar(select(func.count()).select_from(ResultRow)) == 3
    assert results.fetch(session, "picture:5") == b"x"
    assert results.fetch(session, "picture:0") is None


def test_positions_come_back_as_they_were_left_with_their_picture(session: Session) -> None:
    where = {"places": {"1": [0.5, 2.0]}, "links": []}

    results.keep_positions(session, "teams", where, key="picture:1", body=b"<svg>")

    assert results.fetch_positions(session, "teams") == {"places": {"1": [0.5, 2.0]}, "links": []}
    assert results.fetch(session, "picture:1") == b"<svg>"
    assert results.fetch_positions(session, "goals") is None
