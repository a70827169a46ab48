"""From a bare Python to a running planner. Standard library only: nothing else is there yet."""
