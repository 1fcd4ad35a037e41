"""Where a plan is not near enough: parts planned anew, and a few officers' begun in other ways."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from planner.optimise import solve, solve_pool
from planner.optimise.by_month import ByMonth
from planner.optimise.efforts import ALLOCATED, EFFORTS
from tests.benchmark_registers import rural
from tests.test_optimise_bound import pools_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from planner.optimise.efforts import Effort

BOUND = 1000.0
NORMAL = EFFORTS["normal"]


def result(cost: float) -> SimpleNamespace:
    return SimpleNamespace(cost=cost, spread=0.0, bound=BOUND, penalties=0.0)


class Work:
    """Stands for the solving: ``costs`` come of it one after another; what was asked is kept."""

    def __init__(self, *costs: float) -> None:
        self.costs = list(costs)
        self.asked: list[tuple[str, Effort]] = []

    def __call__(
        self, pools: Sequence[Any], how: Effort, begun: Sequence[Any] | None = None
    ) -> list[Any]:
        self.asked.append(("begin" if begun is None else "improve", how))
        return [result(self.costs.pop(0)) for _ in pools]


def improved(officers: int, first: float, *costs: float) -> tuple[float, Work]:
    """What one pool's plan costs in the end."""
    work, results = Work(*costs), [result(first)]
    pools = [SimpleNamespace(officers=range(officers))]
    solve._improve(pools, results, BOUND, NORMAL, work, 30.0)  # type: ignore[arg-type]  # noqa: SLF001
    return results[0].cost, work


def test_a_plan_that_is_near_enough_is_left_alone() -> None:
    assert improved(9, 1009.0)[1].asked == []


def test_many_officers_are_improved_once() -> None:
    cost, work = improved(30, 1012.0, 1011.0)
    assert (cost, [what for what, _ in work.asked]) == (1011.0, ["improve"])
    assert work.asked[0][1] == NORMAL._replace(nodes=0)


def test_a_few_are_begun_in_other_ways_until_near_enough() -> None:
    cost, work = improved(9, 1014.0, 1012.0, 1013.0, 1011.0, 1012.0, 1009.0)
    assert cost == 1009.0
    assert [what for what, _ in work.asked] == ["improve", *["begin", "improve"] * 2]
    begun = [how.manners for what, how in work.asked if what == "begin"]
    assert begun == [(manner,) for manner in NORMAL.others[:2]]


def test_the_best_is_kept_and_small_parts_of_it_are_planned_last() -> None:
    worse = [1014.0] * (2 * len(NORMAL.others))
    cost, work = improved(9, 1014.0, 1012.0, *worse, 1013.0)
    assert cost == 1012.0
    assert [how.replans for _, how in work.asked[:2]] == [0, NORMAL.replans]
    what, how = work.asked[-1]
    assert (what, how.nodes, how.replans) == ("improve", 0, NORMAL.replans)


def test_what_is_far_off_is_not_begun_again_and_again() -> None:
    """Duties left undone cost far more than another beginning could save."""
    _, work = improved(9, 1080.0, 1070.0, 1060.0)
    assert [what for what, _ in work.asked] == ["improve", "improve"]


def among_many(first: float, *costs: float) -> tuple[float, Work]:
    """What a pool costs in the end where all together are near enough; 30 is a duty uncleared."""
    work = Work(*costs)
    many = SimpleNamespace(cost=100_100.0, spread=0.0, bound=100_000.0, penalties=0.0)
    results, pools = [many, result(first)], [SimpleNamespace(officers=range(8))] * 2
    solve._improve(pools, results, 101_000.0, NORMAL, work, 30.0)  # type: ignore[arg-type]  # noqa: SLF001
    assert results[0].cost == 100_100.0
    return results[1].cost, work


def test_a_far_off_pool_is_improved_until_it_is_so_no_more() -> None:
    """All together are near enough; one leaves something undone, perhaps for nothing."""
    cost, work = among_many(1050.0, 1020.0)
    assert cost == 1020.0
    ((_, how),) = work.asked
    assert how.near_enough == solve.FAR_OFF


def test_a_pool_that_leaves_nothing_for_nothing_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solve, "FAR_OFF", 0.02)
    assert among_many(1029.0)[1].asked == []
    assert among_many(1031.0, 1010.0)[0] == 1010.0


def test_a_manner_may_keep_to_the_programmes_allocation(monkeypatch: pytest.MonkeyPatch) -> None:
    offered: list[int] = []

    class Watched(ByMonth):
        def __init__(self, pool: Any, route: Any, routes: Any, *rest: Any) -> None:
            assert all(one in some for one, some in zip(route, routes, strict=True))
            offered.append(max(map(len, routes)))
            super().__init__(pool, route, routes, *rest)

    monkeypatch.setattr(solve_pool, "ByMonth", Watched)
    (pool,) = pools_of(rural(60))
    effort = NORMAL._replace(manners=(NORMAL.manners[0], ALLOCATED[0]), one_fill=0.0, month=0.02)
    found = solve_pool.solve_pool(pool, effort, 0)
    assert found.bound <= found.cost + found.spread
    assert offered[0] > 1 and offered[1:] == [1]
