"""The checker is worth something because it shares nothing with what it checks."""

import ast
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PARTS = ("checker", "clock", "excuses", "recount")
VALUES = {"planner.domain.consolidation.model", "planner.domain.model"}
ALLOWED = {*VALUES, *(f"tests.domain.consolidation.{part}" for part in PARTS)}


@pytest.mark.parametrize("part", PARTS)
def test_the_checker_knows_the_values_and_the_standard_library_alone(part: str) -> None:
    tree = ast.parse((HERE / f"{part}.py").read_text())

    asked = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    asked |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}

    assert {name for name in asked if name.partition(".")[0] not in sys.stdlib_module_names} <= ALLOWED
