"""All ways to cut a sentence at its small words, each with its price.

"Export from ledger from Partner API by 2 Mar" can be cut at either "from". Every cut is priced by how
many of its names and days are known; the cheapest is the reading, and two cheapest are a question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, product

from planner.domain.dates import DateReading, is_no_date
from planner.domain.errors import Problem
from planner.domain.reading import Parts, Vocabulary
from planner.domain.sentence_words import (
    JOINTS,
    LONGEST_MARKER,
    MARKERS,
    NEEDS,
    NO_NEED_BEGINS,
    NO_NEED_ENDS,
    Sort,
)
from planner.domain.words import Word

MAX_STARTS = 12
"""Of more starts than this only the last of each sort is tried, and the writer is asked for quotes."""
_ENDS_TRIED = 5
_LONGEST_DAY = 5
_LONGEST_NAME = 8


_WORDS_THAT_NEED_IN = ("in", "within")
_DAYS = (Sort.DAY, Sort.PERHAPS_DAY, Sort.ENDING_DAY)
_GOALS = (Sort.GOAL, Sort.PERHAPS_GOAL)
_CONSUMERS = (Sort.CONSUMER, Sort.PERHAPS_CONSUMER)


@dataclass(frozen=True, slots=True)
class Start:
    """A part may begin here: its marker at `at`, its words from `begin` on."""

    at: int
    begin: int
    sort: Sort


@dataclass(frozen=True, slots=True)
class Frame:
    """What the shape of a sentence already says, and the words `first` to `last` left to be cut."""

    first: int
    last: int
    consumer: str | None = None
    provider: str | None = None
    price: int = 0
    notes: tuple[Problem, ...] = ()
    to_is_receiver: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """One way to read a sentence; 0 is the price of one without any doubt."""

    parts: Parts
    price: int
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line in words, and what stretches of it mean; each stretch is looked up once."""

    text: str
    words: tuple[Word, ...]
    vocabulary: Vocabulary
    days: dict[tuple[int, int], DateReading | None] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The words for comparing; a quoted one equals no other."""
        return tuple(word.folded for word in self.words)

    def cut(self, first: int, last: int) -> str:
        """The words from `first` up to `last` as they were written, without stops at the ends."""
        while first < last and self.words[first].folded in (",", ":", ";"):
            first += 1
        while first < last and self.words[last - 1].folded in (",", ":", ";", "("):
            last -= 1
        if first >= last:
            return ""
        if last - first == 1 and self.words[first].quoted is not None:
            return self.words[first].quoted or ""
        piece = self.text[self.words[first].start : self.words[last - 1].end]
        return _balanced(piece.replace("**", "").rstrip(" .,;:!?…").removeprefix("- "))

    def is_team(self, first: int, last: int) -> bool:
        return last - first <= _LONGEST_NAME and self.vocabulary.exact_team(self.cut(first, last)) is not None

    def is_goal(self, first: int, last: int) -> bool:
        return self.vocabulary.goal_names.exact(self.cut(first, last)) is not None

    def day(self, first: int, last: int) -> DateReading | None:
        """The day these words name, if any."""
        if (first, last) not in self.days:
            piece = self.cut(first, last)
            if first and self.words[first - 1].folded in _WORDS_THAT_NEED_IN:
                piece = self._relative(piece)
            self.days[first, last] = self.vocabulary.date(piece)
        return self.days[first, last]

    def day_words(self, start: Start, last: int) -> str:
        """The words of a day with the "in" that belongs to it ("in 2 weeks")."""
        piece = self.cut(start.begin, last)
        needs_in = start.begin and self.words[start.begin - 1].folded in _WORDS_THAT_NEED_IN
        return self._relative(piece) if needs_in else piece

    def _relative(self, piece: str) -> str:
        return piece if self.vocabulary.date(piece) else f"in {piece}"

    def names_day(self, first: int, last: int) -> bool:
        """True when the words name a day, be it one of several."""
        day = self.day(first, last)
        return day is not None and (day.due is not None or bool(day.candidates))

    def team_price(self, name: str | None, *, close: int, unknown: int) -> int:
        """0 for a certain name, else the price of a close or an unknown one."""
        if not name:
            return unknown
        if name not in self.teams:
            match = self.vocabulary.find_team(name)
            self.teams[name] = 0 if match.id is not None else 1 if match.candidates else 2
        return (0, close, unknown)[self.teams[name]]


def _balanced(piece: str) -> str:
    """Without a bracket whose partner is elsewhere, and without a pair around it all."""
    if piece.startswith("(") and (")" not in piece or piece.endswith(")")):
        piece = piece[1:]
    if piece.endswith(")") and "(" not in piece:
        piece = piece[:-1]
    return piece.strip(" ,;:")


def find_splits(line: Line, frame: Frame) -> list[Split]:
    """Every way to cut what the frame leaves open; empty only when nothing is left that is needed."""
    starts = _find_starts(line, frame)
    notes = frame.notes
    if len(starts) > MAX_STARTS:
        starts = [start for sort in Sort for start in [s for s in starts if s.sort is sort][-1:]]
        notes += (Problem("what", "too many words such as from, by and for; put what is needed in quotes"),)
    splits = [_priced(line, frame, chosen=chosen, starts=starts) for chosen in _choices(starts, frame)]
    return [Split(split.parts, split.price, split.notes + notes) for split in splits if split is not None]


def _choices(starts: list[Start], frame: Frame) -> Iterator[tuple[Start, ...]]:
    """Every choice of at most one start a part, in the order of the words."""
    providers = [start for start in starts if start.sort is Sort.PROVIDER]
    days = [start for start in starts if start.sort in _DAYS]
    goals = [start for start in starts if start.sort in _GOALS]
    consumers = [start for start in starts if start.sort in _CONSUMERS]
    must_have_provider = providers and frame.provider is None
    for choice in product(
        providers if must_have_provider else [None],
        [None, *days],
        [None, *goals],
        [None, *consumers] if frame.consumer is None else [None],
    ):
        chosen = sorted((start for start in choice if start), key=lambda start: (start.at, start.begin))
        if all(one.begin < other.at for one, other in pairwise(chosen)):
            yield tuple(chosen)


def _find_starts(line: Line, frame: Frame) -> list[Start]:
    marked: list[Start] = []
    at = frame.first
    while at < frame.last:
        found = _starts_at(line, at, last=frame.last)
        marked += found
        at = found[0].begin if found else at + 1
    ends = sorted({start.at for start in marked} | {frame.last})
    unmarked = {start for end in ends[-MAX_STARTS:] for start in _day_without_marker(line, frame.first, end)}
    taken = {start.begin for start in marked}
    marked += sorted((start for start in unmarked if start.begin not in taken), key=lambda start: start.at)
    return [
        start for start in marked if _is_plausible(line, start, ends=[e for e in ends if e > start.begin])
    ]


def _starts_at(line: Line, at: int, *, last: int) -> list[Start]:
    for length in range(LONGEST_MARKER, 0, -1):
        words = line.folded[at : at + length]
        sorts = MARKERS.get(words, ())
        if sorts and at + length < last:
            return [Start(at, at + length, sort) for sort in sorts]
    return []


def _day_without_marker(line: Line, first: int, end: int) -> list[Start]:
    """The longest day that ends here, such as "2 Mar" in "Token from Identity 2 Mar"."""
    for begin in range(max(first + 1, end - _LONGEST_DAY), end):
        if line.names_day(begin, end):
            return [Start(begin, begin, Sort.ENDING_DAY)]
    return []


def _is_plausible(line: Line, start: Start, *, ends: list[int]) -> bool:
    """Whether a start that is none on its own is followed by what it needs."""
    if start.sort in (Sort.PERHAPS_DAY, Sort.ENDING_DAY):
        return any(line.names_day(start.begin, end) for end in ends[:_ENDS_TRIED])
    if start.sort in _CONSUMERS:
        return any(line.is_team(start.begin, end) for end in ends[:_ENDS_TRIED])
    return True


@dataclass(frozen=True, slots=True)
class _Piece:
    start: Start
    end: int


def _priced(line: Line, frame: Frame, *, chosen: tuple[Start, ...], starts: list[Start]) -> Split | None:
    """The split that these starts make, with its price; None when a part would be empty."""
    ends = [*(start.at for start in chosen[1:]), frame.last]
    pieces = [_Piece(start, end) for start, end in zip(chosen, ends, strict=False)]
    what_end = chosen[0].at if chosen else frame.last
    parts = _parts(line, frame, pieces=pieces, what=line.cut(frame.first, what_end))
    if (
        not parts.what
        or _is_no_what(line, frame.first, what_end)
        or any(not line.cut(piece.start.begin, piece.end) for piece in pieces)
    ):
        return None
    price, notes = frame.price, []
    for cost, note in (
        (line.team_price(parts.provider, close=3, unknown=6 if parts.provider else 7), None),
        (line.team_price(parts.consumer, close=2, unknown=3) if parts.consumer else 0, None),
        *(_price_of_piece(line, frame, piece=piece, pieces=pieces) for piece in pieces),
        _price_of_what(line, frame.first, what_end),
        *_left_over(line, frame, pieces=pieces, starts=starts, what_end=what_end),
    ):
        price += cost
        notes += [note] if note else []
    return Split(parts, price, tuple(notes))


def _is_no_what(line: Line, first: int, end: int) -> bool:
    """True for "by 2 Mar" and "from Identity": a part with its marker is not what is needed."""
    for start in _starts_at(line, first, last=end):
        if start.sort is Sort.DAY and line.names_day(start.begin, end):
            return True
        if start.sort is Sort.PROVIDER and line.is_team(start.begin, end):
            return True
    return False


def _parts(line: Line, frame: Frame, *, pieces: list[_Piece], what: str) -> Parts:
    provider, consumer, by, goal = frame.provider, frame.consumer, None, None
    for piece in pieces:
        words = line.cut(piece.start.begin, piece.end)
        match piece.start.sort:
            case Sort.PROVIDER:
                provider = words
            case Sort.GOAL | Sort.PERHAPS_GOAL:
                goal = words
            case Sort.CONSUMER | Sort.PERHAPS_CONSUMER:
                consumer = words
            case _:
                by = line.day_words(piece.start, piece.end)
    return Parts(what=what, provider=provider, consumer=consumer, by=by, goal=goal)


_Cost = tuple[int, Problem | None]


def _price_of_piece(line: Line, frame: Frame, *, piece: _Piece, pieces: list[_Piece]) -> _Cost:
    start = piece.start
    if start.sort in _DAYS:
        return _price_of_day(line, piece, pieces=pieces), None
    if start.sort in _GOALS:
        return _price_of_goal(line, piece), None
    if start.sort is Sort.PERHAPS_CONSUMER and not frame.to_is_receiver:
        return 1, _who_needs(line.cut(start.begin, piece.end))
    return 0, None


def _price_of_what(line: Line, first: int, end: int) -> _Cost:
    words = line.folded[first:end]
    if words[0] in NO_NEED_BEGINS or words[-1] in NO_NEED_ENDS:
        return 1, Problem("what", f"is “{line.cut(first, end)}” what is needed? Expected a thing, or quotes")
    if any((word,) in NEEDS for word in words[1:]):
        return 1, Problem("what", f"“{line.cut(first, end)}” speaks of another need; expected one a line")
    return 0, None


def _who_needs(name: str) -> Problem:
    return Problem("consumer", f"is it {name} that needs this? Expected: {name} needs <what> from <team>")


def _price_of_day(line: Line, piece: _Piece, *, pieces: list[_Piece]) -> int:
    if line.names_day(piece.start.begin, piece.end):
        is_doubtful = piece.start.sort is not Sort.DAY and _is_inside_what(piece.start, pieces)
        return 2 if is_doubtful else 0
    if piece.start.sort is not Sort.DAY:
        return 6
    if is_no_date(line.cut(piece.start.begin, piece.end)):
        return 0
    return 5 if line.day(piece.start.begin, piece.end) is None else 1


def _price_of_goal(line: Line, piece: _Piece) -> int:
    if line.is_goal(piece.start.begin, piece.end):
        return 0
    is_meant = piece.start.sort is Sort.GOAL or _is_close_goal(line, piece.start.begin, piece.end)
    return 1 if is_meant else 3


def _is_inside_what(start: Start, pieces: list[_Piece]) -> bool:
    """Whether a day without "by" stands where it can as well belong to what is needed."""
    providers = [piece.start.at for piece in pieces if piece.start.sort is Sort.PROVIDER]
    if providers:
        return start.at < providers[0]
    return start.sort is Sort.PERHAPS_DAY or start.begin == start.at


def _is_close_goal(line: Line, first: int, end: int) -> bool:
    return bool(line.vocabulary.goal_names.find(line.cut(first, end)).candidates)


def _left_over(
    line: Line, frame: Frame, *, pieces: list[_Piece], starts: list[Start], what_end: int
) -> Iterator[_Cost]:
    """What it costs that starts were not used and stay in the text of another part."""
    stretches = [(frame.first, what_end), *((p.start.begin, p.end) for p in pieces if not _is_sure(line, p))]
    has_day = any(p.start.sort in _DAYS for p in pieces)
    used = {piece.start.at for piece in pieces} | {piece.start.begin for piece in pieces}
    for start in starts:
        end = next((last for first, last in stretches if first <= start.at < last), None)
        if end is None or start.at in used or start.begin in used:
            continue
        if start.sort is Sort.DAY and end != what_end:
            yield 4, None
            continue
        joints = {at for at in range(start.begin, end) if line.words[at].folded in JOINTS}
        stops = sorted({s.at for s in starts if start.begin < s.at < end} | joints | {end})
        yield _price_of_rest(line, frame, start=start, stops=stops, has_day=has_day)


def _is_sure(line: Line, piece: _Piece) -> bool:
    match piece.start.sort:
        case Sort.DAY | Sort.PERHAPS_DAY | Sort.ENDING_DAY:
            return line.names_day(piece.start.begin, piece.end)
        case Sort.GOAL | Sort.PERHAPS_GOAL:
            return line.is_goal(piece.start.begin, piece.end)
    return line.is_team(piece.start.begin, piece.end)


def _price_of_rest(line: Line, frame: Frame, *, start: Start, stops: list[int], has_day: bool) -> _Cost:
    """What one unused start costs; `stops` are the places where its words may end."""
    if start.sort in _DAYS:
        return _price_of_day_left(line, start, stops=stops, has_day=has_day)
    if start.sort in _GOALS:
        return _price_of_goal_left(line, start, stops=stops), None
    names = [line.cut(start.begin, stop) for stop in stops if line.is_team(start.begin, stop)]
    if not names or (frame.consumer and start.sort in _CONSUMERS):
        return 0, None
    if start.sort is Sort.PROVIDER:
        note = f"“from {names[0]}” names a team as well; expected one dependency a line"
        return 2, Problem("what", note)
    return (4, None) if start.sort is Sort.CONSUMER else (1, _who_needs(names[0]))


def _price_of_day_left(line: Line, start: Start, *, stops: list[int], has_day: bool) -> _Cost:
    days = [line.cut(start.begin, stop) for stop in stops if line.names_day(start.begin, stop)]
    if days and start.sort is Sort.DAY:
        return 4, Problem("needed_by", f"“{days[0]}” is a day as well; expected one day")
    return (2 if days and not has_day else 0), None


def _price_of_goal_left(line: Line, start: Start, *, stops: list[int]) -> int:
    if start.sort is Sort.GOAL:
        return 5
    if any(line.is_goal(start.begin, stop) for stop in stops):
        return 2
    return 1 if any(_is_close_goal(line, start.begin, stop) for stop in stops) else 0
