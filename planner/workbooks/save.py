"""Workbooks are saved like every other file: whole or not at all."""

from planner.files.save import save_atomically

__all__ = ["save_atomically"]
