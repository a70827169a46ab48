"""An import from its files to its report: what would happen, which way round, and then all at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, make_response, render_template, request, url_for

from planner.domain.errors import InvalidInput
from planner.domain.importing import Direction, Field, ImportState
from planner.domain.text import NAME_LONGEST, clean
from planner.services.importing.import_plans import LEFT, NEW
from planner.services.importing.import_work import import_here
from planner.services.importing.imports import begin_import, choose, confirm, read_import, stop_import
from planner.web import context
from planner.web.fragments import see_other, wants_fragment
from planner.web.views.exchange import NO_FILE, exchange_page

if TYPE_CHECKING:
    from typing import BinaryIO

    from werkzeug.wrappers import Response as AnyResponse

    from planner.services.importing.import_plans import Choices
    from planner.services.importing.imports import Import

blueprint = Blueprint("imports", __name__, url_prefix="/imports")

FIELD_NAMES = {
    Field.TEAM: "The team",
    Field.TITLE: "What it is called",
    Field.DUE: "When it is needed",
    Field.HORIZON: "The horizon",
}
LIST_NAMES = {"goals": "shared goals", "sessions": "team sessions"}


@blueprint.post("")
def create() -> AnyResponse | tuple[str, int]:
    """Take the files and look through them; what cannot be read is refused on the page that asked."""
    actor = context.actor_or_first()
    files = [(f.filename, cast("BinaryIO", f.stream)) for f in request.files.getlist("file") if f.filename]
    if not files:
        return exchange_page(problems=[NO_FILE]), 422
    context.release()
    try:
        number = begin_import(
            context.database(),
            actor,
            files,
            most=context.context().settings.upload_limit,
            horizon=request.form.get("cycle", "").strip(),
            kind=request.form.get("kind", ""),
        )
    except InvalidInput as error:
        return exchange_page(problems=error.problems), 422
    return see_other(url_for("imports.show", number=number))


@blueprint.get("/<int:number>")
def show(number: int) -> Response:
    """Show how an import stands: what is chosen, how far it is, or what it did."""
    found = read_import(context.database(), context.actor_or_first(), number)
    values = _values(found)
    if wants_fragment("import-meter"):
        if found.goes_on and not found.is_attended and request.args.get("seen") == "nobody":
            return Response(status=204)  # it is as it was: whatever holds the focus keeps it
        if found.goes_on and found.is_attended:
            return make_response(render_template("imports/_meter.html", **values))
        whole = make_response(render_template("imports/_state.html", **values))
        whole.headers["HX-Retarget"] = "#import"
        return whole
    page = "imports/_state.html" if wants_fragment("import") else "imports/show.html"
    return make_response(render_template(page, **values))


@blueprint.post("/<int:number>/choices")
def change(number: int) -> AnyResponse:
    """Keep what was chosen, turn a type of link round, and look again."""
    actor = context.actor_or_first()
    found = read_import(context.database(), actor, number)
    choose(context.database(), actor, number, _chosen(found), turn=_turn())
    return see_other(url_for("imports.show", number=number))


@blueprint.post("/<int:number>/confirm")
def write(number: int) -> AnyResponse:
    """Write the import; choices that were not looked at yet are looked at first."""
    actor = context.actor_or_first()
    found = read_import(context.database(), actor, number)
    chosen = _chosen(found) if "chosen" in request.form else None
    if found.state is ImportState.READY and chosen is not None and chosen != shown_choices(found):
        choose(context.database(), actor, number, chosen, turn=_turn())
        return see_other(
            url_for("imports.show", number=number),
            "Nothing is written yet: this is what your choices come to.",
        )
    confirm(context.database(), actor, number, turn=_turn())
    context.forget()
    if actor.person_id is None:  # the first ones are here now; whoever brought them in says who they are
        return see_other(url_for("week.index"), "Imported")
    return see_other(url_for("imports.show", number=number))


@blueprint.post("/<int:number>/stop")
def stop(number: int) -> AnyResponse:
    """Give an import up and remove its files; one that is being written first takes back what it wrote."""
    stop_import(context.database(), context.actor_or_first(), number)
    if read_import(context.database(), context.actor_or_first(), number).state is not ImportState.STOPPED:
        return see_other(url_for("imports.show", number=number))
    return see_other(url_for("exchange.index"), "The files are removed. Nothing was imported.")


@blueprint.post("/<int:number>/now")
def make_now(number: int) -> AnyResponse:
    """Do within this request what no worker is there to do."""
    import_here(context.database(), context.actor_or_first(), number)
    return see_other(url_for("imports.show", number=number))


def _turn() -> int | None:
    return request.form.get("turn_of", type=int)


def shown_choices(found: Import) -> Choices:
    """What the form said when nothing was changed in it, as it would come back."""
    if found.look is None:
        return found.choices
    look = found.look
    return replace(
        found.choices,
        source=look.source,
        directions={kind.name: Direction(kind.direction) for kind in look.kinds},
        teams={team.read: team.key for team in look.teams if not team.is_certain},
        fields={Field(name): column for name, column in look.fields.items()},
    )


def _chosen(found: Import) -> Choices:
    """What the form says over what was shown. What is no longer in the file is passed over."""
    shown, look = shown_choices(found), found.look
    if look is None:
        return shown
    form = request.form
    teams = dict(shown.teams)
    for at, team in enumerate(look.teams):
        said = form.get(f"team-{at}", "")
        allowed = {NEW, LEFT, *(key for key, _ in team.candidates)}
        if said in allowed and (not team.is_certain or said != team.key):
            teams[team.read] = said
    fields = {
        field: form[f"field-{field.value}"]
        for field in Field
        if form.get(f"field-{field.value}", "") in look.columns
    }
    offered = {question.key for question in look.questions}
    kept = shown.take - offered
    return replace(
        shown,
        source=clean(
            form.get("source", shown.source), where="source", longest=NAME_LONGEST // 4, required=False
        ),
        directions=_directions(shown),
        teams=teams,
        fields={**shown.fields, **fields},
        take=kept | (offered & set(form.getlist("take"))),
    )


def _directions(shown: Choices) -> dict[str, Direction]:
    directions = dict(shown.directions)
    turned, left = request.form.get("turn", ""), request.form.get("leave", "")
    if turned in directions:
        directions[turned] = directions[turned].turned
    if left in directions:
        directions[left] = Direction.NEITHER
    return directions


def _values(found: Import) -> dict[str, object]:
    look = found.look
    return {
        "found": found,
        "look": look,
        "unknown_teams": [(at, team) for at, team in enumerate(look.teams) if not team.is_certain]
        if look
        else [],
        "known_teams": [(at, team) for at, team in enumerate(look.teams) if team.is_certain] if look else [],
        "NEW": NEW,
        "LEFT": LEFT,
        "field_names": {field.value: name for field, name in FIELD_NAMES.items()},
        "list_names": LIST_NAMES,
    }
