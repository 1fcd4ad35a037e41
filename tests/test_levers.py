"""Each lever does to a register what it says, whoever works it out, and nothing else."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from planner.domain.policy import Policy
from planner.domain.terms import LEVELS, Duty, Management, RiskLevel, Role
from planner.errors import InputError
from planner.levers import LEVERS, TODAY, Change, LeverKind, Scenario, changed, read_scenarios
from planner.levers.sharing import shared_out
from planner.sample import synthetic_register
from planner.verify.capacity import capacities
from planner.verify.world import World
from planner.workload.situation import Situation
from tests.verify_build import AS_AT, officer, person, register

if TYPE_CHECKING:
    from pathlib import Path

    from planner.domain.register import Register

SAMPLE = synthetic_register(offenders=90, officers=12, seed=2)
TEAMS = SAMPLE.teams


def pulled(
    lever: str, value: float | bool | str, reg: Register = SAMPLE, **where: object
) -> Register:
    change = Change(lever=lever, value=value, **where)  # type: ignore[arg-type]
    return changed(reg, Scenario(name="What if", changes=(change,)))


def hours(reg: Register, month: int, team: str | None = None) -> float:
    found = Situation(reg)
    return sum(found.capacity[s.staff_id, month] for s in reg.officers if team in {None, s.team})


def test_today_is_the_register_itself() -> None:
    assert changed(SAMPLE, TODAY) is SAMPLE
    assert pulled("deadline", 12) is SAMPLE


def test_every_lever_can_be_pulled() -> None:
    for key, lever in LEVERS.items():
        value: float | bool | str = min(max(lever.low, 1), lever.high)
        if lever.kind is LeverKind.SWITCH:
            value = True
        elif lever.kind is LeverKind.TEAM:
            value = TEAMS[1]
        made = pulled(key, value, team=TEAMS[0] if key == "merge" else None)
        assert isinstance(Situation(made).capacity, dict)


@pytest.mark.parametrize(("lever", "day"), [("officers", 8.0), ("staff", 7.4)])
def test_more_people_bring_full_posts_in_their_months(lever: str, day: float) -> None:
    made = pulled(lever, 2, team=TEAMS[0], first=4, last=6)
    per_day = SAMPLE.policy.hours_day_officer
    for month in range(1, 19):
        more = hours(made, month) - hours(SAMPLE, month)
        if 4 <= month <= 6:
            plain = Situation(pulled("officers", 1, team=TEAMS[0]))
            (full,) = [
                h for (s, m), h in plain.capacity.items() if s == "New post 1" and m == month
            ]
            gross = hours(pulled("officers", 1, team=TEAMS[0]), month) - hours(SAMPLE, month)
            assert full < gross, "the hold-back is shared"
            assert more == pytest.approx(2 * gross * day / per_day)
        else:
            assert more == pytest.approx(0)


def test_recruits_settle_in_and_officers_do_not() -> None:
    for month, share in ((1, 0.5), (3, 0.5), (4, 0.75), (6, 0.75), (7, 1.0)):
        full = hours(pulled("officers", 1, team=TEAMS[0]), month) - hours(SAMPLE, month)
        less = hours(pulled("recruits", 1, team=TEAMS[0], first=1), month) - hours(SAMPLE, month)
        assert less == pytest.approx(full * share)


def test_the_verifier_counts_the_same_hours() -> None:
    """It works capacity out for itself: experienced starters and agreed overtime too."""
    changes = (
        Change(lever="officers", value=1, team=TEAMS[0], first=5),
        Change(lever="arms_team", value=2, first=2, last=9),
        Change(lever="overtime_hours", value=120, first=3, last=4),
        Change(lever="hours.overtime", value=0.1),
        Change(lever="leavers", value=2, first=6),
        Change(lever="merge", value=TEAMS[1], team=TEAMS[0]),
    )
    made = changed(SAMPLE, Scenario(name="all", changes=changes[:5]))
    ours, theirs = Situation(made).capacity, capacities(World.of(made))
    for (name, month), told in ours.items():
        assert theirs[name][month] == pytest.approx(told)


def test_agreed_overtime_is_hours_to_plan_with_in_its_months_only() -> None:
    reg = SAMPLE.with_policy(SAMPLE.policy.but({"hours.overtime": 0.1}))
    made = pulled("overtime_hours", 100, reg, team=TEAMS[1], first=2, last=3)
    for month in (1, 2, 3, 4):
        more = (hours(made, month, TEAMS[1]) - hours(reg, month, TEAMS[1])) * 1.1
        assert more == pytest.approx(100 if month in {2, 3} else 0)
    spread = pulled("overtime_hours", 100, reg, first=2)
    assert (hours(spread, 2) - hours(reg, 2)) * 1.1 == pytest.approx(100)


def test_an_arms_team_has_hours_for_its_arms_and_no_community_case() -> None:
    made = pulled("arms_team", 3, team=TEAMS[0], first=2, last=5)
    most = SAMPLE.policy.arms_per_month * SAMPLE.policy.arms_hours
    new = [s for s in made.officers if s.staff_id not in SAMPLE.officer]
    assert [s.cap for s in new] == [0, 0, 0]
    assert made.policy.arms_by_colleague
    assert hours(made, 1) == pytest.approx(hours(SAMPLE, 1))
    assert 0.9 * 3 * most < hours(made, 3) - hours(SAMPLE, 3) <= 3 * most + 1e-6
    assert hours(made, 6) == pytest.approx(hours(SAMPLE, 6))
    assert Situation(made).fair_share[new[0].staff_id] == 0


def test_leavers_are_gone_from_the_month_on_and_were_those_with_most_hours() -> None:
    made = pulled("leavers", 1, team=TEAMS[0], first=4)
    before, after = Situation(SAMPLE).capacity, Situation(made).capacity
    gone = {s for (s, m), h in before.items() if h and m == 4 and after.get((s, 4), 0.0) == 0}
    (who,) = gone
    rest = [
        sum(before[s.staff_id, m] for m in range(4, 19))
        for s in SAMPLE.officers
        if s.team == TEAMS[0]
    ]
    assert sum(before[who, m] for m in range(4, 19)) == pytest.approx(max(rest))
    assert after[who, 3] == pytest.approx(before[who, 3], rel=0.1)
    assert made.officer[who].end == date(2027, 2, 28)


def test_a_surge_is_of_todays_mix_registered_on_its_month_and_due_as_the_policy_has_it() -> None:
    made = pulled("surge", 40, first=4)
    new = [o for o in made.offenders if o.ref not in SAMPLE.offender]
    assert len(new) == 40
    assert all(o.ref.startswith("NEW-") for o in new)
    assert {o.registered_from for o in new} == {Situation(SAMPLE).horizon.start(4)}
    there = [
        o
        for o in SAMPLE.offenders
        if o.is_active and Situation(SAMPLE).presence[o.ref].first_seen == 1
    ]
    for level in LEVELS:
        share = sum(o.level is level for o in there) / len(there)
        assert abs(sum(o.level is level for o in new) - 40 * share) <= 3
    chain = Situation(made).chain[new[0].ref, Duty.VISIT]
    assert chain.due_month == 4
    assert Situation(made).chain[new[0].ref, Duty.ARMS].due_month == 5
    assert hours(made, 7) == pytest.approx(hours(SAMPLE, 7)), "the hold-back stays"


def test_reactive_takes_low_risk_cases_with_least_overdue_first() -> None:
    made = pulled("reactive", 0.5)
    gone = [o for o in made.offenders if o != SAMPLE.offender[o.ref]]
    assert gone
    assert all(o.level is RiskLevel.LOW and o.management is Management.REACTIVE for o in gone)
    one = pulled("reactive", 1, team=TEAMS[0])
    assert {o.team for o in one.offenders if o != SAMPLE.offender[o.ref]} == {TEAMS[0]}


def test_a_crew_by_level_leaves_a_persons_own() -> None:
    reg = register([person("P1", crew=2), person("P2"), person("P3", level=RiskLevel.HIGH)])
    made = pulled("crew.low", 1, reg)
    assert [o.crew for o in made.offenders] == [2, 1, None]


def test_merging_joins_people_and_officers() -> None:
    made = pulled("merge", TEAMS[1], team=TEAMS[0])
    assert made.teams == TEAMS[1:]
    assert sum(o.team == TEAMS[1] for o in made.offenders) == sum(
        o.team in TEAMS[:2] for o in SAMPLE.offenders
    )


def test_the_order_of_changes_makes_no_difference() -> None:
    changes = [
        Change(lever="officers", value=2),
        Change(lever="surge", value=9, first=3),
        Change(lever="reactive", value=0.4),
        Change(lever="leavers", value=2, first=2),
        Change(lever="crew.low", value=1),
        Change(lever="overtime_hours", value=50, last=3),
        Change(lever="overtime_hours", value=20, first=2),
        Change(lever="arms.hours", value=4),
    ]
    first = changed(SAMPLE, Scenario(name="x", changes=tuple(changes)))
    for _ in range(5):
        random.Random(1).shuffle(changes)
        assert changed(SAMPLE, Scenario(name="x", changes=tuple(changes))) == first


def test_more_comes_on_top_of_more() -> None:
    twice = (Change(lever="officers", value=2, team=TEAMS[0]),) * 2
    made = changed(SAMPLE, Scenario(name="x", changes=twice))
    assert len(made.officers) == len(SAMPLE.officers) + 4


@pytest.mark.parametrize("number", range(12))
def test_what_is_shared_out_adds_up_and_is_nearly_in_proportion(number: int) -> None:
    weights = {"A": 3.0, "B": 1.0, "C": 0.0, "D": 2.5}
    parts = shared_out(number, weights)
    assert sum(parts.values()) == number
    for key, part in parts.items():
        assert abs(part - number * weights[key] / 6.5) < 1
    assert sum(shared_out(number, dict.fromkeys("AB", 0.0)).values()) == number


# --- scenario files -----------------------------------------------------------------------------


def toml(tmp_path: Path, text: str) -> tuple[Scenario, ...]:
    path = tmp_path / "what-if.toml"
    path.write_text(text, encoding="utf-8")
    return read_scenarios(path, SAMPLE)


def test_a_file_of_scenarios(tmp_path: Path) -> None:
    first, second = toml(
        tmp_path,
        f"""
        [scenario."Six more"]
        note = "As the board asked"
        officers = {{ value = 6, team = "{TEAMS[0]}", from = 3 }}
        arms.hours = 4
        "visit.interval.low" = 18
        overtime_hours = [{{ value = 200, to = 3 }}, {{ value = 100, from = 2027-03-15 }}]

        [scenario.Sooner]
        deadline = 12
        cross_team = true
        """,
    )
    assert first.name == "Six more"
    assert first.note == "As the board asked"
    assert set(first.changes) == {
        Change(lever="officers", value=6, team=TEAMS[0], first=3),
        Change(lever="arms.hours", value=4),
        Change(lever="visit.interval.low", value=18),
        Change(lever="overtime_hours", value=200, last=3),
        Change(lever="overtime_hours", value=100, first=4),
    }
    assert second.deadline == 12
    assert second.effective == (Change(lever="cross_team", value=True),)


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("officer = 6", "unknown-lever", "officer"),
        ("officers = 6.5", "wrong-value", "officers value"),
        ("officers = true", "wrong-value", "officers value"),
        ("officers = 0", "wrong-value", "officers value"),
        ("officers = nan", "wrong-value", "officers value"),
        ("reactive = 30", "wrong-value", "reactive value"),
        ("arms.hours = inf", "wrong-value", "arms.hours value"),
        ("cross_team = 1", "wrong-value", "cross_team value"),
        ('officers = {value = 1, team = "Nowhere"}', "unknown-team", "officers team"),
        ('arms.hours = {value = 4, team = "Ash"}', "no-team", "arms.hours team"),
        ("arms.hours = {value = 4, from = 3}", "no-month", "arms.hours from"),
        ("officers = {value = 1, from = 19}", "outside-the-plan", "officers from"),
        ("officers = {value = 1, from = 5, to = 3}", "dates-out-of-order", "officers to"),
        ("officers = {team = 3}", "missing-value", "officers value"),
        ("officers = {value = 1, teams = 3}", "unknown-field", "officers"),
        ("deadline = 24", "wrong-value", "deadline value"),
        ("leavers = 90", "too-many-leavers", "leavers value"),
        ("reactive = [0.1, 0.2]", "twice", "reactive"),
        ('merge = {value = "Ash", team = "Ash"}', "same-team", "merge value"),
        ('merge = "Ash"', "missing-value", "merge team"),
        ("note = 3\nofficers = 1", "wrong-value", "note"),
        ("", "no-lever", None),
    ],
)
def test_a_faulty_scenario_says_where(
    tmp_path: Path, text: str, code: str, column: str | None
) -> None:
    with pytest.raises(InputError) as caught:
        toml(tmp_path, f'[scenario."Good"]\nofficers = 1\n\n[scenario."Bad one"]\n{text}\n')
    finding = caught.value.findings[0]
    assert (finding.code, finding.sheet, finding.row) == (code, "what-if.toml", 4)
    assert finding.column is None if column is None else finding.column == column
    assert finding.remedy


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        toml(tmp_path, "[scenario.A]\nofficer = 1\nreactive = 3\n[scenario.Today]\nofficers = 1\n")
    codes = [f.code for f in caught.value.findings]
    assert codes == ["unknown-lever", "wrong-value", "bad-name"]


@pytest.mark.parametrize(
    "text", ["", "officers = 3", "scenario = 3", "[scenario\n", "[[scenario]]"]
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError):
        toml(tmp_path, text)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_scenarios(tmp_path / "none.toml", SAMPLE)
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError):
        read_scenarios(tmp_path / "bad.toml", SAMPLE)


def test_a_team_merged_away_takes_no_other_change(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        toml(
            tmp_path,
            f'[scenario.A]\nmerge = {{value = "{TEAMS[1]}", team = "{TEAMS[0]}"}}\n'
            f'officers = {{value = 1, team = "{TEAMS[0]}"}}\n',
        )
    assert [f.code for f in caught.value.findings] == ["merged-team"]


def test_roles_and_starts() -> None:
    made = pulled("staff", 1, team=TEAMS[0], first=3)
    (new,) = [s for s in made.officers if s.staff_id not in SAMPLE.officer]
    assert (new.role, new.start, new.settled) == (Role.STAFF, date(2027, 2, 1), True)


def test_a_lever_on_a_setting_is_that_setting() -> None:
    for key, lever in LEVERS.items():
        if lever.is_setting:
            value: float | bool = True if lever.kind is LeverKind.SWITCH else lever.high
            assert pulled(key, value).policy == Policy.of({**_own(), key: value})


def _own() -> dict[str, float | bool]:
    from planner.domain.policy import SETTINGS

    return {name: SAMPLE.policy.value(name) for name in SETTINGS}


def test_as_at_on_the_first_of_month_1() -> None:
    """Nothing of a change begins before the plan, and nobody leaves before the as-at date's eve."""
    reg = replace(register([person("P1")], [officer("S1"), officer("S2")]), as_at=date(2026, 2, 1))
    made = pulled("leavers", 1, reg)
    assert [len(made.officers), sum(s.end == date(2026, 1, 31) for s in made.officers)] == [2, 1]
    surge = pulled("surge", 3, reg)
    assert all(
        o.registered_from == date(2026, 2, 1) for o in surge.offenders if o.ref.startswith("NEW-")
    )
    assert reg.as_at > AS_AT
    assert not list(itertools.filterfalse(lambda o: o.is_active, surge.offenders))
