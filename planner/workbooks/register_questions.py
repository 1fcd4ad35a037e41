"""The sheets of leaders' questions, no part of a plan: what if, and what is uncertain."""

from __future__ import annotations

from planner.workbooks.register_columns import Column, Kind, Layout

SCENARIOS = Layout(
    name="Scenarios",
    meaning="What leaders want to know (planner staffing); no part of the plan. One row a change.",
    columns=(
        Column(
            header="Scenario",
            attribute="scenario",
            required=True,
            default="",
            meaning="Its name. Rows of one name are changes made together.",
            width=30,
        ),
        Column(
            header="Lever",
            attribute="lever",
            required=True,
            default="",
            meaning="What is changed, such as officers, arms.hours or overtime_hours.",
            width=24,
        ),
        Column(
            header="Team",
            attribute="team",
            kind=Kind.REF,
            listed="Team",
            meaning="The team it is for. Blank: the whole unit.",
        ),
        Column(
            header="Value",
            attribute="value",
            kind=Kind.ANY,
            required=True,
            meaning="How many, how much, On or Off; for merge the team that it joins.",
            width=12,
        ),
        Column(
            header="From",
            attribute="first",
            kind=Kind.ANY,
            meaning="The first month: 1 to 18, or any date in it. Blank: month 1.",
        ),
        Column(
            header="To",
            attribute="last",
            kind=Kind.ANY,
            meaning="The last month: 1 to 18, or any date in it. Blank: to the end.",
        ),
        Column(header="Note", attribute="note", default="", meaning="Why it is asked.", width=40),
    ),
)

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
