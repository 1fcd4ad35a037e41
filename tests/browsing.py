"""A real headless Chromium for the tests of the pages: what it complains of, and what it asks for.

Raises where there is no Chromium: these tests run only where they are asked for.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Page, Route

SLOW = 180_000
"""Milliseconds that an answer may take on a busy machine."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium; ``RuntimeError`` where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise RuntimeError("There is no chromium; .ci/run installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class Watched:
    """A page whose complaints are noted, and which may ask nothing but ``own`` addresses."""

    def __init__(self, browser: Browser, own: str, width: int = 1280) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, accept_downloads=True
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(SLOW)
        self.own, self.complaints, self.strangers = own, list[str](), list[str]()
        self.context.route("**/*", self._look)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _look(self, route: Route) -> None:
        url = route.request.url
        if url.startswith((self.own, "data:", "blob:")):
            route.continue_()
        else:
            self.strangers.append(url)
            route.abort()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def violations(self) -> list[str]:
        """What axe finds wrong, each with the first element concerned."""
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]

    def is_clean(self) -> bool:
        """Whether nobody complained and nobody else was asked; raises what was found else."""
        if self.complaints or self.strangers:
            raise AssertionError(self.complaints + self.strangers)
        return True


@contextmanager
def exploring(register: Path, *more: str) -> Iterator[str]:
    """``planner explore`` at work; its address."""
    command = [sys.executable, "-m", "planner", "explore", str(register), "--no-browser"]
    with subprocess.Popen(
        [*command, "--json", "--quiet", *more], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            told = ""
            while not told.rstrip().endswith("}"):
                line = process.stdout.readline() if process.stdout else ""
                if not line:
                    raise RuntimeError("It ended before it told its address.")
                told += line
            yield json.loads(told)["address"]
        finally:
            process.terminate()
