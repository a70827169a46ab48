"""The application where people have accounts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from planner.config import SignIn
from tests.conftest import settings_for
from tests.support.accounts import House, make_house
from tests.support.application import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

from tests.factories import MONDAY


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.time = MONDAY

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    """Monday 2 February 2026, 08:00 UTC, until the test turns it."""
    return Clock()


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """The application with accounts on this test's database."""
    settings = replace(settings_for(database_url, tmp_path), sign_in=SignIn.ACCOUNTS, clock=clock)
    with running(settings) as app:
        yield app


@pytest.fixture
def house(app: Flask, session: Session) -> Iterator[House]:
    """The cast with accounts; the owner administers."""
    made = make_house(app, session)
    yield made
    made.close()
