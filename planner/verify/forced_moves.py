"""How many counted changes of SOM (rule 4) the register leaves no choice on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.verify.flow import PricedNetwork
from planner.verify.forced import able_to_hold, covered, least_excess, placing_of
from planner.verify.forced_locks import duty_locks, forced_duty_locks
from planner.verify.months import ALL, LAST, first_in

if TYPE_CHECKING:
    from planner.domain.register import Offender
    from planner.verify.evidence import Evidence
    from planner.verify.forced import Able, Placing

_SOURCE, _SINK, _ABOVE_CAP, _FIRST_NODE = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Home:
    """From after month ``since`` on a case that is with none of ``soms`` has changed hands.

    And that counted: each of them is there to the end and could have gone on holding it.
    """

    since: int
    soms: Able


def least_moves(evidence: Evidence) -> int:
    """At least so many changes that count are forced, by locks on the SOM and by caps.

    That is, in any plan that breaks rules 1, 2 and 3 no more than is forced: where moves and caps
    clash, moves give way. A plan that breaks those more is rejected for it.

    The changes of each team are those of its worst month, beside those that locks ask for; then
    those, in the worst month for them, of the cases not yet looked at, until none is forced.
    """
    teams = [""] if evidence.policy.cross_team else sorted(evidence.world.teams)
    bound = _bound_by_wishes(evidence)
    return sum(_moves_of(bound, evidence, team) for team in teams)


def _bound_by_wishes(evidence: Evidence) -> Evidence:
    """The same, with no wishes where breaking one might let a lock on a duty hold instead.

    Which of the two is broken is then the plan's choice, so no change is forced by a wish.
    """
    locks = duty_locks(evidence)
    free = replace(evidence, wishes={})
    if not evidence.wishes or not locks:
        return evidence
    same = forced_duty_locks(free, locks) == forced_duty_locks(evidence, locks)
    return evidence if same else free


def _moves_of(evidence: Evidence, judged: Evidence, team: str) -> int:
    """The fewest changes in a team, with no more above cap than is forced as ``judged``."""
    homes = _homes(evidence, team)
    locked = {ref: _locked_away(evidence, ref, home) for ref, home in homes.items()}
    away = {ref: month for ref, month in locked.items() if month is not None}
    staff = evidence.world.staff
    if all(staff[s].officer.cap is None for home in homes.values() for s in home.soms):
        return len(away)
    moved = 0
    months = range(1, LAST + 1)
    while homes:
        fewest = {
            m: _fewest_moves(
                placing_of(evidence, team, m, _stays(evidence, homes, away, m)),
                None if evidence is judged else least_excess(judged, team, m),
            )
            for m in months
        }
        worst = max(months, key=lambda month: fewest[month])
        if not fewest[worst]:
            break
        moved += fewest[worst]
        people = evidence.world.people
        homes = {ref: home for ref, home in homes.items() if not people[ref].at_end >> worst & 1}
    return len(away) + moved


def _stays(
    evidence: Evidence, homes: dict[str, Home], away: dict[str, int], month: int
) -> dict[str, Able]:
    """The homes that cases have in a month, locks' changes apart."""
    return {
        ref: home.soms
        for ref, home in homes.items()
        if home.since < month
        and (ref not in away or _twice_if_moved(evidence, ref, month, away[ref]))
    }


def _homes(evidence: Evidence, team: str) -> dict[str, Home]:
    """The homes of a team's cases that have one.

    Today's SOM who may hold the case throughout. Else all who may hold it in the first month in
    which somebody may and none of those who may leaves: one of them must.
    """
    world = evidence.world
    homes: dict[str, Home] = {}
    known: dict[tuple[frozenset[str], frozenset[str]], Home | None] = {}
    for person in covered(evidence, team):
        offender = person.offender
        som = world.known_som(offender)
        if som is not None and world.may_hold(offender, som) == ALL:
            homes[offender.ref] = Home(0, (som,))
            continue
        key = (offender.not_with, offender.needs)
        if key not in known:
            known[key] = _first_home(evidence, offender)
        home = known[key]
        if home is not None:
            homes[offender.ref] = home
    return homes


def _first_home(evidence: Evidence, offender: Offender) -> Home | None:
    for month in range(1, LAST + 1):
        able = able_to_hold(evidence, offender, month)
        if able and not any(evidence.world.staff[s].leaves for s in able):
            return Home(month, able)
    return None


def _locked_away(evidence: Evidence, ref: str, home: Home) -> int | None:
    """The first month in which locks may take a case from its home; None where they don't."""
    locks = [w for w in evidence.wishes.get(ref, ()) if not w.is_keep and w.months]
    since = [first_in(w.months) for w in locks]
    if not locks or min(since) <= home.since or any(w.staff_id in home.soms for w in locks):
        return None
    return min(since)


def _twice_if_moved(evidence: Evidence, ref: str, month: int, locked: int) -> bool:
    """Whether a case that locks take away later changes hands twice if it is not at home now."""
    able = able_to_hold(evidence, evidence.world.people[ref].offender, month)
    return month < locked and not any(evidence.world.staff[s].leaves for s in able)


def _fewest_moves(placing: Placing, excess: int | None) -> int:
    """The fewest cases that do not stay, with so many above cap, or as few as can be (None).

    Each case flows from the source to an officer with whom it stays, free, or through the node of
    those who may hold it to one of them, at a price of 1 where it could have stayed; from there
    to the sink within cap, or above it as often as some must.
    """
    groups: Counter[tuple[Able, Able]] = Counter()
    for (stay, able), people in placing.groups.items():
        home = stay if placing.is_limited(stay) else ()
        if home or (not stay and placing.is_limited(able)):
            groups[home, able] += people
    staff = {s: n for n, s in enumerate(sorted(placing.room), _FIRST_NODE)}
    sets = {
        able: n for n, able in enumerate({able for _, able in groups}, _FIRST_NODE + len(staff))
    }
    first_group = _FIRST_NODE + len(staff) + len(sets)
    network = PricedNetwork(first_group + len(groups))
    total = sum(groups.values())
    above = placing.unplaced() if excess is None else excess - placing.excess
    network.join_at(0, _ABOVE_CAP, _SINK, above)
    for staff_id, node in staff.items():
        network.join_at(0, node, _SINK, placing.room[staff_id])
        network.join_at(0, node, _ABOVE_CAP, total)
    for able, node in sets.items():
        for staff_id in able:
            network.join_at(0, node, staff.get(staff_id, _SINK), total)
    for node, ((home, able), people) in enumerate(groups.items(), first_group):
        network.join_at(0, _SOURCE, node, people)
        for staff_id in home:
            network.join_at(0, node, staff[staff_id], people)
        network.join_at(1 if home else 0, node, sets[able], people)
    return network.cheapest(_SOURCE, _SINK)
