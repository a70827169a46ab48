"""What a worker does: jobs that take long, mails, and what the time of day brings."""
