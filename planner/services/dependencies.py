"""What teams need from one another: recorded one by one or many at once, changed, removed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.errors import InvalidInput, NotFound, Problem
from planner.domain.model import DependencyState
from planner.domain.text import SENTENCE_LONGEST, clean
from planner.domain.transfer import TeamDraft
from planner.services.changes import expect_version, recorded
from planner.services.keys import expect_free_name, free_key
from planner.services.notices import tell_asked
from planner.services.permissions import Right, require
from planner.services.teams import with_people
from planner.storage.models import DependencyRow, TeamRow
from planner.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from planner.domain.transfer import DependencyDraft
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange

PROVIDERS_ANSWERS = frozenset(
    {
        DependencyState.COUNTERED,
        DependencyState.AGREED,
        DependencyState.DECLINED,
        DependencyState.DELIVERED,
    }
)
CONSUMERS_ANSWERS = frozenset({DependencyState.CONFIRMED, DependencyState.WITHDRAWN})


def record_dependencies(
    session: Session, actor: Actor, drafts: Sequence[DependencyDraft], *, new_teams: Sequence[str] = ()
) -> tuple[list[str], OpenChange]:
    """Add dependencies, and the teams they name for the first time, as one change; return the keys.

    A draft names a new team by the name given in `new_teams`. The state is `asked` whatever the
    draft says: a promise is made by the other side. Raises InvalidInput, nothing is saved then.
    """
    require(actor, Right.RECORD)
    if not drafts:
        raise InvalidInput(Problem("", "there is nothing to add; write at least one line"))
    store = Store(session)
    checked = [_checked(draft, number) for number, draft in enumerate(drafts, start=1)]
    summary = _summary(checked, list(dict.fromkeys(new_teams)))
    keys: list[str] = []
    with recorded(session, actor, "dependency:recorded", summary) as change:
        team_keys = {name: _add_team(store, name) for name in dict.fromkeys(new_teams)}
        for draft in checked:
            key = free_key(store, DependencyRow, f"{draft.consumer} {draft.provider} {draft.what}")
            store.save_dependency(_asked(draft, key, team_keys))
            keys.append(key)
        tell_asked(session, actor, keys)
    return keys, change


def change_dependency(
    session: Session, actor: Actor, dependency_id: int, draft: DependencyDraft, *, version: int | None
) -> OpenChange:
    """Change a dependency. Dates and answers of one side are refused to everybody else.

    Raises NotFound, NotAllowed, InvalidInput, StaleVersion.
    """
    store = Store(session)
    row = existing_dependency(session, dependency_id)
    require(actor, Right.CHANGE_DEPENDENCY, with_people(session, [row.consumer_id, row.provider_id]))
    _require_answers(actor, row, draft)
    expect_version(row, version)
    draft = replace(_checked(draft, 1), key=row.key)
    if (row.consumer_id, row.provider_id) != (
        store.id_of(TeamRow, draft.consumer),
        store.id_of(TeamRow, draft.provider),
    ):
        # nobody on the new side has promised anything yet
        draft = replace(draft, state=DependencyState.ASKED, promised_for=None)
    summary = f"Changed “{draft.what}”"
    with recorded(session, actor, "dependency:changed", summary) as change:
        store.save_dependency(draft, row)
    return change


def remove_dependency(session: Session, actor: Actor, dependency_id: int) -> OpenChange:
    """Remove a dependency. Raises NotFound, NotAllowed."""
    row = existing_dependency(session, dependency_id)
    require(actor, Right.CHANGE_DEPENDENCY, with_people(session, [row.consumer_id, row.provider_id]))
    with recorded(session, actor, "dependency:removed", f"Removed “{row.what}”") as change:
        Store(session).remove(row)
    return change


def existing_dependency(session: Session, dependency_id: int) -> DependencyRow:
    """Return the row. Raises NotFound."""
    row = session.get(DependencyRow, dependency_id)
    if row is None:
        raise NotFound(f"There is no dependency {dependency_id}.")
    return row


def _require_answers(actor: Actor, row: DependencyRow, draft: DependencyDraft) -> None:
    state_changes = row.state != draft.state.value
    if row.promised_for != draft.promised_for or (state_changes and draft.state in PROVIDERS_ANSWERS):
        require(actor, Right.ANSWER_AS_PROVIDER, [row.provider_id])
    if state_changes and draft.state in CONSUMERS_ANSWERS:
        require(actor, Right.ANSWER_AS_CONSUMER, [row.consumer_id])


def _checked(draft: DependencyDraft, number: int) -> DependencyDraft:
    where = "what" if number == 1 else f"line {number}"
    if draft.consumer == draft.provider:
        raise InvalidInput(
            Problem("provider", "a team cannot need something from itself; choose another team")
        )
    if draft.gap is not None and not 0 <= draft.gap <= 1:
        raise InvalidInput(Problem("gap", f"is {draft.gap}; expected a number from 0 to 1"))
    return replace(
        draft,
        what=clean(draft.what, where=where, longest=SENTENCE_LONGEST),
        item=clean(draft.item, where="item", longest=SENTENCE_LONGEST, required=False),
    )


def _add_team(store: Store, name: str) -> str:
    name = clean(name, where="team")
    expect_free_name(store, TeamRow, name, None)
    return store.save_team(TeamDraft(free_key(store, TeamRow, name), name)).key


def _asked(draft: DependencyDraft, key: str, new_teams: dict[str, str]) -> DependencyDraft:
    return replace(
        draft,
        key=key,
        consumer=new_teams.get(draft.consumer, draft.consumer),
        provider=new_teams.get(draft.provider, draft.provider),
        state=DependencyState.ASKED,
        promised_for=None,
    )


def _summary(drafts: Sequence[DependencyDraft], new_teams: Sequence[str]) -> str:
    added = f"“{drafts[0].what}”" if len(drafts) == 1 else f"{len(drafts)} dependencies"
    teams = f", new teams: {', '.join(new_teams)}" if new_teams else ""
    return f"Added {added}{teams}"
