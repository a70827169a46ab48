"""User text is cleaned, cut and measured before it comes near a picture."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.ttfonts import TTFontFile

from planner.render.text import FONT_FOLDER, LABEL_CHARACTERS, clean, dot_label, is_in_font, width


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Payments", "Payments"),
        ("  two\n lines\t", "two lines"),
        ("nul\x00 bell\x07", "nul bell"),
        ("half \ud800 pair", "half pair"),
        ("\u202etxet", "txet"),
        ("non\ufffe", "non"),
        ("x" * 28, "x" * 28),
        ("x" * 29, "x" * 27 + "…"),
        ("x" * 1_000_000, "x" * 27 + "…"),
    ],
)
def test_text_is_one_clean_line(text: str, expected: str) -> None:
    assert clean(text) == expected


@given(st.text())
def test_clean_text_is_short_and_allowed_in_xml(text: str) -> None:
    cleaned = clean(text)

    assert len(cleaned) <= LABEL_CHARACTERS
    assert all(letter >= " " and not "\ud800" <= letter <= "\udfff" for letter in cleaned)


def test_a_label_is_escaped_for_dot() -> None:
    label = dot_label('a"b\\n', "<b>&lt;</b>")

    assert label == 'a"b\\\\n\\n<b>&amp;lt;</b>'


def test_width_grows_with_size_and_weight() -> None:
    widths = [
        round(width("Timetable", size, weight), 1) for size, weight in ((10, 400), (20, 400), (10, 600))
    ]

    assert widths == [46.7, 93.5, 48.2]


def test_wide_letters_take_an_em_and_marks_none() -> None:
    assert (width("漢", 10), width("\u20d7", 10)) == (10.0, 0.0)


def test_only_bundled_letters_are_in_the_font() -> None:
    assert (is_in_font("Łódź → Ωμέγα"), is_in_font("漢字")) == (True, False)


@pytest.mark.parametrize(("weight", "name"), [("400", "Inter-Regular.ttf"), ("600", "Inter-SemiBold.ttf")])
def test_the_table_of_widths_is_that_of_the_font(weight: str, name: str) -> None:
    table = json.loads((FONT_FOLDER / "widths.json").read_text(encoding="utf-8"))[weight]

    widths = TTFontFile(str(FONT_FOLDER / name)).charWidths
    wrong = [
        letter
        for advance, letters in table.items()
        for letter in letters
        if abs(widths[ord(letter)] - int(advance)) > 1
    ]

    assert wrong == []
