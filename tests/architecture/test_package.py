"""The wheel carries everything: pages, styles and migrations work from an installed package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from planner.bootstrap.environment import Lock
from planner.bootstrap.installer import install, install_file

CHECKOUT = Path(__file__).resolve().parents[2]
LEFT_OUT = (".git", ".venv", "instance", "dist", "build", "tests", "__pycache__", "*.db", ".*_cache")
ASK = """
import json
from pathlib import Path
import planner
from planner.app import create_app

client = create_app().test_client()
print(json.dumps({
    "installed": "site-packages" in Path(planner.__file__).parts,
    "page": client.get("/", follow_redirects=True).status_code,
    "heading": "<h1" in client.get("/", follow_redirects=True).text,
    "style": client.get("/static/css/app.css").mimetype,
}))
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of a new environment with the locked packages and the wheel, nothing else."""
    folder = tmp_path_factory.mktemp("package")
    venv.create(folder / "venv", symlinks=os.name != "nt")
    python = folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install(CHECKOUT / Lock.RUNTIME, into=python)
    install_file(build_wheel(folder), into=python)
    return python


def build_wheel(folder: Path) -> Path:
    """Build the wheel from a copy of the tree, so that nothing of the checkout can leak in."""
    shutil.copytree(CHECKOUT, folder / "tree", ignore=shutil.ignore_patterns(*LEFT_OUT))
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder / "dist")]
    done = subprocess.run([*build, str(folder / "tree")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


def run(python: Path, *arguments: str, home: Path) -> str:
    """Run the installed package outside the checkout on a database of its own; return what it printed."""
    settings = {
        name: value for name, value in os.environ.items() if not name.startswith(("PLANNER_", "PYTHON"))
    }
    settings |= {"PLANNER_HOME": str(home), "PLANNER_DATABASE_URL": f"sqlite:///{home / 'planner.db'}"}
    command = [str(python), "-W", "error", *arguments]
    done = subprocess.run(command, cwd=home, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_an_installed_package_migrates_and_answers(installed: Path, tmp_path: Path) -> None:
    run(installed, "-m", "planner", "db", "upgrade", home=tmp_path)

    answers = run(installed, "-c", ASK, home=tmp_path)

    assert answers == '{"installed": true, "page": 200, "heading": true, "style": "text/css"}\n'
