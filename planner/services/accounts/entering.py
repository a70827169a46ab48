"""Coming in with a password: counted, compared, and answered alike whatever was wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.errors import InvalidInput, Problem
from planner.services.accounts.accounts import person_with_password
from planner.services.accounts.attempts import Kind, count_attempt, forgive, give_back
from planner.services.changes import one_transaction

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

WRONG = "These do not belong together. Check both, or ask for a link by mail."


def enter_with_password(session: Session, *, email: str, password: str, address: str, now: datetime) -> int:
    """Return whose e-mail and password these are; `address` is where the request comes from.

    Raises TooOften before anything is compared, and InvalidInput, the same for an e-mail that nobody has.
    """
    email = email.strip().casefold()
    count_attempt(session, Kind.SIGN_IN_ADDRESS, address, now)
    count_attempt(session, Kind.SIGN_IN_ACCOUNT, email, now)
    person_id = person_with_password(session, email, password)
    if person_id is None:
        raise InvalidInput(Problem("", WRONG))
    with one_transaction(session):
        forgive(session, Kind.SIGN_IN_ACCOUNT, email)
        give_back(session, Kind.SIGN_IN_ADDRESS, address)
    return person_id
