"""The cost's parts, the backlog and due dates of small plans worked out by hand."""

from dataclasses import replace
from datetime import date

import pytest

from planner.domain.register import Offender, Register
from planner.domain.terms import Duty, Management, RiskLevel, Status
from planner.domain.written import WrittenPlan
from planner.verify.evidence import Evidence
from planner.verify.verifier import verify
from tests.verify_build import EASY, A, V, officer, person, register, written

HIGH, LOW = RiskLevel.HIGH, RiskLevel.LOW


def costs(reg: Register, plan: WrittenPlan) -> dict[str, float]:
    return {part: points for part, points in verify(reg, plan).cost.items() if points}


def late_arms(**columns: object) -> Offender:
    """An ARMS of a low risk due in December 2025: month -1."""
    return person("1", **{"arms_due": date(2025, 12, 1), **columns})


def test_exposure_of_an_arms_done_late() -> None:
    # overdue at the ends of months 1, 2 and 3, aged 2, 3 and 4: 1 x (3 + 0.05 x 9) = 3.45;
    # done in month 4 it is due again in 16, and overdue at 16, 17, 18, aged 0, 1, 2: 3.15
    reg = register([late_arms()])
    found = costs(reg, written(reg, [A(4, "1")]))
    assert found == {"exposure": pytest.approx(3.45 + 3.15), "uncleared": 1000}


def test_a_duty_done_in_its_due_month_is_on_time() -> None:
    reg = register([person("1", arms_due=date(2026, 5, 31))])
    assert costs(reg, written(reg, [A(4, "1"), A(16, "1")])) == {}
    # a month later: overdue at the end of month 4, aged 0
    assert costs(reg, written(reg, [A(5, "1"), A(17, "1")])) == {"exposure": 1.0}


def test_a_duty_done_early_falls_due_again_from_then() -> None:
    # due in month 4, done in 2: due again in 14, left: 14 to 18 aged 0 to 4: 5 + 0.05 x 10
    reg = register([person("1", arms_due=date(2026, 5, 31))])
    found = costs(reg, written(reg, [A(2, "1")]))
    assert found == {"exposure": pytest.approx(5.5), "uncleared": 1000}


def test_only_month_ends_in_the_community_count() -> None:
    # gone on 30 March: only February's end (month 1) counts, aged 2: 1.1
    reg = register([late_arms(registered_until=date(2026, 3, 30))])
    assert costs(reg, written(reg)) == {"exposure": pytest.approx(1.1)}
    for columns in ({"management": Management.REACTIVE}, {"status": Status.MISSING}):
        reg = register([late_arms(**columns)])
        assert costs(reg, written(reg)) == {}


def test_protected_visits() -> None:
    # a high visit due in month 4, done in month 6: overdue at 4 and 5, aged 0 and 1
    staff = [officer("S1"), officer("S2", fte=0.0)]  # all risky cases are S1's fair share
    who = person("1", level=HIGH, last_visit=date(2025, 11, 20), visit_interval=6)
    reg = register([who], staff)
    found = costs(reg, written(reg, [V(6, "1"), V(12, "1"), V(18, "1")]))
    assert found == {"protected": 2 * 2000, "exposure": pytest.approx(8 * 2.05)}
    top = register([replace(who, level=RiskLevel.VERY_HIGH)], staff)
    found = costs(top, written(top, [V(5, "1"), V(11, "1"), V(17, "1")]))
    assert found == {"protected": 4000, "exposure": 16}
    low = register([replace(who, level=LOW)], staff)
    assert costs(low, written(low, [V(5, "1"), V(11, "1"), V(17, "1")])) == {"exposure": 1}
    # an ARMS of a high risk is not protected
    arms = register([person("1", level=HIGH, arms_due=date(2026, 5, 1))], staff)
    assert costs(arms, written(arms, [A(5, "1"), A(17, "1")])) == {"exposure": 8}


def mixed(**policy: float) -> Register:
    """Three high cases in North's community at February's end, one in South's."""
    people = [person(f"{n}", level=HIGH) for n in range(2)]
    people.append(person("reactive", level=RiskLevel.VERY_HIGH, management=Management.REACTIVE))
    people.append(person("inside", level=HIGH, status=Status.CUSTODY))
    people.append(person("back", level=HIGH, status=Status.ABROAD, release_date=date(2026, 3, 1)))
    people.append(person("medium", level=RiskLevel.MEDIUM))
    people.append(person("south", som="S9", level=HIGH, team="South"))
    staff = [officer("S1"), officer("S2", fte=0.5), officer("S9", team="South")]
    staff.append(officer("late", start=date(2026, 3, 2)))
    return register(people, staff, policy=EASY.but(policy))


def test_mix_above_the_fair_share() -> None:
    # S1 holds 3; fair is 3 x 1/1.5 = 2; "late" is not in post on 27 February and takes no share
    reg = mixed()
    assert costs(reg, written(reg))["mix"] == pytest.approx(10 * 1)
    # half-timer S2 holds 2 (fair 1): 1 above; S1 holds 1 (fair 2): none
    two = {"0": [(1, "S2")], "1": [(1, "S2")]}
    found = verify(reg, written(reg, holds=two)).cost["mix"]
    assert found == pytest.approx(10)


def test_mix_goes_by_the_unit_with_cross_team() -> None:
    # 4 cases, FTE 2.5: S1 holds 3, fair 1.6; S9 holds 1, fair 1.6
    reg = mixed(cross_team=True)
    assert costs(reg, written(reg))["mix"] == pytest.approx(14)


def test_spread_above_comfort() -> None:
    # 5 hours of 5.2; comfort 0.9 x 5.2 = 4.68; 0.2 x 0.32
    staff = [officer("S1", hours_per_month=5.2), officer("S2")]
    reg = register([person("1", arms_due=date(2026, 5, 31))], staff)
    found = costs(reg, written(reg, [A(4, "1"), A(16, "1")]))
    assert found == {"spread": pytest.approx(2 * 0.064)}
    roomy = register(reg.offenders, [officer("S1", hours_per_month=5.6), officer("S2")])
    assert costs(roomy, written(roomy, [A(4, "1"), A(16, "1")])) == {}


def test_backlog_counts() -> None:
    people = [
        person("1", arms_due=date(2025, 12, 1)),  # done in 3, due again in 15
        person("2", arms_due=date(2026, 1, 15)),  # on the as-at date: opening backlog
        person("3", arms_due=date(2026, 1, 16)),  # the day after: not, though overdue by month
        person("4", arms_due=date(2026, 4, 2)),  # month 3, done in 2: early, not due then
        person("5", arms_due=date(2026, 4, 2)),  # month 3, done in 3: due and on time
        person("6", arms_due=date(2026, 4, 2), registered_until=date(2026, 4, 29)),
    ]
    reg = register(people)
    duties = [A(3, "1"), A(2, "4"), A(3, "5"), A(3, "6")]
    tally = Evidence.of(reg, written(reg, duties)).tally
    arms = (Duty.ARMS, LOW)
    assert tally.overdue[arms][:4] == [2, 3, 3, 2]
    assert tally.due[arms][1:4] == [0, 0, 1]
    assert tally.done[arms][1:4] == [0, 1, 3]
    assert tally.due[arms][14:16] == [1, 2]  # 4 from month 2; 1 and 5 from month 3


def test_due_dates_and_months_late() -> None:
    reg = register([person("1", last_visit=date(2025, 8, 31), visit_interval=6)])
    plan = written(reg, [V(3, "1"), V(8, "1")])  # due 28 February 2026; again in month 9
    assert [(r.due, r.months_late) for r in plan.schedule] == [
        (date(2026, 2, 28), 2),
        (date(2026, 10, 1), 0),
    ]
