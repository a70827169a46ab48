"""From seven team sessions to two shared ones, with seven product owners signed in side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from planner.services.exchange import store_draft
from planner.services.work import sending
from planner.storage.db import db
from tests.browser.conftest import serve
from tests.conftest import MONDAY
from tests.factories import OPERATOR
from tests.support.calendars import events_of
from tests.support.mail_server import mail_server
from tests.support.seven import OWNERS, seven_teams

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browser.visit import Site, Visit
    from tests.support.mail_server import Inbox

pytestmark = pytest.mark.slow

ADA, BEN, CLEO, DOV, EVA, FINN, GIA = (key for key, _name in OWNERS.values())
MORNING = MONDAY.replace(day=3, hour=9)
AGENDA = ("Account status", "Invoice numbers", "Customer groups", "Delivery times")
STANDING = {
    "Account status": "Accounts promised it for Mon 2 Mar.",
    "Invoice numbers": "Billing promised it for Mon 9 Mar, 5 working days after it is needed.",
    "Customer groups": "Catalogue asked on Mon 2 Feb; Accounts has not answered.",
}
"""What the pages of the dependencies say after the first session: decided twice, parked."""
PREPARE, ROOM, MINUTES = (f"/sessions/shared/1/{page}" for page in ("prepare", "live", "minutes"))
PLAN = "/sessions/proposals"
FIRST, SECOND = "Accounts, Billing and 2 more", "Entry portal, Delivery and 2 more"


@dataclass
class Town:
    """Seven people with a window each, the installation they share, and the mail that reaches them."""

    site: Site
    inbox: Inbox
    windows: dict[str, Visit]
    wall: Visit

    def open(self, who: str, path: str) -> Page:
        return self.windows[who].open(path)

    def page(self, who: str) -> Page:
        return self.windows[who].page

    def at(self, moment: datetime) -> None:
        """Set the clock of the installation."""
        planner = self.site.app.extensions["planner"]
        settings = replace(planner.settings, clock=lambda: moment)
        self.site.app.extensions["planner"] = replace(planner, settings=settings)

    def deliver(self) -> None:
        """Hand over the mails that are due, as a worker does."""
        settings = self.site.app.extensions["planner"].settings
        send = sending.mail_by(settings)
        with self.site.app.app_context():
            while sending.send_next_mail(db.session(), send, settings.clock):
                pass
            db.session.remove()


@pytest.fixture
def town(sqlite_template: Path, tmp_path: Path, visit: Callable[..., Visit]) -> Iterator[Town]:
    """The seven teams, nothing agreed yet, and everybody signed in."""
    with mail_server() as inbox, serve(sqlite_template, tmp_path, smtp=inbox.address) as site:
        with site.app.app_context():
            store_draft(db.session(), OPERATOR, seven_teams(), tag="test:loaded", summary="Loaded")
            db.session.remove()
        windows = {key: visit(site, key) for key, _name in OWNERS.values()}
        wall = visit(site)
        yield Town(site, inbox, windows, wall)
        for window in (*windows.values(), wall):
            window.leave()


def part(page: Page, heading: str) -> Locator:
    """The section of a page that has this heading."""
    return page.locator("section", has=page.get_by_role("heading", name=heading, exact=True))


def test_seven_team_sessions_become_two_shared_ones(town: Town) -> None:
    a_plan_is_suggested_and_proposed(town)
    a_condition_is_met_by_a_new_version(town)
    an_objection_is_withdrawn(town)
    it_is_adopted_and_everybody_is_invited(town)
    everybody_says_whether_they_come(town)
    votes_are_blind_until_all_are_in(town)
    the_session_is_run(town)
    the_minutes_are_shared_and_agreed_by_silence(town)
    a_promise_is_made_and_kept(town)
    the_other_session_is_run(town)
    the_trial_is_kept_by_consent(town)
    an_old_session_can_be_restored(town)

    assert town.open(GIA, "/sessions").get_by_role("link", name="Paused").count() == 6


def a_plan_is_suggested_and_proposed(town: Town) -> None:
    page = town.open(ADA, "/sessions/suggestion")
    expect(page.get_by_role("heading", level=1)).to_have_text("2 shared sessions instead of 7")
    expect(part(page, "For you")).to_contain_text("6 today, 1 suggested")

    page.get_by_role("button", name="Propose this plan to everybody").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("A plan of 2 shared sessions")
    assert town.windows[ADA].path == f"{PLAN}/1"


def a_condition_is_met_by_a_new_version(town: Town) -> None:
    for who in (ADA, CLEO, DOV, EVA, FINN, GIA):
        answer(town.open(who, f"{PLAN}/1"), "Fine")
    ben = town.open(BEN, f"{PLAN}/1")
    ben.get_by_label("It would be fine with").select_option("shorter")
    answer(ben, "Fine if…", "the price list is settled in writing")
    assert missing(town.page(BEN)) == ["The condition of Ben Brook is open."]

    page = town.open(ADA, f"{PLAN}/1")
    page.get_by_role("link", name="Adjust it").click()
    asked = part(page, "What people ask for")
    expect(asked).to_contain_text("Ben Brook: “shorter: the price list is settled in writing”")
    page.get_by_role("link", name="Adjust Price list", exact=True).click()
    offer = page.locator(".offers li", has_text="Settle it in writing")
    expect(offer).to_contain_text(
        "30 person-minutes less, Ada Amsel, Ben Brook and Cleo Castro sit shorter"
        " ↔ Ben Brook asks: “shorter: the price list is settled in writing”"
    )
    offer.get_by_role("link").click()
    page.get_by_role("button", name="Share as version 2").click()

    expect(page.locator("h1 + p")).to_contain_text("Version 2, shared by Ada Amsel on Mon 2 Feb.")
    expect(part(page, "Adjusted by hand")).to_contain_text("Settle “Price list” in writing")


def an_objection_is_withdrawn(town: Town) -> None:
    answer(town.open(GIA, f"{PLAN}/2"), "Object because…", "Tuesday is release day")
    for who in (ADA, BEN, CLEO, DOV, EVA, FINN):
        answer(town.open(who, f"{PLAN}/2"), "Fine")
    assert missing(town.page(FINN)) == ["There is an objection of Gia Grant."]
    expect(town.page(FINN).get_by_role("button", name="Adopt it on trial")).to_have_count(0)

    answer(town.open(GIA, f"{PLAN}/2"), "Fine")

    expect(part(town.page(GIA), "Nothing is missing")).to_contain_text(
        "Everybody whose session it replaces is fine with it, and nobody objects."
    )


def missing(page: Page) -> list[str]:
    return part(page, "What is missing until it is tried").get_by_role("listitem").all_inner_texts()


def answer(page: Page, button: str, words: str = "") -> None:
    """Say what somebody thinks of the plan that is shown."""
    if words:
        page.get_by_label("Your condition, or what speaks against it").fill(words)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("#my-answer")).to_contain_text("Your answer")


def it_is_adopted_and_everybody_is_invited(town: Town) -> None:
    page = town.open(DOV, f"{PLAN}/2")
    page.get_by_role("button", name="Adopt it on trial").click()
    expect(part(page, "On trial until Mon 2 Mar")).to_contain_text("7 team sessions are paused for it.")
    page.get_by_role("button", name="Mail the invitations").click()
    expect(page.locator("#toasts")).to_contain_text("Mailed invitations to 2 sessions, for 7 people")
    town.deliver()

    mails = {(mail["To"].partition("@")[0], mail["Subject"]): mail for mail in town.inbox.mails}
    assert set(mails) == {
        *((who, f"Invitation: {FIRST}") for who in (ADA, BEN, CLEO, DOV)),
        *((who, f"Invitation: {SECOND}") for who in (DOV, EVA, FINN, GIA)),
    }
    text, calendar = mails[CLEO, f"Invitation: {FIRST}"].iter_parts()
    assert "Tuesday 3 February 2026, 09:00 (Europe/London), 80 minutes" in text.get_content()
    assert "You are needed from minute 50 to 80, 09:50 to 10:20" in text.get_content()
    (event,) = events_of(calendar.get_content())
    assert event["SUMMARY"] == FIRST
    assert event["RRULE"] == {"FREQ": ["WEEKLY"], "INTERVAL": [2], "COUNT": [2]}
    assert sorted(guest.removeprefix("mailto:") for guest in event["ATTENDEE"]) == [
        f"{who}@example.org" for who in (ADA, BEN, CLEO, DOV)
    ]


def everybody_says_whether_they_come(town: Town) -> None:
    for who in (ADA, BEN, CLEO, DOV):
        page = town.open(who, "/sessions")
        part(page, "Shared sessions that are agreed").get_by_role("link", name=FIRST, exact=True).click()
        page.get_by_role("button", name="I come").click()
    replies = part(town.page(DOV), "Who comes").get_by_role("row")
    expect(replies).to_have_text([re.compile("Who"), *(re.compile(r"✓ Comes\s*$") for _ in range(4))])


def votes_are_blind_until_all_are_in(town: Town) -> None:
    town.page(DOV).get_by_role("link", name="Prepare it").click()
    for who, scores in ((ADA, (3, 5, 2, 1)), (BEN, (3, 4, 2, 1)), (CLEO, (3, 1, 2, 5))):
        page = hand_in(town.open(who, PREPARE), scores)
        expect(part(page, "What the votes say")).to_have_count(0)
    expect(part(page, "Votes before the session")).to_contain_text(
        "3 of 4 people have voted. Nobody sees a vote but their own"
    )

    page = hand_in(town.open(DOV, PREPARE), (3, 5, 1, 5))

    told = part(page, "What the votes say").locator(".bullets").get_by_role("listitem")
    expect(told).to_have_text(
        [
            "Invoice numbers: Views are far apart. Importance 1, 4, 5, 5",
            "Delivery times: Views are far apart. Importance 1, 1, 5, 5",
            "Customer groups: Views are close. Importance 1, 2, 2, 2",
            "Account status: All see it alike. Importance 3, 3, 3, 3",
        ]
    )


def hand_in(page: Page, scores: Sequence[int]) -> Page:
    """Hand in a paper with an importance for each item."""
    for title, score in zip(AGENDA, scores, strict=True):
        page.get_by_role("group", name=title).get_by_label(f"Importance {score}").check()
    page.get_by_role("button", name="Hand in my votes").click()
    expect(page.locator("#toasts")).to_contain_text("Your votes are kept.")
    return page


def the_session_is_run(town: Town) -> None:
    town.at(MORNING)
    lead = town.page(ADA)
    lead.goto(PREPARE)
    lead.get_by_role("link", name="Run it").click()
    lead.get_by_role("button", name="Start the session").click()
    expect(lead.get_by_role("button", name="+2 min")).to_be_visible()
    others = {who: town.open(who, ROOM) for who in (BEN, CLEO, DOV)}
    for page in others.values():
        page.get_by_role("button", name="I am here").click()
        expect(page.get_by_role("button", name="I am here")).to_have_count(0)
    wall = town.wall.open("/sessions/shared/1/screen")
    expect(wall.locator("body")).to_contain_text("4 people, 0 of 4 decided")

    lead.get_by_role("button", name="Decide: yes, by Mon 2 Mar").click()
    for page in (*others.values(), wall):
        expect(page.locator(".decided-words")).to_contain_text("Yes, 2 Mar")

    go_on(lead, "Invoice numbers")
    a_vote_is_blind_on_every_screen(town)
    offer = others[BEN]
    offer.get_by_text("Other date…").click()
    offer.get_by_role("textbox", name="Date", exact=True).fill("2026-03-09")
    offer.get_by_role("textbox", name="Why", exact=True).fill("The archive comes first")
    offer.get_by_role("button", name="Other date").click()
    expect(wall.locator(".decided-words")).to_contain_text("Offered 9 Mar.")
    lead.get_by_role("button", name=re.compile("Decide: take")).click()
    expect(wall.locator(".decided-words")).to_contain_text("Yes, 9 Mar.")

    go_on(lead, "Customer groups")
    lead.get_by_role("button", name="Park it").click()
    expect(wall.locator("main")).to_contain_text("Parked")
    go_on(lead, "Delivery times")
    lead.get_by_text("Defer it…").click()
    lead.get_by_label("Where it is taken up").fill("the next session")
    lead.get_by_role("button", name="Defer it").click()
    expect(wall.locator("main")).to_contain_text("To the next session")
    town.at(MORNING + timedelta(minutes=60))
    lead.get_by_role("button", name="End the session").click()
    for page in (lead, *others.values(), wall):
        expect(page.get_by_role("heading", level=1)).to_have_text("This session is over")
    what_was_decided_stands_on_the_dependencies(town)


def what_was_decided_stands_on_the_dependencies(town: Town) -> None:
    page = town.page(CLEO)
    for what, promised in STANDING.items():
        page.goto("/dependencies")
        page.get_by_role("link", name=re.compile(what)).first.click()
        stands = part(page, "Where it stands")
        expect(stands).to_contain_text(promised)


def the_minutes_are_shared_and_agreed_by_silence(town: Town) -> None:
    lead, witness = town.page(ADA), town.page(CLEO)
    lead.get_by_role("link", name="Read the minutes").click()
    lead.get_by_role("button", name="Share the minutes").click()
    expect(lead.locator("main")).to_contain_text("Silence agrees after Fri 6 Feb.")

    witness.goto(MINUTES)
    aside = part(witness, "Parked and deferred").get_by_role("listitem").filter(has_text="Customer groups")
    aside.get_by_text("Object…").click()
    aside.get_by_label("What is not right").fill("We parked it until the groups are named")
    aside.get_by_role("button", name="Object to this").click()
    expect(witness.locator("main .st").first).to_have_text("↔ An objection is open")

    lead.goto(MINUTES)
    lead.get_by_label("Answer, for all to read").fill("So it is, thank you")
    lead.get_by_role("button", name="Answer").click()
    expect(lead.locator("#objection-1")).to_contain_text("Ada Amsel answers: So it is, thank you")

    town.at(MONDAY + timedelta(days=7))
    witness.goto(MINUTES)
    expect(witness.locator("main .st").first).to_have_text("✓ Agreed by silence")
    expect(witness.get_by_text("Object…")).to_have_count(0)


def a_promise_is_made_and_kept(town: Town) -> None:
    page = town.open(BEN, MINUTES)
    page.get_by_label("I promise").fill("Sample of the invoice numbers by Fri")
    page.get_by_role("checkbox", name="Ada Amsel").check()
    page.get_by_role("button", name="Promise it").click()

    week = town.open(ADA, "/")
    week.get_by_role("button", name="Ask how it goes").click()
    expect(week.locator("#toasts")).to_contain_text("Asked how it goes: Sample of the invoice numbers")
    page.goto("/")
    expect(page.locator("#promise-1")).to_contain_text("Ada Amsel asks how it goes.")
    page.locator("#promise-1").get_by_role("button", name="Kept").click()
    expect(page.locator("#promise-1")).to_have_count(0)
    week.goto("/")
    week.locator("#promise-1").get_by_role("button", name="Seen").click()
    expect(week.locator("#promise-1")).to_have_count(0)


def the_other_session_is_run(town: Town) -> None:
    town.at(MONDAY + timedelta(days=15, hours=2, minutes=30))
    lead = town.open(EVA, "/sessions/shared/2/live")
    lead.get_by_role("button", name="Start the session").click()
    for who in (DOV, FINN, GIA):
        page = town.open(who, "/sessions/shared/2/live")
        page.get_by_role("button", name="I am here").click()
        expect(page.get_by_role("button", name="I am here")).to_have_count(0)
    lead.get_by_role("button", name="Decide: yes, by Mon 2 Mar").click()
    expect(lead.locator(".decided-words")).to_contain_text("Yes, 2 Mar.")
    town.at(MONDAY + timedelta(days=15, hours=3, minutes=30))
    lead.get_by_role("button", name="End the session").click()
    for who in (EVA, DOV, FINN, GIA):  # screens that still ask would complain when they are left
        expect(town.page(who).get_by_role("heading", level=1)).to_have_text("This session is over")


def the_trial_is_kept_by_consent(town: Town) -> None:
    for who in (ADA, BEN, CLEO, EVA, FINN):
        page = town.open(who, f"{PLAN}/2")
        page.get_by_role("button", name="More than it cost me", exact=False).first.click()
        expect(page.locator("#toasts")).to_contain_text("Kept what it was worth to you")
    page = town.open(GIA, f"{PLAN}/2")
    expect(part(page, "On trial until Mon 2 Mar")).to_contain_text("Keeping them is possible from then on.")

    town.at(MONDAY + timedelta(days=28))
    page.reload()
    figures = part(page, "On trial until Mon 2 Mar").locator("dl.figs > div")
    expect(figures).to_have_text(
        [
            re.compile(r"hours attended\s*8.0"),
            re.compile(r"hours planned for them\s*4.7"),
            re.compile(r"hours before, for as much\s*49.0"),
            re.compile(r"of 10 dependencies decided\s*3"),
            re.compile(r"worth, 0 to 4\s*3"),
        ]
    )
    page.get_by_role("button", name="Keep the shared sessions").click()

    expect(part(page, "Kept after its trial")).to_contain_text("7 team sessions are paused for it.")
    page.goto("/sessions")
    expect(page.get_by_role("link", name="Paused")).to_have_count(7)


def an_old_session_can_be_restored(town: Town) -> None:
    page = town.open(GIA, "/sessions/team/gateway-prioritisation")
    page.get_by_role("button", name="Restore this session").click()

    expect(page.locator("#toasts")).to_contain_text("Restored the session Gateway prioritisation")
    expect(page.get_by_role("heading", name="Paused")).to_have_count(0)


def go_on(lead: Page, title: str) -> None:
    """Turn the room to the next item, which is this."""
    lead.get_by_role("button", name="Next item").click()
    expect(lead.get_by_role("heading", level=1)).to_have_text(title)


def a_vote_is_blind_on_every_screen(town: Town) -> None:
    lead, wall = town.page(ADA), town.wall.page
    lead.get_by_text("Vote…").click()
    lead.get_by_role("button", name="Fist of five").click()
    for who, fingers in ((ADA, 4), (BEN, 2), (CLEO, 5)):
        town.page(who).get_by_role("button", name=str(fingers), exact=True).click()
        expect(town.page(who).locator("main")).to_contain_text("You did; until all are shown")
    expect(wall.locator("main")).to_contain_text("3 of 4 voted.")
    expect(wall.locator(".tally")).to_have_count(0)

    town.page(DOV).get_by_role("button", name="4", exact=True).click()

    expect(wall.locator(".tally b")).to_have_text(["0", "0", "1", "0", "2", "1"])
    expect(lead.locator(".tally b")).to_have_text(["0", "0", "1", "0", "2", "1"])
