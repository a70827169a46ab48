"""What is different between two plans: which session goes on as which, what comes, goes and moves.

Names are those of the plans; the sentences are made in `change_words`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.domain.consolidation.model import Plan, PlannedSession, Slot


@dataclass(frozen=True, slots=True)
class Moved:
    """An item that changes its session; `other` is where it was, or where it is now."""

    item: str
    other: int


@dataclass(frozen=True, slots=True)
class SessionChange:
    """What is different in one session.

    before, after: its place in either plan, from 0; None where it is new or gone. came, went: items that
    no session had, or has any more. moved_in names places in the plan before, moved_out in that after.
    is_elsewhere: another place to meet. is_reordered: what stays is talked about in another order.
    """

    before: int | None
    after: int | None
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    moved_in: tuple[Moved, ...] = ()
    moved_out: tuple[Moved, ...] = ()
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    start: tuple[Slot, Slot] | None = None
    is_elsewhere: bool = False
    is_reordered: bool = False

    @property
    def is_new(self) -> bool:
        return self.before is None


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """All that is different: the sessions of the plan after in their order, then those that are gone.

    same: how many sessions stay exactly as they are.
    """

    touched: tuple[SessionChange, ...]
    gone: tuple[SessionChange, ...]
    same: int

    @property
    def invitations(self) -> int:
        """Seats that people are newly asked to take."""
        return sum(len(one.joined) for one in self.touched)

    @property
    def sessions(self) -> int:
        """How many sessions there are afterwards."""
        return len(self.touched) + self.same

    @property
    def sessions_changed(self) -> int:
        """How many sessions somebody has to be told about."""
        return len(self.touched) + len(self.gone)


def differences(before: Plan, after: Plan) -> PlanChanges:
    """What leads from one plan to the other; both may name what is not there any more."""
    goes_on = _pairs(before.sessions, after.sessions)
    came_from = {id_: n for n, one in enumerate(before.sessions) for id_ in one.items}
    goes_to = {id_: n for n, one in enumerate(after.sessions) for id_ in one.items}
    every = [
        _change(_Ends(before, after, goes_on.get(number), number), came_from, goes_to)
        for number in range(len(after.sessions))
    ]
    touched = tuple(one for one in every if one != SessionChange(one.before, one.after))
    ended = sorted(set(range(len(before.sessions))) - set(goes_on.values()))
    gone = tuple(_change(_Ends(before, after, number, None), came_from, goes_to) for number in ended)
    return PlanChanges(touched=touched, gone=gone, same=len(every) - len(touched))


def _pairs(before: Sequence[PlannedSession], after: Sequence[PlannedSession]) -> dict[int, int]:
    """For each session after the one before that it continues: most shared items first, each used once."""
    home = {id_: number for number, one in enumerate(before) for id_ in one.items}
    shared: dict[tuple[int, int], int] = {}
    for number, one in enumerate(after):
        for id_ in one.items:
            if id_ in home:
                pair = (number, home[id_])
                shared[pair] = shared.get(pair, 0) + 1
    found: dict[int, int] = {}
    for now, then in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        if now not in found and then not in found.values():
            found[now] = then
    return found


@dataclass(frozen=True, slots=True)
class _Ends:
    """One session in both plans."""

    plan_before: Plan
    plan_after: Plan
    before: int | None
    after: int | None

    def then(self) -> PlannedSession:
        return _NOTHING if self.before is None else self.plan_before.sessions[self.before]

    def now(self) -> PlannedSession:
        return _NOTHING if self.after is None else self.plan_after.sessions[self.after]


_NOTHING = PlannedSession((), frozenset())


def _change(ends: _Ends, came_from: Mapping[str, int], goes_to: Mapping[str, int]) -> SessionChange:
    then, now = ends.then(), ends.now()
    more = [id_ for id_ in now.items if id_ not in then.items]
    fewer = [id_ for id_ in then.items if id_ not in now.items]
    goes_on = then is not _NOTHING and now is not _NOTHING
    return SessionChange(
        before=ends.before,
        after=ends.after,
        came=tuple(id_ for id_ in more if id_ not in came_from),
        went=tuple(id_ for id_ in fewer if id_ not in goes_to),
        moved_in=tuple(Moved(id_, came_from[id_]) for id_ in more if id_ in came_from),
        moved_out=tuple(Moved(id_, goes_to[id_]) for id_ in fewer if id_ in goes_to),
        joined=tuple(sorted(now.attendees - then.attendees)),
        left=tuple(sorted(then.attendees - now.attendees)),
        start=_moved_start(then.slot, now.slot),
        is_elsewhere=goes_on and then.place != now.place,
        is_reordered=_common(then, now) != _common(now, then),
    )


def _moved_start(then: Slot | None, now: Slot | None) -> tuple[Slot, Slot] | None:
    return None if then is None or now is None or then == now else (then, now)


def _common(one: PlannedSession, other: PlannedSession) -> list[str]:
    return [id_ for id_ in one.items if id_ in other.items]
