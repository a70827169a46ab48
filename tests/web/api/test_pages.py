"""The pages for people who write programs: every operation on one of them, and each answer told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.web.api.operations import OPERATIONS
from planner.web.api.pages import groups
from tests.support.page import HTML, Browser

if TYPE_CHECKING:
    from flask import Flask


def test_every_operation_stands_in_one_group() -> None:
    told = [one.name for group in groups() for one in group.operations]

    assert sorted(told) == sorted(one.name for one in OPERATIONS)


def test_an_answer_is_told_once_and_pointed_to_from_elsewhere(app: Flask) -> None:
    page = Browser(app).open("/api/about/imports")
    captions = [words for words in page.all_words(f".//{HTML}caption") if words.startswith("Answer")]
    pointers = [a.get("href") for a in page.tree.iter(f"{HTML}a") if a.get("href", "").startswith("#create_")]

    assert len(captions) == 1
    assert pointers == ["#create_import"] * 4
