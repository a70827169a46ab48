"""What two sides said to each other, plans that were kept and the rules that hold, as plain values and back.

Of a dependency this is what its record in a file does not have: how the two sides stand, and their messages.
It comes to one about which nothing was said here yet, and to no other.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from planner.domain.transfer import DependencyDraft
from planner.storage.db import table_of
from planner.storage.models import DependencyRow, KeptPlanRow, MessageRow, OrganisationRow, TeamRow
from planner.storage.plain_rows import Levels, names_in, plain, records, typed, usual, values_in, wrong

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from planner.storage.plain_rows import RowsByParent, Tree


def read_words(session: Session, rows: RowsByParent) -> Tree:
    """Return all of it: dependencies by key, plans by their question."""
    organisation = session.get(OrganisationRow, 1)
    return {
        "rules": dict(organisation.rules) if organisation is not None else {},
        "kept_plans": [values_in(one) for one in rows.of(KeptPlanRow)],
        "negotiations": list(filter(None, (_words_of(rows, one) for one in rows.of(DependencyRow)))),
    }


def save_words(session: Session, tree: Mapping[str, Any]) -> dict[str, int]:
    """Add what is missing here, and return how many came of each. Raises InvalidInput."""
    _save_rules(session, tree.get("rules"))
    levels = Levels(session)
    came = {
        "kept plans": _save_plans(session, levels, tree),
        "negotiations": _save_negotiations(session, levels, tree),
    }
    levels.finish()
    return came


def new_words(session: Session, tree: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Return how many of each are in a tree, and how many of them would be added."""
    plans = [one.get("question") for one, _ in records(tree, "kept_plans", "agreed")]
    kept = set(session.scalars(select(KeptPlanRow.question)))
    said = [one.get("key") for one, _ in records(tree, "negotiations", "agreed")]
    known = _said_here(session)
    return {
        "kept plans": (len(plans), sum(one not in kept for one in plans)),
        "negotiations": (len(said), sum(one not in known for one in said)),
    }


@cache
def _columns() -> frozenset[str]:
    """The columns that a dependency in a file does not have, so that one that is added later is in it."""
    return frozenset(names_in(DependencyRow)) - {part.name for part in fields(DependencyDraft)}


def _words_of(rows: RowsByParent, row: DependencyRow) -> Tree | None:
    table = table_of(DependencyRow).c
    stands = {name: plain(getattr(row, name)) for name in sorted(_columns())}
    differing = {name: value for name, value in stands.items() if value != plain(usual(table[name]))}
    messages = [values_in(one) for one in rows.of(MessageRow, "dependency_id", row.id)]
    provider = next((t.key for t in rows.of(TeamRow) if t.id == row.proposed_provider_id), None)
    if not (differing or messages or provider):
        return None
    return {"key": row.key, **differing, "proposed_provider": provider, "messages": messages}


def _said_here(session: Session) -> frozenset[str]:
    """The keys of the dependencies about which something was said here."""
    table = table_of(DependencyRow).c
    rows = session.execute(select(table.id, table.key, *(table[name] for name in sorted(_columns())))).all()
    written = set(session.scalars(select(MessageRow.dependency_id).distinct()))
    usually = [usual(table[name]) for name in sorted(_columns())]
    return frozenset(row.key for row in rows if row.id in written or list(row[2:]) != usually)


def _save_negotiations(session: Session, levels: Levels, tree: Mapping[str, Any]) -> int:
    found = list(records(tree, "negotiations", "agreed"))
    if not found:
        return 0
    said, number = _said_here(session), 0
    keys = [str(one.get("key")) for one, _ in found]
    rows = {r.key: r for r in session.scalars(select(DependencyRow).where(DependencyRow.key.in_(keys)))}
    teams = dict(session.execute(select(TeamRow.key, TeamRow.id)).tuples().all())
    for one, where in found:
        row = rows.get(str(one.get("key")))
        if row is None:
            raise wrong(f"{where}.key", "expected the key of a dependency")
        if row.key in said:
            continue
        number += 1
        for name, value in typed(DependencyRow, one, where, _columns() & one.keys()).items():
            setattr(row, name, value)
        provider = one.get("proposed_provider")
        if provider is not None and provider not in teams:
            raise wrong(f"{where}.proposed_provider", "expected the key of a team")
        row.proposed_provider_id = None if provider is None else teams[provider]
        for message, spot in records(one, "messages", where):
            levels.add(MessageRow, message, spot, dependency_id=row.id)
    return number


def _save_plans(session: Session, levels: Levels, tree: Mapping[str, Any]) -> int:
    known, number = set(session.scalars(select(KeptPlanRow.question))), 0
    for value, where in records(tree, "kept_plans", "agreed"):
        question = str(value.get("question"))
        if question not in known:
            known.add(question)
            levels.add(KeptPlanRow, value, where)
            number += 1
    return number


def _save_rules(session: Session, rules: object) -> None:
    """Take the rules over where the usual ones hold here."""
    if rules is not None and not isinstance(rules, dict):
        raise wrong("agreed.rules", "expected an object")
    row = session.get(OrganisationRow, 1)
    if row is None and rules:
        session.add(OrganisationRow(id=1, name="", rules=rules, is_example=False))
    elif row is not None and rules and not row.rules:
        row.rules = rules
    session.flush()
