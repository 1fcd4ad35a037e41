"""Which rows of a register contradict each other: the smallest sets that no plan can meet."""

from planner.clashes.clash import Clash, Member, Sheet
from planner.clashes.find import find_clashes

__all__ = ["Clash", "Member", "Sheet", "find_clashes"]
