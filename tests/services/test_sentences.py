"""From typed lines to rows that can be checked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.model import Organisation, Team, TeamId
from planner.services.actor import Actor
from planner.services.organisation import read_organisation
from planner.services.sentences import check_again, check_lines, drafts_of
from planner.web.views.asking import EXAMPLE
from tests.factories import MONDAY, make_actor, make_cast, make_dependency

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TODAY = MONDAY.date()


def test_each_line_says_how_it_stands(session: Session) -> None:
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, what="Settlement file")
    owner = make_actor(session, cast.owner)
    lines = """Settlement file from Partner API
Tax table from Partner API by 2 Mar
tax table from Partner API
Badges from Print Shop
Vouchers from Partnr API"""

    rows = check_lines(read_organisation(session), owner, lines, TODAY)

    assert [row.sign for row in rows] == [
        ("≈", "like #1"),
        ("✓", "new"),
        ("≈", "like line 2"),
        ("+", "adds a team"),
        ("?", "to check"),
    ]


def test_a_corrected_row_is_ready_and_becomes_a_draft(session: Session) -> None:
    cast = make_cast(session)
    organisation, owner = read_organisation(session), make_actor(session, cast.owner)
    (row,) = check_lines(organisation, owner, "Vouchers from Partnr API by 2 Mar", TODAY)
    assert row.provider_candidates == (cast.partner_team,)

    corrected = [replace(row, provider=cast.partner_team)]
    (checked,) = check_again(organisation, owner, corrected, TODAY)
    drafts, new_teams = drafts_of(organisation, owner, [checked], TODAY)

    assert (checked.problems, new_teams) == ((), [])
    assert [(d.consumer, d.provider, d.what, str(d.needed_by)) for d in drafts] == [
        (cast.team, cast.partner_team, "Vouchers", "2026-03-02")
    ]


def test_a_line_of_which_nothing_is_understood_stands_as_it_came(session: Session) -> None:
    cast = make_cast(session)

    (row,) = check_lines(read_organisation(session), make_actor(session, cast.owner), "gibberish", TODAY)

    assert (row.what, row.consumer, row.provider, bool(row.problems)) == ("gibberish", "", "", True)


def test_the_lines_shown_to_a_new_organisation_need_no_look() -> None:
    billing = Team(TeamId(1), "billing", "Billing")
    owner = Actor(at=MONDAY, name="Olive Owner", decides_for=frozenset({billing.id}))

    rows = check_lines(Organisation(teams=(billing,)), owner, EXAMPLE, TODAY)

    assert [row.sign for row in rows] == [("+", "adds a team")] * 4
