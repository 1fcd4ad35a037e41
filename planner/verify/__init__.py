"""The independent judge of a written plan. It works everything out again, by its own code."""
