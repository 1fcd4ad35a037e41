"""Reads the sheet Price of an hour back from a plan workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.workbooks.register_grid import normal

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

    from planner.domain.months import Horizon

SHEET = "Price of an hour"


def read_hour_prices(book: CalamineWorkbook, horizon: Horizon) -> dict[tuple[str, int], float]:
    """The price of an hour by (team, month number), in points.

    Empty where the workbook has no such sheet, or it is no longer laid out as written: the sheet is
    for people, so nobody must keep it.
    """
    names = {normal(name): name for name in book.sheet_names}
    if normal(SHEET) not in names:
        return {}
    months = {normal(f"{horizon.start(m):%b %y}"): m for m in horizon.months}
    prices: dict[tuple[str, int], float] = {}
    places: dict[int, int] = {}
    for cells in book.get_sheet_by_name(names[normal(SHEET)]).to_python(skip_empty_area=False):
        heads = [normal(cell) if isinstance(cell, str) else "" for cell in cells]
        if not places:
            if "team" in heads:
                places = {n: months[head] for n, head in enumerate(heads) if head in months}
                team_at = heads.index("team")
            continue
        team = cells[team_at]
        for n, month in places.items():
            price = cells[n]
            if isinstance(team, str) and isinstance(price, int | float):
                prices[team.strip(), month] = float(price)
    return prices
