"""What a program can ask for: each operation is a function, and its signature is its description.

Names of the path, `query`, `body` and `version` are arguments; what comes back is the answer. From the same
signature a request is read, checked and answered, and the OpenAPI description is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    BinaryIO,
    Generic,
    TypeAlias,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

from planner.services.accounts.tokens import Scope
from planner.web.api.types import Between, Number, plain

if TYPE_CHECKING:
    from collections.abc import Sequence


Value = TypeVar("Value")
Function = TypeVar("Function", bound=Callable[..., Any])
MOST = 200
USUAL = 50


@dataclass(frozen=True, kw_only=True)
class Page:
    """Which part of a list: `page` from 1 on, `limit` entries each."""

    page: Annotated[int, Between(1, 1_000_000)] = 1
    limit: Annotated[int, Between(1, MOST)] = USUAL


@dataclass(frozen=True, kw_only=True)
class Before:
    """Which part of a list that grows at its head: what came before the entry of this id."""

    before: Number | None = None


@dataclass(frozen=True)
class Listed(Generic[Value]):
    """A part of a list. `total`: how many there are, None where nobody counts; `following`: how to go on."""

    items: Sequence[Value]
    total: int | None = None
    following: Mapping[str, int] = field(default_factory=dict)
    last: int | None = None


@dataclass(frozen=True)
class One(Generic[Value]):
    """One record. `version`: that of its row, None where there is nothing to be overtaken in."""

    value: Value
    version: int | None = None
    address: str = ""
    change: int | None = None


@dataclass(frozen=True)
class Done:
    """Something was done, and there is nothing to show but the number of the change."""

    change: int | None = None


@dataclass(frozen=True)
class File:
    """What is no JSON of ours, to be saved as it is."""

    data: bytes
    content_type: str


Files: TypeAlias = tuple[tuple[str, BinaryIO], ...]
"""The files of a request, each with its name: an operation that takes `files` is sent a form, not JSON."""


@dataclass(frozen=True)
class Operation:
    """One line of the interface."""

    name: str
    method: str
    path: str
    summary: str
    details: str
    tag: str
    scope: Scope
    status: int
    function: Callable[..., Any]
    hints: Mapping[str, Any]
    is_secret: bool
    content_type: str
    accounts_only: bool
    only_reads: bool

    @property
    def query(self) -> Any:
        return self.hints.get("query")

    @property
    def body(self) -> Any:
        return self.hints.get("body")

    @property
    def takes_key(self) -> bool:
        """True where sending it again could do it again."""
        return self.method == "POST" and not self.only_reads

    @property
    def takes_files(self) -> bool:
        return "files" in self.hints

    @property
    def needs_match(self) -> bool:
        """True where nobody may overwrite what they have not seen."""
        return "version" in self.hints

    @property
    def answers(self) -> tuple[Any, Any]:
        """The kind of the answer, and what is in it."""
        kind = self.hints["return"]
        inner = get_args(kind)
        return get_origin(kind) or kind, inner[0] if inner else None

    @property
    def in_path(self) -> dict[str, Any]:
        """The names of the path with their types."""
        known = {"query", "body", "files", "version", "return"}
        return {name: kind for name, kind in self.hints.items() if name not in known}


OPERATIONS: list[Operation] = []


def operation(
    method: str,
    path: str,
    *,
    scope: Scope | None = None,
    status: int = 200,
    is_secret: bool = False,
    content_type: str = "application/json",
    accounts_only: bool = False,
    only_reads: bool = False,
) -> Callable[[Function], Function]:
    """Make a function an operation. Its docstring is what people read about it.

    only_reads: it changes no record, or does so beside, and twice is once: nobody waits for it to end, and
    it takes no key of its own.
    """

    def add(function: Function) -> Function:
        summary, _, details = (function.__doc__ or "").strip().partition("\n")
        usual = Scope.READ if method == "GET" else Scope.WRITE
        OPERATIONS.append(
            Operation(
                name=function.__name__,
                method=method,
                path=path,
                summary=summary.rstrip("."),
                details=" ".join(details.split()),
                tag=function.__module__.rpartition(".")[2].replace("_", " "),
                scope=scope or usual,
                status=status,
                function=function,
                hints=get_type_hints(function, include_extras=True),
                is_secret=is_secret,
                content_type=content_type,
                accounts_only=accounts_only,
                only_reads=only_reads or scope is Scope.READ or method == "GET",
            )
        )
        return function

    return add


def page_of(found: Sequence[Any], page: Page, make: Callable[[Any], Value]) -> Listed[Value]:
    """Return one page of a list that is there as a whole."""
    first = (page.page - 1) * page.limit
    more = {"page": page.page + 1} if first + page.limit < len(found) else {}
    last = max(1, -(-len(found) // page.limit))
    part = found[first : first + page.limit]
    return Listed([make(one) for one in part], len(found), more, last)


def body_of(answer: Any) -> Any:
    """Return what is written of an answer."""
    if isinstance(answer, Listed):
        return {"items": plain(list(answer.items)), "total": answer.total}
    return plain(answer.value)
