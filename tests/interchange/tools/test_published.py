"""The same 65 dependencies as the tools export them: every layout gives the same answer."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from planner.domain.importing import Direction, Tally, dependencies_of
from planner.domain.link_words import direction_of
from planner.interchange.tools import read_files, source_of
from planner.interchange.tools.azure_csv import NOTE
from planner.interchange.tools.registry import Contents
from tests.support.data import published

if TYPE_CHECKING:
    from planner.domain.importing import Outline
    from planner.domain.transfer import DependencyDraft

LAYOUTS = (
    ("asana.csv",),
    ("azure-devops-workitems.json",),
    ("github-issues.json",),
    ("jira-rest.json",),
    ("jira.csv",),
    ("linear.csv",),
    ("openproject-relations.json", "azure-devops.csv"),  # relations, and whose the work packages are
    ("teams.dot",),
    ("teams.graphml",),
    ("teams.mmd",),
)
BOTH_ENDS = {"asana.csv", "azure-devops-workitems.json", "jira-rest.json", "jira.csv"}


def read(*names: str) -> Contents:
    files = [published(f"formats/{name}") for name in names]
    return read_files([source_of(file.read_bytes(), file.name) for file in files])


def outline_of(*names: str) -> Outline:
    outline = read(*names).outline
    assert outline is not None
    return outline


def dependencies(outline: Outline) -> list[DependencyDraft]:
    """What comes of an outline when nobody changes a default."""
    keys = {team: team for team in outline.teams()}
    return list(dependencies_of(outline, source="it", directions={}, team_keys=keys, tally=Tally()))


def pairs(outline: Outline) -> dict[tuple[str, str], int]:
    return dict(Counter((d.consumer, d.provider) for d in dependencies(outline)))


def expected_pairs() -> dict[tuple[str, str], int]:
    expected = json.loads(published("formats/expected.json").read_text())
    return {(pair["from_team"], pair["to_team"]): pair["count"] for pair in expected["pairs"]}


@pytest.mark.parametrize("names", LAYOUTS, ids=" + ".join)
def test_every_layout_with_links_gives_the_same_dependencies(names: tuple[str, ...]) -> None:
    outline = outline_of(*names)

    found = pairs(outline)

    assert (sum(found.values()), len(found), len(outline.teams())) == (65, 33, 17)
    assert found == expected_pairs()
    assert len({d.key for d in dependencies(outline)}) == 65
    assert outline.doubled == (65 if names[0] in BOTH_ENDS else 0)


def test_a_catalogue_names_each_pair_once_for_it_knows_no_numbers() -> None:
    found = pairs(outline_of("backstage-catalog.yaml"))

    assert found == dict.fromkeys(expected_pairs(), 1)


def test_a_file_that_never_holds_links_says_so() -> None:
    outline = outline_of("azure-devops.csv")

    assert (len(outline.items), len(outline.teams()), outline.links) == (113, 17, ())
    assert outline.notes == (NOTE,)


def test_relations_alone_ask_for_the_work_packages() -> None:
    outline = outline_of("openproject-relations.json")

    assert (len(outline.links), dict(outline.teams())) == (65, {})
    assert "in the same go" in outline.notes[0]


def test_groups_and_proposals_in_the_open_are_read_together() -> None:
    files = [published("kubernetes/sigs.yaml"), published("kubernetes/keps.jsonl")]
    contents = read_files([source_of(file.read_bytes(), file.name) for file in files])

    assert contents.names == ("Kubernetes’ groups", "Kubernetes’ proposals")
    assert contents.reading is not None
    assert contents.outline is not None
    draft = contents.reading.draft
    assert (len(draft.teams), len(draft.sessions)) == (35, 72)
    assert len(dependencies(contents.outline)) == 444


# what says on a public server which side waits; the others read alike from both sides or order no work
NEEDS = {
    "depends on", "depends upon", "requires", "follows", "Follow up to", "follows up on",
}  # fmt: skip
GIVES = {
    "blocks", "is blocking", "is depended on by", "has to be done before", "Precedes", "is triggering",
    "triggered", "earliest end is start of", "Linked one can't finish until this issue is done.",
    "Linked one can't start until this issue is done.", "Linked one can't finish until this issue begins.",
    "Linked one can't start until this issue starts.",
}  # fmt: skip


def expected_direction(outward: str) -> Direction:
    if outward in NEEDS:
        return Direction.NEEDS
    return Direction.GIVES if outward in GIVES else Direction.NEITHER


def test_the_link_types_of_public_servers_get_the_direction_that_they_say() -> None:
    types = json.loads(published("jira-link-types/dependency-link-types.json").read_text())

    wrong = []
    for kind in types:
        outward = kind["outward"]
        expected = (
            Direction.NEEDS
            if outward in NEEDS
            else Direction.GIVES
            if outward in GIVES
            else Direction.NEITHER
        )
        if direction_of(outward, kind["inward"]) is not expected:
            wrong.append((kind["name"], kind["inward"], outward))

    assert wrong == []
