"""Hours planned against hours taken, and the setting they speak for."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from statistics import NormalDist, fmean, stdev
from typing import TYPE_CHECKING

from planner.domain.decision import EditField, done_on
from planner.domain.policy import SETTINGS
from planner.domain.terms import Duty

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.domain.written import ScheduleRow
    from planner.progress.past import Past, Word

LEAST_RECORDS = 20
CONFIDENCE = 0.95
ARMS_HOURS, VISIT_HOURS, WRITE_UP = "arms.hours", "visit.hours", "visit.write_up_hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedSetting:
    """A row of the Policy sheet that the records speak for, and its value now."""

    name: str
    value: float
    now: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursTaken:
    """Hours noted for one kind of duty that was done: how many records, and by how many SOMs.

    ``marked`` are all that were marked as done, with hours or without. ``planned`` and ``taken``
    are sums over the records; a visit's planned hours are the lead's and hold a share for attempts
    that fail. ``policy`` is the setting's value that one record is compared with, without that
    share. ``low`` to ``high`` is the 95% interval of the mean; None with fewer than 20 records.
    ``left_out`` counts records that say nothing of a duty done: of a failed attempt, or 0 hours.
    ``proposed`` is empty where the records propose nothing.
    """

    duty: Duty
    marked: int
    records: int
    officers: int
    planned: float
    taken: float
    policy: float
    mean: float | None
    spread: float | None
    low: float | None
    high: float | None
    left_out: int
    proposed: tuple[ProposedSetting, ...]


def hours_taken(past: Past) -> tuple[HoursTaken, ...]:
    """Visits, then ARMS. Each duty's hours count once, by the last word on it."""
    return tuple(_of(past, duty) for duty in (Duty.VISIT, Duty.ARMS))


def _of(past: Past, duty: Duty) -> HoursTaken:
    noted = [(word, hours) for word, hours in _noted(past) if word.duty is duty]
    counted = [(w, h) for w, h in noted if done_on(w.said) is not None and h > 0]
    rows = [row for w, _ in counted if (row := _row(past, w)) is not None]
    taken = [hours for _, hours in counted]
    policy = past.newest.plan.policy
    now = {name: float(policy[name]) for name in (ARMS_HOURS, VISIT_HOURS, WRITE_UP)}
    expected = now[ARMS_HOURS] if duty is Duty.ARMS else now[VISIT_HOURS] + now[WRITE_UP]
    mean = fmean(taken) if taken else None
    spread = stdev(taken) if len(taken) > 1 else None
    low = high = None
    proposed: tuple[ProposedSetting, ...] = ()
    if mean is not None and spread is not None and len(taken) >= LEAST_RECORDS:
        reach = t_quantile(len(taken) - 1) * spread / math.sqrt(len(taken))
        low, high = mean - reach, mean + reach
        if not low <= expected <= high:
            proposed = tuple(_proposed(duty, mean, now))
    return HoursTaken(
        duty=duty,
        marked=sum(w.duty is duty and done_on(w.said) is not None for w in past.words.values()),
        records=len(taken),
        officers=len({row.done_by for row in rows}),
        planned=sum(row.lead_hours for row in rows),
        taken=sum(taken),
        policy=expected,
        mean=mean,
        spread=spread,
        low=low,
        high=high,
        left_out=len(noted) - len(counted),
        proposed=proposed,
    )


def _noted(past: Past) -> Iterator[tuple[Word, float]]:
    """Words with hours, each day of a person's duty once."""
    seen: Counter[tuple[str, Duty, object]] = Counter()
    for word in sorted(past.words.values(), key=lambda w: (w.ref, w.duty, w.month), reverse=True):
        hours = word.said.get(EditField.HOURS_TAKEN)
        day = word.said.get(EditField.DONE_ON)
        if isinstance(hours, int | float) and not seen[word.ref, word.duty, day]:
            seen[word.ref, word.duty, day] += 1
            yield word, float(hours)


def _row(past: Past, word: Word) -> ScheduleRow | None:
    return past.spoken_of.get((word.run_id, word.ref, word.duty, word.month))


def _proposed(duty: Duty, mean: float, now: Mapping[str, float]) -> Iterator[ProposedSetting]:
    """The settings that would make a duty take what was noted, to a tenth of an hour.

    A visit's hours are the lead's alone: what they say more or less is put on the write-up, which
    only the lead does; below nothing it comes off the visit.
    """
    if duty is Duty.ARMS:
        wanted = {ARMS_HOURS: round(mean, 1)}
    else:
        write_up = round(mean - now[VISIT_HOURS], 1)
        wanted = {WRITE_UP: max(0.0, write_up)}
        if write_up < 0:
            wanted[VISIT_HOURS] = round(mean, 1)
    for name, value in wanted.items():
        setting = SETTINGS[name]
        if value != now[name] and setting.low <= value <= setting.high:
            yield ProposedSetting(name=name, value=value, now=now[name])


def t_quantile(freedom: int) -> float:
    """The two-sided 95% point of Student's t, by the expansion around the normal's.

    Within 0.001 from 10 degrees of freedom on (Abramowitz and Stegun 26.7.5).
    """
    z, n = NormalDist().inv_cdf((1 + CONFIDENCE) / 2), float(freedom)
    g1 = (z**3 + z) / 4
    g2 = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    g3 = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    g4 = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + g1 / n + g2 / n**2 + g3 / n**3 + g4 / n**4
