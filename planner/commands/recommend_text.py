"""What ``planner recommend`` says: a sentence, the officers ranked, the others, the months."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planner.commands.explain_words import bar_text, listed, month_name, points
from planner.commands.recommend_words import (
    MEANING,
    MONTHS,
    barred_lines,
    case_line,
    due_line,
    remarks,
    warnings_of,
)
from planner.domain.terms import Duty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.commands.recommend import Advice
    from planner.explain.case_cost import CaseCost
    from planner.recommend.full_months import MonthTaken
    from planner.recommend.recommendation import FirstDuty, Option, Recommendation

_BEST = 3
"""How many officers' months are shown."""


def recommendation_text(advice: Advice) -> str:
    """The whole answer as lines."""
    found = advice.recommendation
    parts = [list(_front(advice)), list(_ranked(found)), list(_present(found))]
    parts += [list(_barred(found)), list(_months(found))]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _front(advice: Advice) -> Iterator[str]:
    found = advice.recommendation
    yield case_line(found)
    yield due_line(found)
    if found.is_new:
        yield (
            f"Team {found.offender.team} holds {found.held_back:.1f} hours a month back for new "
            "registrations; it is taken that no other new case has used them."
        )
    yield "All else of the plan stays as its workbook has it."
    yield from (f"Warning: {text}" for text in warnings_of(advice))
    yield _verdict(found)


def _verdict(found: Recommendation) -> str:
    if not found.ranked:
        return "Nobody may take the case."
    best = found.ranked[0]
    costs = [round(o.takeover.cost.total, 1) for o in found.ranked if o.takeover]
    text = f"{best.staff_id} costs least: {points(costs[0])} points"
    if len(found.ranked) == 1:
        return f"{text}. Nobody else may take it."
    then = found.ranked[1]
    if costs[1] == costs[0]:
        same = [o.staff_id for o, c in zip(found.ranked, costs, strict=True) if c == costs[0]]
        return (
            f"{text}. {listed(same[1:])} would cost the same; {best.staff_id} has the fewest cases "
            "in the community for the hours there are."
        )
    return f"{text}. Next is {then.staff_id}, {points(costs[1] - costs[0])} points more."


_HEADS = (
    *("Cost", "Displaced", "Late", "Change", "Mix", "Spread"),
    *("Hours", "Full", "Cases", "Per 100 h", "Risky", "Visit", "ARMS"),
)
_WIDE = (9, 10, 9, 8, 7, 8, 7, 7, 10, 10, 11, 10, 10)


def _ranked(found: Recommendation) -> Iterator[str]:
    if not found.ranked:
        return
    yield "Who may take it, the least cost first"
    yield _head()
    yield from (_row(n, option, found) for n, option in enumerate(found.ranked, start=1))
    yield from (f"  {line}" for line in MEANING)


_MONTH_HEADS = (
    *("Needs", "Officer's", "They have", "Team has"),
    *("Held back", "Displaced", "Price", "Points"),
)


def _head() -> str:
    heads = "".join(f"{h:>{w}}" for h, w in zip(_HEADS, _WIDE, strict=True))
    return f"  {'':>3} {'Officer':<12}{heads}  Remarks"


def _row(rank: int | None, option: Option, found: Recommendation) -> str:
    takeover, load = option.takeover, option.load
    if takeover is None:
        return ""
    ratio = load.community_per_100_hours
    cells = (
        *_costs(takeover.cost),
        points(takeover.hours),
        points(takeover.displaced),
        f"{load.caseload} ({load.over_norm:+d})",
        "no hours" if math.isinf(ratio) else f"{ratio:.1f}",
        f"{load.risky} of {load.fair_share:.1f}",
        _when(takeover.first.get(Duty.VISIT), found),
        _when(takeover.first.get(Duty.ARMS), found),
    )
    line = "".join(f"{c:>{w}}" for c, w in zip(cells, _WIDE, strict=True))
    number = "" if rank is None else f"{rank}."
    return f"  {number:>3} {option.staff_id:<12}{line}  {remarks(option, found)}".rstrip()


def _costs(cost: CaseCost) -> tuple[str, ...]:
    parts = (cost.displaced, cost.lateness.total, cost.moves, cost.mix, cost.spread)
    return tuple(points(c) for c in (cost.total, *parts))


def _when(first: FirstDuty | None, found: Recommendation) -> str:
    if first is None:
        return "-"
    if first.month is None:
        return "never"
    late = f" +{first.months_late}" if first.months_late else ""
    return f"{found.horizon.start(first.month):%b %y}{late}"


def _arms(taken: MonthTaken) -> str:
    text = f"ARMS by {taken.arms_by}"
    if taken.going is None:
        return text
    return (
        f"{text}, in place of that of {taken.going.doing.ref}, which costs "
        f"{points(taken.going.points)} elsewhen"
    )


def _present(found: Recommendation) -> Iterator[str]:
    option = found.present
    if option is None:
        return
    yield f"The SOM today, who is not ranked: {option.staff_id}"
    if option.takeover is None:
        yield from (f"  {bar_text(bar, found.horizon)}" for bar in option.bars)
        return
    yield _head()
    yield _row(None, option, found)


def _barred(found: Recommendation) -> Iterator[str]:
    if found.barred:
        yield "Who may not, and which rule is in the way"
        yield from (f"  {line}" for line in barred_lines(found))


def _months(found: Recommendation) -> Iterator[str]:
    best = [o for o in found.ranked[:_BEST] if o.takeover and o.takeover.months]
    if not best:
        return
    yield f"Month by month, the first {len(best)}" if len(best) > 1 else "Month by month"
    for option in best:
        yield f"  {option.staff_id:<12}" + "".join(f"{h:>11}" for h in _MONTH_HEADS) + "  What"
        for taken in option.takeover.months if option.takeover else ():
            cells = (
                *(taken.needed, taken.own, taken.officer_left, taken.team_left),
                *(taken.held_back, taken.displaced),
            )
            price = "" if taken.price is None else f"{taken.price:.2f}"
            what = ["visit"] if taken.visit else []
            what += [_arms(taken)] if taken.arms_by else []
            yield (
                f"  {month_name(found.horizon, taken.month):<12}"
                + "".join(f"{c:>11.1f}" for c in cells)
                + f"{price:>11}{points(taken.points):>11}  {' and '.join(what)}"
            )
    yield from (f"  {line}" for line in MONTHS)
