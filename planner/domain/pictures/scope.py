"""What a picture is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.domain.model import Dependency, Organisation


@dataclass(frozen=True)
class Scope:
    """Exactly these dependencies of an organisation, as they stand today.

    `areas` are all areas, so that each keeps its colour; `subtitle` says the filter in words; on a higher
    `detail` (0, 1, 2) a picture shows less.
    """

    organisation: Organisation
    dependencies: tuple[Dependency, ...]
    today: date
    areas: tuple[str, ...]
    subtitle: str = ""
    detail: int = 0
