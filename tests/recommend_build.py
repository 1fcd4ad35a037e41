"""Small plans, asked who should take one more case or one that must move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from planner.domain.terms import RiskLevel
from planner.recommend.question import Question
from planner.recommend.recommendation import Option, Recommendation, Takeover, recommend
from planner.workload.situation import Situation
from tests.build import officer, situation
from tests.explain_build import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.domain.plan import Plan
    from planner.domain.register import Lock, Offender, Officer

SEEN: dict[str, Any] = {"last_visit": date(2026, 1, 10), "last_arms": date(2026, 1, 10)}
"""Seen and assessed just before the as-at date: nothing presses."""

STAFF = tuple(officer(s) for s in ("S1", "S2", "S3"))


def made(
    people: Iterable[Offender] = (),
    staff: tuple[Officer, ...] = STAFF,
    locks: tuple[Lock, ...] = (),
    **policy: float,
) -> Situation:
    """A situation in which every case may change hands, unless told otherwise."""
    settings = {"moves.share": 1.0, **{k.replace("__", "."): v for k, v in policy.items()}}
    found = situation(people, staff, settings)
    return Situation(replace(found.register, locks=locks))


def asked(
    found: Situation,
    plan: Plan,
    question: Question | None = None,
    prices: Mapping[tuple[str, int], float] | None = None,
    **told: Any,
) -> Recommendation:
    """The answer; a new low case of North unless told otherwise, an hour worth 2 points."""
    usual: dict[str, Any] = {"level": RiskLevel.LOW, "team": "North"} if "ref" not in told else {}
    flat = {(t, m): 2.0 for t in found.register.teams for m in found.horizon.months}
    return recommend(
        found,
        written(found, plan),
        question or Question(**{**usual, **told}),
        flat if prices is None else prices,
    )


def option(found: Recommendation, staff_id: str) -> Option:
    every = (*found.ranked, *found.barred, *([found.present] if found.present else []))
    return next(o for o in every if o.staff_id == staff_id)


def takeover(found: Recommendation, staff_id: str) -> Takeover:
    told = option(found, staff_id).takeover
    assert told is not None
    return told


def bars(found: Recommendation, staff_id: str) -> list[tuple[int, str]]:
    return [(b.kind.rule.value, b.kind.value) for b in option(found, staff_id).bars]


def ranking(found: Recommendation) -> list[str]:
    return [o.staff_id for o in found.ranked]
