"""The officers: part-timers, leavers, joiners, new and untrained staff, and their skills."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.register import Officer
from planner.domain.terms import Role
from planner.sample.dates import days_on, monday_on, months_on
from planner.sample.draws import apportioned

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from planner.domain.months import Horizon
    from planner.sample.draws import Draws
    from planner.sample.size import Size

SKILLS = ("Language", "Learning disability", "Young people")

# Each number is of the 54 officers and scales with them.
LEAVERS = 2
JOINERS = 2
PART_TIME = 11
POLICE_STAFF = 8
NEW_STARTERS = 4
UNTRAINED = 5
OWN_HOURS = 1
"""Officers with Hours per month of their own."""

PART_TIME_SHARES = (0.8, 0.6, 0.5, 0.7, 0.8)
FULL_HOURS_PER_MONTH = 90
"""Hours per month of a full-time officer, where the sample states them: about what the policy
works out, so that the stated figure changes nothing of note. For calibration."""

_TREES = ("Ash", "Beech", "Cedar", "Elm", "Hazel", "Maple", "Oak", "Willow")


def workforce(size: Size, horizon: Horizon, draws: Draws) -> tuple[Officer, ...]:
    """Everybody in Staff: ``size.officers`` in post on the as-at date, then the joiners."""
    officers = _in_post(size, horizon, draws)
    one_each = iter(_team_by_team(officers, draws))
    leavers = [next(one_each) for _ in range(size.of_staff(LEAVERS))]
    new = [next(one_each) for _ in range(size.of_staff(NEW_STARTERS))]
    untrained = size.of_staff(UNTRAINED)
    learners = new[: untrained * 3 // 5]
    learners += [next(one_each) for _ in range(untrained - len(learners))]
    changed = {s.staff_id: s for s in officers}
    _let_go(changed, leavers, horizon, draws)
    _start_late(changed, new, horizon, draws)
    _untrain(changed, learners, horizon, draws)
    _shorten_hours(changed, size, draws)
    _give_skills(changed, draws)
    staff = tuple(changed[name] for name in sorted(changed))
    return (*staff, *_joiners(staff, size, horizon, draws))


def team_name(index: int) -> str:
    """Trees, because no force names its teams so; numbered from the ninth."""
    round_, tree = divmod(index, len(_TREES))
    return _TREES[tree] if round_ == 0 else f"{_TREES[tree]} {round_ + 1}"


def in_post(officers: Iterable[Officer], as_at: date) -> list[Officer]:
    """Officers who have started; nobody in a sample has left already."""
    return [s for s in officers if s.start is None or s.start <= as_at]


def by_team(officers: Iterable[Officer]) -> dict[str, list[Officer]]:
    """Officers of each team, in the order of their IDs."""
    teams: dict[str, list[Officer]] = {}
    for officer in sorted(officers, key=lambda s: s.staff_id):
        teams.setdefault(officer.team, []).append(officer)
    return teams


def _in_post(size: Size, horizon: Horizon, draws: Draws) -> list[Officer]:
    officers: list[Officer] = []
    for team, posts in enumerate(apportioned(size.officers, [1.0] * size.teams)):
        for _ in range(posts):
            served = draws.whole(400, 4300)
            start = days_on(horizon.as_at, -served)
            trained = days_on(start, draws.whole(90, 360))
            officers.append(
                Officer(
                    staff_id=_staff_id(len(officers), size),
                    name=f"Officer {_number(len(officers), size)}",
                    team=team_name(team),
                    supervisor=f"SUP-{team + 1}",
                    start=start if draws.chance(0.7) else None,
                    arms_trained_from=trained,
                )
            )
    return officers


def _number(index: int, size: Size) -> str:
    width = max(2, len(str(size.officers + size.of_staff(JOINERS))))
    return f"{index + 1:0{width}d}"


def _staff_id(index: int, size: Size) -> str:
    return f"SOM-{_number(index, size)}"


def _team_by_team(officers: Sequence[Officer], draws: Draws) -> list[str]:
    """Staff IDs in random order, one of each team in turn, so that no team has all the trouble."""
    queues = [draws.shuffled(team) for team in draws.shuffled(by_team(officers).values())]
    queues.sort(key=len, reverse=True)
    longest = max(len(queue) for queue in queues)
    return [queue[i].staff_id for i in range(longest) for queue in queues if i < len(queue)]


def _let_go(staff: dict[str, Officer], leavers: list[str], horizon: Horizon, draws: Draws) -> None:
    for i, name in enumerate(leavers):
        month = horizon.start(4 + 5 * (i % 3))
        end = days_on(monday_on(days_on(month, draws.whole(0, 16))), 4)
        staff[name] = replace(staff[name], end=end)


def _start_late(staff: dict[str, Officer], new: list[str], horizon: Horizon, draws: Draws) -> None:
    for i, name in enumerate(new):
        start = monday_on(months_on(days_on(horizon.as_at, -20), -(i % 5)))
        trained = days_on(start, draws.whole(5, 12))
        staff[name] = replace(staff[name], start=start, arms_trained_from=trained)


def _untrain(
    staff: dict[str, Officer], learners: list[str], horizon: Horizon, draws: Draws
) -> None:
    for i, name in enumerate(learners):
        booked = days_on(horizon.start(2 + 2 * (i % 4)), draws.whole(3, 24))
        staff[name] = replace(staff[name], arms_trained_from=booked if i % 5 < 3 else None)


def _shorten_hours(staff: dict[str, Officer], size: Size, draws: Draws) -> None:
    officers = list(staff.values())
    for name in _team_by_team(officers, draws)[: size.of_staff(POLICE_STAFF)]:
        staff[name] = replace(staff[name], role=Role.STAFF)
    lucky = [name for name in _team_by_team(officers, draws) if staff[name].end is None]
    for i, name in enumerate(lucky[: size.of_staff(PART_TIME)]):
        share = PART_TIME_SHARES[i % len(PART_TIME_SHARES)]
        own = FULL_HOURS_PER_MONTH * share if i < size.of_staff(OWN_HOURS) else None
        staff[name] = replace(staff[name], fte=share, hours_per_month=own)


def _give_skills(staff: dict[str, Officer], draws: Draws) -> None:
    """Each team has each skill twice or three times among those who stay."""
    for team in by_team(staff.values()).values():
        for skill in SKILLS:
            able = [s.staff_id for s in team if s.end is None]
            for name in draws.shuffled(able)[: draws.whole(2, 3)]:
                staff[name] = replace(staff[name], skills=staff[name].skills | {skill})


def _joiners(staff: Sequence[Officer], size: Size, horizon: Horizon, draws: Draws) -> list[Officer]:
    """The first joiner takes a leaver's place, the next goes to a small team, and so on in turn."""
    teams = by_team(staff)
    losing = [s.team for s in staff if s.end is not None]
    small = sorted((t for t in teams if t not in losing), key=lambda t: (len(teams[t]), t))
    places = [t for pair in zip(losing, small, strict=False) for t in pair] or sorted(teams)
    joiners = []
    for i in range(size.of_staff(JOINERS)):
        start = monday_on(horizon.start(2 + 2 * (i % 3)))
        team = places[i % len(places)]
        index = size.officers + i
        joiners.append(
            Officer(
                staff_id=_staff_id(index, size),
                name=f"Officer {_number(index, size)}",
                team=team,
                supervisor=teams[team][0].supervisor,
                start=start,
                arms_trained_from=days_on(start, draws.whole(60, 120)),
            )
        )
    return joiners
