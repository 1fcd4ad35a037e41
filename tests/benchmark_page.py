"""How long ``planner explore`` takes, as somebody at the page sees it.

``python -m tests.benchmark_page`` pulls lever after lever of the sample in a headless Chromium and
prints a table of seconds from the change to the first redraw and to the last. Nothing else may be
running. Each answer is waited for to the end, and the lever put back, before the next.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from planner.levers import LEVERS
from tests.browsing import SLOW, Watched, chromium, exploring

if TYPE_CHECKING:
    from playwright.sync_api import Page

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "sample.xlsx"
PULLED = (
    ("officers", "4"),
    ("leavers", "3"),
    ("deadline", "15"),
    ("overtime_hours", "400"),
    ("hours.unplanned_absence", "0.2"),
    ("hours.other_duties", "0.25"),
    ("inflow.per_year", "0.05"),
    ("reactive", "0.2"),
    ("arms.hours", "4"),
    ("arms.review_months", "18"),
    ("visit.interval.low", "18"),
    ("visit.hours", "1.25"),
    ("crew.low", "1"),
    ("surge", "40"),
    ("cross_team", "true"),
    ("arms.hours", "4.5"),
)
"""Levers and values; hours of an ARMS again at the end, when much else has been asked."""
_PULL = """([key, value]) => new Promise((done) => {
  const lever = document.querySelector(`.lever[data-lever="${key}"]`);
  const field = lever.querySelector('[data-field="value"]');
  const began = performance.now();
  const seen = {};
  const look = () => {
    const passed = (performance.now() - began) / 1000;
    const state = document.body.dataset.state;
    if (state === "growing" && !("first" in seen)) seen.first = passed;
    if (state !== "final") return;
    watch.disconnect();
    requestAnimationFrame(() => done({ first: passed, ...seen, last: passed }));
  };
  const watch = new MutationObserver(look);
  watch.observe(document.body, { attributes: true });
  if (field.type === "checkbox") field.checked = value === "true"; else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
})"""


class Seen(TypedDict):
    """Seconds after a lever was pulled: the first redraw, and the last."""

    first: float
    last: float


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--register", type=Path, default=SAMPLE)
    register = asked.parse_args().register
    _tell("| lever | value | first redraw, s | final, s |\n|---|--:|--:|--:|")
    with chromium() as browser, exploring(register) as address:
        page = Watched(browser, address.split("?")[0]).page
        page.set_default_timeout(2 * SLOW)
        page.goto(address)
        page.wait_for_selector("body[data-state=final]")
        for key, value in PULLED:
            seen = _pulled(page, key, value)
            name = LEVERS[key].words
            _tell(f"| {name} | {value} | {seen['first']:.2f} | {seen['last']:.1f} |")


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _pulled(page: Page, key: str, value: str) -> Seen:
    seen: Seen = page.evaluate(_PULL, [key, value])
    page.click("#reset")
    page.wait_for_selector("body[data-state=final]")
    return seen


if __name__ == "__main__":
    main()
