"""What is installed is named once, with a reason, a version and a hash, and nowhere with an address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PLACES = (".ci", "docs", "planner", "scripts", "static", "tests")
SETTINGS = (".toml", ".cfg", ".ini", ".sh", ".yml", ".yaml", ".json", ".npmrc", "run")
INDEX_ADDRESS = re.compile(r"https?://\S*(/simple\b|pypi|pythonhosted|npmjs|registry\.)")
NAME = re.compile(r"[A-Za-z0-9._-]+")


def locked(lock: str) -> dict[str, str]:
    """Return the requirement text of each package in a lock file, hashes included, by its name."""
    text = (CHECKOUT / lock).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    return {line.split("==")[0]: line for line in lines}


def declared() -> dict[str, list[str]]:
    """Return the names of the packages pyproject.toml asks for, by the list they are in."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    lists = {"runtime": project["dependencies"], **project["optional-dependencies"]}
    return {kind: [_name(each) for each in wanted] for kind, wanted in lists.items()}


def _name(requirement: str) -> str:
    found = NAME.match(requirement)
    assert found, requirement
    return found.group().lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_one_version_and_a_hash(lock: str) -> None:
    unsafe = [
        line for line in locked(lock).values() if not re.search(r"==\S+.* --hash=sha256:[0-9a-f]{64}", line)
    ]

    assert unsafe == []


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    asked = {kind: set(names) - {"planner"} for kind, names in declared().items()}

    assert asked["runtime"] - set(locked("requirements.lock")) == set()
    assert set().union(*asked.values()) - set(locked("requirements-dev.lock")) == set()


def test_the_development_lock_holds_the_runtime_lock() -> None:
    def versions(lock: str) -> dict[str, str]:
        return {name: line.split()[0] for name, line in locked(lock).items()}

    runtime, development = versions(LOCKS[0]), versions(LOCKS[1])

    assert {name: development.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_address(lock: str) -> None:
    assert "://" not in (CHECKOUT / lock).read_text()


def test_no_setting_names_a_package_index() -> None:
    everything = [*CHECKOUT.iterdir(), *(file for place in PLACES for file in (CHECKOUT / place).rglob("*"))]
    files = [file for file in everything if file.is_file() and file.name.endswith(SETTINGS)]

    guilty = [str(file) for file in files if INDEX_ADDRESS.search(file.read_text(encoding="utf-8"))]

    assert CHECKOUT / "pyproject.toml" in files
    assert guilty == []


def test_every_dependency_has_its_reason_in_the_documents() -> None:
    headings = re.findall(
        r"^\| `([a-z0-9._-]+)", (CHECKOUT / "docs/dependencies.md").read_text(), re.MULTILINE
    )
    asked = sorted({name for names in declared().values() for name in names} - {"planner"})

    assert sorted(headings) == asked


def test_the_documents_name_what_is_locked() -> None:
    text = (CHECKOUT / "docs/dependencies.md").read_text()
    versions = {
        name: line.partition("==")[2].split()[0] for name, line in locked("requirements-dev.lock").items()
    }
    said = dict(re.findall(r"^\| `([\w-]+)` \| (\S+) \|", text, re.MULTILINE))

    assert said == {name: versions.get(name) for name in said}
    assert f"## To run ({len(locked('requirements.lock'))} packages" in text
