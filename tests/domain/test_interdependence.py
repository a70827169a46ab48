from __future__ import annotations

import itertools

from planner.domain.interdependence import LargeLoop, PairKind, infer
from planner.domain.model import Dependency, DependencyId, DependencyKind, TeamId


def need(
    consumer: int, provider: int, *, kind: DependencyKind = DependencyKind.HAND_OVER, what: str = "a part"
) -> Dependency:
    return Dependency(
        id=DependencyId(100 * consumer + provider),
        key=f"{consumer}-{provider}",
        consumer_id=TeamId(consumer),
        provider_id=TeamId(provider),
        what=what,
        kind=kind,
    )


def kinds(found: object, letters: str = "ABCDEFGH") -> dict[str, PairKind]:
    numbers = {letter: TeamId(number) for number, letter in enumerate(letters)}
    pairs = itertools.combinations(letters, 2)
    between = found.between  # type: ignore[attr-defined]  # an Interdependencies, kept short
    named = {one + other: between(numbers[one], numbers[other]) for one, other in pairs}
    return {pair: kind for pair, kind in named.items() if kind is not PairKind.NONE}


def test_nothing_recorded_means_no_interdependence() -> None:
    found = infer([])

    assert kinds(found) == {}
    assert (found.rings, found.too_large) == ((), ())


def test_each_pair_has_the_kind_that_its_hand_overs_show() -> None:
    letters = ["AB", "BA", "CA", "DE", "EF", "FD", "FC"]
    hand_overs = [need("ABCDEFGH".index(a), "ABCDEFGH".index(b)) for a, b in map(tuple, letters)]
    shared = [need(team, 0, kind=DependencyKind.SHARED, what="Standard X") for team in (6, 7)]

    found = infer([*hand_overs, *shared])

    direct, ring = PairKind.RECIPROCAL_DIRECT, PairKind.RECIPROCAL_RING
    assert kinds(found) == {
        "AB": direct, "AC": PairKind.SEQUENTIAL, "CF": PairKind.SEQUENTIAL, "DE": ring, "EF": ring,
        "DF": ring, "AG": PairKind.POOLED, "AH": PairKind.POOLED, "GH": PairKind.POOLED,
    }  # fmt: skip
    assert found.ring_size(TeamId(3), TeamId(5)) == 3


def test_a_ring_of_ten_is_no_conversation_and_is_named_with_its_cheapest_cut() -> None:
    ring = [need(number, (number + 1) % 10) for number in range(10)]

    found = infer([*ring, need(1, 0)])

    assert found.rings == ()
    assert found.too_large == (LargeLoop(tuple(TeamId(n) for n in range(10)), ((TeamId(0), TeamId(1)),)),)
    assert found.between(TeamId(0), TeamId(1)) is PairKind.RECIPROCAL_DIRECT
    assert found.between(TeamId(1), TeamId(2)) is PairKind.SEQUENTIAL


def test_one_back_and_forth_counts_as_both_directions() -> None:
    one = need(1, 2, kind=DependencyKind.BACK_AND_FORTH)

    assert infer([one]).of(one) is PairKind.RECIPROCAL_DIRECT


def test_a_shared_thing_stays_pooled_between_teams_that_also_hand_over() -> None:
    shared = need(1, 2, kind=DependencyKind.SHARED, what="Test environment")

    found = infer([shared, need(1, 2)])

    assert found.of(shared) is PairKind.POOLED
    assert found.between(TeamId(2), TeamId(1)) is PairKind.SEQUENTIAL


def test_a_team_that_needs_something_from_itself_depends_on_nobody() -> None:
    own = need(1, 1)

    assert infer([own]).of(own) is PairKind.NONE


def test_a_ring_that_does_not_fit_one_conversation_is_named_too() -> None:
    ring = [need(1, 2), need(2, 3), need(3, 1)]

    found = infer(ring, fits=lambda hand_overs: len(hand_overs) < 3)

    assert found.rings == ()
    assert [loop.team_ids for loop in found.too_large] == [(1, 2, 3)]
