"""What teams need from one another: recorded one by one or many at once, changed, removed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.errors import InvalidInput, NotFound, NotNow, Problem
from planner.domain.model import DependencyState, TeamId
from planner.domain.negotiation.acts import Act
from planner.domain.negotiation.rules import STATE_NAMES
from planner.domain.text import SENTENCE_LONGEST, clean, clean_list
from planner.domain.transfer import TeamDraft, dependency_draft
from planner.services.changes import asked_before, expect_version, recorded
from planner.services.keys import expect_free_name, free_key
from planner.services.notices import tell, tell_asked
from planner.services.organisation import read_organisation
from planner.services.permissions import Right, require
from planner.services.teams import with_people
from planner.storage.models import DependencyRow, TeamRow
from planner.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from planner.domain.model import Dependency
    from planner.domain.transfer import DependencyDraft
    from planner.services.actor import Actor
    from planner.storage.audit import OpenChange

NEGOTIABLE = ("consumer", "provider", "what", "needed_by", "criteria")
"""What is asked for: it changes while the question is open, afterwards only by the acts of both sides."""


def record_dependencies(
    session: Session,
    actor: Actor,
    drafts: Sequence[DependencyDraft],
    *,
    new_teams: Sequence[str] = (),
    key: str | None = None,
) -> tuple[list[str], OpenChange]:
    """Add dependencies, and the teams they name for the first time, as one change; return the keys.

    A draft names a new team by the name given in `new_teams`. The state is `asked` whatever the
    draft says: a promise is made by the other side. `key` is that of the form: the same form sent again
    adds nothing, and returns its change without keys. Raises InvalidInput, nothing is saved then.
    """
    require(actor, Right.RECORD)
    again = asked_before(session, actor, key)
    if again is not None:
        return [], again
    if not drafts:
        raise InvalidInput(Problem("", "there is nothing to add; write at least one line"))
    store = Store(session)
    checked = [_checked(draft, number) for number, draft in enumerate(drafts, start=1)]
    summary = _summary(checked, list(dict.fromkeys(new_teams)))
    keys: list[str] = []
    with recorded(session, actor, "dependency:recorded", summary, key=key) as change:
        team_keys = {name: _add_team(store, name) for name in dict.fromkeys(new_teams)}
        keys = _add(session, actor, checked, team_keys)
    return keys, change


def add_beside(session: Session, actor: Actor, draft: DependencyDraft) -> str:
    """Ask for one thing more inside the change of the caller; return its key. Raises InvalidInput."""
    require(actor, Right.RECORD)
    return _add(session, actor, [_checked(draft, 1)], {})[0]


def _add(
    session: Session, actor: Actor, drafts: Sequence[DependencyDraft], team_keys: dict[str, str]
) -> list[str]:
    store = Store(session)
    keys: list[str] = []
    for draft in drafts:
        new_key = free_key(store, DependencyRow, f"{draft.consumer} {draft.provider} {draft.what}")
        store.save_dependency(_asked(draft, new_key, team_keys, actor.today))
        keys.append(new_key)
    tell_asked(session, actor, keys)
    return keys


def change_dependency(
    session: Session, actor: Actor, dependency_id: int, draft: DependencyDraft, *, version: int | None
) -> OpenChange:
    """Change what is asked for, while that is open, and what a dependency belongs to, at any time.

    State and promise stay as they are, whatever the draft says: those are acts of the negotiation.
    Another wording is a new round. Raises NotFound, NotAllowed, NotNow, InvalidInput, StaleVersion.
    """
    store = Store(session)
    row = existing_dependency(session, dependency_id)
    require(actor, Right.CHANGE_DEPENDENCY, with_people(session, [row.consumer_id, row.provider_id]))
    organisation = read_organisation(session)
    recorded_one = next(d for d in organisation.dependencies if d.id == dependency_id)
    before = dependency_draft(organisation, recorded_one)
    draft = replace(_checked(draft, 1), key=row.key, state=before.state, promised_for=before.promised_for)
    expect_version(row, version)
    is_reworded = any(getattr(draft, name) != getattr(before, name) for name in NEGOTIABLE)
    if is_reworded:
        _require_open(session, actor, row)
        draft = replace(draft, asked_on=actor.today)
    with recorded(session, actor, "dependency:changed", f"Changed “{draft.what}”") as change:
        row.round += is_reworded
        store.save_dependency(draft, row)
        if is_reworded:
            after = _as_asked(recorded_one, row)
            tell(session, actor, organisation, before=recorded_one, after=after, act=Act.REWORD)
    return change


def _as_asked(before: Dependency, row: DependencyRow) -> Dependency:
    """The dependency with what the row asks for now."""
    return replace(
        before,
        what=row.what,
        needed_by=row.needed_by,
        consumer_id=TeamId(row.consumer_id),
        provider_id=TeamId(row.provider_id),
    )


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


def _require_open(session: Session, actor: Actor, row: DependencyRow) -> None:
    """Raise unless this person may change what is asked for, and nobody has answered yet."""
    require(actor, Right.REWORD, with_people(session, [row.consumer_id]))
    state = DependencyState(row.state)
    if state is not DependencyState.ASKED:
        raise NotNow(
            f"This is {STATE_NAMES[state]} now. What was asked for changes when both sides agree to it."
        )


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
        criteria=clean_list(draft.criteria, where="criteria"),
    )


def _add_team(store: Store, name: str) -> str:
    name = clean(name, where="team")
    expect_free_name(store, TeamRow, name, None)
    return store.save_team(TeamDraft(free_key(store, TeamRow, name), name)).key


def _asked(draft: DependencyDraft, key: str, new_teams: dict[str, str], today: date) -> DependencyDraft:
    return replace(
        draft,
        key=key,
        consumer=new_teams.get(draft.consumer, draft.consumer),
        provider=new_teams.get(draft.provider, draft.provider),
        state=DependencyState.ASKED,
        promised_for=None,
        asked_on=today,
    )


def _summary(drafts: Sequence[DependencyDraft], new_teams: Sequence[str]) -> str:
    added = f"“{drafts[0].what}”" if len(drafts) == 1 else f"{len(drafts)} dependencies"
    teams = f", new teams: {', '.join(new_teams)}" if new_teams else ""
    return f"Added {added}{teams}"
