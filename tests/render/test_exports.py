"""Files of a picture hold exactly what is seen, with title, filters, legend and date."""

import re
from datetime import date
from xml.etree.ElementTree import fromstring

import pytest

from planner.domain.picture import TeamLink, TeamMap, TeamNode
from planner.render.image import Format, Size, export
from planner.render.pictures import Picture
from planner.render.theme import DARK, LIGHT, Theme
from tests.support.drawing import drawn_map

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2026, 2, 2)


@pytest.fixture(scope="module")
def picture() -> Picture:
    nodes = (TeamNode(1, "Payments", "Dana", "Platform"), TeamNode(2, "Fares & Pricing", "Clara", "Partners"))
    links = (TeamLink(1, 2, ("Settled amounts",), is_late=True),)
    return drawn_map(
        TeamMap("Two teams", nodes, links, ("Partners", "Ops", "Platform"), subtitle="Sprint 1 only")
    )


def test_an_svg_file_says_title_filters_date_and_legend(picture: Picture) -> None:
    root = fromstring(export(picture, Format.SVG, drawn_on=DAY).decode())  # noqa: S314  # our own picture

    assert [text.text for text in root.iter(f"{SVG}text")] == [
        *("Two teams", "Sprint 1 only", "2 February 2026"),
        *("late", "Payments", "Dana", "Fares & Pricing", "Clara"),
        *("Partners", "Platform", "hand-over, to who receives", "late"),
    ]


@pytest.mark.parametrize(("theme", "palette"), [(Theme.LIGHT, LIGHT), (Theme.CSS, LIGHT), (Theme.DARK, DARK)])
def test_a_file_has_the_colours_of_its_theme(picture: Picture, theme: Theme, palette: dict[str, str]) -> None:
    svg = export(picture, Format.SVG, theme=theme).decode()

    assert "var(" not in svg
    assert set(re.findall(r"#[0-9A-F]{6}", svg)) <= set(palette.values())


@pytest.mark.parametrize(
    ("size", "pixels"), [(Size.SLIDE, (1920, 1080)), (Size.A4, (2340, 1654)), (Size.A3, (3308, 2340))]
)
def test_a_png_has_the_size_of_its_page(picture: Picture, size: Size, pixels: tuple[int, int]) -> None:
    png = export(picture, Format.PNG, size=size)

    measured = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    assert (png[:8], measured) == (b"\x89PNG\r\n\x1a\n", pixels)


def test_a_pdf_has_the_size_of_its_page_and_embeds_the_font(picture: Picture) -> None:
    pdf = export(picture, Format.PDF, size=Size.A4)

    fonts = set(re.findall(rb"/FontName /[A-Z]{6}\+([\w-]+)", pdf))
    assert fonts == {b"Inter-Regular", b"Inter-SemiBold"}
    assert re.search(rb"/MediaBox \[ 0 0 841\.\d+ 595\.\d+ \]", pdf)


def test_the_dot_text_is_complete_and_sorted(picture: Picture) -> None:
    dot = export(picture, Format.DOT).decode()

    assert re.findall(r"label=(\".*?\"|\S+)", dot) == [
        '"✚ Payments\\nDana"',
        '"● Fares &amp; Pricing\\nClara"',
        '"▲ late"',
    ]
    assert re.findall(r"^\t(n\d.*?) \[", dot, re.MULTILINE) == ["n1", "n2", "n1 -> n2"]


def test_letters_without_a_bundled_shape_still_make_a_file() -> None:
    picture = drawn_map(TeamMap("漢字", (TeamNode(1, "漢字"),)))

    files = [export(picture, kind)[:4] for kind in (Format.PNG, Format.PDF, Format.SVG)]

    assert files == [b"\x89PNG", b"%PDF", b"<svg"]


@pytest.mark.parametrize("kind", list(Format))
def test_every_format_names_its_media_type(kind: Format) -> None:
    assert "/" in kind.media_type
