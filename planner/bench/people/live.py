"""Two hundred screens in twenty sessions: each asks as the page does, some write decisions down.

A decision is a number that counts up in its session. A screen that shows a number has caught up with it
and all before, so the time from sending a decision to each screen can be told from what the pages show.
"""

from __future__ import annotations

import random
import re
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

POLL_EVERY, ASKS_AFTER = 0.7, 0.05
"""Seconds between two questions of a screen, and until it asks for what comes after a new state: as in the
page. The server keeps a question until there is something new."""
THINKS = (2.0, 6.0)
"""Seconds between two decisions in a session."""
TIME_LIMIT = 30
GONE_ON_AFTER = 0.2
SEE_OTHER, CONFLICT, NO_CONTENT, OK = 303, 409, 204, 200
SEEN = re.compile(r"seen=(\w+)")
NUMBER = re.compile(r"act (\d+)\.")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Hall:
    """One session: the numbers that were sent and when, and what each screen has caught up with.

    delays: for each number and screen when it was sent, and after how many seconds it was there.
    """

    address: str
    items: list[int]
    sent: dict[int, float] = field(default_factory=dict)
    taken: list[int] = field(default_factory=list)
    delays: list[tuple[float, float]] = field(default_factory=list)
    is_over: bool = False
    polls: int = 0
    broken: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_number(self) -> int:
        """Return the number of the next decision and note when it is sent."""
        with self.lock:
            number = len(self.sent) + 1
            self.sent[number] = time.perf_counter()
            return number

    def catch_up(self, page: str, known: int) -> int:
        """Note how long it took until a screen showed what is new on it, and return the newest number."""
        now = time.perf_counter()
        newest = max((int(one) for one in NUMBER.findall(page)), default=known)
        with self.lock:
            sent = (self.sent[number] for number in range(known + 1, newest + 1))
            self.delays += [(at, now - at) for at in sent]
        return max(known, newest)


class Screen:
    """One browser in a session: it asks, and catches up after a line that dropped. A writer only writes:
    what it sees of itself is not measured."""

    def __init__(self, port: int, hall: Hall, cookie: str, *, is_writer: bool = False) -> None:
        self._port, self._hall, self._cookie, self._is_writer = port, hall, cookie, is_writer
        self._connection = HTTPConnection("127.0.0.1", port, timeout=TIME_LIMIT)
        self._seen, self._known, self.page = "", 0, ""

    def watch(self, ends: float) -> None:
        """Ask every so often until nothing is written any more and the last decision is there."""
        time.sleep(random.uniform(0, POLL_EVERY))  # noqa: S311 - no secret
        shown = time.monotonic()
        while not self._hall.is_over or self._known < max(self._hall.taken, default=0):
            if self.ask():
                shown = time.monotonic()
                time.sleep(ASKS_AFTER)
            else:
                time.sleep(POLL_EVERY - (time.monotonic() - shown) % POLL_EVERY)
            if time.monotonic() > ends + TIME_LIMIT:
                break
        self.leave()

    def ask(self) -> bool:
        """Ask once whether anything is new, and return whether it is."""
        headers = {"HX-Request": "true", "HX-Target": "live"}
        status, page = self.send("GET", f"{self._hall.address}?seen={self._seen}", headers=headers)
        self._hall.polls += 1
        self._hall.broken += status >= 500
        if status != OK:
            return False
        found = SEEN.search(page)
        self._seen, self.page = found[1] if found else "", page
        if not self._is_writer:
            self._known = self._hall.catch_up(page, self._known)
        return True

    def decide(self) -> None:
        """Write the next number down as a decision; sent again, with the same key, until it is answered."""
        number = self._hall.next_number()
        item = self._hall.items[number % len(self._hall.items)]
        key = secrets.token_urlsafe(12)
        while True:
            values = {"text": f"act {number}.", "key": key, "version": str(self._version_of(item))}
            status, _page = self._post(f"{self._hall.address}/items/{item}/decide", values)
            if status == SEE_OTHER:
                self._hall.taken.append(number)
                return
            self._hall.broken += status >= 500
            time.sleep(GONE_ON_AFTER)
            self.ask()

    def _version_of(self, item: int) -> int:
        """The version that the form of the page carries, told by how often the item was decided."""
        number = len(self._hall.sent)
        return sum(1 for one in range(1, number) if self._hall.items[one % len(self._hall.items)] == item)

    def _post(self, path: str, values: dict[str, str]) -> tuple[int, str]:
        token = TOKEN.search(self.page)
        body = urlencode({**values, "csrf_token": token[1] if token else ""})
        return self.send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def send(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Return status and text; 0 when the line is down, after which the next try opens another."""
        try:
            self._connection.request(method, path, body, {"Cookie": self._cookie, **(headers or {})})
            with self._connection.getresponse() as answer:
                text = answer.read().decode()
            for line in answer.headers.get_all("Set-Cookie") or []:
                self._cookie = line.partition(";")[0]
        except (OSError, HTTPException):
            self._connection.close()
            self._connection = HTTPConnection("127.0.0.1", self._port, timeout=TIME_LIMIT)
            return 0, ""
        return answer.status, text

    def leave(self) -> None:
        self._connection.close()


def talk(hall: Hall, writer: Screen, ends: float) -> None:
    """Let somebody of a session write one decision after another, with a pause to think."""
    while not writer.page:
        writer.ask()
    while time.monotonic() < ends:
        time.sleep(random.uniform(*THINKS))  # noqa: S311 - no secret
        if time.monotonic() < ends:
            writer.decide()
    hall.is_over = True
    writer.leave()
