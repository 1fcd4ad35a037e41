"""The year as Markdown: plans, promises, decisions, changes, events, a row a plan."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

from planner.domain.months import Horizon

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.year.planned import Planned

NONE = "-"
_TO_COME = 3
"""Month ends after the year that are shown of the promises."""


def line(plan: Planned) -> str:
    """One plan, for whoever waits."""
    promised = ", ".join(NONE if n is None else f"{n:,}" for n in plan.promised)
    return (
        f"{plan.first_month:%b %Y}: {_verdict(plan)}, gap {plan.answer['gap']:.1%}, "
        f"{plan.seconds:,.0f} s; ARMS overdue {plan.reached:,} (promised {promised}); decisions "
        f"{len(plan.said.accepted)} cells accepted, {_told(plan.fate.outcomes)}"
    )


def tables(plans: Sequence[Planned]) -> str:
    """Everything, with headings."""
    parts = (
        ("Each plan", _plans(plans)),
        (
            "The backlog promised at each month's end, by each plan, and the one reached",
            _ends(plans),
        ),
        ("Decisions", _decisions(plans)),
        ("What changed from plan to plan, and why", _changes(plans)),
        ("What happened", _events(plans)),
    )
    return "\n\n".join(f"## {title}\n\n{text}" for title, text in parts) + "\n"


def _plans(plans: Sequence[Planned]) -> str:
    head = (
        "Plan", "People", "Officers", "Verifier", "Gap", "Seconds", "ARMS overdue",
        "promised by the first plan", "by the plan before", "Very high and high visits overdue",
        "promised by the plan before", "This plan clears", "Leaves at its end", "ARMS hours",
    )  # fmt: skip
    return _table(
        head,
        (
            (
                f"{p.first_month:%b %Y}",
                len(p.register.offenders),
                p.officers,
                _verdict(p),
                f"{p.answer['gap']:.1%}",
                f"{p.seconds:,.0f}",
                p.reached,
                *p.promised,
                p.risky,
                p.risky_promised,
                (p.answer["backlog_cleared_month"] or "never")[:7],
                p.answer["backlog_by_month"][-1],
                f"{p.register.policy.arms_hours:g}",
            )
            for p in plans
        ),
    )


def _ends(plans: Sequence[Planned]) -> str:
    """A row a month end, a column a plan; the last is what the next register showed."""
    ends = [Horizon(plans[0].register.as_at).start(m) for m in range(1, len(plans) + _TO_COME)]
    reached = {Horizon(p.register.as_at).start(0): p.reached for p in plans[1:]}
    head = ("End of", *(f"{p.first_month:%b}" for p in plans), "Reached")
    rows = []
    for month in ends:
        promised = []
        for plan in plans:
            number = Horizon(plan.register.as_at).number(month)
            by_month = plan.answer["backlog_by_month"]
            promised.append(by_month[number - 1] if 1 <= number <= len(by_month) else None)
        rows.append((f"{month:%b %Y}", *promised, reached.get(month)))
    return _table(head, rows)


def _decisions(plans: Sequence[Planned]) -> str:
    head = (
        "Plan", "Workbooks", "Cells typed", "Accepted", "Emptied again", "Standing", "Held",
        "Done", "Month over", "Officer left", "Register wins", "Off the register", "Not held",
        "Lost",
    )  # fmt: skip
    columns = (
        "Held", "Done", "Its month is over", "Officer left", "Register says otherwise",
        "Not on the register any more", "Not held", "Lost",
    )  # fmt: skip
    rows = (
        (
            f"{p.first_month:%b %Y}",
            p.said.workbooks,
            p.said.typed,
            len(p.said.accepted),
            p.said.emptied.total(),
            p.fate.outcomes.total(),
            *(p.fate.outcomes[c] for c in columns),
        )
        for p in plans[1:]
    )
    whys: Counter[str] = Counter()
    for plan in plans:
        whys.update(plan.fate.whys)
    told = f"Why not held or overridden: {_told(whys) or 'nothing was'}."
    return f"{_table(head, rows)}\n\n{told}"


def _changes(plans: Sequence[Planned]) -> str:
    rows = []
    for plan in plans[1:]:
        rolled = plan.answer["rolled"]
        why = Counter({k: v for k, v in rolled["by_reason"].items() if v})
        month = f"{plan.first_month:%b %Y}"
        rows.append(
            (
                month,
                rolled["duties_before"],
                rolled["changed"],
                f"{rolled['share_changed']:.1%}",
                rolled["slipped"],
                rolled["cases_moved"],
                _told(why),
            )
        )
    head = ("Plan", "Duties before", "Changed", "Share", "Slipped", "Cases moved", "Why")
    return _table(head, rows)


def _events(plans: Sequence[Planned]) -> str:
    return _table(
        ("Month", "What happened"),
        (
            (f"{before.first_month:%b %Y}", _told(plan.events))
            for before, plan in itertools.pairwise(plans)
        ),
    )


def _verdict(plan: Planned) -> str:
    return "accepted" if plan.verified == 0 and plan.answer["accepted"] else "REJECTED"


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{what} {number:,}" for what, number in counts.most_common() if number)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, cells)) + " |" for cells in lines)


def _cell(value: object) -> str:
    if value is None:
        return NONE
    return f"{value:,}" if isinstance(value, int) else str(value)
