"""From a set that clashes to a smallest one: take away whatever is not needed for it to clash."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from planner.clashes.clash import Member

Bundle = tuple["Member", ...]
"""Members that go together."""


def shrink(
    classes: Sequence[Sequence[Bundle]], clashes: Callable[[Iterable[Member]], bool]
) -> list[Member]:
    """The members that are left when no bundle can go without the clash going too.

    The bundles of a class are interchangeable, so only their number counts, and it is halved
    rather than counted down. Classes are tried in their order: the first lose most.
    ``clashes`` must be true of all, and of a set wherever it is of fewer.
    """
    kept = [list(bundles) for bundles in classes]
    for number, bundles in enumerate(kept):
        others = [m for n, c in enumerate(kept) if n != number for b in c for m in b]
        least, enough = 0, len(bundles)
        while least < enough:
            tried = (least + enough) // 2
            if clashes([*others, *(m for b in bundles[:tried] for m in b)]):
                enough = tried
            else:
                least = tried + 1
        kept[number] = bundles[:enough]
    return [m for bundles in kept for b in bundles for m in b]


def rows(members: Iterable[Member]) -> int:
    """How many rows of the register the members stand in."""
    return len({(m.sheet, m.key) for m in members})
