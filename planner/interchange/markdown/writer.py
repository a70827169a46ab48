"""Minutes as Markdown: what people wrote stays text, whatever signs are in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planner.domain.minutes import heading, sections

if TYPE_CHECKING:
    from planner.domain.minutes import Minutes

# what begins or ends something in CommonMark and its common extensions: anywhere, and first in a line
_SIGNS = re.compile(r"([\\`*_\[\]<>|~&$])")
_FIRST = re.compile(r"^([-+#=])")
_NUMBER = re.compile(r"^(\d+)([.)])")


def write_markdown(minutes: Minutes) -> str:
    """Return minutes as Markdown, decisions first and attendance last."""
    lines = [f"# Minutes: {plain(minutes.title)}", "", plain(heading(minutes)), ""]
    for section in sections(minutes):
        lines += [f"## {section.heading}", ""]
        for first, below in section.entries:
            lines.append(f"- **{plain(first)}**" if below else f"- {plain(first)}")
            lines += [f"  - {plain(one)}" for one in below]
        lines.append("")
    return "\n".join(lines)


def plain(text: str) -> str:
    """Return text in one line so that Markdown shows it letter for letter."""
    one_line = _SIGNS.sub(r"\\\1", " ".join(text.split()))
    return _NUMBER.sub(r"\1\\\2", _FIRST.sub(r"\\\1", one_line))
