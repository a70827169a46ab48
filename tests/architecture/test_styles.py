"""A class is in a template and in a style sheet, or in neither."""

from __future__ import annotations

import re
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SHEETS = sorted((CHECKOUT / "static/css").glob("*.css"))
TEMPLATES = sorted((CHECKOUT / "templates").rglob("*.*"))
USERS = [*TEMPLATES, *(CHECKOUT / "planner").rglob("*.py"), *(CHECKOUT / "static/js").glob("*.js")]
HOOKS = frozenset({"answer", "left"})
"""Found by a script, and looking like what is around them."""

COMPOSED = re.compile(r"A[1-4]|sign-\w+")
"""Put together where they are used: the colour of a person's area, the sign of a legend."""

LONGEST_SHEET = 600
EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
STATEMENT = re.compile(r"\{%.*?%\}", re.DOTALL)
ATTRIBUTE = re.compile(r'class="([^"]*)"')
RULE = re.compile(r"\{[^{}]*\}")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CLASS = re.compile(r"\.([A-Za-z][\w-]*)")


def classes_written(template: str) -> set[str]:
    """Return the classes that stand whole in a template; what an expression adds is not known here."""
    plain = STATEMENT.sub(" ", EXPRESSION.sub("?", template))
    return {name for found in ATTRIBUTE.findall(plain) for name in found.split() if "?" not in name}


def classes_ruled(sheet: str) -> set[str]:
    """Return the classes that the selectors of a style sheet name."""
    return set(CLASS.findall(RULE.sub("{}", COMMENT.sub("", sheet))))


def ruled() -> set[str]:
    return set().union(*(classes_ruled(sheet.read_text(encoding="utf-8")) for sheet in SHEETS))


def test_a_class_in_a_template_has_a_rule() -> None:
    known = ruled() | HOOKS

    without = {
        f"{template.relative_to(CHECKOUT)}: {name}"
        for template in TEMPLATES
        for name in classes_written(template.read_text(encoding="utf-8")) - known
    }

    assert sorted(without) == []


def test_a_rule_has_a_use() -> None:
    words = set(re.findall(r"[\w-]+", " ".join(user.read_text(encoding="utf-8") for user in USERS)))

    assert [name for name in sorted(ruled() - words) if not COMPOSED.fullmatch(name)] == []


def test_no_sheet_is_longer_than_a_head_can_hold() -> None:
    lengths = {sheet.name: len(sheet.read_text(encoding="utf-8").splitlines()) for sheet in SHEETS}

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_SHEET} == {}


def test_classes_are_found_where_they_stand() -> None:
    template = """<p class="card{{ ' over' if long }} {% if a %}b{% endif %} st {{ "x" }}">"""
    sheet = "/* .no */ .a > .b-c:not(.d) { color: .5em; } @media print { .e { margin: 0.5rem } }"

    assert classes_written(template) == {"b", "st"}
    assert classes_ruled(sheet) == {"a", "b-c", "d", "e"}
