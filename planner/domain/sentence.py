"""The sentence: "Settlement file from Partner API by 2 Mar" read and compared.

The grammar for people is in docs/sentence.md. A reading is never a silent guess: what is not certain
is a question, with everything it could be.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from planner.domain.errors import Problem
from planner.domain.model import Dependency, DependencyId
from planner.domain.names import name_words
from planner.domain.reading import (
    Parts,
    Reading,
    Role,
    Status,
    Token,
    Vocabulary,
    kind_called,
    read_parts,
    unreadable,
)
from planner.domain.sentence_frames import find_frames, make_line, starts_with_question, trimmed
from planner.domain.sentence_splits import Frame, Line, Split, find_splits
from planner.domain.words import split_words, undecorated

__all__ = [
    "Reading",
    "Role",
    "Status",
    "Token",
    "Vocabulary",
    "read_sentence",
    "similar_to",
]

MAX_CHARACTERS = 2000
"""The longest line that is read; nobody writes one need in more."""
ALIKE = 0.85
"""From this likeness of the words on, two needs between the same teams look like one; by trial."""
EXPECTED = "expected: <what> from <team> by <day>"


def read_sentence(text: str, vocabulary: Vocabulary) -> Reading:
    """What a line asks for. Never raises: what cannot be read is a reading that says why."""
    if len(text) > MAX_CHARACTERS:
        return unreadable(
            Problem("", f"the line has {len(text)} characters; expected at most {MAX_CHARACTERS}")
        )
    untagged, kinds = _without_tags(undecorated(text))
    line = make_line(untagged, vocabulary)
    if not line.words:
        return unreadable(Problem("", f"there is nothing to read; {EXPECTED}"))
    best = _best_splits(trimmed(line), is_asked=starts_with_question(line))
    if not best:
        return unreadable(Problem("", f"cannot read “{_short(untagged)}”; {EXPECTED}"))
    return _reading(best, kinds, vocabulary)


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def _without_tags(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without #shared and the like, and these tags."""
    tags = [
        word
        for word in split_words(text)
        if word.folded.startswith("#") and kind_called(word.folded.rstrip(".,;"))
    ]
    rest, position = "", 0
    for tag in tags:
        rest += text[position : tag.start]
        position = tag.end
    kinds = tuple(dict.fromkeys(tag.folded.rstrip(".,;") for tag in tags))
    return " ".join((rest + text[position:]).split()), kinds


def _best_splits(line: Line, *, is_asked: bool) -> list[Split]:
    """The cheapest readings that differ from one another; none when the line says nothing of ours."""
    frames = find_frames(line, is_asked=is_asked)
    splits = [split for frame in frames for split in _splits_of(line, frame)]
    splits = [split for split in splits if _says_something(split, frames)]
    if not splits:
        return []
    least = min(split.price for split in splits)
    best = {
        _meaning(split.parts, line.vocabulary): split for split in reversed(splits) if split.price == least
    }
    return list(best.values())[::-1]


def _splits_of(line: Line, frame: Frame) -> list[Split]:
    splits = find_splits(line, frame)
    if splits or not frame.provider:
        return splits
    return [Split(Parts("", frame.provider, frame.consumer), 8 + frame.price, frame.notes)]


def _says_something(split: Split, frames: list[Frame]) -> bool:
    """A line without from, verb, arrow, day or goal is not about a dependency."""
    parts = split.parts
    return bool(parts.provider or parts.by or parts.goal or parts.consumer or len(frames) > 1)


def _meaning(parts: Parts, vocabulary: Vocabulary) -> tuple[object, ...]:
    day = vocabulary.date(parts.by) if parts.by else None
    due: object = day.due or day.candidates or parts.by if day else parts.by
    teams = [
        vocabulary.find_team(name).id or name if name else None for name in (parts.consumer, parts.provider)
    ]
    if teams[0] is None:
        teams[0] = vocabulary.my_team
    return (*teams, parts.what, due, parts.goal)


def _reading(best: list[Split], kinds: tuple[str, ...], vocabulary: Vocabulary) -> Reading:
    chosen = best[0]
    notes = [*dict.fromkeys(chosen.notes)]
    if len(best) > 1 and not notes:
        notes.append(_two_readings(best[:2], vocabulary))
    if chosen.price and not notes and read_parts(chosen.parts, vocabulary).status is Status.READY:
        notes.append(Problem("what", f"is this meant: {_told(chosen.parts, vocabulary)}? {EXPECTED}"))
    if len(kinds) > 1:
        notes.append(Problem("kind", f"read {' and '.join(kinds)}; expected one of them"))
    parts = chosen.parts
    told = Parts(
        parts.what, parts.provider, parts.consumer, parts.by, parts.goal, kinds[0] if kinds else None
    )
    return read_parts(told, vocabulary, notes=notes)


def _two_readings(best: list[Split], vocabulary: Vocabulary) -> Problem:
    told = [_told(split.parts, vocabulary) for split in best]
    return Problem(
        "what", f"this can be read in two ways: {told[0]}; or {told[1]}. Quotes around what is needed decide"
    )


def _told(parts: Parts, vocabulary: Vocabulary) -> str:
    tokens = read_parts(parts, vocabulary).tokens
    return ", ".join(f"{token.role} “{token.text}”" for token in tokens)


# Comparing


def similar_to(reading: Reading, dependencies: Iterable[Dependency]) -> DependencyId | None:
    """The open dependency between the same two teams for nearly the same thing, or None."""
    found = [
        (-_alike(reading.what, dependency.what), dependency.id)
        for dependency in dependencies
        if (dependency.consumer_id, dependency.provider_id) == (reading.consumer.id, reading.provider.id)
        and dependency.state.is_active
    ]
    likeness, nearest = min(found, default=(0.0, None))
    return nearest if -likeness >= ALIKE else None


def _alike(what: str, other: str) -> float:
    words, others = (sorted(set(name_words(text)) - {"a", "an", "the"}) for text in (what, other))
    return SequenceMatcher(None, " ".join(words), " ".join(others), autojunk=False).ratio() if words else 0.0
