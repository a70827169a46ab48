"""Pictures for pages and files: drawn once for what they show, then kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from operator import is_
from time import monotonic
from typing import TYPE_CHECKING

from markupsafe import Markup

from planner.interchange.csv.plain import write_table
from planner.interchange.xlsx import write_xlsx
from planner.render.dot import GLYPH_LETTERS
from planner.render.engine import CannotDraw as CannotDraw  # noqa: PLC0414  # pages know services alone
from planner.render.engine import Crowded, TooSlow
from planner.render.graph_text import graphml, mermaid, values_of
from planner.render.image import Format, export
from planner.render.image import Size as Size  # noqa: PLC0414  # one door for pages
from planner.render.pictures import Picture, Positions, awaken, draw_scene, scene_key
from planner.render.scene import Free
from planner.render.sketch import Arrow, LegendEntry
from planner.render.theme import Theme as Theme  # noqa: PLC0414  # one door for pages
from planner.services.pictures.picture_kinds import DETAILS, Answer, PictureKind, Question
from planner.services.pictures.picture_kinds import KINDS as KINDS  # noqa: PLC0414  # one door for pages
from planner.services.pictures.picture_kinds import Links as Links  # noqa: PLC0414  # one door for pages
from planner.services.pictures.picture_kinds import MapRequest as MapRequest  # noqa: PLC0414  # one door for pages
from planner.services.pictures.picture_sessions import MeetingReader
from planner.services.shelf import Shelf
from planner.storage.results import fetch, fetch_positions, keep, keep_positions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from planner.domain.consolidation.suggestion import Suggestion
    from planner.domain.model import Organisation
    from planner.domain.pictures.cards import PictureTable

POSITIONS = "teams"
LARGE = 1000  # teams; of more, finding out what to draw takes as long as the drawing process needs to start
LESS_DETAIL = "The full picture took too long to draw, so this one shows less."
FILES: Mapping[str, str] = {
    **{kind.value: kind.media_type for kind in Format},
    "mermaid": "text/vnd.mermaid; charset=utf-8",
    "graphml": "application/graphml+xml; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
"""What a picture is saved as, with the type of the file."""
WITHOUT_DRAWING = frozenset({"csv", "xlsx"})


@dataclass(frozen=True)
class DrawnMap:
    """A picture of a kind, and the table that says the same; with less on it where all took too long."""

    kind: PictureKind
    picture: Picture
    table: PictureTable
    has_less: bool = False

    @property
    def svg(self) -> Markup:
        """The drawing for a page: our own markup, every text in it escaped when it was drawn."""
        return Markup(self.picture.svg)  # noqa: S704 - drawn by us, with every label escaped

    @property
    def legend(self) -> tuple[tuple[str, str, str], ...]:
        """Sign, word and colour of everything that occurs in the picture, for text beside it."""
        return tuple((_sign(entry), entry.word, entry.token) for entry in self.picture.sketch.legend)


def _sign(entry: LegendEntry) -> str:
    if entry.glyph:
        return GLYPH_LETTERS[entry.glyph]
    if entry.arrow is Arrow.SHARED:
        return "○──○"
    stroke, end = ("━━", "━") if entry.is_heavy else ("──", "─")
    if entry.is_dashed:
        stroke, end = "- - ", "-"
    return stroke + (end if entry.arrow is Arrow.NONE else "▸")


def draw_map(
    session: Session,
    organisation: Organisation,
    request: MapRequest,
    today: date,
    *,
    plan_on: date | None = None,
    links: Links | None = None,
    tidy: bool = False,
    draws: Callable[[], None] = lambda: None,
) -> DrawnMap:
    """Return the picture with teams where people remember them; `tidy` lays them out anew.

    `plan_on`: the day of the suggestion that it shows, where that is not the one of who reads.
    `draws` is called before a picture is drawn that is not kept; what it raises ends the drawing.

    What takes too long is drawn with less on it, and says so. Raises CannotDraw when even that fails;
    `table_of` stands without it.
    """
    question = question_of(session, organisation, request, today, plan_on=plan_on, links=links)
    stored = fetch_positions(session, POSITIONS)
    name = (str(session.get_bind().engine.url), request, today, plan_on or today, question.links.name)
    made_from = (organisation, _plan_of(question))
    recent = _recent.get(name)
    if recent and not tidy and recent[1] == stored and all(map(is_, recent[0], made_from)):
        return recent[2]
    drawn = _drawn(session, question, stored, tidy=tidy, draws=draws)
    if not tidy and not drawn.has_less:
        _recent.put(name, (made_from, stored, drawn))
    return drawn


def _plan_of(question: Question) -> Suggestion | None:
    """The suggestion that a picture of plans shows: a better one may be found while nothing is recorded."""
    if question.reader is None or not KINDS[question.request.view].is_of_plans:
        return None
    return question.reader.suggestion(question.request.chosen.horizon)


MadeFrom = tuple["Organisation", "Suggestion | None"]
_recent: Shelf[tuple[str, MapRequest, date, date, str], tuple[MadeFrom, dict[str, object] | None, DrawnMap]]
_recent = Shelf(24)
"""The pictures that were shown last: as long as nothing is recorded, nothing is asked but their places."""
_too_slow: Shelf[str, float] = Shelf(200)
"""When a picture was given up, by the clock that only goes forward."""
TRIED_AGAIN_AFTER = 300.0  # seconds: it may have been the machine that was slow


def question_of(
    session: Session,
    organisation: Organisation,
    request: MapRequest,
    today: date,
    *,
    plan_on: date | None = None,
    links: Links | None = None,
) -> Question:
    """Return what a picture of a kind is made from; see `draw_map` for `plan_on`."""
    reader = MeetingReader(session, organisation, plan_on or today)
    return Question(organisation, request, today, links or Links(), reader=reader)


def table_of(
    session: Session,
    organisation: Organisation,
    request: MapRequest,
    today: date,
    *,
    plan_on: date | None = None,
) -> PictureTable:
    """Return what the picture would say, without drawing it; see `draw_map` for `plan_on`."""
    return _answer(question_of(session, organisation, request, today, plan_on=plan_on)).table


def is_empty(drawn: DrawnMap) -> bool:
    return not drawn.picture.sketch.boxes


def picture_file(drawn: DrawnMap, kind: str, size: str, theme: str, drawn_on: date) -> bytes:
    """Return the picture as a file of a kind in FILES; unknown sizes and themes take the default."""
    sketch = drawn.picture.sketch
    if kind in WITHOUT_DRAWING:
        return table_file(drawn.table, kind)
    if kind == "mermaid":
        return mermaid(sketch).encode()
    if kind == "graphml":
        return graphml(sketch).encode()
    if kind == "json":
        return _as_json(drawn, drawn_on)
    name = _FileName(
        _content(drawn.picture),
        Format(kind),
        Size(size) if size in set(Size) else Size.SCREEN,
        Theme(theme) if theme in set(Theme) else Theme.LIGHT,
        drawn_on,
    )
    data = _files.get(name)
    if data is None:
        data = export(drawn.picture, name.kind, size=name.size, theme=name.theme, drawn_on=drawn_on)
        _files.put(name, data)
    return data


@dataclass(frozen=True, slots=True)
class _FileName:
    """All that a file of a picture is made from."""

    content: str
    kind: Format
    size: Size
    theme: Theme
    drawn_on: date


_files: Shelf[_FileName, bytes] = Shelf(16)
"""The files that were made last: a page of a wiki has the same one fetched by all who read it."""


def _content(picture: Picture) -> str:
    facts = repr((picture.svg, picture.dot, picture.sketch))
    return hashlib.sha256(facts.encode("utf-8", "backslashreplace")).hexdigest()


def table_file(table: PictureTable, kind: str) -> bytes:
    """Return the table as csv or xlsx."""
    rows = [table.headings, *table.rows]
    return write_xlsx(table.caption, rows) if kind == "xlsx" else write_table(rows)


def _as_json(drawn: DrawnMap, drawn_on: date) -> bytes:
    table = {"headings": drawn.table.headings, "rows": drawn.table.rows}
    values = {"picture": drawn.kind.name, "drawn_on": drawn_on.isoformat()}
    graph = values_of(drawn.picture.sketch)
    return json.dumps({**values, **graph, "table": table}, ensure_ascii=False, indent=2).encode()


def _answer(question: Question) -> Answer:
    return KINDS[question.request.view].build(question)


def _drawn(
    session: Session,
    question: Question,
    stored: dict[str, object] | None,
    *,
    tidy: bool,
    draws: Callable[[], None],
) -> DrawnMap:
    """Draw as much as can be drawn in time; what was too slow is not tried again soon by this process."""
    positions = Positions.from_dict(stored) if stored else None
    if KINDS[question.request.view].takes_level and len(question.organisation.teams) > LARGE:
        awaken()
    for detail in range(DETAILS):
        answer = _answer(replace(question, detail=detail))
        if detail:
            answer = _saying(answer, LESS_DETAIL)
        key = scene_key(answer.scene, positions=positions)
        is_last = detail == DETAILS - 1
        if _was_too_slow(key) and not is_last:
            continue
        try:
            picture = _picture(session, answer, question.request, positions, key, tidy=tidy, draws=draws)
        except TooSlow as error:
            if not isinstance(error, Crowded):
                _too_slow.put(key, monotonic())
            if is_last:
                raise
            continue
        return DrawnMap(KINDS[question.request.view], picture, answer.table, has_less=detail > 0)
    raise CannotDraw("The picture took too long to draw.")


def _was_too_slow(key: str) -> bool:
    given_up = _too_slow.get(key)
    return given_up is not None and monotonic() < given_up + TRIED_AGAIN_AFTER


def _saying(answer: Answer, words: str) -> Answer:
    sketch = answer.scene.sketch
    said = " ".join(part for part in (sketch.left_out, words) if part)
    return replace(answer, scene=replace(answer.scene, sketch=replace(sketch, left_out=said)))


def _picture(
    session: Session,
    answer: Answer,
    request: MapRequest,
    positions: Positions | None,
    content: str,
    *,
    tidy: bool,
    draws: Callable[[], None],
) -> Picture:
    key = f"picture:{content}"
    kept = None if tidy else fetch(session, key)
    if kept is not None:
        return _picture_from(kept, answer)
    draws()
    picture = draw_scene(answer.scene, positions=positions, tidy=tidy)
    body = _as_bytes(picture)
    if request.is_everything and isinstance(answer.scene, Free) and picture.positions != positions:
        key = "picture:" + scene_key(answer.scene, positions=picture.positions)
        keep_positions(session, POSITIONS, picture.positions.as_dict(), key=key, body=body)
    else:
        keep(session, key, body)
    return picture


def _as_bytes(picture: Picture) -> bytes:
    return json.dumps(
        {
            "svg": picture.svg,
            "dot": picture.dot,
            "positions": picture.positions.as_dict(),
        }
    ).encode()


def _picture_from(kept: bytes, answer: Answer) -> Picture:
    values = json.loads(kept)
    return Picture(
        svg=values["svg"],
        dot=values["dot"],
        positions=Positions.from_dict(values["positions"]),
        sketch=answer.scene.sketch,
    )
