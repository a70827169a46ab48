"""Whether what a plan says it could not do could really not be done: unplaced items, torn groups."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from planner.domain.consolidation.model import Attendance, Item, Plan, Rules, Task
from tests.domain.consolidation.clock import has_start, lasts, length, people_of, presence, taken

Agendas = Sequence[Sequence[Item]]


def people_at_once(rules: Rules) -> int:
    """How many people may surely be there at one moment."""
    if rules.attendance is Attendance.WHOLE or rules.room_max is None:
        return rules.people_max
    return min(rules.people_max, rules.room_max)


def judge_unplaced(task: Task, plan: Plan, agendas: Agendas) -> Iterator[str]:
    """For each unplaced item: the rule that its sentence names forbids it, with the right figures."""
    known = {item.id: item for item in task.items}
    for key, sentence in sorted(plan.unplaced.items()):
        rule = sentence.partition(":")[0]
        if key not in known:
            yield f"R1: {key} is unplaced and not in the task."
        elif not _forbids(rule, known[key], task, plan, agendas):
            yield f"{rule if rule in RULES else 'R1'}: nothing forbids {key}, though it says “{sentence}”"
        elif not _figures_are_right(rule, known[key], task.rules, sentence):
            yield f"{rule}: the figures of {key} are others than in “{sentence}”"


RULES = ("R1", "R3", "R4", "R5", "R7")
LATER = ("R5:", "R7:")  # rules that forbid an item beside others, not by itself


def _forbids(rule: str, item: Item, task: Task, plan: Plan, agendas: Agendas) -> bool:
    rules = task.rules
    match rule:
        case "R1":
            return item.minutes <= 0 or len(item.people) < 2
        case "R3":
            return len(item.people) > people_at_once(rules)
        case "R4":
            return length(rules, [item]) > rules.minutes_max
        case "R5":
            return bool(task.days) and not _has_free_start(
                task, [item], zip(plan.sessions, agendas, strict=True)
            )
        case "R7":
            return _is_out_of_seats(item, task, plan, agendas)
    return False


def _has_free_start(
    task: Task, items: Sequence[Item], others: Iterable[tuple[object, Sequence[Item]]]
) -> bool:
    """Whether these items can be held in this order, beside what else their people have."""
    busy = taken(task, others)  # type: ignore[arg-type]
    return has_start(task, presence(task.rules, items), held=lasts(task.rules, items), busy=busy)


def _is_out_of_seats(item: Item, task: Task, plan: Plan, agendas: Agendas) -> bool:
    """Somebody has as many sessions as they may, and no session of theirs could surely take the item."""
    counts = Counter(person for agenda in agendas for person in people_of(agenda))
    most = task.rules.sessions_max
    full = {person for person in item.people if most is not None and counts[person] >= most}
    kept = [group for group in _groups(task) if item.id in group and _key(group) not in plan.torn]
    hosts = [one for one in agendas if all(group - {item.id} <= {it.id for it in one} for group in kept)]
    return bool(full) and not any(_surely_takes(task, agenda, item, full) for agenda in hosts)


def _surely_takes(task: Task, agenda: Sequence[Item], item: Item, full: Collection[str]) -> bool:
    """Without hours, waiting or coming and going in the way, which could forbid it besides."""
    rules, together = task.rules, [*agenda, item]
    ids = {one.id for one in together}
    waits = item.waits_for or any(item.id in one.waits_for for one in task.items)
    return (
        people_of(agenda).issuperset(full)
        and not (task.days or waits)
        and len(people_of(together)) <= people_at_once(rules)
        and length(rules, together) <= rules.minutes_max
        and not any(item.id in group and len(group & ids) > 1 for group in task.apart)
    )


def _figures_are_right(rule: str, item: Item, rules: Rules, sentence: str) -> bool:
    """R3 names people and limit, R4 minutes and limit; every number in them is one of the true ones."""
    if rule not in ("R3", "R4"):
        return True
    words = sentence.removeprefix(f"{rule}:")
    for name in sorted({item.id, *item.people}, key=len, reverse=True):
        words = words.replace(name, "")
    said = {int(number) for number in re.findall(r"\d+", words)}
    if rule == "R3":
        return said == {len(item.people), people_at_once(rules)}
    minutes = {item.minutes, rules.opening + item.minutes}
    return (
        rules.minutes_max in said
        and bool(minutes & said)
        and said <= minutes | {rules.opening, rules.minutes_max}
    )


def judge_torn(task: Task, plan: Plan, agendas: Agendas) -> Iterator[str]:
    """R6: groups sit in one session, or the plan says that they cannot and they really cannot."""
    where = {item.id: number for number, agenda in enumerate(agendas) for item in agenda}
    wanted = _wanted(task, plan, where)
    for group, joined in sorted(wanted.items(), key=lambda pair: sorted(pair[0])):
        sessions = sorted({where[key] for key in group})
        names = ", ".join(sorted(group))
        if len(sessions) < 2:
            continue
        if _can_be_kept(task, plan, agendas, joined):
            yield f"R6: {names} belong together and are in sessions {sessions}."
        elif not {_key(group), _key(joined)} & plan.torn.keys():
            yield f"R6: {names} cannot be kept together, and the plan does not say so."
    named = {_key(one): one for pair in wanted.items() for one in pair}
    for key, sentence in sorted(plan.torn.items()):
        if key not in named and not _lost_an_item(key, task, plan):
            yield f"R6: {key} is said to be torn and is no group."
        elif key in named and len({where[item] for item in named[key]}) < 2:
            yield f"R6: {key} is said to be torn and sits in one session."
        if not sentence.startswith("R6: "):
            yield f"R6: {key} is torn for another rule, “{sentence}”"


def _lost_an_item(key: str, task: Task, plan: Plan) -> bool:
    """Whether these are the items of a group, or what is left of one after some could not be placed."""
    named, gone = set(key.split(",")), plan.unplaced.keys()
    return any(group & gone and group - gone <= named <= group for group in _groups(task))


def _groups(task: Task) -> list[frozenset[str]]:
    return [*task.keep_together, *(_queues(task) if task.rules.queues_whole else ())]


def _queues(task: Task) -> list[frozenset[str]]:
    providers = sorted({item.provider for item in task.items})
    return [frozenset(item.id for item in task.items if item.provider == name) for name in providers]


def _key(group: Iterable[str]) -> str:
    return ",".join(sorted(group))


def _wanted(task: Task, plan: Plan, where: Mapping[str, int]) -> dict[frozenset[str], frozenset[str]]:
    """Each group that is to stay whole, with all that it is joined to; explicit groups come before queues.

    Items that no session can hold leave a group; one that lost an item to hours or seats is let go.
    """
    lost = {key for key, sentence in plan.unplaced.items() if sentence[:3] in LATER}
    explicit = [group.intersection(where) for group in task.keep_together if not group & lost]
    queues = [queue.intersection(where) for queue in _queues(task) if not queue & lost]
    queues = queues if task.rules.queues_whole else []
    found: dict[frozenset[str], frozenset[str]] = {}
    for groups, all_of_them in ((queues, [*explicit, *queues]), (explicit, explicit)):
        found |= {group: _joined(group, all_of_them) for group in groups if len(group) > 1}
    return found


def _joined(group: frozenset[str], others: Sequence[frozenset[str]]) -> frozenset[str]:
    """The group with all that overlaps it, directly or over others."""
    while True:
        more = group.union(*(other for other in others if other & group))
        if more == group:
            return group
        group = more


def _can_be_kept(task: Task, plan: Plan, agendas: Agendas, group: frozenset[str]) -> bool:
    """Few enough people to be there all the time, short enough, not kept apart, and with a start."""
    rules = task.rules
    items = [item for item in task.items if item.id in group]
    return (
        len(people_of(items)) <= people_at_once(rules)
        and length(rules, items) <= rules.minutes_max
        and not any(len(one & group) > 1 for one in task.apart)
        and (not task.days or _has_start_for_all(task, plan, agendas, items))
    )


def _has_start_for_all(task: Task, plan: Plan, agendas: Agendas, items: Sequence[Item]) -> bool:
    """Whether everybody could stay from opening to end, beside the sessions that hold none of the items."""
    ids = {item.id for item in items}
    rows = zip(plan.sessions, agendas, strict=True)
    busy = taken(task, [row for row in rows if not ids & {item.id for item in row[1]}])
    minutes = lasts(task.rules, items)
    return has_start(task, dict.fromkeys(people_of(items), (0, minutes)), held=minutes, busy=busy)
