"""The table of rights, line by line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from planner.domain.errors import NotAllowed
from planner.domain.model import PersonId, TeamId
from planner.services.actor import Actor
from planner.services.permissions import Right, may, require

MONDAY = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)
OURS, PARTNERS = TeamId(1), TeamId(2)
OWNER = Actor(MONDAY, "Olive", PersonId(1), frozenset({OURS}), frozenset({OURS}))
MEMBER = Actor(MONDAY, "Mia", PersonId(2), frozenset({OURS}))
OUTSIDER = Actor(MONDAY, "Otto", PersonId(3))
OPERATOR = Actor(MONDAY)

EVERYBODY = (True, True, True, True)
MEMBERS = (True, True, False, True)
DECIDERS = (True, False, False, True)


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        (Right.RECORD, EVERYBODY),
        (Right.ARRANGE, EVERYBODY),
        (Right.REMOVE_EVERYTHING, DECIDERS),
        (Right.MANAGE, DECIDERS),
        (Right.CHANGE_TEAM, MEMBERS),
        (Right.CHANGE_GOAL, MEMBERS),
        (Right.CHANGE_SESSION, MEMBERS),
        (Right.CHANGE_DEPENDENCY, MEMBERS),
        (Right.REWORD, MEMBERS),
        (Right.FEED, MEMBERS),
        (Right.PROPOSE, EVERYBODY),
        (Right.ANSWER_AS_PROVIDER, DECIDERS),
        (Right.ANSWER_AS_CONSUMER, DECIDERS),
    ],
)
def test_who_may_do_what_over_our_team(right: Right, expected: tuple[bool, ...]) -> None:
    found = tuple(may(actor, right, [OURS]) for actor in (OWNER, MEMBER, OUTSIDER, OPERATOR))

    assert found == expected


@pytest.mark.parametrize(
    "right",
    [
        Right.CHANGE_PERSON,
        Right.UNDO,
        Right.ANSWER_PROPOSAL,
        Right.ADOPT_PROPOSAL,
        Right.WITHDRAW_PROPOSAL,
        Right.LEAD_SESSION,
        Right.RUN_MEETING,
        Right.TAKE_PART,
        Right.VOTE,
        Right.LEAD_ITEM,
    ],
)
def test_only_oneself(right: Right) -> None:
    found = tuple(may(actor, right, [PersonId(2)]) for actor in (OWNER, MEMBER, OUTSIDER, OPERATOR))

    assert found == (False, True, False, True)


ADMINISTRATOR = Actor(MONDAY, "Ada", PersonId(4), administers=True)


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        (Right.ADMINISTER, (False, False, False, True, True)),
        (Right.INVITE, (True, True, False, True, True)),
        (Right.MANAGE, (True, False, False, True, True)),
        (Right.CHANGE_PERSON, (False, False, False, True, True)),
        (Right.CHANGE_TEAM, (True, True, False, True, False)),
        (Right.CHANGE_DEPENDENCY, (True, True, False, True, False)),
        (Right.ANSWER_AS_PROVIDER, (True, False, False, True, False)),
        (Right.ANSWER_AS_CONSUMER, (True, False, False, True, False)),
        (Right.REMOVE_EVERYTHING, (True, False, False, True, False)),
        (Right.UNDO, (False, False, False, True, False)),
    ],
)
def test_what_an_administrator_may(right: Right, expected: tuple[bool, ...]) -> None:
    everybody = (OWNER, MEMBER, OUTSIDER, OPERATOR, ADMINISTRATOR)
    over = [PersonId(9)] if right in {Right.CHANGE_PERSON, Right.UNDO} else [OURS]

    assert tuple(may(actor, right, over) for actor in everybody) == expected


def test_every_right_has_a_line_here() -> None:
    listed = {
        Right.RECORD,
        Right.ARRANGE,
        Right.REMOVE_EVERYTHING,
        Right.MANAGE,
        Right.CHANGE_TEAM,
        Right.CHANGE_GOAL,
        Right.CHANGE_SESSION,
        Right.CHANGE_DEPENDENCY,
        Right.ANSWER_AS_PROVIDER,
        Right.ANSWER_AS_CONSUMER,
        Right.CHANGE_PERSON,
        Right.REWORD,
        Right.UNDO,
        Right.INVITE,
        Right.ADMINISTER,
        Right.PROPOSE,
        Right.ANSWER_PROPOSAL,
        Right.ADOPT_PROPOSAL,
        Right.WITHDRAW_PROPOSAL,
        Right.LEAD_SESSION,
        Right.RUN_MEETING,
        Right.TAKE_PART,
        Right.VOTE,
        Right.LEAD_ITEM,
        Right.FEED,
    }

    assert set(Right) == listed


def test_one_of_two_teams_is_enough() -> None:
    assert may(MEMBER, Right.CHANGE_DEPENDENCY, [PARTNERS, OURS])


def test_a_team_without_people_is_open_to_all() -> None:
    assert may(OUTSIDER, Right.CHANGE_TEAM, [])
    assert not may(OUTSIDER, Right.ANSWER_AS_PROVIDER, [])


def test_a_refusal_says_whom_to_ask() -> None:
    with pytest.raises(NotAllowed) as refused:
        require(OUTSIDER, Right.CHANGE_TEAM, [OURS])

    assert str(refused.value) == "Only people in this team can change it. Ask one of them."
