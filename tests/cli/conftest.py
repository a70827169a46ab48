"""The command line in this process, on a data folder that belongs to one test."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from planner.app import create_app
from planner.cli import main
from planner.services.organisation import read_organisation
from planner.storage.db import db

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

    from planner.domain.model import Organisation


@dataclass(frozen=True)
class Terminal:
    """Runs commands as a person would type them."""

    home: Path

    def run(self, *words: str, code: int = 0) -> Result:
        """Return what the command printed, after checking its exit code."""
        result = CliRunner().invoke(main, list(words))
        assert result.exit_code == code, result.output
        return result

    def read(self, *words: str) -> Any:
        """Return what the command printed as JSON."""
        return json.loads(self.run(*words).stdout)

    def organisation(self) -> Organisation:
        """Return everything that is recorded."""
        with create_app().app_context():
            return read_organisation(db.session())


@pytest.fixture
def terminal(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal on an empty, migrated SQLite database."""
    (tmp_path / "planner.db").write_bytes(sqlite_template.read_bytes())
    monkeypatch.setenv("PLANNER_HOME", str(tmp_path))
    monkeypatch.delenv("PLANNER_DATABASE_URL", raising=False)
    return Terminal(tmp_path)


@pytest.fixture(scope="module")
def shared_terminal(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Terminal]:
    """A terminal on one database for a module whose tests only read what it loads once."""
    home = tmp_path_factory.mktemp("shared")
    (home / "planner.db").write_bytes(sqlite_template.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLANNER_HOME", str(home))
        patch.delenv("PLANNER_DATABASE_URL", raising=False)
        yield Terminal(home)
