"""The pages of an import: refused, looked at, turned round, confirmed, and what a worker is at."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from planner.services.organisation import read_organisation
from planner.storage import jobs
from planner.storage.db import writing_beside
from planner.storage.models import UploadRow
from tests.factories import MONDAY, make_cast, make_team
from tests.support.digest import everything
from tests.support.page import HTML, Browser
from tests.support.queries import cost_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.page import Page

JIRA = """Issue key,Summary,Team,Inward issue link (Blocks)
PAY-1,Checkout,Payments,ID-7
ID-7,Login token,Identity,
"""


@pytest.fixture
def owner(browser: Browser, session: Session) -> Browser:
    make_cast(session)
    browser.sign_in("olive-owner")
    return browser


def upload(browser: Browser, *texts: str) -> str:
    """Send files and return the address of the import."""
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="file"; filename="{at}.csv"\r\n\r\n{text}\r\n'
        for at, text in enumerate(texts)
    )
    # by hand, because the test client leaves its copy of a large file open
    body, kind = f"{parts}--x--\r\n".encode(), "multipart/form-data; boundary=x"
    answer = browser._post("/imports", body, content_type=kind)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def sentences(page: Page) -> list[str]:
    """Return what the look says about each type of link."""
    found = page.tree.findall(f".//{HTML}div[@class='way']/{HTML}p[1]")
    return [" ".join("".join(one.itertext()).split()) for one in found]


def needs(session: Session) -> list[tuple[str, str, str]]:
    session.rollback()
    organisation = read_organisation(session)
    session.rollback()
    name = {team.id: team.name for team in organisation.teams}
    return [(name[d.consumer_id], d.what, name[d.provider_id]) for d in organisation.dependencies]


def test_an_import_is_shown_in_words_turned_round_and_written(owner: Browser, session: Session) -> None:
    address = upload(owner, JIRA)
    assert sentences(owner.open(address)) == ["Payments needs “Login token” from Identity. Blocks, 1 link"]

    owner._post(f"{address}/choices", {"chosen": "1", "turn": "Blocks"})
    turned = sentences(owner.open(address))
    owner._post(f"{address}/confirm", {"chosen": "1"})

    assert turned == ["Identity needs “Checkout” from Payments. Blocks, 1 link"]
    assert needs(session) == [("Identity", "Checkout", "Payments")]
    assert "1 team added, 1 dependency added" in owner.open(address).words(f".//{HTML}main")


def test_the_eleventh_import_of_an_hour_is_told_when_to_come_back(owner: Browser) -> None:
    for _time in range(10):
        upload(owner, JIRA)

    file = {"file": (io.BytesIO(JIRA.encode()), "x.csv")}
    answer = owner._post("/imports", file)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    assert "This was tried too often. Nothing was done. Wait 60 minutes, then try again." in answer.text


def test_what_a_file_would_empty_is_shown_before_it_is_written(owner: Browser) -> None:
    dated = JIRA.replace(",Team,", ",Due date,Team,").replace(",Checkout,", ",Checkout,2026-03-02,")
    dated = dated.replace(",Login token,", ",Login token,,")
    owner._post(f"{upload(owner, dated)}/confirm", {"chosen": "1"})

    page = owner.open(upload(owner, dated.replace("2026-03-02", "")))

    (section,) = page.tree.findall(f".//{HTML}section[@aria-labelledby='erased']")
    cells = ["".join(cell.itertext()) for cell in section.findall(f".//{HTML}td")]
    assert cells == ["Login token", "Needed by", "2026-03-02"]


def test_choices_that_nobody_has_looked_at_are_shown_before_they_are_written(
    owner: Browser, session: Session
) -> None:
    make_team(session, name="Identities")
    address = upload(owner, JIRA)

    answer = owner._post(f"{address}/confirm", {"chosen": "1", "team-0": "identities"})

    assert answer.location == address
    assert needs(session) == []
    owner._post(f"{address}/confirm", {"chosen": "1", "team-0": "identities"})
    assert needs(session) == [("Payments", "Login token", "Identities")]


def test_a_type_without_direction_is_left_out_until_somebody_says_which_way(
    owner: Browser, session: Session
) -> None:
    address = upload(owner, JIRA.replace("(Blocks)", "(Relates)"))
    assert "it does not tell who waits for whom" in sentences(owner.open(address))[0]

    owner._post(f"{address}/choices", {"chosen": "1", "turn": "Relates"})

    owner._post(f"{address}/confirm", {"chosen": "1"})
    assert needs(session) == [("Payments", "Login token", "Identity")]


def test_a_file_of_no_known_kind_is_refused_and_not_kept(owner: Browser, session: Session) -> None:
    before = everything(session)

    page = owner.send("/imports", {"file": (io.BytesIO(b"Who,Why\nme,so\n"), "x.csv")}, status=422)

    assert "those of no tool that is known here" in page.words(f".//{HTML}main")
    assert (everything(session), session.scalars(select(UploadRow)).all()) == (before, [])


def test_two_files_that_belong_together_are_one_import(owner: Browser, session: Session) -> None:
    first, second = JIRA.splitlines()[:2], [JIRA.splitlines()[0], JIRA.splitlines()[2]]

    address = upload(owner, "\n".join(first), "\n".join(second))
    owner._post(f"{address}/confirm", {})

    assert needs(session) == [("Payments", "Login token", "Identity")]


def test_an_import_that_was_given_up_leaves_no_file(owner: Browser, session: Session) -> None:
    address = upload(owner, JIRA)

    owner._post(f"{address}/stop", {})

    assert "given up" in owner.open(address).words(f".//{HTML}main")
    assert needs(session) == []


def test_names_that_are_markup_stay_names(owner: Browser) -> None:
    nasty = "<script>alert(1)</script>"

    address = upload(owner, JIRA.replace("Login token", nasty).replace("Identity", nasty))

    assert nasty in sentences(owner.open(address))[0]


def test_a_large_file_is_a_workers_and_is_done_here_where_none_is(owner: Browser, session: Session) -> None:
    rows = "".join(
        f"P-{n},{'Checkout ' * 30},Payments,I-{n}\nI-{n},Token,Partner API,\n" for n in range(4_000)
    )
    address = upload(owner, JIRA + rows)
    waiting = owner.open(address).words(f".//{HTML}main")

    owner._post(f"{address}/now", {})

    assert "No worker is running" in waiting
    seen = owner.open(address).words(f".//{HTML}main")
    assert "4001 dependencies are new" in seen
    session.rollback()


def test_a_page_that_waits_for_a_worker_hears_when_one_is_there(owner: Browser, session: Session) -> None:
    filler = "".join(f"X-{n},{'words ' * 60},Payments,\n" for n in range(3_000))
    address = upload(owner, JIRA + filler)
    waits = {"HX-Request": "true", "HX-Target": "import-meter"}

    still = owner.client.get(f"{address}?seen=nobody", headers=waits)
    with writing_beside(session) as own:
        jobs.beat(own, "w", MONDAY)
    now = owner.client.get(f"{address}?seen=nobody", headers=waits)

    assert (still.status_code, still.data) == (204, b"")
    assert (now.status_code, "Waiting for its turn" in now.text) == (200, True)


def test_a_look_costs_the_same_with_many_links(owner: Browser) -> None:
    more = "".join(f"P-{n},Checkout,Payments,I-{n}\nI-{n},Token,Partner API,\n" for n in range(50))
    addresses = [upload(owner, JIRA), upload(owner, JIRA + more)]

    assert cost_of(owner, addresses[0]) == cost_of(owner, addresses[1])
