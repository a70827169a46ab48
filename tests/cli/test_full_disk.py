"""A disk without room for what a command writes: one sentence, exit code 1, and nothing half there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from tests.cli.test_serving import LONGEST, serving
from tests.support.disks import files_of_at_most

if TYPE_CHECKING:
    from tests.cli.conftest import Terminal

FULL = Path("/dev/full")
ROOM = 100_000  # bytes: what SQLite needs beside its file fits, and nothing that is written here


@pytest.fixture
def full(terminal: Terminal) -> Terminal:
    """A terminal on an organisation of which no export and no backup fits on the disk."""
    rows = "".join(f"team-{number},Team {number}\n" for number in range(1000))
    file = terminal.home / "teams.csv"
    file.write_text(f"key,name\n{rows}", encoding="utf-8")
    terminal.run("import", str(file), "--list", "teams")
    return terminal


@pytest.mark.parametrize(
    ("words", "name"),
    [(("export", "--to"), "out.json"), (("backup",), "monday.db")],
    ids=["export", "backup"],
)
def test_what_does_not_fit_is_not_half_there(full: Terminal, words: tuple[str, ...], name: str) -> None:
    target = full.home / "taken out" / name
    target.parent.mkdir()

    with files_of_at_most(ROOM):
        said = full.run(*words, str(target), code=1).output

    assert said.startswith(f"Error: {target} could not be written")
    assert list(target.parent.iterdir()) == []
    full.run(*words, str(target))
    assert [file.name for file in target.parent.iterdir()] == [name]


def test_an_older_file_stays_when_the_new_one_does_not_fit(full: Terminal) -> None:
    target = full.home / "monday.db"
    target.write_bytes(b"the backup of last week")

    with files_of_at_most(ROOM):
        full.run("backup", str(target), "--replace", code=1)

    assert target.read_bytes() == b"the backup of last week"


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
@pytest.mark.usefixtures("terminal")
def test_a_full_disk_behind_standard_output_is_said() -> None:
    words = [sys.executable, "-m", "planner.cli", "export"]

    with FULL.open("wb") as nowhere:
        done = subprocess.run(words, stdout=nowhere, stderr=subprocess.PIPE, check=False)

    said = done.stderr.decode()
    assert (done.returncode, said) == (1, "Error: Not all could be written (No space left on device).\n")


@pytest.mark.slow
def test_the_server_says_that_it_cannot_keep_what_is_sent_and_goes_on(terminal: Terminal) -> None:
    large = {"text": "x" * 3_000_000}

    with serving(terminal.home) as (address, _printed, process):
        with files_of_at_most(2_000_000, process.pid):
            full = requests.post(f"{address}/sign-in", data=large, timeout=LONGEST)
            small = requests.get(f"{address}/sign-in", timeout=LONGEST)
        after = requests.post(f"{address}/sign-in", data=large, timeout=LONGEST)

    assert full.status_code == 507
    assert "No room is left to save anything. Nothing was saved." in full.text
    assert small.status_code == 200
    assert after.status_code == 400  # without a token, and read


@pytest.mark.slow
def test_what_is_larger_than_anything_may_be_is_refused_and_kept_nowhere(terminal: Terminal) -> None:
    with serving(terminal.home) as (address, _printed, process), files_of_at_most(2_000_000, process.pid):
        refused = requests.post(f"{address}/imports", data=b"x" * 140_000_000, timeout=LONGEST)

    assert refused.status_code == 413
