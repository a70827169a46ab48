"""The suggestion with its plan: computed, kept, searched for, and the rules behind it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Annotated

from planner.domain.consolidation.model import Attendance
from planner.domain.model import DependencyState
from planner.services.accounts.tokens import Scope
from planner.services.consolidation import dial
from planner.services.consolidation.kept_plans import keep_plan, remove_kept_plan
from planner.services.consolidation.replans import PlanView
from planner.services.consolidation.searches import (
    read_search,
    search_for,
    search_now,
    search_on,
    stop_search,
)
from planner.services.consolidation.suggestions import SuggestionRequest, answer
from planner.services.settings import change_rules, read_rules
from planner.web import context
from planner.web.api.operations import Done, One, operation
from planner.web.api.records import do, done, one
from planner.web.api.telling import told
from planner.web.api.types import Between, Minute, Name, Number, Partial, Text
from planner.web.views.suggestion import plan_view

RULE_WORDS = ("people_max", "minutes_max", "sessions_max", "seat_cost", "opening", "attendance")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked: the dependencies of a horizon, by name, or in one state, and rules for this time alone.

    `near`: the plan close to the kept one instead of the best now.
    """

    horizon: Name | None = None
    state: DependencyState | None = None
    near: bool = False
    people_max: Annotated[int, Between(2, 30)] | None = None
    minutes_max: Annotated[int, Between(15, 480)] | None = None
    sessions_max: Annotated[int, Between(1, 50)] | None = None
    seat_cost: Annotated[int, Between(0, 480)] | None = None
    opening: Annotated[int, Between(0, 60)] | None = None
    attendance: Attendance | None = None

    @property
    def words(self) -> dict[str, str]:
        """The question as the address of the page asks it."""
        asked = {name: getattr(self, name) for name in ("horizon", "state", *RULE_WORDS)}
        near = {"near": "1"} if self.near else {}
        return {name: str(word) for name, word in asked.items() if word is not None} | near

    @property
    def request(self) -> SuggestionRequest:
        rules = {name: getattr(self, name) for name in RULE_WORDS if getattr(self, name) is not None}
        states = (self.state.value,) if self.state else ()
        return SuggestionRequest(self.horizon or "", states, rules)


@dataclass(frozen=True, kw_only=True)
class ShownPlan(Question):
    """A question, with the mark of the plan that you saw: another one by now is refused."""

    mark: Annotated[str, Text(64, 1)]


@dataclass(frozen=True, kw_only=True)
class KeptPlan:
    """The plan that people have decided on for this question; `version` is what its removal needs."""

    kept_at: datetime
    kept_by: str
    changes: str
    version: int


@dataclass(frozen=True, kw_only=True)
class SearchState:
    """A search for something better, as it stands."""

    number: int
    state: str
    percent: int
    first: dict[str, object] | None
    best: dict[str, object] | None
    is_stopping: bool
    is_attended: bool


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """What is suggested, in the numbers of the page. `mark` names the plan, `search` looks for a better."""

    suggestion: dict[str, object]
    mark: str
    is_final: bool
    search: SearchState | None
    kept: KeptPlan | None


@dataclass(frozen=True, kw_only=True)
class DialPoint:
    """One plan counted, called by words. `minutes` is what people sit and travel, all of them together."""

    name: str
    is_chosen: bool
    seat_cost: int
    sessions: int
    seats: int
    per_person: float
    busiest: int
    minutes: int
    relevance: float


@dataclass(frozen=True, kw_only=True)
class DialNeighbour:
    """What the next point would change: for everybody, and in one sentence for you."""

    heading: str
    sentences: tuple[str, ...]
    mine: str


@dataclass(frozen=True, kw_only=True)
class DialCurve:
    """What the price of a seat does. `is_beaten`: a point of the curve is better than the chosen one."""

    points: tuple[DialPoint, ...]
    neighbours: tuple[DialNeighbour, ...]
    is_beaten: bool
    is_first: bool


@dataclass(frozen=True, kw_only=True)
class RuleSettings:
    """The rules of suggestions that hold for everybody, in minutes and people."""

    attendance: Attendance
    people_max: Annotated[int, Between(2, 30)]
    room_max: Annotated[int, Between(2, 30)] | None
    minutes_max: Annotated[int, Between(15, 480)]
    opening: Annotated[int, Between(0, 60)]
    seat_cost: Annotated[int, Between(0, 480)]
    sessions_max: Annotated[int, Between(1, 50)] | None
    split_cost: Annotated[int, Between(0, 120)]
    move_cost: Annotated[int, Between(0, 120)]
    queues_whole: bool
    relevance_min: Annotated[float, Between(0, 1)]
    unrated_gap: Annotated[float, Between(0, 1)]
    settled_minutes: Annotated[int, Between(0, 30)]
    earliest: Minute
    latest: Minute


@operation("GET", "/suggestion")
def read_suggestion(query: Question) -> One[Suggestion]:
    """Read the suggested sessions: the best plan at hand, why, and what it costs and saves."""
    view = plan_view(query.request, is_near=query.near)
    search = search_for(context.database(), view.answer, context.now())
    return one(
        Suggestion(
            suggestion=asdict(view.answer.suggestion),
            mark=view.mark,
            is_final=view.answer.is_final,
            search=None if search is None else told(SearchState, search),
            kept=_kept(view),
        )
    )


@operation("GET", "/suggestion/dial")
def read_dial(query: Question) -> One[DialCurve]:
    """Read what lies between few long sessions and many short ones, around this suggestion."""
    found = dial.make_dial(
        context.database(),
        context.organisation(),
        query.request,
        context.day_for_all(),
        reader=context.actor().person_id,
    )
    points = tuple(told(DialPoint, row, row.point) for row in found.rows)
    return one(told(DialCurve, found, found.dial, points=points))


@operation("POST", "/suggestion/kept", status=201)
def keep_suggestion(body: ShownPlan) -> One[Suggestion]:
    """Keep the plan that you saw, in place of the one kept before for the same question."""
    view = plan_view(body.request, is_near=body.near)
    change = do(keep_plan, answer=view.answer, shown=body.mark)
    found = read_suggestion(query=body)
    return replace(found, change=change.id)


@operation("POST", "/suggestion/kept/remove")
def remove_kept(body: Question) -> Done:
    """Forget the plan that is kept for this question."""
    question = answer(
        context.database(), context.organisation(), body.request, context.day_for_all()
    ).question
    return done(do(remove_kept_plan, question=question, version=None))


@operation("GET", "/searches/<int:number>")
def read_one_search(number: Number) -> One[SearchState]:
    """Read how a search stands."""
    return one(told(SearchState, read_search(context.database(), number, context.now())))


@operation("POST", "/searches/<int:number>/stop")
def stop_one_search(number: Number) -> Done:
    """Stop a search and keep the best so far."""
    do(stop_search, number)
    return done()


@operation("POST", "/searches/<int:number>/on")
def continue_search(number: Number) -> Done:
    """Let a search that was stopped or failed be made after all."""
    do(search_on, number)
    return done()


@operation("POST", "/searches/<int:number>/now", only_reads=True)
def make_search_now(number: Number) -> Done:
    """Make a search while you wait, where no worker makes it."""
    do(search_now, number)
    return done()


@operation("GET", "/settings/rules")
def read_rule_settings() -> One[RuleSettings]:
    """Read the rules of suggestions."""
    return one(told(RuleSettings, read_rules(context.database())))


@operation("PATCH", "/settings/rules", scope=Scope.SETTINGS)
def change_rule_settings(body: Partial[RuleSettings]) -> One[RuleSettings]:
    """Change rules of suggestions, for everybody."""
    rules = replace(read_rules(context.database()), **body.values)
    change = do(change_rules, rules)
    return one(told(RuleSettings, rules), change=change)


def _kept(view: PlanView) -> KeptPlan | None:
    if view.kept is None:
        return None
    return told(KeptPlan, view.kept, changes=view.changes.summary if view.changes else "")
