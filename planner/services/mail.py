"""Mails: written together with what they tell, sent afterwards by a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.storage.models import MailRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def post(session: Session, *, to: str, subject: str, text: str, now: datetime) -> None:
    """Write a mail that is to be sent; it goes with the transaction of the caller, or not at all."""
    session.add(MailRow(recipient=to, subject=subject, body=text, created_at=now))
