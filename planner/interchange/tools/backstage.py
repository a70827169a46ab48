"""Backstage's catalogue: a component's owner needs something of the owners of what it depends on."""

from __future__ import annotations

from collections.abc import Mapping

from planner.domain.importing import Direction, Field, Item
from planner.interchange.tools.collect import Collector
from planner.interchange.tools.values import Record, plain, record, records, within

_LINKS = {"dependsOn": "depends on", "consumesApis": "consumes"}


def fits(value: object) -> bool:
    documents = list(records(value))
    return bool(documents) and any("backstage.io" in plain(one.get("apiVersion")) for one in documents)


def read(value: object, collect: Collector, chosen: Mapping[Field, str]) -> None:  # noqa: ARG001 - nothing to choose
    """Collect every entity that has an owner; a group is the team."""
    entities = list(records(value))
    collect.kind("dependsOn", outward="depends on", direction=Direction.NEEDS)
    apis: dict[str, str] = {}
    for one in entities:
        ref = _own(one)
        owner = _name(plain(within(one, "spec", "owner")))
        if one.get("kind") in {"Group", "User", None} or not owner:
            continue
        collect.item(Item(id=ref, title=plain(within(one, "metadata", "title")) or _name(ref), team=owner))
        for api in _texts(record(one.get("spec")).get("providesApis")):
            apis[_full(api, "api")] = ref
    for one in entities:
        for field, phrase in _LINKS.items():
            for target in _texts(record(one.get("spec")).get(field)):
                other = _full(target, "api" if field == "consumesApis" else "component")
                kind = collect.kind(field, outward=phrase, direction=Direction.NEEDS)
                collect.link(kind, _own(one), apis.get(other, other))


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


def _texts(value: object) -> list[str]:
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []
