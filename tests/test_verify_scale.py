"""Big plans made backwards from a schedule that keeps the rules: accepted, and quickly."""

import random
import time
from datetime import date, timedelta

import pytest

from planner.domain.register import Register
from planner.domain.terms import LEVELS, Duty, Management, Status
from planner.domain.written import WrittenPlan
from planner.verify.verifier import verify
from planner.verify.world import World
from tests.verify_build import EASY, A, V, officer, person, register, written

PER_OFFICER, TEAM = 50, 8


def random_register(people: int, seed: int) -> Register:
    rnd = random.Random(seed)
    officers = people // PER_OFFICER
    staff = [
        officer(f"S{n}", team=f"T{n // TEAM}", hours_per_month=2000.0, cap=200)
        for n in range(officers)
    ]
    offenders = []
    for n in range(people):
        som = rnd.randrange(officers)
        back = date(2026, 1, 1) + timedelta(days=rnd.randrange(600))
        offenders.append(
            person(
                f"{n:05}",
                team=f"T{som // TEAM}",
                som=f"S{som}",
                level=rnd.choices(LEVELS, [1, 18, 31, 50])[0],
                status=rnd.choices(list(Status), [75, 15, 3, 3, 4])[0],
                management=rnd.choices(list(Management), [85, 15])[0],
                release_date=back,
                visit_interval=None,
                last_visit=date(2026, 1, 10) - timedelta(days=rnd.randrange(500)),
                arms_due=date(2026, 1, 10) + timedelta(days=rnd.randrange(-300, 300)),
            )
        )
    policy = EASY.but({"arms.per_month": 1000})
    return register(offenders, staff, policy=policy)


def random_plan(reg: Register, seed: int) -> WrittenPlan:
    """Each duty done about when due, by the SOM, for whom there are hours enough."""
    rnd = random.Random(seed)
    world = World.of(reg)
    duties: list[V | A] = []
    for ref, someone in world.people.items():
        for duty, rhythm in someone.rhythms.items():
            month = max(1, world.months.number(rhythm.due) + rnd.randint(-rhythm.early, 2))
            while month <= 18:
                if someone.present >> month & 1:
                    duties.append(V(month, ref) if duty is Duty.VISIT else A(month, ref))
                    month += max(1, rhythm.interval - rnd.randint(0, rhythm.early))
                else:
                    month += 1
    return written(reg, duties)


@pytest.mark.parametrize("seed", range(5))
def test_a_plan_made_backwards_is_accepted(seed: int) -> None:
    reg = random_register(200, seed)
    plan = random_plan(reg, seed)
    verdict = verify(reg, plan)
    assert len(plan.schedule) > 500
    assert [(f.rule.value, f.breaches[:2]) for f in verdict.findings if f.broken] == []
    assert verdict.accepted


def test_five_thousand_people_in_seconds() -> None:
    reg = random_register(5000, 1)
    plan = random_plan(reg, 1)
    before = time.process_time()
    verdict = verify(reg, plan)
    assert time.process_time() - before < 5
    assert verdict.accepted
