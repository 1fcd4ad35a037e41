"""What a unit could change so that its backlog clears, each as a register with that one change.

Nothing here says what a change would do: ``repairs`` works that out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.domain.policy import SETTINGS
from planner.domain.result import RepairKind
from planner.domain.terms import Management
from planner.workload.low_risk import low_risk_cases
from planner.workload.new_posts import with_posts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planner.domain.register import Register
    from planner.workload.situation import Situation

OVERTIME = (0.05, 0.10, 0.20)
POSTS = (1, 2, 5)
REACTIVE = (0.25, 0.5, 1.0)
_ROUND_UP = 1000

_OVERTIME = (
    "Everybody works it in every month of the plan, each officer's share of their own hours. "
    "Whether people can keep that up is for you to judge."
)
_POSTS = (
    "Full-time, experienced, trained for ARMS, in post from month 1 to the end; no time to "
    "recruit or settle in is counted. Each goes to the team that then still lacks most."
)
_TRAINED = "Trained by month 1, not counting the time it takes. It adds ARMS a month, no hours."
_WIDER = (
    "Everybody may hold, visit and assess any team's case (setting cross_team). Travel between "
    "areas is not counted."
)
_COLLEAGUES = (
    "Any trained colleague of the team may do an ARMS (setting arms.by_colleague). These figures "
    "take a team's officers as one, so they cannot show what it does: plan with it to see."
)
_REACTIVE = (
    "NOT A LEVER: reactive management is a decision on each person's risk, made case by case. "
    "Taken here: low risk, active, in the community today, without a locked visit or ARMS; those "
    "with nothing overdue today first, then those with one duty overdue, then by reference."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A change, in words, and the register with it."""

    kind: RepairKind
    what: str
    assumes: str
    register: Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """What a team lacks, or several that must be planned together: see ``Standing``.

    ``overtime``: the least share of overtime, on top of the present, that hours ask for; None
    where no overtime would do.
    """

    teams: tuple[str, ...]
    posts: float
    overtime: float | None


def candidates(situation: Situation, lacking: Sequence[Lacking]) -> Iterator[Candidate]:
    """Every change that is tried, in a fixed order."""
    yield from _overtime(situation.register, lacking)
    yield from _posts(situation.register, lacking)
    yield from _training(situation)
    yield from _switches(situation.register)
    yield from _reactive(situation)


def _overtime(register: Register, lacking: Sequence[Lacking]) -> Iterator[Candidate]:
    now, highest = register.policy.hours_overtime, SETTINGS["hours.overtime"].high
    shares = [now + more for more in OVERTIME]
    least = [one.overtime for one in lacking if one.overtime is not None]
    enough = now + math.ceil(max(least) * _ROUND_UP) / _ROUND_UP if least else now
    if len(least) == len(lacking) and enough > now:
        shares.append(enough)
    for share in sorted({round(s, 6) for s in shares if s <= highest}):
        is_least = share == round(enough, 6)
        yield Candidate(
            kind=RepairKind.OVERTIME,
            what=f"Overtime of {share * 100:g}%"
            + (" (the least, going by hours)" if is_least else ""),
            assumes=_OVERTIME,
            register=register.with_policy(register.policy.but({"hours.overtime": share})),
        )


def _posts(register: Register, lacking: Sequence[Lacking]) -> Iterator[Candidate]:
    order = _teams_for_posts(lacking)
    numbers = [n for n in POSTS if n < len(order)] + ([len(order)] if order else [])
    for number in numbers:
        where = {team: order[:number].count(team) for team in sorted(order[:number])}
        is_least = number == len(order)
        yield Candidate(
            kind=RepairKind.POSTS,
            what=f"{number} more full-time post{'s' * (number != 1)}"
            + (" (the least, whole ones)" if is_least else ""),
            assumes=f"{_listed(where)}. {_POSTS}",
            register=with_posts(register, where),
        )


def _teams_for_posts(lacking: Sequence[Lacking]) -> list[str]:
    """The team of each post in turn, until none lacks any: always where most are lacking.

    Of teams that must be planned together, the first stands for all.
    """
    left = {one.teams[0]: one.posts for one in lacking if one.posts > 0}
    order = []
    while left:
        team = max(sorted(left), key=lambda t: round(left[t], 6))
        order.append(team)
        left[team] -= 1
        if left[team] <= 0:
            del left[team]
    return order


def _training(situation: Situation) -> Iterator[Candidate]:
    """The untrained colleague who is in post longest, a team; and all together."""
    register, posts = situation.register, situation.posts
    untrained = [
        s
        for s in sorted(register.officers, key=lambda s: s.staff_id)
        if posts.seconding_months[s.staff_id]
        and (s.arms_trained_from is None or s.arms_trained_from > situation.horizon.first)
    ]
    for team in register.teams:
        mates = [s for s in untrained if s.team == team]
        if mates:
            best = max(mates, key=lambda s: len(posts.seconding_months[s.staff_id]))
            chosen = "" if len(mates) == 1 else " Of those not trained, whoever is in post longest."
            yield Candidate(
                kind=RepairKind.TRAINING,
                what=f"One more of {team} trained for ARMS",
                assumes=_TRAINED + chosen,
                register=_trained(situation, {best.staff_id}),
            )
    if len(untrained) > 1:
        yield Candidate(
            kind=RepairKind.TRAINING,
            what=f"All {len(untrained)} not yet trained for ARMS trained",
            assumes=_TRAINED,
            register=_trained(situation, {s.staff_id for s in untrained}),
        )


def _trained(situation: Situation, staff: set[str]) -> Register:
    register, since = situation.register, situation.horizon.first
    officers = tuple(
        replace(s, arms_trained_from=since) if s.staff_id in staff else s for s in register.officers
    )
    return replace(register, officers=officers)


def _switches(register: Register) -> Iterator[Candidate]:
    policy = register.policy
    if not policy.cross_team and len(register.teams) > 1:
        yield Candidate(
            kind=RepairKind.WIDER_TEAM,
            what="All teams work as one",
            assumes=_WIDER,
            register=register.with_policy(policy.but({"cross_team": True})),
        )
    if not policy.arms_by_colleague:
        yield Candidate(
            kind=RepairKind.COLLEAGUES,
            what="ARMS by any trained colleague of the team",
            assumes=_COLLEAGUES,
            register=register.with_policy(policy.but({"arms.by_colleague": True})),
        )


def _reactive(situation: Situation) -> Iterator[Candidate]:
    register = situation.register
    order = low_risk_cases(situation)
    for number in sorted({math.ceil(share * len(order)) for share in REACTIVE} - {0}):
        chosen = set(order[:number])
        yield Candidate(
            kind=RepairKind.REACTIVE,
            what=f"{number:,} of {len(order):,} low risk cases to reactive management",
            assumes=_REACTIVE,
            register=replace(
                register,
                offenders=tuple(
                    replace(o, management=Management.REACTIVE) if o.ref in chosen else o
                    for o in register.offenders
                ),
            ),
        )


def _listed(where: Mapping[str, int]) -> str:
    return ", ".join(f"{team} {number}" for team, number in where.items())
