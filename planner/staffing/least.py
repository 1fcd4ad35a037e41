"""The least number of officers that can clear by a deadline, as far as officers as one prove it.

Parts are planned apart, so each has a least number of its own, and the unit's is their sum: with
fewer in all, some part has fewer than it needs, however the posts are spread. (With officers as
one, that so many would do is not proved: ``reached`` looks for a plan.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.staffing.outlook import in_post, name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.optimise.ledger import Part
    from planner.staffing.ladder import Ladder

_ROUNDING = 1e-6
_MORE_TRIES = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class LeastOfPart:
    """What is proved of one part, all numbers as officers more (or, below 0, fewer) than today.

    ``fewest``: with fewer than that no plan clears, whichever officers go. ``enough``: with so many
    clearing is not ruled out, and ``part`` is who then is there; None where no number of officers
    would do. ``is_at_floor``: with fewer, a team would not have two officers left for a visit, so
    fewer was not asked. ``keeps_two``: of fewer, only those choices were asked about in which
    every team keeps two.
    """

    name: str
    today: int
    fewest: int | None
    enough: int | None
    part: Part | None
    is_at_floor: bool = False
    keeps_two: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Least:
    """The least number of officers of the whole unit, from the side that officers as one prove."""

    deadline: int
    parts: tuple[LeastOfPart, ...]

    @property
    def today(self) -> int:
        """Officers in post in month 1."""
        return sum(p.today for p in self.parts)

    @property
    def fewest(self) -> int | None:
        """With fewer officers than this no plan clears: proved. None: with no number at all."""
        return _sum([None if p.fewest is None else p.today + p.fewest for p in self.parts])

    @property
    def enough(self) -> int | None:
        """With so many clearing is not ruled out, at ``steps``; None: with no number at all."""
        return _sum([None if p.enough is None else p.today + p.enough for p in self.parts])

    @property
    def steps(self) -> dict[str, int]:
        """Officers more or fewer than today, by part, with which clearing is not ruled out."""
        return {p.name: p.enough for p in self.parts if p.enough is not None}

    @property
    def is_at_floor(self) -> bool:
        """Whether it is the least only because every team keeps two officers."""
        return any(p.is_at_floor for p in self.parts)

    @property
    def keeps_two(self) -> bool:
        """Whether fewer is ruled out only so long as every team keeps two officers."""
        return any(p.keeps_two for p in self.parts)


def least_of(ladders: Sequence[Ladder], deadline: int) -> Least:
    """The least number of officers by the ladders of all parts."""
    return Least(deadline=deadline, parts=tuple(_least_of_part(one, deadline) for one in ladders))


def _least_of_part(ladder: Ladder, deadline: int) -> LeastOfPart:
    if ladder.part.is_ruled_out(deadline):
        return _more(ladder, deadline)
    return _fewer(ladder, deadline)


def _more(ladder: Ladder, deadline: int) -> LeastOfPart:
    """Upwards: a programme says how many posts lack, and both sides of it are solved again."""
    name, today = name_of(ladder.part), len(in_post(ladder.part))
    standing = ladder.part.standing_by(deadline)
    found = LeastOfPart(name=name, today=today, fewest=None, enough=None, part=None)
    if not standing.posts_would_do:
        return found
    step = max(1, math.ceil(standing.posts - _ROUNDING))
    for enough in range(step, step + _MORE_TRIES):
        part = ladder.rung(enough)
        if part is not None and not part.is_ruled_out(deadline):
            fewest = enough
            while fewest > 0 and not _is_ruled_out(ladder, fewest - 1, deadline):
                fewest -= 1
            return LeastOfPart(name=name, today=today, fewest=fewest, enough=enough, part=part)
    return found


def _is_ruled_out(ladder: Ladder, step: int, deadline: int) -> bool:
    part = ladder.rung(step)
    return part is not None and part.is_ruled_out(deadline)


def _fewer(ladder: Ladder, deadline: int) -> LeastOfPart:
    """Downwards, one by one, until clearing is ruled out whichever officers go."""
    taken, fewer, is_at_floor = 0, 1, False
    while True:
        if ladder.rung(-fewer) is None:
            is_at_floor = True
            break
        if ladder.can_clear(fewer, deadline) is None:
            break
        if ladder.is_known(fewer, deadline):
            taken = fewer
        fewer += 1
    return LeastOfPart(
        name=name_of(ladder.part),
        today=len(in_post(ladder.part)),
        fewest=1 - fewer,
        enough=-taken,
        part=ladder.can_clear(taken, deadline) if taken else ladder.part,
        is_at_floor=is_at_floor,
        keeps_two=is_at_floor or ladder.leaves_choices_out(fewer),
    )


def _sum(numbers: Sequence[int | None]) -> int | None:
    known = [n for n in numbers if n is not None]
    return sum(known) if len(known) == len(numbers) else None
