"""Why this SOM, in words: sentences, then a table of every officer asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.commands.explain_words import bar_text, listed, month_name, points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.explain.case_cost import CaseCost
    from planner.explain.explanation import Explanation
    from planner.explain.soms import Candidate

_HARDLY = 0.05
"""Points below which two costs are called the same."""


def som_lines(found: Explanation) -> Iterator[str]:
    """The section on the SOM."""
    yield "Why this SOM"
    yield from (f"  {line}" for line in _sentences(found))
    yield ""
    yield from (f"  {line}" for line in _table(found))


def _sentences(found: Explanation) -> Iterator[str]:
    horizon = found.horizon
    for row in found.allocation:
        before = "" if row.previous_som in (None, row.som) else f", before that {row.previous_som}"
        month = f"{row.month:%B %Y}"
        yield f"{row.som or 'Nobody'} from {month}{before}. Reason in Allocation: {row.reason}."
    if not found.allocation:
        yield "The Allocation sheet has no row for the case, so nobody holds it (rule 1)."
    if found.today is None:
        yield "The register gives the case no SOM today."
    barred = [c for c in found.candidates if c.in_plan and c.bars]
    for candidate in barred:
        why = " ".join(bar_text(bar, horizon) for bar in candidate.bars)
        yield f"{candidate.staff_id} holds the case in the plan all the same. {why}"
    yield f"As planned the case costs {points(found.planned.cost.total)} points: " + _parts(
        found.planned.cost
    )
    yield from _comparison(found)
    yield f"Changes of SOM that count: {found.moves} of {found.moves_allowed} allowed."
    if not found.routes_complete:
        yield "The case could be held in more ways than were tried; some may cost less."


def _comparison(found: Explanation) -> Iterator[str]:
    """Who else could hold it, and whether that would cost less."""
    others = [c for c in found.candidates if c.change is not None and not c.in_plan]
    own = [c for c in found.candidates if c.change is not None and c.in_plan]
    if own and (own[0].change or 0.0) < -_HARDLY:
        yield (
            f"With {_names(own[0], found)} and other months it would cost "
            f"{points(-(own[0].change or 0.0))} points less: the plan could be better here."
        )
    if not others:
        yield "No other officer may take the case, the rest of the plan as it stands."
        return
    best = others[0]
    change = best.change or 0.0
    if change < -_HARDLY:
        yield (
            f"{best.staff_id} would cost {points(-change)} points less than the plan: it could be "
            "better here."
        )
    elif change <= _HARDLY:
        yield f"{best.staff_id} would cost the same."
    else:
        yield f"Every other officer costs more: the next, {best.staff_id}, {points(change)} points."


def _parts(cost: CaseCost) -> str:
    late = cost.lateness
    parts = [
        ("lateness", late.exposure),
        ("very high and high visits late", late.protected),
        ("overdue at the plan's end", late.uncleared),
        ("change of SOM", cost.moves),
        ("risk mix", cost.mix),
        ("hours above comfort, about", cost.spread),
    ]
    told = [f"{name} {points(value)}" for name, value in parts if abs(value) >= _HARDLY]
    return (", ".join(told) or "nothing of it is late") + "."


def _names(candidate: Candidate, found: Explanation) -> str:
    holders = candidate.choice.holders if candidate.choice else ()
    if len(holders) == 1:
        return candidate.staff_id
    return listed([f"{h.staff_id} from {month_name(found.horizon, h.month)}" for h in holders])


def _table(found: Explanation) -> Iterator[str]:
    heads = ("Officer", "Costs more", "Change", "Mix", "Lateness", "Spread", "Hours moved")
    yield f"{heads[0]:<14}" + "".join(f"{head:>12}" for head in heads[1:]) + "  Remarks"
    for candidate in found.candidates:
        yield _row(candidate, found).rstrip()
    yield "Costs more: points above the plan as it stands. Lateness includes all its parts; spread"
    yield "is about. Hours moved: visits and ARMS of this case that would pass to the officer."


def _row(candidate: Candidate, found: Explanation) -> str:
    remarks = " and ".join(
        word
        for word, applies in (("in the plan", candidate.in_plan), ("SOM today", candidate.today))
        if applies
    )
    if candidate.choice is None or candidate.change is None:
        why = " ".join(bar_text(bar, found.horizon) for bar in candidate.bars)
        remarks = f"{remarks}. {why}" if remarks else why
        return f"{candidate.staff_id:<14}{'barred':>12}{'':60}  {remarks}"
    cost = candidate.choice.cost
    cells = (
        candidate.change,
        cost.moves,
        cost.mix,
        cost.lateness.total,
        cost.spread,
        candidate.hours_moved or 0.0,
    )
    if len(candidate.choice.holders) > 1:
        remarks = ". ".join(filter(None, (remarks, _names(candidate, found))))
    return f"{candidate.staff_id:<14}" + "".join(f"{points(c):>12}" for c in cells) + f"  {remarks}"
