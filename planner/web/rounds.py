"""Which round of a shared session an address is of: the one in `?round=2`, else the one that matters now.

Links and forms of a page stay with the round that it shows, also once another one matters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, request

from planner.domain.meeting.rounds import RoundOf
from planner.services.meeting.sittings import read_round
from planner.web import context
from planner.web.addresses import row_number

if TYPE_CHECKING:
    from flask import Blueprint

    from planner.domain.meeting.rounds import SessionOrRound
    from planner.services.meeting.sittings import RoundShown


def asked_for(number: int) -> SessionOrRound:
    """Return the round that the address names, else the session alone. Nothing is read for it."""
    asked = request.args.get("round", type=row_number)
    return number if asked is None or asked < 1 else RoundOf(number, asked - 1)


def place_of(number: int, *, to_read: bool = False) -> RoundOf:
    """Return the round that this request is about, the same for all of it. Raises NotFound."""
    found: RoundShown | None = g.get("round_meant")
    if found is None or found.place.session_id != number:
        found = read_round(context.database(), asked_for(number), context.now(), to_read=to_read)
        g.round_meant = found
    return found.place


def shown(number: int, *, to_read: bool = False) -> RoundShown:
    """Return what the page tells of its round, and of those before and after it. Raises NotFound."""
    place_of(number, to_read=to_read)
    found: RoundShown = g.round_meant
    g.round_is_one_of_many = found.count > 1
    return found


def keep_the_round(blueprint: Blueprint) -> None:
    """Let every address of this blueprint stay with the round that the request is about."""

    @blueprint.url_defaults
    def _same_round(_endpoint: str, values: dict[str, Any]) -> None:
        found: RoundShown | None = g.get("round_meant")
        names_it = asked_for(0) != 0 or g.get("round_is_one_of_many", False)
        if found is not None and values.get("number") == found.place.session_id and names_it:
            values.setdefault("round", found.place.number + 1)
