"""What the unit gets without the model: today's caseloads, each officer working down a list."""

from planner.by_hand.plan import by_hand_plan

__all__ = ["by_hand_plan"]
