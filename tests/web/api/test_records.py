"""Records through the interface: read, added, changed and removed, never over what nobody has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.factories import make_cast, make_dependency, make_goal, make_horizon, make_place, make_session
from tests.support.digest import everything
from tests.support.program import Program, token_of

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.postgres


@pytest.fixture
def owner(app: Flask, session: Session) -> Program:
    make_cast(session)
    return Program(app, token_of(session, "olive-owner"))


def test_a_team_is_added_read_changed_and_removed(owner: Program) -> None:
    made = owner.send("POST", "/teams", {"name": "Web"})

    assert (made.status_code, made.headers["Location"]) == (201, "/api/v1/teams/web")
    assert made.get_json() == {
        "name": "Web", "area": "", "purpose": "", "place": None, "members": [], "key": "web", "version": 1,
    }  # fmt: skip

    changed = owner.send("PATCH", "/teams/web", {"area": "Shop"}, If_Match=made.headers["ETag"])

    assert (changed.status_code, changed.get_json()["area"], changed.get_json()["version"]) == (
        200,
        "Shop",
        2,
    )

    removed = owner.send("DELETE", "/teams/web", If_Match=changed.headers["ETag"])

    assert (removed.status_code, removed.data) == (204, b"")
    assert owner.send("GET", "/teams/web").status_code == 404


@pytest.mark.parametrize(
    ("path", "new", "change"),
    [
        ("/people", {"name": "Nell New", "teams": ["payments"]}, {"email": "nell@example.org"}),
        ("/places", {"name": "Dock/Side", "zone": "Europe/London"}, {"zone": "UTC"}),
        ("/horizons", {"name": "Sprint 9"}, {"starts_on": "2026-03-02"}),
        (
            "/goals",
            {"outcome": "Refund", "teams": ["payments", "web-shop"]},
            {"due_on": "2026-05-01", "lead": "olive-owner"},
        ),
        ("/team-sessions", {"title": "Planning", "host": "payments"}, {"minutes": 30}),
        ("/dependencies", {"consumer": "payments", "provider": "web-shop", "what": "Token"}, {"item": "P-1"}),
    ],
)
def test_each_kind_of_record_goes_the_same_way(
    owner: Program, path: str, new: dict[str, Any], change: dict[str, Any]
) -> None:
    made = owner.send("POST", path, new)
    address = made.headers["Location"].removeprefix("/api/v1")
    read = owner.send("GET", address)

    assert (made.status_code, read.status_code, read.get_json()) == (201, 200, made.get_json())
    assert new.items() <= made.get_json().items()

    changed = owner.send("PATCH", address, change, If_Match=read.headers["ETag"])

    assert changed.status_code == 200, changed.text
    assert changed.get_json() == owner.read(address)
    assert {**read.get_json(), **change, "version": changed.get_json()["version"]} == changed.get_json()

    listed = owner.read(path)

    assert changed.get_json() in listed["items"]

    undone = owner.send("POST", f"/history/{changed.headers['Planner-Change']}/undo")

    assert undone.status_code == 204, undone.text
    before = owner.send("GET", address)
    assert {**before.get_json(), "version": 0} == {**read.get_json(), "version": 0}
    assert owner.send("DELETE", address, If_Match=before.headers["ETag"]).status_code == 204


def test_a_stale_write_is_refused_and_changes_nothing(owner: Program, session: Session) -> None:
    seen = owner.send("GET", "/teams/payments").headers["ETag"]
    owner.send("PATCH", "/teams/payments", {"area": "Money"}, If_Match=seen)
    before = everything(session)

    answers = [
        owner.send("PATCH", "/teams/payments", {"area": "Cash"}, If_Match=seen),
        owner.send("DELETE", "/teams/payments", If_Match=seen),
        owner.send("PATCH", "/teams/payments", {"area": "Cash"}, If_Match='"made up"'),
        owner.send("PATCH", "/teams/payments", {"area": "Cash"}),
        owner.send("DELETE", "/teams/payments"),
    ]

    assert [answer.status_code for answer in answers] == [412, 412, 412, 428, 428]
    assert {answer.content_type for answer in answers} == {"application/problem+json"}
    assert everything(session) == before


def test_whoever_has_it_already_is_told_so(owner: Program) -> None:
    seen = owner.send("GET", "/teams/payments").headers["ETag"]

    again = owner.send("GET", "/teams/payments", If_None_Match=seen)

    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", seen)


def test_whatever_is_there_is_overwritten_only_by_a_star(owner: Program) -> None:
    answer = owner.send("PATCH", "/teams/payments", {"area": "Money"}, If_Match="*")

    assert (answer.status_code, answer.get_json()["area"]) == (200, "Money")


def test_every_problem_of_a_body_is_told_with_its_pointer(owner: Program) -> None:
    answer = owner.send("POST", "/teams", {"area": 3, "members": [{"decides": "yes"}], "colour": "red"})

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert {(one["pointer"], one["detail"].split(";")[0]) for one in answer.get_json()["errors"]} == {
        ("#/area", "is 3"),
        ("#/colour", "is not known here"),
        ("#/members/0/decides", "is “yes”"),
        ("#/members/0/person", "is missing"),
        ("#/name", "is missing"),
    }


def test_a_misspelt_filter_is_refused_and_does_not_show_everything(owner: Program) -> None:
    answer = owner.send("GET", "/dependencies?team=payments&horizn=x&limit=0&page=1&page=2")

    assert answer.status_code == 422
    assert {one["parameter"] for one in answer.get_json()["errors"]} == {"horizn", "limit", "page"}


def test_a_long_list_comes_in_pages_with_the_way_on(owner: Program) -> None:
    first = owner.send("GET", "/teams?limit=2")
    rest = owner.send("GET", "/teams?limit=2&page=2")

    assert [team["key"] for team in first.get_json()["items"]] == ["partner-api", "payments"]
    assert [team["key"] for team in rest.get_json()["items"]] == ["web-shop"]
    assert first.get_json()["total"] == 3
    assert first.headers["Link"] == (
        '</api/v1/teams?limit=2&page=1>; rel="first", </api/v1/teams?limit=2&page=2>; rel="next", '
        '</api/v1/teams?limit=2&page=2>; rel="last"'
    )
    assert 'rel="next"' not in rest.headers["Link"]


def test_lists_are_narrowed_as_on_the_pages(owner: Program, session: Session) -> None:
    goal = make_goal(session, ("payments", "partner-api"))
    make_place(session, name="Hull")
    make_horizon(session, name="Sprint 1")
    make_session(session, "payments", title="Planning")
    make_dependency(session, "payments", "partner-api", what="Token", goal=goal, horizon="Sprint 1")
    make_dependency(session, "web-shop", "partner-api", what="File")
    asked = {
        "/teams?q=pay": ["payments"],
        "/people?team=web-shop": ["otto-outsider"],
        "/goals?team=web-shop": [],
        "/team-sessions?team=payments&q=plan": ["planning"],
        "/dependencies?needs=payments": ["payments-partner-api-token"],
        "/dependencies?provider=partner-api&horizon=Sprint+1": ["payments-partner-api-token"],
        "/dependencies?state=agreed": [],
        "/dependencies?only=open&q=file": ["web-shop-partner-api-file"],
    }

    found = {address: [one["key"] for one in owner.read(address)["items"]] for address in asked}

    assert found == asked


def test_many_dependencies_are_one_change_with_their_new_teams(owner: Program) -> None:
    asks = [
        {"consumer": "payments", "provider": "Ledger", "what": "Account"},
        {"consumer": "Ledger", "provider": "web-shop", "what": "Orders"},
    ]

    answer = owner.send("POST", "/dependencies/many", {"dependencies": asks, "new_teams": ["Ledger"]})

    assert answer.status_code == 201, answer.text
    assert len(answer.get_json()["keys"]) == 2
    assert owner.read("/teams/ledger")["name"] == "Ledger"
    assert owner.send("POST", f"/history/{answer.headers['Planner-Change']}/undo").status_code == 204
    assert owner.send("GET", "/teams/ledger").status_code == 404


def test_a_reference_to_nothing_names_its_field(owner: Program) -> None:
    answer = owner.send("POST", "/teams", {"name": "Web", "place": "Nowhere", "members": [{"person": "no"}]})

    assert answer.status_code == 422
    assert answer.get_json()["errors"] == [
        {"detail": "there is no “Nowhere”", "pointer": "#/place"},
        {"detail": "there is no “no”", "pointer": "#/members"},
    ]


@pytest.mark.parametrize(
    ("kind", "body"), [("places", {"zone": "UTC"}), ("horizons", {})], ids=["place", "horizon"]
)
def test_what_was_renamed_meanwhile_is_neither_changed_nor_removed_under_its_old_name(
    owner: Program, kind: str, body: dict[str, object]
) -> None:
    seen = owner.send("POST", f"/{kind}", {"name": "Old", **body}).headers["ETag"]
    owner.send("PATCH", f"/{kind}/Old", {"name": "New"}, If_Match=seen)

    answers = [
        owner.send("DELETE", f"/{kind}/Old", If_Match=seen),
        owner.send("DELETE", f"/{kind}/Old", If_Match="*"),
        owner.send("PATCH", f"/{kind}/Old", {"name": "Newer"}, If_Match=seen),
    ]
    never = owner.send("DELETE", f"/{kind}/Never", If_Match="*")

    assert [answer.status_code for answer in answers] == [412] * 3
    assert "“Old” is called “New” now. Nothing was done." in answers[0].get_json()["detail"]
    assert never.status_code == 404
    assert owner.send("GET", f"/{kind}/New").status_code == 200
