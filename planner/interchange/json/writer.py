"""Write an organisation in our own format."""

from __future__ import annotations

import json

from planner.domain.transfer import Draft
from planner.interchange.ordering import ordered
from planner.interchange.plain import complete

FORMAT = "planner-organisation/1"


def write_organisation(draft: Draft) -> bytes:
    """Return the draft as JSON in UTF-8: sorted, with every field, byte for byte the same for the same
    organisation."""
    value = {"format": FORMAT, **complete(ordered(draft))}
    if not draft.agreed:
        del value["agreed"]
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
