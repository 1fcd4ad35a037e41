"""The synthetic register: the field's proportions, nothing contradictory, the same every time."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

import pytest
from dateutil.relativedelta import relativedelta
from openpyxl import load_workbook

from planner.domain.months import Horizon
from planner.domain.terms import LEVELS, LockKind, RiskLevel, Role, Status
from planner.sample import AS_AT, synthetic_register
from planner.sample.draws import Draws, EveryFew, apportioned
from planner.workbooks.register_read import read_register
from planner.workbooks.register_write import register_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from planner.domain.register import Offender, Officer, Register

INTERVALS = dict(zip(LEVELS, (1, 3, 6, 12), strict=True))
DEFAULT_DIGEST = "338b6d32cd79dff1710373acdde9ce063dec58eb21fa7f0fb0f517befd501141"


@cache
def register(seed: int = 1, completed: float | None = None) -> Register:
    return synthetic_register(seed=seed, completed=completed)


@cache
def small(seed: int = 1, as_at: date = AS_AT) -> Register:
    return synthetic_register(offenders=200, officers=4, seed=seed, as_at=as_at)


def active_in_community(of: Register) -> list[Offender]:
    return [o for o in of.offenders if o.status is Status.COMMUNITY and o.is_active]


def arms_due(person: Offender, as_at: date) -> date:
    """The contract's definition, worked out here again."""
    if person.arms_due is not None:
        return person.arms_due
    if person.last_arms is not None:
        return person.last_arms + relativedelta(months=12)
    if person.registered_from is not None:
        return person.registered_from + timedelta(days=56)
    return as_at


def visit_due(person: Offender, as_at: date) -> date:
    if person.last_visit is not None:
        months = person.visit_interval or INTERVALS[person.level]
        return person.last_visit + relativedelta(months=months)
    if person.registered_from is not None:
        return person.registered_from + timedelta(days=14)
    return as_at


def arms_overdue(of: Register) -> list[Offender]:
    people = active_in_community(of)
    return [o for o in people if o.arms_applicable and arms_due(o, of.as_at) <= of.as_at]


def officers_in_post(of: Register) -> list[Officer]:
    return [s for s in of.officers if s.start is None or s.start <= of.as_at]


def digest(of: Register) -> str:
    """A fingerprint of what is written of the register: each cell of people, staff and locks."""
    book = load_workbook(io.BytesIO(register_workbook(of)), read_only=True)
    told = hashlib.sha256()
    for sheet in ("Offenders", "Staff", "Absences", "Locks"):
        for cells in book[sheet].iter_rows(values_only=True):
            told.update(f"{sheet};{cells};".encode())
    return told.hexdigest()


def test_the_default_is_the_force_of_the_report() -> None:
    of = register()
    assert len(active_in_community(of)) == 4158
    assert len(officers_in_post(of)) == 54
    assert len(of.teams) == 8
    assert len(of.offenders) - 4158 == 900
    assert {s.team for s in of.officers} == {o.team for o in of.offenders}
    assert of.as_at == AS_AT and "ynthetic" in of.title and "synthetic" in of.marking


def test_levels_are_mixed_as_in_the_field() -> None:
    mix = Counter(o.level for o in active_in_community(register()))
    assert [mix[level] for level in LEVELS] == [21, 644, 1331, 2162]


def test_four_thousand_arms_are_overdue_by_up_to_thirty_months() -> None:
    of = register()
    late = arms_overdue(of)
    assert len(late) == 4000
    assert min(arms_due(o, of.as_at) for o in late) >= of.as_at - relativedelta(months=30)
    assert sum(o.last_arms is None for o in late) > 100
    assert {o.level for o in late} == set(LEVELS)


@pytest.mark.parametrize("completed", [None, 0.36])
def test_nobody_waits_longer_than_a_bad_force_would_let_them(completed: float | None) -> None:
    of = register(completed=completed)
    people = active_in_community(of)
    visits = [visit_due(o, of.as_at) for o in people]
    assert min(visits) >= of.as_at - relativedelta(months=24)
    late = arms_overdue(of)
    assert min(arms_due(o, of.as_at) for o in late) >= of.as_at - relativedelta(months=30)
    unseen = [o for o in people if o.last_visit is None and o.registered_from is not None]
    assert len(unseen) > 30
    assert any(visit_due(o, of.as_at) < of.as_at - relativedelta(months=20) for o in unseen)


def test_the_other_reading_leaves_64_percent_of_over_4000() -> None:
    of = register(completed=0.36)
    left = {o.ref for o in arms_overdue(of)}
    done = [o for o in active_in_community(of) if o.last_arms and o.ref not in left]
    assert all(o.last_arms and o.last_arms > date(2025, 9, 30) for o in done)
    assert 2560 <= len(left) <= 2660
    assert len(left) + len(done) > 4000
    assert len(done) / (len(left) + len(done)) == pytest.approx(0.36, abs=0.005)
    months = Counter(Horizon(of.as_at).number(arms_due(o, of.as_at)) for o in done)
    assert all(80 < months[m] < 160 for m in range(1, 13))


@pytest.mark.parametrize("backlog", [0, 1, 150, 200])
def test_a_backlog_asked_for_is_the_backlog_given(backlog: int) -> None:
    of = synthetic_register(offenders=200, officers=4, backlog=backlog)
    assert len(arms_overdue(of)) == backlog


def test_some_visits_are_overdue_at_every_level_and_the_rest_fall_due_evenly() -> None:
    of = register()
    for level in LEVELS:
        people = [o for o in active_in_community(of) if o.level is level]
        dues = [visit_due(o, of.as_at) for o in people]
        late = sum(due <= of.as_at for due in dues)
        assert 0 < late < 0.2 * len(people)
        by_month = Counter(Horizon(of.as_at).number(d) for d in dues if d > of.as_at)
        even = (len(people) - late) / INTERVALS[level]
        assert all(0.7 * even < by_month[m] for m in range(1, INTERVALS[level] + 1))


def test_caseloads_are_uneven_and_the_riskiest_more_so() -> None:
    of = register()
    people = active_in_community(of)
    cases = Counter(o.som for o in people if o.som is not None)
    risky = Counter(o.som for o in people if o.som is not None and o.level >= RiskLevel.HIGH)
    loads = sorted(cases.values())
    assert loads[5] <= 65 and loads[-5] >= 85
    assert max(risky.values()) >= 3 * min(risky.values())


def test_life_is_in_it() -> None:
    of = register()
    people = of.offenders
    everybody, active = len(people), active_in_community(of)
    assert sum(o.som is None for o in people) == round(0.03 * everybody)
    assert 0.01 * everybody < sum(o.keep for o in people) <= 0.02 * everybody + 1
    assert sum(bool(o.not_with) for o in people) >= 0.01 * everybody - 1
    assert sum(bool(o.needs) for o in people) >= 0.015 * everybody - 1
    assert sum(o.failed_attempts >= 2 for o in active) > 20
    assert sum(o.visit_interval is not None for o in people) > 30
    assert any(o.crew == 1 for o in people) and any(not o.arms_applicable for o in people)
    assert any(o.ref.startswith("0") for o in people)
    end = Horizon(of.as_at).end(18)
    assert 130 < sum(o.release_date is not None and o.release_date <= end for o in people) < 170


def test_staff_come_go_and_are_away() -> None:
    of = register()
    horizon = Horizon(of.as_at)
    staff = of.officers
    assert sum(s.end is not None for s in staff) == 2
    assert sum(s.start is not None and s.start > of.as_at for s in staff) == 2
    assert sum(s.fte < 1 for s in staff) == 11
    assert sum(s.role is Role.STAFF for s in staff) == 8
    held = Counter(o.som for o in of.offenders if o.status is Status.COMMUNITY)
    assert [s.cap > held[s.staff_id] for s in staff if s.cap is not None] == [True] * 4
    now = officers_in_post(of)
    assert sum(s.arms_trained_from is None or s.arms_trained_from > of.as_at for s in now) == 5
    for team in of.teams:
        there = [s for s in now if s.team == team and s.end is None]
        trained = [s for s in there if s.arms_trained_from and s.arms_trained_from <= of.as_at]
        assert len(there) >= 5 and len(trained) >= 3
    reasons = Counter(a.reason for a in of.absences)
    assert {"Annual leave", "Course", "Maternity leave", "Sickness", "Phased return"} == set(
        reasons
    )
    assert all(horizon.number(s.end) <= 18 for s in staff if s.end is not None)


@pytest.fixture(params=["default", "completed", "few", "leap day"], scope="module")
def any_register(request: pytest.FixtureRequest) -> Register:
    made = {
        "default": lambda: register(),
        "completed": lambda: register(completed=0.36),
        "few": lambda: synthetic_register(offenders=900, officers=20, seed=5),
        "leap day": lambda: small(as_at=date(2028, 2, 29)),
    }
    return made[request.param]()


def test_dates_follow_each_other(any_register: Register) -> None:
    of = any_register
    for o in of.offenders:
        past = [d for d in (o.last_visit, o.last_arms) if d is not None]
        assert all(d <= of.as_at for d in past)
        if o.registered_from is not None:
            assert all(o.registered_from <= d for d in past)
            assert o.registered_from <= of.as_at
        assert o.registered_until is None or o.registered_until > of.as_at
        assert o.release_date is None or o.release_date > of.as_at
        assert o.release_date is None or o.status not in (Status.COMMUNITY, Status.MISSING)
        assert (o.visit_interval is None) == (o.interval_reason == "")
        assert o.last_visit is not None or o.last_visit_type is None
    for s in of.officers:
        assert s.end is None or s.end > (s.start or of.as_at)
    assert all(a.first <= a.last for a in of.absences)


def test_all_but_a_handful_are_with_somebody_who_may_hold_them(any_register: Register) -> None:
    of = any_register
    now = {s.staff_id: s for s in officers_in_post(of)}
    wrong = 0
    for o in of.offenders:
        som = now[o.som] if o.som else None
        wrong += som is not None and (
            som.team != o.team or o.som in o.not_with or not o.needs <= som.skills
        )
    assert wrong <= max(3, len(of.offenders) // 400)


def test_somebody_may_hold_every_case(any_register: Register) -> None:
    of = any_register
    for o in of.offenders:
        stay = [s for s in officers_in_post(of) if s.team == o.team and s.end is None]
        assert any(s.staff_id not in o.not_with and o.needs <= s.skills for s in stay)


def test_locks_name_people_who_can_be_seen_then(any_register: Register) -> None:
    of = any_register
    for lock in of.locks:
        person = of.offender[lock.ref]
        assert person.status is Status.COMMUNITY and person.is_active
        if lock.kind is LockKind.SOM:
            assert lock.staff_id is not None and lock.month is None
            assert of.officer[lock.staff_id].team == person.team
        else:
            assert lock.staff_id is None and lock.month is not None
            assert Horizon(of.as_at).first <= lock.month <= Horizon(of.as_at).end(18)
            assert lock.month.day == 1


def test_written_it_reads_back_the_same_without_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    path.write_bytes(register_workbook(register()))
    found = read_register(path)
    assert found.warnings == ()
    locks = tuple(replace(lock, row=0) for lock in found.register.locks)
    assert replace(found.register, locks=locks) == register()


def test_the_default_is_the_same_on_every_platform() -> None:
    assert digest(register()) == DEFAULT_DIGEST


def test_the_seed_decides() -> None:
    again = synthetic_register(offenders=200, officers=4)
    assert again == small()
    assert digest(small(seed=2)) != digest(small())


@pytest.mark.parametrize(("offenders", "officers"), [(1, 1), (20, 1), (200, 4), (2000, 26)])
def test_any_size_keeps_its_numbers(offenders: int, officers: int) -> None:
    of = synthetic_register(offenders=offenders, officers=officers)
    assert len(active_in_community(of)) == offenders
    assert len(officers_in_post(of)) == officers
    assert len(of.teams) == max(1, round(officers / 6.75))
    assert len(arms_overdue(of)) == pytest.approx(offenders * 4000 / 4158, abs=0.51)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"offenders": 0}, "at least one offender"),
        ({"officers": 0}, "at least one officer"),
        ({"backlog": -1}, "between 0 and"),
        ({"backlog": 5000}, "between 0 and"),
        ({"completed": 1.5}, "between 0 and 1"),
        ({"backlog": 100, "completed": 0.36}, "not both"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: dict[str, int], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        synthetic_register(**arguments)  # type: ignore[arg-type]


def test_shares_are_whole_and_add_up() -> None:
    assert apportioned(10, [1, 1, 1]) == [4, 3, 3]
    assert apportioned(0, [1, 2]) == [0, 0]
    every = EveryFew(0.25)
    assert sum(every.next() for _ in range(100)) == 25
    assert sorted(Draws(1, "x").shuffled(range(9))) == list(range(9))
