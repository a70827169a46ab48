"""Links for guests: exactly one picture or one session, until a date, until they are taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests.factories import make_dependency, make_goal, make_person, make_team
from tests.support.accounts import House, link_in
from tests.support.page import HTML, Browser, Page

if TYPE_CHECKING:
    from tests.web.accounts.conftest import Clock

SVG = "{http://www.w3.org/2000/svg}"
UNTIL = "2026-02-20"


@pytest.fixture
def town(house: House) -> House:
    """Two teams that need something from each other, one of them for a goal, and one that stands apart."""
    cast, session = house.cast, house.session
    goal = make_goal(session, (cast.team, cast.partner_team))
    make_dependency(session, cast.team, cast.partner_team, what="Settlement file", goal=goal)
    make_dependency(session, cast.partner_team, cast.team, what="Refund rules")
    ivy = make_person(session, name="Ivy Island")
    make_team(session, name="Secret Island", decides=[ivy])
    make_dependency(session, "secret-island", cast.outside_team, what="Hidden plan")
    session.commit()
    return house


def shared(browser: Browser, until: str = UNTIL, **words: str) -> str:
    """Share what these words show, and return the path of the link."""
    form = browser.open("/account/shares/new?" + urlencode(words))
    page = browser.submit(form, "Make the link", until=until)
    return link_in(page.tree.find(f".//{HTML}input[@id='link']").get("value"))


def addresses(page: Page) -> set[str]:
    """Return where the links of a page lead, those in its pictures too."""
    found = {a.get("href") for a in page.tree.iter(f"{HTML}a")}
    return {href for href in found if href} | {a.get("href") for a in page.tree.iter(f"{SVG}a")}


def test_a_guest_sees_the_picture_as_it_was_filtered_and_its_table(town: House) -> None:
    olive = town.browser("olive-owner")
    link = shared(olive, goal="one-account-every-journey")

    page = town.browser().open(link)
    own = olive.open("/map?goal=one-account-every-journey")

    assert page.heading == "Who hands what to whom"
    assert page.all_words(f".//{HTML}section//{HTML}th[@scope='row']") == ["Partner API"]
    assert "Settlement file" in page.words()
    assert page.all_words(f".//{SVG}text") == own.all_words(f".//{SVG}text") != []
    for hidden in ("Refund rules", "Hidden plan"):
        assert hidden not in page.text


def test_a_guest_finds_no_way_on(town: House) -> None:
    page = town.browser().open(shared(town.browser("olive-owner")))

    assert addresses(page) == {"#main", "/", "/sign-in"}


def test_no_other_address_opens_to_a_guest(town: House) -> None:
    guest = town.browser()
    guest.open(shared(town.browser("olive-owner"), goal="one-account-every-journey"))

    asked = (
        "/",
        "/map",
        "/map.svg",
        "/map?goal=one-account-every-journey",
        "/dependencies/1",
        "/export.json",
    )

    assert {address: guest.status(address)[0] for address in asked} == dict.fromkeys(asked, 303)


def test_words_in_the_address_of_a_link_change_nothing(town: House) -> None:
    link = shared(town.browser("olive-owner"), goal="one-account-every-journey")

    plain, tried = town.browser().open(link), town.browser().open(f"{link}?goal=&focus=secret-island&state=")

    assert tried.words() == plain.words()


def test_a_guest_sees_one_session_and_nothing_of_the_others(town: House) -> None:
    olive = town.browser("olive-owner")
    titles = olive.open("/sessions/suggestion").all_words(f".//{HTML}article//{HTML}h3")
    pages = [town.browser().open(shared(olive, session=str(n))) for n in range(1, len(titles) + 1)]

    assert [page.heading for page in pages] == titles
    shown = [("Hidden plan" in page.text, "Settlement file" in page.text) for page in pages]
    assert sorted(shown) == [(False, True), (True, False)]
    assert all(addresses(page) == {"#main", "/", "/sign-in"} for page in pages)


def test_a_session_that_is_another_one_by_now_is_not_shown_in_its_place(town: House) -> None:
    olive = town.browser("olive-owner")
    link = shared(olive, session="1")
    for number in (1, 2, 3):
        town.browser("olive-owner").status(f"/dependencies/{number}/delete", {})
    make_dependency(town.session, "payments", "web-shop", what="Something new")
    town.session.commit()
    town.browser("otto-outsider").status("/dependencies/3/delete", {})

    page = town.browser().open(link, status=404)

    assert "This session is not suggested any more." in page.words()
    assert "Something new" not in page.text


@pytest.mark.parametrize(("days", "status"), [(18, 200), (19, 404)])
def test_a_link_ends_after_its_day(town: House, clock: Clock, days: int, status: int) -> None:
    link = shared(town.browser("olive-owner"))

    clock.time += timedelta(days=days)

    assert town.browser().status(link)[0] == status


def test_a_link_is_listed_and_taken_back_by_whoever_made_it(town: House) -> None:
    olive, pat = town.browser("olive-owner"), town.browser("pat-partner")
    link = shared(olive, goal="one-account-every-journey")

    theirs = pat.open("/account/shares").words()
    listed = olive.open("/account/shares")
    (revoke,) = [
        f.get("action") for f in listed.tree.iter(f"{HTML}form") if "revoke" in (f.get("action") or "")
    ]
    refused = pat.status(revoke, {})[0]
    olive.send(revoke, {})

    assert "You share nothing." in theirs
    assert "One account, every journey" in listed.words()
    assert refused == 404
    assert town.browser().status(link)[0] == 404


def test_a_link_does_not_outlive_the_account_of_whoever_made_it(town: House) -> None:
    link = shared(town.browser("pat-partner"))
    olive = town.browser("olive-owner")

    statuses = []
    for act in ("disable", "enable"):
        olive.send(f"/accounts/pat-partner/{act}", {})
        statuses.append(town.browser().status(link)[0])
    town.browser("pat-partner").send("/people/pat-partner/delete", {})
    statuses.append(town.browser().status(link)[0])

    assert statuses == [404, 200, 404]


@pytest.mark.parametrize("until", ["2026-02-01", "2027-02-04"])
def test_a_link_lasts_from_today_to_a_year(town: House, until: str) -> None:
    typed = {"words": "", "dependencies": "", "until": until}

    page = town.browser("olive-owner").send("/account/shares", typed, status=422)

    assert page.field_errors() == ["Until must be today or later, and within a year"]


@pytest.mark.parametrize(
    "typed",
    [
        {"words": "focus=no-such-team", "dependencies": ""},
        {"words": "", "dependencies": "no-such-key"},
        {"words": "people_max=many", "dependencies": "x"},
    ],
)
def test_what_is_not_there_cannot_be_shared(town: House, typed: dict[str, str]) -> None:
    assert town.browser("olive-owner").status("/account/shares", {**typed, "until": UNTIL})[0] == 404


def test_the_map_and_each_session_offer_a_link(town: House) -> None:
    olive = town.browser("olive-owner")

    assert "/account/shares/new?goal=one-account-every-journey" in addresses(
        olive.open("/map?goal=one-account-every-journey")
    )
    assert {"/account/shares/new?session=1", "/account/shares/new?session=2"} <= addresses(
        olive.open("/sessions/suggestion")
    )


def test_the_palette_leads_to_what_an_account_has(town: House) -> None:
    olive = town.browser("olive-owner")

    typed = {"links+you": "/account/shares", "your+acc": "/account", "invite": "/invitations"}
    answers = {words: olive.fragment(f"/search/palette?q={words}", "palette-list").text for words in typed}

    first = {words: answer.partition('href="')[2].partition('"')[0] for words, answer in answers.items()}
    assert first == typed


def embedded(browser: Browser, site: str = "", **words: str) -> tuple[str, str]:
    """Share a picture, and return the paths of its frame and of its image."""
    form = browser.open("/account/shares/new?" + urlencode(words))
    page = browser.submit(form, "Make the link", until=UNTIL, site=site)
    image = link_in(page.tree.find(f".//{HTML}input[@id='image']").get("value"))
    return image.removesuffix(".png"), image


def test_a_shared_picture_is_an_image_without_a_cookie(town: House) -> None:
    _, image = embedded(town.browser("olive-owner"), view="matrix")
    guest, olive = town.browser(), town.browser("olive-owner")

    answers = [one.client.get(image) for one in (guest, olive)]

    assert [answer.data[:4] for answer in answers] == [b"\x89PNG"] * 2
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert "Cookie" not in answer.headers.get("Vary", "")
    again = guest.client.get(image, headers={"If-None-Match": answers[0].headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_only_the_named_site_may_frame_a_picture(town: House) -> None:
    olive = town.browser("olive-owner")
    frames = [embedded(olive, site)[0] for site in ("", "https://wiki.example.org/")]

    answers = [town.browser().client.get(frame) for frame in frames]

    policies = [answer.headers["Content-Security-Policy"] for answer in answers]
    assert [policy.rpartition("; ")[2] for policy in policies] == [
        "frame-ancestors 'none'",
        "frame-ancestors https://wiki.example.org",
    ]
    assert {answer.headers["Cross-Origin-Resource-Policy"] for answer in answers} == {"cross-origin"}
    assert all("camera=()" in answer.headers["Permissions-Policy"] for answer in answers)
    assert all("Set-Cookie" not in answer.headers for answer in answers)
    assert all(b"<form" not in answer.data and b"<script" not in answer.data for answer in answers)


def test_a_frame_shows_the_filtered_picture_and_its_table_alone(town: House) -> None:
    frame, _ = embedded(town.browser("olive-owner"), view="board", goal="one-account-every-journey")

    page = town.browser().client.get(frame).text

    assert "Settlement file" in page
    assert all(hidden not in page for hidden in ("Refund rules", "Hidden plan", "<a "))


def test_an_embedded_picture_ends_with_its_link(town: House, clock: Clock) -> None:
    olive = town.browser("olive-owner")
    paths = embedded(olive)
    listed = olive.open("/account/shares")
    (revoke,) = [
        f.get("action") for f in listed.tree.iter(f"{HTML}form") if "revoke" in (f.get("action") or "")
    ]

    olive.send(revoke, {})
    revoked = [town.browser().status(path)[0] for path in paths]
    others = embedded(olive)
    clock.time += timedelta(days=19)

    assert revoked == [404, 404]
    assert [town.browser().status(path)[0] for path in others] == [404, 404]


@pytest.mark.parametrize("site", ["wiki", "https://a b", "https://x; script-src *", "ftp://x", "https://x/y"])
def test_a_site_is_the_beginning_of_an_address(town: House, site: str) -> None:
    typed = {"words": "", "dependencies": "", "until": UNTIL, "site": site}

    page = town.browser("olive-owner").send("/account/shares", typed, status=422)

    assert page.field_errors() == [
        "Site that may show it in a frame must be the beginning of an address, as https://wiki.example.org"
    ]


def test_a_session_is_no_picture_to_embed(town: House) -> None:
    link = shared(town.browser("olive-owner"), session="1").replace("/share/", "/embed/")

    assert [town.browser().status(path)[0] for path in (link, f"{link}.png", f"{link}.pdf")] == [404] * 3
