"""What all drawings have in common: nodes are teams; an arrow says how many needs, or which one."""

from __future__ import annotations

import re

from planner.domain.importing import TOLD, Item
from planner.domain.transfer import Verdict
from planner.interchange.text import tidied
from planner.interchange.tools.collect import Collector

OWN_PICTURE = "picture"
"""The name of graphs that planner draws: there the arrow is the hand-over and points to who receives."""
TIMES_MOST = 1_000
"""A larger number on an arrow is no count of needs."""
_NUMBER = re.compile(r"[1-9]\d{0,3}(?:\.0)?")


def add_node(collect: Collector, name: str, label: str = "") -> None:
    """Take a node as a team; its label is its name, as far as there is one."""
    text = tidied(label.replace("\\N", name)) or name
    collect.item(Item(id=name, team=text, silent=TOLD), where=name)


def add_edge(collect: Collector, kind: str, ends: tuple[str, str], label: str = "") -> None:
    """Take an arrow. A number on it is how many needs it stands for, other words are what is needed."""
    text = tidied(label)
    if _NUMBER.fullmatch(text) and int(float(text)) <= TIMES_MOST:
        collect.link(kind, *ends, times=int(float(text)))
        return
    if text.isdigit():
        collect.tally.left_out(
            f"a number over {TIMES_MOST:,} on an arrow is no count", text, Verdict.REPAIRED
        )
        text = ""
    collect.link(kind, *ends, what=text)
