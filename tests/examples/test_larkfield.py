"""The example organisation tells the story of the product at first glance."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise

from planner.domain.model import DependencyKind, DependencyState
from planner.domain.transfer import Draft
from planner.examples import larkfield
from planner.interchange.json import read_organisation, write_organisation

CHAIN = ("Stream ingest", "Live train positions", "Actual arrivals", "Delay evidence", "Refund status")


def the_example() -> Draft:
    return read_organisation(larkfield()).draft


def hand_overs(draft: Draft) -> set[tuple[str, str]]:
    """Return (provider, consumer) of everything that one team hands to another."""
    return {(d.provider, d.consumer) for d in draft.dependencies if d.kind is DependencyKind.HAND_OVER}


def test_the_example_is_written_as_an_export_is() -> None:
    assert write_organisation(the_example()) == larkfield()


def test_the_example_has_the_size_of_a_real_house() -> None:
    draft = the_example()

    sizes = {
        "teams": len(draft.teams),
        "areas": len({team.area for team in draft.teams}),
        "places": len(draft.places),
        "people": len(draft.people),
        "goals": len(draft.goals),
        "sprints": len(draft.horizons),
        "dependencies": len(draft.dependencies),
        "shared": sum(d.kind is DependencyKind.SHARED for d in draft.dependencies),
    }

    assert sizes == {"teams": 14, "areas": 4, "places": 2, "people": 14, "goals": 5, "sprints": 5,
                     "dependencies": 29, "shared": 2}  # fmt: skip


def test_each_person_decides_for_one_team() -> None:
    deciders = [member.person for team in the_example().teams for member in team.members if member.decides]

    assert sorted(deciders) == [person.key for person in the_example().people]


def test_every_team_sits_with_all_its_partners() -> None:
    draft = the_example()
    owner = {team.key: team.members[0].person for team in draft.teams}
    partners = {team: {team} for team in owner}
    for dependency in draft.dependencies:
        partners[dependency.consumer].add(dependency.provider)
        partners[dependency.provider].add(dependency.consumer)

    seats = Counter(person for session in draft.sessions for person in session.attendees)

    assert {s.host: set(s.attendees) for s in draft.sessions} == {
        team: {owner[partner] for partner in around} for team, around in partners.items()
    }
    assert (len(draft.sessions), seats.total(), max(seats.values())) == (14, 66, 6)


def test_two_way_pairs_and_a_loop_of_three_can_be_seen() -> None:
    given = hand_overs(the_example())

    assert {pair for pair in given if pair[::-1] in given and pair < pair[::-1]} == {
        ("crew-rostering", "timetable"),
        ("fares-and-pricing", "payments"),
        ("identity", "payments"),
    }
    loop = ("fares-and-pricing", "partner-api", "payments")
    assert set(zip(loop, (*loop[1:], loop[0]), strict=True)) <= given


def test_some_answers_are_open_and_some_promises_slip() -> None:
    draft = the_example()

    states = Counter(str(d.state) for d in draft.dependencies)
    agreed = [d for d in draft.dependencies if d.state is DependencyState.AGREED]
    late = {d.what for d in agreed if d.needed_by and d.promised_for and d.promised_for > d.needed_by}

    assert states == {"agreed": 23, "asked": 5, "countered": 1}
    assert late == {"Live train positions", "Points as tender", "Settled amounts"}


def test_a_chain_of_five_agreed_hand_overs_has_no_slack() -> None:
    draft = the_example()

    chain = [next(d for d in draft.dependencies if d.what == what) for what in CHAIN]

    assert {d.state for d in chain} == {DependencyState.AGREED}
    assert all(before.consumer == after.provider for before, after in pairwise(chain))
    assert [d.needed_by for d in chain] == sorted(d.needed_by or date.max for d in chain)
