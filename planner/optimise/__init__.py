"""Allocate and schedule: the only place that knows OR-Tools."""
