"""A plan as it was proposed: by keys, with all that people answered to, and what has changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from planner.domain.consolidation.keeping import by_keys
from planner.domain.consolidation.naming import dependency_id, person_id
from planner.domain.model import Organisation, PersonId

if TYPE_CHECKING:
    from planner.domain.consolidation.model import Plan, Task
    from planner.domain.consolidation.selection import Selection
    from planner.domain.consolidation.suggestion import SharedSession, Suggestion
    from planner.domain.model import TeamSession, WorkingHours


class KeptSeat(TypedDict):
    """A seat as it is kept: whose, by key, from minute to minute of the session, and why they are there."""

    person: str
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class News:
    """What is different from the facts that a plan was made of, in sentences.

    broken: what keeps a session from being held as it was proposed. changed: what leaves the sessions
    possible, though others might be better now.
    """

    broken: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return not self.broken and not self.changed


def plan_values(organisation: Organisation, plan: Plan, suggestion: Suggestion) -> dict[str, Any]:
    """Return the sessions as plain values: those of a kept plan, with the words that people read."""
    values = by_keys(organisation, plan)
    told = zip(values["sessions"], suggestion.sessions, strict=True)
    return {"sessions": [{**one, **_told(organisation, session)} for one, session in told]}


def _told(organisation: Organisation, session: SharedSession) -> dict[str, Any]:
    person = {one.id: one.key for one in organisation.people}
    return {
        "title": session.title,
        "minutes": session.minutes,
        "facilitator": person[session.facilitator_id],
        "lengths": [item.minutes for item in session.agenda],
        "seats": [
            KeptSeat(person=person[seat.person_id], start=seat.start, end=seat.end, why=seat.why)
            for seat in session.seats
        ],
        "reasons": [why.sentence for why in session.reasons],
    }


def replaced_sessions(organisation: Organisation, selection: Selection) -> tuple[TeamSession, ...]:
    """Return the recorded sessions of the teams in play in which people of other teams sit too."""
    members: dict[int, set[PersonId]] = {}
    for one in organisation.memberships:
        members.setdefault(one.team_id, set()).add(one.person_id)
    hosts = set(selection.team_ids)
    return tuple(
        session
        for session in organisation.sessions
        if session.host_id in hosts and not session.attendee_ids <= members.get(session.host_id, set())
    )


def host_teams(organisation: Organisation, selection: Selection, plan: Plan) -> tuple[str, ...]:
    """Return the keys of the teams whose sessions the plan replaces.

    Where none is recorded, each team that gives something on an agenda is assumed to hold one.
    """
    found = {session.host_id for session in replaced_sessions(organisation, selection)}
    if not found:
        items = (selection.by_id[dependency_id(item)] for one in plan.sessions for item in one.items)
        found = {item.dependency.provider_id for item in items}
    return tuple(sorted(organisation.team[team_id].key for team_id in found))


def facts_of(organisation: Organisation, task: Task) -> dict[str, Any]:
    """Return what a plan is made of, by keys: the conversations, and when their people can meet."""
    key = {one.id: one.key for one in organisation.dependencies}
    what = {one.id: one.what for one in organisation.dependencies}
    return {
        "items": {
            key[dependency_id(item.id)]: {
                "what": what[dependency_id(item.id)],
                "people": sorted(organisation.person[person_id(one)].key for one in item.people),
                "minutes": item.minutes,
            }
            for item in task.items
        },
        "hours": {
            organisation.person[person_id(one)].key: _hours(organisation.person[person_id(one)].hours)
            for one in task.attendees
        },
    }


def news(
    plan: Mapping[str, Any], then: Mapping[str, Any], now: Mapping[str, Any], names: Mapping[str, str]
) -> News:
    """Return what has changed between the facts of then and of now for this plan; `names` by key."""
    on_agenda = {key for one in plan["sessions"] for key in one["items"]}
    seated = {seat["person"] for one in plan["sessions"] for seat in one["seats"]}
    gone = [key for key in sorted(seated) if key not in names]
    broken = [_lost(len(gone))] if gone else []
    broken += [
        f"{names[key]} can meet at other hours now."
        for key in sorted(seated & then["hours"].keys() & now["hours"].keys())
        if key in names and then["hours"][key] != now["hours"][key]
    ]
    changed: list[str] = []
    for key in sorted(then["items"].keys() | now["items"].keys()):
        before, after = then["items"].get(key), now["items"].get(key)
        if before is None and after is not None:
            changed.append(f"“{after['what']}” needs a conversation now and is in none of these sessions.")
        elif key in on_agenda and before is not None and after is None:
            changed.append(f"“{before['what']}” needs no conversation any more.")
        elif key in on_agenda and before is not None and after is not None:
            changed += _differs(before, after, names)
    return News(tuple(broken), tuple(changed))


def _differs(before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    found = []
    if before["people"] != after["people"]:
        people = " and ".join(names.get(key, "somebody") for key in after["people"])
        found.append(f"“{after['what']}” is for {people} to talk about now.")
    if before["minutes"] != after["minutes"]:
        found.append(f"“{after['what']}” takes {after['minutes']} minutes now, not {before['minutes']}.")
    return found


def _lost(number: int) -> str:
    people = "One person" if number == 1 else f"{number} people"
    return f"{people} of these sessions {'is' if number == 1 else 'are'} not recorded any more."


def _hours(hours: WorkingHours) -> list[Any]:
    return [hours.zone, hours.start, hours.end, sorted(hours.days)]
