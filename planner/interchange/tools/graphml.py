"""GraphML, read as it streams by. A document type is refused, and with it every entity."""

from __future__ import annotations

import re
from typing import NoReturn
from xml.parsers import expat

from planner.domain.importing import Direction
from planner.interchange.limits import NESTING
from planner.interchange.problems import refusal
from planner.interchange.tools.collect import Collector
from planner.interchange.tools.graph import OWN_PICTURE, add_edge, add_node

_COUNTS = frozenset({"weight", "count", "needs"})
_LABELS = frozenset({"label", "name", "title", "what", "description"})
_ROOT = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?(?><!--.*?-->\s*)*+<(?:\w+:)?graphml\b", re.DOTALL)


def fits(head: str) -> bool:
    return bool(_ROOT.match(head)) or ("<graphml" in head and head.lstrip().startswith("<"))


def read(text: str, collect: Collector) -> None:
    """Collect the teams and needs of a graph. Raises InvalidInput."""
    reader = _Reader(collect)
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(
            re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode(), True
        )  # it is UTF-8 by now, whatever it says
    except expat.ExpatError as error:
        raise refusal(f"this is not XML: {expat.ErrorString(error.code)}", f"line {error.lineno}") from error


def _refuse(*_facts: object) -> NoReturn:
    raise refusal("the file declares a document type or an entity; such XML is not read. Save it without")


class _Reader:
    """Follows the elements. What a key is called tells what its values mean."""

    def __init__(self, collect: Collector) -> None:
        self._collect = collect
        self._names: dict[str, str] = {}
        self._stack: list[tuple[str, dict[str, str]]] = []
        self._values: dict[str, str] = {}
        self._text = ""
        self._is_directed = True
        self._is_ours = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if len(self._stack) > NESTING:
            raise refusal(f"elements are nested more than {NESTING} deep")
        self._stack.append((name, attributes))
        self._text = ""
        if name == "key":
            self._names[attributes.get("id", "")] = attributes.get("attr.name", "").casefold()
        elif name == "graph":
            self._is_directed = attributes.get("edgedefault", "directed") != "undirected"
            self._is_ours = attributes.get("id") == OWN_PICTURE
        elif name in {"node", "edge"}:
            self._values = {}

    def text(self, text: str) -> None:
        self._text += text

    def end(self, _name: str) -> None:
        name, attributes = self._stack.pop()
        if name == "data":
            self._values[self._names.get(attributes.get("key", ""), "")] = self._text
        elif name.endswith("Label") and self._text.strip():  # as yEd writes them
            self._values["label"] = self._text
        elif name == "node":
            add_node(self._collect, attributes.get("id", ""), self._said(_LABELS))
        elif name == "edge":
            self._edge(attributes)
        self._text = ""

    def _edge(self, attributes: dict[str, str]) -> None:
        is_directed = attributes.get("directed", "true" if self._is_directed else "false") == "true"
        name = "arrow" if is_directed else "line"
        usual = Direction.GIVES if self._is_ours else Direction.NEEDS
        direction = usual if is_directed else Direction.NEITHER
        kind = self._collect.kind(name, outward="points to", direction=direction)
        ends = (attributes.get("source", ""), attributes.get("target", ""))
        add_edge(self._collect, kind, ends, self._said(_LABELS) or self._said(_COUNTS))

    def _said(self, names: frozenset[str]) -> str:
        return next(
            (value.strip() for name, value in self._values.items() if name in names and value.strip()), ""
        )
