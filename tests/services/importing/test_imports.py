"""Bringing in what other tools know: once, again, turned round, changed on either side, by whomever."""

from __future__ import annotations

import io
import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from planner.domain.errors import InvalidInput, NotFound, StaleVersion
from planner.domain.importing import Direction, Field
from planner.domain.negotiation.acts import Act, Move
from planner.domain.transfer import dependency_draft
from planner.interchange.tools import Source, source_of
from planner.services import desk as services_desk
from planner.services.accounts.attempts import TooOften
from planner.services.actor import Actor
from planner.services.dependencies import change_dependency
from planner.services.desk import Desk, take_one
from planner.services.importing import import_work, imports
from planner.services.importing.import_plans import LEFT, NEW, Choices, TeamMatch
from planner.services.importing.import_steps import WRITING, import_now, read_ahead, write_now
from planner.services.importing.imports import (
    begin_import,
    choose,
    confirm,
    read_import,
    stop_import,
)
from planner.services.negotiations import negotiate
from planner.services.organisation import read_organisation
from planner.storage.db import only_reading
from planner.storage.jobs import SILENT_AFTER, JobState
from planner.storage.models import UploadPartRow, UploadRow
from tests.factories import MONDAY, OPERATOR, make_actor, make_cast, make_team
from tests.support.data import published
from tests.support.digest import everything

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import URL

    from planner.services.exchange import ImportReport

MOST = 20 * 1024 * 1024
HEADER = (
    "Issue key,Summary,Custom field (Team),Due date,Inward issue link (Blocks),Outward issue link (Blocks)"
)
JIRA = f"""{HEADER}
PAY-1,Checkout,Payments,2026-03-02,ID-7,
ID-7,Login token,Identity,2026-02-27,,PAY-1
"""


def jira(text: str = JIRA) -> list[Source]:
    return [source_of(text.encode(), "jira.csv")]


def bring(session: Session, text: str = JIRA, actor: Actor = OPERATOR, **choices: object) -> ImportReport:
    return import_now(session, actor, jira(text), replace(Choices(), **choices))  # type: ignore[arg-type]


def upload(session: Session, actor: Actor, text: str = JIRA) -> int:
    return begin_import(session, actor, [("jira.csv", io.BytesIO(text.encode()))], most=MOST)


def needs(session: Session) -> list[tuple[str, str, str, date | None]]:
    """Return who needs what from whom by when."""
    organisation = read_organisation(session)
    name = {team.id: team.name for team in organisation.teams}
    return [
        (name[d.consumer_id], d.what, name[d.provider_id], d.needed_by) for d in organisation.dependencies
    ]


THE_NEED = ("Payments", "Login token", "Identity", date(2026, 3, 2))

LAYOUTS = (
    ("asana.csv",),
    ("azure-devops-workitems.json",),
    ("github-issues.json",),
    ("jira-rest.json",),
    ("jira.csv",),
    ("linear.csv",),
    ("openproject-relations.json", "azure-devops.csv"),
    ("teams.dot",),
    ("teams.graphml",),
    ("teams.mmd",),
)


@pytest.mark.parametrize("names", LAYOUTS, ids=" + ".join)
def test_every_layout_loaded_twice_gives_the_expected_needs_and_no_change(
    session: Session, names: tuple[str, ...]
) -> None:
    expected = json.loads(published("formats/expected.json").read_text())
    files = [source_of(published(f"formats/{name}").read_bytes(), name) for name in names]
    first = import_now(session, OPERATOR, files, Choices())
    before = everything(session)

    second = import_now(session, OPERATOR, files, Choices())

    organisation = read_organisation(session)
    key = {team.id: team.name for team in organisation.teams}
    counts: dict[tuple[str, str], int] = {}
    for one in organisation.dependencies:
        pair = (key[one.consumer_id], key[one.provider_id])
        counts[pair] = counts.get(pair, 0) + 1
    assert counts == {(p["from_team"], p["to_team"]): p["count"] for p in expected["pairs"]}
    assert (len(organisation.dependencies), len(counts), len(organisation.teams)) == (65, 33, 17)
    assert first.added["dependencies"] == 65
    assert (second.added, second.changed, second.change_id) == ({}, 0, None)
    assert everything(session) == before


def test_a_catalogue_loaded_twice_gives_each_pair_once_and_no_change(session: Session) -> None:
    expected = json.loads(published("formats/expected.json").read_text())
    file = source_of(published("formats/backstage-catalog.yaml").read_bytes(), "catalog.yaml")

    first = import_now(session, OPERATOR, [file], Choices())
    second = import_now(session, OPERATOR, [file], Choices())

    found = sorted((consumer, provider) for consumer, _, provider, _ in needs(session))
    assert found == sorted((pair["from_team"], pair["to_team"]) for pair in expected["pairs"])
    assert (first.added["dependencies"], second.added, second.changed) == (33, {}, 0)


def test_a_file_without_links_brings_its_teams_and_says_so(session: Session) -> None:
    file = source_of(published("formats/azure-devops.csv").read_bytes(), "azure-devops.csv")

    seen = read_ahead(session, OPERATOR, [file], Choices())
    import_now(session, OPERATOR, [file], Choices())

    assert (seen.items, seen.links, "holds no links" in seen.notes[0]) == (113, 0, True)
    organisation = read_organisation(session)
    assert (len(organisation.teams), organisation.dependencies) == (17, ())


def test_the_look_says_in_words_what_a_type_of_link_means(session: Session) -> None:
    make_team(session, name="Payments")

    seen = read_ahead(session, OPERATOR, jira(), Choices())

    kind = seen.kinds[0]
    assert (kind.consumer, kind.what, kind.provider) == ("Payments", "Login token", "Identity")
    assert (kind.direction, kind.links, seen.doubled, seen.new) == ("gives", 1, 1, 1)
    assert seen.teams == (
        TeamMatch("Identity", 1, NEW),
        TeamMatch("Payments", 1, "payments", (("payments", "Payments"),), is_certain=True),
    )
    assert needs(session) == []


def test_a_link_is_turned_round_and_again_without_a_second_dependency(session: Session) -> None:
    bring(session)
    turned = {"Blocks": Direction.NEEDS}

    report = bring(session, directions=turned)

    assert (report.changed, report.added) == (1, {})
    assert needs(session) == [("Identity", "Checkout", "Payments", date(2026, 2, 27))]
    bring(session, directions={"Blocks": Direction.GIVES})
    assert needs(session) == [THE_NEED]


def test_a_direction_once_confirmed_is_remembered_for_files_of_the_same_shape(session: Session) -> None:
    bring(session, directions={"Blocks": Direction.NEEDS}, source="Our Jira")

    seen = read_ahead(session, OPERATOR, jira(), Choices())

    assert seen.is_remembered
    assert (seen.kinds[0].direction, seen.source, seen.same) == ("needs", "Our Jira", 1)


def test_what_changed_in_the_file_alone_follows(session: Session) -> None:
    bring(session)

    report = bring(session, JIRA.replace("Login token", "Signed token").replace("2026-03-02", "2026-03-09"))

    assert (report.changed, report.kept) == (1, 0)
    assert needs(session) == [("Payments", "Signed token", "Identity", date(2026, 3, 9))]


def reword(session: Session, what: str) -> None:
    """Change the one dependency by hand, as a person would."""
    organisation = read_organisation(session)
    draft = dependency_draft(organisation, organisation.dependencies[0])
    change_dependency(
        session, OPERATOR, organisation.dependencies[0].id, replace(draft, what=what), version=None
    )


def test_what_people_changed_here_stays_and_is_asked_about_when_the_file_changes_too(
    session: Session,
) -> None:
    bring(session)
    reword(session, "Login token for guests")
    changed = JIRA.replace("Login token", "Signed token")

    same, other = bring(session), bring(session, changed)
    seen = read_ahead(session, OPERATOR, jira(changed), Choices())

    assert (same.kept, other.kept, other.changed) == (0, 1, 0)
    assert [w for _, w, _, _ in needs(session)] == ["Login token for guests"]
    question = seen.questions[0]
    assert question.fields == (("what", "Login token for guests", "Signed token"),)
    assert (question.may_take, question.is_agreed) == (True, False)


def test_the_word_of_the_file_is_taken_where_somebody_says_so(session: Session) -> None:
    bring(session)
    reword(session, "Login token for guests")
    changed = JIRA.replace("Login token", "Signed token")
    key = read_organisation(session).dependencies[0].key

    report = bring(session, changed, take=frozenset({key}))

    assert (report.changed, report.kept) == (1, 0)
    assert [w for _, w, _, _ in needs(session)] == ["Signed token"]


def make_promise(session: Session) -> None:
    """Let both sides have people, bring the need in, and let the provider say yes."""
    bring(session, JIRA.replace("Identity", "Partner API"))
    dependency = read_organisation(session).dependencies[0]
    partner = make_actor(session, "pat-partner")
    negotiate(session, partner, dependency.id, Move(Act.ACCEPT, day=date(2026, 3, 2)), version=None, key=None)


def test_what_was_agreed_here_is_never_overwritten_unasked(session: Session) -> None:
    make_cast(session)
    make_promise(session)
    changed = JIRA.replace("Identity", "Partner API").replace("2026-03-02", "2026-02-16")

    report = bring(session, changed)
    seen = read_ahead(session, OPERATOR, jira(changed), Choices())

    assert (report.changed, report.kept) == (0, 1)
    assert needs(session) == [("Payments", "Login token", "Partner API", date(2026, 3, 2))]
    question = seen.questions[0]
    assert question.fields == (("needed by", "2026-03-02", "2026-02-16"),)
    assert question.is_agreed


def test_an_import_changes_only_what_its_owner_could_change_by_hand(session: Session) -> None:
    make_cast(session)
    bring(session, JIRA.replace("Identity", "Partner API"))
    outsider = make_actor(session, "otto-outsider")
    changed = JIRA.replace("Identity", "Partner API").replace("Login token", "Anything")

    report = bring(session, changed, outsider)
    seen = read_ahead(session, outsider, jira(changed), Choices())

    assert (report.changed, report.kept) == (0, 1)
    assert [q.may_take for q in seen.questions] == [False]
    assert [w for _, w, _, _ in needs(session)] == ["Login token"]


def test_teams_are_matched_made_or_left_out_as_somebody_says(session: Session) -> None:
    make_team(session, name="Login and identity")

    report = bring(session, teams={"Identity": "login-and-identity", "Payments": NEW})
    left = bring(session, JIRA.replace("PAY-1", "PAY-2"), teams={"Identity": LEFT})

    assert needs(session) == [("Payments", "Login token", "Login and identity", date(2026, 3, 2))]
    assert report.added == {"teams": 1, "dependencies": 1}
    assert [remark.message for remark in left.remarks] == ["a team was left out"]


def test_the_team_is_read_from_the_column_that_somebody_chose(session: Session) -> None:
    text = JIRA.replace("Custom field (Team)", "Squad")
    with_project = text.replace("Issue key", "Issue key,Project name").replace("PAY-1,C", "PAY-1,Shop,C")
    with_project = with_project.replace("ID-7,Login", "ID-7,Core,Login")

    usual = read_ahead(session, OPERATOR, jira(with_project), Choices())
    chosen = read_ahead(session, OPERATOR, jira(with_project), Choices(fields={Field.TEAM: "Squad"}))

    assert [team.read for team in usual.teams] == ["Core", "Shop"]
    assert [team.read for team in chosen.teams] == ["Identity", "Payments"]


def test_of_each_person_the_newest_five_imports_are_kept(session: Session) -> None:
    make_cast(session)
    owner, partner = make_actor(session, "olive-owner"), make_actor(session, "pat-partner")
    theirs = upload(session, partner)

    mine = [upload(session, owner) for _ in range(6)]

    assert [read_import(session, owner, number).state for number in mine] == ["stopped", *["ready"] * 5]
    assert read_import(session, partner, theirs).state == "ready"
    assert set(session.scalars(select(UploadPartRow.upload_id))) == {theirs, *mine[1:]}


def test_ten_imports_an_hour_are_taken_from_each_person(session: Session) -> None:
    make_cast(session)
    olive, pat = make_actor(session, "olive-owner"), make_actor(session, "pat-partner")
    for _time in range(10):
        upload(session, olive)
    before = everything(session)

    with pytest.raises(TooOften, match="Wait 60 minutes, then try again"):
        upload(session, olive)

    assert everything(session) == before
    assert upload(session, pat)
    assert upload(session, replace(olive, at=olive.at + timedelta(hours=1)))


def test_a_table_that_is_mended_and_sent_again_counts_once(session: Session) -> None:
    make_cast(session)
    olive = make_actor(session, "olive-owner")
    for _time in range(20):
        with pytest.raises(InvalidInput):
            upload(session, olive, "Who,Why\nme,so\n")

    assert all(upload(session, olive) for _time in range(10))


def test_a_large_file_that_cannot_be_read_counts(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    make_cast(session)
    olive = make_actor(session, "olive-owner")
    monkeypatch.setattr(imports, "AT_ONCE", 5)
    for _time in range(10):
        with pytest.raises(InvalidInput):
            upload(session, olive, "%PDF and nothing that is known")

    with pytest.raises(TooOften):
        upload(session, olive)


def test_an_upload_is_looked_at_chosen_for_and_confirmed_once(session: Session) -> None:
    make_cast(session)
    owner = make_actor(session, "olive-owner")
    number = upload(session, owner)
    seen = read_import(session, owner, number)
    assert seen.look is not None
    assert (seen.state, seen.look.kinds[0].direction) == ("ready", "gives")

    choose(
        session, owner, number, replace(seen.choices, directions={"Blocks": Direction.NEEDS}), turn=seen.turn
    )
    turned = read_import(session, owner, number)
    confirm(session, owner, number, turn=turned.turn)
    confirm(session, owner, number, turn=turned.turn)

    done = read_import(session, owner, number)
    assert done.report is not None
    assert (done.state, done.report.added) == ("done", {"teams": 1, "dependencies": 1})
    assert needs(session) == [("Identity", "Checkout", "Payments", date(2026, 2, 27))]
    assert session.scalars(select(UploadPartRow)).all() == []


def test_what_was_looked_at_is_what_is_confirmed(session: Session) -> None:
    make_cast(session)
    owner = make_actor(session, "olive-owner")
    number = upload(session, owner)
    choose(session, owner, number, Choices(directions={"Blocks": Direction.NEEDS}))

    with pytest.raises(StaleVersion):
        confirm(session, owner, number, turn=0)

    assert needs(session) == []


def test_an_upload_is_nobody_elses(session: Session) -> None:
    make_cast(session)
    number = upload(session, make_actor(session, "olive-owner"))
    partner = make_actor(session, "pat-partner")

    for act in (read_import, confirm, stop_import):
        with pytest.raises(NotFound):
            act(session, partner, number)


def test_a_file_that_cannot_be_read_leaves_nothing_behind(session: Session) -> None:
    make_cast(session)
    owner = make_actor(session, "olive-owner")

    with pytest.raises(InvalidInput):
        upload(session, owner, "Who,What\nPayments,Token\n")

    assert session.scalars(select(UploadRow)).all() == []


def large() -> str:
    """A file over a megabyte: a need in every other row."""
    lines = [HEADER]
    for number in range(6_000):
        lines.append(f"PAY-{number},{'Checkout ' * 10},Payments,2026-03-02,ID-{number},")
        lines.append(f"ID-{number},{'Token ' * 10},Identity,,,")
    return "\n".join(lines)


def work(session: Session) -> bool:
    return take_one(session, {imports.KIND: import_work.run_import}, worker_id="w", clock=lambda: MONDAY)


@pytest.mark.slow
def test_a_large_file_is_looked_through_and_written_by_a_worker(session: Session) -> None:
    make_cast(session)
    owner = make_actor(session, "olive-owner")
    number = upload(session, owner, large())
    assert read_import(session, owner, number).state == "looking"
    work(session)
    seen = read_import(session, owner, number)
    assert seen.look is not None
    assert (seen.state, seen.look.new) == ("ready", 6_000)

    confirm(session, owner, number, turn=seen.turn)
    assert read_import(session, owner, number).state == "writing"
    work(session)

    session.expire_all()
    done = read_import(session, owner, number)
    assert done.report is not None
    assert (done.state, done.report.added["dependencies"]) == ("done", 6_000)
    assert session.scalars(select(UploadPartRow)).all() == []


@pytest.mark.slow
def test_a_large_import_is_stopped_and_its_file_removed(session: Session) -> None:
    make_cast(session)
    owner = make_actor(session, "olive-owner")
    number = upload(session, owner, large())

    stop_import(session, owner, number)

    assert work(session) is False
    assert read_import(session, owner, number).state == "stopped"
    assert session.scalars(select(UploadPartRow)).all() == []


def confirmed(session: Session, owner: Actor) -> int:
    """A large import that waits for a worker to write it."""
    number = upload(session, owner, large())
    work(session)
    confirm(session, owner, number)
    return number


@pytest.mark.slow
def test_the_writing_tells_how_many_rows_are_behind_it(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_cast(session)
    owner = make_actor(session, "olive-owner")
    number = confirmed(session, owner)
    seen: list[tuple[str, int, int]] = []
    url = session.get_bind().engine.url

    def told(desk: Desk, done: int, total: int) -> None:
        usual(desk, done, total)
        with only_reading(), closing_session(url) as other:
            found = read_import(other, owner, number)
            seen.append((found.phase, found.done, found.total))

    usual = Desk.progress_aside
    monkeypatch.setattr(Desk, "progress_aside", told)  # it is asked for what somebody else sees meanwhile
    monkeypatch.setattr(services_desk, "TELL_EVERY", timedelta(0))

    work(session)

    assert seen == [("writing", done, 6_001) for done in (1, *range(1_001, 6_002, 1_000))]


@pytest.mark.slow
def test_an_import_is_stopped_while_it_is_written_and_nothing_of_it_stays(
    session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_cast(session)
    owner = make_actor(session, "olive-owner")
    before = everything(session)
    number = confirmed(session, owner)
    url = session.get_bind().engine.url
    stopping: list[Thread] = []

    def told(desk: Desk, done: int, total: int) -> None:
        if done == 3_001:
            stopping.append(Thread(target=stop_elsewhere, args=(url, owner, number)))
            stopping[0].start()
            until(lambda: not usual_goes_on(desk, done, total))
        usual(desk, done, total)

    def usual_goes_on(desk: Desk, done: int, total: int) -> bool:
        stopping[0].join(0.05)
        usual(desk, done, total)
        return not desk.shall_stop()

    usual = Desk.progress_aside
    monkeypatch.setattr(Desk, "progress_aside", told)  # so that it is stopped in the middle, every time
    monkeypatch.setattr(services_desk, "TELL_EVERY", timedelta(0))

    work(session)
    stopping[0].join()

    session.expire_all()
    assert read_import(session, owner, number).state == "stopped"
    assert everything(session) == before
    assert session.scalars(select(UploadPartRow)).all() == []
    assert list(tmp_path.glob("*.job-*")) == []


@pytest.mark.slow
def test_an_import_whose_worker_was_killed_while_writing_is_written_once_by_another(session: Session) -> None:
    make_cast(session)
    owner = make_actor(session, "olive-owner")
    number = confirmed(session, owner)

    def killed(session: Session, desk: Desk) -> JobState:
        def tell(phase: str, done: int, total: int) -> None:
            if phase == WRITING and total:
                desk.progress_aside(done, total)
                if done > 3_000:
                    raise KeyboardInterrupt

        write_now(session, owner, number, tell)
        return JobState.DONE

    with pytest.raises(KeyboardInterrupt):
        take_one(session, {imports.KIND: killed}, worker_id="first", clock=lambda: MONDAY)
    session.rollback()
    later = MONDAY + SILENT_AFTER
    take_one(
        session,
        {imports.KIND: import_work.run_import},
        worker_id="second",
        clock=lambda: later + SILENT_AFTER,
    )

    session.expire_all()
    done = read_import(session, owner, number)
    assert done.report is not None
    assert (done.state, done.report.added["dependencies"], len(needs(session))) == ("done", 6_000, 6_000)


def stop_elsewhere(url: URL, owner: Actor, number: int) -> None:
    with only_reading(), closing_session(url) as other:
        stop_import(other, owner, number)


@contextmanager
def closing_session(url: URL) -> Iterator[Session]:
    """A session of somebody else on the same database."""
    engine = create_engine(url)
    with Session(engine) as other:
        yield other
    engine.dispose()


def until(happened: Callable[[], bool]) -> None:
    """Ask until it is so; what is asked for takes its time, which is why nobody sleeps."""
    ends = monotonic() + 60  # seconds, for machines that are busy
    while not happened():
        assert monotonic() < ends


@pytest.mark.slow
def test_an_import_that_its_worker_broke_on_says_so(session: Session) -> None:
    make_cast(session)
    owner = make_actor(session, "olive-owner")
    number = upload(session, owner, large())

    def break_down(_session: Session, _desk: Desk) -> JobState:
        raise ZeroDivisionError

    take_one(session, {imports.KIND: break_down}, worker_id="w", clock=lambda: MONDAY)

    found = read_import(session, owner, number)
    assert (found.state, [problem.message for problem in found.problems]) == ("refused", [imports.BROKEN])
