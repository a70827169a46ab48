"""Names as people type them: who is meant, or who could be."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Generic, TypeVar

from planner.domain.words import comparable

Id = TypeVar("Id", bound=int)

MAX_CANDIDATES = 5
CLOSE = 0.7
"""From this likeness on (0 to 1) a name is offered; by trial, a typo in a short name scores 0.75."""
_LONGEST_COMPARED = 80
_SHORTLIST = 12
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Match(Generic[Id]):
    """What a name was taken for: `id` when it is certain, else `candidates`, best first.

    Without an id the name is a question. After the candidates "a new one" can always be offered.
    """

    read: str
    id: Id | None = None
    candidates: tuple[Id, ...] = ()


def name_words(text: str) -> tuple[str, ...]:
    """The words of a name for comparing: "the Fares + Pricing team" is fares, and, pricing."""
    words = _WORD.findall(comparable(text).replace("&", " and ").replace("+", " and "))
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    if len(words) > 1 and words[-1] == "team":
        words = words[:-1]
    if len(words) > 1 and words[0] == "team":
        words = words[1:]
    return tuple(words)


def name_key(text: str) -> str:
    """Equal for names that differ by case, punctuation, spaces or "the ... team" alone.

    Digits keep their distance, so that "Squad 1.2" is not "Squad 12".
    """
    key = ""
    for word in name_words(text):
        apart = key[-1:].isdigit() and word[0].isdigit()
        key += f" {word}" if apart else word
    return key or " ".join(comparable(text).split())


def likeness(text: str, other: str) -> float:
    """How alike two names are, 0 to 1: spelling, plural, initials, or one within the other."""
    words, other_words = name_words(text), name_words(other)
    if not words or not other_words:
        return 0.0
    if _singular(words) == _singular(other_words):
        return 0.97
    if _is_initials(words, other_words) or _is_initials(other_words, words):
        return 0.9
    spelling = SequenceMatcher(None, "".join(words), "".join(other_words), autojunk=False).ratio()
    within = set(words) <= set(other_words) or set(other_words) <= set(words)
    return max(spelling, 0.75 if within else 0.0)


def _singular(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)


def _is_initials(words: tuple[str, ...], of: tuple[str, ...]) -> bool:
    """True for PA and PAPI of Partner API, FP and F&P of Fares & Pricing."""
    if not 2 <= len(short := "".join(words)) <= 6 or len(of) < 2:
        return False
    mixed = "".join(word[0] for word in of[:-1]) + of[-1]
    initials = {"".join(word[0] for word in of), "".join(word[0] for word in of if word != "and"), mixed}
    return short in initials or short.replace("and", "", 1) in initials


@dataclass(frozen=True)
class NameIndex(Generic[Id]):
    """Finds things by their names. Build it with `index_names`."""

    by_spelling: Mapping[str, tuple[Id, ...]]
    by_key: Mapping[str, tuple[Id, ...]]
    names: tuple[tuple[Id, str], ...]
    by_pair: Mapping[str, tuple[int, ...]]
    remembered: dict[str, Match[Id]] = field(default_factory=dict, compare=False, repr=False)
    certain: dict[str, Id | None] = field(default_factory=dict, compare=False, repr=False)

    def exact(self, text: str) -> Id | None:
        """The one thing with this name, apart from case, punctuation, spaces and "the ... team"."""
        if text not in self.certain:
            same = () if len(text) > 4 * _LONGEST_COMPARED else self._same(text)
            self.certain[text] = same[0] if len(same) == 1 else None
        return self.certain[text]

    def find(self, text: str) -> Match[Id]:
        """The one thing with this name, or whatever comes close to it."""
        if text not in self.remembered:
            self.remembered[text] = self._search(text)
        return self.remembered[text]

    def _same(self, text: str) -> tuple[Id, ...]:
        return self.by_spelling.get(_spelling(text)) or self.by_key.get(name_key(text), ())

    def _search(self, text: str) -> Match[Id]:
        if len(text) > 4 * _LONGEST_COMPARED:
            return Match(text)
        same = self._same(text)
        if len(same) == 1:
            return Match(text, same[0])
        return Match(text, candidates=same or self._close(text[:_LONGEST_COMPARED]))

    def _close(self, text: str) -> tuple[Id, ...]:
        best: dict[Id, float] = {}
        for position in self._shortlist(text):
            id_, name = self.names[position]
            best[id_] = max(likeness(text, name), best.get(id_, 0.0))
        ranked = sorted((-score, id_) for id_, score in best.items() if score >= CLOSE)
        return tuple(id_ for _, id_ in ranked[:MAX_CANDIDATES])

    def _shortlist(self, text: str) -> list[int]:
        """The names that share most pairs of letters with the text, so that only few are compared."""
        shared: dict[int, float] = defaultdict(float)
        for pair in _pairs(text):
            for position in self.by_pair.get(pair, ()):
                shared[position] += 1 / (2 + len(self.names[position][1]))
        ranked = sorted(shared, key=lambda position: (-shared[position], position))
        return ranked[:_SHORTLIST]


def index_names(things: Iterable[tuple[Id, Iterable[str]]]) -> NameIndex[Id]:
    """An index of things by all their names (a name, a key, a short form)."""
    by_spelling: dict[str, list[Id]] = defaultdict(list)
    by_key: dict[str, list[Id]] = defaultdict(list)
    by_pair: dict[str, list[int]] = defaultdict(list)
    names: list[tuple[Id, str]] = []
    for id_, own_names in things:
        for name in sorted(set(own_names) - {""}):
            _add(by_spelling, _spelling(name), id_)
            _add(by_key, name_key(name), id_)
            for pair in sorted(_pairs(name)):
                by_pair[pair].append(len(names))
            names.append((id_, name))
    return NameIndex(_frozen(by_spelling), _frozen(by_key), tuple(names), _frozen(by_pair))


Value = TypeVar("Value")


def _add(found: dict[str, list[Id]], key: str, id_: Id) -> None:
    if id_ not in found[key]:
        found[key].append(id_)


def _frozen(found: dict[str, list[Value]]) -> dict[str, tuple[Value, ...]]:
    return {key: tuple(values) for key, values in found.items()}


def _spelling(text: str) -> str:
    return " ".join(comparable(text).split())


def _pairs(text: str) -> set[str]:
    """Neighbouring letters, and the first letters of the words, by which initials are found."""
    words = name_words(text)
    joined = "".join(words)
    initials = "".join(word[0] for word in words)
    return {stretch[at : at + 2] for stretch in (joined, initials) for at in range(len(stretch) - 1)}
