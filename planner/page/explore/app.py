"""The page's addresses: the page itself, answers as they grow, scenarios kept and compared."""

from __future__ import annotations

import asyncio
import json
import os
import time
import traceback
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from planner import __version__
from planner.errors import OutputError
from planner.page.explore import fragments
from planner.page.explore.asked import LONGEST_NOTE, asked, rows_of
from planner.page.explore.fields import groups
from planner.page.scenarios import SIDE_BY_SIDE
from planner.page.staffing_page import packaged, templates

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from starlette.requests import Request

    from planner.domain.register import Register
    from planner.levers import Scenario
    from planner.page.explore.answer import Answer
    from planner.page.explore.engine import Engine
    from planner.page.explore.kept import Kept

    Export = Callable[[Register, tuple[Scenario, ...]], bytes]

BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REDRAWN_EVERY = 0.4
"""Seconds between two drawings of a growing curve."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the page works with; ``export`` makes the workbook, in another process."""

    engine: Engine
    kept: Kept
    export: Export
    stop: Callable[[], None]

    @property
    def register(self) -> Register:
        return self.engine.register


def application(page: Page) -> Starlette:
    """The page as a web application; who may ask is the guard's to say."""

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        begun = asyncio.ensure_future(page.engine.begin())
        try:
            yield
        finally:
            begun.cancel()
            page.engine.team.end()

    handlers: Sequence[tuple[str, str, Callable[[Page, Request], Any]]] = (
        ("/", "GET", show),
        ("/explore.js", "GET", script),
        ("/explore.css", "GET", style),
        ("/scenarios.toml", "GET", scenarios_file),
        ("/answer", "POST", answer),
        ("/keep", "POST", keep),
        ("/forget", "POST", forget),
        ("/compare", "POST", compare),
        ("/export", "POST", export),
        ("/stop", "POST", stop),
    )
    routes = [Route(path, _bound(work, page), methods=[method]) for path, method, work in handlers]
    return Starlette(routes=routes, lifespan=life)


def _bound(work: Callable[[Page, Request], Any], page: Page) -> Callable[[Request], Any]:
    async def handle(request: Request) -> Response:
        found: Response = await work(page, request)
        return found

    return handle


async def show(page: Page, _: Request) -> Response:
    register = page.register
    told = (
        templates()
        .get_template("explore.html")
        .render(
            groups=groups(register),
            teams=register.teams,
            marking=register.marking,
            as_at=f"{register.as_at:%d %B %Y}",
            kept=_kept_rows(page.kept),
            most=SIDE_BY_SIDE,
            file=page.kept.file.name if page.kept.file else "",
            version=__version__,
        )
    )
    return Response(told, media_type="text/html; charset=utf-8")


async def script(_: Page, __: Request) -> Response:
    return Response(packaged("explore.js"), media_type="text/javascript; charset=utf-8")


async def style(_: Page, __: Request) -> Response:
    text = packaged("style.css") + packaged("explore.css")
    return Response(text, media_type="text/css; charset=utf-8")


async def scenarios_file(page: Page, _: Request) -> Response:
    headers = {"content-disposition": 'attachment; filename="scenarios.toml"'}
    return Response(page.kept.toml(), media_type="application/toml", headers=headers)


async def answer(page: Page, request: Request) -> Response:
    """One line of JSON for each piece as it comes; or the faults, field by field."""
    found = asked((await _told(request)).get("rows"), page.register)
    if found.scenario is None:
        return _faults(found.faults)
    lines = _told_to_the_end(_lines(page, found.scenario))
    return StreamingResponse(lines, media_type="application/x-ndjson")


async def _told_to_the_end(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    """The lines; where an error of our own ends them, a last one that says so."""
    try:
        async for line in lines:
            yield line
    except Exception as error:
        if os.environ.get("PLANNER_TRACEBACK"):
            traceback.print_exc()
        status = f"The planner stopped on an error of its own ({type(error).__name__})."
        yield json.dumps({"parts": {}, "headline": "", "status": status, "final": False}) + "\n"


async def _lines(page: Page, scenario: Scenario) -> AsyncIterator[str]:
    started = drawn = time.perf_counter()
    today: Answer | None = None
    stages = page.engine.stages(scenario)
    async for found in stages:
        now = time.perf_counter()
        parts: dict[str, str] = {}
        if not found.is_proved:
            today = await page.engine.run_0(scenario) if scenario.effective else None
            parts |= fragments.months(found, today, page.register)
            parts["curve"] = fragments.curve(found, page.engine.base, page.register)
        elif found.is_settled:
            today = await page.engine.run_0(scenario) if scenario.effective else None
            parts |= fragments.months(found, today, page.register)
        if found.levels:
            if not found.has_all_levels and now - drawn < REDRAWN_EVERY:
                continue
            drawn = now
            parts["curve"] = fragments.curve(found, None, page.register)
        parts["cards"] = fragments.cards(found, today)
        told = fragments.told_headline(found, page.register)
        status = _status(found, time.perf_counter() - started)
        line = {"parts": parts, "headline": told, "status": status, "final": found.is_settled}
        yield json.dumps(line) + "\n"


def _status(found: Answer, seconds: float) -> str:
    if found.is_settled:
        return f"Final: as planner staffing works it out ({seconds:.1f} s)."
    if found.has_all_levels:
        return "What is proved is final. Settling the months, which may still change a little."
    if found.levels:
        return f"Working out the curve: {len(found.levels)} numbers of officers so far."
    if found.least is not None:
        return "What is proved is final. Working out the curve."
    if found.is_proved:
        return "Proving how many officers it takes."
    return f"Months and hours after {seconds:.1f} s; they may still change a little. Proving."


async def keep(page: Page, request: Request) -> Response:
    told = await _told(request)
    note = str(told.get("note", "")).strip()[:LONGEST_NOTE]
    found = asked(told.get("rows"), page.register, str(told.get("name", "")), note)
    if found.scenario is None:
        return _faults(found.faults)
    if not found.scenario.changes:
        return JSONResponse({"fault": "No lever is pulled, so there is nothing to keep."})
    try:
        fault = page.kept.keep(found.scenario)
    except OutputError as error:
        fault = str(error)
    return JSONResponse({"fault": fault, "kept": _kept_html(page.kept)})


async def forget(page: Page, request: Request) -> Response:
    try:
        page.kept.forget(str((await _told(request)).get("name", "")))
    except OutputError as error:
        return JSONResponse({"fault": str(error), "kept": _kept_html(page.kept)})
    return JSONResponse({"fault": None, "kept": _kept_html(page.kept)})


async def compare(page: Page, request: Request) -> Response:
    """Up to four kept scenarios beside today."""
    scenarios = page.kept.named((await _told(request)).get("names") or ())
    if not 1 <= len(scenarios) <= SIDE_BY_SIDE:
        return JSONResponse({"fault": f"Tick one to {SIDE_BY_SIDE} scenarios to compare."})
    found = []
    for scenario in scenarios:
        answered = await page.engine.settled(scenario)
        found.append((answered, await page.engine.settled_run_0(scenario)))
    return JSONResponse({"fault": None, "html": fragments.compared(found, page.register)})


async def export(page: Page, request: Request) -> Response:
    """The workbook that ``planner staffing --no-plans`` writes, with the scenarios ticked."""
    scenarios = page.kept.named((await _told(request)).get("names") or ())
    book = await page.engine.team.aside(page.export, page.register, scenarios)
    headers = {"content-disposition": 'attachment; filename="staffing.xlsx"'}
    return Response(book, media_type=BOOK, headers=headers)


async def stop(page: Page, _: Request) -> Response:
    page.stop()
    return JSONResponse({"stopped": True})


async def _told(request: Request) -> dict[str, Any]:
    """What was sent; nothing where it is no JSON object."""
    try:
        found = json.loads(await request.body())
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _faults(faults: Sequence[Any]) -> Response:
    told = [{"row": one.row, "field": one.field, "message": one.message} for one in faults]
    return JSONResponse({"faults": told})


def _kept_html(kept: Kept) -> str:
    return templates().get_template("kept.html").render(kept=_kept_rows(kept))


def _kept_rows(kept: Kept) -> list[dict[str, str]]:
    return [
        {
            "name": one.name,
            "note": one.note,
            "changes": "; ".join(change.words for change in one.changes),
            "rows": json.dumps(rows_of(one)),
        }
        for one in kept.scenarios
    ]
