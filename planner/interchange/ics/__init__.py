"""Sessions as iCalendar (RFC 5545, 5546): invitations, their changes and ends, and feeds; busy times back."""

from planner.interchange.ics.busy import read_busy
from planner.interchange.ics.replies import Answer, MailedReply, read_reply
from planner.interchange.ics.writer import Entry, Guest, Method, write_calendar

__all__ = ["Answer", "Entry", "Guest", "MailedReply", "Method", "read_busy", "read_reply", "write_calendar"]
