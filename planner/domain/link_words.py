"""Which way a type of link most likely goes, by its phrases or by its name alone.

The phrases are those of fifteen public Jira servers (the Public Jira Dataset) and of the other tools;
a person confirms the direction in every case.
"""

from __future__ import annotations

import re

from planner.domain.importing import Direction
from planner.domain.text import fold

_NEEDS = re.compile(
    r"depends|dependent on|is blocked|blocked|requires|needs|waits|follows|follow up|is successor|successor"
    r"|has to be done after|preceded|(is|was) triggered|can't (start|finish) until|start is earliest end"
)
_GIVES = re.compile(
    r"blocks|is blocking|blocking|is depended|depended|is required|required by|is needed|needed by"
    r"|has to be done before|precedes|followed|is followed|is a precondition|predecessor|is predecessor"
    r"|is triggering|triggered|triggers|linked one can't|earliest end is start|gives"
)
# what the types are called where a file shows no phrases, and how the first end reads them
_NAMES = {
    "blocks": "blocks",
    "blocker": "blocks",
    "blockers": "blocks",
    "blocked": "is blocked by",
    "depends": "depends on",
    "depend": "depends on",
    "dependency": "depends on",
    "dependent": "depends on",
    "required": "requires",
    "follows": "follows",
    "preceded by": "precedes",
    "gantt end to start": "has to be done before",
    "gantt dependency": "has to be done before",
    "gantt: finish-start": "has to be done before",
    "finish-start [gantt]": "has to be done before",
}


def direction_of(outward: str, inward: str = "") -> Direction:
    """Return which way a link goes that its first end reads as `outward` and its second as `inward`.

    NEITHER where both read it alike, or where the words tell nothing: then a person must say.
    """
    if fold(outward) == fold(inward):
        return Direction.NEITHER
    said = _read(outward)
    if said is Direction.NEITHER:
        back = _read(inward)
        return back if back is Direction.NEITHER else back.turned
    return said


def phrase_of(name: str) -> str:
    """Return how the first end of a link reads its type, of which only the name is known."""
    plain = re.sub(r"^\d+\s*-\s*", "", fold(name))
    return _NAMES.get(plain, plain)


def _read(phrase: str) -> Direction:
    text = fold(phrase).replace("’", "'")
    if _NEEDS.match(text):
        return Direction.NEEDS
    return Direction.GIVES if _GIVES.match(text) else Direction.NEITHER
