"""Each kind of clash in a register of a few rows: found, named, and not without its cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from planner.clashes import find_clashes
from planner.clashes.clash import Clash, ClashKind
from planner.domain.policy import Policy
from planner.domain.register import Lock, Offender, Officer, Register
from planner.domain.rules import Rule
from planner.domain.terms import LockKind, Management, Status
from planner.workload.situation import Situation
from tests.build import AS_AT, offender, officer

if TYPE_CHECKING:
    from collections.abc import Iterable

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
YOUTH = frozenset({"Youth"})


def clashes(
    people: Iterable[Offender], staff: Iterable[Officer], locks: Iterable[Lock] = (), **policy: Any
) -> tuple[Clash, ...]:
    settings = {name.replace("__", "."): value for name, value in policy.items()}
    register = Register(
        as_at=AS_AT,
        offenders=tuple(people),
        officers=tuple(staff),
        locks=tuple(replace(lock, row=n + 2) for n, lock in enumerate(locks)),
        policy=Policy.of({"inflow.per_year": 0, **settings}),
    )
    return find_clashes(Situation(register))


def told(found: Iterable[Clash]) -> list[tuple[str, set[tuple[str, str, str]]]]:
    """Kind and members of each; a lock by its row."""
    return [
        (
            c.kind.value,
            {
                (m.sheet.value, str(m.row) if m.row else m.key, "" if m.row else m.column)
                for m in c.members
            },
        )
        for c in found
    ]


def som(ref: str, staff_id: str) -> Lock:
    return Lock(ref=ref, kind=LockKind.SOM, staff_id=staff_id)


def due(ref: str, month: date, kind: LockKind = LockKind.VISIT) -> Lock:
    return Lock(ref=ref, kind=kind, month=month)


TWO = (officer("S1"), officer("S2"))


def test_a_register_without_contradictions_has_none() -> None:
    people = [offender("P1", needs=YOUTH), offender("P2", keep=True), offender("P3", som="S2")]
    staff = [officer("S1", cap=2, skills=YOUTH), officer("S2", cap=1)]
    locks = [som("P3", "S2"), due("P1", MARCH), due("P2", MARCH), due("P2", MARCH, LockKind.ARMS)]
    assert clashes(people, staff, locks) == ()


def test_a_skill_that_nobody_has_is_told_once_for_all_who_need_it() -> None:
    people = [offender("P1", needs=YOUTH), offender("P2"), offender("P3", needs=YOUTH)]
    (clash,) = clashes(people, TWO)
    assert told([clash]) == [("nobody-may-hold", {("Offenders", "P1", "Needs")})]
    assert [m.key for m in clash.alike] == ["P3"]
    assert [m.key for m in clash.facts] == ["S1", "S2"]
    assert (clash.gives_way, clash.by) == (Rule.ONE_SOM, 18)


def test_skill_and_conflict_clash_only_together() -> None:
    person = offender("P1", needs=YOUTH, not_with=frozenset({"S1"}))
    staff = (officer("S1", skills=YOUTH), officer("S2"))
    both = {("Offenders", "P1", "Needs"), ("Offenders", "P1", "Not with")}
    assert told(clashes([person], staff)) == [("nobody-may-hold", both)]


def test_a_team_whose_officers_have_all_left() -> None:
    gone = officer("S3", team="South", end=date(2026, 8, 14))
    (clash,) = clashes([offender("P1", team="South")], [*TWO, gone])
    assert told([clash]) == [("nobody-may-hold", {("Offenders", "P1", "")})]
    assert "August 2026" in clash.what and clash.facts[0].says == "End 14/08/2026"


@pytest.mark.parametrize(
    ("person", "locked", "members"),
    [
        ({"not_with": frozenset({"S2"})}, "S2", {("Offenders", "P1", "Not with")}),
        ({"needs": YOUTH}, "S2", {("Offenders", "P1", "Needs")}),
        ({}, "S3", set()),  # another team
        ({}, "S4", set()),  # left before the first month
    ],
)
def test_a_lock_on_somebody_who_may_not_hold_the_case(
    person: dict[str, Any], locked: str, members: set[tuple[str, str, str]]
) -> None:
    staff = [
        officer("S1", skills=YOUTH),
        officer("S2"),
        officer("S3", team="South"),
        officer("S4", end=date(2026, 1, 20)),
    ]
    (clash,) = clashes([offender("P1", **person)], staff, [som("P1", locked)])
    assert told([clash]) == [("lock-on-somebody-who-may-not-hold", {("Locks", "2", ""), *members})]
    assert clash.gives_way is Rule.KEPT_AND_LOCKED


def test_a_lock_holds_until_its_officer_leaves() -> None:
    staff = [officer("S1"), officer("S2", end=date(2026, 8, 14))]
    assert clashes([offender("P1")], staff, [som("P1", "S2")], moves__share=1) == ()


def test_two_locks_on_different_officers() -> None:
    found = clashes([offender("P1", som=None)], TWO, [som("P1", "S1"), som("P1", "S2")])
    assert told(found) == [("two-holders", {("Locks", "2", ""), ("Locks", "3", "")})]


def test_two_locks_one_after_the_other_do_not_clash() -> None:
    staff = [officer("S1", end=date(2026, 8, 14)), officer("S2", start=date(2026, 8, 17))]
    locks = [som("P1", "S1"), som("P1", "S2")]
    assert clashes([offender("P1", som=None)], staff, locks) == ()
    early = [staff[0], officer("S2", start=date(2026, 7, 30))]
    assert [c.kind for c in clashes([offender("P1", som=None)], early, locks)] == [
        ClashKind.TWO_HOLDERS
    ]


def test_a_lock_against_keep_with_som() -> None:
    found = clashes([offender("P1", keep=True)], TWO, [som("P1", "S2")], moves__share=1)
    assert told(found) == [
        ("two-holders", {("Offenders", "P1", "Keep with SOM"), ("Locks", "2", "")})
    ]


@pytest.mark.parametrize(
    ("person", "lock"),
    [
        ({"management": Management.REACTIVE}, due("P1", MARCH)),
        ({"arms_applicable": False}, due("P1", MARCH, LockKind.ARMS)),
        ({"status": Status.CUSTODY, "release_date": APRIL}, due("P1", MARCH)),
        ({"status": Status.MISSING}, due("P1", MARCH)),
        ({"registered_until": date(2026, 2, 28)}, due("P1", MARCH)),
        ({"last_visit": date(2026, 1, 10), "visit_interval": 6, "level": 4}, due("P1", APRIL)),
        ({"arms_due": date(2026, 6, 1)}, due("P1", MARCH, LockKind.ARMS)),
    ],
)
def test_a_month_in_which_the_duty_may_not_be_done(person: dict[str, Any], lock: Lock) -> None:
    (clash,) = clashes([offender("P1", **person)], TWO, [lock])
    assert told([clash]) == [("locked-duty-impossible", {("Locks", "2", "")})]
    assert [m.key for m in clash.facts] == ["P1"]


def test_the_first_month_in_which_a_duty_may_be_done_is_no_clash() -> None:
    person = offender("P1", last_visit=date(2026, 1, 10), visit_interval=6, arms_due=APRIL)
    locks = [due("P1", date(2026, 5, 1)), due("P1", date(2026, 2, 1), LockKind.ARMS)]
    assert clashes([person], TWO, locks) == ()


@pytest.mark.parametrize(("second", "clash"), [(date(2026, 6, 1), True), (date(2026, 7, 1), False)])
def test_locked_months_closer_than_the_interval(second: date, clash: bool) -> None:
    """Every six months, two of them early at most: four months apart."""
    found = clashes([offender("P1", visit_interval=6)], TWO, [due("P1", MARCH), due("P1", second)])
    pair = {("Locks", "2", ""), ("Locks", "3", "")}
    assert told(found) == ([("locked-duties-too-close", pair)] if clash else [])


def test_of_three_locked_months_the_last_two_are_too_close() -> None:
    locks = [due("P1", date(2026, m, 1)) for m in (3, 7, 9)]
    found = clashes([offender("P1", visit_interval=6)], TWO, locks)
    assert told(found) == [("locked-duties-too-close", {("Locks", "3", ""), ("Locks", "4", "")})]


def test_nobody_is_trained_for_a_locked_arms() -> None:
    staff = [officer("S1", arms_trained_from=None), officer("S2", arms_trained_from=MARCH)]
    people = [offender("P1", not_with=frozenset())]
    assert told(clashes(people, staff, [due("P1", date(2026, 2, 1), LockKind.ARMS)])) == [
        ("hours-below-locked-duties", {("Locks", "2", "")})
    ]
    assert clashes(people, staff, [due("P1", MARCH, LockKind.ARMS)]) == ()


def test_caps_of_those_with_a_skill_below_the_cases_that_need_it() -> None:
    people = [offender(f"P{n}", needs=YOUTH, som=None) for n in range(5)]
    people += [offender(f"Q{n}", som=None) for n in range(9)]
    staff = [
        officer("S1", cap=2, skills=YOUTH),
        officer("S2", cap=1, skills=YOUTH),
        officer("S3", cap=9),
    ]
    (clash,) = clashes(people, staff)
    caps = {("Staff", s, "Caseload cap") for s in ("S1", "S2")}
    assert told([clash]) == [
        ("caps-below-cases", caps | {("Offenders", f"P{n}", "Needs") for n in range(4)})
    ]
    assert (clash.gives_way, clash.by) == (Rule.CASELOAD_CAP, 2)
    assert "5 community cases" in clash.what and "add up to 3" in clash.what


def test_locks_above_one_officers_cap_are_told_and_not_the_whole_team() -> None:
    people = [offender(f"P{n}", som=None) for n in range(9)]
    staff = [officer("S1", cap=1), officer("S2", cap=7)]
    (clash,) = clashes(people, staff, [som("P1", "S1"), som("P2", "S1")])
    cases = {("Offenders", "P1", ""), ("Offenders", "P2", "")}
    locks = {("Locks", "2", ""), ("Locks", "3", "")}
    assert told([clash]) == [
        ("caps-below-cases", {("Staff", "S1", "Caseload cap")} | cases | locks)
    ]


def test_caps_count_only_people_in_the_community() -> None:
    away = [offender(f"P{n}", som=None, status=Status.CUSTODY) for n in range(9)]
    assert clashes([*away, offender("Q1")], [officer("S1", cap=1)]) == ()


def test_disjoint_clashes_of_caps_are_told_one_by_one() -> None:
    people = [offender(f"P{n}", som=None, not_with=frozenset({"S2"})) for n in range(2)]
    people += [offender(f"Q{n}", som=None, not_with=frozenset({"S1"})) for n in range(3)]
    found = clashes(people, [officer("S1", cap=1), officer("S2", cap=2)])
    assert [sorted(m.key for m in c.members) for c in found] == [
        ["P0", "P1", "S1"],
        ["Q0", "Q1", "Q2", "S2"],
    ]


def test_locked_visits_above_an_officers_hours() -> None:
    """A visit leads 2.75 hours; twelve hours allow four of them."""
    people = [offender(f"P{n}", keep=True, crew=1) for n in range(5)]
    staff = [officer("S1", hours_per_month=12), officer("S2")]
    locks = [due(f"P{n}", APRIL) for n in range(5)]
    (clash,) = clashes(people, staff, locks, hours__ramp__first_months=0)
    keeps = {("Offenders", f"P{n}", "Keep with SOM") for n in range(5)}
    rows = {("Locks", str(n), "") for n in range(2, 7)}
    assert told([clash]) == [
        ("hours-below-locked-duties", {("Staff", "S1", "Hours"), *keeps, *rows})
    ]
    assert clash.gives_way is Rule.KEPT_AND_LOCKED and "April 2026" in clash.what
    assert clashes(people, staff, locks[:4]) == ()


def test_locked_arms_above_an_officers_hours() -> None:
    """Five hours each."""
    people = [offender(f"P{n}", keep=True) for n in range(3)]
    locks = [due(f"P{n}", APRIL, LockKind.ARMS) for n in range(3)]
    staff = [officer("S1", hours_per_month=14.9), officer("S2")]
    (clash,) = clashes(people, staff, locks)
    assert ("Staff", "S1", "Hours") in told([clash])[0][1] and len(clash.members) == 7
    assert clashes(people, [officer("S1", hours_per_month=15), officer("S2")], locks) == ()


def test_in_the_first_month_a_second_officer_is_one_person() -> None:
    """Two with an hour each cannot share what a second officer gives; later they can."""
    people = [offender("P1", keep=True)]
    staff = [officer("S1"), *(officer(s, hours_per_month=1) for s in ("S2", "S3"))]
    found = clashes(people, staff, [due("P1", date(2026, 2, 1))])
    assert [c.kind for c in found] == [ClashKind.HOURS]
    assert clashes(people, staff, [due("P1", MARCH)]) == ()


def test_overtime_counts_as_hours() -> None:
    people = [offender(f"P{n}", keep=True) for n in range(3)]
    locks = [due(f"P{n}", APRIL, LockKind.ARMS) for n in range(3)]
    staff = [officer("S1", hours_per_month=12), officer("S2")]
    assert len(clashes(people, staff, locks, hours__overtime=0.2)) == 1
    assert clashes(people, staff, locks, hours__overtime=0.25) == ()


def test_a_case_that_nobody_may_hold_takes_no_place_below_a_cap() -> None:
    people = [offender("P1", needs=YOUTH), offender("P2")]
    found = clashes(people, [officer("S1", cap=1)])
    assert [c.kind for c in found] == [ClashKind.NOBODY]


def test_locked_arms_above_what_one_may_do_in_a_month() -> None:
    people = [offender(f"P{n}") for n in range(4)]
    staff = [officer("S1"), officer("S2", arms_trained_from=None)]
    locks = [due(f"P{n}", MARCH, LockKind.ARMS) for n in range(4)]
    (clash,) = clashes(people, staff, locks, arms__per_month=2)
    rows = {("Locks", str(n), "") for n in range(2, 5)}
    assert told([clash]) == [
        ("hours-below-locked-duties", {("Policy", "arms.per_month", "Value"), *rows})
    ]


def test_locks_that_move_more_cases_than_allowed() -> None:
    people = [offender(f"P{n}") for n in range(10)]
    locks = [som(f"P{n}", "S2") for n in range(4)]
    (clash,) = clashes(people, TWO, locks, moves__share=0.2)
    rows = {("Locks", str(n), "") for n in range(2, 5)}
    assert told([clash]) == [("moves-below-changes", {("Policy", "moves.share", "Value"), *rows})]
    assert (clash.gives_way, clash.by) == (Rule.MOVES, 2)
    assert clashes(people, TWO, locks, moves__share=0.4) == ()


def test_changes_that_do_not_count_are_not_forced() -> None:
    """First allocations, and cases whose SOM leaves."""
    staff = [*TWO, officer("S3", end=date(2026, 8, 14))]
    people = [offender("P1", som=None), offender("P2", som="S3")]
    locks = [som("P1", "S2"), som("P2", "S2")]
    assert clashes(people, staff, locks, moves__share=0) == ()


def test_a_cap_that_moves_more_cases_than_allowed() -> None:
    people = [offender(f"P{n}") for n in range(10)]
    staff = [officer("S1", cap=6), officer("S2")]
    (clash,) = clashes(people, staff, moves__share=0.1)
    cases = {("Offenders", f"P{n}", "") for n in range(8)}
    setting, cap = ("Policy", "moves.share", "Value"), ("Staff", "S1", "Caseload cap")
    assert told([clash]) == [("moves-below-changes", {setting, cap, *cases})]
    assert clash.by == 3


def test_a_lock_that_brings_a_case_to_a_full_officer_moves_two() -> None:
    people = [offender("P0"), *(offender(f"P{n}", som="S2") for n in range(1, 10))]
    staff = [officer("S1", cap=1), officer("S2")]
    (clash,) = clashes(people, staff, [som("P1", "S1")], moves__share=0.1)
    rows = {("Locks", "2", ""), ("Staff", "S1", "Caseload cap"), ("Offenders", "P0", "")}
    assert told([clash]) == [("moves-below-changes", {("Policy", "moves.share", "Value"), *rows})]
    assert clashes(people, staff, [som("P1", "S1")], moves__share=0.2) == ()


def test_a_lock_on_a_joiner_moves_a_case_from_whoever_stays() -> None:
    joins = officer("S2", start=date(2026, 11, 2))
    lock = [som("P1", "S2")]
    stays, leaves = officer("S1"), officer("S3", end=date(2026, 8, 14))
    assert len(clashes([offender("P1")], [stays, joins], lock, moves__share=0)) == 1
    # the SOM leaves before the joiner comes: only S1 is there between, and he stays
    from_leaver = [offender("P1", som="S3")]
    assert len(clashes(from_leaver, [stays, leaves, joins], lock, moves__share=0)) == 1
    # with somebody who leaves later, no change counts
    later = officer("S4", end=date(2027, 1, 15))
    assert clashes(from_leaver, [stays, leaves, later, joins], lock, moves__share=0) == ()
