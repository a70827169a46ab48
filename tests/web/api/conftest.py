"""The programs of the two sides of a session that was agreed about one dependency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import make_actor, make_agreed, make_cast, make_dependency
from tests.support.program import Program, token_of

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


@pytest.fixture
def owner(app: Flask, session: Session) -> Program:
    """The program of whoever leads the session."""
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team)
    make_agreed(session, make_actor(session, "olive-owner"))
    return Program(app, token_of(session, "olive-owner"))


@pytest.fixture
def partner(app: Flask, session: Session, owner: Program) -> Program:
    """The program of the other side."""
    assert owner.token
    return Program(app, token_of(session, "pat-partner"))
