"""The monthly roll: what was said to the plan before, what was done since, and what changed."""
