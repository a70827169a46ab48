"""Read an organisation in our own format. A wrong record is an error: nothing is taken then."""

from __future__ import annotations

from planner.domain.transfer import Draft, Reading
from planner.interchange import records
from planner.interchange.fields import Fields
from planner.interchange.json.writer import FORMAT
from planner.interchange.problems import Problems, shown
from planner.interchange.references import check_references
from planner.interchange.safe_json import load_json


def read_organisation(data: bytes) -> Reading:
    """Return the organisation in a file of our own format, without remarks.

    Raises InvalidInput with every problem found, each at its place in the file.
    """
    return Reading(draft_of(load_json(data)))


def draft_of(value: object) -> Draft:
    """Return the organisation in a parsed file; raises InvalidInput as `read_organisation` does."""
    problems = Problems()
    fields = Fields(value, "", problems)
    if (found := fields.required_text("format")) not in ("", FORMAT):
        fields.problem("format", f"read {shown(found)}, expected {shown(FORMAT)}")
    draft = Draft(
        name=fields.text("name"),
        places=fields.records("places", records.place),
        travel=fields.records("travel", records.travel),
        people=fields.records("people", records.person),
        teams=fields.records("teams", records.team),
        horizons=fields.records("horizons", records.horizon),
        goals=fields.records("goals", records.goal),
        sessions=fields.records("sessions", records.session),
        dependencies=fields.records("dependencies", records.dependency),
        agreed=fields.tree("agreed"),
    )
    fields.close()
    check_references(draft, problems)
    problems.raise_if_any()
    return draft
