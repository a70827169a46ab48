"""Kubernetes in the open: its groups, leads and meetings, and what each of its proposals needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planner.domain.importing import Direction, Field, Item
from planner.domain.transfer import Reading
from planner.interchange.normalised import reading_of
from planner.interchange.tools.backstage import NO_TIME
from planner.interchange.tools.collect import Collector
from planner.interchange.tools.values import Record, first_records, plain, records, within

_GROUPS = {"sigs": ("sig", "SIG "), "workinggroups": ("wg", "WG "), "committees": ("committee", "")}
_LEFT = frozenset({"withdrawn", "rejected", "replaced", "deferred"})


def fits_groups(value: object) -> bool:
    return any(isinstance(within(one, "sigs"), list) for one in first_records(value)[:1])


def read_groups(value: object) -> Reading:
    """Return the groups as teams, their leads as those who decide, their meetings as sessions."""
    whole = next(iter(first_records(value)), {})
    people: dict[str, str] = {}
    teams = [_team(group, name, people) for name in _GROUPS for group in records(whole.get(name))]
    return reading_of(
        {
            "meta": {},
            "people": [{"id": key, "name": name} for key, name in people.items()],
            "teams": teams,
            "dependencies": [],
            "goals": [],
        }
    )


def _team(group: Record, listed: str, people: dict[str, str]) -> Record:
    kind, prefix = _GROUPS[listed]
    return {
        "id": plain(group.get("dir")),
        "name": prefix + plain(group.get("name")),
        "kind": kind,
        "mission": plain(group.get("mission_statement")),
        "members": list(_leads(group, people)),
        "meetings": [
            {
                "title": plain(meeting.get("description")),
                "day": plain(meeting.get("day")),
                "time": plain(meeting.get("time")),
                "tz": plain(meeting.get("tz")),
                "frequency": plain(meeting.get("frequency")),
            }
            for meeting in records(group.get("meetings"))
        ],
    }


def _leads(group: Record, people: dict[str, str]) -> Iterator[Record]:
    for listed, role in (("chairs", "chair"), ("tech_leads", "tech_lead")):
        for lead in records(within(group, "leadership", listed)):
            key = plain(lead.get("github")).lower()
            if key:
                people.setdefault(key, plain(lead.get("name")) or key)
                yield {"person": key, "role": role}


def fits_proposals(value: object) -> bool:
    found = first_records(value)
    return bool(found) and all("owning-sig" in one or "kep-number" in one for one in found)


def read_proposals(value: object, collect: Collector, chosen: Mapping[Field, str]) -> None:  # noqa: ARG001 - no choice
    """Collect each proposal: its owning group needs something of every participating one."""
    kind = collect.kind("participating-sigs", outward="needs", direction=Direction.NEEDS)
    for at, one in enumerate(records(value)):
        number, owner = plain(one.get("kep-number")), plain(one.get("owning-sig"))
        key, where = f"KEP-{number}", plain(one.get("path")) or f"line {at + 1}"
        if plain(one.get("status")) in _LEFT:
            collect.tally.left_out(f"a proposal that was {plain(one.get('status'))}", where)
            continue
        if not number or not owner:
            collect.tally.left_out("a proposal without a number or an owning group", where)
            continue
        title, horizon = plain(one.get("title")), plain(one.get("latest-milestone"))
        is_done = one.get("status") == "implemented"
        silent = NO_TIME if "latest-milestone" not in one else NO_TIME - {Field.HORIZON}
        milestone = horizon if horizon.startswith("v") else ""
        collect.item(Item(key, title, owner, None, milestone, is_done, silent), where=where)
        helpers = one.get("participating-sigs")
        for helper in dict.fromkeys(map(plain, helpers if isinstance(helpers, list) else ())):
            if helper and helper != owner:
                collect.item(Item(f"{key} {helper}", title, helper, None, "", is_done, NO_TIME), where=where)
                collect.link(kind, key, f"{key} {helper}")
