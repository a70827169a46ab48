"""A session in the calendars of its people: a time, an invitation, a reply, a round that moves."""
