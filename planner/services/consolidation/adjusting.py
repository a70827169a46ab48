"""Adjusting a plan by hand: the words of an address on a plan, what each costs, what else can be chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.domain.conditions import Condition, meets
from planner.domain.consolidation.adjusting import Workbench
from planner.domain.consolidation.adjustment_menu import Offer, about_item, about_session, offers
from planner.domain.consolidation.adjustment_price import price_of
from planner.domain.consolidation.adjustment_words import AdjustmentWriter, Wording
from planner.domain.consolidation.adjustments import (
    Again,
    Apart,
    ApartQueues,
    CannotAdjust,
    Drop,
    LeaveOut,
    Move,
    OnlyFor,
    OtherTime,
    Pin,
    Write,
)
from planner.domain.consolidation.bound import lower_bound
from planner.domain.consolidation.build import attendee_of
from planner.domain.consolidation.cost import plan_cost
from planner.domain.consolidation.keeping import by_keys, come_round, from_keys
from planner.domain.consolidation.model import Solution
from planner.domain.consolidation.naming import item_name, person_id, person_name
from planner.domain.consolidation.selection import Treatment
from planner.domain.errors import InvalidInput, NotFound, Problem
from planner.domain.proposed_plan import facts_of
from planner.services.consolidation.kept_plans import mark_of
from planner.services.consolidation.proposals import existing_proposal
from planner.services.consolidation.proposing import UNTOUCHED, ByHand
from planner.services.consolidation.replans import near_answer
from planner.services.consolidation.suggestions import Answer, described
from planner.services.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from planner.domain.consolidation.adjustments import Adjustment, Draft, Price
    from planner.domain.consolidation.model import Attendee, Plan, Slot
    from planner.domain.consolidation.selection import Chosen
    from planner.services.consolidation.proposals import Proposal
    from planner.services.consolidation.suggestions import Question

MOST = 40
UNREADABLE = "What it was about is not recorded any more, or the address was cut off."

_drafts: Shelf[tuple[str, str, tuple[str, ...]], Adjusted] = Shelf(16)
"""The last adjusted plans, by the question, the plan they began with and the words."""


@dataclass(frozen=True, slots=True)
class Step:
    """One adjustment of the list: its word and what it cost when it was made; `refusal`: it cannot be."""

    word: str
    choice: Adjustment | None
    price: Price | None = None
    refusal: CannotAdjust | None = None


@dataclass(frozen=True)
class Adjusted:
    """A plan with what people have changed of it. `price` is that of everything together.

    base: the plan it began with. answer: the plan as it is now, described as any other.
    """

    base: Answer
    bench: Workbench
    start: Draft
    draft: Draft
    steps: tuple[Step, ...]
    answer: Answer
    price: Price

    @property
    def mark(self) -> str:
        """The name of the plan as it is now."""
        return mark_of(self.draft.plan)

    @property
    def words(self) -> tuple[str, ...]:
        """The adjustments that hold, to be kept with the plan."""
        return tuple(step.word for step in self.steps if step.price is not None)


@dataclass(frozen=True, slots=True)
class Line:
    """An adjustment as people read it. `others`: the words of all but this one; `problem`: why it is none."""

    word: str
    sentence: str
    price: str
    problem: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One choice of a menu, and the words of the plan with it; `problem` says which rule forbids it.

    meets: the answers with a condition that asks for it.
    """

    group: str
    label: str
    sentence: str
    price: str
    problem: str
    words: tuple[str, ...]
    meets: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Menu:
    """What can be chosen about one session or item: the possible by groups, and what a rule forbids."""

    title: str
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    impossible: tuple[Row, ...]


GROUPS: Mapping[type[Adjustment], str] = {
    OtherTime: "At another time",
    LeaveOut: "Who comes",
    OnlyFor: "Who comes",
    Move: "Move it",
    Apart: "Keep it apart",
    ApartQueues: "Keep it apart",
}


def adjust(base: Answer, words: Sequence[str]) -> Adjusted:
    """Return the plan of this answer with these adjustments; those that cannot be made are left out and said.

    Raises InvalidInput for more adjustments than anybody makes.
    """
    if len(words) > MOST:
        raise InvalidInput(Problem("change", f"has {len(words)} adjustments; {MOST} are possible at once"))
    name = (base.question.key, mark_of(base.solution.plan), tuple(words))
    known = _drafts.get(name)
    if known is not None and known.base.question is base.question:
        return known
    found = _adjust(base, words)
    _drafts.put(name, found)
    return found


def _adjust(base: Answer, words: Sequence[str]) -> Adjusted:
    question = base.question
    bench = Workbench(question.task, deputies_of(question))
    start = draft = bench.start(base.solution.plan)
    wording = Wording(question.organisation, question.today)
    steps: list[Step] = []
    for word in words:
        choice = wording.read(word)
        if choice is None:
            steps.append(Step(word, None))
            continue
        try:
            after = bench.adjusted(draft, choice)
        except CannotAdjust as error:
            steps.append(Step(word, choice, refusal=error))
            continue
        steps.append(Step(word, choice, price_of(draft, after)))
        draft = after
    answer = base if draft == start else _answer(base, draft)
    return Adjusted(base, bench, start, draft, tuple(steps), answer, price_of(start, draft))


def base_of_proposal(session: Session, best: Answer, number: int) -> Answer:
    """Return the plan that adjusting this proposal begins with: its own, or near it where facts have changed.

    `best` is the answer to its question. Raises NotFound.
    """
    row = existing_proposal(session, number)
    organisation = best.question.organisation
    earlier = from_keys(organisation, row.base or row.plan)
    return near_answer(session, best, come_round(organisation, earlier, best.question.today))


def by_hand(adjusted: Adjusted) -> ByHand:
    """Return what has to be kept beside the plan, to adjust it again; nothing where nothing was adjusted."""
    if not adjusted.words:
        return UNTOUCHED
    question = adjusted.base.question
    base = by_keys(question.organisation, adjusted.base.solution.plan)
    return ByHand(adjusted.words, base, facts_of(question.organisation, question.task))


def lines(adjusted: Adjusted, when: Callable[[Slot], str]) -> tuple[Line, ...]:
    """Return the adjustments in plain words, in their order."""
    writer = AdjustmentWriter(adjusted.base.question.organisation, when)
    words = [step.word for step in adjusted.steps]
    return tuple(
        Line(
            step.word,
            "An adjustment that cannot be read" if step.choice is None else writer.sentence(step.choice),
            "" if step.choice is None else _told(writer, step.choice, step.price),
            _problem(adjusted, step, writer),
            (*words[:number], *words[number + 1 :]),
        )
        for number, step in enumerate(adjusted.steps)
    )


def _told(writer: AdjustmentWriter, choice: Adjustment, price: Price | None) -> str:
    """The price without what the choice says already."""
    if price is None:
        return ""
    if isinstance(choice, OtherTime):
        price = replace(price, moved=0)
    if isinstance(choice, Write | Drop):
        price = replace(price, written=())
    return writer.price(price)


def _problem(adjusted: Adjusted, step: Step, writer: AdjustmentWriter) -> str:
    if step.choice is None:
        return UNREADABLE
    return "" if step.refusal is None else writer.refusal(step.refusal, adjusted.base.question.rules)


def price_words(adjusted: Adjusted) -> str:
    """Return what all adjustments together cost, in words."""
    return AdjustmentWriter(adjusted.base.question.organisation).price(adjusted.price)


def menu(
    adjusted: Adjusted,
    *,
    session: str = "",
    item: str = "",
    when: Callable[[Slot], str],
    conditions: Sequence[Condition] = (),
) -> Menu | None:
    """Return what can be chosen about the session of this dependency, or about this dependency; by key.

    What people ask for in their answers stands beside the choices that seem to meet it.
    Raises NotFound for a dependency that is not there. None where nothing is asked for.
    """
    if not session and not item:
        return None
    organisation = adjusted.base.question.organisation
    found = next((one for one in organisation.dependencies if one.key == (item or session)), None)
    if found is None:
        raise NotFound(f"There is no dependency “{item or session}”.")
    name, titles = item_name(found.id), _titles(adjusted)
    about = about_item if item else about_session
    choices = about(adjusted.bench, adjusted.draft, name)
    rows = _rows(adjusted, choices, AdjustmentWriter(organisation, when, titles), conditions)
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if not row.problem:
            groups.setdefault(row.group, []).append(row)
    return Menu(
        found.what if item else titles.get(name, found.what),
        tuple((group, tuple(members)) for group, members in groups.items()),
        tuple(row for row in rows if row.problem),
    )


def pins(adjusted: Adjusted) -> dict[str, tuple[str, ...]]:
    """Return for each pinned dependency the words without its pin."""
    words = [step.word for step in adjusted.steps]
    key = {item_name(one.id): one.key for one in adjusted.base.question.organisation.dependencies}
    home = {id_: one.items for one in adjusted.draft.plan.sessions for id_ in one.items}
    return {
        key[id_]: (*words[:number], *words[number + 1 :])
        for number, step in enumerate(adjusted.steps)
        if isinstance(step.choice, Pin) and step.price is not None
        for id_ in home[step.choice.item]
    }


def conditions_of(proposal: Proposal) -> tuple[Condition, ...]:
    """Return what people answer with a condition or an objection."""
    return tuple(
        Condition(
            person_name(one.person.id),
            one.person.name,
            one.words,
            one.wish,
            "" if one.about is None else item_name(one.about.id),
        )
        for one in proposal.voices
        if one.stance is not None and one.stance.needs_words
    )


def again(adjusted: Adjusted) -> Row:
    """Return what planning the rest again would do; it searches, near the plan that is there."""
    writer = AdjustmentWriter(adjusted.base.question.organisation)
    return _rows(adjusted, [Again()], writer)[0]


def _rows(
    adjusted: Adjusted,
    choices: Iterable[Adjustment],
    writer: AdjustmentWriter,
    conditions: Sequence[Condition] = (),
) -> list[Row]:
    organisation = adjusted.base.question.organisation
    wording = Wording(organisation, adjusted.base.question.today)
    people = {id_: one.attendees for one in adjusted.draft.plan.sessions for id_ in one.items}

    def row(offer: Offer) -> Row:
        rules = adjusted.base.question.rules
        return Row(
            GROUPS.get(type(offer.choice), ""),
            writer.label(offer.choice),
            writer.sentence(offer.choice),
            _told(writer, offer.choice, offer.price),
            "" if offer.refusal is None else writer.refusal(offer.refusal, rules),
            (*(step.word for step in adjusted.steps), wording.write(offer.choice)),
            tuple(one for one in conditions if meets(offer.choice, one, people=people)),
        )

    return [row(offer) for offer in offers(adjusted.bench, adjusted.draft, choices)]


def _titles(adjusted: Adjusted) -> dict[str, str]:
    """The title of each item's session as it is now."""
    told = zip(adjusted.draft.plan.sessions, adjusted.answer.suggestion.sessions, strict=True)
    return {id_: shown.title for planned, shown in told for id_ in planned.items}


def deputies_of(question: Question) -> dict[tuple[str, str], Attendee]:
    """Return who speaks in somebody's place about an item: the first other product owner of the same team."""
    organisation, selection = question.organisation, question.selection
    found: dict[tuple[str, str], Attendee] = {}
    for one in selection.live:
        dependency = one.dependency
        for team_id in (dependency.consumer_id, dependency.provider_id):
            person = selection.representative.get(team_id)
            others = (organisation.person[id_] for id_ in organisation.product_owners[team_id])
            free = [other for other in others if other.id not in one.people]
            if person is None or not free:
                continue
            deputy = min(free, key=lambda other: (other.name, other.key))
            key = item_name(dependency.id), person_name(person)
            found[key] = replace(
                attendee_of(organisation, selection, deputy, question.rules),
                away=tuple(question.away.get(deputy.id, ())),
            )
    return found


def _answer(base: Answer, draft: Draft) -> Answer:
    """The adjusted plan as an answer of its own: what was chosen of it stands in its selection and task."""
    question = base.question
    people = {item.id: item.people for item in draft.task.items}
    chosen = tuple(_as_adjusted(one, people) for one in question.selection.chosen)
    adjusted = replace(question, selection=replace(question.selection, chosen=chosen), task=draft.task)
    plan = replace(draft.plan, torn=_torn(base.solution.plan, draft.plan))
    bound = lower_bound(draft.task.items, draft.task.rules)
    solution = Solution(plan, plan_cost(draft.task, plan), bound, proved=False)
    return Answer(adjusted, solution, base.is_final, described(adjusted, solution))


def _as_adjusted(one: Chosen, people: dict[str, frozenset[str]]) -> Chosen:
    if not one.treatment.is_live:
        return one
    now = people.get(item_name(one.dependency.id))
    if now is None:
        return replace(one, treatment=Treatment.BY_CHOICE)
    return replace(one, people=frozenset(person_id(name) for name in now))


def _torn(before: Plan, after: Plan) -> dict[str, str]:
    """What belongs together and still meets apart."""
    home = {id_: number for number, one in enumerate(after.sessions) for id_ in one.items}
    placed = {names: {home.get(id_, -1) for id_ in names.split(",")} for names in before.torn}
    return {
        names: why for names, why in before.torn.items() if len(placed[names]) > 1 and -1 not in placed[names]
    }
