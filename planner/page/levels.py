"""The answer and the curve: what each number of officers can do at best."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.domain.terms import LEVELS, Duty
from planner.page.lines import Line, Place, Stretch, line_chart
from planner.page.section import Figure, Section, Table
from planner.page.svg import Frame
from planner.page.told import month, signed, tenths, whole
from planner.staffing.answer import AS_ONE, BOTH, HOW_SURE, answer_lines
from planner.staffing.chances import chance_lines
from planner.staffing.rows import level_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from planner.staffing.report import StaffingReport
    from planner.staffing.rows import LevelRow


def answer_section(report: StaffingReport) -> Section:
    """The question asked, answered line by line, each with how sure it is."""
    table = Table(
        caption="The answer, and how sure each part of it is",
        heads=("What", "Answer", "How sure"),
        rows=[tuple(line) for line in (*answer_lines(report), *chance_lines(report))],
        words=frozenset({1, 2}),
        notes=(HOW_SURE,),
    )
    return Section(key="answer", heading="The answer", figures=[Figure(table=table)])


def curve_section(report: StaffingReport) -> Section:
    """The curve as a chart, and everything known of each number in a table."""
    rows = list(level_rows(report))
    return Section(
        key="curve",
        heading="The curve: what each number of officers can do",
        says=(
            f"Clearing: nothing overdue by {report.by_when}, and no very high or high visit from "
            f"month 3 on. {BOTH}",
            AS_ONE,
        ),
        figures=[
            Figure(chart=curve_chart(rows, report.least.today), table=curve_table(rows)),
            exposure_figure(rows, report.least.today),
        ],
    )


def curve_chart(
    rows: Sequence[LevelRow], today: int, *, here: str = "Today", about: bool = False
) -> Markup:
    """Duties overdue in the last month by number of officers, with what is ruled out shaded.

    ``here`` is what there being ``today`` officers is called; ``about``: all is only about right.
    """
    numbers = [row.officers for row in rows]
    ruled_out = [n for n, row in enumerate(rows) if row.ruled_out]
    frame = Frame(
        key="curve-chart",
        title="Duties overdue in the last month, by number of officers",
        says=_says(rows, today),
        across="Officers in post in month 1",
        up="Duties overdue at the end of the last month",
    )
    lines = [
        Line("ARMS", [row.arms_overdue for row in rows], is_about=about),
        Line("Visits", [row.visits_overdue for row in rows], is_about=about),
    ]
    places = [Place(numbers.index(today), f"{here}: {today}")] if today in numbers else []
    shaded = Stretch(ruled_out[0], ruled_out[-1], "Clearing is ruled out") if ruled_out else None
    return line_chart(frame, [f"{n}" for n in numbers], lines, places=places, shaded=shaded)


def _says(rows: Sequence[LevelRow], today: int) -> str:
    if not rows:
        return "No number of officers was asked about."
    first, last = rows[0], rows[-1]
    told = [
        f"With {row.officers} officers {whole(row.arms_overdue)} ARMS and "
        f"{whole(row.visits_overdue)} visits are overdue."
        for row in (first, last)
    ]
    ruled_out = [row.officers for row in rows if row.ruled_out]
    if ruled_out:
        told.append(f"Clearing is ruled out up to {ruled_out[-1]} officers.")
    return " ".join([*told, f"There are {today} here. The table below has every number."])


def curve_table(rows: Sequence[LevelRow]) -> Table:
    has_plans = any(row.plan_made for row in rows)
    heads = (
        "Officers",
        "FTE",
        "Against today",
        "Clearing",
        "Not cleared before",
        "ARMS overdue, last month",
        "Visits overdue, last month",
        "Hours lacking",
        "Posts lacking",
        "Cost no plan can beat",
        "Exposure",
        *(("A whole plan",) if has_plans else ()),
        "Where, against today",
    )
    return Table(
        caption="Each number of officers",
        heads=heads,
        rows=[_cells(row, has_plans) for row in rows],
        words=frozenset({3, 4, *range(11, len(heads))}),
        notes=("Where: the spread over teams that saves most, solved again for each number.",),
    )


def exposure_figure(
    rows: Sequence[LevelRow], today: int, *, here: str = "Today", about: bool = False
) -> Figure:
    """Exposure by number of officers: it goes on falling where nothing is left overdue."""
    numbers = [row.officers for row in rows]
    kinds = [(duty, level) for duty in (Duty.ARMS, Duty.VISIT) for level in LEVELS]
    told = [
        f"{row.officers}: {whole(sum(row.exposure.values()))}."
        for row in (*rows[:1], *rows[1:][-1:])
    ]
    frame = Frame(
        key="exposure-chart",
        title="Exposure, by number of officers",
        says=f"Lateness added up over all month ends, by risk and age. {' '.join(told)}",
        across="Officers in post in month 1",
        up="Exposure: lateness added up over all month ends, by risk and age",
    )
    lines = [
        Line(name, [sum(row.exposure[duty, level] for level in LEVELS) for row in rows], about)
        for name, duty in (("ARMS", Duty.ARMS), ("Visits", Duty.VISIT))
    ]
    places = [Place(numbers.index(today), f"{here}: {today}")] if today in numbers else []
    table = Table(
        caption=frame.title,
        heads=("Officers", *(f"{d.value}, {lv.label.lower()}" for d, lv in kinds), "All"),
        rows=[
            (
                f"{row.officers}",
                *(whole(row.exposure[kind]) for kind in kinds),
                whole(sum(row.exposure.values())),
            )
            for row in rows
        ],
    )
    return Figure(
        chart=line_chart(frame, [f"{n}" for n in numbers], lines, places=places), table=table
    )


def _cells(row: LevelRow, has_plans: bool) -> tuple[str, ...]:
    return (
        f"{row.officers}",
        tenths(row.fte),
        signed(row.against_today),
        "Ruled out" if row.ruled_out else "Not ruled out",
        month(row.not_before),
        whole(row.arms_overdue),
        whole(row.visits_overdue),
        whole(row.hours_lacking),
        tenths(row.posts_lacking),
        whole(row.bound),
        whole(sum(row.exposure.values())),
        *((_plan(row),) if has_plans else ()),
        row.spread or "As today",
    )


def _plan(row: LevelRow) -> str:
    if not row.plan_made:
        return "None made"
    told = f"Clears {month(row.plan_clears)}" if row.plan_clears else "Does not clear"
    return told if row.plan_accepted else f"{told}; REJECTED by the verifier"
