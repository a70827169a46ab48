from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from planner.domain.ballots import (
    Ballot,
    Ranks,
    Result,
    Vote,
    agreement,
    check_votes,
    most_divided_first,
    ranking_of,
    results,
)
from planner.domain.errors import InvalidInput
from planner.domain.perspectives import Viewpoint

NOW = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)


def ballot(papers: dict[str, dict[str, int]], *, opened: bool = True) -> Ballot:
    votes = {person: tuple(Vote(*said) for said in paper.items()) for person, paper in papers.items()}
    return Ballot(1, NOW if opened else None, votes)


def test_a_blind_ballot_says_nothing() -> None:
    blind = ballot({"p": {"a": 5}, "q": {"a": 1}}, opened=False)

    assert results(blind, ["a"]) == ()
    assert agreement(blind, ["a"]) is None


def test_an_opened_ballot_says_what_came_out_for_each_matter() -> None:
    votes = {
        "p": (Vote("a", 5, Viewpoint.STRATEGY, 3), Vote("b", 2)),
        "q": (Vote("a", 2, Viewpoint.WORK, 5),),
        "r": (Vote("a", 4), Vote("gone", 1)),
    }

    assert results(Ballot(1, NOW, votes), ["a", "b", "c"]) == (
        Result("a", 3, Fraction(4), Fraction(4), Fraction(3, 4), None, (2, 4, 5)),
        Result("b", 1, Fraction(2), None, None, None, (2,)),
        Result("c", 0, None, None, None, None, ()),
    )


def test_viewpoints_are_compared_from_three_each_on() -> None:
    votes = {
        f"{side.value}{number}": (Vote("a", score, side),)
        for side, scores in ((Viewpoint.STRATEGY, (5, 5, 4)), (Viewpoint.WORK, (2, 1, 2)))
        for number, score in enumerate(scores)
    }

    assert results(Ballot(1, NOW, votes), ["a"])[0].viewpoint_gap == 3


def test_others_may_read_what_five_have_voted_on() -> None:
    four = ballot({person: {"a": 3} for person in "pqrs"})
    five = ballot({person: {"a": 3} for person in "pqrst"})

    assert [results(one, ["a"])[0].is_public for one in (four, five)] == [False, True]


def test_agreement_counts_those_who_voted_on_everything() -> None:
    papers = {"p": {"a": 5, "b": 4, "c": 2, "d": 1}, "q": {"a": 4, "b": 5, "c": 2, "d": 1}}
    papers["r"] = {"a": 5, "b": 3, "c": 3, "d": 1}
    papers["s"] = {"a": 1}

    assert agreement(ballot(papers), list("abcd")) == Fraction(25, 29)
    assert agreement(ballot(papers), list("abcd"), at_least=4) is None


def test_what_is_important_and_divides_most_is_talked_about_first() -> None:
    papers = {"p": {"a": 1, "b": 5, "c": 5, "d": 4}, "q": {"a": 5, "b": 4, "c": 1, "d": 4}}

    # a and c are split to the ends, with importance 3 each; b differs a little; d not at all
    assert most_divided_first(results(ballot(papers), list("adbce"))) == ("a", "c", "b", "d", "e")


def test_the_ranking_is_importance_over_weeks_with_providers_first() -> None:
    votes = {"p": (Vote("api", 1, None, 2), Vote("checkout", 5, None, 1), Vote("logo", 2, None, 1))}
    known = {
        "api": Ranks(needed_by=date(2026, 3, 2)),
        "checkout": Ranks(frozenset({"api", "gone"})),
        "logo": Ranks(),
        "unvoted": Ranks(),
    }

    found = ranking_of(results(Ballot(1, NOW, votes), list(known)), known)

    # logo alone is worth 2 a week, as the closure of checkout is: the smaller one comes first
    assert (found.ids, found.cost, found.is_exact) == ((3, 1, 2, 4), 2 * 1 + 1 * 3 + 5 * 4, True)


@pytest.mark.parametrize(
    ("votes", "problem"),
    [
        ([], "votes: are empty; say for one thing at least how important it is"),
        ([Vote("z", 3)], "votes: name “z”, which is not on this agenda any more"),
        ([Vote("a", 0)], "votes: say 0; expected an importance from 1 to 5"),
        ([Vote("a", 6)], "votes: say 6; expected an importance from 1 to 5"),
        ([Vote("a", 3, None, 4)], "votes: say 4 weeks; expected one of 1, 2, 3, 5, 8, 13"),
        ([Vote("a", 3), Vote("a", 4)], "votes: name 1 of the matters twice; expected one vote for each"),
    ],
)
def test_a_paper_that_cannot_be_is_refused_with_what_is_wrong(votes: list[Vote], problem: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_votes(votes, {"a", "b"})

    assert str(refused.value) == problem


def test_a_paper_may_leave_things_out() -> None:
    assert check_votes([Vote("a", 3)], {"a", "b"}) == (Vote("a", 3),)
