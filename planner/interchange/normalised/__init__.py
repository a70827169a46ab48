"""Public records of who needs whom, gathered into people, teams, dependencies and goals."""

from planner.interchange.normalised.reader import is_normalised, reading_of

__all__ = ["is_normalised", "reading_of"]
