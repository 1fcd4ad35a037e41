"""Improve a whole plan by exchanges: two to four duties change their calendars at once.

Near the best plan no duty can move alone: every month is full. But a visit can take the place of a
visit that goes elsewhere, or an ARMS that of a visit and a bit of time to spare. What each single
change would add to each month, and what it would cost, is put in arrays; then all pairs of changes
are weighed, and pairs of the pairs that disturb least. So a few million exchanges are weighed in
the time a search one by one weighs a few thousand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.optimise.hours import GRAIN
from planner.optimise.near import NearCalendars
from planner.optimise.options import Duty, Options
from planner.optimise.weighing import ALIKE, LEAST_GAIN, Changes, Room, few_alike, partners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from planner.optimise.board import Board
    from planner.optimise.pool import Pool
    from planner.optimise.pricing import Evaluation
    from planner.optimise.weighing import Exchanged

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]
    Ints = NDArray[np.int64]

MOST_CALENDARS = 12
SLACK = 40.0
"""Near calendars are at most this many hours' worth dearer than the best."""
WIDE, CLOSE, AHEAD = 5.0, 1.3, 0.1
"""Hours' worth by which a change may be dearer at the prices: in a pair, in a quartet, to lead."""
IN_PAIRS, IN_QUARTETS = 5000, 2000
RELIEF = 2.0
MOST_LEADING = 400
MOST_PAIRS = 2000
STILLNESS = 0.3
"""How much an hour moved counts, against its worth, when pairs that disturb least are kept."""
TIGHT_BELOW = 5.0
LEAST_WORTH = 1.0
MOST_TRIED = 300
NO_LIMIT = 1e6
PASSES = 10
WORTH_A_PASS = 0.3
DEAR = 50.0
"""From this price of overfull hours on, anything that mends them is worth a thought."""


class Exchange:
    """Exchanges on one pool's board. Routes stay as they are."""

    def __init__(
        self, board: Board, evaluation: Evaluation, near: NearCalendars, breadth: float = 1.0
    ) -> None:
        """``breadth`` below 1 weighs fewer changes, in less time."""
        self.board = board
        pool = self.pool = board.pool
        self.in_pairs, self.in_quartets = int(IN_PAIRS * breadth), int(IN_QUARTETS * breadth)
        self.most_leading, self.most_pairs = int(MOST_LEADING * breadth), int(MOST_PAIRS * breadth)
        self.months = pool.months
        self.worth = worth_of_hours(pool, evaluation)
        self.unit = usual_worth(pool, evaluation)
        self.hours_worth = np.maximum(self.worth, LEAST_WORTH)
        kind_of = [int(pool.chain_kind[chain]) for chain in board.chain]
        duties = [
            Duty(
                chain=chain,
                route=board.route[board.case_of[slot]],
                calendar=board.calendar[slot],
                cost=board.cost[slot],
                price=evaluation.price[kind, board.route[board.case_of[slot]]],
            )
            for slot, (chain, kind) in enumerate(zip(board.chain, kind_of, strict=True))
        ]
        self.options = Options(near, duties)
        self.lead = np.array([float(pool.lead[k]) for k in kind_of], dtype=np.float32)
        second = np.array([float(pool.second[k]) for k in kind_of], dtype=np.float32)
        self.total = self.lead + second
        self.second = second
        self.arms = np.array([board.is_arms[slot] for slot in range(len(duties))])
        self.officers = np.array(
            [pool.routes[duty.route] for duty in duties], dtype=np.int64
        ).reshape(-1, pool.months)
        self.teams = _teams(board)

    def run(self, penalties: Iterable[float], quartets: int) -> None:
        """Exchange until nothing much is gained, at each price of an overfull hour in turn.

        Prices are multiples of what an hour is worth; ``quartets`` says how often at each price
        exchanges of up to four duties are weighed, and pairs again after them.
        """
        for penalty in penalties:
            wide = WIDE if penalty < DEAR else SLACK
            for team, slots in self.teams:
                for again in range(quartets + 1):
                    for _ in range(PASSES):
                        gain = self._pass(team, slots, penalty, self._pairs, wide, self.in_pairs)
                        if gain < WORTH_A_PASS * self.unit:
                            break
                    if again == quartets:
                        break
                    gain = self._pass(team, slots, penalty, self._quartets, CLOSE, self.in_quartets)
                    if gain < WORTH_A_PASS * self.unit:
                        break

    # --- one pass -----------------------------------------------------------------------------

    def _pass(
        self,
        team: Sequence[int],
        slots: Ints,
        penalty: float,
        weigh: Callable[[Changes, Room], list[tuple[float, Exchanged]]],
        wide: float,
        most: int,
    ) -> float:
        """Weigh exchanges once, make the best that do not share a duty; what they gain."""
        changes, room = self._changes(team, slots, penalty, wide * self.unit, most)
        if not len(changes.slot):
            return 0.0
        found = weigh(changes, room)
        found.sort(key=lambda f: (f[0], f[1]))
        touched: set[int] = set()
        gain, tried = 0.0, 0
        for _, members in found:
            mine = [int(changes.slot[n]) for n in members]
            if len(set(mine)) < len(mine) or not touched.isdisjoint(mine):
                continue
            tried += 1
            if tried > MOST_TRIED:
                break
            made = self._make(mine, [int(changes.option[n]) for n in members], penalty)
            if made > 0:
                gain += made
                touched.update(mine)
        return gain

    def _make(self, slots: Sequence[int], options: Sequence[int], penalty: float) -> float:
        """Make an exchange and keep it if it gains; what it gains."""
        board = self.board
        before = [(s, board.calendar[s], board.doers[s]) for s in slots]
        after = [self.options.months[n] for n in options]
        months = {m for _, calendar, _ in before for m in calendar}
        months.update(m for calendar in after for m in calendar)
        was = sum(board.cost[s] for s in slots) + penalty * self._overrun(months)
        doers = [
            tuple(self.who[s][m] for m in calendar) if board.is_arms[s] else ()
            for s, calendar in zip(slots, after, strict=True)
        ]
        for s in slots:
            board.take_out(s)
        for s, calendar, doing in zip(slots, after, doers, strict=True):
            board.put(s, calendar, doing)
        now = sum(board.cost[s] for s in slots) + penalty * self._overrun(months)
        if now < was - LEAST_GAIN:
            for s, n in zip(slots, options, strict=True):
                self.options.now[s] = n
            return was - now
        for s in slots:
            board.take_out(s)
        for s, calendar, doing in before:
            board.put(s, calendar, doing)
        return 0.0

    def _overrun(self, months: Iterable[int]) -> float:
        """What the hours by which these months are overfull are worth."""
        ledger = self.board.ledger
        return sum(ledger.overrun(m)[0] / GRAIN * float(self.hours_worth[m]) for m in months)

    # --- what could change --------------------------------------------------------------------

    def _changes(
        self, team: Sequence[int], slots: Ints, penalty: float, most: float, most_changes: int
    ) -> tuple[Changes, Room]:
        """The team's single changes at most so much dearer at the prices, and the room there is."""
        options = self.options
        self._who_would(slots)
        mine = np.flatnonzero(np.isin(options.slot, slots))
        slot, option = options.slot[mine], options.option[mine]
        dearer = options.priced[option] - options.priced[options.now[slot]]
        worth = (dearer < most) & (option != options.now[slot])
        slot, option, dearer = slot[worth], option[worth], dearer[worth]
        moved = options.use[option] - options.use[options.now[slot]]
        hours = moved * self.total[slot][:, None]
        if self.board.ledger.delicate[0]:
            hours[:, 0] = self._whole_seconds(slot, moved[:, 0])
        places = self._tight_places(team)
        tight = np.zeros((len(slot), len(places)), dtype=np.float32)
        for column, (s, m, arms) in enumerate(places):
            his = (self.who[slot, m] == s) & (self.arms[slot] if arms else True)
            amount = 1.0 if arms else self.lead[slot]
            tight[:, column] = np.where(his, moved[:, m] * amount, 0.0)
        room = self._room(team, places, penalty)
        full, over = room.team < 0, room.tight < 0
        relief = hours[:, full] @ room.team_worth[full] + tight[:, over] @ room.tight_worth[over]
        order = np.argsort(dearer + relief * (RELIEF / penalty), kind="stable")
        slot, option, dearer = slot[order], option[order], dearer[order]
        hours, tight = hours[order], tight[order]
        few = few_alike(np.concatenate([hours, tight], axis=1), most_changes)
        changes = Changes(
            slot[few],
            option[few],
            (options.cost[option] - options.cost[options.now[slot]])[few].astype(np.float32),
            dearer[few].astype(np.float32),
            hours[few],
            tight[few],
        )
        return changes, room

    def _who_would(self, slots: Ints) -> None:
        """Who does each duty in each month, or would: (slots, months)."""
        board = self.board
        self.who = self.officers.copy()
        best: dict[tuple[int, int], int] = {}
        for s in slots[self.arms[slots]].tolist():
            row = self.officers[s].tolist()
            for m, som in enumerate(row):
                if som < 0:
                    continue
                if (som, m) not in best:
                    doers = self.pool.doers[som, m]
                    free = board.doer(som, m) if len(doers) > 1 else -1
                    best[som, m] = free if free >= 0 else (doers[0] if doers else -1)
                self.who[s, m] = best[som, m]
            for m, doer in zip(board.calendar[s], board.doers[s], strict=True):
                self.who[s, m] = doer

    def _whole_seconds(self, slot: Ints, moved: Singles) -> Singles:
        """Month 1: hours added, second officers counted whole: by what is lost of them."""
        ledger = self.board.ledger
        unit = ledger.unit or 1
        added = np.zeros(len(slot), dtype=np.float32)
        for n in np.flatnonzero(moved):
            s, sign = int(slot[n]), int(moved[n])
            left = ledger.left[self.who[s, 0]][0]
            lead, second = round(float(self.lead[s]) * GRAIN), round(float(self.second[s]) * GRAIN)
            lost = left // unit - (left - sign * lead) // unit + sign * (second // unit)
            added[n] = lost * unit / GRAIN
        return added

    def _tight_places(self, team: Sequence[int]) -> list[tuple[int, int, bool]]:
        """Officers' months with little room of their own: hours, or ARMS."""
        ledger = self.board.ledger
        return [
            (s, m, False)
            for s in team
            for m in range(self.months)
            if ledger.left[s][m] < TIGHT_BELOW * GRAIN
        ] + [(s, m, True) for s in team for m in range(self.months) if ledger.room[s][m] < 2]

    def _room(
        self, team: Sequence[int], places: Sequence[tuple[int, int, bool]], penalty: float
    ) -> Room:
        ledger = self.board.ledger
        tight = [
            (ledger.room[s][m] if arms else ledger.left[s][m] / GRAIN) for s, m, arms in places
        ]
        worth = [
            self.hours_worth[m] * (TIGHT_BELOW if arms else 1.0) * penalty for _, m, arms in places
        ]
        return Room(
            np.array([self._left(team, m) for m in range(self.months)], dtype=np.float32),
            (self.hours_worth * penalty).astype(np.float32),
            np.array(tight, dtype=np.float32),
            np.array(worth, dtype=np.float32),
        )

    def _left(self, team: Sequence[int], m: int) -> float:
        """Hours left to the team in a month, second officers provided for."""
        ledger = self.board.ledger
        groups = {ledger.group[s][m] for s in team} - {-1}
        if m == 0 and ledger.delicate[0] and ledger.unit and groups:
            units = sum(
                ledger.left[s][0] // ledger.unit - ledger.need[s][0] // ledger.unit for s in team
            )
            return units * ledger.unit / GRAIN
        if groups:
            return ledger.slack[m][groups.pop()] / GRAIN
        if ledger.lone[m]:
            everybody = range(len(ledger.left))
            return sum(ledger.left[s][m] - ledger.need[s][m] for s in everybody) / GRAIN
        return NO_LIMIT

    # --- weighing -----------------------------------------------------------------------------

    def _pairs(self, changes: Changes, room: Room) -> list[tuple[float, Exchanged]]:
        """Changes alone, and pairs led by one that is cheap at the prices or relieves a month."""
        found = partners(changes, room, (), range(len(changes.slot)))
        full = room.team < 0
        leading = changes.dearer < AHEAD * self.unit
        if full.any():
            leading |= changes.team[:, full].sum(axis=1) < 0
        if (over := room.tight < 0).any():
            leading |= changes.tight[:, over].sum(axis=1) < 0
        for n in np.flatnonzero(leading)[: self.most_leading].tolist():
            found += partners(changes, room, (n,), range(len(changes.slot)))
        return found

    def _quartets(self, changes: Changes, room: Room) -> list[tuple[float, Exchanged]]:
        """Two at once of: single changes, and the pairs that disturb the months least."""
        members = self._still_pairs(changes)
        team = np.array([changes.team[list(m)].sum(axis=0) for m in members], dtype=np.float32)
        tight = np.array([changes.tight[list(m)].sum(axis=0) for m in members], dtype=np.float32)
        cost = np.array([changes.cost[list(m)].sum() for m in members], dtype=np.float32)
        both = Changes(np.arange(0), np.arange(0), cost, cost, team, tight)
        return [
            (gain, members[n] + members[k])
            for n in range(len(members))
            for gain, (_, k) in partners(both, room, (n,), range(n + 1, len(members)))
        ]

    def _still_pairs(self, changes: Changes) -> list[Exchanged]:
        """Single changes and pairs, those first that are cheap and move few hours."""
        weight = (STILLNESS * np.maximum(self.worth, 0.05)).astype(np.float32)
        size = len(changes.slot)
        ranked: list[tuple[float, int, int]] = []
        for n in range(size - 1):
            moved = np.abs(changes.team[n + 1 :] + changes.team[n]) @ weight
            score = changes.dearer[n + 1 :] + changes.dearer[n] + moved
            score[changes.slot[n + 1 :] == changes.slot[n]] = np.inf
            best = np.argpartition(score, 29)[:30] if len(score) > 30 else np.arange(len(score))
            ranked += [
                (float(score[k]), n, n + 1 + int(k)) for k in best if score[k] < WIDE * self.unit
            ]
        ranked.sort()
        members: list[Exchanged] = [(n,) for n in range(min(size, self.most_pairs // 3))]
        seen: dict[bytes, int] = {}
        for _, n, k in ranked:
            if len(members) >= self.most_pairs:
                break
            moved = np.concatenate(
                [changes.team[n] + changes.team[k], changes.tight[n] + changes.tight[k]]
            )
            key = np.round(moved * 20).astype(np.int16).tobytes()
            seen[key] = seen.get(key, 0) + 1
            if seen[key] < ALIKE:
                members.append((n, k))
        return members


def near_calendars(pool: Pool, evaluation: Evaluation) -> NearCalendars:
    """The calendars that exchanges on this pool's boards choose from."""
    most = SLACK * usual_worth(pool, evaluation)
    return NearCalendars(pool, evaluation.price, MOST_CALENDARS, most)


def worth_of_hours(pool: Pool, evaluation: Evaluation) -> Floats:
    """What an hour is usually worth at the prices, by month; 0 where nobody has any."""
    hour = np.where(pool.most_hours > 0, evaluation.prices.hour, np.nan)
    there = (pool.most_hours > 0).any(axis=0)
    worth = np.zeros(pool.months)
    worth[there] = np.nanmedian(hour[:, there], axis=0)
    return worth


def usual_worth(pool: Pool, evaluation: Evaluation) -> float:
    """What an hour is usually worth in any month, never next to nothing."""
    worth = worth_of_hours(pool, evaluation)[(pool.most_hours > 0).any(axis=0)]
    return max(LEAST_WORTH, float(np.median(worth))) if len(worth) else LEAST_WORTH


def _teams(board: Board) -> list[tuple[list[int], Ints]]:
    """Officers who second each other, and the duties of their cases."""
    pool = board.pool
    team = list(range(len(pool.officers)))
    for block in pool.blocks:
        if not block.lone:
            joined = {team[s] for s in block.members}
            team = [min(joined) if t in joined else t for t in team]
    som = [
        next((s for s in pool.routes[board.route[c]].tolist() if s >= 0), -1) for c in board.case_of
    ]
    slots: dict[int, list[int]] = {}
    for slot, s in enumerate(som):
        if s >= 0:
            slots.setdefault(team[s], []).append(slot)
    return [
        ([s for s, t in enumerate(team) if t == first], np.array(slots[first], dtype=np.int64))
        for first in sorted(slots)
    ]
