"""Every picture there is: its name, the question it answers, how it is made, and its table.

Another picture is another entry of `KINDS`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from planner.domain.picture import DetailLevel, LinksEach
from planner.domain.pictures.around import around, busiest_team
from planner.domain.pictures.board import board
from planner.domain.pictures.cards import PictureTable
from planner.domain.pictures.goals import goal_map
from planner.domain.pictures.items import items_in_time, longest_chain
from planner.domain.pictures.loops import loops_of
from planner.domain.pictures.matrix import matrix
from planner.domain.pictures.scope import Scope
from planner.domain.pictures.sessions import session_change
from planner.domain.team_map import areas_of, team_map
from planner.render.around import scene_of_surroundings
from planner.render.board import scene_of_board
from planner.render.context import in_context
from planner.render.curve import scene_of_dial
from planner.render.goals import scene_of_goals
from planner.render.items import scene_of_items
from planner.render.loops import scene_of_loops
from planner.render.matrix import scene_of_matrix
from planner.render.scene import Free, Scene
from planner.render.sessions import scene_of_sessions
from planner.render.teams import sketch_of_teams
from planner.services.consolidation.dial import DIAL_TITLE, dots_of
from planner.services.finding import DependencyFilter, filter_in_words, find_dependencies
from planner.services.pictures.picture_sessions import MeetingReader, Meetings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from planner.domain.model import Dependency, Organisation, TeamId
    from planner.domain.picture import MapRow, TeamMap

DETAILS = 3  # how often a picture that takes too long is tried again with less on it
_COARSER = (DetailLevel.FULL, DetailLevel.BACKBONE, DetailLevel.AREAS)


@dataclass(frozen=True)
class MapRequest:
    """Which picture of which part of the organisation, and how."""

    chosen: DependencyFilter = field(default_factory=DependencyFilter)
    view: str = "teams"
    focus: TeamId | None = None
    depth: int = 1
    level: DetailLevel | None = None
    links_each: LinksEach | None = None

    @property
    def is_everything(self) -> bool:
        """True for the map that people know, its loops marked or not: its places are remembered."""
        return replace(self, view=MapRequest.view) == MapRequest()


def _no_link(_key: str) -> str:
    return ""


@dataclass(frozen=True)
class Links:
    """Where the parts of a picture lead: to nowhere, or to the pages of the product.

    `pair` gets two keys of teams, "needs|from". `name` tells one set of addresses from another.
    """

    name: str = ""
    team: Callable[[str], str] = _no_link
    dependency: Callable[[str], str] = _no_link
    goal: Callable[[str], str] = _no_link
    area: Callable[[str], str] = _no_link
    pair: Callable[[str], str] = _no_link


@dataclass(frozen=True)
class Question:
    """All that a picture is made from; on a coarser `detail` it shows less."""

    organisation: Organisation
    request: MapRequest
    today: date
    links: Links = field(default_factory=Links)
    detail: int = 0
    reader: MeetingReader | None = None

    @cached_property
    def dependencies(self) -> tuple[Dependency, ...]:
        return find_dependencies(self.organisation, self.request.chosen, self.today)

    @cached_property
    def scope(self) -> Scope:
        return Scope(
            self.organisation,
            self.dependencies,
            self.today,
            areas_of(self.organisation),
            filter_in_words(self.organisation, self.request.chosen),
            self.detail,
        )


@dataclass(frozen=True)
class Answer:
    """What is drawn, and the table that says the same."""

    scene: Scene
    table: PictureTable


@dataclass(frozen=True)
class PictureKind:
    """`label` is a word for a menu; `lead` says how to read it; `title` is the heading of its page.

    `is_of_plans`: it shows the suggestion, of which a better one can be found while nothing is recorded.
    `takes_level`: a map of teams, which can keep areas or the strongest links alone.
    `takes_horizon_alone`: it is about whole plans, so no other filter narrows it.
    """

    name: str
    label: str
    title: str
    lead: str
    build: Callable[[Question], Answer]
    takes_focus: bool = False
    takes_level: bool = False
    is_of_plans: bool = False
    takes_horizon_alone: bool = False
    is_empty_because: str = "Nothing to draw for these filters."


def _teams(question: Question) -> Answer:
    found = _team_map(question)
    return Answer(Free(sketch_of_teams(found)), _map_table(found.rows))


def _team_map(question: Question) -> TeamMap:
    request, keys = question.request, _keys(question)
    return team_map(
        question.organisation,
        question.dependencies,
        today=question.today,
        focus=request.focus,
        depth=request.depth,
        level=_COARSER[question.detail] if question.detail else request.level,
        links_each=None if question.detail else request.links_each,
        subtitle=question.scope.subtitle,
        team_href=lambda team_id: question.links.team(keys[team_id]),
        area_href=question.links.area,
    )


def _keys(question: Question) -> Mapping[TeamId, str]:
    return {team.id: team.key for team in question.organisation.teams}


def _map_table(rows: tuple[MapRow, ...]) -> PictureTable:
    cells = tuple(
        (
            row.provider,
            row.consumer,
            ", ".join(row.what),
            str(row.count),
            row.state if row.is_drawn else f"{row.state}, not drawn",
        )
        for row in rows
    )
    return PictureTable("Every link of the map", ("Gives", "Receives", "What", "Number", "State"), cells)


def _around(question: Question) -> Answer:
    """One step is told card by card; two and three steps are a map around the team."""
    request = question.request
    focus = request.focus or busiest_team(question.organisation, question.dependencies)
    if focus is None or request.depth > 1:
        return _teams(question)
    found = around(question.scope, focus)
    links = question.links
    scene = scene_of_surroundings(found, card_href=links.dependency, team_href=links.team)
    return Answer(scene, found.table)


def _time(question: Question) -> Answer:
    plan = items_in_time(question.scope)
    return Answer(scene_of_items(plan, card_href=question.links.dependency), plan.table)


def _chain(question: Question) -> Answer:
    plan = longest_chain(question.scope)
    return Answer(scene_of_items(plan, card_href=question.links.dependency), plan.table)


def _matrix(question: Question) -> Answer:
    found = matrix(question.scope)
    links = question.links
    return Answer(scene_of_matrix(found, team_href=links.team, pair_href=links.pair), found.table)


def _board(question: Question) -> Answer:
    found = board(question.scope)
    links = question.links
    return Answer(scene_of_board(found, card_href=links.dependency, team_href=links.team), found.table)


def _goals(question: Question) -> Answer:
    found = goal_map(question.scope)
    links = question.links
    return Answer(scene_of_goals(found, goal_href=links.goal, team_href=links.team), found.table)


def _sessions(question: Question) -> Answer:
    reader = question.reader
    found = reader.meetings(question.request.chosen.horizon) if reader else Meetings((), (), is_assumed=False)
    change = session_change(question.scope, found.before, found.after, is_assumed=found.is_assumed)
    return Answer(scene_of_sessions(change, team_href=question.links.team), change.table)


def _dial(question: Question) -> Answer:
    view = question.reader.dial(question.request.chosen.horizon) if question.reader else None
    rows = view.rows if view and view.dial.chosen.sessions else ()
    table = PictureTable(
        "Every plan of the curve",
        ("Plan", "Sessions", "Per person", "Hours", "A seat costs"),
        tuple(
            (
                f"{number}. {row.name}",
                str(row.point.sessions),
                f"{row.point.per_person:.2f}",
                f"{row.point.minutes / 60:.1f}",
                f"{row.point.seat_cost} minutes",
            )
            for number, row in enumerate(rows, start=1)
        ),
    )
    dots = dots_of(rows, view.dial) if view else ()
    horizon = question.request.chosen.horizon
    return Answer(scene_of_dial(dots, DIAL_TITLE, subtitle=f"in {horizon}" if horizon else ""), table)


def _loops(question: Question) -> Answer:
    found = loops_of(question.scope)
    links = question.links
    return Answer(scene_of_loops(found, card_href=links.dependency, team_href=links.team), found.table)


def _loops_on_map(question: Question) -> Answer:
    found = loops_of(question.scope)
    sketch = sketch_of_teams(_team_map(question))
    title = f"Where they are: {found.title[0].lower()}{found.title[1:]}"
    return Answer(Free(in_context(sketch, found.pairs, title)), found.table)


_KINDS = (
    PictureKind(
        "teams",
        "Teams",
        "Who hands what to whom",
        "An arrow is a hand-over and points to the team that receives. Purple and double means both need "
        "something from each other.",
        _teams,
        takes_focus=True,
        takes_level=True,
    ),
    PictureKind(
        "around",
        "Around a team",
        "What one team waits for and owes",
        "On the left what the team waits for, on the right what it owes. Every arrow points to who receives.",
        _around,
        takes_focus=True,
        takes_level=True,
    ),
    PictureKind(
        "time",
        "In time",
        "What must be ready before what",
        "Each card is a hand-over, in the band in which it is promised or needed. An arrow leads from what "
        "must be there first, within the same goal.",
        _time,
    ),
    PictureKind(
        "chain",
        "Longest chain",
        "What sets the end date",
        "The longest row of hand-overs for one goal, each waiting for the one before, and what feeds it.",
        _chain,
        is_empty_because="No goal has a chain of three hand-overs or more with these filters.",
    ),
    PictureKind(
        "matrix",
        "Matrix",
        "Who needs whom",
        "Read a row: the team on the left needs what the team on top gives. Givers come first, so marks "
        "above the diagonal run against the order. The tinted blocks are loops, which can only move "
        "together.",
        _matrix,
    ),
    PictureKind(
        "board",
        "Board",
        "Who hands over what, and when",
        "Each card stands with the team that gives it, in the band in which it is promised or needed. The "
        "sign on the card is the area that receives it.",
        _board,
    ),
    PictureKind(
        "goals",
        "Goals",
        "Who leads which goal and works for it",
        "A line says that a team works for a goal. The heavy line with a star leads to the team of whoever "
        "leads it.",
        _goals,
        is_empty_because="No shared goal has a team with these filters.",
    ),
    PictureKind(
        "loops",
        "Loops",
        "Which teams wait for one another",
        "Each ring is a loop: nobody in it can be first. The dashed line is the step that costs least to "
        "loosen.",
        _loops,
        is_empty_because="There is no loop with these filters: somebody can always begin.",
    ),
    PictureKind(
        "loops-on-map",
        "Loops on the map",
        "Where the loops are",
        "The map that you know; what is in a loop stands out.",
        _loops_on_map,
        takes_level=True,
    ),
    PictureKind(
        "sessions",
        "Sessions",
        "What shared sessions change",
        "On the left the sessions of today, on the right those suggested, between them teams. A line says "
        "that somebody of the team sits in the session.",
        _sessions,
        is_of_plans=True,
        is_empty_because="Nobody has to meet about these filters.",
    ),
    PictureKind(
        "dial",
        "Fewer or shorter",
        "Fewer sessions or fewer hours",
        "Each point is a plan of shared sessions. Further left everybody sits in fewer of them, further down "
        "for fewer hours. The filled point is the suggestion.",
        _dial,
        is_of_plans=True,
        takes_horizon_alone=True,
        is_empty_because="Nobody has to meet, so there is nothing to weigh.",
    ),
)
KINDS: Mapping[str, PictureKind] = {kind.name: kind for kind in _KINDS}
