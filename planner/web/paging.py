"""One page of a long list, the same for every list: its rows, how many there are, the pages beside it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Generic, TypeVar

from flask import request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Record = TypeVar("Record")
PAGE = 50


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Record]):
    """The rows of page `number`, from 1 to `last`, of a list that has `total` rows.

    mine: how many of its first rows were put before all others, because they are the reader's own.
    """

    rows: Sequence[Record]
    total: int
    number: int
    last: int
    mine: int = 0


def list_page(
    found: Sequence[Record],
    *,
    is_mine: Callable[[Record], bool] | None = None,
    size: int = PAGE,
    usual: int = 1,
) -> ListPage[Record]:
    """Return the page that the address asks for, else the usual one; behind the last page stands the last.

    Where one page does not hold all, the reader's own stand on the first.
    """
    last = max(1, ceil(len(found) / size))
    number = min(max(1, request.args.get("page", usual, type=int)), last)
    mine = [record for record in found if is_mine(record)] if is_mine and last > 1 else []
    ordered = [*mine, *(record for record in found if is_mine and not is_mine(record))] if mine else found
    first = (number - 1) * size
    return ListPage(ordered[first : first + size], len(found), number, last, max(0, len(mine) - first))
