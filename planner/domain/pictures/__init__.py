"""What each picture shows, as plain values: who, what, in which order, and the table that says the same."""
