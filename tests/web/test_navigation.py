"""The main navigation says where somebody is, also on a page below one that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import make_cast, make_dependency
from tests.support.page import HTML

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Browser

MAIN = f".//{HTML}nav[@aria-label='Main']/{HTML}a[@aria-current]"


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", [("My week", "page")]),
        ("/dependencies", [("Dependencies", "page")]),
        ("/dependencies/1", [("Dependencies", "true")]),
        ("/sessions/suggestion", [("Sessions", "true")]),
        ("/people", []),
    ],
)
def test_the_part_that_somebody_is_in_is_marked(
    browser: Browser, session: Session, path: str, current: list[tuple[str, str]]
) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)

    page = browser.open(path)

    found = [("".join(one.itertext()).strip(), one.get("aria-current")) for one in page.tree.iterfind(MAIN)]
    assert found == current
