"""The leaders' page: one file that opens anywhere, prints well and asks nothing of a network."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from planner import __version__
from planner.page.draws import draws_section
from planner.page.levels import answer_section, curve_section
from planner.page.months import burn_down_section, hours_section
from planner.page.scenarios import scenario_section
from planner.page.section import Figure, Section, Table
from planner.page.ways import cheapest_section, familiar_section
from planner.staffing.answer import headline
from planner.staffing.chances import drawn_assumptions
from planner.staffing.way_rows import every_assumption

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.staffing.report import StaffingReport

STAFFING_PAGE = "staffing.html"


def staffing_page(report: StaffingReport) -> bytes:
    """The page; the same report always gives the same bytes."""
    marking = report.register.marking
    style = f"{packaged('style.css')}\n{_print_marking(marking)}"
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    told = (
        templates()
        .get_template("staffing.html")
        .render(
            title="How many officers do we need?",
            policy=policy,
            style=Markup(style),
            marking=marking,
            headline=headline(report),
            team=report.team,
            as_at=f"{report.register.as_at:%d %B %Y}",
            sections=list(sections(report)),
            version=__version__,
        )
    )
    return told.encode()


def sections(report: StaffingReport) -> Iterator[Section]:
    """Everything that was found out, the answer first, what it rests on last."""
    yield answer_section(report)
    yield curve_section(report)
    if report.scenarios:
        yield scenario_section(report)
    yield burn_down_section(report)
    yield hours_section(report)
    if report.uncertainty is not None:
        yield draws_section(report.uncertainty, report.horizon)
    if report.cheapest is not None:
        yield cheapest_section(report, report.cheapest)
    if report.familiar is not None:
        yield familiar_section(report.familiar)
    yield _assumptions(report)


def _assumptions(report: StaffingReport) -> Section:
    table = Table(
        caption="Every assumption, with its source and of when that is",
        heads=("What", "Value", "Unit", "Meaning", "Source", "Of", "Assumption"),
        rows=[
            (*one[:-1], "Yes" if one.is_assumed else "No")
            for one in (*every_assumption(report), *drawn_assumptions(report.uncertainty))
        ],
        words=frozenset(range(2, 7)),
    )
    return Section(
        key="assumptions",
        heading="What the figures rest on",
        says=(
            "Assumption Yes: no source gave it. Put your force's own figure in the register's "
            "Policy sheet and ask again.",
        ),
        figures=[Figure(table=table)],
    )


@cache
def templates() -> Environment:
    """Our templates; whatever is put in is escaped."""
    return Environment(
        loader=PackageLoader("planner.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def packaged(name: str) -> str:
    """The text of a file that comes with the page."""
    return files("planner.page").joinpath("templates", name).read_text(encoding="utf-8")


def digest(text: str) -> str:
    """SHA-256 as a content security policy wants it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _print_marking(marking: str) -> str:
    """The marking at the head and foot of each printed page."""
    told = "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in marking)
    look = f'{{ content: "{told}"; font: bold 9pt Arial, sans-serif; }}'
    return f"@page {{ @top-center {look} @bottom-left {look} }}"
