"""Loops as rings: teams around, what each gives the next on the arcs, and where to loosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, pi, sin

from planner.domain.pictures.loops import Loops, Ring, RingStep, RingTeam
from planner.domain.text import counted
from planner.render.cards import Href, card_box, legend_of_areas, legend_of_states, team_box, when_line
from planner.render.geometry import Point
from planner.render.scene import Placed, Routing
from planner.render.sketch import Arrow, Box, LegendEntry, Line, Piece, Sketch, Wire
from planner.render.text import SEMIBOLD, TOOLTIP_CHARACTERS, clean

RADIUS_X, RADIUS_Y = 250.0, 105.0  # of a ring of three
MORE_X, MORE_Y = 62.0, 34.0  # for each team beyond the third
RING_GAP = 0.0
RING_NUMBERS = 1000  # boxes of one ring
RING_PEN = 2.4


def scene_of_loops(loops: Loops, *, card_href: Href, team_href: Href) -> Placed:
    """Return the rings one below the other; the step that is loosened most easily is dashed."""
    boxes: list[Box] = []
    wires: list[Wire] = []
    places: dict[int, Point] = {}
    top = 0.0
    for number, ring in enumerate(loops.rings):
        drawn = _Drawn(ring, number * RING_NUMBERS, loops.areas, card_href, team_href)
        middle = top - drawn.high / 2
        boxes += drawn.boxes()
        wires += drawn.wires()
        places.update({one: (x, y + middle) for one, (x, y) in drawn.places().items()})
        top -= drawn.high + RING_GAP
    cards = [card for ring in loops.rings for step in ring.steps for card in step.cards]
    areas = legend_of_areas((team.area for ring in loops.rings for team in ring.teams), loops.areas)
    sketch = Sketch(
        title=clean(loops.title, TOOLTIP_CHARACTERS),
        description=_description(loops),
        boxes=tuple(boxes),
        wires=tuple(wires),
        subtitle=clean(loops.subtitle, TOOLTIP_CHARACTERS),
        left_out=loops.left_out,
        legend=(*areas, *_legend(loops), *legend_of_states(cards)),
    )
    return Placed(sketch, places, Routing.AROUND)


@dataclass(frozen=True)
class _Drawn:
    """One ring: teams at the corners, one card for each step half way to the next team."""

    ring: Ring
    first: int
    areas: tuple[str, ...]
    card_href: Href
    team_href: Href

    @property
    def high(self) -> float:
        return 2 * self._radius()[1] + 60

    def _radius(self) -> Point:
        more = max(0, len(self.ring.teams) - 3)
        return RADIUS_X + MORE_X * more, RADIUS_Y + MORE_Y * more

    def _team(self, place: int) -> int:
        return self.first + 1 + place

    def _step(self, place: int) -> int:
        return self.first + RING_NUMBERS // 2 + place

    def boxes(self) -> list[Box]:
        teams = [
            _team_box(self._team(place), team, self.areas, self.team_href)
            for place, team in enumerate(self.ring.teams)
        ]
        return teams + [self._card(place, step) for place, step in enumerate(self.ring.steps)]

    def _card(self, place: int, step: RingStep) -> Box:
        """The most telling card of a step, with how many more there are and whether to begin here."""
        card = step.cards[0]
        box = card_box(card, when_line(card), href=self.card_href(str(card.id)), number=self._step(place))
        more = [f"and {step.count - 1} more"] if step.count > 1 else []
        advice = ["easiest to loosen: begin here"] if step.is_weakest else []
        if not more and not advice:
            return box
        token = "ok" if step.is_weakest else "ink-2"
        said = Line((Piece(text=" · ".join([*more, *advice]), token=token),), 9.5, SEMIBOLD)
        return replace(box, lines=(*box.lines, said), border="ok" if step.is_weakest else box.border, pen=2.0)

    def wires(self) -> list[Wire]:
        """Each step is two wires, from the giver to the card and from the card to the receiver."""
        place = {team.id: index for index, team in enumerate(self.ring.teams)}
        found = []
        for index, step in enumerate(self.ring.steps):
            ends = self._team(place[step.provider]), self._step(index), self._team(place[step.consumer])
            found += [_wire(step, *ends[:2], Arrow.NONE), _wire(step, *ends[1:], Arrow.ONE)]
        return found

    def places(self) -> dict[int, Point]:
        """Teams and cards take turns around an ellipse, the first team on top."""
        count = len(self.ring.teams)
        radius_x, radius_y = self._radius()

        def at(turn: float) -> Point:
            angle = pi / 2 - 2 * pi * turn / count
            return radius_x * cos(angle), radius_y * sin(angle)

        teams = {self._team(place): at(place) for place in range(count)}
        return teams | {self._step(place): at(place + 0.5) for place in range(count)}


def _team_box(number: int, team: RingTeam, areas: tuple[str, ...], team_href: Href) -> Box:
    return team_box(number, team.name, team.area, team.owners, areas, href=team_href(team.key))


def _wire(step: RingStep, tail: int, head: int, arrow: Arrow) -> Wire:
    return Wire(
        tail=tail,
        head=head,
        tooltip=clean(step.cards[0].what, TOOLTIP_CHARACTERS),
        css="edge two-way",
        token="loop",  # noqa: S106  # a colour
        pen=RING_PEN,
        arrow=arrow,
        is_dashed=step.is_weakest,
    )


def _description(loops: Loops) -> str:
    rings = [
        " waits for ".join(clean(team.name) for team in (*ring.teams, ring.teams[0])) for ring in loops.rings
    ]
    said = [f"{counted(len(loops.rings), 'ring')}: " + "; ".join(rings) + "." if rings else "No loops."]
    return " ".join([*said, *([loops.left_out] if loops.left_out else []), "The table says the same."])


def _legend(loops: Loops) -> list[LegendEntry]:
    if not loops.rings:
        return []
    return [
        LegendEntry("hand-over, to who receives", "loop", arrow=Arrow.ONE),
        LegendEntry("dashed line: easiest to loosen", "loop", arrow=Arrow.ONE, is_dashed=True),
    ]
