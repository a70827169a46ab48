"""When shared sessions are held: made when a plan is adopted, moved with a newer one, cancelled when it ends.

No function here ends the transaction, nor begins a change; `agreements` and its like do.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from planner.domain.away import merged, minute_of
from planner.domain.consolidation.keeping import next_slot
from planner.domain.consolidation.model import Slot
from planner.domain.series import Presence, Series, count_until, in_turns, refitted, rounds
from planner.services.away import read_away
from planner.services.shared_sessions import exception_values, rows_of, series_of
from planner.storage.models import ProposalRow, SharedSessionRow, TeamSessionRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from planner.domain.away import Away
    from planner.domain.model import Organisation
    from planner.domain.proposed_plan import KeptSeat
    from planner.services.shared_sessions import AgreedSession

CHANGING = (
    *("title", "place", "starts_at", "zone", "minutes", "facilitator", "agenda", "seats"),
    *("every_days", "rounds", "exceptions"),
)
"""What people are told anew when it differs."""
GOES_ON_FOR = timedelta(weeks=26)


def make_sessions(
    session: Session,
    organisation: Organisation,
    row: ProposalRow,
    *,
    earlier: Sequence[SharedSessionRow],
    now: datetime,
) -> None:
    """Write the sessions of a plan that is adopted.

    A session that goes on from an earlier plan keeps its uid: calendars move it and do not add another.
    What the earlier plan had besides is cancelled, and what has begun stays as it was.
    """
    ahead = [one for one in earlier if _is_ahead(one, now)]
    begun = [one for one in earlier if one not in ahead]
    last = row.trial_until or now.date()
    away = read_away(session, organisation, _days_until(now.date(), last))
    for values in row.plan["sessions"]:
        wanted = _values(organisation, values, now.date())
        wanted |= _repeated(organisation, wanted, away, every_days=row.cadence_days, last=last)
        goes_on = _most_like(ahead, wanted)
        if goes_on is None:
            session.add(new_session(row.id, wanted, now))
            continue
        ahead.remove(goes_on)
        goes_on.proposal_id, goes_on.turn = row.id, None
        _change(goes_on, wanted, now)
    for one in ahead:
        one.proposal_id = row.id  # so that whoever was invited is told from the newer plan
    cancel([*ahead, *begun], now)


def retime(row: SharedSessionRow, *, agenda: list[str], seats: list[KeptSeat], now: datetime) -> None:
    """Keep another agenda and other windows; what differs is a change that people are told of."""
    _change(row, {name: getattr(row, name) for name in CHANGING} | {"agenda": agenda, "seats": seats}, now)


def place_anew(
    session: Session,
    organisation: Organisation,
    row: SharedSessionRow,
    starts_at: datetime,
    now: datetime,
    *,
    turn: datetime | None = None,
) -> None:
    """Hold a session at another time, with its further rounds until the trial ends; without a plan, once.

    `turn`: a start at whose hour every other round is held.
    """
    proposal = None if row.proposal_id is None else session.get_one(ProposalRow, row.proposal_id)
    last = (proposal.trial_until if proposal else None) or starts_at.date()
    away = read_away(session, organisation, _days_until(now.date(), last))
    wanted = {"starts_at": starts_at, "zone": row.zone, "seats": row.seats}
    repeated = _repeated(organisation, wanted, away, every_days=row.every_days, last=last)
    if turn is not None:
        series = in_turns(Series(starts_at, row.zone, row.every_days, repeated["rounds"]), turn)
        repeated["exceptions"] = exception_values(series.exceptions)
    row.turn = turn
    _change(row, {**{name: getattr(row, name) for name in CHANGING}, **wanted, **repeated}, now)


def go_on(session: Session, organisation: Organisation, proposal_id: int, now: datetime) -> None:
    """Let the sessions of a plan come round for another half year; what was moved or left out stays so.

    Two times that take turns go on in turn, whatever the hours: all have agreed to both.
    """
    last = (now + GOES_ON_FOR).date()
    away = read_away(session, organisation, _days_until(now.date(), last))
    for row in rows_of(session, proposal_id):
        if row.starts_at is None or row.is_cancelled:
            continue
        count = count_until(row.starts_at, row.zone, row.every_days, last)
        series = replace(series_of(row, row.starts_at), count=max(count, row.rounds))
        if series.turn is None:
            found = refitted(series, presences_of(organisation, row.seats, away))
        else:
            found = in_turns(series, series.turn)
        new = {number: moment for number, moment in found.exceptions.items() if number >= row.rounds}
        exceptions = exception_values({**new, **series.exceptions})
        now_kept = {name: getattr(row, name) for name in CHANGING}
        _change(row, now_kept | {"rounds": series.count, "exceptions": exceptions}, now)


def cancel(rows: Iterable[SharedSessionRow], now: datetime) -> None:
    """Cancel what has not begun yet, and of what has the rounds that are ahead."""
    for one in rows:
        begun = _begun(one, now)
        if one.is_cancelled or begun == one.rounds:
            continue
        if begun:
            one.rounds = begun
        else:
            one.is_cancelled = True
        one.sequence, one.changed_at = one.sequence + 1, now


def pause(session: Session, proposal_id: int, keys: Iterable[str], *, instead_of: int | None) -> None:
    """Pause these team sessions for a proposal; what an earlier proposal paused besides is held again."""
    wanted = set(keys)
    for one in session.scalars(select(TeamSessionRow).order_by(TeamSessionRow.id)):
        if one.key in wanted and one.paused_by_id in {None, instead_of}:
            one.paused_by_id = proposal_id
        elif instead_of is not None and one.paused_by_id == instead_of:
            one.paused_by_id = None


def resume(session: Session, proposal_id: int) -> None:
    """Let every team session be held again that this proposal paused."""
    for one in session.scalars(select(TeamSessionRow).where(TeamSessionRow.paused_by_id == proposal_id)):
        one.paused_by_id = None


def new_session(proposal_id: int | None, values: Mapping[str, Any], now: datetime) -> SharedSessionRow:
    """Return a row of nobody's calendar yet, with a uid of its own; whoever calls adds it."""
    return SharedSessionRow(
        proposal_id=proposal_id,
        uid=str(uuid.uuid4()),
        sequence=0,
        is_cancelled=False,
        changed_at=now,
        mailed_to=[],
        mailed_off=[],
        **values,
    )


def _values(organisation: Organisation, one: Mapping[str, Any], today: date) -> dict[str, Any]:
    zone = _zone(organisation, one)
    return {
        "title": one["title"],
        "place": one["place"],
        "starts_at": _start(one, zone, today),
        "zone": zone,
        "minutes": one["minutes"],
        "facilitator": one["facilitator"],
        "agenda": list(one["items"]),
        "seats": list(one["seats"]),
    }


def _start(one: Mapping[str, Any], zone: str, today: date) -> datetime | None:
    """The moment, at the same local hour two weeks later as often as needed where the day has passed."""
    if one["day"] is None:
        return None
    slot = next_slot(Slot(date.fromisoformat(one["day"]), one["minute"]), zone, today)
    return datetime.combine(slot.day, time(), UTC) + timedelta(minutes=slot.minute)


def _repeated(
    organisation: Organisation, values: Mapping[str, Any], away: Away, *, every_days: int, last: date
) -> dict[str, Any]:
    """How often it is held until the trial ends, each round in the hours of everybody where that can be."""
    once = {"every_days": every_days, "rounds": 1, "exceptions": []}
    if values["starts_at"] is None:
        return once
    count = count_until(values["starts_at"], values["zone"], every_days, last)
    series = Series(values["starts_at"], values["zone"], every_days, count)
    found = refitted(series, presences_of(organisation, values["seats"], away))
    return {**once, "rounds": count, "exceptions": exception_values(found.exceptions)}


def presences_of(organisation: Organisation, seats: Iterable[KeptSeat], away: Away) -> list[Presence]:
    """Return when those who sit there are needed and can be there."""
    people = {person.key: person for person in organisation.people}
    known = [(people[seat["person"]], seat) for seat in seats if seat["person"] in people]
    return [
        Presence(person.hours, (seat["start"], seat["end"]), tuple(away.get(person.id, ())))
        for person, seat in known
    ]


def and_seated(away: Away, held: Iterable[AgreedSession]) -> Away:
    """Return when people cannot be there, with when they sit in these sessions."""
    found = {person: list(stretches) for person, stretches in away.items()}
    seats = [(one, seat) for one in held if not one.is_cancelled for seat in one.seats]
    for one, seat in seats:
        if seat.person is not None:
            begins = (minute_of(each.starts_at or each.planned) for each in one.held)
            mine = found.setdefault(seat.person.id, [])
            mine += [(begin + seat.start, begin + seat.end) for begin in begins]
    return {person: merged(stretches) for person, stretches in found.items()}


def _days_until(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 15))


def _zone(organisation: Organisation, one: Mapping[str, Any]) -> str:
    """The zone of the place where people meet, else that of who leads."""
    place = next((place.zone for place in organisation.places if place.name == one["place"]), None)
    leads = (person.hours.zone for person in organisation.people if person.key == one["facilitator"])
    return place or next(leads, "UTC")


def _change(row: SharedSessionRow, values: Mapping[str, Any], now: datetime) -> None:
    different = {name: values[name] for name in CHANGING if getattr(row, name) != values[name]}
    if different:
        for name, value in different.items():
            setattr(row, name, value)
        row.sequence, row.changed_at = row.sequence + 1, now


def _most_like(rows: Sequence[SharedSessionRow], values: Mapping[str, Any]) -> SharedSessionRow | None:
    """The session with which this one has most of its agenda in common, None where it has nothing."""
    wanted = set(values["agenda"])
    found = max(rows, key=lambda row: (len(wanted & set(row.agenda)), -row.id), default=None)
    return found if found is not None and wanted & set(found.agenda) else None


def _is_ahead(row: SharedSessionRow, now: datetime) -> bool:
    return not row.is_cancelled and not _begun(row, now)


def _begun(row: SharedSessionRow, now: datetime) -> int:
    """How many rounds there are up to the last one that has begun."""
    if row.starts_at is None:
        return 0
    series = rounds(series_of(row, row.starts_at))
    return max((one.number for one in series if (one.starts_at or one.planned) <= now), default=-1) + 1
