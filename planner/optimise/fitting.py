"""Which whole numbers of duties fit into a month, and the inequalities that they all keep.

The hours of a month and the limit on ARMS leave few enough numbers of duties to list them. An
inequality that each of them keeps, every plan in whole duties keeps.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ortools.linear_solver import pywraplp

from planner.domain.terms import Duty

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.optimise.pool import Pool

    Floats = NDArray[np.float64]

ROUNDING = 1e-4
"""Hours by which officers may be above what they have before a plan is refused, and more."""
LEAST_BROKEN = 2e-4
"""Share of the hours by which an inequality must be broken for it to be worth adding."""
MOST_POINTS = 20_000
"""Where more numbers of duties fit, hours are plenty, and little is to be gained."""
NONE_FITS = -1e9


@dataclass(frozen=True, slots=True)
class Inequality:
    """``visit`` for each visit, by kind, ``given`` for each hour as second officer, ``arms`` for
    each ARMS: at most ``most`` in all.
    """

    visit: Floats
    given: float
    arms: float
    most: float


@dataclass(frozen=True, slots=True)
class Fitting:
    """Numbers of duties that fit into a month.

    ``points`` has a row for each, a column for each sort of work: each that fits is nowhere above
    some row. ``sorts`` (kinds, columns) says how a visit of a kind counts; ``arms`` is the column
    of ARMS, ``given`` that of going along as second officer where that is counted apart, ``unit``
    hours each. ``hours`` are those there are.
    """

    points: Floats
    sorts: Floats
    arms: int
    given: int | None
    unit: float
    hours: float

    def most_broken(self, visits: Floats, given: float, arms: float) -> Inequality | None:
        """The inequality that is broken the most by so many visits (by kind), hours given, ARMS.

        None where none is broken by much.
        """
        done = visits @ self.sorts
        done[self.arms] += arms
        if self.given is not None:
            done[self.given] += given / self.unit
        factors = _separating(self.points, done)
        most = float((self.points @ factors).max())
        if most <= 0 or factors @ done <= most * (1 + LEAST_BROKEN):
            return None
        factors = factors * (self.hours / most)
        return Inequality(
            visit=self.sorts @ factors,
            given=0.0 if self.given is None else float(factors[self.given]) / self.unit,
            arms=float(factors[self.arms]),
            most=float((self.points @ factors).max()) + 1e-9 * self.hours,
        )


def in_months(pool: Pool) -> list[Fitting | None]:
    """For each month what fits into the pool's, second hours with their visits.

    In month 1 officers lead and go along on whole visits. None where too much fits.
    """
    found = [_in_month(pool, m) for m in range(pool.months)]
    return [_in_first_month(pool) or found[0], *found[1:]]


def in_first_month_of(pool: Pool, s: int) -> Fitting | None:
    """What fits into an officer's month 1: visits led, ARMS, visits seconded."""
    work = _first_month(pool)
    if work is None:
        return None
    table = _with_most_seconds(pool, s, work)
    return _of_table(table, pool, work, float(pool.most_hours[s, 0]), apart=True)


def _in_month(pool: Pool, m: int) -> Fitting | None:
    hours = float(pool.most_hours[:, m].sum()) + ROUNDING
    is_visit = _is_visit(pool)
    total = pool.lead + pool.second
    sizes = sorted({float(size) for size in total[is_visit]})
    arms_hours, limit = _arms(pool, pool.arms_limit[:, m])
    wares = [*((size, math.inf) for size in sizes), (arms_hours, limit)]
    counts = [int(min(most, hours // size)) + 1 for size, most in wares[1:]]
    if not sizes or math.prod(counts) > MOST_POINTS:
        return None
    others = np.array(list(itertools.product(*map(range, counts))), dtype=float)
    left = hours - others @ np.array([size for size, _ in wares[1:]])
    others, left = others[left >= 0], left[left >= 0]
    points = np.column_stack([left // sizes[0], others])
    sorts = np.zeros((len(total), len(wares)))
    for column, size in enumerate(sizes):
        sorts[is_visit & (total == size), column] = 1.0
    return Fitting(points, sorts, len(sizes), None, 1.0, hours)


@dataclass(frozen=True, slots=True)
class _FirstMonth:
    """Hours of leading a visit, of an ARMS and of going along; how many of each there may be."""

    lead: float
    arms: float
    unit: float
    visits: int
    assessments: int


def _first_month(pool: Pool) -> _FirstMonth | None:
    is_visit = _is_visit(pool)
    leads = {float(hours) for hours in pool.lead[is_visit]}
    units = {float(hours) for hours in pool.second[is_visit] if hours > 0}
    if len(leads) != 1 or len(units) != 1:
        return None
    (lead,), (unit,) = leads, units
    arms, limit = _arms(pool, pool.arms_limit[:, 0])
    visits = sum(int((hours + ROUNDING) // lead) for hours in pool.most_hours[:, 0].tolist())
    if (visits + 1) * (limit + 1) > MOST_POINTS:
        return None
    return _FirstMonth(lead, arms, unit, visits, limit)


def _with_most_seconds(pool: Pool, s: int, work: _FirstMonth) -> Floats:
    """By visits led (rows) and ARMS done (columns): the most visits an officer can second."""
    hours = float(pool.most_hours[s, 0]) + ROUNDING
    limit = int(min(pool.arms_limit[s, 0], hours // work.arms))
    led = np.arange(int(hours // work.lead) + 1)[:, None]
    left = hours - led * work.lead - np.arange(limit + 1)[None, :] * work.arms
    return np.where(left >= 0, left // work.unit, NONE_FITS)


def _in_first_month(pool: Pool) -> Fitting | None:
    """All officers together: the most visits seconded for so many led and so many ARMS."""
    work = _first_month(pool)
    if work is None:
        return None
    table = np.full((work.visits + 1, work.assessments + 1), NONE_FITS)
    table[0, 0] = 0.0
    for s in range(len(pool.officers)):
        own = _with_most_seconds(pool, s, work)
        added = np.full_like(table, NONE_FITS)
        rows, columns = table.shape
        for led, done in np.argwhere(own >= 0):
            part = table[: rows - led, : columns - done] + own[led, done]
            np.maximum(added[led:, done:], part, out=added[led:, done:])
        table = added
    return _of_table(table, pool, work, float(pool.most_hours[:, 0].sum()), apart=False)


def _of_table(
    table: Floats, pool: Pool, work: _FirstMonth, hours: float, *, apart: bool
) -> Fitting | None:
    """``apart``: a visit led here is seconded anywhere; else its second counts with the visit."""
    fits = np.argwhere(table >= 0)
    if not len(fits) or hours <= 0:
        return None
    points = np.column_stack([fits, table[fits[:, 0], fits[:, 1]]]).astype(float)
    is_visit = _is_visit(pool)
    sorts = np.zeros((len(pool.kinds), 3))
    sorts[is_visit, 0] = 1.0
    if not apart:
        sorts[is_visit & (pool.second > 0), 2] = 1.0
    return Fitting(points, sorts, 1, 2 if apart else None, work.unit, hours + ROUNDING)


def _is_visit(pool: Pool) -> NDArray[np.bool_]:
    return np.array([kind.duty is Duty.VISIT for kind in pool.kinds], dtype=bool)


def _arms(pool: Pool, limits: Floats) -> tuple[float, int]:
    """Hours of an ARMS, and how many there may be at most."""
    hours = pool.lead[~_is_visit(pool)]
    if not len(hours):
        return 1.0, 0
    return float(hours.max()), int(np.floor(limits).sum())


def _separating(points: Floats, done: Floats) -> Floats:
    """Factors that come to at most 1 at every point, and to as much as can be at what is done."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    factors = [solver.NumVar(0.0, 1.0, "") for _ in done]
    solver.Objective().SetMaximization()
    for factor, number in zip(factors, done.tolist(), strict=True):
        solver.Objective().SetCoefficient(factor, number)
    found = np.zeros(len(done))
    entered: set[int] = set()
    while True:
        values = points @ found if entered else points.sum(axis=1)
        worst = int(values.argmax())
        if entered and (values[worst] <= 1 + 1e-9 or worst in entered):
            return found
        entered.add(worst)
        row = solver.Constraint(-solver.infinity(), 1.0)
        for factor, number in zip(factors, points[worst].tolist(), strict=True):
            row.SetCoefficient(factor, number)
        solver.Solve()
        found = np.array([max(0.0, factor.solution_value()) for factor in factors])
