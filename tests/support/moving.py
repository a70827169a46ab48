"""Bringing in a file of an organisation in which one thing was changed by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from planner.domain.errors import InvalidInput
from planner.services.exchange import export_everything, remove_everything
from tests.factories import OPERATOR, bring_in
from tests.support.digest import everything

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def refused_at(session: Session, path: Sequence[str | int], value: object) -> list[str]:
    """Move all with another value in what was agreed; return where that is refused: nothing of it is kept."""
    file = json.loads(export_everything(session))
    remove_everything(session, OPERATOR)
    before = everything(session)
    part = file["agreed"]
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value

    with pytest.raises(InvalidInput) as refused:
        bring_in(session, OPERATOR, json.dumps(file).encode())

    assert everything(session) == before
    return [problem.where for problem in refused.value.problems]
