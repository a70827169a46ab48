"""What is said and done before anything is installed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from planner.bootstrap import installer
from planner.bootstrap.browser import find_browser
from planner.bootstrap.console import SetupError
from planner.bootstrap.start import spread

PACKAGE = Path(__file__).resolve().parents[2] / "planner"


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_an_old_python_can_read_what_tells_it_is_too_old(name: str) -> None:
    tree = ast.parse((PACKAGE / name).read_text(encoding="utf-8"), feature_version=(3, 6))

    futures = [
        node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]

    assert futures == []


@pytest.mark.parametrize(
    ("output", "beginning"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        (
            "NameResolutionError: failed to resolve\nERROR: No matching distribution found for x",
            "The package index",
        ),
        ("SSLError(CERTIFICATE_VERIFY_FAILED)\nERROR: No matching distribution found", "The certificate"),
        (
            "THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE",
            "A package that was downloaded",
        ),
        ("error: something nobody thought of", "The packages could not be installed"),
    ],
)
def test_a_failed_installation_says_what_to_do(output: str, beginning: str) -> None:
    assert installer.advice(output).startswith(beginning)


@pytest.mark.parametrize(
    ("arguments", "added"),
    [
        ([], ["-n", "auto", "--dist", "worksteal"]),
        (["tests/domain", "-k", "loops"], ["-n", "auto", "--dist", "worksteal"]),
        (["-n", "0"], []),
        (["-n3"], []),
        (["--numprocesses=2"], []),
        (["--pdb"], []),
    ],
)
def test_every_core_works_unless_the_caller_says_otherwise(arguments: list[str], added: list[str]) -> None:
    assert spread(arguments) == added


def test_the_browser_that_was_chosen_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = make_program(tmp_path / "browser", status=0)
    monkeypatch.setenv("PLANNER_CHROMIUM", str(chosen))

    assert find_browser() == str(chosen)


def test_a_browser_that_does_not_start_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_program(tmp_path / "chromium", status=1)
    works = make_program(tmp_path / "google-chrome", status=0)
    monkeypatch.delenv("PLANNER_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    make_program(tmp_path / "chromium-browser", status=1)

    assert find_browser() == str(works)


def make_program(place: Path, *, status: int) -> Path:
    """Write a program that does nothing but end with the status."""
    place.write_text(f"#!/bin/sh\nexit {status}\n")
    place.chmod(0o755)
    return place


def test_a_python_without_any_installer_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = make_program(tmp_path / "python3", status=1)
    monkeypatch.setenv("PATH", str(tmp_path))
    # no setting reaches this: it is the interpreter that runs the test
    monkeypatch.setattr(installer, "base_python", lambda: str(bare))

    with pytest.raises(SetupError, match=r"has no pip, and there is no uv\.\nInstall one of them"):
        installer.install(tmp_path / "requirements.lock", into=bare)
