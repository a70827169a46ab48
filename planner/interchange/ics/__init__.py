"""Sessions as iCalendar (RFC 5545, 5546): invitations, their changes and ends, and feeds; busy times back."""

from planner.interchange.ics.busy import read_busy
from planner.interchange.ics.writer import Entry, Guest, Method, write_calendar

__all__ = ["Entry", "Guest", "Method", "read_busy", "write_calendar"]
