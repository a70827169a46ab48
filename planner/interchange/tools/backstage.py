"""Backstage's catalogue: a component's owner needs something of the owners of what it depends on."""

from __future__ import annotations

from collections.abc import Mapping

from planner.domain.importing import Direction, Field, Item
from planner.interchange.tools.collect import Collector
from planner.interchange.tools.values import Record, first_records, plain, record, records, within

_LINKS = {"dependsOn": "depends on", "consumesApis": "consumes"}
_NAMES = {"dependsOn": "component", "consumesApis": "api"}
"""What a name without a kind is in each of these."""


NO_TIME = frozenset({Field.DUE, Field.HORIZON})
"""A catalogue knows no dates."""


def fits(value: object) -> bool:
    documents = first_records(value)
    return bool(documents) and any("backstage.io" in plain(one.get("apiVersion")) for one in documents)


def read(value: object, collect: Collector, chosen: Mapping[Field, str]) -> None:  # noqa: ARG001 - nothing to choose
    """Collect every entity that has an owner; a group is the team.

    What depends on what may stand at either end, as dependsOn or dependencyOf, and is one need.
    """
    collect.kind("dependsOn", outward="depends on", direction=Direction.NEEDS)
    apis: dict[str, str] = {}
    links: list[tuple[str, str, str]] = []
    for one in records(value):
        ref = _own(one)
        links += [(field, ref, _full(t, of)) for field, of in _NAMES.items() for t in _targets(one, field)]
        links += [("dependsOn", _full(t, "component"), ref) for t in _targets(one, "dependencyOf")]
        owner = _name(plain(within(one, "spec", "owner")))
        if one.get("kind") in {"Group", "User", None} or not owner:
            continue
        title = plain(within(one, "metadata", "title")) or _name(ref)
        collect.item(Item(id=ref, title=title, team=owner, silent=NO_TIME))
        for api in _targets(one, "providesApis"):
            apis[_full(api, "api")] = ref
    for field, ref, other in links:
        kind = collect.kind(field, outward=_LINKS[field], direction=Direction.NEEDS)
        collect.link(kind, ref, apis.get(other, other))


def _own(one: Record) -> str:
    metadata = record(one.get("metadata"))
    namespace = plain(metadata.get("namespace")) or "default"
    return f"{plain(one.get('kind'))}:{namespace}/{plain(metadata.get('name'))}".lower()


def _full(ref: str, kind: str) -> str:
    """Return a reference with everything that may be left out of one."""
    before, colon, rest = ref.rpartition(":")
    namespace, slash, name = rest.rpartition("/")
    return f"{before if colon else kind}:{namespace if slash else 'default'}/{name}".lower()


def _name(ref: str) -> str:
    return ref.rpartition("/")[2].rpartition(":")[2]


def _targets(one: Record, field: str) -> list[str]:
    """The texts of a list in what an entity says of itself."""
    value = within(one, "spec", field)
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []
