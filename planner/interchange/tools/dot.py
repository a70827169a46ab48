"""Graphviz's DOT, its whole grammar but nothing of its drawing: nodes are teams, an arrow is a need.

Read by hand, a token at a time: the C parser is kept away from strangers' text, and libraries that
know the grammar take minutes for what this reads in a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from planner.domain.errors import InvalidInput
from planner.domain.importing import Direction
from planner.interchange.limits import NESTING, ROWS
from planner.interchange.problems import refusal, shown
from planner.interchange.tools.collect import Collector
from planner.interchange.tools.graph import OWN_PICTURE, add_edge, add_node

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/|^\#[^\n]*)"""
    r"""|(?P<quoted>"(?:[^"\\]++|\\.)*+")"""
    r"""|(?P<arrow>->|--)"""
    r"""|(?P<number>-?(?:\.\d+|\d+(?:\.\d*)?))"""
    r"""|(?P<word>[^\W\d]\w*)"""
    r"""|(?P<html><)"""
    r"""|(?P<mark>[{}\[\];,=:+])""",
    re.DOTALL | re.MULTILINE,
)
_BEGINNING = re.compile(
    r"(?>//[^\n]*|/\*.*?\*/|#[^\n]*|\s+)*+"
    r"(?:strict\s+)?(?:di)?graph\b[^{;]{0,500}\{",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    is_name: bool
    at: int
    is_bare: bool = False


@dataclass(slots=True)
class Graph:
    """What a DOT file says: nodes and edges with their attributes, in its order."""

    name: str = ""
    is_directed: bool = True
    nodes: dict[str, dict[str, str]] = field(default_factory=dict)
    edges: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


def fits(head: str) -> bool:
    return bool(_BEGINNING.match(head))


def read(text: str, collect: Collector) -> None:
    """Collect the teams and needs of a graph. Raises InvalidInput with the line that is not DOT."""
    graph = parse(text)
    kind = collect.kind("arrow", outward="points to", direction=_direction(graph))
    for name, attributes in graph.nodes.items():
        add_node(collect, name, attributes.get("label", ""))
    for tail, head, attributes in graph.edges:
        add_edge(collect, kind, (tail, head), attributes.get("label", "") or attributes.get("xlabel", ""))


def _direction(graph: Graph) -> Direction:
    if not graph.is_directed:
        return Direction.NEITHER
    return Direction.GIVES if graph.name == OWN_PICTURE else Direction.NEEDS


def parse(text: str) -> Graph:
    """Return the graph of a DOT file. Raises InvalidInput."""
    return _Parser(text).graph()


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise refusal(f"this is not DOT: read {shown(text[at : at + 20])}", _line(text, at))
        start, at = at, match.end()
        if match.lastgroup == "html":
            at = _end_of_html(text, start)
            yield Token(" ".join(re.sub(r"<[^>]*>", " ", text[start + 1 : at - 1]).split()), True, start)
        elif match.lastgroup == "quoted":
            yield Token(_unquoted(match.group()), True, start)
        elif match.lastgroup in {"number", "word"}:
            yield Token(match.group(), True, start, is_bare=True)
        elif match.lastgroup != "space":
            yield Token(match.group(), False, start)


def _end_of_html(text: str, start: int) -> int:
    depth = 0
    for match in re.compile(r"[<>]").finditer(text, start):
        depth += 1 if match.group() == "<" else -1
        if depth == 0:
            return match.end()
    raise refusal("this is not DOT: a label that begins with < has no end", _line(text, start))


def _unquoted(quoted: str) -> str:
    joined = quoted[1:-1].replace("\\\n", "").replace('\\"', '"')
    return re.sub(r"\\[nlr]", " ", joined).replace("\\\\", "\\")


def _line(text: str, at: int) -> str:
    return f"line {text.count(chr(10), 0, at) + 1}"


class _Parser:
    """One token is at hand, and the one after it: `a = b` and `a -> b` begin alike."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._now = next(self._tokens, None)
        self._then = next(self._tokens, None)
        self._found = Graph()

    def graph(self) -> Graph:
        self._keyword("strict")
        self._found.is_directed = self._keyword("digraph")
        if not self._found.is_directed and not self._keyword("graph"):
            raise self._wrong("graph or digraph")
        if self._now and self._now.is_name:
            self._found.name = self._name()
        self._expect("{")
        self._statements(1, {})
        return self._found

    def _statements(self, depth: int, inherited: dict[str, str]) -> list[str]:
        """Read up to the closing brace and return the nodes that stand inside."""
        if depth > NESTING:
            raise refusal(f"graphs are nested more than {NESTING} deep", self._place())
        of_edges, inside = dict(inherited), list[str]()
        while not self._mark("}"):
            if self._now is None:
                raise self._wrong("}")
            if not self._mark(";"):
                inside += self._statement(depth, of_edges)
        return list(dict.fromkeys(inside))

    def _statement(self, depth: int, of_edges: dict[str, str]) -> list[str]:
        if self._keyword("edge"):
            of_edges |= self._attributes()
            return []
        if self._keyword("node") or self._keyword("graph"):
            self._attributes()
            return []
        if self._then is not None and self._then.text == "=" and not self._then.is_name:
            self._pair()
            return []
        ends = [self._end(depth, of_edges)]
        while self._mark("->") or self._mark("--"):
            ends.append(self._end(depth, of_edges))
        attributes = self._attributes()
        if len(ends) == 1:
            for name in ends[0] if attributes else ():
                self._found.nodes[name] |= attributes
        for tails, heads in pairwise(ends):
            self._join(tails, heads, of_edges | attributes)
        return [name for end in ends for name in end]

    def _join(self, tails: list[str], heads: list[str], attributes: dict[str, str]) -> None:
        if len(self._found.edges) + len(tails) * len(heads) > ROWS:
            raise refusal(f"the graph has more than {ROWS:,} arrows; split it", self._place())
        self._found.edges += [(tail, head, attributes) for tail in tails for head in heads]

    def _end(self, depth: int, of_edges: dict[str, str]) -> list[str]:
        """Read one end of an arrow: a node, or all nodes of a subgraph."""
        if self._keyword("subgraph"):
            if self._now and self._now.is_name:
                self._name()
            self._expect("{")
            return self._statements(depth + 1, of_edges)
        if self._mark("{"):
            return self._statements(depth + 1, of_edges)
        name = self._name()
        while self._mark(":"):  # a port, and the side of it
            self._name()
        self._found.nodes.setdefault(name, {})
        return [name]

    def _attributes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        while self._mark("["):
            while not self._mark("]"):
                name, value = self._pair()
                found[name] = value
                if not self._mark(","):
                    self._mark(";")
        return found

    def _pair(self) -> tuple[str, str]:
        name = self._name()
        self._expect("=")
        return name.casefold(), self._name()

    def _name(self) -> str:
        token = self._now
        if token is None or not token.is_name:
            raise self._wrong("a name")
        self._go_on()
        text = token.text
        while not token.is_bare and self._mark("+"):
            if self._now is None or not self._now.is_name:
                raise self._wrong("the rest of a text")
            text += self._now.text
            self._go_on()
        return text

    def _keyword(self, word: str) -> bool:
        token = self._now
        return token is not None and token.is_bare and token.text.casefold() == word and self._go_on()

    def _mark(self, mark: str) -> bool:
        token = self._now
        return token is not None and not token.is_name and token.text == mark and self._go_on()

    def _expect(self, mark: str) -> None:
        if not self._mark(mark):
            raise self._wrong(mark)

    def _go_on(self) -> bool:
        self._now, self._then = self._then, next(self._tokens, None)
        return True

    def _wrong(self, expected: str) -> InvalidInput:
        read = shown(self._now.text) if self._now else "the end"
        return refusal(f"this is not DOT: read {read}, expected {expected}", self._place())

    def _place(self) -> str:
        return _line(self._text, self._now.at if self._now else len(self._text))
