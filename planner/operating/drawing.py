"""What `planner map` can be asked for: the words of the page's address, as options."""

from __future__ import annotations

from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planner.domain.model import DependencyState
from planner.domain.picture import DetailLevel, LinksEach
from planner.services.finding import DependencyFilter
from planner.services.pictures.pictures import FILES, KINDS, MapRequest, Size, Theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planner.domain.model import Organisation, TeamId

STATES = ("active", "all", *(state.value for state in DependencyState))
DEPTH_MOST = 3
NARROWING = {
    "needs": "--needs",
    "provider": "--from",
    "team": "--team",
    "goal": "--goal",
    "only": "--only",
    "words": "--q",
}
NAMED_MOST = 30
"""So many of what there is are named where something is not."""


def _one_of(values: Iterable[str]) -> click.Choice[str]:
    return click.Choice(list(values))


OPTIONS = (
    click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Without it: to a pipe."),
    click.option(
        "--format", "kind", type=_one_of(FILES), help="Without it: as the name of the file says, else svg."
    ),
    click.option("--view", type=_one_of(KINDS), default=next(iter(KINDS)), show_default=True),
    click.option("--focus", default="", metavar="TEAM", help="Only what is around this team, by key."),
    click.option(
        "--depth", type=click.IntRange(1, DEPTH_MOST), help="How many steps around the team; default: 1."
    ),
    click.option(
        "--level",
        type=_one_of(level.value for level in DetailLevel),
        help="Areas, the strongest links of each team, or everything; default: what fits.",
    ),
    click.option(
        "--links",
        type=_one_of(each.value for each in LinksEach),
        help="How many links of each team stay where not all can; default: 2.",
    ),
    click.option("--needs", default="", metavar="TEAM", help="Only what this team needs, by key."),
    click.option("--from", "provider", default="", metavar="TEAM", help="Only what this team gives, by key."),
    click.option("--team", default="", help="Only what this team needs or gives, by key."),
    click.option("--goal", default="", help="Only what serves this goal, by key."),
    click.option("--horizon", "--cycle", "horizon", default="", help="Only of this horizon, by name."),
    click.option("--state", type=_one_of(STATES), default="active", show_default=True),
    click.option("--only", type=_one_of(("open", "late", "loop")), help="Only what is still that."),
    click.option("--q", "words", default="", help="Only what has these words in it."),
    click.option(
        "--size", type=_one_of(size.value for size in Size), default="screen", show_default=True
    ),
    click.option(
        "--theme", type=_one_of(theme.value for theme in Theme), default="light", show_default=True
    ),
    click.option("--json", "as_json", is_flag=True, help="With --to: print what was written as JSON."),
)  # fmt: skip


def picture_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command all options of a picture."""
    return reduce(lambda made, option: option(made), reversed(OPTIONS), command)


def kind_of(to: Path | None, kind: str | None) -> str:
    """Return what is written: what was said, else what the name of the file says. Raises ClickException."""
    found = kind or (to.suffix.removeprefix(".") if to else "svg")
    found = "mermaid" if found == "mmd" else found
    if found not in FILES:
        raise click.ClickException(
            f"“{to}” says no kind that is known; there are {', '.join(FILES)}. Or say --format."
        )
    return found


def request_of(organisation: Organisation, words: dict[str, Any]) -> MapRequest:
    """Return the picture that these options ask for.

    Raises ClickException for what is not recorded, and for an option that the kind of picture does not heed.
    """
    _expect_heeded(words)
    teams = {team.key: team.id for team in organisation.teams}
    for name in ("focus", "needs", "provider", "team"):
        _expect_known("team", words[name], teams)
    _expect_known("goal", words["goal"], [goal.key for goal in organisation.goals])
    _expect_known("horizon", words["horizon"], [horizon.name for horizon in organisation.horizons])
    focus: TeamId | None = teams.get(words["focus"])
    names = ("needs", "provider", "team", "goal", "horizon", "state", "words")
    return MapRequest(
        chosen=DependencyFilter(**{name: words[name] for name in names}, only=words["only"] or ""),
        view=words["view"],
        focus=focus,
        depth=words["depth"] or 1,
        level=DetailLevel(words["level"]) if words["level"] else None,
        links_each=LinksEach(words["links"]) if words["links"] else None,
    )


def _expect_heeded(words: dict[str, Any]) -> None:
    kinds, asked = KINDS.values(), KINDS[words["view"]]
    heeding = {
        "focus": [kind.name for kind in kinds if kind.takes_focus],
        "depth": [kind.name for kind in kinds if kind.takes_focus],
        "level": [kind.name for kind in kinds if kind.takes_level],
        "links": [kind.name for kind in kinds if kind.takes_level],
    }
    narrowed = [option for name, option in NARROWING.items() if words[name]]
    narrowed += ["--state"] if words["state"] != "active" else []
    if asked.takes_horizon_alone and narrowed:
        raise click.ClickException(
            f"The picture “{asked.name}” is about whole plans: --horizon narrows it, {narrowed[0]} does not."
        )
    if asked.name == "around" and (words["depth"] or 1) == 1 and (words["level"] or words["links"]):
        raise click.ClickException("One step around a team is drawn whole; say --depth 2 or 3 as well.")
    for option, names in heeding.items():
        if words[option] and asked.name not in names:
            raise click.ClickException(
                f"The picture “{asked.name}” does not heed --{option}; these do: {', '.join(names)}."
            )


def _expect_known(noun: str, word: str, there: Iterable[str]) -> None:
    known = sorted(there)
    if word and word not in known:
        more = f" and {len(known) - NAMED_MOST} more" if len(known) > NAMED_MOST else ""
        listed = ", ".join(known[:NAMED_MOST]) or "none"
        raise click.ClickException(f"There is no {noun} “{word}”; there are {listed}{more}.")
