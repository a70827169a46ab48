"""The matrix as a scene and as a drawing: rows need what columns give."""

from __future__ import annotations

from html import escape

from planner.domain.pictures.matrix import Matrix, MatrixCell, MatrixHead
from planner.domain.text import counted
from planner.render.cards import Href, area_piece, area_token, legend_of_areas
from planner.render.markup import element, number, text_line
from planner.render.scene import Grid, GridCell
from planner.render.sketch import Arrow, Box, LegendEntry, Line, Piece, Shape, Sketch, Wire
from planner.render.svg import KEYBOARD_NODES_MAX, document, linked
from planner.render.text import REGULAR, SEMIBOLD, TOOLTIP_CHARACTERS, clean
from planner.render.theme import Theme, paint

CELL, INSET = 22.0, 1.0
NAME_SIZE, MARK_SIZE = 9.5, 9.5
SIDE_GAP, MARGIN = 8.0, 6.0


def scene_of_matrix(matrix: Matrix, *, team_href: Href, pair_href: Href) -> Grid:
    """Return the matrix; `pair_href` gets "needs|from", the keys of two teams."""
    boxes = tuple(_head(head, matrix, team_href) for head in matrix.heads)
    names = [clean(head.name) for head in matrix.heads]
    cells = tuple(_cell(cell, matrix, pair_href) for cell in matrix.cells)
    wires = tuple(
        Wire(
            matrix.heads[cell.column].id,
            matrix.heads[cell.row].id,
            _said(cell, names),
            css=f"edge {cell.state}",
        )
        for cell in matrix.cells
    )
    sketch = Sketch(
        title=clean(matrix.title, TOOLTIP_CHARACTERS),
        description=_description(matrix),
        boxes=boxes,
        wires=wires,
        subtitle=clean(matrix.subtitle, TOOLTIP_CHARACTERS),
        left_out=matrix.left_out,
        legend=_legend(matrix),
    )
    return Grid(sketch, cells, matrix.blocks)


def _head(head: MatrixHead, matrix: Matrix, team_href: Href) -> Box:
    name = (area_piece(head.area, matrix.areas), Piece(text=clean(head.name, 24) or "?"))
    return Box(
        id=head.id,
        lines=(Line(name, NAME_SIZE, REGULAR),),
        tooltip=clean(" · ".join(dict.fromkeys((head.name, head.area))), TOOLTIP_CHARACTERS),
        css="node team",
        href=team_href(head.key) if head.key else "",
        fill=f"{area_token(head.area, matrix.areas)}-f",
        border=area_token(head.area, matrix.areas),
        shape=Shape.CARD,
    )


def _cell(cell: MatrixCell, matrix: Matrix, pair_href: Href) -> GridCell:
    row, column = matrix.heads[cell.row], matrix.heads[cell.column]
    if cell.is_late:
        fill, border, ink = "risk", "risk", "surface"
    elif cell.is_open:
        fill, border, ink = "warn-soft", "warn", "warn"
    else:
        fill, border, ink = "ink-2", "ink-2", "surface"
    word = "▲" if cell.is_late else "?" if cell.is_open else ""
    return GridCell(
        row=cell.row,
        column=cell.column,
        word=word + (str(cell.count) if cell.count > 1 or not word else ""),
        tooltip=_said(cell, [clean(head.name) for head in matrix.heads]),
        fill=fill,
        border=border,
        ink=ink,
        href=pair_href(f"{row.key}|{column.key}") if row.key and column.key else "",
        is_dashed=cell.is_open and not cell.is_late,
    )


def _said(cell: MatrixCell, names: list[str]) -> str:
    what = ", ".join(clean(title, 60) for title in cell.titles[:3])
    more = f" and {cell.count - 3} more" if cell.count > 3 else ""
    return clean(f"{names[cell.row]} needs from {names[cell.column]}: {what}{more} ({cell.state})", 400)


def _description(matrix: Matrix) -> str:
    sentences = [
        f"{counted(len(matrix.heads), 'row')} and as many columns, {counted(len(matrix.cells), 'mark')}, "
        f"{matrix.against} above the diagonal, {counted(len(matrix.blocks), 'loop')}.",
        matrix.left_out,
        "The row needs what the column gives; givers come first. The table says the same.",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _legend(matrix: Matrix) -> tuple[LegendEntry, ...]:
    late = any(cell.is_late for cell in matrix.cells)
    unanswered = any(cell.is_open and not cell.is_late for cell in matrix.cells)
    entries = [
        (bool(matrix.cells), LegendEntry("number: how many, agreed", "ink-2", glyph="square")),
        (unanswered, LegendEntry("? no yes yet", "warn", arrow=Arrow.NONE, is_dashed=True)),
        (late, LegendEntry("late", "risk", glyph="late")),
        (
            bool(matrix.blocks),
            LegendEntry("tinted: a loop, which can only move together", "loop", glyph="square"),
        ),
    ]
    areas = legend_of_areas((head.area for head in matrix.heads), matrix.areas)
    return (*areas, *(entry for holds, entry in entries if holds))


def drawn_grid(grid: Grid, prefix: str) -> str:
    """Return the grid as inline SVG in the colours of the page."""
    boxes = grid.sketch.boxes
    side = max((box.lines[0].width for box in boxes), default=0.0) + SIDE_GAP + MARGIN
    top = side
    size = CELL * len(boxes)
    is_quiet = len(grid.cells) > KEYBOARD_NODES_MAX
    content = [
        _ground(len(boxes), side, top),
        *(_block(first, count, side, top) for first, count in grid.blocks),
        _diagonal(len(boxes), side, top),
        *(_row_head(box, place, side, top, prefix, is_quiet=is_quiet) for place, box in enumerate(boxes)),
        *(_column_head(box, place, side, top) for place, box in enumerate(boxes)),
        *(_mark(cell, side, top, is_quiet=is_quiet) for cell in grid.cells),
    ]
    width, height = side + size + MARGIN, top + size + MARGIN
    return document(
        f"0 0 {number(width)} {number(height)}", grid.sketch, prefix, "".join(content) if boxes else ""
    )


def _ground(count: int, left: float, top: float) -> str:
    """All empty cells as one path: a drawing of sixty rows would have thousands of squares otherwise."""
    size = CELL * count
    lines = [f"M{number(left)},{number(top + CELL * n)}h{number(size)}" for n in range(count + 1)]
    lines += [f"M{number(left + CELL * n)},{number(top)}v{number(size)}" for n in range(count + 1)]
    sheet = {"x": number(left), "y": number(top), "width": number(size), "height": number(size)}
    ground = element("rect", {**sheet, "fill": paint("sunk", Theme.CSS)})
    return ground + _stroke("".join(lines), "surface", 2.0)


def _stroke(path: str, token: str, pen: float) -> str:
    return element(
        "path", {"d": path, "stroke": paint(token, Theme.CSS), "stroke-width": f"{pen:g}", "fill": "none"}
    )


def _block(first: int, count: int, left: float, top: float) -> str:
    x, y, size = left + CELL * first, top + CELL * first, CELL * count
    sheet = {"x": number(x), "y": number(y), "width": number(size), "height": number(size)}
    colours = {
        "fill": paint("loop-soft", Theme.CSS),
        "stroke": paint("loop", Theme.CSS),
        "stroke-width": "1.5",
    }
    tip = f"<title>A loop of {count}: they can only move together</title>"
    return element("g", {"class": "block"}, tip, element("rect", {**sheet, **colours}))


def _diagonal(count: int, left: float, top: float) -> str:
    squares = "".join(_square(n, n, left, top) for n in range(count))
    return element("path", {"d": squares, "fill": paint("line", Theme.CSS)}) if squares else ""


def _square(row: int, column: int, left: float, top: float) -> str:
    x, y, size = left + CELL * column + INSET, top + CELL * row + INSET, number(CELL - 2 * INSET)
    return f"M{number(x)},{number(y)}h{size}v{size}h-{size}Z"


def _row_head(box: Box, place: int, left: float, top: float, prefix: str, *, is_quiet: bool) -> str:
    line = box.lines[0]
    words = text_line(line, (left - SIDE_GAP - line.width / 2, top + CELL * (place + 0.5)))
    tip = f"<title>{escape(box.tooltip)}</title>"
    attributes = {"id": f"{prefix}-row-{place}", "class": "node team"}
    return element("g", attributes, linked(tip + words, box.href, box.tooltip, is_quiet=is_quiet))


def _column_head(box: Box, place: int, left: float, top: float) -> str:
    """The same words turned upwards; the row carries the link."""
    line = box.lines[0]
    x, y = left + CELL * (place + 0.5), top - SIDE_GAP - line.width / 2
    turn = {"transform": f"rotate(-90 {number(x)} {number(y)})", "aria-hidden": "true"}
    return element("g", turn, text_line(line, (x, y)))


def _mark(cell: GridCell, left: float, top: float, *, is_quiet: bool) -> str:
    x, y = left + CELL * cell.column + INSET, top + CELL * cell.row + INSET
    size = CELL - 2 * INSET
    sheet = {"x": number(x), "y": number(y), "width": number(size), "height": number(size), "rx": "3"}
    dashes = {"stroke-dasharray": "3,2"} if cell.is_dashed else {}
    colours = {"fill": paint(cell.fill, Theme.CSS), "stroke": paint(cell.border, Theme.CSS), **dashes}
    word = Line((Piece(text=cell.word, token=cell.ink),), MARK_SIZE, SEMIBOLD)
    drawn = element("rect", {**sheet, **colours}) + text_line(word, (x + size / 2, y + size / 2))
    tip = f"<title>{escape(cell.tooltip)}</title>"
    return element("g", {"class": "mark"}, linked(tip + drawn, cell.href, cell.tooltip, is_quiet=is_quiet))
