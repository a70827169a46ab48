"""The curve of the dial: every point drawn, named and large enough to read."""

from xml.etree.ElementTree import Element, fromstring

from planner.render.curve import curve
from planner.render.scene import Dot

SVG = "{http://www.w3.org/2000/svg}"
DOTS = (
    Dot("1", "fewer", 1.0, 9.0, is_filled=False, is_joined=True),
    Dot("2", "yours", 1.5, 7.0, is_filled=True, is_joined=True),
    Dot("3", "more", 2.0, 4.0, is_filled=False, is_joined=True),
)


def parts(svg: str, name: str) -> list[Element]:
    return list(fromstring(svg).iter(f"{SVG}{name}"))  # noqa: S314  # our own picture


def test_the_chosen_point_is_filled_and_the_others_are_hollow() -> None:
    fills = [dot.get("fill") for dot in parts(curve(DOTS, "Curve"), "circle")]

    assert fills == ["var(--surface)", "var(--accent)", "var(--surface)"]


def test_more_sessions_lie_further_right_and_more_hours_higher() -> None:
    circles = parts(curve(DOTS, "Curve"), "circle")

    assert [float(dot.get("cx", "")) for dot in circles] == [60, 147, 234]
    assert [float(dot.get("cy", "")) for dot in circles] == [48, 82.4, 134]


def test_the_picture_says_what_it_shows_in_letters_of_twelve_pixels() -> None:
    svg = curve(DOTS, "Sessions & hours")

    assert parts(svg, "title")[0].text == "Sessions & hours"
    assert parts(svg, "desc")[0].text == (
        "1, fewer: 1.00 sessions per person, 9.0 hours; 2, yours: 1.50 sessions per person, 7.0 hours; "
        "3, more: 2.00 sessions per person, 4.0 hours."
    )
    assert min(float(text.get("font-size", "0")) for text in parts(svg, "text")) >= 12


def test_a_single_point_has_no_line() -> None:
    (axes,) = parts(curve(DOTS[1:2], "Curve"), "path")

    assert axes.get("stroke") == "var(--line-2)"
