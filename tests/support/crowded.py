"""Four teams whose people can hardly meet: the sessions that would be cheapest find no time side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.model import WorkingHours
from planner.domain.transfer import DependencyDraft, Draft, MemberDraft, PersonDraft, TeamDraft

if TYPE_CHECKING:
    from collections.abc import Mapping

NINE, TEN, ELEVEN = 540, 600, 660
HOURS: Mapping[int, tuple[int, frozenset[int]]] = {
    1: (ELEVEN, frozenset({0, 2})),
    2: (TEN, frozenset({0})),
    3: (ELEVEN, frozenset({0, 2})),
    4: (TEN, frozenset({0, 1})),
}
NEEDS = ((2, 1), (1, 3), (1, 2), (4, 1), (4, 2), (4, 3), (1, 3), (2, 3))


def crowded_organisation() -> Draft:
    """Return teams t1 to t4, each with one product owner who works on one or two mornings a week."""
    return Draft(
        people=tuple(
            PersonDraft(f"p{n}", f"Person {n}", hours=WorkingHours("UTC", NINE, end, days))
            for n, (end, days) in HOURS.items()
        ),
        teams=tuple(TeamDraft(f"t{n}", f"Team {n}", members=(MemberDraft(f"p{n}", True),)) for n in HOURS),
        dependencies=tuple(
            DependencyDraft(f"d{number}", f"t{consumer}", f"t{provider}", f"Part {number}")
            for number, (consumer, provider) in enumerate(NEEDS, start=1)
        ),
    )
