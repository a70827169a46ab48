"""A plan adjusted by hand: its words, its next versions, the way back, and who was faster."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from planner.domain.agreement import Stance
from planner.domain.conditions import Wish
from planner.domain.consolidation.model import Slot
from planner.domain.errors import InvalidInput, NotFound, NotNow, StaleVersion
from planner.domain.proposed_plan import News
from planner.domain.transfer import MemberDraft, PersonDraft, TeamDraft
from planner.services import agreements
from planner.services.changes import recorded
from planner.services.consolidation.adjusting import (
    MOST,
    Adjusted,
    adjust,
    base_of_proposal,
    by_hand,
    conditions_of,
    lines,
    menu,
)
from planner.services.consolidation.proposals import read_news, read_proposal
from planner.services.consolidation.proposing import restore_version, share_plan
from planner.services.consolidation.suggestions import SuggestionRequest, answer
from planner.services.consolidation.versions import compare_versions, read_versions
from planner.services.organisation import read_organisation
from planner.services.people import record_person
from planner.services.teams import change_team
from planner.storage.models import ProposalRow
from tests.factories import MONDAY, OPERATOR, make_actor, make_cast, make_dependency, make_session

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor
    from planner.services.consolidation.suggestions import Answer

TODAY = MONDAY.date()
FILE, RULE = "payments-partner-api-settlement-file", "payments-partner-api-refund-rule"


@pytest.fixture
def town(session: Session) -> Session:
    """Payments and Web Shop each need something from Partner API, which holds a queue with Payments."""
    cast = make_cast(session)
    make_dependency(session, cast.team, cast.partner_team, what="Settlement file")
    make_dependency(session, cast.team, cast.partner_team, what="Refund rule")
    make_session(session, cast.partner_team, title="Partner API queue", attendees=(cast.partner, cast.owner))
    return session


def when(slot: Slot) -> str:
    return f"{slot.day:%d %b} {slot.minute // 60}:{slot.minute % 60:02}"


def best(session: Session) -> Answer:
    return answer(session, read_organisation(session), SuggestionRequest(), TODAY)


def olive(session: Session) -> Actor:
    return replace(make_actor(session, "olive-owner"), at=MONDAY)


def share(session: Session, adjusted: Adjusted, *, seen: int | None = None) -> int:
    number, _ = share_plan(
        session,
        olive(session),
        answer=adjusted.answer,
        shown=adjusted.mark,
        key=None,
        by_hand=by_hand(adjusted),
        seen=seen,
    )
    return number


def whats(adjusted: Adjusted) -> list[list[str]]:
    """What is talked about in each session."""
    what = {one.id: one.what for one in adjusted.base.question.organisation.dependencies}
    return [[what[item.dependency_id] for item in one.agenda] for one in adjusted.answer.suggestion.sessions]


def test_adjustments_are_words_that_are_read_again_and_told_with_their_price(town: Session) -> None:
    found = adjust(best(town), [f"write:{RULE}", "pin:gone", f"pin:{FILE}", f"drop:{FILE}"])

    assert whats(found) == [["Settlement file"]]
    assert [(one.sentence, one.price, one.problem) for one in lines(found, when)] == [
        (
            "Settle “Refund rule” in writing",
            "16 person-minutes less, Olive Owner and Pat Partner sit shorter",
            "",
        ),
        (
            "An adjustment that cannot be read",
            "",
            "What it was about is not recorded any more, or the address was cut off.",
        ),
        ("Pin the session with “Settlement file”", "Costs nothing", ""),
        (
            "Drop the session with “Settlement file” and settle all of it in writing",
            "",
            "The session with “Settlement file” is pinned.",
        ),
    ]
    assert found.words == (f"write:{RULE}", f"pin:{FILE}")
    assert next(one.others for one in lines(found, when)) == ("pin:gone", f"pin:{FILE}", f"drop:{FILE}")


HOSTILE = (
    "",
    "pin",
    "pin:a:b",
    "again:x",
    f"time:{FILE}:2026-02-31:600",
    f"time:{FILE}:2026-02-03:9999",
    f"time:{FILE}:2026-02-03:²",
    "move:%00",
    f"leave-out:{FILE}:nobody",
    "x" * 5000,
)


@pytest.mark.parametrize("word", HOSTILE)
def test_words_that_say_nothing_are_said_to_and_change_nothing(town: Session, word: str) -> None:
    found = adjust(best(town), [word])

    assert (found.words, found.answer) == ((), best(town))


def test_more_adjustments_than_anybody_makes_are_refused(town: Session) -> None:
    with pytest.raises(InvalidInput, match="41 adjustments"):
        adjust(best(town), ["pin:x"] * (MOST + 1))


def test_who_is_left_out_is_spoken_for_by_another_of_the_team(town: Session) -> None:
    record_person(town, OPERATOR, PersonDraft("", "Zoe Second"))
    both = tuple(MemberDraft(key, decides=True) for key in ("olive-owner", "zoe-second"))
    change_team(town, OPERATOR, "payments", TeamDraft("", "Payments", members=both), version=None)

    found = adjust(best(town), [f"leave-out:{FILE}:olive-owner"])

    seats = found.answer.suggestion.sessions[0].seats
    assert sorted(seat.name for seat in seats) == ["Pat Partner", "Zoe Second"]
    assert all(seat.team_ids for seat in seats)


def test_who_speaks_in_their_place_has_to_have_time(town: Session) -> None:
    record_person(town, OPERATOR, PersonDraft("", "Zoe Second"))
    both = tuple(MemberDraft(key, decides=True) for key in ("olive-owner", "zoe-second"))
    change_team(town, OPERATOR, "payments", TeamDraft("", "Payments", members=both), version=None)
    found = best(town)
    zoe = next(one.id for one in found.question.organisation.people if one.key == "zoe-second")
    away = replace(found, question=replace(found.question, away={zoe: ((0, 10**9),)}))

    adjusted = adjust(away, [f"leave-out:{FILE}:olive-owner"])

    assert [(one.word, one.price) for one in adjusted.steps] == [(f"leave-out:{FILE}:olive-owner", None)]
    assert "have no such" in lines(adjusted, when)[0].problem


def test_a_menu_says_what_each_choice_costs_and_which_rule_forbids_it(town: Session) -> None:
    found = menu(adjust(best(town), []), session=FILE, when=when)

    assert found is not None
    told = {row.label: row.price for _, rows in found.groups for row in rows}
    assert (told["Pin it as it is"], told["Split it in two"].partition(",")[0]) == (
        "Costs nothing",
        "1 to 2 sessions",
    )
    assert menu(adjust(best(town), []), when=when) is None
    with pytest.raises(NotFound):
        menu(adjust(best(town), []), item="gone", when=when)


def test_a_proposal_carries_its_adjustments_and_the_next_version_begins_with_them(town: Session) -> None:
    first = share(town, adjust(best(town), [f"write:{RULE}"]))

    proposal = read_proposal(town, read_organisation(town), first, TODAY)
    again = adjust(base_of_proposal(town, best(town), first), proposal.adjustments)
    without = adjust(base_of_proposal(town, best(town), first), ())

    assert proposal.adjustments == (f"write:{RULE}",)
    assert (whats(again), whats(without)) == ([["Settlement file"]], [["Settlement file", "Refund rule"]])
    assert read_news(town, read_organisation(town), first, TODAY) == News()


def test_of_two_who_adjust_the_same_version_the_second_is_told(town: Session) -> None:
    first = share(town, adjust(best(town), []))
    base = base_of_proposal(town, best(town), first)

    second = share(town, adjust(base, [f"write:{RULE}"]), seen=1)

    with pytest.raises(StaleVersion, match="another version"):
        share(town, adjust(base, [f"split:{FILE}"]), seen=1)
    rows = [town.get_one(ProposalRow, number) for number in (first, second)]
    assert [(row.number, row.state) for row in rows] == [(1, "revised"), (2, "shared")]


def test_versions_tell_who_said_what_and_what_changes_for_whom(town: Session) -> None:
    first = share(town, adjust(best(town), []))
    pat = replace(make_actor(town, "pat-partner"), at=MONDAY)
    agreements.answer_proposal(
        town, pat, first, stance=Stance.FINE_IF, words="shorter", version=None, key=None
    )
    share(town, adjust(base_of_proposal(town, best(town), first), [f"split:{FILE}"]), seen=1)
    organisation = read_organisation(town)

    versions = read_versions(town, organisation, first, TODAY, when)
    found = compare_versions(town, organisation, versions, before=1, after=2)

    assert [(one.number, one.state.value, one.adjustments) for one in versions] == [
        (2, "shared", ("Split the session with “Settlement file”",)),
        (1, "revised", ()),
    ]
    assert [(one.name, one.stance, one.words) for one in versions[1].said] == [
        ("Pat Partner", Stance.FINE_IF, "shorter")
    ]
    assert found.people == (
        "Olive Owner sits in 2 sessions, in 1 before",
        "Pat Partner sits in 2 sessions, in 1 before",
    )
    assert len(found.sentences) == 2
    with pytest.raises(NotFound):
        compare_versions(town, organisation, versions, before=3, after=2)


def test_an_earlier_version_is_restored_as_a_new_one(town: Session) -> None:
    first = share(town, adjust(best(town), [f"write:{RULE}"]))
    share(town, adjust(base_of_proposal(town, best(town), first), []), seen=1)
    later = replace(olive(town), at=MONDAY + timedelta(days=1))

    third, change = restore_version(town, later, first, seen=2, key="form")
    again, _ = restore_version(town, later, first, seen=2, key="form")

    row, old = town.get_one(ProposalRow, third), town.get_one(ProposalRow, first)
    assert (again, change.summary) == (third, "Restored version 1 of the plan as version 3")
    assert (row.number, row.state, row.plan, row.adjustments) == (3, "shared", old.plan, [f"write:{RULE}"])
    with pytest.raises(NotNow, match="Version 3 is this plan"):
        restore_version(town, later, first, seen=3, key=None)
    with pytest.raises(StaleVersion):
        restore_version(town, later, first, seen=2, key=None)
    with pytest.raises(NotFound):
        restore_version(town, later, 99, seen=2, key=None)


def test_a_condition_stands_beside_what_would_meet_it(town: Session) -> None:
    first = share(town, adjust(best(town), []))
    pat = replace(make_actor(town, "pat-partner"), at=MONDAY)
    answer_with(town, pat, first, Wish.ONLY_FOR, about=RULE)
    proposal = read_proposal(town, read_organisation(town), first, TODAY)
    adjusted = adjust(best(town), [])
    asked = conditions_of(proposal)

    def met(item: str) -> list[str]:
        found = menu(adjusted, item=item, when=when, conditions=asked)
        assert found is not None
        return [row.label for _, rows in found.groups for row in rows if row.meets]

    assert (met(RULE), met(FILE)) == (["Pat Partner comes for this alone"], [])
    assert [one.told for one in asked] == ["only for one item"]


def answer_with(
    session: Session, actor: Actor, number: int, wish: Wish, *, words: str = "", about: str = ""
) -> None:
    agreements.answer_proposal(
        session,
        actor,
        number,
        stance=Stance.FINE_IF,
        words=words,
        wish=wish,
        about=about,
        version=None,
        key=None,
    )


def test_a_wish_needs_no_words_unless_it_says_nothing_itself(town: Session) -> None:
    first = share(town, adjust(best(town), []))
    pat = replace(make_actor(town, "pat-partner"), at=MONDAY)

    with pytest.raises(InvalidInput, match="words"):
        answer_with(town, pat, first, Wish.SOMETHING_ELSE)
    with pytest.raises(InvalidInput, match="about"):
        answer_with(town, pat, first, Wish.ONLY_FOR, about="nothing-of-this-plan")
    answer_with(town, pat, first, Wish.SHORTER, words="an hour  is too long ", about=RULE)

    (pats,) = [
        one
        for one in read_proposal(town, read_organisation(town), first, TODAY).voices
        if one.person.key == "pat-partner"
    ]
    assert (pats.stance, pats.wish, pats.about, pats.words) == (
        Stance.FINE_IF,
        Wish.SHORTER,
        None,
        "an hour is too long",
    )


def test_only_a_condition_keeps_a_wish(town: Session) -> None:
    first = share(town, adjust(best(town), []))
    pat = replace(make_actor(town, "pat-partner"), at=MONDAY)

    agreements.answer_proposal(
        town, pat, first, stance=Stance.FINE, words="", wish=Wish.SHORTER, version=None, key=None
    )

    voices = read_proposal(town, read_organisation(town), first, TODAY).voices
    assert {one.wish for one in voices} == {None}


def test_a_plan_that_nobody_has_adjusted_needs_no_word_about_it(session: Session) -> None:
    plain = ProposalRow(
        question="q", number=1, words={}, plan={"sessions": []}, facts={}, figures={}, host_teams=[],
        replaces=[], cadence_days=14, state="shared", shared_by="Olive Owner", shared_at=MONDAY,
    )  # fmt: skip

    with recorded(session, OPERATOR, "proposal:shared", "Shared by another program"):
        session.add(plain)

    assert (plain.adjustments, plain.base) == ([], None)
