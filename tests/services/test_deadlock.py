"""Two changes that wait for each other: one is saved, the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from planner.domain.errors import StaleVersion
from planner.services.changes import recorded
from planner.storage.db import db
from planner.storage.models import PlaceRow
from tests.factories import OPERATOR, make_place


@pytest.mark.usefixtures("app")
def test_of_two_changes_that_wait_for_each_other_one_is_told(server: str) -> None:
    if server == "sqlite":
        pytest.skip("SQLite lets one write after the other")
    for name in ("Hull", "Leeds"):
        make_place(db.session(), name=name)
    db.session.remove()
    both_hold_one = Barrier(2)
    engine = db.engine

    def move(first: int, second: int) -> str:
        with Session(engine) as session:
            rows = [session.get_one(PlaceRow, number) for number in (first, second)]
            try:
                with recorded(session, OPERATOR, "place:changed", "Moved"):
                    rows[0].zone = "Asia/Tokyo"
                    session.flush()
                    both_hold_one.wait(timeout=20)
                    rows[1].zone = "Asia/Tokyo"
            except StaleVersion as error:
                return str(error)
            return "saved"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(move, (1, 2), (2, 1)))

    assert outcomes == [
        "Somebody else changed this while you were at it. Look at what is there now, then try again.",
        "saved",
    ]
