from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from planner.domain.consolidation.model import Rules

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "assumptions.md"
SAID_IN_WORDS = {
    "sessions_max": "none",
    "queues_whole": "off",
    "relevance_min": "1/3",
    "earliest": "00:00",
    "latest": "24:00",
}


def test_each_rule_is_written_down_with_its_default() -> None:
    rows = [line.split(" | ") for line in DOCUMENT.read_text(encoding="utf-8").splitlines()]
    written = {row[0].strip("|` "): row[1].strip(" `") for row in rows if row[0].startswith("| `")}

    expected = {rule.name: SAID_IN_WORDS.get(rule.name, str(rule.default)) for rule in fields(Rules)}

    assert written == expected
