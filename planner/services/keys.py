"""Keys for new things: readable in an address, never used twice."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planner.domain.errors import InvalidInput, NotFound, Problem
from planner.domain.text import fold, slug
from planner.storage.store import NOUN, Store

if TYPE_CHECKING:
    from planner.storage.db import Row
    from planner.storage.store import AnyRow


# words that stand in addresses where a key would
RESERVED = ("new",)


def free_key(store: Store, table: type[Row], text: str) -> str:
    """Return a slug of the text that no row of the table has yet."""
    taken = {*store.rows(table), *RESERVED}
    first = slug(text)
    key, number = first, 1
    while key in taken:
        number += 1
        key = f"{first}-{number}"
    return key


def existing(store: Store, table: type[AnyRow], key: str) -> AnyRow:
    """Return the row behind a key. Raises NotFound."""
    row = store.find(table, key)
    if row is None:
        raise NotFound(f"There is no {NOUN[table]} “{key}”.")
    return row


def expect_free_name(store: Store, table: type[Row], name: str, row: Row | None) -> None:
    """Raise InvalidInput when another row of the table has this name in some spelling."""
    for other in store.rows(table).values():
        if other is not row and getattr(other, "name_folded", None) == fold(name):
            raise InvalidInput(
                Problem("name", f"there is a {NOUN[table]} “{getattr(other, 'name', name)}” already")
            )


def zone_or_utc(zone: str) -> str:
    """Return the time zone that a browser names, UTC when it names none that this machine knows."""
    try:
        expect_zone(zone)
    except InvalidInput:
        return "UTC"
    return zone


def expect_zone(zone: str) -> None:
    """Raise InvalidInput unless this machine knows the time zone."""
    try:
        ZoneInfo(zone)
    except (KeyError, OSError, ValueError):
        raise InvalidInput(
            Problem("zone", f"“{zone}” is no time zone; write it like Europe/London")
        ) from None
