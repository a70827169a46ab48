"""The benchmark of pictures, on a small scale."""

from __future__ import annotations

import pytest

from planner.bench.pictures import measure_pictures
from planner.services.pictures.pictures import KINDS


@pytest.mark.slow
def test_every_picture_of_the_example_is_measured_and_small() -> None:
    costs = measure_pictures(0, rounds=1)

    assert [cost.picture for cost in costs] == list(KINDS)
    assert max(cost.kilobytes for cost in costs) <= 300
    assert max(cost.kept for cost in costs) <= 0.01
    assert [cost.picture for cost in costs if not cost.bare] == ["matrix", "dial"]
