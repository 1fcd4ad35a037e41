"""Plan, verdict and comparison as tidy rows; one function a table."""

from planner.tables.checks import CheckRow, check_rows
from planner.tables.comparison import ComparisonRow, comparison
from planner.tables.run import run_items
from planner.tables.written import written_plan

__all__ = [
    "CheckRow",
    "ComparisonRow",
    "check_rows",
    "comparison",
    "run_items",
    "written_plan",
]
