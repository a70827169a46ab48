"""How many statements a piece of work costs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.page import Browser


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """Yield a list that fills with every statement sent to a database inside the block."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def cost_of(browser: Browser, address: str) -> int:
    """Return how many statements a page costs once the organisation has been read."""
    browser.open(address)
    with counted_queries() as statements:
        browser.open(address)
    return len(statements)
