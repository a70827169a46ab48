"""Published data that lies beside the checkout; tests that read it are skipped where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("PLANNER_SHARED_DATA", Path(__file__).resolve().parents[2] / "../shared/data"))


def published(name: str) -> Path:
    """Return the path of a published file, or skip the test."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    return path
