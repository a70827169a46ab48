"""Many people at once on a real server: some write to the same dependencies, the others look around.

Every acknowledged write is counted by whoever made it and looked for in the records afterwards.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from statistics import quantiles
from urllib.parse import urlencode

from planner.bench.people.forms import forms_of

PAGES = ("/", "/dependencies", "/teams", "/people", "/history", "/goals")
SEE_OTHER, CONFLICT, BROKEN = 303, 409, 500
TIME_LIMIT = 60  # seconds for one answer
ANSWERS = ("accept", "take-back", "agree-change")


@dataclass
class Tally:
    """What one person did: seconds of each write, and how often each status came."""

    writes: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    counted: int = 0
    acts: int = 0


class Person:
    """A browser without script: it keeps its cookie and its token, and follows no redirect."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = HTTPConnection(host, port, timeout=TIME_LIMIT)
        self._cookie = ""
        self.tally = Tally()

    def leave(self) -> None:
        self._connection.close()

    def get(self, path: str) -> str:
        return self._ask("GET", path)[1]

    def post(self, path: str, values: dict[str, str]) -> int:
        """Send a form and return its status; how long it took is kept."""
        began = time.perf_counter()
        status, _text = self._ask("POST", path, urlencode(values))
        self.tally.writes.append(time.perf_counter() - began)
        return status

    def _ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        headers = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        self._remember(answer.headers.get_all("Set-Cookie") or [])
        self.tally.statuses[answer.status] = self.tally.statuses.get(answer.status, 0) + 1
        return answer.status, text

    def _remember(self, sent: list[str]) -> None:
        for line in sent:
            for name, morsel in SimpleCookie(line).items():
                self._cookie = f"{name}={morsel.value}"


def sign_in(person: Person, key: str) -> None:
    """Choose who to be."""
    token = forms_of(person.get("/sign-in"))["/sign-in"]["csrf_token"]
    person.post("/sign-in", {"csrf_token": token, "person": key, "next": "/"})
    person.tally.writes.clear()


def count_up(person: Person, number: int) -> None:
    """Read the number that stands as the item of a dependency, and send it back one higher."""
    address = f"/dependencies/{number}"
    form = forms_of(person.get(f"{address}/edit"))[address]
    status = person.post(address, form | {"item": str(int(form["item"]) + 1)})
    person.tally.counted += status == SEE_OTHER


def answer(person: Person, number: int) -> None:
    """Press the first answer that the page of a dependency offers; propose a change where none is."""
    address = f"/dependencies/{number}"
    forms = forms_of(person.get(address))
    offered = next((f"{address}/{act}" for act in ANSWERS if f"{address}/{act}" in forms), "")
    if not offered:
        offered = f"{address}/reopen"
        forms = forms_of(person.get(offered))
    if offered in forms:  # somebody else may have been faster
        person.tally.acts += person.post(offered, forms[offered] | {"text": "the plan moved"}) == SEE_OTHER


def look_around(person: Person) -> None:
    person.get(random.choice(PAGES))  # noqa: S311 - no secret


def post_nothing(person: Person) -> None:
    person.post("/", {})


Busy = tuple[Person, Callable[[Person], None]]


def together(people: Sequence[Busy], seconds: float) -> None:
    """Let everybody do their thing again and again for so long."""
    ends = time.monotonic() + seconds
    threads = [threading.Thread(target=_busy, args=(*one, ends)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for person, _act in people:
        person.leave()


def _busy(person: Person, act: Callable[[Person], None], ends: float) -> None:
    while time.monotonic() < ends:
        act(person)
        thinks = random.uniform(1, 5)  # noqa: S311 - no secret
        time.sleep(max(0.0, min(thinks, ends - time.monotonic())))


def percentile(seconds: list[float], of_hundred: int) -> float:
    """Return what so many of a hundred stay below, in seconds; nought where nothing was measured."""
    return quantiles(seconds, n=100)[of_hundred - 1] if len(seconds) > 1 else max(seconds, default=0.0)
