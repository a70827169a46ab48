"""The records of an organisation, read field by field; the same for JSON and for the rows of a CSV."""

from __future__ import annotations

from planner.domain.model import MINUTES_PER_DAY, DependencyKind, DependencyState, WorkingHours
from planner.domain.text import LINES_MOST
from planner.domain.transfer import (
    DependencyDraft,
    GoalDraft,
    HorizonDraft,
    MemberDraft,
    PersonDraft,
    PlaceDraft,
    SessionDraft,
    TeamDraft,
    TravelDraft,
)
from planner.interchange import limits
from planner.interchange.fields import Fields

_USUAL_HOURS = WorkingHours()
ENDS_EARLY = "is not after the start"


def place(fields: Fields) -> PlaceDraft:
    return PlaceDraft(
        name=fields.required_text("name"),
        zone=fields.zone("zone") or "UTC",
        days_off=fields.days("days_off"),
    )


def travel(fields: Fields) -> TravelDraft:
    found = TravelDraft(
        place=fields.required_text("place"),
        other_place=fields.required_text("other_place"),
        minutes=fields.whole("minutes", least=0, most=limits.TRAVEL_MINUTES),
    )
    if found.place and found.place == found.other_place:
        fields.problem("other_place", "is the same place; the way to it takes no time")
    return found


def person(fields: Fields) -> PersonDraft:
    return PersonDraft(
        key=fields.required_text("key"),
        name=fields.required_text("name"),
        email=fields.email("email"),
        place=fields.optional_text("place"),
        hours=fields.record("hours", hours, default=_USUAL_HOURS),
    )


def hours(fields: Fields) -> WorkingHours:
    zone = fields.zone("zone") or _USUAL_HOURS.zone
    start, end = fields.clock("start"), fields.clock("end")
    found = WorkingHours(
        zone=zone,
        start=_USUAL_HOURS.start if start is None else start,
        end=_USUAL_HOURS.end if end is None else end,
        days=fields.weekdays("days", default=_USUAL_HOURS.days),
    )
    if found.start >= found.end and start is not None and end is not None:
        fields.problem("end", ENDS_EARLY)
    return found


def member(fields: Fields) -> MemberDraft:
    return MemberDraft(
        person=fields.required_text("person"), decides=fields.flag("decides"), role=fields.text("role")
    )


def team(fields: Fields) -> TeamDraft:
    members = fields.records("members", member)
    seen: set[str] = set()
    for at, found in enumerate(members):
        if found.person and found.person in seen:
            fields.problem(f"members[{at}].person", f"{found.person!r} stands twice in this team")
        seen.add(found.person)
    return TeamDraft(
        key=fields.required_text("key"),
        name=fields.required_text("name"),
        area=fields.text("area"),
        purpose=fields.prose("purpose"),
        place=fields.optional_text("place"),
        members=members,
    )


def horizon(fields: Fields) -> HorizonDraft:
    found = HorizonDraft(
        name=fields.required_text("name"), starts_on=fields.day("starts_on"), ends_on=fields.day("ends_on")
    )
    if found.starts_on and found.ends_on and found.starts_on > found.ends_on:
        fields.problem("ends_on", f"is before the start, {found.starts_on}")
    return found


def goal(fields: Fields) -> GoalDraft:
    return GoalDraft(
        key=fields.required_text("key"),
        outcome=fields.required_text("outcome", limit=limits.LINE),
        due_on=fields.day("due_on"),
        teams=fields.names("teams"),
        lead=fields.optional_text("lead"),
    )


def session(fields: Fields) -> SessionDraft:
    start = fields.clock("start")
    if start == MINUTES_PER_DAY:
        fields.problem("start", "is the end of the day, expected at most 23:59")
    found = SessionDraft(
        key=fields.required_text("key"),
        title=fields.required_text("title", limit=limits.LINE),
        host=fields.required_text("host"),
        attendees=fields.names("attendees"),
        minutes=fields.whole("minutes", least=1, most=limits.SESSION_MINUTES, default=60),
        local_minutes=fields.whole("local_minutes", least=0, most=limits.SESSION_MINUTES, default=0),
        cadence_days=fields.whole("cadence_days", least=1, most=limits.CADENCE_DAYS, default=14),
        weekday=fields.weekday("weekday"),
        start=start,
        zone=fields.zone("zone"),
        place=fields.optional_text("place"),
    )
    if found.local_minutes > found.minutes and fields.says("minutes"):
        fields.problem("local_minutes", f"is more than the {found.minutes} minutes of the session")
    return found


def dependency(fields: Fields) -> DependencyDraft:
    found = DependencyDraft(
        key=fields.required_text("key"),
        consumer=fields.required_text("consumer"),
        provider=fields.required_text("provider"),
        what=fields.required_text("what", limit=limits.LINE),
        needed_by=fields.day("needed_by"),
        promised_for=fields.day("promised_for"),
        state=fields.choice("state", default=DependencyState.ASKED),
        goal=fields.optional_text("goal"),
        horizon=fields.optional_text("horizon"),
        item=fields.text("item", limit=limits.LINE),
        kind=fields.choice("kind", default=DependencyKind.HAND_OVER),
        gap=fields.fraction("gap"),
        asked_on=fields.day("asked_on"),
        criteria=fields.lines("criteria", most=LINES_MOST),
    )
    if found.consumer and found.consumer == found.provider:
        fields.problem("provider", f"{found.provider!r} is the consumer too; a team needs nothing of itself")
    return found
