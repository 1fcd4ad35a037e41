"""Rules 1, 3 and 4 on both sides of their boundaries."""

from dataclasses import replace
from datetime import date

import pytest

from planner.domain.register import Offender, Officer
from planner.domain.terms import RiskLevel, Status
from planner.verify.verifier import verify
from tests.verify_build import (
    EASY,
    Holds,
    broken,
    officer,
    person,
    register,
    som_lock,
    written,
)

S1, S2 = officer("S1"), officer("S2")
GONE = officer("gone", end=date(2026, 5, 28))  # not on May's last working day: out in month 4
JOINS = officer("joins", start=date(2026, 4, 1))  # month 3
CLEAN = register([person("001"), person("002", som="S2")])


def judged(
    people: list[Offender], staff: list[Officer], holds: Holds | None = None, **policy: float
) -> dict[int, tuple[int, int]]:
    changed = EASY.but({name.replace("_", ".", 1): v for name, v in policy.items()})
    reg = register(people, staff, policy=changed)
    return broken(reg, written(reg, holds=holds))


def test_a_clean_plan_is_accepted() -> None:
    assert verify(CLEAN, written(CLEAN)).accepted


def test_checked_counts_offender_months() -> None:
    verdict = verify(CLEAN, written(CLEAN))
    assert verdict.findings[0].checked == 36


@pytest.mark.parametrize(
    ("columns", "months"),
    [
        ({"not_with": frozenset({"S1"})}, 18),
        ({"needs": frozenset({"Welsh"})}, 18),
        ({"needs": frozenset({"BSL"})}, 0),
        ({"needs": frozenset({"BSL", "Welsh"})}, 18),  # all of them
        ({"team": "South"}, 18),
        ({"status": Status.CUSTODY}, 0),  # inside, the case still has its SOM
        ({"status": Status.CUSTODY, "needs": frozenset({"Welsh"})}, 18),
    ],
)
def test_rule_1_who_may_hold(columns: dict[str, object], months: int) -> None:
    signs = frozenset({"BSL"})
    other = officer("S2", skills=signs | {"Welsh"})
    staff = [officer("S1", skills=signs), other, officer("S3", team="South", skills=signs)]
    found = judged([person("001", **columns)], staff)
    assert found == ({1: (months, 0)} if months else {})


def test_rule_1_cross_team() -> None:
    reg = register([person("001", team="South")], [S1], policy=EASY.but({"cross_team": True}))
    assert broken(reg, written(reg)) == {}


def test_rule_1_counts_the_months_after_the_som_left() -> None:
    people = [person("001", som="gone")]
    assert judged(people, [GONE, S1]) == {1: (15, 0)}
    assert judged(people, [GONE, S1], {"001": [(1, "gone"), (4, "S1")]}) == {}


@pytest.mark.parametrize("holds", [[(1, "gone")], [(1, "S9")], []])
def test_rule_1_forced_where_nobody_may_hold(holds: list[tuple[int, str]]) -> None:
    """Held by the least bad, by a stranger or by nobody: all count, forced from month 4 on."""
    welsh = replace(GONE, skills=frozenset({"Welsh"}))
    found = judged(
        [person("001", som="gone", needs=frozenset({"Welsh"}))], [welsh, S1], {"001": holds}
    )
    assert found == {1: (15, 15) if holds == [(1, "gone")] else (18, 15)}


def test_rule_1_no_row_for_some_months() -> None:
    plan = written(CLEAN, holds={"001": [(3, "S1")]})
    assert broken(CLEAN, plan) == {1: (2, 0)}


def test_rule_1_two_soms_at_once() -> None:
    plan = written(CLEAN, holds={"001": [(1, "S1"), (6, "S1")]})
    rows = [replace(r, month=date(2026, 2, 1), som="S2") if r.month.month == 7 else r
            for r in plan.allocation]  # fmt: skip
    found = verify(CLEAN, replace(plan, allocation=tuple(rows)))
    assert [(f.rule.value, f.broken) for f in found.findings if f.broken] == [(1, 18)]


# Rule 3


def test_rule_3_at_and_above_the_cap() -> None:
    people = [person(f"{n}") for n in range(3)]
    assert judged(people, [replace(S1, cap=3), S2]) == {}
    assert judged(people, [replace(S1, cap=2), S2]) == {3: (18, 0)}
    assert judged(people, [replace(S1, cap=1), S2]) == {3: (36, 0)}


def test_rule_3_counts_those_in_the_community_on_the_last_day() -> None:
    back = person("3", status=Status.CUSTODY, release_date=date(2027, 6, 30))  # month 17's end
    people = [person("1"), person("2"), back, person("4", status=Status.MISSING)]
    assert judged(people, [replace(S1, cap=2), S2]) == {3: (2, 0)}


def test_rule_3_forced_is_the_least_excess_of_the_team() -> None:
    people = [person(f"{n}") for n in range(5)]
    tight = [replace(S1, cap=2), replace(S2, cap=2)]
    spread = {"0": [(1, "S2")], "1": [(1, "S2")]}
    assert judged(people, tight, spread) == {3: (18, 18)}
    assert judged(people, tight, {"0": [(1, "S2")]}) == {3: (36, 18)}


def test_rule_3_forced_minds_skills_keeps_and_locks() -> None:
    """S2 has room, yet two cases must stay with S1: one for its needs, one for its keep."""
    signs = frozenset({"BSL"})
    people = [person("1", needs=signs), person("2", keep=True)]
    staff = [replace(S1, cap=1, skills=signs), replace(S2, cap=5)]
    assert judged(people, staff) == {3: (18, 18)}
    reg = register([person("1", needs=signs), person("2")], staff, locks=[som_lock("2", "S1")])
    assert broken(reg, written(reg)) == {3: (18, 18)}
    assert judged([people[0], person("2")], staff) == {3: (18, 0)}


def test_rule_3_leaves_out_who_may_not_be_held() -> None:
    """Where the SOM may not hold a case, that breaks rule 1 and fills nobody's caseload."""
    welsh = person("1", needs=frozenset({"Welsh"}))
    full = [replace(S1, cap=1), replace(S2, cap=0)]
    assert judged([welsh, person("2")], full) == {1: (18, 18)}
    assert judged([welsh, person("2"), person("3")], full) == {1: (18, 18), 3: (18, 18)}
    # unforced, it is rule 1 that says so
    able = [replace(S1, cap=1), replace(S2, cap=1, skills=frozenset({"Welsh"}))]
    assert judged([welsh, person("2")], able) == {1: (18, 0)}
    assert judged([person("1"), person("2")], able) == {3: (18, 0)}


def test_rule_3_leaves_out_who_has_left() -> None:
    """In post until month 3: of those with him then, one above his cap; afterwards none."""
    staff = [replace(GONE, cap=1), S1]
    people = [person("1", som="gone"), person("2", som="gone")]
    assert judged(people, staff) == {1: (30, 0), 3: (3, 0)}
    staff = [staff[0], officer("S3", team="South")]
    assert judged(people, staff) == {1: (30, 30), 3: (3, 3)}


def test_rule_3_forced_is_by_team() -> None:
    """Room in another team helps only with cross_team."""
    south = officer("S3", team="South", cap=9)
    people = [person("1"), person("2")]
    staff = [replace(S1, cap=1), south]
    assert judged(people, staff) == {3: (18, 18)}
    reg = register(people, staff, policy=EASY.but({"cross_team": True}))
    assert broken(reg, written(reg)) == {3: (18, 0)}


# Rule 4


@pytest.mark.parametrize(
    ("stints", "faults"),
    [
        ([(1, "S2")], 0),  # month 1 needs no reason
        ([(1, "S1"), (2, "S2")], 1),
        ([(1, "S1"), (3, "joins")], 0),
        ([(1, "S1"), (4, "joins")], 1),  # joined the month before
        ([(1, "gone"), (4, "S1")], 0),  # month 1 to a leaver, then on
        ([(1, "gone"), (3, "S1")], 1),  # a month before he leaves
        ([(1, "S1"), (2, "S2"), (3, "joins"), (4, "S1")], 2),
    ],
)
def test_rule_4_reasons(stints: list[tuple[int, str]], faults: int) -> None:
    found = judged([person("001")], [S1, S2, GONE, JOINS], {"001": stints}, moves_share=10)
    assert found == ({4: (faults, 0)} if faults else {})


def test_rule_4_limit_is_rounded_down() -> None:
    people = [person(f"{n}") for n in range(7)]
    two = {"0": [(1, "S2")], "1": [(1, "S2")]}
    three = {**two, "2": [(1, "S2")]}
    assert judged(people, [S1, S2], two, moves_share=0.3) == {}  # 2.1
    assert judged(people, [S1, S2], three, moves_share=0.3) == {4: (1, 0)}
    hundred = [person(f"{n}") for n in range(100)]
    all_29 = {f"{n}": [(1, "S2")] for n in range(29)}
    assert judged(hundred, [S1, S2], all_29, moves_share=0.29) == {}  # 28.999999999999996


@pytest.mark.parametrize(
    ("som", "counts"),
    [
        ("S1", True),
        (None, False),  # had nobody
        ("S9", False),  # not in Staff: treated as blank
        ("gone", False),  # leaves within the horizon, though in post in month 1
        ("S3", False),  # of another team: may not hold the case
    ],
)
def test_rule_4_which_changes_count(som: str | None, counts: bool) -> None:
    staff = [S1, S2, GONE, officer("S3", team="South")]
    found = judged([person("001", som=som)], staff, {"001": [(1, "S2")]}, moves_share=0)
    assert found == ({4: (1, 0)} if counts else {})


def test_rule_4_later_changes_count_too() -> None:
    holds = {"001": [(1, "S1"), (3, "joins")]}
    assert judged([person("001")], [S1, JOINS], holds, moves_share=0) == {4: (1, 0)}


def test_rule_4_forced_by_locks() -> None:
    reg = register(
        [person("1"), person("2")],
        [S1, S2],
        locks=[som_lock("1", "S2")],
        policy=EASY.but({"moves.share": 0}),
    )
    assert broken(reg, written(reg, holds={"1": [(1, "S2")]})) == {4: (1, 1)}
    both = {"1": [(1, "S2")], "2": [(1, "S2")]}
    assert broken(reg, written(reg, holds=both)) == {4: (2, 1)}


def test_rule_4_forced_by_caps() -> None:
    people = [person(f"{n}") for n in range(4)]
    staff = [replace(S1, cap=2), replace(S2, cap=5)]
    two = {"0": [(1, "S2")], "1": [(1, "S2")]}
    assert judged(people, staff, two, moves_share=0.25) == {4: (1, 1)}
    three = {**two, "2": [(1, "S2")]}
    assert judged(people, staff, three, moves_share=0.25) == {4: (2, 1)}
    # where the whole team is above its caps, the excess may as well stay
    full = [replace(S1, cap=2), replace(S2, cap=1)]
    assert judged(people, full, {"0": [(1, "S2")]}, moves_share=0) == {3: (18, 18), 4: (1, 1)}
    assert judged(people, full, two, moves_share=0) == {3: (18, 18), 4: (2, 1)}


def test_moves_cost_by_level() -> None:
    people = [
        person("1", level=RiskLevel.VERY_HIGH),
        person("2", level=RiskLevel.MEDIUM),
        person("3", som="gone"),
    ]
    reg = register(people, [S1, S2, GONE])
    plan = written(reg, holds={ref: [(1, "S2")] for ref in ("1", "2", "3")})
    assert verify(reg, plan).cost["moves"] == 24 + 6
