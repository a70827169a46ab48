"""A mail as a value, and as the message that goes over the wire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from planner.delivery.errors import NotDelivered
from planner.domain.text import clean

SUBJECT_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one address. The number makes the same mail known again when it is sent twice.

    calendar: an invitation that goes along, with its METHOD in it; "" for none.
    """

    number: int
    to: str
    subject: str
    text: str
    written_at: datetime
    calendar: str = ""


def as_message(letter: Letter, sender: str) -> EmailMessage:
    """Return the message: plain text, nothing of the reader's behaviour told back, not answered by machines.

    No text can add a header: what goes into one is a single line without control characters, and the
    reader is a single address. Raises NotDelivered for an address that is none.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = _one_reader(letter.to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(letter.written_at)
    domain = sender.rpartition("@")[2]
    message["Message-ID"] = f"<planner.{letter.number}.{letter.written_at:%Y%m%d%H%M%S}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(letter.text)
    if letter.calendar:
        _invite(message, letter.calendar)
    return message


def _invite(message: EmailMessage, calendar: str) -> None:
    """Add the invitation as RFC 6047 asks: another form of the same text, its method in the header."""
    method = "CANCEL" if "METHOD:CANCEL" in calendar.split("BEGIN:VEVENT", maxsplit=1)[0] else "REQUEST"
    message.add_alternative(calendar, subtype="calendar", params={"method": method})


def _one_reader(address: str) -> Address:
    try:
        return Address(addr_spec=address)
    except (ValueError, IndexError, HeaderParseError) as error:
        raise NotDelivered("this is no mail address", is_final=True) from error


def one_line(text: str) -> str:
    """Return the text as a single line, cut where a header would be too long."""
    return clean(text[:SUBJECT_LONGEST], where="", longest=SUBJECT_LONGEST, required=False)
