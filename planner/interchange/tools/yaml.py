"""YAML of strangers: document by document, each looked through before anything is built of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import yaml

from planner.interchange.limits import NESTING, ROWS, YAML_BYTES
from planner.interchange.problems import refusal, shown
from planner.interchange.text import expect_small
from planner.interchange.tools.rows import Rows

if TYPE_CHECKING:
    from planner.interchange.tools.source import Source

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C where the wheel brings it
_OPENING = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
MEND = "mend it there with a text editor"


def yaml_rows(source: Source) -> Rows:
    """Return the documents of a YAML file.

    Raises InvalidInput for more than 20 MB; reading them does for what is no YAML, and for anchors used
    again, tags, nesting over 50 and documents over 5 MB: with them a small file can be made to mean a
    huge one, or code.
    """
    expect_small(source.size)
    return Rows(lambda: _documents(source))


class _Told:
    """A text stream that tells how many bytes were read."""

    def __init__(self, source: Source, stack: ExitStack, tell: Callable[[int], None]) -> None:
        self._stream = stack.enter_context(source.open())
        wide = source.head(2) in {b"\xff\xfe", b"\xfe\xff"}
        self._text = io.TextIOWrapper(self._stream, encoding="utf-16" if wide else "utf-8-sig")
        stack.callback(self._text.close)
        self._tell = tell

    def read(self, size: int = -1) -> str:
        piece = self._text.read(size)
        self._tell(self._stream.tell())
        return piece


def _documents(source: Source) -> Iterator[object]:
    with ExitStack() as stack:
        events = yaml.parse(_Told(source, stack, source.tell), Loader=_Loader)
        values = yaml.load_all(_Told(source, stack, lambda _done: None), Loader=_Loader)
        try:
            for count, _ in enumerate(_looked_through(events)):
                if count >= ROWS:
                    raise refusal(f"the file has more than {ROWS:,} documents; split it")
                value = next(values)
                if value is not None:
                    yield value
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
            raise refusal(f"this is not YAML: {error.problem}; {MEND}", where) from error
        except UnicodeDecodeError as error:
            raise refusal("the file is not UTF-8; save it as plain text in UTF-8") from error
        except (yaml.YAMLError, ValueError, OverflowError, TypeError) as error:
            raise refusal(f"this is not YAML: {str(error).splitlines()[0][:120]}") from error


def _looked_through(events: Iterator[yaml.Event]) -> Iterator[None]:
    """Yield at the end of each document that may be built."""
    depth = count = begun = 0
    for event in events:
        count += 1
        where = f"line {event.start_mark.line + 1}" if event.start_mark else ""
        if isinstance(event, yaml.AliasEvent):
            raise refusal(f"*{event.anchor} repeats something named above; write it out there", where)
        tag = getattr(event, "tag", None)
        if tag and (not tag.startswith("tag:yaml.org,2002:") or "python" in tag):
            raise refusal(f"the tag {shown(tag)} is not understood here; leave it out", where)
        depth += isinstance(event, _OPENING) - isinstance(event, _CLOSING)
        if depth > NESTING:
            raise refusal(f"lists and mappings are nested more than {NESTING} deep", where)
        if count > 20 * ROWS or (end := _end(event)) - begun > YAML_BYTES:
            raise refusal("this document of the file holds too much; split it", where)
        if isinstance(event, yaml.DocumentEndEvent):
            yield
            count, begun = 0, end


def _end(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark else 0
