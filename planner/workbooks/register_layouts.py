"""The register's other sheets, and every sheet together."""

from __future__ import annotations

from dataclasses import replace

from planner.domain.terms import LockKind, Role
from planner.workbooks.register_columns import OFFENDERS, Column, Kind, Layout
from planner.workbooks.register_questions import SCENARIOS, UNCERTAINTY

STAFF = Layout(
    name="Staff",
    required=True,
    meaning="One row an officer.",
    columns=(
        Column(
            header="Staff ID",
            attribute="staff_id",
            kind=Kind.REF,
            required=True,
            meaning="A reference for the officer, used once.",
        ),
        Column(header="Name", attribute="name", default="", meaning="Optional.", width=22),
        Column(
            header="Team",
            attribute="team",
            kind=Kind.REF,
            required=True,
            default="",
            meaning="The team that the officer works in.",
        ),
        Column(
            header="Supervisor",
            attribute="supervisor",
            default="",
            meaning="Who supervises the officer.",
            width=18,
        ),
        Column(
            header="Role",
            attribute="role",
            kind=Kind.CHOICE,
            default=Role.OFFICER,
            choices={r.value: r for r in Role},
            meaning="Police officer or police staff; their days differ in length. Blank: Officer.",
        ),
        Column(
            header="FTE",
            attribute="fte",
            kind=Kind.NUMBER,
            required=True,
            default=0.0,
            low=0,
            high=1,
            meaning="Full-time equivalent, 0 to 1.",
            width=8,
        ),
        Column(
            header="Start",
            attribute="start",
            kind=Kind.DATE,
            meaning="First day in post. Blank: long since.",
        ),
        Column(
            header="End", attribute="end", kind=Kind.DATE, meaning="Last day in post. Blank: stays."
        ),
        Column(
            header="ARMS trained from",
            attribute="arms_trained_from",
            kind=Kind.DATE,
            meaning="From when the officer may do ARMS. Blank: not trained.",
            width=18,
        ),
        Column(
            header="Skills",
            attribute="skills",
            kind=Kind.REFS,
            default=frozenset(),
            meaning="Skill tags with ; between.",
            width=18,
        ),
        Column(
            header="Caseload cap",
            attribute="cap",
            kind=Kind.WHOLE,
            low=0,
            meaning="Most community cases the officer may hold. Blank: no cap.",
        ),
        Column(
            header="Hours per month",
            attribute="hours_per_month",
            kind=Kind.NUMBER,
            low=0,
            high=1e6,
            meaning="Hours for visits and ARMS in a full month, in place of the worked-out ones.",
            width=16,
        ),
    ),
)

ABSENCES = Layout(
    name="Absences",
    meaning="One row a spell away. Where spells overlap, a day counts once, its largest share.",
    columns=(
        Column(
            header="Staff ID",
            attribute="staff_id",
            kind=Kind.REF,
            required=True,
            default="",
            listed="Staff ID",
            meaning="Who is away; must be in Staff.",
        ),
        Column(
            header="From",
            attribute="first",
            kind=Kind.DATE,
            required=True,
            meaning="The first day away.",
        ),
        Column(
            header="To",
            attribute="last",
            kind=Kind.DATE,
            required=True,
            meaning="The last day away.",
        ),
        Column(
            header="Share",
            attribute="share",
            kind=Kind.NUMBER,
            default=1.0,
            low=0,
            high=1,
            meaning="How much of each day, 0 to 1. Blank: 1.",
            width=8,
        ),
        Column(
            header="Reason",
            attribute="reason",
            default="",
            meaning="Annual leave counts against the policy's leave; anything else comes on top.",
            width=24,
        ),
    ),
)

LOCKS = Layout(
    name="Locks",
    meaning="Decisions people have already made; the plan honours each, or says which cannot hold.",
    columns=(
        Column(
            header="Offender ref",
            attribute="ref",
            kind=Kind.REF,
            required=True,
            default="",
            meaning="Whose case; must be in Offenders.",
            width=16,
        ),
        Column(
            header="Kind",
            attribute="kind",
            kind=Kind.CHOICE,
            required=True,
            choices={k.value: k for k in LockKind},
            meaning="SOM: who manages the case. Visit or ARMS: the month of that duty.",
        ),
        Column(
            header="Value",
            attribute="value",
            kind=Kind.ANY,
            required=True,
            meaning="For SOM a Staff ID; for Visit or ARMS a month, as any date in it.",
        ),
        Column(
            header="Reason", attribute="reason", default="", meaning="Why it was decided.", width=30
        ),
        Column(header="By", attribute="by", default="", meaning="Who decided it.", width=18),
    ),
)

LOCK_STAFF = replace(LOCKS.column("Value"), attribute="staff_id", kind=Kind.REF)
LOCK_MONTH = replace(LOCKS.column("Value"), attribute="month", kind=Kind.DATE)

POLICY = Layout(
    name="Policy",
    meaning="The settings in force. A missing row means the built-in default.",
    columns=(
        Column(
            header="Setting",
            attribute="setting",
            required=True,
            default="",
            meaning="The setting's name.",
            width=32,
        ),
        Column(
            header="Value",
            attribute="value",
            kind=Kind.ANY,
            required=True,
            meaning="The number, or On or Off.",
            width=10,
        ),
    ),
)

ABOUT = Layout(
    name="About",
    meaning="What this register is.",
    columns=(
        Column(
            header="Item",
            attribute="item",
            required=True,
            default="",
            meaning="What is told.",
            width=22,
        ),
        Column(
            header="Value",
            attribute="value",
            kind=Kind.ANY,
            meaning="As at: the day on which it was true. Marking: the protective marking.",
            width=60,
        ),
    ),
)

COLUMNS = Layout(
    name="Columns",
    meaning="Your own column names, where they differ: our name, then yours.",
    columns=(
        Column(
            header="Ours",
            attribute="ours",
            required=True,
            default="",
            meaning="The column's name here.",
            width=24,
        ),
        Column(
            header="Theirs",
            attribute="theirs",
            required=True,
            default="",
            meaning="Your own name for it.",
            width=24,
        ),
    ),
)

LAYOUTS = (OFFENDERS, STAFF, ABSENCES, LOCKS, POLICY, ABOUT, SCENARIOS, UNCERTAINTY, COLUMNS)
"""Every sheet that a register may have, in the order of the workbook."""
