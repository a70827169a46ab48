"""The first person and the first team of an empty installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.errors import InvalidInput, Problem
from planner.domain.model import WorkingHours
from planner.domain.text import clean
from planner.domain.transfer import Draft, MemberDraft, PersonDraft, TeamDraft
from planner.services.exchange import store_draft
from planner.services.keys import free_key, zone_or_utc
from planner.storage.models import PersonRow, TeamRow
from planner.storage.store import Store

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planner.services.actor import Actor


def begin(session: Session, actor: Actor, *, name: str, team: str, zone: str = "") -> int:
    """Record the first person as product owner of the first team and return the person's id.

    They work by the clock of `zone`, by UTC where it is not known.
    Raises InvalidInput with what is wrong with either name.
    """
    problems: list[Problem] = []
    names = {"name": name, "team": team}
    for where, value in names.items():
        try:
            names[where] = clean(value, where=where)
        except InvalidInput as error:
            problems.extend(error.problems)
    if problems:
        raise InvalidInput(*problems)
    store = Store(session)
    key, hours = free_key(store, PersonRow, names["name"]), WorkingHours(zone=zone_or_utc(zone))
    person = PersonDraft(key, names["name"], hours=hours)
    team_key = free_key(store, TeamRow, names["team"])
    first = TeamDraft(team_key, names["team"], members=(MemberDraft(person.key, decides=True),))
    draft = Draft(people=(person,), teams=(first,))
    store_draft(
        session, actor, draft, tag="organisation:begun", summary=f"{names['name']} began with {names['team']}"
    )
    return Store(session).id_of(PersonRow, person.key)
