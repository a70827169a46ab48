"""Small files of each tool, with what is odd about them."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.errors import InvalidInput, Problem
from planner.domain.importing import Direction, Field, Item, Outline, Tally, dependencies_of
from planner.interchange.tools import read_files, source_of
from planner.interchange.tools.backstage import NO_TIME
from planner.interchange.tools.collect import Collector, day_in
from planner.interchange.tools.dot import parse


def outline(text: str | bytes, name: str = "", **chosen: str) -> Outline:
    data = text if isinstance(text, bytes) else text.encode()
    fields = {Field(field): column for field, column in chosen.items()}
    found = read_files([source_of(data, name)], fields).outline
    assert found is not None
    return found


def needs(found: Outline, **directions: Direction) -> list[tuple[str, str, str]]:
    keys = {team: team for team in found.teams()}
    drafts = dependencies_of(found, source="x", directions=directions, team_keys=keys, tally=Tally())
    return [(d.consumer, d.what, d.provider) for d in drafts]


def test_jira_repeats_a_column_for_every_further_link() -> None:
    found = outline(
        "Issue key,Summary,Team,Inward issue link (Depends),Inward issue link (Depends)\n"
        "A-1,Token,Identity,B-1,B-2\nB-1,Shop,Web,,\nB-2,Till,Stations,,\n"
    )

    assert sorted(needs(found)) == [("Stations", "Token", "Identity"), ("Web", "Token", "Identity")]


def test_gitlab_tells_links_from_both_sides_and_teams_by_scoped_labels() -> None:
    issues = [
        {
            "iid": 1,
            "title": "Shop",
            "labels": ["team::web"],
            "links": [{"iid": 2, "link_type": "is_blocked_by"}],
        },
        {"iid": 2, "title": "Token", "labels": ["team::id"], "links": [{"iid": 1, "link_type": "blocks"}]},
        {"iid": 3, "title": "Else", "labels": ["team::id"], "links": [{"iid": 1, "link_type": "relates_to"}]},
    ]

    found = outline(json.dumps(issues))

    assert (found.tool, found.doubled) == ("GitLab", 1)
    assert needs(found) == [("web", "Token", "id")]


def test_openproject_tells_teams_where_the_work_packages_are_in_the_file() -> None:
    package = {
        "_type": "WorkPackage",
        "id": 7,
        "subject": "Token",
        "_links": {"project": {"title": "Identity"}},
    }
    other = {"_type": "WorkPackage", "id": 8, "subject": "Shop", "_links": {"project": {"title": "Web"}}}
    ends = {"from": {"href": "/api/v3/work_packages/8"}, "to": {"href": "/api/v3/work_packages/7"}}
    relation = {"_type": "Relation", "type": "follows", "_links": ends}

    found = outline(json.dumps({"_embedded": {"elements": [relation, package, other]}}))

    assert (needs(found), found.notes) == ([("Web", "Token", "Identity")], ())


COMPONENT = "apiVersion: backstage.io/v1alpha1\nkind: Component\n"


def test_backstage_follows_apis_to_whoever_provides_them() -> None:
    found = outline(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: shop}\n"
        "spec: {owner: web, consumesApis: [token]}\n---\n"
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: login}\n"
        "spec: {owner: group:identity, providesApis: [token]}\n"
    )

    assert needs(found) == [("web", "login", "identity")]


def test_backstage_says_a_need_at_either_end_and_it_is_counted_once() -> None:
    component = (
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: %s}\nspec: {owner: %s, %s}\n"
    )
    found = outline(
        component % ("shop", "web", "dependsOn: [component:login]")
        + "---\n"
        + component % ("login", "identity", "dependencyOf: [component:shop, till]")
        + "---\n"
        + component % ("till", "stations", "dependencyOf: [login]")
    )

    assert found.doubled == 1
    assert sorted(needs(found)) == [
        ("identity", "till", "stations"),
        ("stations", "login", "identity"),
        ("web", "login", "identity"),
    ]


def test_yaml_is_read_document_by_document_and_what_is_wrong_in_one_is_said() -> None:
    entity = (
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: n%d}\nspec: {owner: o}\n---\n"
    )
    many = "".join(entity % number for number in range(3_000))

    assert len(outline(many).items) == 3_000
    with pytest.raises(InvalidInput, match=r"catalog.yaml, line 15002, column \d+: this is not YAML"):
        outline(many + "a: [1", "catalog.yaml")


def test_dot_is_read_with_chains_groups_and_defaults() -> None:
    found = outline(
        "// who needs whom\ndigraph x { edge [color=red];"
        ' rankdir=LR; a [label="Web\\nshop"]; a -> {b; c} [label="Token"]; b:n -> d; }'
    )

    assert sorted(needs(found)) == [
        ("Web shop", "Token", "b"),
        ("Web shop", "Token", "c"),
        ("b", "Work of d for b", "d"),
    ]


def test_a_line_without_arrow_waits_for_a_direction() -> None:
    found = outline("graph { a -- b }")

    assert needs(found) == []
    assert needs(found, arrow=Direction.GIVES) == [("b", "Work of a for b", "a")]


def test_our_own_drawing_points_to_who_receives() -> None:
    assert needs(outline("digraph picture { a -> b }")) == [("b", "Work of a for b", "a")]


def test_our_own_graphml_is_read_the_same_way() -> None:
    nodes = '<node id="a"/><node id="b"/><edge source="a" target="b"/>'

    found = outline(f'<graphml><graph id="picture">{nodes}</graph></graphml>')

    assert needs(found) == [("b", "Work of a for b", "a")]


def test_entities_of_mermaid_are_the_letters_they_stand_for() -> None:
    found = outline('flowchart LR\n  n1["A #quot;B#quot; #35;1"] --> n2["C<br>D"]\n')

    assert dict(found.teams()) == {'A "B" #1': 1, "C D": 1}


def test_mermaid_is_read_with_its_arrows_shapes_and_words() -> None:
    found = outline(
        'flowchart TD\n%% a remark\n subgraph one\n  a["Web shop"] -->|Token| b(Identity) & c\n end\n'
        " a -- a file --> d{{Tills}}; c -.-> d\n classDef x fill:#fff\n a --- c\n"
    )

    assert sorted(needs(found)) == [
        ("Web shop", "Token", "Identity"),
        ("Web shop", "Token", "c"),
        ("Web shop", "a file", "Tills"),
        ("c", "Work of Tills for c", "Tills"),
    ]


def test_graphml_says_what_its_keys_mean() -> None:
    found = outline(
        '<graphml><key id="d0" for="node" attr.name="label"/><key id="d1" for="edge" attr.name="count"/>'
        '<graph edgedefault="directed"><node id="n0"><data key="d0">Web</data></node><node id="n1"/>'
        '<edge source="n0" target="n1"><data key="d1">2</data></edge></graph></graphml>'
    )

    assert needs(found) == [
        ("Web", "Work of n1 for Web, 1 of 2", "n1"),
        ("Web", "Work of n1 for Web, 2 of 2", "n1"),
    ]


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book, out = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def test_a_table_of_needs_is_read_from_csv_tsv_and_a_workbook_alike() -> None:
    rows = [("Team", "From", "What", "By"), ("Web", "Identity", "Token", "2026-03-02")]
    files = ["\n".join(mark.join(row) for row in rows).encode() for mark in (",", ";", "\t")]

    found = [outline(file) for file in (*files, workbook(rows[0], (*rows[1][:3], date(2026, 3, 2))))]

    assert [needs(one) for one in found] == [[("Web", "Token", "Identity")]] * 4
    assert len({tuple(one.items.items()) for one in found}) == 1


def test_a_formula_is_read_as_text_that_is_no_formula_again() -> None:
    found = outline("consumer,provider,what\nWeb,Identity,'=1+1\n")

    assert needs(found) == [("Web", "=1+1", "Identity")]


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><graphml>&b;</graphml>'
REFUSED = {
    "billion laughs": (LAUGHS.encode(), "declares a document type or an entity"),
    "an outside entity": (b'<!DOCTYPE g SYSTEM "file:///etc/passwd"><graphml/>', "document type"),
    "yaml anchors": (b"---\na: &a [x, x]\nb: [*a, *a]\n", "*a repeats something named above"),
    "yaml code": (b"---\n!!python/object/apply:os.system ['true']\n", "the tag"),
    "yaml depth": (b"---\n" + b"[" * 500 + b"]" * 500, "nested more than 50 deep"),
    "a line without end": (b"Issue key,Summary\n" + b"x" * 2_000_000, "is longer than"),
    "a huge cell": (b"Issue key,Summary\n" + b"x" * 200_000 + b"\n", "this is not CSV"),
    "NUL": (b"Issue key,Summary\nA-1,a\x00b\n", "NUL character"),
    "Latin-1": ("Issue key,Summary\nA-1,Gr\u00fc\u00dfe\n".encode("latin-1"), "the file is not UTF-8"),
    "an old workbook": (b"PK\x03\x04nonsense", "this workbook cannot be read"),
    "DOT cut off": (b'digraph { a -> "b', "this is not DOT"),
    "deep DOT": (b"digraph " + b"{" * 100, "nested more than 50 deep"),
    "no Mermaid": (b"graph LR\n a --> \n", "this is not a Mermaid flowchart"),
    "nothing": (b"", "the file is empty"),
    "another tool": (b"Date,Amount\n1,2\n", "those of no tool that is known here"),
    "two lists": (b"key,name\na,A\n", "people and teams; say which list"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_taken_is_refused_in_words(kind: str) -> None:
    data, sentence = REFUSED[kind]

    with pytest.raises(InvalidInput) as refused:
        read_files([source_of(data, "")])

    assert sentence in refused.value.problems[0].message


def test_a_workbook_that_unpacks_to_too_much_is_refused_unopened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)

    with pytest.raises(InvalidInput, match="unpacks to 67 MB"):
        read_files([source_of(out.getvalue(), "bomb.xlsx")])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-07-22", date(2026, 7, 22)),
        ("2026-07-22T10:00:00.000+0000", date(2026, 7, 22)),
        ("22/Jul/26 12:00 AM", date(2026, 7, 22)),
        ("22.07.2026", date(2026, 7, 22)),
        ("2026-13-01", None),
        ("31/Feb/26", None),
        ("soon", None),
    ],
)
def test_days_are_read_as_tools_write_them(text: str, expected: date | None) -> None:
    assert day_in(text) == expected


@given(st.text(max_size=60))
def test_whatever_stands_in_a_drawing_it_is_read_or_refused(text: str) -> None:
    for head in ("digraph {", "graph LR\n", "<graphml>", "---\n", "[", "Issue key,Summary\n"):
        names: tuple[str, ...] = ()
        problems: tuple[Problem, ...] = ()
        try:  # whatever else it raises is a mistake of ours
            names = read_files([source_of((head + text).encode("utf-8", "replace"), "")]).names
        except InvalidInput as refusal:
            problems = refusal.problems

        assert bool(names) != bool(problems)


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\\\x00"), min_size=1, max_size=8)


@given(st.lists(st.tuples(NAMES, NAMES), max_size=5))
def test_a_dot_file_gives_back_the_names_that_were_quoted(pairs: list[tuple[str, str]]) -> None:
    quoted = ["->".join(f'"{end.replace(chr(34), chr(92) + chr(34))}"' for end in pair) for pair in pairs]

    found = parse("digraph {" + ";".join(quoted) + "}")

    assert [edge[:2] for edge in found.edges] == pairs


ENDS = st.sampled_from("ABCD")


@given(st.lists(st.tuples(ENDS, ENDS), max_size=12), st.booleans())
def test_a_pair_is_one_dependency_with_one_key_whichever_way_it_is_read(
    pairs: list[tuple[str, str]], turned: bool
) -> None:
    collect = Collector("x")
    for name in "ABCD":
        collect.item(Item(name, f"Work {name}", f"team {name}"))
    kind = collect.kind("blocks")
    for pair in pairs:
        collect.link(kind, *pair)
    found = collect.outline()
    direction = Direction.NEEDS if turned else Direction.GIVES
    keys = {team: team for team in found.teams()}

    drafts = list(
        dependencies_of(found, source="x", directions={kind: direction}, team_keys=keys, tally=Tally())
    )

    assert len(drafts) == len({d.key for d in drafts}) == len({p for p in pairs if p[0] != p[1]})


def test_an_item_that_stands_twice_is_filled_in() -> None:
    found = outline("Issue key,Summary,Team\nA-1,Token,\nA-1,,Identity\n")

    assert found.items == {"A-1": Item("A-1", "Token", "Identity", silent=NO_TIME)}
    assert found.links == ()
