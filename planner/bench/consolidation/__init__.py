"""`planner bench consolidation`: our plans beside those of simpler and of well-known methods."""
