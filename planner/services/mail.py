"""Mails are written beside the change they tell of, and sent by a worker afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.delivery.letter import one_line
from planner.storage.models import MailRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def post(session: Session, *, to: str, subject: str, text: str, now: datetime, calendar: str = "") -> None:
    """Leave a mail for the worker; it is sent when, and only when, this transaction is committed.

    A subject is made one line, and cut where it is too long for a header. `calendar` is an invitation
    that goes along, as calendar programs read it.
    """
    session.add(
        MailRow(recipient=to, subject=one_line(subject), body=text, calendar=calendar, created_at=now)
    )
