"""Graphviz runs behind a wall: what goes wrong there stays there."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from planner.render import engine as engines
from planner.render.engine import CannotDraw, Crowded, Engine, Job, TooSlow, Worker

SMALL = Job("digraph { a -> b }", "dot", "svg")
RANDOM = Random(1)  # noqa: S311  # a reproducible tangle
TANGLE = " ".join(f"n{RANDOM.randrange(300)}->n{RANDOM.randrange(300)};" for _ in range(1200))
ENDLESS = Job(f"digraph {{ {TANGLE} }}", "dot", "svg")
ABORTING = Job("digraph { a [peripheries=900000000] }", "dot", "svg")


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine(workers=1, timeout=1.5)
    yield engine
    engine.close()


def test_jobs_are_answered_in_their_order(engine: Engine) -> None:
    first, second = engine.draw(Job("graph { one }", "dot", "canon"), Job("graph { two }", "dot", "canon"))

    assert ("one" in first, "two" in second) == (True, True)


def test_broken_text_is_refused_and_the_next_picture_is_drawn(engine: Engine) -> None:
    with pytest.raises(CannotDraw, match="syntax error"):
        engine.draw(Job("digraph { a ->", "dot", "svg"))

    assert "</svg>" in engine.draw(SMALL)[0]


def test_a_picture_that_takes_too_long_is_given_up(engine: Engine) -> None:
    with pytest.raises(TooSlow, match=r"longer than 1\.5 seconds"):
        engine.draw(ENDLESS)

    assert "</svg>" in engine.draw(SMALL)[0]


def test_a_picture_that_kills_its_process_kills_nothing_else(engine: Engine) -> None:
    with pytest.raises(CannotDraw):
        engine.draw(ABORTING)

    assert "</svg>" in engine.draw(SMALL)[0]


def test_many_threads_share_the_workers(engine: Engine) -> None:
    drawn: list[str] = []
    threads = [threading.Thread(target=lambda: drawn.extend(engine.draw(SMALL))) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert drawn == [drawn[0]] * 8


def test_a_closed_worker_is_gone_and_a_closed_engine_starts_anew() -> None:
    worker, engine = Worker(), Engine(workers=1)
    worker.ask([SMALL], 5)

    worker.close()
    before = engine.draw(SMALL)
    engine.close()
    after = engine.draw(SMALL)
    engine.close()

    assert (worker.is_alive, before == after) == (False, True)


def test_closing_ends_every_idle_worker() -> None:
    engine = Engine(workers=2)
    threads = [threading.Thread(target=lambda: engine.draw(SMALL)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    started = [worker for worker in engine._all_idle() if worker]
    for worker in started:
        engine._idle.put(worker)

    engine.close()

    assert [worker.is_alive for worker in started] == [False] * len(started)


def test_a_worker_starts_before_it_is_asked_and_only_once() -> None:
    engine = Engine(workers=1)
    engine.awaken()
    (early,) = engine._all_idle()
    engine._idle.put(early)

    engine.awaken()
    drawn = engine.draw(SMALL)
    (late,) = engine._all_idle()
    engine._idle.put(late)
    engine.close()

    assert (early is late, "</svg>" in drawn[0]) == (True, True)


def test_nobody_is_awakened_where_all_are_at_work() -> None:
    engine = Engine(workers=0)

    engine.awaken()

    assert engine._all_idle() == []


def test_an_orphaned_worker_ends_with_its_input() -> None:
    script = (
        "import os; from planner.render.engine import Engine, Job, Worker; w = Worker();"
        "w.ask([Job('graph {}', 'dot', 'canon')], 5); print(w._process.pid, flush=True); os._exit(9)"
    )

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert has_ended(int(ran.stdout))


def has_ended(process: int) -> bool:
    """Wait a moment for a process that is not our child; a zombie has ended too."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        threading.Event().wait(0.05)
    return False


def test_a_worker_knows_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "hidden")
    engine = Engine(
        native_dot=fake_dot(tmp_path, "print(sorted(k for k in __import__('os').environ))"), workers=1
    )

    (seen,) = engine.draw(SMALL)
    engine.close()

    assert "SECRET_KEY" not in seen


def test_a_native_program_is_asked_with_engine_and_format(tmp_path: Path) -> None:
    program = fake_dot(tmp_path, "import sys; print(sys.argv[1:], sys.stdin.read())")
    engine = Engine(native_dot=program, workers=1)

    (output,) = engine.draw(Job("graph {}", "nop2", "svg"))
    engine.close()

    assert output == "['-Knop2', '-Tsvg'] graph {}\n"


def test_a_native_program_that_fails_is_reported_in_its_words(tmp_path: Path) -> None:
    program = fake_dot(tmp_path, "import sys; sys.exit('no such engine')")
    engine = Engine(native_dot=program, workers=1)

    with pytest.raises(CannotDraw, match="no such engine"):
        engine.draw(SMALL)
    engine.close()


def fake_dot(folder: Path, code: str) -> str:
    program = folder / "dot"
    program.write_text(f"#!{sys.executable}\n{code}\n", encoding="utf-8")
    os.chmod(program, stat.S_IRWXU)  # noqa: PTH101  # one bit for the owner
    return str(program)


def test_a_picture_for_which_nobody_has_time_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "QUEUE_SECONDS", 0.01)

    with pytest.raises(Crowded, match="Too many pictures"):
        Engine(workers=0).draw(Job("digraph {a -> b}", "dot", "svg"))
