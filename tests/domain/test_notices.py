"""Who is told what: the product owners concerned, in one sentence, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.model import (
    Dependency,
    DependencyId,
    DependencyState,
    GoalId,
    Horizon,
    HorizonId,
    Membership,
    Negotiation,
    Organisation,
    Person,
    PersonId,
    SharedGoal,
    Side,
    Team,
    TeamId,
)
from planner.domain.negotiation.acts import Act
from planner.domain.notice_words import SENTENCES
from planner.domain.notices import (
    TO_CONSUMER,
    TO_PROVIDER,
    USUAL,
    Notice,
    NoticeKind,
    due_notices,
    morning,
    notices_of,
)

PAYMENTS, API, SHOP, OPS = (TeamId(n) for n in (1, 2, 3, 4))
OLIVE, PAT, OTTO, MIA, NEVE = (PersonId(n) for n in (1, 2, 3, 4, 5))
GOAL, SPRINT = GoalId(1), HorizonId(1)
MARCH_2, MARCH_9, MARCH_16 = date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16)
S = DependencyState


def organisation(*dependencies: Dependency) -> Organisation:
    """Olive decides for Payments, Pat and Neve for Partner API, Otto for Web Shop; Mia only works there."""
    seats = ((OLIVE, PAYMENTS, True), (PAT, API, True), (NEVE, API, True), (OTTO, SHOP, True))
    return Organisation(
        people=tuple(Person(PersonId(n), f"p{n}", f"Person {n}") for n in range(1, 6)),
        teams=tuple(
            Team(team, f"t{team}", name)
            for team, name in ((PAYMENTS, "Payments"), (API, "Partner API"), (SHOP, "Web Shop"), (OPS, "Ops"))
        ),
        memberships=(*(Membership(*seat) for seat in seats), Membership(MIA, SHOP)),
        goals=(SharedGoal(GOAL, "refund", "Refund within a day"),),
        horizons=(Horizon(SPRINT, "Sprint 1"),),
        dependencies=dependencies,
    )


def needs(
    number: int, consumer: TeamId, provider: TeamId, what: str = "Settlement file", **more: object
) -> Dependency:
    dependency = Dependency(DependencyId(number), f"d{number}", consumer, provider, what, MARCH_2)
    return replace(dependency, **more)  # type: ignore[arg-type] # a test's own words


FILE = needs(1, PAYMENTS, API)
AGREED = replace(FILE, state=S.AGREED, promised_for=MARCH_2)


def told(
    before: Dependency | None,
    after: Dependency,
    act: Act | None,
    actor: PersonId | None,
    *others: Dependency,
) -> list[tuple[PersonId, NoticeKind, str]]:
    found = notices_of(organisation(after, *others), before, after, act, actor)
    assert {notice.dependency_id for notice in found} <= {after.id}
    return [(notice.person_id, notice.kind, notice.text) for notice in found]


def test_every_product_owner_who_is_asked_is_told() -> None:
    text = "Payments asks Partner API for “Settlement file” by 2 Mar 2026."

    assert told(None, FILE, None, OLIVE) == [(PAT, NoticeKind.ASKED, text), (NEVE, NoticeKind.ASKED, text)]


def test_who_asks_a_team_of_their_own_is_not_told_by_themselves() -> None:
    assert [person for person, _kind, _text in told(None, FILE, None, PAT)] == [NEVE]


def test_a_team_without_a_product_owner_hears_nothing() -> None:
    assert told(None, needs(1, PAYMENTS, OPS), None, OLIVE) == []


ANSWERS = [
    (
        Act.ACCEPT,
        AGREED,
        NoticeKind.ANSWERED,
        "Partner API promises “Settlement file” to Payments for 2 Mar 2026.",
    ),
    (
        Act.COUNTER,
        replace(
            FILE, state=S.COUNTERED, promised_for=MARCH_9, negotiation=Negotiation(proposed_what="Half of it")
        ),
        NoticeKind.ANSWERED,
        "Partner API answers “Settlement file” with another offer: 9 Mar 2026, “Half of it”.",
    ),
    (
        Act.COUNTER,
        replace(FILE, state=S.COUNTERED, negotiation=Negotiation(proposed_provider_id=SHOP)),
        NoticeKind.ANSWERED,
        "Partner API answers “Settlement file” with another offer: from Web Shop.",
    ),
    (
        Act.DECLINE,
        replace(FILE, state=S.DECLINED),
        NoticeKind.ANSWERED,
        "Partner API declines “Settlement file”.",
    ),
]


@pytest.mark.parametrize(("act", "after", "kind", "text"), ANSWERS)
def test_the_side_that_asked_hears_the_answer(
    act: Act, after: Dependency, kind: NoticeKind, text: str
) -> None:
    assert told(FILE, after, act, PAT) == [(OLIVE, kind, text)]


@pytest.mark.parametrize(
    ("act", "kind", "text"),
    [
        (
            Act.ACCEPT_COUNTER,
            NoticeKind.ANSWERED,
            "Payments takes the offer for “Settlement file”; it is promised for 2 Mar 2026.",
        ),
        (
            Act.ASK_AGAIN,
            NoticeKind.ASKED,
            "Payments asks Partner API again for “Settlement file” by 2 Mar 2026.",
        ),
        (
            Act.REWORD,
            NoticeKind.ASKED,
            "Payments changed what it asks Partner API for: “Settlement file” by 2 Mar 2026.",
        ),
        (Act.CONFIRM, NoticeKind.ANSWERED, "Payments confirms that “Settlement file” is there as agreed."),
        (Act.RETURN, NoticeKind.REOPENED, "Payments returns “Settlement file”: something is not met yet."),
        (Act.WITHDRAW, NoticeKind.ANSWERED, "Payments does not need “Settlement file” any more."),
        (Act.HEARD, NoticeKind.ANSWERED, "Payments says whether it was heard right about “Settlement file”."),
        (
            Act.REMIND,
            NoticeKind.REMINDED,
            "Payments reminds Partner API of “Settlement file”, which waits for an answer.",
        ),
    ],
)
def test_the_side_that_gives_hears_what_the_other_did(act: Act, kind: NoticeKind, text: str) -> None:
    assert told(AGREED, AGREED, act, OLIVE) == [(PAT, kind, text), (NEVE, kind, text)]


def proposed_by(side: Side) -> Dependency:
    return replace(AGREED, state=S.REOPENED, negotiation=Negotiation(proposed_by=side, proposed_for=MARCH_9))


@pytest.mark.parametrize(
    ("act", "before", "after", "people"),
    [
        (Act.REOPEN, AGREED, proposed_by(Side.PROVIDER), [OLIVE]),
        (Act.REOPEN, AGREED, proposed_by(Side.CONSUMER), [PAT, NEVE]),
        (Act.AGREE_CHANGE, proposed_by(Side.PROVIDER), AGREED, [PAT, NEVE]),
        (Act.AGREE_CHANGE, proposed_by(Side.CONSUMER), AGREED, [OLIVE]),
        (Act.REFUSE_CHANGE, proposed_by(Side.CONSUMER), AGREED, [OLIVE]),
        (Act.TAKE_BACK, proposed_by(Side.PROVIDER), AGREED, [OLIVE]),
        (Act.TAKE_BACK, proposed_by(Side.CONSUMER), AGREED, [PAT, NEVE]),
    ],
)
def test_of_a_change_hears_the_side_that_did_not_act(
    act: Act, before: Dependency, after: Dependency, people: list[PersonId]
) -> None:
    assert [person for person, _kind, _text in told(before, after, act, None)] == people


def test_a_message_goes_to_the_side_that_did_not_write_it() -> None:
    from_payments, from_api = told(FILE, FILE, Act.MESSAGE, OLIVE), told(FILE, FILE, Act.MESSAGE, PAT)

    assert [[person for person, *_rest in found] for found in (from_payments, from_api)] == [
        [PAT, NEVE],
        [OLIVE],
    ]


def test_where_another_team_is_asked_instead_both_teams_hear_it() -> None:
    elsewhere = replace(FILE, provider_id=SHOP)

    assert told(FILE, elsewhere, Act.REWORD, OLIVE) == [
        (PAT, NoticeKind.ANSWERED, "Payments asks Web Shop for “Settlement file” now."),
        (OTTO, NoticeKind.ASKED, "Payments asks Web Shop for “Settlement file” by 2 Mar 2026."),
        (NEVE, NoticeKind.ANSWERED, "Payments asks Web Shop for “Settlement file” now."),
    ]


DELIVERED = replace(AGREED, state=S.DELIVERED)


def test_the_only_thing_waited_for_is_there() -> None:
    assert told(AGREED, DELIVERED, Act.DELIVER, PAT) == [
        (OLIVE, NoticeKind.ALL_THERE, "“Settlement file” from Partner API is there.")
    ]


@pytest.mark.parametrize(
    ("group", "within"),
    [({"goal_id": GOAL}, " for “Refund within a day”"), ({"horizon_id": SPRINT}, " in Sprint 1")],
)
def test_one_notice_comes_when_the_last_one_does(group: dict[str, object], within: str) -> None:
    before, after = replace(AGREED, **group), replace(DELIVERED, **group)  # type: ignore[arg-type] # ids
    other = needs(2, PAYMENTS, SHOP, "Basket", **group)
    came, gone = replace(other, state=S.CONFIRMED), replace(other, state=S.WITHDRAWN)
    of_another_team = replace(other, id=DependencyId(3), consumer_id=OPS)

    for state in (S.ASKED, S.COUNTERED, S.AGREED, S.REOPENED):
        assert told(before, after, Act.DELIVER, PAT, replace(other, state=state)) == []
    text = f"All that Payments waited for{within} is there; “Settlement file” from Partner API came last."
    assert told(before, after, Act.DELIVER, PAT, came, of_another_team) == [
        (OLIVE, NoticeKind.ALL_THERE, text)
    ]
    alone = "“Settlement file” from Partner API is there."
    assert told(before, after, Act.DELIVER, PAT, gone) == [(OLIVE, NoticeKind.ALL_THERE, alone)]


def test_without_goal_and_horizon_nothing_belongs_together() -> None:
    assert told(AGREED, DELIVERED, Act.DELIVER, PAT, needs(2, PAYMENTS, SHOP, "Basket")) == [
        (OLIVE, NoticeKind.ALL_THERE, "“Settlement file” from Partner API is there.")
    ]


def chain() -> tuple[Dependency, Dependency, Dependency]:
    """Ops gives Partner API a key; Payments waits for its file until then, and Web Shop for the button."""
    return (
        needs(1, API, OPS, "Key", goal_id=GOAL, state=S.AGREED, promised_for=MARCH_2),
        needs(2, PAYMENTS, API, "File", goal_id=GOAL, needed_by=MARCH_9),
        needs(3, SHOP, PAYMENTS, "Button", goal_id=GOAL, needed_by=MARCH_16),
    )


def test_a_slip_is_told_to_all_who_wait_further_down() -> None:
    key, file, button = chain()
    reopened = replace(key, state=S.REOPENED, negotiation=Negotiation(proposed_by=Side.PROVIDER))
    later = replace(key, promised_for=MARCH_9)

    found = told(reopened, later, Act.AGREE_CHANGE, PAT, file, button)

    moved = "“Key” moves from 2 Mar 2026 to 9 Mar 2026."
    assert found == [
        (OLIVE, NoticeKind.SLIPPED, f"{moved} “File” waits for it."),
        (OTTO, NoticeKind.SLIPPED, f"{moved} “Button” waits for it."),
    ]


def test_a_first_promise_later_than_the_need_is_a_slip_for_those_further_down() -> None:
    key, file, _button = chain()
    offered = replace(key, state=S.COUNTERED, promised_for=MARCH_16)

    found = told(offered, replace(key, promised_for=MARCH_16), Act.ACCEPT_COUNTER, PAT, file)

    assert found == [
        (OLIVE, NoticeKind.SLIPPED, "“Key” moves from 2 Mar 2026 to 16 Mar 2026. “File” waits for it.")
    ]


def test_several_things_that_wait_are_one_notice() -> None:
    key, file, _button = chain()
    second, third = (replace(file, id=DependencyId(n), what=f"File {n}") for n in (5, 6))

    found = told(key, replace(key, promised_for=MARCH_9), None, PAT, file, second, third)

    assert found == [
        (
            OLIVE,
            NoticeKind.SLIPPED,
            "“Key” moves from 2 Mar 2026 to 9 Mar 2026. “File” and 2 more wait for it.",
        )
    ]


@pytest.mark.parametrize(
    "after",
    [
        {"promised_for": date(2026, 3, 1)},
        {"promised_for": MARCH_2},
        {"promised_for": None},
        {"state": S.WITHDRAWN, "promised_for": MARCH_9},
        {"state": S.REOPENED},
    ],
)
def test_what_does_not_move_later_is_no_slip(after: dict[str, object]) -> None:
    key, file, button = chain()

    assert told(key, replace(key, **after), None, None, file, button) == []  # type: ignore[arg-type] # a test's own


def test_what_has_come_or_is_given_up_does_not_wait() -> None:
    key, file, _button = chain()

    for state in (S.DELIVERED, S.CONFIRMED, S.DECLINED, S.WITHDRAWN):
        gone = replace(file, state=state)
        assert told(key, replace(key, promised_for=MARCH_9), None, None, gone) == []


def test_a_slip_without_a_goal_has_nobody_further_down() -> None:
    key, file, _button = (replace(d, goal_id=None) for d in chain())

    assert told(key, replace(key, promised_for=MARCH_9), None, None, file) == []


@pytest.mark.parametrize("state", list(S))
def test_tomorrow_is_told_to_who_has_something_to_give(state: DependencyState) -> None:
    due = replace(AGREED, state=state)

    found = due_notices(organisation(due), {PAT: MARCH_2, OLIVE: MARCH_2, NEVE: MARCH_9})

    text = "“Settlement file” for Payments is due tomorrow, 2 Mar 2026."
    expected = (Notice(PAT, NoticeKind.DUE_TOMORROW, FILE.id, text),)
    assert found == (expected if state in {S.ASKED, S.AGREED, S.REOPENED} else ())


def test_a_promise_counts_more_than_the_need() -> None:
    promised = replace(AGREED, promised_for=MARCH_9)

    assert due_notices(organisation(promised), {PAT: MARCH_2}) == ()
    assert len(due_notices(organisation(promised), {PAT: MARCH_9})) == 1


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        ("UTC", "2026-02-02T07:00", "2026-02-02T07:00+00:00"),
        ("UTC", "2026-02-02T06:59", "2026-02-01T07:00+00:00"),
        ("America/Los_Angeles", "2026-02-02T15:00", "2026-02-02T07:00-08:00"),
        ("America/Los_Angeles", "2026-02-02T14:59", "2026-02-01T07:00-08:00"),
        ("Asia/Kolkata", "2026-02-02T01:30", "2026-02-02T07:00+05:30"),
        (
            "Europe/Berlin",
            "2026-03-29T05:00",
            "2026-03-29T07:00+02:00",
        ),  # an hour earlier than the day before
        ("Europe/Berlin", "2026-03-29T04:59", "2026-03-28T07:00+01:00"),
        ("Europe/Berlin", "2026-10-25T06:00", "2026-10-25T07:00+01:00"),
    ],
)
def test_the_morning_is_at_seven_where_the_person_is(zone: str, now: str, expected: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert morning(zone, moment).isoformat(timespec="minutes") == expected


def test_every_act_has_its_sentence_and_its_side() -> None:
    of_either_side = {Act.MESSAGE, Act.REOPEN, Act.AGREE_CHANGE, Act.REFUSE_CHANGE, Act.TAKE_BACK}

    assert set(SENTENCES) == set(Act) - {Act.DELIVER}
    assert TO_CONSUMER | TO_PROVIDER | of_either_side == set(Act) - {Act.DELIVER}
    assert set(USUAL) == set(NoticeKind)


TEAMS = st.sampled_from([PAYMENTS, API, SHOP, OPS])
DAYS = st.one_of(st.none(), st.dates(MARCH_2, MARCH_16))


@st.composite
def dependencies(draw: st.DrawFn, number: int = 1) -> Dependency:
    consumer = draw(TEAMS)
    return needs(
        number,
        consumer,
        draw(TEAMS.filter(lambda team: team != consumer)),
        draw(st.sampled_from(["File", "{what} {0}", "<b>“x”</b>"])),
        state=draw(st.sampled_from(S)),
        needed_by=draw(DAYS),
        promised_for=draw(DAYS),
        goal_id=draw(st.sampled_from([None, GOAL])),
        horizon_id=draw(st.sampled_from([None, SPRINT])),
        negotiation=Negotiation(proposed_by=draw(st.sampled_from([None, *Side])), proposed_for=draw(DAYS)),
    )


@given(
    before=st.one_of(st.none(), dependencies()),
    after=dependencies(),
    others=st.lists(st.integers(2, 9), unique=True).flatmap(lambda ids: st.tuples(*map(dependencies, ids))),
    act=st.one_of(st.none(), st.sampled_from(Act)),
    actor=st.sampled_from([None, OLIVE, PAT, OTTO, MIA]),
)
def test_nobody_is_told_who_acted_decides_for_no_team_or_has_heard_it(
    before: Dependency | None,
    after: Dependency,
    others: tuple[Dependency, ...],
    act: Act | None,
    actor: PersonId | None,
) -> None:
    found = notices_of(organisation(after, *others), before, after, act, actor)

    people = [notice.person_id for notice in found]
    assert people == sorted(set(people))
    assert set(people) <= {OLIVE, PAT, NEVE, OTTO} - {actor}
    assert all(notice.text.endswith(".") and "\n" not in notice.text for notice in found)
