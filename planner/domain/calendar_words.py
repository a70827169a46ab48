"""The words people use for months, weekdays and spans of time."""

from __future__ import annotations

from collections.abc import Mapping

_MONTHS = (
    "jan january januar janvier enero gennaio januari",
    "feb february februar fevrier fev febrero febbraio februari",
    "mar march marz mrz mars marzo maart",
    "apr april avril avr abril aprile",
    "may mai mayo maggio mei",
    "jun june juni juin junio giugno",
    "jul july juli juillet julio luglio",
    "aug august aout agosto augustus",
    "sep sept september septembre septiembre settembre",
    "oct october oktober okt octobre octubre ottobre",
    "nov november novembre noviembre",
    "dec december dezember dez decembre diciembre dicembre",
)
_WEEKDAYS = (
    "mon monday montag lundi",
    "tue tues tuesday dienstag mardi",
    "wed weds wednesday mittwoch mercredi",
    "thu thur thurs thursday donnerstag jeudi",
    "fri friday freitag vendredi",
    "sat saturday samstag samedi",
    "sun sunday sonntag dimanche",
)
_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve"


def _numbered(rows: tuple[str, ...], *, first: int) -> Mapping[str, int]:
    return {word: number for number, row in enumerate(rows, first) for word in row.split()}


MONTHS = _numbered(_MONTHS, first=1)
WEEKDAYS = _numbered(_WEEKDAYS, first=0)
NUMBERS = {**_numbered(tuple(_NUMBERS.split()), first=0), "a": 1, "an": 1}

MONTH_NAMES = (
    *("", "January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
UNIT_DAYS = {
    **dict.fromkeys(("day", "days"), 1),
    **dict.fromkeys(("week", "weeks", "wk", "wks"), 7),
    **dict.fromkeys(("fortnight", "fortnights"), 14),
}
SHORT_FORMS = {
    "eom": "end of this month",
    "eow": "end of this week",
    "eoq": "end of this quarter",
    "eoy": "end of this year",
    **dict.fromkeys(("eod", "cob", "heute"), "today"),
    **dict.fromkeys(("morgen", "demain", "tmrw", "tomorow", "tommorow", "tommorrow"), "tomorrow"),
}
NO_DATE = frozenset(
    {"", "-", "--", "–", "—", "tbd", "tba", "tbc", "n/a", "na", "none", "open", "?", "no date"}
)
VAGUE = frozenset(
    {"asap", "soon", "immediately", "urgent", "urgently", "later", "whenever", "yesterday", "now"}
    | {"as soon as possible", "sometime", "at some point", "some day", "someday"}
)
"""Words about time that name no day."""
