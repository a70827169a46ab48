"""The ways in that begin with a link: the first start, an invitation, a mail."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from planner.services.accounts.joining import first_link
from planner.storage.models import AccountRow, ChangeRow, MembershipRow, PersonRow, TicketRow
from tests.factories import MONDAY, make_person, make_team
from tests.support.accounts import PASSWORD, House, link_in, mails, person_id
from tests.support.page import HTML, Browser

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.web.accounts.conftest import Clock

GONE = "This link does not work, or not any more. Ask for a new one."
NEW = "five other words by morning"
FIRST: dict[str, Any] = {
    "name": "Fay First",
    "team": "Ferries",
    "email": "fay@example.org",
    "password": PASSWORD,
}
NELL: dict[str, Any] = {"name": "Nell New", "email": "nell@example.org", "password": PASSWORD}
INVITED = {"team": "payments", "person": "", "email": ""}


def accounts(session: Session) -> list[tuple[str, bool]]:
    session.rollback()
    found = select(AccountRow.email, AccountRow.is_administrator).order_by(AccountRow.id)
    rows = [tuple(row) for row in session.execute(found)]
    session.rollback()  # so that it keeps nobody from writing
    return rows


def invited(browser: Browser, **typed: str) -> str:
    """Invite, and return the path of the link that is shown."""
    page = browser.send("/invitations", {**INVITED, **typed})
    return link_in(page.tree.find(f".//{HTML}input[@id='link']").get("value"))


def test_the_first_link_makes_the_first_person_who_administers(app: Flask, session: Session) -> None:
    token = first_link(session, MONDAY)
    browser = Browser(app)

    waiting = browser.open("/")
    page = browser.open(f"/first/{token}")
    arrived = browser.submit(page, "Begin", **FIRST)

    assert "planner accounts first-link" in waiting.words()
    assert arrived.heading == "Paste what teams need"
    assert accounts(session) == [("fay@example.org", True)]
    assert browser.open("/teams/ferries").heading == "Ferries"
    assert browser.open("/accounts").heading == "Accounts"
    assert Browser(app).open(f"/first/{token}", status=404).heading == "Not here"
    assert first_link(session, MONDAY) is None


def test_where_people_are_recorded_the_first_link_asks_which_of_them(app: Flask, house: House) -> None:
    session = house.session
    session.query(AccountRow).delete()
    token = first_link(session, MONDAY)
    typed = {"person": "pat-partner", "email": "pat@example.org", "password": PASSWORD}

    Browser(app).send(f"/first/{token}", typed)

    assert accounts(session) == [("pat@example.org", True)]


def test_a_second_first_link_ends_the_first_one(app: Flask, session: Session) -> None:
    older, newer = first_link(session, MONDAY), first_link(session, MONDAY)

    statuses = [Browser(app).status(f"/first/{token}")[0] for token in (older, newer)]

    assert statuses == [404, 200]


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"name": ""}, "Your name is empty; write at least one letter"),
        ({"team": ""}, "Your team is empty; write at least one letter"),
        ({"email": "fay"}, "E-mail “fay” is no e-mail address; expected name@example.org"),
        ({"password": "short"}, "Password has 5 characters; take at least 12, a few words for example"),
    ],
)
def test_the_first_page_says_what_is_wrong_and_the_link_still_works(
    app: Flask, session: Session, wrong: dict[str, str], where: str
) -> None:
    token = first_link(session, MONDAY)

    page = Browser(app).send(f"/first/{token}", {**FIRST, **wrong}, status=422)

    assert page.field_errors() == [where]
    assert accounts(session) == []
    assert Browser(app).status(f"/first/{token}", FIRST)[0] == 303


def test_somebody_invited_joins_the_team(house: House) -> None:
    link = invited(house.browser("pat-partner"), team="partner-api")
    browser = house.browser()

    shown = browser.open(link)
    arrived = browser.submit(shown, "Join", **NELL)

    assert (shown.heading, arrived.status) == ("Join Partner API", 200)
    nell = person_id(house.session, "nell-new")
    seats = house.session.scalars(select(MembershipRow.decides).where(MembershipRow.person_id == nell)).all()
    assert seats == [False]
    assert accounts(house.session)[-1] == ("nell@example.org", False)
    assert "Nell New joined" in browser.open("/history").words()


@pytest.mark.parametrize(("told", "kept"), [("Europe/Paris", "Europe/Paris"), ("../etc/passwd", "UTC")])
def test_whoever_joins_works_by_the_clock_of_their_browser(house: House, told: str, kept: str) -> None:
    link, browser = invited(house.browser("pat-partner"), team="partner-api"), house.browser()

    browser.submit(browser.open(link), "Join", **NELL, zone=told)

    page = browser.open("/people/nell-new")
    assert f"Mon to Fri, 09:00 to 17:00, {kept}" in page.words(f".//{HTML}dl")


def test_somebody_recorded_who_is_invited_stays_who_they_are(house: House) -> None:
    house.session.query(AccountRow).filter_by(email="otto-outsider@example.org").delete()
    house.session.commit()
    link = invited(house.browser("olive-owner"), team="web-shop", person="otto-outsider", email="o@x.org")
    browser = house.browser()

    shown = browser.open(link)
    browser.submit(shown, "Join", password=PASSWORD)

    assert "You come as Otto Outsider." in shown.words()
    assert "You sign in with o@x.org." in shown.words()
    assert accounts(house.session)[-1] == ("o@x.org", False)
    assert "You are Otto Outsider." in browser.open("/help").words()
    assert len(house.session.scalars(select(PersonRow.id)).all()) == 3


def test_an_invitation_goes_by_mail_too(house: House) -> None:
    link = invited(house.browser("olive-owner"), email="Nell@Example.org")

    ((to, subject, text),) = mails(house.session)

    assert (to, subject, link_in(text)) == ("nell@example.org", "Join Payments", link)
    assert text.startswith("Olive Owner invites you to Payments on planner.")


def test_an_invitation_works_once(house: House) -> None:
    link = invited(house.browser("olive-owner"))

    first = house.browser().status(link, NELL)
    second = house.browser().send(link, {**NELL, "name": "Ned New", "email": "ned@example.org"}, status=404)

    assert first == (303, "/")
    assert GONE in second.words()


@pytest.mark.parametrize(("days", "status"), [(6.9, 200), (7, 404)])
def test_an_invitation_ends_after_a_week(house: House, clock: Clock, days: float, status: int) -> None:
    link = invited(house.browser("olive-owner"))

    clock.time += timedelta(days=days)

    assert house.browser().status(link)[0] == status


def test_an_invitation_can_be_taken_back(house: House) -> None:
    olive = house.browser("olive-owner")
    link = invited(olive)
    listed = olive.open("/invitations")

    olive.send(listed.form("Take back the invitation of anybody with the link").get("action"), {})

    assert house.browser().status(link)[0] == 404
    assert "None. A link works once" in olive.open("/invitations").words()


def test_an_invitation_of_another_team_is_nothing_that_an_outsider_knows_of(house: House) -> None:
    invited(house.browser("olive-owner"))
    number = house.session.scalar(select(TicketRow.id))
    house.session.rollback()
    otto = house.browser("otto-outsider")

    assert "anybody with the link" not in otto.open("/invitations").words()
    assert otto.status(f"/invitations/{number}/revoke", {})[0] == 404
    assert otto.send("/invitations", INVITED, status=403).heading == "Not yours to change"


def test_whoever_joins_with_what_is_taken_is_told_so(house: House) -> None:
    link = invited(house.browser("olive-owner"))

    page = house.browser().send(link, {**NELL, "email": "pat-partner@example.org"}, status=422)

    assert page.field_errors() == ["E-mail is the address of another account; sign in with it instead"]
    assert "nell-new" not in house.session.scalars(select(PersonRow.key)).all()


@pytest.mark.parametrize(("want", "path"), [("sign-in", "/sign-in/link/"), ("reset", "/reset/")])
def test_a_link_by_mail_opens_the_account_once(house: House, want: str, path: str) -> None:
    browser = house.browser()

    told = browser.send("/sign-in/mail", {"email": "Olive-Owner@example.org", "want": want})
    ((to, _subject, text),) = mails(house.session)
    link = link_in(text)
    looked = [house.browser().status(link)[0] for _ in range(3)]  # as what looks into mails does
    entered = browser.status(link, {"password": NEW})

    assert "If there is an account with this address, the link is on its way." in told.words()
    assert to == "olive-owner@example.org"
    assert link.startswith(path)
    assert looked == [200, 200, 200]
    assert entered == (303, "/")
    assert "You are Olive Owner." in browser.open("/help").words()
    assert house.browser().status(link, {"password": NEW})[0] == 404


def test_nobody_learns_whether_an_address_has_an_account(house: House) -> None:
    known = house.browser().send("/sign-in/mail", {"email": "olive-owner@example.org", "want": "reset"})
    unknown = house.browser().send("/sign-in/mail", {"email": "nobody@example.org", "want": "reset"})

    assert known.words() == unknown.words()
    assert [to for to, *_rest in mails(house.session)] == ["olive-owner@example.org"]


@pytest.mark.parametrize(("want", "minutes"), [("sign-in", 15), ("reset", 60)])
def test_a_link_by_mail_ends_in_time(house: House, clock: Clock, want: str, minutes: int) -> None:
    house.browser().send("/sign-in/mail", {"email": "olive-owner@example.org", "want": want})
    ((_to, _subject, text),) = mails(house.session)

    clock.time += timedelta(minutes=minutes)

    assert house.browser().status(link_in(text), {"password": NEW})[0] == 404


def test_a_reset_ends_every_sign_in_and_every_other_link(house: House) -> None:
    olive, browser = house.browser("olive-owner"), house.browser()
    for want in ("sign-in", "reset"):
        browser.send("/sign-in/mail", {"email": "olive-owner@example.org", "want": want})
    sign_in, reset = (link_in(text) for _to, _subject, text in mails(house.session))

    browser.send(reset, {"password": NEW})

    assert olive.status("/teams")[0] == 303
    assert house.browser().status(sign_in, {})[0] == 404
    assert (
        house.browser().status("/sign-in", {"email": "olive-owner@example.org", "password": PASSWORD})[0]
        == 422
    )


def test_a_weak_new_password_leaves_the_link_as_it_was(house: House) -> None:
    house.browser().send("/sign-in/mail", {"email": "olive-owner@example.org", "want": "reset"})
    ((_to, _subject, text),) = mails(house.session)

    page = house.browser().send(link_in(text), {"password": "password1234"}, status=422)

    assert page.field_errors() == [
        "New password is one that is tried first; take a few words that do not belong together"
    ]
    assert house.browser().status(link_in(text), {"password": NEW})[0] == 303


def test_a_link_of_one_kind_opens_nothing_of_another(house: House) -> None:
    token = invited(house.browser("olive-owner")).rpartition("/")[2]
    elsewhere = ("/first/", "/sign-in/link/", "/reset/", "/share/")

    statuses = {path: house.browser().status(path + token)[0] for path in elsewhere}

    assert statuses == dict.fromkeys(elsewhere, 404)


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t[::-1], lambda t: t.upper(), lambda _t: "x"])
def test_a_link_that_was_tampered_with_opens_nothing(house: House, change: Any) -> None:
    path, _slash, token = invited(house.browser("olive-owner")).rpartition("/")

    assert house.browser().status(f"{path}/{change(token)}")[0] == 404


def test_administrators_say_who_administers_and_who_comes_in(house: House) -> None:
    olive, pat = house.browser("olive-owner"), house.browser("pat-partner")

    before = pat.status("/accounts")[0]
    olive.send("/accounts/pat-partner/administrator", {})
    pat.send("/accounts/otto-outsider/disable", {})
    shown = pat.open("/accounts").all_words(f".//{HTML}td[@data-label='State']")

    told = [words for words in pat.open("/history").all_words(f".//{HTML}tr") if "Otto" in words]

    assert before == 404
    assert any("Pat Partner" in words and "Disabled the account of Otto Outsider" in words for words in told)
    assert shown == ["★ Administrator", "✕ Disabled", "★ Administrator"]


def test_a_disabled_account_is_shut_out_at_once_and_let_in_again(house: House) -> None:
    olive, otto = house.browser("olive-owner"), house.browser("otto-outsider")
    typed = {"email": "otto-outsider@example.org", "password": PASSWORD}

    olive.send("/accounts/otto-outsider/disable", {})
    shut_out = otto.status("/teams"), house.browser().status("/sign-in", typed)[0]
    olive.send("/accounts/otto-outsider/enable", {})

    assert shut_out == ((303, "/sign-in?next=/teams"), 422)
    assert otto.status("/teams")[0] == 303
    assert house.browser().status("/sign-in", typed)[0] == 303


@pytest.mark.parametrize("act", ["disable", "administrator/end"])
def test_the_last_administrator_stays(house: House, act: str) -> None:
    page = house.browser("olive-owner").send(f"/accounts/olive-owner/{act}", {}, status=422)

    assert "This is the only administrator. Make somebody else administrator first." in page.words()


def test_what_was_done_to_an_account_is_told_and_not_taken_back_from_the_history(house: House) -> None:
    olive = house.browser("olive-owner")
    olive.send("/accounts/pat-partner/disable", {})
    number = house.session.scalar(select(ChangeRow.id).order_by(ChangeRow.id.desc()))
    house.session.rollback()

    page = olive.send(f"/undo/{number}", {}, status=409)

    assert "Do the opposite where it was done." in page.words()
    assert f"/undo/{number}" not in olive.open("/history").text


def test_nobody_becomes_a_person_of_another_team_by_inviting_them(house: House) -> None:
    make_team(house.session, name="Ferries", decides=[make_person(house.session, name="Fay Far")])

    page = house.browser("pat-partner").send(
        "/invitations", {"team": "partner-api", "person": "fay-far", "email": ""}, status=403
    )

    assert "Only people in this team and administrators can invite to it." in page.words()


@pytest.mark.parametrize("act", ["/accounts/pat-partner/disable", "/people/pat-partner/delete"])
def test_an_invitation_does_not_outlive_whoever_made_it(house: House, act: str) -> None:
    link = invited(house.browser("pat-partner"), team="partner-api")

    house.browser("olive-owner").send(act, {})

    assert house.browser().status(link)[0] == 404
    assert house.browser().status(link, NELL)[0] == 404


def test_the_address_of_somebody_who_was_removed_is_free_again(house: House) -> None:
    house.browser("olive-owner").send("/people/pat-partner/delete", {})
    link = invited(house.browser("olive-owner"))

    status = house.browser().status(link, {**NELL, "email": "pat-partner@example.org"})[0]

    assert status == 303
    assert accounts(house.session)[-1] == ("pat-partner@example.org", False)
