"""The suggestion: what is recorded, under the rules, as a few shared sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

from planner.domain.away import NEVER, Away
from planner.domain.consolidation.build import build_task
from planner.domain.consolidation.model import Attendance, Rules, Solution
from planner.domain.consolidation.report import describe
from planner.domain.consolidation.selection import Scope, select
from planner.domain.consolidation.suggestion import Suggestion
from planner.domain.errors import InvalidInput, Problem
from planner.domain.model import MINUTES_PER_DAY, DependencyState, Organisation
from planner.domain.stand_ins import with_stand_ins
from planner.services.away import read_away
from planner.services.consolidation import plans
from planner.services.settings import read_rules
from planner.services.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from planner.domain.consolidation.model import Plan, Task
    from planner.domain.consolidation.selection import Selection

ITEMS_AT_ONCE = 20
"""Up to so many items a whole search takes half a second to three: not worth sending people away for."""
DEPENDENCIES_OF_A_LARGE_ONE = 1000
CHANGES_PASSED_OVER = 100
DAYS_AHEAD = 10
WORKING_DAYS = 5

# the least and the most that each rule can be; None means that it may be left open
RANGES: dict[str, tuple[float, float]] = {
    "people_max": (2, 30),
    "room_max": (2, 30),
    "minutes_max": (15, 480),
    "opening": (0, 60),
    "seat_cost": (0, 480),
    "sessions_max": (1, 50),
    "split_cost": (0, 120),
    "move_cost": (0, 120),
    "unrated_gap": (0, 1),
    "relevance_min": (0, 1),
    "settled_minutes": (0, 30),
}
# minutes after midnight, typed as a time of day
TIMES = frozenset({"earliest", "latest"})
MAY_BE_OPEN = frozenset({"room_max", "sessions_max"})
FRACTIONS = frozenset({"unrated_gap", "relevance_min"})


Asked = tuple[str, str, tuple[str, ...], Rules, date]
_answers: Shelf[Asked, tuple[Organisation, Answer]] = Shelf(16)
"""The last answers with the snapshot they are about; another snapshot is another question."""

solving = Lock()
"""One search at a time: it takes a whole core, and who waits mostly asked for the same."""


@dataclass(frozen=True)
class SuggestionRequest:
    """What a suggestion is asked for: which dependencies, and rules that differ from the kept ones."""

    horizon: str = ""
    states: tuple[str, ...] = ()
    rules: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_words(
        cls, *, horizon: str = "", states: Iterable[str] = (), rules: Iterable[str] = ()
    ) -> SuggestionRequest:
        """Return the request of a command line: rules as "people_max=8". Raises InvalidInput."""
        pairs = [rule.partition("=") for rule in rules]
        without = [Problem(name, "has no value; write NAME=VALUE") for name, _, value in pairs if not value]
        if without:
            raise InvalidInput(*without)
        return cls(horizon, tuple(states), read_rule_values({name: value for name, _, value in pairs}))


def words_of(request: SuggestionRequest) -> dict[str, str]:
    """Return the request as the words of an address; `request_of` reads them again."""
    words = {"horizon": request.horizon, "state": next(iter(request.states), "")}
    words |= {name: write_rule(name, value) for name, value in request.rules.items()}
    return {name: word for name, word in words.items() if word}


def request_of(words: Mapping[str, str]) -> SuggestionRequest:
    """Return the request that these words ask. Raises InvalidInput for a rule that is not there."""
    rules = {name: word for name, word in words.items() if name not in {"horizon", "state"}}
    states = (words["state"],) if "state" in words else ()
    return SuggestionRequest(words.get("horizon", ""), states, read_rule_values(rules))


def read_rule_values(values: Mapping[str, str]) -> dict[str, Any]:
    """Return typed rules from what people typed, empty ones left out. Raises InvalidInput."""
    known = {item.name for item in fields(Rules)}
    problems, read = [], {}
    for name, text in values.items():
        if not text.strip():
            continue
        try:
            read[name] = _read_rule(name, text.strip().casefold(), known)
        except ValueError as error:
            problems.append(Problem(name, str(error)))
    if problems:
        raise InvalidInput(*problems)
    return read


@dataclass(frozen=True)
class Question:
    """A request read against what is recorded: the task, and the name of everything its plan depends on.

    near: the plan that people have kept, where one close to it is asked for.
    """

    request: SuggestionRequest
    rules: Rules
    today: date
    organisation: Organisation
    selection: Selection
    task: Task
    key: str
    near: Plan | None = None
    away: Away = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """The best suggestion at hand. `is_final`: the whole search was done, nothing better is looked for."""

    question: Question
    solution: Solution
    is_final: bool
    suggestion: Suggestion


class _Solver:
    """Solves a question once; who asks the same meanwhile waits for what is found."""

    def __init__(self, solve: Callable[[Task], Solution], lock: Lock) -> None:
        self._solve, self._lock = solve, lock
        self._found: Shelf[str, Solution] = Shelf(16)

    def __call__(self, question: Question) -> Solution:
        with self._lock:
            solution = self._found.get(question.key) or self._solve(question.task)
            self._found.put(question.key, solution)
        return solution


first_solution = _Solver(plans.first_plan, Lock())
"""The plan that is there at once, found once for a question."""
_small_search = _Solver(plans.search, solving)

Find = Callable[["Session", Question], tuple[Solution, bool]]
"""How a plan is come by; also whether it is as good as that of a whole search."""


def suggest(
    session: Session, organisation: Organisation, request: SuggestionRequest, today: date
) -> Suggestion:
    """Return the best suggestion at hand, without a long search.

    A team of which nobody is recorded yet is spoken for by a stand-in.
    Raises InvalidInput for a horizon, a state or a rule that does not exist.
    """
    return answer(session, organisation, request, today).suggestion


def suggest_of_late(
    session: Session, organisation: Organisation, request: SuggestionRequest, today: date
) -> Suggestion:
    """Return a suggestion for a page that shows one person's part of it: nothing is searched for.

    It may be some changes old: a large organisation changes every minute, and describing its suggestion
    anew takes seconds, so the one before is shown until much has changed.
    """
    asked = _asked(session, request, today)
    known = _answers.get(asked)
    if known is not None and _is_like(known[0], organisation):
        return known[1].suggestion
    return _answer(session, organisation, request, asked, find=_at_hand).suggestion


def _asked(session: Session, request: SuggestionRequest, today: date) -> Asked:
    """What an answer is kept under, beside those about other databases."""
    rules = replace(read_rules(session), **request.rules)
    return str(session.get_bind().engine.url), request.horizon, request.states, rules, today


def _is_like(before: Organisation, now: Organisation) -> bool:
    """True for a large organisation in which only a few dependencies have changed."""
    is_large = len(now.dependencies) >= DEPENDENCIES_OF_A_LARGE_ONE
    if not is_large or replace(before, dependencies=()) != replace(now, dependencies=()):
        return False
    known = set(map(id, before.dependencies))
    changed = sum(id(dependency) not in known for dependency in now.dependencies)
    gone = len(before.dependencies) + changed - len(now.dependencies)
    return changed + gone <= CHANGES_PASSED_OVER


def answer(session: Session, organisation: Organisation, request: SuggestionRequest, today: date) -> Answer:
    """Return the best answer at hand; a small question is searched whole, which takes up to some seconds."""
    return _answer(session, organisation, request, _asked(session, request, today), find=_found_soon)


def _answer(
    session: Session, organisation: Organisation, request: SuggestionRequest, asked: Asked, *, find: Find
) -> Answer:
    """The answer that `find` gives; described once, then kept until the plan or the records change."""
    *_, rules, today = asked
    away = read_away(session, organisation, days_after(today))
    known = _answers.get(asked)
    is_asked_again = known is not None and known[0] is organisation and known[1].question.away == away
    if known is not None and is_asked_again and known[1].is_final:
        return known[1]
    if known is not None and is_asked_again:
        question = known[1].question
    else:
        question = pose(organisation, request, rules=rules, today=today, away=away)
    solution, is_final = find(session, question)
    if known is None or known[1].question is not question or known[1].solution != solution:
        found = Answer(question, solution, is_final, described(question, solution))
    else:
        found = replace(known[1], is_final=is_final)
    _answers.put(asked, (organisation, found))
    return found


def search_here(
    session: Session,
    organisation: Organisation,
    request: SuggestionRequest,
    today: date,
    *,
    effort: float = 1.0,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Suggestion:
    """Return the suggestion of a whole search, made now unless its plan is kept. Raises InvalidInput."""
    rules = replace(read_rules(session), **request.rules)
    away = read_away(session, organisation, days_after(today))
    question = pose(organisation, request, rules=rules, today=today, away=away)
    kept = plans.kept_final(session, question.key) if effort == 1 else None
    if kept is not None:
        return described(question, kept)
    session.commit()  # nobody waits for us meanwhile
    solution = plans.search(question.task, effort=effort, progress=progress, stop=stop)
    if effort == 1 and not (stop and stop()):
        plans.keep_final(session, question.key, solution)
    return described(question, solution)


def pose(
    organisation: Organisation,
    request: SuggestionRequest,
    *,
    rules: Rules,
    today: date,
    away: Away = NEVER,
) -> Question:
    """Return what is asked of the solver, `away` being when people cannot meet.

    Raises InvalidInput for a horizon or a state that is not there.
    """
    organisation = with_stand_ins(organisation)
    selection = select(organisation, rules=rules, today=today, scope=scope_of(organisation, request))
    task = build_task(organisation, selection, rules=rules, days=days_after(today), away=away)
    return Question(request, rules, today, organisation, selection, task, plans.digest(task), away=away)


def _found_soon(session: Session, question: Question) -> tuple[Solution, bool]:
    """The plan of a whole search where that is kept or is soon made, else what is at hand."""
    if len(question.task.items) > ITEMS_AT_ONCE:
        return _at_hand(session, question)
    kept = plans.kept_final(session, question.key)
    if kept is not None:
        return kept, True
    solution = _small_search(question)
    plans.keep_final(session, question.key, solution)
    return solution, True


def _at_hand(session: Session, question: Question) -> tuple[Solution, bool]:
    """The best plan that is kept, else the first; and whether it is as good as that of a whole search."""
    kept = plans.kept_best(session, question.key)
    if kept is not None:
        return kept
    solution = first_solution(question)
    (plans.keep_final if solution.proved else plans.keep_best)(session, question.key, solution)
    return solution, solution.proved


def described(question: Question, solution: Solution) -> Suggestion:
    """Return what people read of a solution of this question."""
    organisation = question.organisation
    return describe(
        organisation,
        question.task,
        question.selection,
        solution,
        today=question.today,
        cadence_days=_cadence(organisation),
    )


def scope_of(organisation: Organisation, request: SuggestionRequest) -> Scope:
    """Return the domain's scope. Raises InvalidInput when the horizon or a state does not exist."""
    chosen: dict[str, Any] = {}
    if request.horizon:
        horizon = next((h for h in organisation.horizons if h.name == request.horizon), None)
        if horizon is None:
            listed = ", ".join(h.name for h in organisation.horizons) or "none"
            raise InvalidInput(Problem("horizon", f"there is no “{request.horizon}”; there are {listed}"))
        chosen["horizon_id"] = horizon.id
    if request.states:
        try:
            chosen["states"] = frozenset(DependencyState(state) for state in request.states)
        except ValueError as error:
            listed = ", ".join(state.value for state in DependencyState)
            raise InvalidInput(Problem("state", f"expected one of {listed}")) from error
    return Scope(**chosen)


def days_after(today: date) -> tuple[date, ...]:
    """Return the ten working days after today: the stretch in which sessions are placed."""
    days = (today + timedelta(days=ahead) for ahead in range(1, 2 * DAYS_AHEAD))
    return tuple([day for day in days if day.weekday() < WORKING_DAYS][:DAYS_AHEAD])


def _cadence(organisation: Organisation) -> int:
    """The cadence that most of today's sessions have; fortnightly when none are recorded."""
    counts: dict[int, int] = {}
    for session in organisation.sessions:
        counts[session.cadence_days] = counts.get(session.cadence_days, 0) + 1
    return max(counts, key=lambda cadence: (counts[cadence], -cadence), default=14)


def write_rule(name: str, value: Any) -> str:
    """Return a rule as `read_rule_values` reads it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in TIMES:
        return f"{value // 60:02}:{value % 60:02}"
    return str(value)


def _read_rule(name: str, text: str, known: set[str]) -> Any:
    if name not in known:
        raise ValueError(f"there is no such rule; there are {', '.join(sorted(known))}")
    if name == "attendance":
        if text not in {mode.value for mode in Attendance}:
            raise ValueError(f"read “{text}”, expected window or whole")
        return Attendance(text)
    if name == "queues_whole":
        if text not in {"yes", "no", "true", "false", "1", "0"}:
            raise ValueError(f"read “{text}”, expected yes or no")
        return text in {"yes", "true", "1"}
    if name in MAY_BE_OPEN and text in {"none", "open"}:
        return None
    if name in TIMES:
        return _read_time(text)
    return _read_number(text, *RANGES[name], whole=name not in FRACTIONS)


def _read_time(text: str) -> int:
    hour, _, minute = text.partition(":")
    if hour.isdecimal() and minute.isdecimal() and len(text) <= len("23:59"):
        minutes = int(hour) * 60 + int(minute)
        if int(minute) < 60 and minutes <= MINUTES_PER_DAY:
            return minutes
    raise ValueError(f"read “{text[:20]}”, expected a time of day like 10:00")


def _read_number(text: str, least: float, most: float, *, whole: bool) -> float:
    expected = f"expected a {'whole ' if whole else ''}number from {least:g} to {most:g}"
    try:
        number: float = int(text) if whole else float(text)
    except ValueError:
        raise ValueError(f"read “{text[:20]}”, {expected}") from None
    if not least <= number <= most:
        raise ValueError(f"read “{text[:20]}”, {expected}")
    return number
