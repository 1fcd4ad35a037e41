"""The plan workbook opened by LibreOffice: it opens, prints, and its charts draw.

LibreOffice is part of what development needs: without it these tests fail.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from planner.workbooks.plan_book import plan_workbook
from tests.plan_build import report, small_register
from tests.test_plan_book import MARKING, SHEETS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.office

TEAL, ORANGE, PALE_BLUE = b"\x28\xa1\x97", b"\xf4\x6a\x25", b"\x6b\xac\xe6"
"""Colours that only the charts have on the first page: two of the levels, and second hours."""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "plan.xlsx").write_bytes(plan_workbook(report(small_register(90, 4))))
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            str(folder / "plan.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / "plan.pdf"


def text_of(pdf: Path, *pages: str) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", *pages, str(pdf), "-"], check=True, capture_output=True, text=True
    )
    return done.stdout


def test_every_sheet_is_printed_and_every_page_marked(printed: Path) -> None:
    pages = text_of(printed).rstrip("\f").split("\f")
    assert len(pages) >= len(SHEETS)
    for number, page in enumerate(pages, start=1):
        assert page.count(MARKING) >= 2
        assert f"Page {number} of {len(pages)}" in page
    assert "####" not in "".join(pages)  # no figure too wide for its column


def test_the_summary_is_one_page_and_its_charts_draw(printed: Path) -> None:
    first = text_of(printed, "-f", "1", "-l", "1")
    for words in (
        "ARMS overdue at each month's end, by risk level",
        "Hours of the whole unit, by month",
        "Planned by hand, all levels",
        "Month end",
        "Hours in the month",
    ):
        assert words in first
    assert "This month:" in text_of(printed, "-f", "2", "-l", "2")
    for colour in (TEAL, ORANGE, PALE_BLUE):
        assert _tallest(printed, colour) > 9  # a column; the key's swatches are lower


def _tallest(pdf: Path, colour: bytes) -> int:
    """The longest run of a colour down the first page, in dots of a hundredth of an inch."""
    name = str(pdf.with_suffix(""))
    subprocess.run(["pdftoppm", "-r", "100", "-l", "1", "-singlefile", str(pdf), name], check=True)
    header, dots = pdf.with_suffix(".ppm").read_bytes().split(b"\n255\n", 1)
    width = int(header.split()[1])
    longest = 0
    for column in range(width):
        run = 0
        for start in range(3 * column, len(dots), 3 * width):
            run = run + 1 if dots[start : start + 3] == colour else 0
            longest = max(longest, run)
    return longest
