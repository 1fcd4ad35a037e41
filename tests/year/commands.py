"""The planner's commands, as somebody types them: in this process or in one of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from planner.cli import app

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command ended and what it said."""

    code: int
    out: str
    told: str

    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Answer]
"""Called with the arguments of one command line."""


def here(*arguments: object) -> Answer:
    """In this process: quick."""
    done = CliRunner().invoke(app, [str(a) for a in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Answer(done.exit_code, done.stdout, done.stderr)


def apart(*arguments: object) -> Answer:
    """In a process of its own, as a user's."""
    done = subprocess.run(
        [sys.executable, "-m", "planner", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


class StoppedError(Exception):
    """A command that should have gone through did not; the year ends here."""

    def __init__(self, name: str, answer: Answer) -> None:
        super().__init__(f"{name} ended with {answer.code}: {answer.out[-2000:]} {answer.told}")
