"""Mermaid's flowchart: nodes are teams, an arrow is a need. Its styles are passed over."""

from __future__ import annotations

import re
from html import unescape

from planner.domain.importing import Direction
from planner.interchange.problems import refusal, shown
from planner.interchange.tools.collect import Collector
from planner.interchange.tools.graph import add_edge, add_node

_HEAD = re.compile(
    r"\s*(?:---\n.*?\n---\s*)?(?>%%[^\n]*\n\s*)*+(?:graph|flowchart)\s*(?:TB|TD|BT|RL|LR|[<>^v])?\s*(?:;|\n|$)",
    re.DOTALL,
)
_PASSED_OVER = re.compile(
    r"(?:subgraph|end|direction|classDef|class|style|linkStyle|click|accTitle|accDescr|title)\b|[%}]"
)
_NODE = re.compile(r"\s*(?P<id>\w(?:[\w.]|-(?=\w))*)")
_SHAPE = re.compile(
    r"""\s*(?:@\{[^}]*?label:\s*"(?P<new>[^"]*)"[^}]*\}|@\{[^}]*\}"""
    r"""|(?:[\[({]{1,3}|>)[/\\]?\s*(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\])}"|]*))\s*[/\\]?[\])}]{1,3})"""
)
_STATEMENT = re.compile(r'(?:[^;"]|"[^"]*"?)++')
_LONGEST_LINE = 10_000
_BREAK = re.compile(r"<br\s*/?>|\\n")
_CLASS = re.compile(r"\s*:::[\w-]+")
_LONG = re.compile(
    r"\s*(?:<|[ox](?=-))?(?:--|==|-\.)\s+(?P<text>[^|<>\[\](){}]{1,500}?)\s+(?P<end>-{2,}|={2,}|\.+-)(?P<head>[>xo])?"
)
_SHORT = re.compile(
    r"\s*(?P<tail><)?(?:-{2,}|={2,}|-\.+-|~{3,})(?P<head>>|[xo](?=[\s|]))?(?:\s*\|(?P<text>[^|]*)\|)?"
)


def fits(head: str) -> bool:
    return bool(_HEAD.match(head))


def read(text: str, collect: Collector) -> None:
    """Collect the teams and needs of a flowchart. Raises InvalidInput with the line that is no such thing."""
    body = _HEAD.match(text)
    first = text.count("\n", 0, body.end()) + 1 if body else 1
    labels: dict[str, str] = {}
    edges: list[tuple[str, str, str, bool]] = []
    for number, line in enumerate(text[body.end() if body else 0 :].splitlines(), start=first):
        if len(line) > _LONGEST_LINE:
            raise refusal(f"is longer than {_LONGEST_LINE:,} characters", f"line {number}")
        for statement in _STATEMENT.findall(line):
            if statement.strip() and not _PASSED_OVER.match(statement.strip()):
                _statement(statement, f"line {number}", labels, edges)
    for name, label in labels.items():
        add_node(collect, name, label)
    for tail, head, words, is_directed in edges:
        direction = Direction.NEEDS if is_directed else Direction.NEITHER
        kind = collect.kind("arrow" if is_directed else "line", outward="points to", direction=direction)
        add_edge(collect, kind, (tail, head), words)


def _statement(
    text: str, where: str, labels: dict[str, str], edges: list[tuple[str, str, str, bool]]
) -> None:
    tails, at = _nodes(text, 0, where, labels)
    while text[at:].strip():
        arrow = _LONG.match(text, at) or _SHORT.match(text, at)
        if arrow is None:
            raise refusal(f"this is not a Mermaid flowchart: read {shown(text[at : at + 30])}", where)
        heads, at = _nodes(text, arrow.end(), where, labels)
        words, is_directed = _said((arrow["text"] or "").strip().strip('"')), bool(arrow["head"])
        edges += [(tail, head, words, is_directed) for tail in tails for head in heads]
        if arrow.groupdict().get("tail") and is_directed:
            edges += [(head, tail, words, True) for tail in tails for head in heads]
        tails = heads


def _nodes(text: str, at: int, where: str, labels: dict[str, str]) -> tuple[list[str], int]:
    """Read "a & b": nodes with their shapes. What a node is called may stand at any of its places."""
    found: list[str] = []
    while True:
        node = _NODE.match(text, at)
        if node is None:
            raise refusal(
                f"this is not a Mermaid flowchart: read {shown(text[at : at + 30])}, expected a node", where
            )
        name, at = node["id"], node.end()
        if shape := _SHAPE.match(text, at):
            at = shape.end()
            label = shape["new"] or shape["quoted"] or shape["bare"] or ""
            labels[name] = _said(label) or labels.get(name, "")
        labels.setdefault(name, "")
        if of_class := _CLASS.match(text, at):
            at = of_class.end()
        found.append(name)
        more = re.compile(r"\s*&").match(text, at)
        if more is None:
            return found, at
        at = more.end()


def _said(text: str) -> str:
    """Words as they were meant: Mermaid writes entities with # for &."""
    return unescape(
        re.sub(r"#(\d+);", r"&#\1;", re.sub(r"#([a-z]+);", r"&\1;", _BREAK.sub(" ", text)))
    ).strip()
