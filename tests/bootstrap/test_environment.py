"""The environment of a checkout: made once, brought up to date, never half done. Nothing is downloaded."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from planner.bootstrap.console import SetupError
from planner.bootstrap.environment import Checkout, Lock, ready_environment

pytestmark = pytest.mark.slow


def make_checkout(folder: Path) -> Checkout:
    """Return a checkout of one module, whose locks name no package."""
    (folder / "greeting.py").write_text("WORDS = 'good morning'\n")
    for lock in Lock:
        (folder / lock).write_text(f"# nothing in {lock}\n")
    return Checkout(folder)


def lock_wheel(checkout: Checkout, sha256: str = "") -> None:
    """Let the runtime lock name a package that lies beside it, with its hash or with the one given."""
    wheel = checkout.folder / "parcel-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("parcel.py", "WEIGHT = 7\n")
        archive.writestr(
            "parcel-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: parcel\nVersion: 1.0\n"
        )
        archive.writestr("parcel-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("parcel-1.0.dist-info/RECORD", "")
    digest = sha256 or hashlib.sha256(wheel.read_bytes()).hexdigest()
    (checkout.folder / Lock.RUNTIME).write_text(f"{wheel.as_uri()} --hash=sha256:{digest}\n")


def ask(python: Path, question: str, *, cwd: Path) -> str:
    command = [str(python), "-c", question]
    return subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def test_the_first_start_installs_the_lock_and_sees_the_checkout(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "checkout", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    checkout = make_checkout(home)
    lock_wheel(checkout)

    python = ready_environment(checkout, Lock.RUNTIME)

    assert python == checkout.python
    assert (
        ask(python, "import greeting, parcel; print(greeting.WORDS, parcel.WEIGHT)", cwd=elsewhere)
        == "good morning 7"
    )


def test_the_second_start_does_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    checkout = make_checkout(tmp_path)
    ready_environment(checkout, Lock.DEVELOPMENT)
    first = capfd.readouterr().err

    ready_environment(checkout, Lock.DEVELOPMENT)
    ready_environment(checkout, Lock.RUNTIME)

    assert "making" in first
    assert capfd.readouterr().err == ""


def test_a_changed_lock_is_installed_into_the_same_environment(tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path)
    ready_environment(checkout, Lock.RUNTIME)
    kept = checkout.environment / "kept"
    kept.touch()
    lock_wheel(checkout)

    python = ready_environment(checkout, Lock.RUNTIME)

    assert ask(python, "import parcel; print(parcel.WEIGHT)", cwd=tmp_path) == "7"
    assert kept.exists()


def test_the_tests_install_again_after_the_runtime_lock_moved_under_them(tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path)
    ready_environment(checkout, Lock.DEVELOPMENT)
    lock_wheel(checkout)
    ready_environment(checkout, Lock.RUNTIME)

    lines = checkout.stamp.read_text().splitlines()

    assert [line.split()[0] for line in lines[1:]] == [Lock.RUNTIME]


def test_an_environment_that_was_moved_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    before = make_checkout(tmp_path / "old")
    ready_environment(before, Lock.RUNTIME)
    before.folder.rename(tmp_path / "new")
    after = Checkout(tmp_path / "new")

    python = ready_environment(after, Lock.RUNTIME)

    assert ask(python, "import greeting; print(greeting.__file__)", cwd=tmp_path) == str(
        after.folder / "greeting.py"
    )


def test_a_package_with_another_hash_is_refused_and_tried_again(tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path)
    lock_wheel(checkout, sha256="0" * 64)

    with pytest.raises(SetupError, match="is not the one that was locked"):
        ready_environment(checkout, Lock.RUNTIME)
    lock_wheel(checkout)
    python = ready_environment(checkout, Lock.RUNTIME)

    assert ask(python, "import parcel; print(parcel.WEIGHT)", cwd=tmp_path) == "7"
