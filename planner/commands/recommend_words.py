"""The recommendation's figures and reasons in plain sentences."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from planner.commands.explain_words import bar_text, day_name, listed, month_name
from planner.commands.plan_and_register import source_warnings
from planner.domain.terms import Duty
from planner.explain.bars import BarKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.commands.recommend import Advice
    from planner.recommend.recommendation import FirstDuty, Option, Recommendation

MEANING = (
    "Cost: points of the plan's cost; lower is better. It is the sum of the next six columns.",
    "Displaced: other work that gives way where the month is full: hours displaced times the price",
    "of an hour in that team and month (sheet Price of an hour). Late: this case's own visits and",
    "ARMS, by how late they would come. Change: a change of SOM that rule 4 counts.",
    "Mix: very high and high cases above the officer's fair share in the plan's first month.",
    "Spread: hours planned above the comfortable share of capacity, about.",
    "Hours: of this case over the plan. Full: those of them for which other work gives way.",
    "Cases: all that the officer would hold then, and how far above (+) or below (-) the norm.",
    "Per 100 h: cases in the community, for each 100 hours that the officer has in that month.",
    "Risky: very high and high cases in the community, of the fair share. Visit, ARMS: the month",
    "of the next one. Equal costs, to a tenth: the lower Per 100 h first, then by Staff ID.",
)

MONTHS = (
    "Needs: hours of the case in that month; officer's: those that the officer works. They have:",
    "the officer's hours not taken by visits led and ARMS; hours as second officer may pass to",
    "colleagues. Team has: hours left after all the team's visits and ARMS. Held back: hours of",
    "the team for new registrations, on which a new case's first visit and first ARMS draw.",
    "Displaced: the larger of what the officer and what the team lacks for it. Price: of an hour",
    "displaced; where the officer is full and the team is not, what one of the officer's own",
    "duties costs an hour elsewhen. Points: displaced times price. Where another ARMS must go, as",
    "arms.per_month allows no more, its cost is added, less what the hours it frees are worth.",
)


def warnings_of(advice: Advice) -> list[str]:
    """What to know before relying on the answer."""
    found = advice.recommendation
    told = source_warnings(advice.same_register, found.rows_left_out)
    if not advice.priced:
        told.append(
            "The workbook has no price of an hour: nothing is displaced, so where months are full "
            "the case's duties are left undone, at a cost far above that of a new plan."
        )
    for duty, what in ((Duty.VISIT, "visit"), (Duty.ARMS, "ARMS")):
        never = [o for o in found.ranked if o.takeover and _never(o.takeover.first.get(duty))]
        if never:
            told.append(
                f"With {listed([o.staff_id for o in never])} no {what} could be done in the plan."
            )
    return told


def _never(first: FirstDuty | None) -> bool:
    return first is not None and first.month is None


def case_line(found: Recommendation) -> str:
    """The case in one sentence."""
    person = found.offender
    what = "A new case" if found.is_new else f"Case {person.ref}"
    told = [
        f"{what}: {person.level.label}, {person.status.value}, {person.management.value}, "
        f"team {person.team}"
    ]
    if person.needs:
        told.append(f"needs {listed(sorted(person.needs))}")
    if person.not_with:
        told.append(f"not with {listed(sorted(person.not_with))}")
    return f"{', '.join(told)}; to be held from {found.horizon.start(found.month):%B %Y}."


def due_line(found: Recommendation) -> str:
    """When its next duties are due."""
    names = {Duty.VISIT: "visit", Duty.ARMS: "ARMS"}
    told = [
        f"its next {names[d]} is due {day_name(due)}" for d in Duty if (due := found.due.get(d))
    ]
    if not told:
        return "Neither visits nor ARMS are owed."
    text = listed(told)
    return f"{text[0].upper()}{text[1:]}."


def barred_lines(found: Recommendation) -> Iterator[str]:
    """Why the others can't: one line each; those barred by their team alone in one line a team."""
    own = [o for o in found.barred if not _elsewhere(o)]
    for option in own:
        why = " ".join(bar_text(bar, found.horizon) for bar in option.bars)
        yield f"{option.staff_id}: {why}"
    elsewhere = [o for o in found.barred if _elsewhere(o)]
    if elsewhere:
        yield f"Rule {BarKind.OTHER_TEAM.rule.value}: of another team, and cross_team is off:"
    for team, members in groupby(elsewhere, key=lambda o: o.team):
        yield f"  {team}: {', '.join(o.staff_id for o in members)}"


def _elsewhere(option: Option) -> bool:
    return any(bar.kind is BarKind.OTHER_TEAM for bar in option.bars)


def remarks(option: Option, found: Recommendation) -> str:
    """What else to know of an officer who may take the case."""
    takeover, horizon = option.takeover, found.horizon
    if takeover is None:
        return ""
    told = ["holds it in the plan"] if option.in_plan else []
    later = [f"{h.staff_id} from {month_name(horizon, h.month)}" for h in takeover.holders[1:]]
    if later:
        told.append(f"then {listed(later)}")
    if takeover.nobody_from is not None:
        told.append(f"nobody may hold it in {month_name(horizon, takeover.nobody_from)}")
    colleagues = {m.arms_by for m in takeover.months if m.arms_by} - {
        h.staff_id for h in takeover.holders
    }
    if not option.trained and Duty.ARMS in takeover.first:
        by = f": {listed(sorted(colleagues))} would do them" if colleagues else ""
        told.append(f"not trained for ARMS{by}")
    return "; ".join(told)
