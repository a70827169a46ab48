"""Whatever is sent, the answer is a sentence and never a failure of ours; what is refused saves nothing."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sqlalchemy import delete

from planner.services.exchange import export_organisation
from planner.storage.models import AttemptRow
from tests.factories import make_cast, make_dependency, make_goal, make_horizon, make_place, make_session
from tests.support.digest import everything
from tests.support.page import HTML

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from tests.support.page import Browser, Page

pytestmark = pytest.mark.postgres

HOSTILE = (
    "", " ", "x" * 10_000, "a\x00b", "\x07\x1b[0m", "\ud800", "\u202eabc", "<script>alert(1)</script>",
    "'; DROP TABLE team; --", "%s%n{0}{x}", "\U0001f600", "31 Feb", "2026-13-01", "-1", "9223372036854775808",
    "9" * 5_000, "NaN", "1e400", "²", "٣", "[]", '{"a": 1}', "../../etc/passwd", "new:", "#²",
    "0001-01-01", "99999-01-01", "24:00", "https://evil.example", "\\evil",
)  # fmt: skip
QUERIES = {
    "/dependencies": ("needs", "from", "team", "goal", "horizon", "state", "only", "q", "page"),
    "/dependencies/new": ("bulk", "s", "team"),
    "/dependencies/preview": ("s", "team"),
    "/export/dependencies.csv": ("needs", "from", "state", "only", "q"),
    "/goals": ("q", "team"),
    "/goals/new": ("team",),
    "/history": ("before", "who", "what", "since", "of"),
    "/horizons": ("q",),
    "/map.csv": ("focus", "depth", "level", "state"),
    "/names/people": ("field", "list", "q", "extra"),
    "/people": ("q", "team", "place", "page"),
    "/places": ("q",),
    "/search": ("q",),
    "/search/palette": ("q",),
    "/sessions": ("q", "team", "person"),
    "/sessions/suggestion": (
        "horizon",
        "state",
        "people_max",
        "unrated_gap",
        "attendance",
        "queues_whole",
        "near",
        "page",
        "session",
        "q",
        "whole",
    ),
    "/sessions/suggestion/dial": ("horizon", "state", "seat_cost", "unrated_gap"),
    "/sessions/suggestion/load": ("q", "page", "state"),
    "/sessions/suggestion/people.csv": ("horizon", "state", "people_max"),
    "/sessions/team/new": ("team",),
    "/sign-in": ("next", "q"),
    "/teams": ("q", "area"),
}
FORMS = {
    "/dependencies": {"s": "Payments needs a token from Web Shop", "team": "", "shown": ""},
    "/dependencies/1": {
        "what": "Token", "consumer": "payments", "provider": "partner-api", "needed_by": "", "goal": "",
        "criteria": "", "horizon": "", "kind": "hand-over", "item": "", "version": "1",
    },
    "/dependencies/1/counter": {
        "day": "2026-03-02", "what": "", "provider": "partner-api", "text": "", "heard": "", "key": "",
        "next": "", "version": "1",
    },
    "/dependencies/1/decline": {"reasons": "no capacity", "text": "", "heard": "", "key": "", "version": "1"},
    "/dependencies/1/accept": {"day": "", "conditions": "", "key": "", "next": "", "version": "1"},
    "/dependencies/1/message": {"text": "?", "key": "", "version": "1"},
    "/dependencies/check": {"lines": "Payments needs a token from Web Shop"},
    "/dependencies/many": {
        "number": "1", "take": "1", "what": "X", "consumer": "payments", "provider": "web-shop", "by": "",
        "goal": "", "kind": "hand-over", "consumer_read": "", "provider_read": "",
    },
    "/goals": {"outcome": "Calm", "due_on": "", "teams": "payments", "version": ""},
    "/horizons": {"name": "Q1", "starts_on": "", "ends_on": "", "version": ""},
    "/imports": {"cycle": ""},
    "/imports/1/choices": {"chosen": "1", "turn": "", "source": "", "turn_of": ""},
    "/people": {
        "name": "Nell", "email": "", "place": "", "zone": "UTC", "start": "09:00", "end": "17:00",
        "days": "0", "teams": "payments", "version": "",
    },
    "/places": {"name": "Leeds", "zone": "UTC", "version": ""},
    "/sessions/suggestion/kept": {"shown": ""},
    "/sessions/suggestion/kept?horizon=Q9&people_max=x": {"shown": ""},
    "/sessions/suggestion/kept/delete": {"version": ""},
    "/sessions/suggestion/rules": {"people_max": "", "unrated_gap": "", "attendance": "", "queues_whole": ""},
    "/sessions/team": {
        "title": "Ours", "host": "payments", "attendees": "olive-owner", "minutes": "60",
        "local_minutes": "0", "cadence_days": "14", "weekday": "", "start": "", "zone": "",
        "place": "", "version": "",
    },
    "/sign-in": {"person": "", "next": ""},
    "/teams": {"name": "Ferries", "area": "", "purpose": "", "place": "", "decides": "olive-owner"},
    "/undo/99": {"next": ""},
}  # fmt: skip


@pytest.fixture
def town(session: Session, browser: Browser) -> Session:
    """One record of each kind, and their owner signed in."""
    cast = make_cast(session)
    make_goal(session, (cast.team, cast.partner_team))
    make_place(session, name="Hull")
    make_horizon(session)
    make_session(session, cast.team)
    make_dependency(session, cast.team, cast.partner_team)
    browser.sign_in(cast.owner)
    return session


def encoded(values: dict[str, str]) -> str:
    """Return the values as a browser sends them, half characters included."""
    return "&".join(
        f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in values.items()
    )


def send(browser: Browser, address: str, values: dict[str, str]) -> TestResponse:
    body = encoded(values).encode()
    return browser._post(address, body, content_type="application/x-www-form-urlencoded")


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("address", QUERIES)
def test_no_question_in_an_address_breaks_a_page(browser: Browser, address: str) -> None:
    failed = []
    for name in (*QUERIES[address], "unknown", "unknown[]"):
        for value in HOSTILE:
            status = browser.status(f"{address}?{encoded({name: value})}&{name}=again")[0]
            if status not in {200, 303, 404, 422}:
                failed.append((name, value[:30], status))

    assert failed == []


@pytest.mark.parametrize("address", FORMS)
def test_no_field_of_a_form_breaks_a_page(browser: Browser, town: Session, address: str) -> None:
    failed: list[tuple[object, ...]] = []
    before = everything(town)
    for name in (*FORMS[address], "unknown"):
        for value in HOSTILE:
            answer = send(browser, address, FORMS[address] | {name: value})
            after = everything(town)
            before, is_saved = after, after != before
            if answer.status_code not in {200, 303, 400, 403, 404, 409, 422}:
                failed.append((name, value[:30], answer.status_code))
            elif answer.status_code != 303 and is_saved:
                failed.append((name, value[:30], answer.status_code, "saved though refused"))
        browser.sign_in("olive-owner")

    assert failed == []


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    "address",
    [
        "/dependencies/9223372036854775808",
        "/dependencies/2147483648/edit",
        "/dependencies/" + "9" * 5_000,
        "/dependencies/-1",
        "/dependencies/1.5",
        "/teams/" + "x" * 5_000,
        "/teams/%00",
        "/people/%ff",
        "/places/%00",
        "/horizons/%ed%a0%80",
        "/goals/..%2f..%2fetc",
        "/sessions/team/%0d%0aSet-Cookie:x=1",
        "/map.exe",
        "/map?focus=nobody",
        "/export/secrets.csv",
        "/static/../pyproject.toml",
        "/static/%2e%2e/pyproject.toml",
        "/static/%00",
    ],
)
def test_an_address_of_nothing_is_a_page_that_says_so(browser: Browser, address: str) -> None:
    answer = browser._get(address)

    assert answer.status_code == 404
    assert "There is" in answer.text


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("page", ["-1", "0", "x", "9" * 30, ""])
def test_a_page_number_beyond_the_list_shows_a_page(browser: Browser, page: str) -> None:
    assert browser.open(f"/dependencies?page={page}").heading


REFUSED = [
    ("/dependencies/1", {"provider": "payments"}, "a team cannot need something from itself"),
    ("/dependencies/1", {"provider": "nobody"}, "is not in the list"),
    ("/dependencies/1", {"needed_by": "31 Feb"}, "“31 Feb” is no date; write it like 2026-03-02"),
    ("/dependencies/1", {"needed_by": "2026-13-01"}, "“2026-13-01” is no date"),
    ("/dependencies/1", {"what": ""}, "is empty; say what is needed"),
    ("/dependencies/1", {"what": "x" * 501}, "at most 500 characters can be kept"),
    ("/dependencies/many", {"provider": "payments"}, "would need it from itself"),
    ("/dependencies/many", {"by": "31 Feb"}, "“31 Feb” is no day: February has 28 days"),
    ("/teams", {"name": "PAYMENTS "}, "there is a team “Payments” already"),
    ("/places", {"name": "hull"}, "there is a place “Hull” already"),
    ("/horizons", {"name": "sprint  1"}, "there is a horizon “Sprint 1” already"),
    ("/horizons", {"starts_on": "2026-03-02", "ends_on": "2026-03-01"}, "first day"),
    ("/people", {"name": "olive owner"}, "there is a Olive Owner already"),
    ("/people", {"email": "nobody"}, "“nobody” is no e-mail address; expected name@example.org"),
    ("/people", {"start": "18:00"}, "choose a later time"),
    ("/sessions/team", {"minutes": "NaN"}, "“NaN” is no whole number; write it like 60"),
    ("/sessions/team", {"minutes": "1441"}, "1440"),
    ("/sessions/suggestion/rules", {"people_max": "31"}, "expected a whole number from 2 to 30"),
]


@pytest.mark.parametrize(("address", "wrong", "sentence"), REFUSED)
def test_a_refusal_says_what_was_read_and_what_would_do(
    browser: Browser, town: Session, address: str, wrong: dict[str, str], sentence: str
) -> None:
    before = everything(town)

    page = browser.send(address, FORMS[address] | wrong, status=422)

    assert sentence in page.words(f".//{HTML}main")
    assert everything(town) == before


def upload(browser: Browser, data: bytes, *, status: int) -> Page:
    """Send a file; by hand, because the test client leaves its copy of a large one open."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="x.json"\r\n\r\n'
    answer = browser._post(
        "/imports", head + data + b"\r\n--x--\r\n", content_type="multipart/form-data; boundary=x"
    )
    return browser._page(answer, status)


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("organisation.json", b"0" * 20_000_000)
    return packed.getvalue()


UPLOADS = {
    "nothing": (b"", "the file is empty"),
    "binary": (b"\x00\x01\x02" * 1_000, "this is not a text file"),
    "broken UTF-8": (b'{"teams": "\xff\xfe"}', "the file is not UTF-8: byte"),
    "packed": (zip_bomb(), "this workbook cannot be read"),
    "100,000 lines": (b"Payments needs a file\n" * 100_000, "the columns of this table"),
    "deep": (b"[" * 1_000_000, "nested more than 50 deep"),
    "another shape": (b"[1, 2]", "of no kind that is known here"),
    "no number": (b"[1e999]", "the number 1e999 is too large"),
    "cut off": (b'{"format": "planner-organisation/1", "teams": [', "this is not JSON"),
}


@pytest.mark.parametrize("kind", UPLOADS)
def test_a_file_that_cannot_be_read_is_refused_with_what_it_is(
    browser: Browser, town: Session, kind: str
) -> None:
    data, sentence = UPLOADS[kind]
    before = everything(town)

    page = upload(browser, data, status=422)

    assert sentence in page.words(f".//{HTML}main")
    assert everything(town) == before


def test_a_file_of_over_a_hundred_megabytes_is_refused_before_it_is_read(
    browser: Browser, town: Session
) -> None:
    before = everything(town)

    page = upload(browser, b"0" * 106_000_000, status=413)

    assert "larger than what can be taken" in page.words(f".//{HTML}main")
    assert everything(town) == before


def test_no_other_form_takes_as_much_as_the_one_for_files(browser: Browser, town: Session) -> None:
    before = everything(town)

    for path in ("/dependencies/check", "/teams"):
        answer = browser._post(path, b"0" * 23_000_000, content_type="multipart/form-data; boundary=x")
        assert answer.status_code == 413

    assert everything(town) == before


def test_no_wrong_type_in_a_file_breaks_the_import(browser: Browser, town: Session) -> None:
    recorded, before = json.loads(export_organisation(town)), everything(town)
    wrong: tuple[object, ...] = (
        None,
        1.5,
        2**63,
        True,
        [],
        {},
        [None],
        "x" * 10_000,
        "a\x00b",
        "\ud800",
        "31 Feb",
    )
    failed = []
    for noun in [name for name, value in recorded.items() if isinstance(value, list) and value]:
        for field in recorded[noun][0]:
            for value in wrong:
                file = {**recorded, noun: [recorded[noun][0] | {field: value}, *recorded[noun][1:]]}
                town.execute(delete(AttemptRow))  # nobody brings so many in an hour
                town.commit()
                answer = bring_in(browser, file)
                if answer.status_code == 303:
                    bring_in(browser, recorded)
                elif answer.status_code not in {403, 422} or everything(town) != before:
                    failed.append((noun, field, repr(value)[:20], answer.status_code))
                before = everything(town)

    assert failed == []


def bring_in(browser: Browser, file: object) -> TestResponse:
    """Upload a file and confirm it; return the last answer, or the one that refused it."""
    answer = browser._post("/imports", {"file": (io.BytesIO(export(file)), "x.json")})
    if answer.status_code != 303:
        return answer
    return browser._post(f"{answer.location}/confirm", {})


def export(recorded: object) -> bytes:
    return json.dumps(recorded).encode()
