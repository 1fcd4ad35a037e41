"""The pages in real Chromium: every lever moves what it should, figures are the command's."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from planner.levers import LEVERS
from planner.page.staffing_page import staffing_page
from planner.page.told import month, tenths, whole
from planner.workbooks.register_write import register_workbook
from tests.browsing import SLOW, Watched, chromium, exploring
from tests.page_build import HOSTILE, report, unit, with_everything

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

MINUS = "\N{MINUS SIGN}"
MORE, LESS, SAME, OTHER = "more", "less", "as today", "other"
MOVES: dict[str, tuple[str, str, str]] = {
    "officers": ("1", "there", MORE),
    "staff": ("1", "there", MORE),
    "recruits": ("1", "there", MORE),
    "leavers": ("1", "there", LESS),
    "overtime_hours": ("20", "there", MORE),
    "hours.overtime": ("0.2", "there", MORE),
    "arms_team": ("1", "there", MORE),
    "arms.hours": ("3", "exposure", LESS),
    "arms.review_months": ("24", "exposure", LESS),
    "arms.per_month": ("0", "exposure", MORE),
    "arms.by_colleague": ("true", "exposure", SAME),
    "visit.interval.very_high": ("2", "exposure", LESS),
    "visit.interval.high": ("6", "exposure", LESS),
    "visit.interval.medium": ("12", "exposure", LESS),
    "visit.interval.low": ("24", "exposure", LESS),
    "visit.hours": ("3", "exposure", MORE),
    "visit.write_up_hours": ("2", "exposure", MORE),
    "visit.failed_rate": ("0.8", "exposure", MORE),
    "visit.crew": ("1", "exposure", LESS),
    "crew.very_high": ("1", "exposure", LESS),
    "crew.high": ("1", "exposure", LESS),
    "crew.medium": ("1", "exposure", LESS),
    "crew.low": ("1", "exposure", LESS),
    "hours.other_duties": ("0.5", "there", LESS),
    "hours.unplanned_absence": ("0.3", "there", LESS),
    "hours.leave_days": ("40", "there", LESS),
    "surge": ("30", "exposure", MORE),
    "inflow.per_year": ("0.1", "there", LESS),
    "reactive": ("1", "exposure", LESS),
    "merge": ("Beech", "exposure", OTHER),
    "cross_team": ("true", "exposure", OTHER),
    "deadline": ("6", "deadline", OTHER),
}
"""What each lever is set to here, and which way it should move what: with officers as one, who
does an ARMS makes no difference where somebody in the team may."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("register") / "register.xlsx"
    path.write_bytes(register_workbook(unit()))
    return path


@pytest.fixture(scope="module")
def explored(browser: Browser, register: Path) -> Iterator[Watched]:
    """The local page, once today is settled."""
    with exploring(register) as address:
        watched = Watched(browser, address.split("?", maxsplit=1)[0])
        watched.page.goto(address)
        settled(watched.page)
        yield watched
        assert watched.is_clean()


def settled(page: Page) -> None:
    page.wait_for_selector("body[data-state=final]", timeout=SLOW)


def pull(page: Page, key: str, value: str, **places: str) -> None:
    """Set a lever as a user does, and wait for what comes of it."""
    lever = page.locator(f'.lever[data-lever="{key}"]').first
    lever.evaluate("one => { one.closest('.group').open = true }")
    if places:
        lever.locator(".where").evaluate("one => { one.open = true }")
    for name, told in places.items():
        lever.locator(f'[data-field="{name}"]').select_option(told)
    field = lever.locator('[data-field="value"]')
    if field.get_attribute("type") == "checkbox":
        field.set_checked(value == "true")
    elif field.evaluate("one => one.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)
    page.wait_for_selector("body[data-state=growing], body[data-state=final]", timeout=SLOW)


def all_as_today(page: Page) -> None:
    page.click("#reset")
    page.wait_for_selector("body[data-state=growing], body[data-state=final]", timeout=SLOW)


def cards(page: Page) -> dict[str, str]:
    names = page.locator("#cards dt").all_inner_texts()
    values = page.locator("#cards dd").all_inner_texts()
    return {n: " ".join(v.split()) for n, v in zip(names, values, strict=True)}


def hours_there(page: Page) -> int:
    told = page.locator("#hours desc").first.text_content() or ""
    found = re.search(r"In all ([\d,]+) hours are there", told)
    assert found is not None
    return int(found[1].replace(",", ""))


# --- the leaders' page ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "staffing.html"
    path.write_bytes(staffing_page(with_everything(report(HOSTILE))))
    return path


@pytest.mark.parametrize("width", [1280, 800, 320])
def test_the_leaders_page_opens_alone_without_a_fault(
    browser: Browser, page_file: Path, width: int
) -> None:
    watched = Watched(browser, page_file.as_uri(), width)
    watched.page.goto(page_file.as_uri())
    assert watched.violations() == []
    wide = watched.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    assert watched.page.locator("svg[role=img]").count() >= 10
    assert watched.page.evaluate("getComputedStyle(document.querySelector('h1')).color") != (
        "rgb(0, 0, 0)"
    ), "the style is let in"
    assert watched.is_clean()


def test_the_leaders_page_by_keyboard(browser: Browser, page_file: Path) -> None:
    watched = Watched(browser, page_file.as_uri())
    page = watched.page
    page.goto(page_file.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the answer"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    links = page.locator("nav a").count()
    page.locator("nav a").first.focus()
    for _ in range(links):
        assert page.evaluate("document.activeElement.matches('a')")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.scroll')")


def test_the_leaders_page_prints(browser: Browser, page_file: Path, tmp_path: Path) -> None:
    watched = Watched(browser, page_file.as_uri())
    page = watched.page
    page.goto(page_file.as_uri())
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator("table").first.is_visible()
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    pages = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert 8 <= pages <= 40
    (tmp_path / "page.pdf").write_bytes(printed)


# --- the local page -------------------------------------------------------------------------------


def test_every_lever_is_tried_here() -> None:
    assert set(MOVES) == set(LEVERS)


@pytest.mark.parametrize("key", MOVES)
def test_each_lever_moves_what_it_should(explored: Watched, key: str) -> None:
    page = explored.page
    all_as_today(page)
    before, there = cards(page), hours_there(page)
    value, what, which = MOVES[key]
    places = {"team": "Ash"} if key == "merge" else {}
    pull(page, key, value, **places)
    now = cards(page)
    assert page.locator(".lever.is-pulled").count() == 1
    if what == "there":
        assert (hours_there(page) > there) == (which == MORE)
        assert hours_there(page) != there
    elif what == "deadline":
        assert not set(now) <= set(before)
    else:
        told = now["Exposure"].split(" ", 1)[1]
        signs = {MORE: ("+",), LESS: (MINUS,), SAME: ("as today",), OTHER: ("+", MINUS)}[which]
        assert told.startswith(signs), told


def test_one_slider_moves_its_field_and_the_keyboard_moves_it(explored: Watched) -> None:
    page = explored.page
    all_as_today(page)
    slide = page.locator("#lever-officers-slide")
    slide.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.input_value("#lever-officers-value") == "2"
    page.fill("#lever-officers-value", "5")
    assert slide.input_value() == "5"
    page.fill("#lever-officers-value", "many")
    assert slide.input_value() == "5"


@pytest.mark.parametrize(
    ("key", "value", "places", "words"),
    [
        ("officers", "lots", {}, "takes a whole number from 1 to 1000; 'lots' is not"),
        ("arms.hours", "-2", {}, "takes a number from 0"),
        ("leavers", "50", {}, "cannot leave a team"),
    ],
)
def test_a_wrong_value_explains_itself_beside_the_field(
    explored: Watched, key: str, value: str, places: dict[str, str], words: str
) -> None:
    page = explored.page
    all_as_today(page)
    figures = cards(page)
    field = page.locator(f'.lever[data-lever="{key}"] [data-field="value"]')
    field.fill(value)
    page.wait_for_selector("body[data-state=faulty]", timeout=SLOW)
    assert field.get_attribute("aria-invalid") == "true"
    told = page.locator(f"#{field.get_attribute('aria-describedby')}")
    assert told.is_visible()
    assert words in told.inner_text()
    assert "Something is not right" in page.inner_text("#status")
    assert set(cards(page)) == set(figures)
    field.fill(field.evaluate("one => one.closest('.lever').dataset.base"))
    page.wait_for_selector("body[data-state=growing], body[data-state=final]", timeout=SLOW)
    assert field.get_attribute("aria-invalid") is None
    assert not told.is_visible()


def test_the_figures_are_the_commands(explored: Watched, register: Path, tmp_path: Path) -> None:
    """Kept, downloaded, asked of the command, exported: the same figures everywhere."""
    page = explored.page
    all_as_today(page)
    settled(page)
    curve = table(page, "#curve", 0)
    pull(page, "officers", "1", team="Ash")
    pull(page, "arms.hours", "4")
    page.fill("#scenario-name", HOSTILE)
    page.fill("#scenario-note", "<b>bold</b>")
    page.click("#keep")
    page.wait_for_selector(".kept li")
    assert page.locator(".kept b").first.inner_text() == HOSTILE
    settled(page)
    own = cards(page)
    with page.expect_download() as waiting:
        page.click("a[download]")
    file = tmp_path / "scenarios.toml"
    waiting.value.save_as(file)
    told = from_command(register, file, tmp_path / "out")
    (row,) = [r for r in told["scenarios"] if r["row"] == "Together"]
    assert row["scenario"] == HOSTILE
    figures = row["figures"]
    assert next(v for k, v in own.items() if k.startswith("ARMS")).split()[0] == whole(
        figures["arms_overdue"]
    )
    assert own["Exposure"].split()[0] == whole(figures["exposure"])
    assert own["Hours lacking"].split()[0] == whole(figures["hours_lacking"])
    assert own["Fewest officers, proved"] == f"{row['fewest']}"
    for ours, its in zip(curve, told["curve"], strict=True):
        assert ours[0] == f"{its['officers']}"
        assert ours[3] == ("Ruled out" if its["ruled_out"] else "Not ruled out")
        assert (ours[4] == month(None)) == (its["not_before"] is None)
        assert ours[7:9] == [whole(its["hours_lacking"]), tenths(its["posts_lacking"])]
    burn_down = table(page, "#burn-down", 0)
    levels = [m for m in told["burn_down"] if m["run"] == HOSTILE]
    for n, ours in enumerate(burn_down):
        month_end = levels[4 * n : 4 * n + 4]
        assert ours[2] == whole(sum(m["arms_overdue"] for m in month_end))
    page.check('[name="compared"]')
    page.click("#compare")
    page.wait_for_selector("#comparison:not([hidden])", timeout=SLOW)
    beside = {r[0]: r[2].split(" ")[0] for r in table(page, "#compared", 0)}
    assert beside["Exposure"] == whole(figures["exposure"])
    assert beside["Fewest officers, proved"] == f"{row['fewest']}"
    with page.expect_download(timeout=SLOW) as waiting:
        page.click("#export")
    book = tmp_path / "exported.xlsx"
    waiting.value.save_as(book)
    assert book.read_bytes() == (tmp_path / "out" / "staffing.xlsx").read_bytes()


def table(page: Page, place: str, number: int) -> list[list[str]]:
    found = page.locator(f"{place} table").nth(number)
    rows: list[list[str]] = found.evaluate(
        "t => [...t.tBodies[0].rows].map(r => [...r.cells].map(c => c.textContent.trim()))"
    )
    return rows


def from_command(register: Path, scenarios: Path, out: Path) -> Any:
    command = [sys.executable, "-m", "planner", "staffing", str(register), "--out", str(out)]
    told = subprocess.run(
        [*command, "--scenario", str(scenarios), "--no-plans", "--json", "--quiet"],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(told.stdout)


def test_another_change_of_one_lever_and_opening_a_scenario_again(explored: Watched) -> None:
    page = explored.page
    all_as_today(page)
    lever = page.locator('.lever[data-lever="overtime_hours"]')
    lever.locator(".where summary").first.click()
    lever.locator("[data-another]").click()
    assert lever.count() == 2
    pull(page, "overtime_hours", "30")
    lever.nth(1).locator('[data-field="value"]').fill("15")
    expect(page.locator(".is-pulled")).to_have_count(2)
    page.fill("#scenario-name", "Twice")
    page.click("#keep")
    page.wait_for_selector('[data-open][data-name="Twice"]')
    all_as_today(page)
    assert lever.count() == 1
    page.click('[data-open][data-name="Twice"]')
    values = [lever.nth(n).locator('[data-field="value"]').input_value() for n in range(2)]
    assert sorted(values) == ["15", "30"]
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))
    page.click('[data-forget="Twice"]')
    page.locator('[data-forget="Twice"]').wait_for(state="detached")


def test_comparing_wants_one_to_four(explored: Watched) -> None:
    page = explored.page
    for one in page.locator('[name="compared"]:checked').all():
        one.uncheck()
    page.click("#compare")
    page.wait_for_selector("#kept-fault:not([hidden])")
    assert "one to 4" in page.inner_text("#kept-fault")


@pytest.mark.parametrize("width", [1280, 800])
def test_the_local_page_is_accessible_and_fits(explored: Watched, width: int) -> None:
    page = explored.page
    all_as_today(page)
    settled(page)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    page.set_viewport_size({"width": width, "height": 900})
    assert explored.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert explored.is_clean()


def test_the_local_page_by_keyboard(explored: Watched) -> None:
    page = explored.page
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.locator(".skip").focus()
    page.keyboard.press("Tab")
    seen = set()
    for _ in range(60):
        ident = page.evaluate(
            "document.activeElement.id || document.activeElement.tagName.toLowerCase()"
        )
        seen.add(ident)
        page.keyboard.press("Tab")
    assert {"reset", "summary", "lever-officers-slide", "lever-officers-value"} <= seen


def test_nobody_else_is_let_in(browser: Browser, explored: Watched) -> None:
    stranger = Watched(browser, explored.own)
    answer = stranger.page.goto(explored.own)
    assert answer is not None
    assert answer.status == 403
    assert "used already" in stranger.page.inner_text("body")


def test_zz_stopping_says_so(explored: Watched) -> None:
    explored.page.click("#stop")
    explored.page.wait_for_selector("body[data-state=lost]")
    assert "close this page" in explored.page.inner_text("#status")
