"""Rows of the register that contradict each other, as rows, lines and warnings."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.clashes import Clash, Member, Sheet
from planner.domain.finding import Finding, Severity
from planner.domain.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planner.domain.places import Places

SPANS_SHOWN = 12
"""How many runs of rows of one kind a text names."""
CODE = "clash"
"""What the code of a finding begins with that tells of a clash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClashRow:
    """One clash in words; ``rows`` names its rows, ``because`` those that explain it."""

    kind: str
    what: str
    rows: str
    because: str
    gives_way: str
    remedy: str

    @property
    def line(self) -> str:
        return f"{self.what} {self.rows}."


def clash_rows(clashes: Iterable[Clash], places: Places) -> tuple[ClashRow, ...]:
    return tuple(
        ClashRow(
            kind=clash.kind.value,
            what=clash.what,
            rows=_rows(clash, places),
            because=rows_text(clash.facts, places),
            gives_way=gives_way(clash),
            remedy=clash.remedy,
        )
        for clash in clashes
    )


def clash_findings(clashes: Iterable[Clash], places: Places) -> list[Finding]:
    """A warning for each clash, at the first of its rows: the register can be used all the same."""
    return [_finding(c, row, places) for c in clashes for row in clash_rows([c], places)]


def _finding(clash: Clash, told: ClashRow, places: Places) -> Finding:
    first = clash.members[0]
    row = _row(first, places)
    because = f" ({told.because})" if told.because else ""
    return Finding(
        severity=Severity.WARNING,
        code=f"{CODE}-{told.kind}",
        sheet=places.title(first.sheet),
        row=row,
        column=places.header(first.sheet, first.column),
        cell=places.cell(first.sheet, first.column, row),
        message=f"{told.what} Clashing: {told.rows}{because}. In the plan {told.gives_way}.",
        remedy=told.remedy,
    )


def gives_way(clash: Clash) -> str:
    """What the plan breaks, and how often at the least."""
    if clash.gives_way is Rule.ONE_SOM:
        months = "1 month" if clash.by == 1 else f"{clash.by:,} months"
        return f"rule 1 gives way: nobody eligible holds the case in {months}"
    times = "once" if clash.by == 1 else f"at least {clash.by:,} times"
    return f"rule {clash.gives_way.value} is the first to give way, {times}"


def clashes_line(clashes: Sequence[ClashRow]) -> str:
    """How many clashes there are; empty where none was found."""
    if not clashes:
        return ""
    sets = "1 set of rows" if len(clashes) == 1 else f"{len(clashes):,} sets of rows"
    verb = "contradicts itself" if len(clashes) == 1 else "contradict themselves"
    return f"Rules that clash: {sets} in the register {verb}, so no plan can meet all."


def _rows(clash: Clash, places: Places) -> str:
    text = rows_text(clash.members, places)
    if not clash.alike:
        return text
    return f"{text}; the same by itself: {rows_text(clash.alike, places)}"


def rows_text(members: Iterable[Member], places: Places) -> str:
    """Members as a person looks them up: "Staff rows 3, 7: Caseload cap 4; Locks row 5: SOM S7".

    What says the same stands together. A row that is not known is named by its key.
    """
    together: dict[tuple[Sheet, str], list[Member]] = defaultdict(list)
    for member in members:
        together[member.sheet, member.says].append(member)
    return "; ".join(
        f"{places.title(sheet)} {_spans(some, places)}{f': {says}' if says else ''}"
        for (sheet, says), some in together.items()
    )


def _spans(members: Sequence[Member], places: Places) -> str:
    rows = sorted({row for m in members if (row := _row(m, places)) is not None})
    keys = sorted({_key(m) for m in members if _row(m, places) is None})
    runs = [
        [row for _, row in run]
        for _, run in itertools.groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0])
    ]
    spans = [f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    named = [*spans, *keys]
    more = len(named) - SPANS_SHOWN
    noun = "row" if len(rows) == 1 else "rows"
    told = ", ".join(named[:SPANS_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
    return f"{noun} {told}" if rows else told


def _key(member: Member) -> str:
    return f"on {member.ref}" if member.sheet is Sheet.LOCKS else member.key


def _row(member: Member, places: Places) -> int | None:
    return member.row or places.row(member.sheet, member.key)
