"""A scripted year: monthly rolls in a simulated world; ``python -m tests.year --help``."""
