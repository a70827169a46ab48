"""Sessions as iCalendar (RFC 5545, 5546): invitations, their changes and ends, and feeds."""

from planner.interchange.ics.writer import Entry, Guest, Method, write_calendar

__all__ = ["Entry", "Guest", "Method", "write_calendar"]
