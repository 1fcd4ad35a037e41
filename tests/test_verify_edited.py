"""Hand-edited workbooks: whatever a cell holds, the verifier judges it and never crashes."""

import random
from dataclasses import fields, replace
from datetime import date, datetime, time
from typing import Any

import pytest

from planner.domain.written import WrittenPlan
from planner.verify.verifier import verify
from tests.test_verify_tampering import CLEAN, DUTIES, REGISTER, found, with_row
from tests.verify_build import V, person, register, written

SHEETS = [f.name for f in fields(WrittenPlan)]
JUNK: list[Any] = [
    *(None, "", "x", 0, -1, 3.7, 10**400, float("nan"), float("inf"), True, "Yes", b"x"),
    *(date(1900, 1, 1), date(2026, 2, 14), date.max, datetime(2026, 3, 1, 12), time(3)),  # noqa: DTZ001
]


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_no_cell_crashes_the_verifier(sheet: str, junk: object) -> None:
    """Each column of each sheet in turn holds the junk, in one row and then in all."""
    rows = getattr(CLEAN, sheet)
    for column in fields(rows[0]):
        one = with_row(CLEAN, sheet, len(rows) // 2, **{column.name: junk})
        verify(REGISTER, one)
        all_rows = tuple(replace(row, **{column.name: junk}) for row in rows)
        verify(REGISTER, replace(CLEAN, **{sheet: all_rows}))


@pytest.mark.parametrize("sheet", SHEETS)
def test_an_empty_sheet_is_refused(sheet: str) -> None:
    assert not verify(REGISTER, replace(CLEAN, **{sheet: ()})).accepted


def test_an_empty_plan_of_an_empty_register() -> None:
    reg = register([])
    assert verify(reg, written(reg)).accepted


@pytest.mark.parametrize(
    ("sheet", "n", "changes", "rules", "item"),
    [
        ("allocation", 0, {"som": "S99"}, [1, 9], "SOM, Visit of 01 in 2026-02-01"),
        ("allocation", 0, {"som": None}, [1, 9], "SOM, Visit of 01 in 2026-02-01"),
        ("allocation", 4, {"ref": "99"}, [1], "Offender ref, row 5"),
        ("allocation", 4, {"ref": 5}, [1], "Offender ref, row 5"),
        ("allocation", 4, {"month": date(2027, 8, 1)}, [1], "From, 05"),
        ("allocation", 4, {"month": "February"}, [1], "From, 05"),
        ("allocation", 4, {"month": date(2026, 2, 3)}, [], "Month, 05"),
        ("schedule", 3, {"month": date(2025, 4, 1)}, [8], "Lead hours, S1 in 2026-04-01"),
        ("schedule", 3, {"month": None}, [8], "Lead hours, S1 in 2026-04-01"),
        ("schedule", 3, {"month": date(2026, 4, 30)}, [], "Month, 01"),
        ("schedule", 3, {"ref": "99"}, [], "Offender ref, row 4"),
        ("schedule", 3, {"duty": "Call"}, [], "Duty, 01, row 4"),
        ("schedule", 3, {"done_by": None}, [6], "Lead hours, S1 in 2026-04-01"),
        ("schedule", 0, {"done_by": None}, [9], f"Lead hours, S1 in {date(2026, 2, 1)}"),
        ("schedule", 0, {"crew": "two"}, [9], ""),
        ("schedule", 0, {"crew": 2.0}, None, ""),
        ("schedule", 0, {"second": 7}, [9], "Second officer, Visit of 01 in 2026-02-01"),
        (
            "schedule",
            0,
            {"visit_type": "unannounced"},
            [7],
            "Visit type, Visit of 01 in 2026-02-01",
        ),
        ("workload", 0, {"som": "S99"}, [], "Staff ID, row 1"),
        ("workload", 0, {"month": "May"}, [], "Month, S1, row 1"),
        ("workload", 5, {"second_hours": "lots"}, [], "Second hours, S2 in 2026-03-01"),
        ("workload", 4, {"second_hours": 1.0}, [9], "Planned hours, S1 in 2026-03-01"),
        ("backlog", 5, {"level": "Extreme"}, [], "Row 6"),
        ("backlog", 5, {"month": date(2026, 2, 2)}, [], "Row 6"),
        ("backlog", 5, {"arms_overdue": "none"}, [], "ARMS overdue, High, 2026-02-01"),
        ("not_planned", 0, {"ref": "99"}, [], "Offender ref, row 1"),
        ("not_planned", 0, {"duty": "Call"}, [], "Duty, 06"),
        ("not_planned", 0, {"duty": "Visit"}, [], "Row of 06, Visit"),
        ("not_planned", 1, {"ref": "01"}, [], "Row of 01"),
        ("run", 4, {"value": "cheap"}, [], "Cost"),
        ("run", 2, {"value": True}, [], "Horizon"),
    ],
)
def test_edits_become_findings(
    sheet: str, n: int, changes: dict[str, Any], rules: list[int] | None, item: str
) -> None:
    plan = with_row(CLEAN, sheet, n, **changes)
    if rules is None:
        assert verify(REGISTER, plan).accepted
        return
    broken, items = found(plan)
    assert broken == rules
    assert not item or item in [name for _, name in items]


def test_dates_may_carry_a_time() -> None:
    """Excel's dates are read as midnights."""

    def at_midnight(row: Any) -> Any:
        cells = {f.name: getattr(row, f.name) for f in fields(row)}
        times = {k: datetime.combine(v, time()) for k, v in cells.items() if isinstance(v, date)}
        return replace(row, **times)

    sheets = {sheet: tuple(map(at_midnight, getattr(CLEAN, sheet))) for sheet in SHEETS}
    assert verify(REGISTER, WrittenPlan(**sheets)).accepted


def test_the_order_of_rows_does_not_matter() -> None:
    shuffled = {}
    for sheet in SHEETS:
        rows = list(getattr(CLEAN, sheet))
        random.Random(7).shuffle(rows)
        shuffled[sheet] = tuple(rows)
    assert verify(REGISTER, WrittenPlan(**shuffled)) == verify(REGISTER, WrittenPlan(**shuffled))
    assert verify(REGISTER, WrittenPlan(**shuffled)).accepted


def test_a_row_that_changes_nothing_is_said() -> None:
    plan = written(REGISTER, DUTIES, holds={"03": [(1, "S1")], "01": [(1, "S1"), (5, "S1")]})
    assert found(plan) == ([], [("Allocation", "A second row of the same SOM, 01")])


def test_a_case_nobody_may_hold_may_be_left_out() -> None:
    """Its duties cannot be done by the SOM, so they are listed as not planned; all is forced."""
    welsh = person("1", som=None, needs=frozenset({"Welsh"}), last_visit=None)
    reg = register([welsh, person("2")])
    verdict = verify(reg, written(reg, holds={"1": []}))
    assert verdict.accepted and (verdict.findings[0].broken, verdict.findings[0].forced) == (18, 18)
    visited = written(reg, [V(1, "1", second="S2", by="S1")], holds={"1": []})
    assert [f.rule.value for f in verify(reg, visited).findings if f.broken > f.forced] == [9]
