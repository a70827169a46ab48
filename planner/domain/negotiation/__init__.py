"""How a promise comes about between the two sides of a dependency."""
