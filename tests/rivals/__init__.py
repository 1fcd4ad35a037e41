"""What people would do instead of this planner: two plain CP-SAT models, for the benchmark."""

from tests.rivals.by_officer import plan_by_officer
from tests.rivals.force import plan_force
from tests.rivals.search import Limit, NothingFoundError

__all__ = ["Limit", "NothingFoundError", "plan_by_officer", "plan_force"]
