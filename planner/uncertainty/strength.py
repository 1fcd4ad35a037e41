"""Who is there in a draw: hours by part and month, and how many ARMS they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from planner.uncertainty.world import World

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

EXPERIENCE = 3.0
"""How many months of their own experience weigh as much as what the register assumes."""


@dataclass(frozen=True, slots=True, eq=False)
class Strength:
    """By part and month: ``hours`` there are; ``foreseen``, those that people reckon with from the
    month to the end, with what is held back for new registrations; ``most_arms`` a month;
    ``trained_hours`` of those who may do them.
    """

    hours: Floats
    foreseen: Floats
    most_arms: Floats
    trained_hours: Floats


def point_strength(world: World) -> Strength:
    """As the register says, with what a plan holds back for new registrations taken off."""
    staff = world.staff
    gross = _by_part(world, staff.hours)
    net = _held_back(world, gross)
    kept = np.where(gross > 0, net / np.where(gross > 0, gross, 1.0), 0.0)
    return Strength(
        hours=net,
        foreseen=_from_then_on(net),
        most_arms=_most_arms(world, staff.trained),
        trained_hours=_by_part(world, staff.hours * staff.trained) * kept,
    )


def drawn_strength(
    world: World, values: Mapping[str, float], away: Floats, leaving: Floats
) -> Strength:
    """As drawn. ``away``: an officer's month away against the usual (mean 1); ``leaving``: chances.

    Nothing is held back: those who register are there, and their duties are done like any other's.
    """
    staff, policy = world.staff, world.policy
    hours, trained = _turned_over(world, values, leaving)
    absent = np.minimum(1.0, values["hours.unplanned_absence"] * away)
    usual = (1 - policy.hours_unplanned_absence) * (1 - policy.hours_other_duties)
    share = (1 - absent) * (1 - values["hours.other_duties"])
    hours = hours * share / usual if usual > 0 else hours
    there, planned = _by_part(world, hours), _by_part(world, staff.hours)
    return Strength(
        hours=there,
        foreseen=_from_then_on(_held_back(world, planned)) * _experience(there, planned),
        most_arms=_most_arms(world, trained & (hours > 0)),
        trained_hours=_by_part(world, hours * trained),
    )


def _turned_over(
    world: World, values: Mapping[str, float], leaving: Floats
) -> tuple[Floats, Flags]:
    """Hours and who is trained once some have left at a month's end and others have come.

    A replacement has a full post's hours at the leaver's FTE, for as long as the leaver's post is
    there by the register; the policy's settling in; no ARMS in the first of its months.
    """
    staff, policy = world.staff, world.policy
    hours, trained = staff.hours.copy(), staff.trained.copy()
    months = hours.shape[1]
    monthly = 1 - (1 - values["staff.turnover_a_year"]) ** (1 / 12)
    goes = (leaving < monthly) & (staff.hours > 0)
    gap = round(values["staff.gap_months"])
    for officer in np.flatnonzero(goes[:, :-1].any(axis=1)):
        first_gone = int(goes[officer].argmax()) + 1
        since = np.arange(months) - (first_gone + gap)
        ramp = np.select(
            [
                since < 0,
                since < policy.hours_ramp_first_months,
                since < policy.hours_ramp_first_months + policy.hours_ramp_second_months,
            ],
            [0.0, policy.hours_ramp_first_share, policy.hours_ramp_second_share],
            1.0,
        )
        new = np.where(staff.hours[officer] > 0, staff.post * staff.share[officer] * ramp, 0.0)
        gone = np.arange(months) >= first_gone
        hours[officer] = np.where(gone, new, hours[officer])
        knows = since >= policy.hours_ramp_first_months
        trained[officer] = np.where(gone, knows & (new > 0), trained[officer])
    return hours, trained


def _experience(there: Floats, planned: Floats) -> Floats:
    """What people have seen, month by month, of the hours planned: a share, by part."""
    before = np.zeros_like(there)
    share = np.where(planned > 0, there / np.where(planned > 0, planned, 1.0), 1.0)
    before[:, 1:] = np.cumsum(share, axis=1)[:, :-1]
    return np.asarray((EXPERIENCE + before) / (EXPERIENCE + np.arange(there.shape[1])))


def _held_back(world: World, gross: Floats) -> Floats:
    more = 1 + world.policy.hours_overtime
    return np.asarray(np.maximum(0.0, gross - world.held_back[:, None] * more))


def _from_then_on(hours: Floats) -> Floats:
    return np.asarray(np.cumsum(hours[:, ::-1], axis=1)[:, ::-1])


def _most_arms(world: World, trained: Flags) -> Floats:
    return _by_part(world, np.where(trained, float(world.policy.arms_per_month), 0.0))


def _by_part(world: World, each: Floats) -> Floats:
    found = np.zeros((len(world.parts), each.shape[1]))
    np.add.at(found, world.staff.part, each)
    return found
