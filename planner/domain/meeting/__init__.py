"""What happens in a shared session: its agenda, who is there, and what becomes of each item."""
