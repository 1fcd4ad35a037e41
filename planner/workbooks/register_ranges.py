"""The sheet of a force's own ranges: its columns."""

from __future__ import annotations

from planner.workbooks.register_columns import Column, Kind, Layout

UNCERTAINTY = Layout(
    name="Uncertainty",
    meaning="Your own ranges of what is uncertain (planner staffing --draws). One row a quantity.",
    columns=(
        Column(
            header="Quantity",
            attribute="name",
            required=True,
            default="",
            meaning="Its name, such as arms.hours or staff.turnover_a_year.",
            width=28,
        ),
        Column(
            header="Low",
            attribute="low",
            kind=Kind.NUMBER,
            required=True,
            meaning="Never below this.",
        ),
        Column(
            header="Likely",
            attribute="likely",
            kind=Kind.NUMBER,
            meaning="Most often near this. Blank: the Policy sheet's value, or the usual one.",
        ),
        Column(
            header="High",
            attribute="high",
            kind=Kind.NUMBER,
            required=True,
            meaning="Never above this. The same as Low: not uncertain.",
        ),
        Column(
            header="Source",
            attribute="source",
            default="",
            meaning="Where the range comes from, and of when it is.",
            width=50,
        ),
    ),
)
