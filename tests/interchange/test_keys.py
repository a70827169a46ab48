"""Keys of content: readable, stable, and never the same for two records."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from planner.interchange.normalised.keys import Keys


def test_a_key_can_be_read() -> None:
    assert Keys().key_for("KEP-1", "Größe & Café", "") == "kep-1-grosse-cafe"


def test_the_same_words_get_a_mark_and_then_a_number() -> None:
    keys = Keys()

    found = [
        keys.key_for("Sync"),
        keys.key_for("Sync"),
        keys.key_for("Sync"),
        keys.key_for("Sync", content="B"),
    ]

    assert found == ["sync", "sync-b48a2341", "sync-b48a2341-2", "sync-68af98d7"]


@given(st.lists(st.tuples(st.text(), st.text())))
def test_keys_differ_and_come_again_the_same(records: list[tuple[str, str]]) -> None:
    first, second = Keys(), Keys()

    found = [first.key_for(word, content=content) for word, content in records]

    assert len(set(found)) == len(found)
    assert found == [second.key_for(word, content=content) for word, content in records]
    assert all(0 < len(key) <= 200 for key in found)
