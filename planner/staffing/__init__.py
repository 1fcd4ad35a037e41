"""Leaders' questions: how many officers, by when, and what if.

Two answers side by side: what no plan can beat, proved with each team's officers as one, and what
a whole plan that the verifier accepts reaches.
"""

from planner.staffing.least import Least, LeastOfPart
from planner.staffing.levels import Desk, LevelOutlook, curve, least_officers
from planner.staffing.outlook import Outlook, outlook

__all__ = [
    "Desk",
    "Least",
    "LeastOfPart",
    "LevelOutlook",
    "Outlook",
    "curve",
    "least_officers",
    "outlook",
]
