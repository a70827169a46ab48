"""`planner map`: every choice of the page, for each kind of picture, and a refusal that names the choices."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from planner.domain.picture import DetailLevel, LinksEach
from planner.examples import larkfield
from planner.services.pictures.pictures import FILES, KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Terminal


@pytest.fixture(scope="module")
def town(shared_terminal: Terminal) -> Terminal:
    """A terminal with the example organisation in its database."""
    file = shared_terminal.home / "larkfield.json"
    file.write_bytes(larkfield())
    shared_terminal.run("import", str(file))
    return shared_terminal


def drawn(town: Terminal, *words: str) -> dict[str, object]:
    """Return what a picture says, as JSON."""
    found: dict[str, object] = json.loads(town.run("map", "--format", "json", *words).stdout)
    return found


def boxes(town: Terminal, *words: str) -> int:
    found = drawn(town, *words)["nodes"]
    assert isinstance(found, list)
    return len(found)


@pytest.mark.parametrize("view", KINDS)
def test_every_kind_of_picture_is_drawn_and_narrowed_to_a_horizon(town: Terminal, view: str) -> None:
    horizon = town.organisation().horizons[0].name

    assert drawn(town, "--view", view, "--horizon", horizon)["picture"] == view


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_of_file_goes_into_a_pipe(town: Terminal, kind: str) -> None:
    assert town.run("map", "--format", kind).stdout_bytes


def test_each_step_around_a_team_shows_more(town: Terminal) -> None:
    around = ("--view", "teams", "--focus", "payments")

    shown = [boxes(town, *around, "--depth", depth) for depth in ("1", "2", "3")]

    assert shown == sorted(shown)
    assert 1 < shown[0] < shown[2] <= len(town.organisation().teams)


def test_areas_are_fewer_than_teams(town: Terminal) -> None:
    shown = {level.value: boxes(town, "--level", level.value) for level in DetailLevel}

    assert shown["areas"] < shown["backbone"] == shown["full"] == boxes(town)


@pytest.mark.parametrize("each", [each.value for each in LinksEach])
def test_the_links_of_each_team_are_as_many_as_was_said(town: Terminal, each: str) -> None:
    assert boxes(town, "--level", "backbone", "--links", each) > 0


def test_a_dark_picture_has_other_colours(town: Terminal) -> None:
    light, dark = (town.run("map", "--theme", theme).stdout for theme in ("light", "dark"))

    assert light.startswith("<svg")
    assert light != dark


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--view", "pie"), "'teams', 'around', 'time', 'chain', 'matrix', 'board', 'goals', 'loops'"),
        (("--level", "some"), "'full', 'backbone', 'areas'"),
        (("--links", "4"), "'3', '5', '10', 'all'"),
        (("--depth", "4"), "1<=x<=3"),
        (("--theme", "pink"), "'light', 'dark'"),
        (("--size", "a5"), "'screen', 'slide', 'a4', 'a3'"),
        (("--state", "lost"), "'active', 'all', 'asked'"),
        (("--only", "early"), "'open', 'late', 'loop'"),
        (("--format", "doc"), "'svg', 'png', 'pdf', 'dot'"),
    ],
)
def test_a_choice_that_is_none_is_refused_with_those_that_are(
    town: Terminal, words: tuple[str, str], said: str
) -> None:
    assert said in " ".join(town.run("map", *words, code=2).stderr.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--focus", "payment"), "There is no team “payment”; there are crew-rostering, customer-care"),
        (("--team", "x"), "There is no team “x”; there are crew-rostering"),
        (("--horizon", "Q9"), "There is no horizon “Q9”; there are"),
        (("--goal", "moon"), "There is no goal “moon”; there are"),
        (
            ("--view", "board", "--focus", "payments"),
            "The picture “board” does not heed --focus; these do: teams, around.",
        ),
        (
            ("--view", "matrix", "--level", "full"),
            "The picture “matrix” does not heed --level; these do: teams, around, loops-on-map.",
        ),
        (
            ("--view", "dial", "--only", "late"),
            "The picture “dial” is about whole plans: --horizon narrows it, --only does not.",
        ),
        (("--view", "around", "--level", "full"), "One step around a team is drawn whole"),
    ],
)
def test_what_is_not_recorded_or_not_heeded_is_refused_in_words(
    town: Terminal, words: tuple[str, ...], said: str
) -> None:
    assert said in town.run("map", *words, code=1).stderr


@pytest.mark.usefixtures("town")
def test_the_command_is_what_somebody_types(tmp_path: Path) -> None:
    file = tmp_path / "around.mmd"
    words = ["map", "--to", str(file), "--focus", "payments", "--depth", "2", "--theme", "dark", "--json"]

    typed = subprocess.run(
        [sys.executable, "-m", "planner.cli", *words], capture_output=True, text=True, check=False
    )

    assert (typed.returncode, typed.stderr) == (0, "")
    assert json.loads(typed.stdout) == {"file": str(file), "bytes": file.stat().st_size}
    assert file.read_text(encoding="utf-8").startswith("flowchart")
