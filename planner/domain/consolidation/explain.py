"""The English of a suggestion: each fact as one plain sentence. "A needs X from B", never "blocks"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from planner.domain.consolidation.baseline import BaselineKind
from planner.domain.consolidation.model import Item, Rules, Solution
from planner.domain.consolidation.reasons import Reason, ReasonKind
from planner.domain.consolidation.refusal import Refusal, RefusalReason
from planner.domain.consolidation.selection import Chosen, Treatment
from planner.domain.interdependence import LargeLoop
from planner.domain.model import DependencyId, Organisation, TeamId
from planner.domain.text import counted

NAMES_MAX = 4
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def listed(names: Sequence[str], *, at_most: int = NAMES_MAX) -> str:
    """ "A", "A and B", "A, B and C", "A, B, C and 4 more"; "" for nothing."""
    shown = list(names[:at_most])
    if len(names) > at_most:
        shown = [*names[: at_most - 1], f"{len(names) - at_most + 1} more"]
    return " and ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)


def said(count: int) -> str:
    """A number in words up to ten."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


def day(value: date) -> str:
    return f"{value.day} {value:%B}"


class Explainer:
    """Says facts with the names of one organisation."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._dependency = {dependency.id: dependency for dependency in organisation.dependencies}

    def team(self, team_id: TeamId) -> str:
        return self._organisation.team[team_id].name

    def teams(self, team_ids: Sequence[TeamId]) -> str:
        return listed([self.team(team_id) for team_id in team_ids])

    def things(self, ids: Sequence[DependencyId]) -> str:
        """What is needed, by its words."""
        return listed([self._dependency[id_].what for id_ in ids])

    def reason(self, reason: Reason) -> str:
        """One sentence or two for a reason of a session."""
        say = {
            ReasonKind.TWO_WAY: self._two_way,
            ReasonKind.LOOP: self._loop,
            ReasonKind.LATE: self._late,
            ReasonKind.COUNTERED: self._countered,
            ReasonKind.ONE_GOAL: self._one_goal,
            ReasonKind.ONE_QUEUE: self._one_queue,
            ReasonKind.SPLITTING: _splitting,
            ReasonKind.OPEN: self._open,
        }
        return say[reason.kind](reason)

    def _two_way(self, reason: Reason) -> str:
        ends = iter([self.team(team_id) for team_id in reason.team_ids])
        pairs = [f"{one} and {other}" for one, other in zip(ends, ends, strict=True)]
        if len(pairs) > NAMES_MAX:
            pairs = [*pairs[: NAMES_MAX - 1], f"{len(pairs) - NAMES_MAX + 1} more pairs"]
        shown = pairs[0] if len(pairs) == 1 else f"{', '.join(pairs[:-1])}, and {pairs[-1]},"
        return f"Two-way work: {shown} each need something from the other."

    def _loop(self, reason: Reason) -> str:
        teams = [self.team(team_id) for team_id in reason.team_ids]
        first, *rest = zip(teams, [*teams[1:], teams[0]], strict=True)
        steps = [f"{first[0]} needs something from {first[1]}", *(f"{a} from {b}" for a, b in rest)]
        way = listed(steps, at_most=len(steps))
        return f"A loop of {said(len(teams))}: {way}. Nobody can start first until one link is loosened."

    def _late(self, reason: Reason) -> str:
        ids = reason.dependency_ids
        promised = all(self._dependency[id_].is_promised_late for id_ in ids)
        subject, verb = ("promise", "slip") if promised else ("thing", "wait")
        one, one_s = len(ids) == 1, "s" if len(ids) == 1 else ""
        many = "" if one else "s"
        how = f"come{one_s} later than needed" if promised else f"{'is' if one else 'are'} past the day"
        return f"{said(len(ids)).capitalize()} {subject}{many} {verb}{one_s}: {self.things(ids)} {how}."

    def _open(self, reason: Reason) -> str:
        ids, missing = reason.dependency_ids, "no answer with a date yet"
        if len(ids) == 1:
            return f"An open hand-over: {self.things(ids)} has {missing}."
        return f"{said(len(ids)).capitalize()} open hand-overs: {self.things(ids)} have {missing}."

    def _countered(self, reason: Reason) -> str:
        offers = [self._offer(id_) for id_ in reason.dependency_ids]
        opening = "A counter-date is open" if len(offers) == 1 else f"{len(offers)} counter-dates are open"
        return f"{opening}: {listed(offers)}."

    def _offer(self, id_: DependencyId) -> str:
        dependency = self._dependency[id_]
        when = "another way" if dependency.promised_for is None else day(dependency.promised_for)
        return f"{self.team(dependency.provider_id)} offered {when} for {dependency.what}"

    def _one_goal(self, reason: Reason) -> str:
        goal_id = self._dependency[reason.dependency_ids[0]].goal_id
        goal = "" if goal_id is None else self._organisation.goal[goal_id].outcome
        row = [self._dependency[id_].what for id_ in reason.dependency_ids]
        return f"One shared goal in a row, {goal}: {', then '.join(row)}."

    def _one_queue(self, reason: Reason) -> str:
        provider, *asking = reason.team_ids
        return f"One order for one queue: {self.teams(asking)} need something from {self.team(provider)}."

    def settled(self, one: Chosen) -> str:
        """Why no meeting is needed for it, or why no meeting can be found."""
        dependency = one.dependency
        consumer, provider = self.team(dependency.consumer_id), self.team(dependency.provider_id)
        match one.treatment:
            case Treatment.SHARED:
                return f"{consumer} and {provider} share {dependency.what}. Write the standard down instead."
            case Treatment.DELIVERED:
                return f"{provider} has handed over {dependency.what}. {consumer} only has to confirm it."
            case Treatment.ONE_DECIDER:
                return f"{self._decider(one)} decides for both sides, so nobody has to meet."
            case Treatment.BY_CHOICE:
                return f"People chose to settle {dependency.what} in writing."
            case Treatment.NO_PRODUCT_OWNER:
                return f"{self._nobody(one)} Then it can be placed."
            case _:
                return f"{provider} promised {dependency.what} in time. {consumer} agreed."

    def _decider(self, one: Chosen) -> str:
        return " and ".join(sorted(self._organisation.person[id_].name for id_ in one.people))

    def _nobody(self, one: Chosen) -> str:
        teams = self.teams(one.missing_team_ids)
        return f"Nobody decides for {teams} yet. Name a product owner."

    def unplaced(self, one: Chosen, item: Item, rules: Rules, *, rule: str) -> str:
        """Why `rule` ("R7") leaves no session for an item, and what to loosen."""
        what, length = one.dependency.what, rules.opening + item.minutes
        if length > rules.minutes_max:
            return f"{what} takes {length} minutes, a session at most {rules.minutes_max}. Allow longer ones."
        if len(item.people) > rules.people_max:
            return f"{what} needs {len(item.people)} people, a session holds {rules.people_max}. Allow more."
        people = listed(sorted(self._organisation.person[id_].name for id_ in one.people))
        if rule == "R7":
            most = counted(rules.sessions_max or 0, "session")
            return f"{what} would be one session too many: {people} sit in at most {most}. Allow more."
        return f"{people} have no common time left for {what}. Add days, or settle it in writing."

    def torn(self, ids: Sequence[DependencyId], why: str) -> str:
        """Why what belongs together meets apart; `why` ends like "...: 135 minutes, at most 120 (R4)."."""
        obstacle = why.partition("together: ")[2].rpartition(" (")[0]
        return f"{self.things(ids)} belong together but cannot share a session: {obstacle}."

    def too_large(self, loop: LargeLoop) -> str:
        """A loop too large for one conversation, and where to cut it first."""
        links = [f"what {self.team(a)} needs from {self.team(b)}" for a, b in loop.tear]
        return (
            f"{len(loop.team_ids)} teams wait for one another in loops, too many for one conversation. "
            f"Settle first {listed(links)}."
        )


def _splitting(reason: Reason) -> str:
    seats = "no more seats" if not reason.seats else counted(reason.seats, "more seat")
    return f"Splitting it in two would cost {seats} and {counted(reason.minutes, 'minute')} of people's time."


def why_you(numbers: Sequence[int]) -> str:
    """ "items 1, 3 and 6"."""
    names = listed([str(number) for number in numbers], at_most=len(numbers))
    return f"item {names}" if len(numbers) == 1 else f"items {names}"


def refusal(found: Refusal, rules: Rules) -> str:
    """The reasons with their figures, e.g. "saves nothing; no hand-off between them; write the standard"."""
    said_so = [_refusal_reason(reason, found, rules) for reason in found.reasons]
    if RefusalReason.NO_HAND_OFF in found.reasons:
        said_so.append("write the standard")
    if RefusalReason.NO_COMMON_TIME in found.reasons:
        said_so.append("hand over in writing")
    return "; ".join(said_so)


def _refusal_reason(reason: RefusalReason, found: Refusal, rules: Rules) -> str:
    relevance = _percent(found.lowest_relevance)
    return {
        RefusalReason.COSTS_MORE: f"would cost people {_percent(found.change)} more time",
        RefusalReason.NO_HAND_OFF: "no hand-off between them",
        RefusalReason.TOO_MANY_PEOPLE: f"{found.joint_people} people, at most {rules.people_max}",
        RefusalReason.TOO_LONG: f"{found.joint_minutes} minutes, at most {rules.minutes_max}",
        RefusalReason.ROOM_FULL: f"more than {rules.room_max} people in the room at once",
        RefusalReason.NO_COMMON_TIME: f"no {found.joint_minutes} minutes that suit everybody",
        RefusalReason.LOW_RELEVANCE: f"somebody would have only {relevance} of their time relevant",
        RefusalReason.SMALL_SAVING: _small_saving(found.separate_cost - found.joint_cost),
        RefusalReason.LONGER_FOR_SOME: f"{found.longer_for} would sit longer",
    }[reason]


def _small_saving(minutes: int) -> str:
    return f"would save only {counted(minutes, 'minute')}" if minutes else "saves nothing"


def headline(sessions: int, before: int, kind: BaselineKind, *, uncovered: int = 0) -> str:
    """The result in one line; more sessions than today are no gain, and the line says so."""
    if uncovered and not sessions:
        return f"{counted(uncovered, 'dependency', 'dependencies')} cannot be placed under these rules"
    if not before and not sessions:
        return "Nothing to talk about yet"
    if not sessions:
        return "No shared session needed"
    assumed = " (assumed)" if kind is BaselineKind.ASSUMED else ""
    if sessions > before:
        return f"These rules need {counted(sessions, 'session')}, more than the {before} of today{assumed}"
    return f"{counted(sessions, 'shared session')} instead of {before}{assumed}"


def summary(live: int, written: int, uncovered: int) -> str:
    """What is talked about, what is not, and what cannot be placed."""
    verb = "needs" if live == 1 else "need"
    parts = [f"{counted(live, 'dependency', 'dependencies')} {verb} a conversation."]
    if written:
        parts.append(f"{written} can be settled in writing, so nobody meets about them.")
    if uncovered:
        parts.append(f"{uncovered} cannot be placed yet.")
    return " ".join(parts)


def proof(solution: Solution) -> str:
    """How good the plan is known to be, never more than is proven."""
    if not solution.plan.sessions:
        return "Nobody has to meet, and nothing costs less than that."
    if solution.proved:
        return f"No plan under your rules costs less than {solution.cost} person-minutes: this is the best."
    return (
        f"Best found: {solution.cost} person-minutes. No plan under your rules costs less than "
        f"{solution.lower_bound}; this one is within {_percent(solution.gap)} of it."
    )


def scheduling(solution: Solution) -> str:
    """What finding a time for every session has cost; "" where it cost nothing."""
    added = solution.scheduling_cost
    if added <= 0:
        return ""
    share = _percent(added / solution.cost)
    return (
        f"Of that, {added} person-minutes ({share}) are the price of finding times: sessions whose people "
        "had no time left in common were parted."
    )
