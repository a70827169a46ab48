"""One order for every export, so that the same organisation gives the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from planner.domain.transfer import Draft, HorizonDraft, TravelDraft


def ordered(draft: Draft) -> Draft:
    """Return the draft with every list sorted: by key or name, horizons by time."""
    return replace(
        draft,
        places=tuple(sorted(draft.places, key=lambda p: p.name)),
        travel=tuple(sorted(map(_travel, draft.travel), key=lambda t: (t.place, t.other_place))),
        people=tuple(sorted(draft.people, key=lambda p: p.key)),
        teams=tuple(
            replace(t, members=tuple(sorted(t.members, key=lambda m: m.person)))
            for t in sorted(draft.teams, key=lambda t: t.key)
        ),
        horizons=tuple(sorted(draft.horizons, key=_time)),
        goals=tuple(
            replace(g, teams=tuple(sorted(g.teams))) for g in sorted(draft.goals, key=lambda g: g.key)
        ),
        sessions=tuple(
            replace(s, attendees=tuple(sorted(s.attendees)))
            for s in sorted(draft.sessions, key=lambda s: s.key)
        ),
        dependencies=tuple(sorted(draft.dependencies, key=lambda d: d.key)),
    )


def _travel(way: TravelDraft) -> TravelDraft:
    first, last = sorted((way.place, way.other_place))
    return replace(way, place=first, other_place=last)


def _time(horizon: HorizonDraft) -> tuple[date, date, str]:
    return horizon.starts_on or date.max, horizon.ends_on or date.max, horizon.name
