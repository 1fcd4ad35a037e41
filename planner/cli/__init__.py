"""Command line. Reads, calls, writes; decides nothing. Heavy imports wait for their command."""

# isort: off
# In the order in which --help lists the commands.
from planner.cli import registers, plans, by_month, leaders
from planner.cli.start import app, main
# isort: on

__all__ = ["app", "by_month", "leaders", "main", "plans", "registers"]
