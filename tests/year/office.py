"""Workbooks filled in by LibreOffice: opened, sorted, typed into, filtered, saved.

A macro does it (``desk.bas``), so nothing is needed beside LibreOffice itself.
"""

from __future__ import annotations

import os
import subprocess
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from planner.review.edited import header

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.year.paper import Job

MACRO = Path(__file__).with_name("desk.bas")
MODULE = "Desk"
LOCALE = "en-GB"
"""Dates are typed day first."""
SECONDS = 300.0
_ITEM = (
    '<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" '
    f'oor:op="fuse"><value>{LOCALE}</value></prop></item>'
)


class OfficeError(Exception):
    """LibreOffice did not do what it was told."""


class Office:
    """LibreOffice with a profile of its own in ``folder``; calling it does jobs one by one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.profile = folder / "profile"

    def __call__(self, jobs: Sequence[Job]) -> None:
        """Raises ``OfficeError`` where a cell is not found or a workbook is not saved."""
        if not jobs:
            return
        self._set_up()
        orders, report = self.folder / "orders.txt", self.folder / "report.txt"
        lines = [line for job in jobs for line in _orders(job)]
        orders.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        report.unlink(missing_ok=True)
        self._run(
            f"macro:///Standard.{MODULE}.Work", DESK_ORDERS=str(orders), DESK_REPORT=str(report)
        )
        told = report.read_text(encoding="utf-8").splitlines() if report.exists() else ["No report"]
        missing = [job.to.name for job in jobs if not job.to.exists()]
        if told != ["END"] or missing:
            raise OfficeError(f"{told[:3]}; not saved: {missing}")

    def _run(self, what: str, **told: str) -> None:
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation={self.profile.as_uri()}",
                "--headless",
                "--norestore",
                "--nologo",
                what,
            ],
            env={**os.environ, **told},
            check=True,
            capture_output=True,
            timeout=SECONDS,
        )

    def _set_up(self) -> None:
        """LibreOffice makes its profile, then the macro is put into it."""
        basic = self.profile / "user" / "basic" / "Standard"
        if (basic / f"{MODULE}.xba").exists():
            return
        self._run("--terminate_after_init")
        settings = self.profile / "user" / "registrymodifications.xcu"
        _put_in(settings, "</oor:items>", _ITEM)
        element = f'<library:element library:name="{MODULE}"/>'
        _put_in(basic / "script.xlb", "</library:library>", element)
        code = escape(MACRO.read_text(encoding="utf-8"), quote=False)
        (basic / f"{MODULE}.xba").write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" '
            '"module.dtd">\n'
            '<script:module xmlns:script="http://openoffice.org/2000/script" '
            f'script:name="{MODULE}" script:language="StarBasic">\n{code}</script:module>\n',
            encoding="utf-8",
        )


def _put_in(path: Path, before: str, text: str) -> None:
    whole = path.read_text(encoding="utf-8")
    if before not in whole:
        raise OfficeError(f"{path.name} is not as expected.")
    path.write_text(whole.replace(before, f"{text}{before}"), encoding="utf-8")


def _orders(job: Job) -> Iterator[str]:
    """One line an order, its parts with tabs between."""
    yield f"OPEN\t{job.source}"
    yield f"NAME\t{job.name}"
    if job.sort:
        yield f"SORT\t{job.sort}"
    if job.note:
        yield f"COLUMN\tMy notes\t{job.note}"
    for entry in job.entries:
        yield f"TYPE\t{entry.row.decision_ref}\t{header(entry.field)}\t{entry.typed}"
    if job.show[0]:
        yield f"FILTER\t{job.show[0]}\t{job.show[1]}"
    yield f"SAVE\t{job.to}"
