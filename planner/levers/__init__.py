"""What leaders may change: levers, scenarios made of them, and the register that a scenario makes.

Pure: nothing is solved here. ``changed`` gives a register like any other, for whoever plans or
proves something of it.
"""

from planner.levers.catalogue import LEVERS, Lever, LeverKind
from planner.levers.changed import changed
from planner.levers.lever_option import read_levers
from planner.levers.scenario import TODAY, Change, Scenario
from planner.levers.scenario_file import read_scenarios

__all__ = [
    "LEVERS",
    "TODAY",
    "Change",
    "Lever",
    "LeverKind",
    "Scenario",
    "changed",
    "read_levers",
    "read_scenarios",
]
