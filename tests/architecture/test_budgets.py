"""The budgets of the house: short functions, short files, nothing left for later, nothing inline."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
CODE = sorted((CHECKOUT / "planner").rglob("*.py"))
GENERATED = CHECKOUT / "planner/storage/migrations/versions"  # one list of operations each, read once
TEMPLATES = sorted((CHECKOUT / "templates").rglob("*.*"))
LONGEST_FUNCTION = 50
LONGEST_FILE = 600
LEFT_FOR_LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
UNESCAPED = re.compile(r"\|\s*safe\b|render_template_string|\bautoescape\s+false")
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|\shx-on\b|<script(?![^>]*\bsrc=)[^>]*>|javascript:", re.IGNORECASE
)


def matches(files: list[Path], pattern: re.Pattern[str]) -> list[str]:
    """Return "file:line: text" for every line of the files in which the pattern is found."""
    return [
        f"{file.relative_to(CHECKOUT)}:{number}: {line.strip()}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def functions(file: Path) -> list[tuple[str, int]]:
    """Return the name and the number of lines of every function of a file, docstring included."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [(node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in found]


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{file.relative_to(CHECKOUT)}: {name} has {lines} lines"
        for file in CODE
        if GENERATED not in file.parents
        for name, lines in functions(file)
        if lines > LONGEST_FUNCTION
    ]

    assert long == []


def test_no_file_is_longer_than_a_head_can_hold() -> None:
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in CODE}

    assert [f"{file}: {lines} lines" for file, lines in lengths.items() if lines > LONGEST_FILE] == []


def test_nothing_is_left_for_later() -> None:
    assert matches([*CODE, *TEMPLATES], LEFT_FOR_LATER) == []


def test_no_text_reaches_a_page_unescaped() -> None:
    assert matches([*CODE, *TEMPLATES], UNESCAPED) == []


def test_no_template_holds_script_or_style_of_its_own() -> None:
    assert matches(TEMPLATES, INLINE) == []


@pytest.mark.parametrize(
    "line",
    [
        '<p style="color: red">',
        "<script>alert(1)</script>",
        '<a onclick="go()">',
        '<form hx-on:click="x">',
        "<style>",
        '<a href="javascript:x">',
    ],
)
def test_the_search_finds_what_is_inline(line: str) -> None:
    assert INLINE.search(line)


@pytest.mark.parametrize(
    "line",
    [
        '<script src="/static/js/app.js" defer></script>',
        '<link rel="stylesheet" href="/static/css/app.css">',
        '<p data-on="x" class="style">',
        '<input name="confirm" value="once = more">',
    ],
)
def test_the_search_leaves_the_rest_alone(line: str) -> None:
    assert not INLINE.search(line)
