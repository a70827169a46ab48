"""Every picture as a file: what the pages draw, and the table that says the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from planner.domain.errors import InvalidInput, Problem
from planner.domain.picture import DetailLevel, LinksEach
from planner.services.pictures import pictures
from planner.web import context
from planner.web.api.chosen import Chosen
from planner.web.api.operations import Done, File, operation
from planner.web.api.records import expect_known, maybe, team_keys
from planner.web.api.types import Between, Key
from planner.web.views.map import page_links

View = StrEnum("View", {name.upper().replace("-", "_"): name for name in pictures.KINDS})  # type: ignore[misc]
FileKind = StrEnum("FileKind", {name.upper(): name for name in pictures.FILES})  # type: ignore[misc]
SVG = FileKind("svg")


class PaperSize(StrEnum):
    """As large as the picture is, a slide of 1920 x 1080 pixels, or paper, lying."""

    SCREEN = "screen"
    SLIDE = "slide"
    A4 = "a4"
    A3 = "a3"


class Colours(StrEnum):
    """Which colours a drawing has."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, kw_only=True)
class PictureFocus(Chosen):
    """What is drawn, as for a list of dependencies; `focus` is a team by key, `depth` how far around it.

    `links`: how many of the strongest of each team a map keeps that cannot show all.
    """

    focus: Key | None = None
    depth: Annotated[int, Between(1, 3)] = 1
    level: DetailLevel | None = None
    links: LinksEach | None = None

    def as_request(self, view: View) -> pictures.MapRequest:
        """Return the picture as pages ask for it. Raises InvalidInput for a team that is not there."""
        expect_known(focus=(maybe(self.focus), team_keys()))
        focus = next((team.id for team in context.organisation().teams if team.key == self.focus), None)
        return pictures.MapRequest(
            chosen=self.as_filter(),
            view=view.value,
            focus=focus,
            depth=self.depth,
            level=self.level,
            links_each=self.links,
        )


@dataclass(frozen=True, kw_only=True)
class PictureWords(PictureFocus):
    """What is drawn, and as what kind of file."""

    format: FileKind = SVG
    size: PaperSize = PaperSize.SCREEN
    theme: Colours = Colours.LIGHT


@operation("GET", "/pictures/<view>", content_type="*/*")
def read_picture(view: View, query: PictureWords) -> File:
    """Read a picture as a file: a drawing, a graph for other tools, or the table that says the same."""
    asked = _asked(view, query)
    organisation, today = context.organisation(), context.today()
    kind = query.format.value
    if kind in pictures.WITHOUT_DRAWING:
        table = pictures.table_of(
            context.database(), organisation, asked, today, plan_on=context.day_for_all()
        )
        return File(pictures.table_file(table, kind), pictures.FILES[kind])
    context.makes_file()
    drawn = pictures.draw_map(
        context.database(),
        organisation,
        asked,
        today,
        plan_on=context.day_for_all(),
        links=page_links(),
        draws=context.draws,
    )
    data = pictures.picture_file(drawn, kind, query.size.value, query.theme.value, today)
    return File(data, pictures.FILES[kind])


@operation("POST", "/pictures/teams/tidy", only_reads=True)
def tidy_map() -> Done:
    """Lay the whole map out anew; people's places on it change, so it is never done by itself."""
    everything = pictures.MapRequest()
    pictures.draw_map(
        context.database(),
        context.organisation(),
        everything,
        context.today(),
        tidy=True,
        draws=context.draws,
    )
    return Done()


def _asked(view: View, query: PictureWords) -> pictures.MapRequest:
    try:
        return query.as_request(view)
    except InvalidInput:
        raise InvalidInput(Problem("?focus", f"there is no team “{query.focus}”")) from None
