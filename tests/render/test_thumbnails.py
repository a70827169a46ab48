"""Before and after at one glance: a dot a person, a box a session, a line a seat."""

import re
from xml.etree.ElementTree import Element, fromstring

from planner.domain.session_picture import SessionBox, SessionMap, Sitter, order_of_people
from planner.render.thumbnails import before_and_after, session_thumbnail

SVG = "{http://www.w3.org/2000/svg}"
PEOPLE = (Sitter("a", "Ann", "North"), Sitter("b", "Ben", "South"), Sitter("c", "Cid", "South"))


def sessions(*sitters: str) -> SessionMap:
    boxes = tuple(SessionBox(f"Session {n}", frozenset(who)) for n, who in enumerate(sitters, start=1))
    return SessionMap("Sessions", PEOPLE, boxes, ("North", "South"))


def parts(svg: str, name: str) -> list[Element]:
    return list(fromstring(svg).iter(f"{SVG}{name}"))  # noqa: S314  # our own picture


def test_people_stand_near_their_sessions_and_the_free_ones_last() -> None:
    assert order_of_people(sessions("b", "ab")) == ("b", "a", "c")


def test_both_pictures_keep_the_order_of_people() -> None:
    before, after = before_and_after(sessions("ab", "bc", "abc"), sessions("cb"))

    fills = [[dot.get("stroke") for dot in parts(svg, "circle")] for svg in (before, after)]
    assert fills == [["var(--a2)", "var(--a2)", "var(--a1)"]] * 2


def test_every_seat_is_a_line_and_who_is_free_is_hollow() -> None:
    svg = session_thumbnail(sessions("ab", "b"))

    (lines,) = (path.get("d", "") for path in parts(svg, "path"))
    assert (lines.count("M"), sessions("ab", "b").seats) == (3, 3)
    assert [dot.get("fill") for dot in parts(svg, "circle")] == ["var(--a1)", "var(--a2)", "var(--surface)"]


def test_few_sessions_are_named_and_many_are_not() -> None:
    few, many = session_thumbnail(sessions("a", "b")), session_thumbnail(sessions(*"abcabc"))

    assert [text.text for text in parts(few, "text")] == ["Session 1", "Session 2"]
    assert parts(many, "text") == []


def test_names_stay_inside_their_box_and_are_escaped() -> None:
    long = SessionBox("<b>A name that nobody could ever read at a glance</b>", frozenset("a"))
    svg = session_thumbnail(SessionMap("x", PEOPLE, (long,) * 5, ()))

    shown = {text.text for text in parts(svg, "text")}
    assert shown == {"<b>A name", "that nobo…"}
    assert re.search(r"<b>", svg) is None


def test_a_picture_without_people_or_sessions_is_empty() -> None:
    svg = session_thumbnail(SessionMap("Nothing", (), ()))

    assert (parts(svg, "circle"), parts(svg, "rect"), parts(svg, "path")) == ([], [], [])
    assert parts(svg, "desc")[0].text == "0 people in a row on top, 0 sessions below, 0 lines between them."


def test_a_crowd_is_drawn_as_one_shape_a_colour_and_its_lines_in_the_same_part_on_both_sides() -> None:
    people = tuple(Sitter(str(n), f"Person {n}", "North" if n % 2 else "South") for n in range(2000))
    held = tuple(SessionBox(f"Session {n}", frozenset((str(n), str(n + 1)))) for n in range(1600))
    before = SessionMap("Today", people, held, ("North", "South"))
    after = SessionMap("Suggested", people, held[:400], ("North", "South"))

    drawn = before_and_after(before, after)

    assert [parts(svg, "circle") + parts(svg, "rect") for svg in drawn] == [[], []]
    assert [len(parts(svg, "path")) for svg in drawn] == [5, 5]
    assert [parts(svg, "path")[0].get("d", "").count("M") for svg in drawn] == [534, 134]
    assert parts(drawn[1], "desc")[0].text == (
        "2000 people in a row on top, 400 sessions below, 800 lines between them. One line in 6 is drawn."
    )
    assert max(map(len, drawn)) < 20_000
