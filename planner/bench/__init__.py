"""`planner bench`: what an organisation of a given size costs in time, memory, queries and bytes."""
