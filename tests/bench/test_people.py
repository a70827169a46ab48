"""The benchmarks of one page and of many people, on a small scale."""

from __future__ import annotations

import pytest

from planner.bench.people.forms import forms_of
from planner.bench.people.live_running import measure_live
from planner.bench.people.running import measure_crowd
from planner.bench.people.week import measure_week

PAGE = """
<form action="/a"><input name="x" value="1"><input type="checkbox" name="no" value="9" checked>
<textarea name="t">two
lines</textarea>
<select name="s"><option value="p">P</option><option selected value="q">Q</option></select></form>
<form action="/b"><select name="s"><option value="p">P</option></select></form>
"""


def test_a_form_is_sent_back_as_it_came() -> None:
    assert forms_of(PAGE) == {"/a": {"x": "1", "t": "two\nlines", "s": "q"}, "/b": {"s": "p"}}


@pytest.mark.slow
def test_a_week_costs_few_queries_however_large_the_organisation_is() -> None:
    result = measure_week(30, 90)

    assert result.queries <= 12
    assert result.rows > 0


@pytest.mark.slow
def test_many_who_write_at_once_lose_nothing(database_url: str) -> None:
    result = measure_crowd(people=16, writers=12, dependencies=2, seconds=6, database=database_url)

    assert (result.lost, result.broken) == (0, 0)
    assert result.taken > 0


@pytest.mark.slow
def test_sessions_that_run_lose_nothing_when_the_server_is_killed(database_url: str) -> None:
    result = measure_live(people=8, sessions=2, seconds=12, database=database_url)

    assert (result.lost, result.broken) == (0, 0)
    assert result.acts > 0
