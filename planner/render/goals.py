"""Goals and teams as a scene: goals left, teams right, a line where a team works for a goal."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.pictures.cards import short_day
from planner.domain.pictures.goals import GoalBox, GoalLine, GoalMap
from planner.domain.text import counted
from planner.render.cards import Href, legend_of_areas, team_box
from planner.render.geometry import Point
from planner.render.scene import Placed
from planner.render.sketch import Arrow, Box, LegendEntry, Line, Piece, Shape, Sketch, Wire
from planner.render.text import REGULAR, SEMIBOLD, TOOLTIP_CHARACTERS, clean

GOAL_LETTERS, LEAD_LETTERS = 40, 26
ROW_GAP, COLUMN_GAP = 12.0, 200.0
GOAL_GAP_MAX = 60.0
LEAD_PEN, LINE_PEN = 3.2, 1.25
TEAM_NUMBERS = 1_000_000_000  # above every id of a goal, as boxes are known by number


def scene_of_goals(goals: GoalMap, *, goal_href: Href, team_href: Href) -> Placed:
    """Return the goals and their teams; a star and a heavy line where the lead of a goal is at home."""
    boxes = [_goal(box, goal_href) for box in goals.goals]
    teams = [_team(goals, place, team_href) for place in range(len(goals.teams))]
    room = max((box.width for box in teams), default=0.0)
    teams = [replace(box, room=room) for box in teams]
    wide = max((box.width for box in boxes), default=0.0)
    boxes = [replace(box, room=wide) for box in boxes]
    high = sum(box.height + ROW_GAP for box in teams)
    loose = (high - sum(box.height for box in boxes)) / max(1, len(boxes))
    places = _column(boxes, 0.0, min(GOAL_GAP_MAX, max(ROW_GAP, loose)))
    places |= _column(teams, wide / 2 + COLUMN_GAP + room / 2, ROW_GAP)
    place = {int(one.team.id): TEAM_NUMBERS + index for index, one in enumerate(goals.teams)}
    names = {box.id: box.lines[0].pieces[0].text for box in boxes}
    sketch = Sketch(
        title=clean(goals.title, TOOLTIP_CHARACTERS),
        description=_description(goals),
        boxes=(*sorted(boxes, key=lambda box: box.id), *teams),
        wires=tuple(_wire(line, place, names[line.goal_id]) for line in goals.lines),
        subtitle=clean(goals.subtitle, TOOLTIP_CHARACTERS),
        left_out=goals.left_out,
        legend=_legend(goals),
    )
    return Placed(sketch, places)


def _goal(box: GoalBox, goal_href: Href) -> Box:
    due = f"by {short_day(box.goal.due_on)} · " if box.goal.due_on else ""
    words = [Piece(text=f"{due}{counted(box.teams, 'team')}", token="ink-2")]  # noqa: S106  # a colour
    lead = Piece(text="nobody leads it yet", token="ink-2")  # noqa: S106  # a colour
    if box.lead:
        lead = Piece(text=f"★ led by {clean(box.lead, LEAD_LETTERS)}", token="accent")  # noqa: S106  # a colour
    states = [
        (box.agreed, (Piece(text=f"✓ {box.agreed} agreed", token="ok"),)),  # noqa: S106  # a colour
        (box.open, (Piece(text=f"? {box.open} open", token="warn"),)),  # noqa: S106  # a colour
        (box.late, (Piece(glyph="late", token="risk"), Piece(text=f"{box.late} late", token="risk"))),  # noqa: S106
    ]
    said = tuple(piece for count, pieces in states if count for piece in pieces)
    return Box(
        id=int(box.goal.id),
        lines=(
            Line((Piece(text=clean(box.goal.outcome, GOAL_LETTERS) or "?"),), 13, SEMIBOLD),
            Line(tuple(words), 10, REGULAR),
            Line((lead,), 10, REGULAR),
            *([Line(said, 10, SEMIBOLD)] if said else []),
        ),
        tooltip=clean(
            f"{box.goal.outcome}: {box.agreed} agreed, {box.open} open, {box.late} late", TOOLTIP_CHARACTERS
        ),
        css="node goal",
        href=goal_href(box.goal.key),
        border="ink-2",
        shape=Shape.GOAL,
    )


def _team(goals: GoalMap, place: int, team_href: Href) -> Box:
    one = goals.teams[place]
    box = team_box(
        TEAM_NUMBERS + place, one.team.name, one.team.area, "", goals.areas, href=team_href(one.team.key)
    )
    owner = [Piece(text=clean(one.owners, 22), token="ink-2")] if one.owners else []  # noqa: S106  # a colour
    leads = any(line.leads for line in goals.lines if line.team_id == one.team.id)
    star = (Piece(text="★ leads", token="accent"),) if leads else ()  # noqa: S106  # a colour
    name = Line(box.lines[0].pieces, 11, SEMIBOLD)
    words = Line(tuple(owner), 9.5, REGULAR, star)
    lines = (name, words) if owner else (replace(name, tail=star),)
    return replace(box, lines=lines, shape=Shape.CARD)


def _column(boxes: list[Box], x: float, gap: float) -> dict[int, Point]:
    """Boxes one below the other, their middle at 0."""
    y = (sum(box.height + gap for box in boxes) - gap) / 2
    places = {}
    for box in boxes:
        places[box.id] = (x, y - box.height / 2)
        y -= box.height + gap
    return places


def _wire(line: GoalLine, place: dict[int, int], goal: str) -> Wire:
    return Wire(
        tail=line.goal_id,
        head=place[line.team_id],
        tooltip=f"{goal}: gives {line.gives}, needs {line.needs}",
        token="accent" if line.leads else "line-2",
        pen=LEAD_PEN if line.leads else LINE_PEN,
        arrow=Arrow.NONE,
    )


def _description(goals: GoalMap) -> str:
    sentences = [
        f"{counted(len(goals.goals), 'goal')}, {counted(len(goals.teams), 'team')} and "
        f"{counted(len(goals.lines), 'line')} between them.",
        goals.left_out,
        "A line says that the team works for the goal. The table says the same.",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _legend(goals: GoalMap) -> tuple[LegendEntry, ...]:
    if not goals.lines:
        return ()
    lead = [
        LegendEntry("★ heavy line: from there the goal is led", "accent", arrow=Arrow.NONE, is_heavy=True)
    ]
    return (
        *legend_of_areas((one.team.area for one in goals.teams), goals.areas),
        LegendEntry("works for the goal", "line-2", arrow=Arrow.NONE),
        *(lead if any(line.leads for line in goals.lines) else []),
    )
