"""Which dependencies are meant: the same words for a list, a picture and a link that shows one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from planner.services.finding import DependencyFilter
from planner.web.api.types import Key, Name, ShortText


class State(StrEnum):
    """Which dependencies: what somebody still waits for, all, or those in one state."""

    ACTIVE = "active"
    ALL = "all"
    ASKED = "asked"
    COUNTERED = "countered"
    AGREED = "agreed"
    REOPENED = "reopened"
    DELIVERED = "delivered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Only(StrEnum):
    """A further narrowing."""

    OPEN = "open"
    LATE = "late"
    LOOP = "loop"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Teams and goal by key, the horizon by name; `team` is on either side. `q`: words of what is needed."""

    needs: Key | None = None
    provider: Key | None = None
    team: Key | None = None
    goal: Key | None = None
    horizon: Name | None = None
    state: State = State.ACTIVE
    only: Only | None = None
    q: ShortText | None = None

    def as_filter(self) -> DependencyFilter:
        """Return the filter that the pages use."""
        return DependencyFilter(
            needs=self.needs or "",
            provider=self.provider or "",
            team=self.team or "",
            goal=self.goal or "",
            horizon=self.horizon or "",
            state=self.state.value,
            only=self.only.value if self.only else "",
            words=self.q or "",
        )
