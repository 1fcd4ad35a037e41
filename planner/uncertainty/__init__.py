"""Assumptions as ranges: draws, replayed month by month, and what they come to.

``docs/uncertainty.md`` says what is drawn, how the rule decides, and how near it is to a plan.
"""
