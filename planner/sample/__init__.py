"""A synthetic register to try the planner on: invented people in the field's proportions."""

from planner.sample.register import AS_AT, synthetic_register

__all__ = ["AS_AT", "synthetic_register"]
