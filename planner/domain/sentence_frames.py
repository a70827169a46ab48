"""The shapes a sentence can have: needs, waits for, gives, an arrow, or none of these."""

from __future__ import annotations

from collections.abc import Iterator

from planner.domain.errors import Problem
from planner.domain.names import name_key
from planner.domain.reading import Vocabulary
from planner.domain.sentence_splits import Frame, Line
from planner.domain.sentence_words import (
    ADVERBS,
    ASKING,
    CLOSERS,
    GIVES,
    GREETED,
    GREETINGS,
    LABELS,
    NEEDS,
    POLITE,
    SAYS_WHAT,
    WAITS,
    WANTS,
)
from planner.domain.words import ARROWS_TO_GIVER, ARROWS_TO_RECEIVER, comparable, split_words

_LONGEST_TEAM = 8


def trimmed(line: Line) -> Line:
    """The line without greetings before and thanks behind, and with leading parts put last."""
    words = line.words
    first, last = 0, len(words)
    while first < last and (taken := _opening_words(line, first)):
        first += taken
    while last > first and words[last - 1].folded.rstrip("!.?,") in CLOSERS | {""}:
        last -= 1
    if first == last:
        return line
    text = line.text[words[first].start : words[last - 1].end]
    shorter = make_line(text, line.vocabulary)
    return _with_lead_at_end(shorter)


def _opening_words(line: Line, at: int) -> int:
    """How many words at this place are a greeting, a label or the "can" of a question; 0 for none."""
    word, following = line.folded[at], line.folded[at + 1] if at + 1 < len(line.words) else ""
    if word in GREETINGS and following in GREETED:
        return 2
    if word in POLITE or (at and word in (",", ":")):
        return 1
    if word in LABELS and following in (",", ":"):
        return 2
    is_question = word in ASKING and (following in ("we", "i", "you") or _team_end(line, at + 1) is not None)
    return 1 if is_question else 0


def make_line(text: str, vocabulary: Vocabulary) -> Line:
    """A line of cleaned text, cut into words."""
    return Line(text, split_words(text), vocabulary)


def _with_lead_at_end(line: Line) -> Line:
    """ "By 2 Mar, we need X from B" with its first part put last; three such parts at most."""
    for _ in range(3):
        end = _lead_end(line)
        if end is None:
            break
        rest = line.text[line.words[end].start :].lstrip(" ,:;")
        lead = line.text[: line.words[end - 1].end].rstrip(" ,:;")
        line = make_line(f"{rest.rstrip(' .,;:!')} {lead}", line.vocabulary)
    return line


def _lead_end(line: Line) -> int | None:
    """Where a day, a team or a goal ends with which the line begins; None when it does not."""
    opener = line.words[0].folded if line.words else ""
    begin = 2 if opener == "for" and len(line.words) > 1 and line.words[1].folded == "goal" else 1
    fits = {"by": line.names_day, "from": line.is_team, "for": line.is_goal}.get(opener)
    if fits is None:
        return None
    for end in range(min(len(line.words) - 1, begin + _LONGEST_TEAM), begin, -1):
        if fits(begin, end) and line.cut(end, len(line.words)):
            return end
    return None


def find_frames(line: Line, *, is_asked: bool) -> list[Frame]:
    """The shapes this line may have, most telling first; the plain one is always among them."""
    waits = [*_waits(line)]
    frames = [*_arrows(line), *_labels(line), *_asks(line, is_asked=is_asked), *waits, *_gives(line)]
    telling = any(_is_certain(line, frame) for frame in frames) or any(not frame.consumer for frame in waits)
    telling = telling or _is_labelled_arrow(line)
    verb = _find(line, NEEDS)
    left_verb = 4 if verb and not (verb[0] == 0 and line.words[0].folded == "needs") else 0
    return [*frames, Frame(0, len(line.words), price=max(3 if telling else 0, left_verb))]


def starts_with_question(line: Line) -> bool:
    """True for "can we get ..." and "could you give us ...", where get and have mean need."""
    return any(word.folded in ASKING for word in line.words[:4])


def _is_certain(line: Line, frame: Frame) -> bool:
    names = [name for name in (frame.consumer, frame.provider) if name]
    return bool(names) and all(line.vocabulary.exact_team(name) is not None for name in names)


def _find(line: Line, phrases: tuple[tuple[str, ...], ...], *, after: int = 0) -> tuple[int, int] | None:
    """Where the first of the phrases stands: its first word and the word behind it."""
    for at in range(after, len(line.words)):
        for phrase in phrases:
            if line.folded[at] == phrase[0] and line.folded[at : at + len(phrase)] == phrase:
                return at, at + len(phrase)
    return None


def _subject(line: Line, end: int) -> str:
    """The words before a verb, without adverbs; "" when there are none, as in "need X from B"."""
    while end and line.words[end - 1].folded in ADVERBS | {","}:
        end -= 1
    return line.cut(0, end)


def _team_end(line: Line, first: int) -> int | None:
    """Where the longest certain team name ends that begins here."""
    for end in range(min(len(line.words), first + _LONGEST_TEAM), first, -1):
        if line.is_team(first, end) and line.words[end - 1].folded not in SAYS_WHAT:
            return end
    return None


def _arrows(line: Line) -> Iterator[Frame]:
    """B -> A: what, day. The arrow is the hand-over and points to who receives."""
    arrows = [at for at, word in enumerate(line.words) if word.folded in ARROWS_TO_RECEIVER | ARROWS_TO_GIVER]
    if not arrows or arrows[0] in (0, len(line.words) - 1):
        return
    at = arrows[0]
    colons = [position for position in range(at, len(line.words)) if line.words[position].folded == ":"]
    stops = [
        position for position in range(at, len(line.words)) if line.words[position].folded in (",", ";", "-")
    ]
    end = colons[0] if colons else _team_end(line, at + 1) or (stops[0] if stops else at + 2)
    left, right = line.cut(0, at), line.cut(at + 1, end)
    towards_right = line.words[at].folded in ARROWS_TO_RECEIVER
    consumer, provider = (right, left) if towards_right else (left, right)
    notes = () if len(arrows) == 1 else (Problem("what", "read two arrows; expected one dependency a line"),)
    rest = _skip_stops(line, end)
    yield Frame(rest, len(line.words), consumer, provider, 0, notes)


def _is_labelled_arrow(line: Line) -> bool:
    """True for "B -> A: what", which is a hand-over though neither team is known; not beside a "from"."""
    ends = [word.folded for word in line.words if word.folded in (*ARROWS_TO_RECEIVER, *ARROWS_TO_GIVER, ":")]
    return len(ends) > 1 and ends[0] != ":" and ends[1] == ":" and "from" not in line.folded


def _skip_stops(line: Line, first: int) -> int:
    while first < len(line.words) and line.words[first].folded in (":", ",", ";", "-", "–", "—"):
        first += 1
    return first


def _labels(line: Line) -> Iterator[Frame]:
    """A team, a colon and the rest: who needs if somebody gives, else it may be either."""
    colons = [at for at, word in enumerate(line.words[: _LONGEST_TEAM + 1]) if word.folded == ":"]
    if not colons or not line.is_team(0, colons[0]):
        return
    team, rest = line.cut(0, colons[0]), colons[0] + 1
    if any(word.folded == "from" for word in line.words[rest:]):
        if not _find(line, NEEDS, after=rest):
            yield Frame(rest, len(line.words), consumer=team)
        return
    doubt = Problem("provider", f"does {team} give it or need it? Expected: <what> from {team}")
    yield Frame(rest, len(line.words), provider=team, price=3, notes=(doubt,))


def _asks(line: Line, *, is_asked: bool) -> Iterator[Frame]:
    """A needs what from B; A needs B to do something; A needs from B what."""
    need = _find(line, NEEDS)
    if need:
        yield from _asking(line, need)
    want = _find(line, WANTS)
    if want and (is_asked or line.words[want[0]].folded not in ("get", "have")):
        subject = _subject(line, want[0])
        if subject and line.vocabulary.exact_team(subject) is not None:
            yield from _asking(line, want)


def _asking(line: Line, verb: tuple[int, int]) -> Iterator[Frame]:
    at, rest = verb
    consumer, last = _subject(line, at) or None, len(line.words)
    if rest < last and line.words[rest].folded == "from" and (end := _team_end(line, rest + 1)):
        yield Frame(_skip_stops(line, end), last, consumer, line.cut(rest + 1, end))
        return
    yield Frame(rest, last, consumer)
    end = _team_end(line, rest)
    if end and end < last and line.words[end].folded == "to":
        yield Frame(end + 1, last, consumer, line.cut(rest, end))
    owner = _owner_end(line, rest)
    if owner and owner < last:
        name = line.cut(rest, owner).rstrip("'’").removesuffix("'s").removesuffix("’s")
        doubt = Problem("provider", f"is it {name} that gives this? Expected: <what> from {name}")
        yield Frame(owner, last, consumer, name, 1, (doubt,))


def _owner_end(line: Line, first: int) -> int | None:
    """Where "Identity's" ends, when it is a team's."""
    for end in range(first + 1, min(len(line.words), first + _LONGEST_TEAM) + 1):
        name = line.words[end - 1].folded
        if name.endswith(("'s", "s'")):
            owner = comparable(line.cut(first, end)).removesuffix("'s").removesuffix("'")
            return end if line.vocabulary.exact_team(owner) is not None else None
    return None


def _waits(line: Line) -> Iterator[Frame]:
    """A depends on B for what; A is blocked by B: what; waiting for what from B."""
    verb = _find(line, WAITS)
    if verb is None or (line.words[verb[0]].folded == "ask" and verb[0] > 1):
        return
    consumer, rest, last = _subject(line, verb[0]) or None, verb[1], len(line.words)
    if consumer and name_key(consumer) in ("we", "i"):
        consumer = "we"
    end = _team_end(line, rest)
    if end is not None:
        body = end + 1 if end < last and line.words[end].folded in SAYS_WHAT else end
        yield Frame(_skip_stops(line, body), last, consumer, line.cut(rest, end))
    elif any(word.folded == "from" for word in line.words[rest:]):
        yield Frame(rest, last, consumer)
    else:
        stops = [at for at in range(rest + 1, last) if line.words[at].folded in ("for", ":", "to", ",")]
        if stops:
            yield Frame(stops[0] + 1, last, consumer, line.cut(rest, stops[0]))


def _gives(line: Line) -> Iterator[Frame]:
    """B owes A what; B gives what to A."""
    verb = _find(line, GIVES)
    provider = _subject(line, verb[0]) if verb else ""
    if verb is None or not provider:
        return
    if line.words[verb[0]].folded not in ("owes", "owe") and line.vocabulary.exact_team(provider) is None:
        return
    rest, last = verb[1], len(line.words)
    while rest < last and line.words[rest].folded in ("over", "back"):
        rest += 1
    end = _team_end(line, rest)
    if end is not None and end < last:
        body = end + 1 if line.words[end].folded in ("with", ":") else end
        yield Frame(body, last, line.cut(rest, end), provider)
        return
    doubt = Problem(
        "consumer", f"to whom does {provider} give it? Expected: <team> needs <what> from {provider}"
    )
    notes = () if _names_receiver(line, rest) else (doubt,)
    yield Frame(rest, last, None, provider, notes=notes, to_is_receiver=True)


def _names_receiver(line: Line, first: int) -> bool:
    return any(
        word.folded in ("to", "for") and _team_end(line, at + 1) is not None
        for at, word in enumerate(line.words)
        if at >= first
    )
