"""What is recorded is read once and shared, and never a moment too old."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from planner.services.organisation import read_organisation
from planner.storage.db import db
from tests.conftest import SECRET
from tests.factories import make_place
from tests.support.queries import counted_queries

if TYPE_CHECKING:
    from tests.support.page import Browser

IMPORT = """
import sys
from planner.app import create_app
from planner.storage.db import db
from tests.factories import make_place
with create_app().app_context():
    make_place(db.session(), name="Leeds")
"""


def test_a_second_reader_asks_one_question(session: Session) -> None:
    make_place(session, name="Hull")
    first = read_organisation(session)

    with counted_queries() as statements:
        second = read_organisation(session)

    assert second is first
    assert len([s for s in statements if s.startswith("SELECT")]) == 1


@pytest.mark.usefixtures("app")
def test_what_another_session_records_is_seen_at_once() -> None:
    with Session(db.engine) as mine:
        before = read_organisation(mine)
        mine.rollback()
        with Session(db.engine) as theirs:
            make_place(theirs, name="Hull")

        assert [place.name for place in before.places] == []
        assert [place.name for place in read_organisation(mine).places] == ["Hull"]


def test_what_is_rolled_back_is_not_seen(session: Session) -> None:
    make_place(session, name="Hull")
    before = read_organisation(session)

    with pytest.raises(Exception, match="already"):
        make_place(session, name="HULL")

    assert read_organisation(session) == before


def test_what_another_process_records_is_on_the_next_page(
    browser: Browser, database_url: str, tmp_path: Path
) -> None:
    assert "Leeds" not in browser.open("/places").text
    environment = {
        "PLANNER_HOME": str(tmp_path), "PLANNER_DATABASE_URL": database_url, "PLANNER_SECRET_KEY": SECRET,
    }  # fmt: skip
    root = Path(__file__).resolve().parents[2]

    subprocess.run([sys.executable, "-c", IMPORT], env=environment, cwd=root, check=True)

    assert "Leeds" in browser.open("/places").text
