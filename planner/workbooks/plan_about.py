"""The plan workbook's Policy and About sheets: what the figures rest on, and how to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.policy import SETTINGS
from planner.tables.allocation import yes_no
from planner.tables.summary import is_assumed
from planner.workbooks.plan_columns import MEANING
from planner.workbooks.sheet import Column, Sheet
from planner.workbooks.theme import DUE_SOON, Kind
from planner.workload.posts import bank_holidays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.domain.policy import Policy
    from planner.domain.written import WrittenPlan
    from planner.workbooks.sheet import Book, Value
    from planner.workload.situation import Situation

_POLICY_COLUMNS = (
    Column("Setting", width=27),
    Column("Value", Kind.MIXED, 10),
    Column("Unit", width=15),
    Column("Meaning", Kind.PARAGRAPH, 52),
    Column("Source", Kind.PARAGRAPH, 44),
    Column("Default?", width=11),
    Column("Assumption", width=14),
)


def add_policy(book: Book, policy: Policy) -> None:
    """Every setting as used; Assumption: still a default that no source gave."""
    placed = book.add_table(
        Sheet(
            name="Policy",
            title="Policy",
            notes=(
                MEANING["Policy"],
                "Assumption Yes: no source gave the figure. Put your force's own in the register's "
                "Policy sheet and plan again.",
            ),
            columns=_POLICY_COLUMNS,
            rows=[tuple(_setting_values(name, policy)) for name in SETTINGS],
        )
    )
    assumption = len(_POLICY_COLUMNS) - 1
    placed.sheet.conditional_format(
        placed.first_row,
        assumption,
        placed.last_row,
        assumption,
        {
            "type": "cell",
            "criteria": "==",
            "value": '"Yes"',
            "format": book.theme.change(**DUE_SOON),
        },
    )


def _setting_values(name: str, policy: Policy) -> Iterator[Value]:
    setting, value = SETTINGS[name], policy.value(name)
    is_default = value == setting.default
    yield name
    yield ("On" if value else "Off") if isinstance(value, bool) else value
    yield setting.unit
    yield setting.meaning
    yield setting.basis if is_default else f"The register's Policy sheet. Default: {_said(name)}"
    yield yes_no(is_default)
    yield yes_no(is_assumed(name, policy))


def _said(name: str) -> str:
    default = SETTINGS[name].default
    return ("On" if default else "Off") if isinstance(default, bool) else f"{default:g}"


def add_about(book: Book, situation: Situation, written: WrittenPlan) -> None:
    book.add_table(
        Sheet(
            name="About",
            title="About this workbook",
            columns=(Column("Item", width=30), Column("What it says", Kind.PARAGRAPH, 110)),
            rows=list(_about(situation, written)),
        )
    )


def _about(situation: Situation, written: WrittenPlan) -> Iterator[tuple[str, str]]:
    register, horizon = situation.register, situation.horizon
    last = horizon.end(horizon.length)
    if register.title:
        yield "Register", register.title
    yield (
        "What this is",
        "A plan of who manages each registered sex offender and in which month each home visit "
        "and ARMS assessment is done. It decides nothing by itself: supervisors do.",
    )
    yield "Protective marking", f"{register.marking}. It is on every sheet and printed page."
    yield "Register true on", f"{register.as_at:%d/%m/%Y}"
    yield "Months", f"{horizon.length}: {horizon.first:%B %Y} to {last:%B %Y}"
    yield (
        "Size",
        f"{len(register.offenders):,} offenders, {len(register.officers):,} officers, "
        f"{len(register.teams):,} teams.",
    )
    yield from _READING
    yield (
        "Bank holidays left out",
        "; ".join(f"{day:%d/%m/%Y}" for day in _holidays(situation)) + " (England and Wales).",
    )
    versions = (i for i in written.run if i.item.startswith("Version: "))
    yield (
        "Made with",
        "; ".join(f"{i.item.removeprefix('Version: ')} {i.value}" for i in versions) + ".",
    )
    for name, meaning in MEANING.items():
        yield f"Sheet: {name}", meaning


_READING = (
    (
        "How to read it",
        "Start with Summary. Months are shown by name and hold the month's first day as a real "
        "date. Hours are hours, shares are percent. A blank cell means none or not applicable.",
    ),
    (
        "Overdue",
        "At the end of a month: due in that month or earlier, not done, and the person in the "
        "community on the month's last day. Today: due on or before the register's date.",
    ),
    (
        "Planned by hand",
        "What the planner compares with: today's caseloads, each officer working down a list by "
        "risk level, then by due date. It is worked out, not your force's record.",
    ),
    (
        "Editing",
        "Nothing is hidden or protected. After editing by hand, run planner verify: it judges the "
        "workbook against the register. Keep sheet and column names; sort, filter and add freely.",
    ),
    (
        "Colours",
        "A colour never stands alone: a word or figure in the same cell says the same.",
    ),
)


def _holidays(situation: Situation) -> Iterator[object]:
    horizon = situation.horizon
    first, last = horizon.first, horizon.end(horizon.length)
    for year in range(first.year, last.year + 1):
        yield from (day for day in sorted(bank_holidays(year)) if first <= day <= last)
