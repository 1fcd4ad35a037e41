"""Offender-management caseload and ARMS backlog planner."""

__version__ = "0.1.0"
