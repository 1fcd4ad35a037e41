"""Posts that a register does not have yet: who is added when somebody asks "what if"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.domain.register import Officer
from planner.domain.terms import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.domain.register import Register


def with_posts(
    register: Register,
    where: Mapping[str, int],
    like: Officer | None = None,
    name: str = "New post",
) -> Register:
    """The register with so many more officers in each team, all alike.

    By default each is full-time, experienced, trained for ARMS and in post from month 1 to the
    end. They are named "New post 1" and so on, skipping names that are taken.
    """
    each = like or Officer(
        staff_id="", team="", role=Role.OFFICER, arms_trained_from=register.as_at
    )
    more: list[Officer] = []
    number = 0
    for team, posts in where.items():
        for _ in range(posts):
            number += 1
            while f"{name} {number}" in register.officer:
                number += 1
            more.append(replace(each, staff_id=f"{name} {number}", team=team))
    return replace(register, officers=(*register.officers, *more))
