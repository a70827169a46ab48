"""Plans adjusted by hand, with what each change costs, and the versions of a proposal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

from planner.domain.agreement import ProposalState, Stance
from planner.services import trials
from planner.services.accounts.tokens import Scope
from planner.services.consolidation import adjusting, proposals, versions
from planner.services.consolidation.proposing import restore_version, share_plan
from planner.web import context
from planner.web.api.operations import Listed, One, Page, operation, page_of
from planner.web.api.proposals import Adjustments, Proposal, proposal_of
from planner.web.api.records import do, one
from planner.web.api.suggestion import Question
from planner.web.api.telling import told
from planner.web.api.types import Number, Text
from planner.web.views.adjusting import base_of, own_clock
from planner.web.views.dependencies import find
from planner.web.views.suggestion import plan_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.domain.conditions import Condition


@dataclass(frozen=True, kw_only=True)
class NewDraft:
    """A plan to be adjusted. `changes`: the words of what was adjusted so far, in their order.

    With `item`, a dependency by number, or with `session`, one of the dependencies in it, the answer tells
    what can be chosen about that.
    """

    changes: Adjustments = ()
    session: Number | None = None
    item: Number | None = None


@dataclass(frozen=True, kw_only=True)
class NewSuggestionDraft(Question, NewDraft):
    """The plan of the suggestion to be adjusted; the question, and the words of what was adjusted so far."""


@dataclass(frozen=True, kw_only=True)
class NewProposalVersion:
    """The next version of a proposal: its `changes`, the `mark` of the plan that they came to, and `seen`."""

    changes: Adjustments
    mark: Annotated[str, Text(64, 1)]
    seen: Number


@dataclass(frozen=True, kw_only=True)
class NewRestoration:
    """How many versions there were when you looked."""

    seen: Number


@dataclass(frozen=True, kw_only=True)
class AdjustmentStep:
    """One change in words: its price, or why it cannot be made."""

    word: str
    sentence: str
    price: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class AdjustmentChoice:
    """What can be chosen, its price or the rule that forbids it, and the `changes` of the plan with it.

    `meets`: who asks for it in their answer.
    """

    group: str
    label: str
    sentence: str
    price: str
    problem: str
    changes: tuple[str, ...]
    meets: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AdjustedPlan:
    """A plan with what people have changed of it. `mark` names it; `seen`: how many versions there are."""

    mark: str
    steps: tuple[AdjustmentStep, ...]
    price: str
    suggestion: dict[str, object]
    choices: tuple[AdjustmentChoice, ...]
    seen: int | None


@dataclass(frozen=True, kw_only=True)
class VersionAnswer:
    """What somebody answered to a version."""

    name: str
    stance: Stance
    words: str


@dataclass(frozen=True, kw_only=True)
class ProposalVersion:
    """One version of a plan, in short; `proposal` is its number among all proposals."""

    proposal: int
    number: int
    state: ProposalState
    shared_by: str
    shared_at: datetime
    sessions: int
    adjustments: tuple[str, ...]
    said: tuple[VersionAnswer, ...]


@dataclass(frozen=True, kw_only=True)
class WhichVersions:
    """Two versions, by their numbers in the list of versions."""

    before: Number
    after: Number


@dataclass(frozen=True, kw_only=True)
class VersionComparison:
    """What one version changes against another: in a line, for each session, and for whom."""

    summary: str
    sentences: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ProposalNews:
    """What has changed since a plan was shared: what keeps a session from being held, and what does not."""

    broken: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TriedDate:
    """One date of a session of a trial. `worth`: the middle of all answers; `mine`: your own."""

    session: int
    round: int
    day: date | None
    title: str
    is_over: bool
    worth: float | None
    mine: int | None
    may_say: bool


@dataclass(frozen=True, kw_only=True)
class ProposalTrial:
    """What a trial has shown so far, in minutes of all people together; null where too few came to tell."""

    sessions: tuple[TriedDate, ...]
    cadences: float
    planned: int
    attended: int | None
    decided: int
    items: int
    worth: float | None


@operation("POST", "/suggestion/adjusted", scope=Scope.READ)
def adjust_suggestion(body: NewSuggestionDraft) -> One[AdjustedPlan]:
    """See what the plan of the suggestion comes to with your changes. Nothing is saved.

    `POST /proposals` with the same changes proposes it.
    """
    adjusted = adjusting.adjust(plan_view(body.request, is_near=body.near).answer, body.changes)
    return one(_plan(adjusted, body))


@operation("POST", "/proposals/<int:number>/adjusted", scope=Scope.READ)
def adjust_proposal(number: Number, body: NewDraft) -> One[AdjustedPlan]:
    """See what the plan of a proposal comes to with your changes. Nothing is saved."""
    found = _proposal(number)
    adjusted = adjusting.adjust(base_of(found), body.changes)
    seen = versions.count_versions(context.database(), number)
    return one(_plan(adjusted, body, conditions=adjusting.conditions_of(found), seen=seen))


@operation("POST", "/proposals/<int:number>/versions", status=201)
def create_proposal_version(number: Number, body: NewProposalVersion) -> One[Proposal]:
    """Share the adjusted plan that you saw as the next version."""
    adjusted = adjusting.adjust(base_of(_proposal(number)), body.changes)
    made, change = do(
        share_plan,
        answer=adjusted.answer,
        shown=body.mark,
        key=None,
        by_hand=adjusting.by_hand(adjusted),
        seen=body.seen,
    )
    return proposal_of(made, change)


@operation("POST", "/proposals/<int:number>/restore", status=201)
def restore_proposal(number: Number, body: NewRestoration) -> One[Proposal]:
    """Propose this version again, as it was, as the next one."""
    made, change = do(restore_version, number, seen=body.seen, key=None)
    return proposal_of(made, change)


@operation("GET", "/proposals/<int:number>/versions")
def list_proposal_versions(number: Number, query: Page) -> Listed[ProposalVersion]:
    """List every version of the plan of this proposal, newest first."""
    return page_of(
        _versions(number), query, lambda v: told(ProposalVersion, v, proposal=v.id, number=v.number)
    )


@operation("GET", "/proposals/<int:number>/comparison")
def compare_proposal_versions(number: Number, query: WhichVersions) -> One[VersionComparison]:
    """Read what one version changes against another."""
    found = versions.compare_versions(
        context.database(),
        context.organisation(),
        _versions(number),
        before=query.before,
        after=query.after,
    )
    return one(told(VersionComparison, found))


@operation("GET", "/proposals/<int:number>/news")
def read_proposal_news(number: Number) -> One[ProposalNews]:
    """Read what has changed since a proposal was shared."""
    found = proposals.read_news(context.database(), context.organisation(), number, context.day_for_all())
    return one(told(ProposalNews, found))


@operation("GET", "/proposals/<int:number>/trial")
def read_trial(number: Number) -> One[ProposalTrial]:
    """Read how the trial of a proposal goes."""
    _proposal(number)
    found = trials.read_trial(context.database(), context.organisation(), number, context.actor())
    sessions = tuple(told(TriedDate, one, session=one.id, round=one.round + 1) for one in found.sessions)
    return one(told(ProposalTrial, found, sessions=sessions))


def _proposal(number: int) -> proposals.Proposal:
    return proposals.read_proposal(context.database(), context.organisation(), number, context.today())


def _versions(number: int) -> tuple[versions.Version, ...]:
    return versions.read_versions(
        context.database(), context.organisation(), number, context.today(), own_clock()
    )


def _plan(
    adjusted: adjusting.Adjusted,
    body: NewDraft,
    *,
    conditions: Sequence[Condition] = (),
    seen: int | None = None,
) -> AdjustedPlan:
    return told(
        AdjustedPlan,
        adjusted,
        adjusted.answer,
        steps=tuple(told(AdjustmentStep, line) for line in adjusting.lines(adjusted, own_clock())),
        price=adjusting.price_words(adjusted),
        choices=tuple(_choice(row) for row in _choices(adjusted, body, conditions)),
        seen=seen,
    )


def _choices(
    adjusted: adjusting.Adjusted, body: NewDraft, conditions: Sequence[Condition]
) -> list[adjusting.Row]:
    session, item = (find(number).key if number else "" for number in (body.session, body.item))
    menu = adjusting.menu(adjusted, session=session, item=item, when=own_clock(), conditions=conditions)
    if menu is None:
        return []
    return [row for _group, rows in menu.groups for row in rows] + list(menu.impossible)


def _choice(row: adjusting.Row) -> AdjustmentChoice:
    return told(
        AdjustmentChoice,
        row,
        changes=row.words,
        meets=tuple(f"{condition.name}: {condition.words}" for condition in row.meets),
    )
