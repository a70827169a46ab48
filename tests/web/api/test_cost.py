"""What a program reads costs a number of queries that does not grow with the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import make_actor, make_agreed, make_cast, make_dependency, make_promise
from tests.support.program import Program, token_of
from tests.support.queries import counted_queries

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

READS = (
    *("/week", "/dependencies", "/promises", "/promises?closed=true", "/shared-sessions", "/proposals"),
    *("/shared-sessions/1/room", "/shared-sessions/1/preparation", "/proposals/1/versions"),
)


def queries_of(program: Program, address: str) -> int:
    program.read(address)  # what is kept for the next who asks is kept now
    with counted_queries() as statements:
        program.read(address)
    return len(statements)


@pytest.mark.parametrize("address", READS)
def test_more_rows_cost_no_more_queries(app: Flask, session: Session, address: str) -> None:
    cast = make_cast(session)
    owner = make_actor(session, "olive-owner")
    make_dependency(session, cast.team, cast.partner_team)
    make_dependency(session, cast.partner_team, cast.team)
    make_agreed(session, owner)
    make_promise(session, owner, "pat-partner")
    program = Program(app, token_of(session, "olive-owner"))
    before = queries_of(program, address)

    for number in range(5):
        for pair in ((cast.team, cast.partner_team), (cast.partner_team, cast.team)):
            make_dependency(session, *pair, what=f"Part {number}")
        make_promise(session, owner, "pat-partner")

    assert queries_of(program, address) == before
