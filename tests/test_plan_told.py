"""What ``planner plan`` says while it works."""

from __future__ import annotations

from planner.commands.plan_text import as_planned


def test_a_team_planned_again_is_counted_once() -> None:
    said: list[str] = []
    tell = as_planned(said.append, 3)
    for name, cost in (("Ash", 1000.0), ("Beech", 500.0), ("Ash", 900.4)):
        tell(name, cost)
    assert said == [
        "Planned Ash (1 of up to 3), cost so far about 1,000",
        "Planned Beech (2 of up to 3), cost so far about 1,500",
        "Planned Ash again (2 of up to 3), cost so far about 1,400",
    ]
