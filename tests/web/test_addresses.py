"""Addresses, and the links that lead to them."""

from __future__ import annotations

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from werkzeug.routing import BuildError, Map

from planner.web.addresses import Address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.routing import MapAdapter


def house() -> MapAdapter:
    rooms = [
        Address("/", endpoint="hall"),
        Address("/rooms/", endpoint="rooms", defaults={"page": 1}),
        Address("/rooms/page/<int:page>", endpoint="rooms"),
        Address("/rooms/<name>/<int:number>", endpoint="room"),
    ]
    return Map(rooms).bind("example.org")


def test_a_link_is_what_the_address_says_also_the_second_time() -> None:
    rooms = house()

    links = [
        rooms.build("hall"),
        rooms.build("rooms"),
        rooms.build("rooms", {"page": 3}),
        rooms.build("room", {"name": "blue hour", "number": 7}),
        rooms.build("room", {"name": "blue hour", "number": 7, "self": "a b", "q": "ü"}),
        rooms.build("room", {"name": "ü", "number": 8, "q": "ü"}, append_unknown=False),
    ]

    assert links == [
        "/",
        "/rooms/",
        "/rooms/page/3",
        "/rooms/blue%20hour/7",
        "/rooms/blue%20hour/7?self=a+b&q=%C3%BC",
        "/rooms/%C3%BC/8",
    ]
    assert rooms.build("room", {"name": "blue hour", "number": 7}) == links[3]


def test_an_address_without_what_it_needs_is_no_link() -> None:
    with pytest.raises(BuildError):
        house().build("room", {"name": "blue hour"})


def test_where_an_address_leads_is_known_at_once() -> None:
    assert house().match("/rooms/blue/7") == ("room", {"name": "blue", "number": 7})


class Knot:
    """Garbage that runs code while it is collected, so that other threads go on in the midst of anything."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        for _ in range(50):
            pass


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns, and garbage is collected, far more often than usual."""
    often, seldom = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-5)
    gc.set_threshold(20)
    yield
    sys.setswitchinterval(often)
    gc.set_threshold(*seldom)


@pytest.mark.usefixtures("hasty")
def test_many_write_the_first_link_to_an_address_at_once() -> None:
    endpoints = [f"room-{number}" for number in range(1000)]
    rooms = Map([Address(f"/{one}/<name>/<int:number>", endpoint=one) for one in endpoints]).bind("a.org")

    def links(_visitor: int) -> list[str]:
        found = []
        for one in endpoints:
            Knot()
            found.append(rooms.build(one, {"name": "blue", "number": 7}))
        return found

    with ThreadPoolExecutor(8) as visitors:
        assert list(visitors.map(links, range(8))) == [[f"/{one}/blue/7" for one in endpoints]] * 8
