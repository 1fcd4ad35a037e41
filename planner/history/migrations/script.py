"""Finds the migrations, wherever the planner is installed."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory


def migration_script() -> Config:
    """Alembic's settings, without a file of settings."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def revisions() -> tuple[str, ...]:
    """Every version there is, oldest first."""
    script = ScriptDirectory.from_config(migration_script())
    return tuple(step.revision for step in reversed(list(script.walk_revisions())))
