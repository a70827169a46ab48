"""What is kept, and what goes first."""

from __future__ import annotations

from planner.services.shelf import Shelf


def test_what_was_not_used_for_longest_goes_first() -> None:
    shelf: Shelf[str, int] = Shelf(2)
    shelf.put("a", 1)
    shelf.put("b", 2)

    shelf.get("a")
    shelf.put("c", 3)

    assert [shelf.get(key) for key in "abc"] == [1, None, 3]


def test_a_newer_value_takes_the_place_of_an_older_one() -> None:
    shelf: Shelf[str, int] = Shelf(2)

    shelf.put("a", 1)
    shelf.put("a", 2)

    assert shelf.get("a") == 2
