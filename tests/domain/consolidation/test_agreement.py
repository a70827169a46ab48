"""Two checkers that share no line, the published one and ours, say the same of thousands of plans."""

from collections import Counter
from dataclasses import fields, replace
from random import Random

import pytest

from planner.domain.consolidation.cost import plan_figures
from planner.domain.consolidation.model import Attendance, Plan, Slot, Task
from tests.domain.consolidation.broken import some_instance, some_plan
from tests.domain.consolidation.build import plan
from tests.domain.consolidation.checker import check
from tests.domain.consolidation.published import DAYS, Published, instance, needs_data
from tests.domain.consolidation.recount import recount

pytestmark = [needs_data, pytest.mark.slow]

SIZES = {
    "real-12a": 300,
    "real-20": 200,
    "star-30": 200,
    "chain-40": 150,
    "k8s-v1.37-cycle": 100,
    "goals-60": 40,
}


def is_valid_to_both(given: Published, found: Plan, luck: Random) -> bool:
    """What both say, after they were found to say the same."""
    ours = recount(given.task, found)
    claimed = ours.cost + luck.choice((0, 0, 0, 0, 1))
    verdict = given.verdict(found, claimed=claimed)
    theirs = {item["id"] for item in given.raw["items"]} - {item.id for item in given.task.items}
    if not any(theirs & set(session.items) for session in found.sessions):
        assert _counted(verdict) == (ours.cost, ours.seats, ours.person_minutes, ours.idle_minutes)
        valid = check(given.task, found) == () and claimed == ours.cost
        assert (valid, found) == (verdict["valid"], found)
        return valid
    assert (check(given.task, found) != (), verdict["valid"]) == (True, False)
    return False


def _counted(verdict: dict[str, int]) -> tuple[int, int, int, int]:
    return verdict["J"], verdict["seats"], verdict["person_minutes"], verdict["idle_person_minutes"]


@pytest.mark.parametrize("attendance", list(Attendance))
@pytest.mark.parametrize("name", SIZES)
def test_on_published_instances(name: str, attendance: Attendance) -> None:
    given = instance(name, attendance)
    luck = Random(name)  # noqa: S311 - a test that can be repeated

    said = Counter(is_valid_to_both(given, some_plan(given, luck), luck) for _ in range(SIZES[name]))

    assert min(said[True], said[False]) * 10 > SIZES[name]


@pytest.mark.parametrize("attendance", list(Attendance))
def test_on_small_ones_with_a_limit_on_sessions_and_groups(attendance: Attendance) -> None:
    luck = Random(attendance)  # noqa: S311 - a test that can be repeated
    said: Counter[bool] = Counter()

    for _ in range(500):
        given = some_instance(luck, attendance)
        said.update(is_valid_to_both(given, some_plan(given, luck), luck) for _ in range(4))

    assert min(said[True], said[False]) > 200


def test_on_starts_in_and_out_of_hours() -> None:
    """One session and none with a break, of which the published checker knows nothing."""
    given = instance("tz-150", Attendance.WINDOW, D=90)
    luck = Random(7)  # noqa: S311 - a test that can be repeated
    said: Counter[bool] = Counter()

    for _ in range(400):
        first = luck.choice(given.task.items)
        near = [one for one in given.task.items if one.people & first.people and one != first]
        items = luck.sample([first, *luck.sample(near, min(1, len(near)))], luck.choice((1, 1, 2)))
        alone = _only(given, {one.id for one in items})
        slot = Slot(DAYS[0], 15 * luck.randrange(96))
        (session,) = plan(alone.task, " ".join(one.id for one in items)).sessions
        said[is_valid_to_both(alone, Plan((replace(session, slot=slot),)), luck)] += 1

    assert min(said[True], said[False]) > 40


def _only(given: Published, ids: set[str]) -> Published:
    """The instance as if it had these items alone."""
    raw = given.raw | {"items": [item for item in given.raw["items"] if item["id"] in ids]}
    return Published(raw, replace(given.task, items=tuple(one for one in given.task.items if one.id in ids)))


@pytest.mark.parametrize("attendance", list(Attendance))
def test_the_products_own_count_is_the_same(attendance: Attendance) -> None:
    luck = Random(11)  # noqa: S311 - a test that can be repeated

    for _ in range(1500):
        given = some_instance(luck, attendance)
        task = _with_places(given, luck)
        known = {item.id for item in task.items}
        found = some_plan(given, luck)
        kept = (replace(one, items=tuple(key for key in one.items if key in known)) for one in found.sessions)
        found = Plan(tuple(kept))

        counted, ours = plan_figures(task, found), recount(task, found)

        names = [field.name for field in fields(ours)]
        assert [getattr(counted, name) for name in names] == [getattr(ours, name) for name in names]


def _with_places(given: Published, luck: Random) -> Task:
    """The task with a price for split queues, and with people in different places."""
    places = {key: luck.choice((None, "N", "S", "W")) for key in given.task.attendees}
    people = {key: replace(one, place=places[key]) for key, one in given.task.attendees.items()}
    ways = {frozenset("NS"): 6, frozenset("NW"): luck.randint(0, 40)} if luck.random() < 0.7 else {}
    rules = replace(given.task.rules, split_cost=luck.choice((0, 5)))
    return replace(given.task, rules=rules, attendees=people, travel=ways)
