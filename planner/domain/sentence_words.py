"""The small words of a sentence: what may begin a part, which verbs there are, what is politeness."""

from __future__ import annotations

from enum import Enum, auto


class Sort(Enum):
    """What may begin at a place: certainly, or PERHAPS_ when what follows fits."""

    PROVIDER = auto()
    DAY = auto()
    PERHAPS_DAY = auto()
    ENDING_DAY = auto()
    GOAL = auto()
    PERHAPS_GOAL = auto()
    CONSUMER = auto()
    PERHAPS_CONSUMER = auto()


Phrase = tuple[str, ...]


def _phrases(text: str) -> tuple[Phrase, ...]:
    """The phrases of a text in which a bar parts them."""
    return tuple(tuple(phrase.split()) for phrase in text.split("|"))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FROM = "from|needed from|is needed from|are needed from|required from|is required from"
_BY = (
    "by|by :|due|due :|due by|due on|due date|due date :|until|till|before|deadline|deadline :|deadline is"
    "|no later than|not later than|latest by|at the latest by|ready by"
)
_NEEDED_BY = "needed by|is needed by|are needed by|required by|is required by"
_STARTS: tuple[tuple[str, tuple[Sort, ...]], ...] = (
    (_FROM, (Sort.PROVIDER,)),
    (_BY, (Sort.DAY,)),
    (_NEEDED_BY, (Sort.DAY, Sort.CONSUMER)),
    ("on|in|at|within|during", (Sort.PERHAPS_DAY,)),
    (",|;|(|-|–|—|@", (Sort.ENDING_DAY,)),
    ("for", (Sort.PERHAPS_GOAL, Sort.PERHAPS_DAY, Sort.PERHAPS_CONSUMER)),
    ("towards|toward", (Sort.PERHAPS_GOAL,)),
    ("for goal|for goal :|for the goal|for our goal|goal :", (Sort.GOAL,)),
    ("to", (Sort.PERHAPS_CONSUMER,)),
)
MARKERS = {phrase: sorts for text, sorts in _STARTS for phrase in _phrases(text)}
LONGEST_MARKER = max(map(len, MARKERS))
JOINTS = _words("and or & + plus then , ; /")
"""Behind one of these a second dependency may begin."""

NEEDS = _phrases("need|needs|needing")
WANTS = _phrases(
    "require|requires|want|wants|await|awaits|would like|'d like|is missing|are missing"
    "|missing|expect|expects|get|have"
)
"""Verbs that mean need when a known team stands before them; get and have only in a question."""
WAITS = _phrases(
    "depends on|depend on|dependent on|depends upon|depending on|relies on|rely on|waits for"
    "|wait for|waiting for"
    "|waits on|wait on|waiting on|blocked by|blocked on|stuck on|ask"
)
GIVES = _phrases(
    "owes|owe|provides|provide|gives|give|delivers|deliver|sends|send|supplies|supply|hands|hand|ships|ship"
)
SAYS_WHAT = _words("for : , on with about - – — to")
"""Behind "waits for Identity" one of these leads to what is waited for."""

ASKING = _words("can could may will would")
GREETINGS = _words("hi hey hello dear")
GREETED = _words("all everyone everybody folks team")
POLITE = GREETINGS | _words("please pls fyi btw so and also but")
LABELS = _words("reminder todo action note ok okay subject re fw fwd aw sv ps ask need request dependency")
"""Taken off the front of a line when a colon or a comma stands behind."""
CLOSERS = _words("please pls thanks thx cheers ok ? ! . danke merci")
ADVERBS = _words(
    "please pls kindly also really still urgently will would does do may might definitely just only now"
    " currently soon must should"
    " can could has have to is are be going already then again badly desperately"
)
NO_NEED_BEGINS = _words(
    "we i you they he she it to for of is are was were nothing none"
    " got received done: done closed finished cancelled canceled no not never don't"
    " dont without already"
)
NO_NEED_ENDS = _words("not no without never")
"""What begins or ends like this may tell of something else than a need."""
