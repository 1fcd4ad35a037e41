"""The leaders' page: the same figures as the workbook, whole in one file, closed to the outside."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from planner.page.bars import Layer, Swing, stacked_chart, tornado_chart
from planner.page.lines import Area, Line, Place, Stretch, band_chart, line_chart
from planner.page.staffing_page import staffing_page
from planner.page.svg import Frame, number, shortened, ticks
from planner.page.told import month, signed, signed_tenths, tenths, whole
from planner.staffing.answer import headline
from planner.staffing.rows import level_rows, month_rows, scenario_rows
from tests.page_build import HOSTILE, report, with_everything

VOID = {"meta", "link", "br", "input", "img"}


class Page(HTMLParser):
    """Elements with their attributes, text by element, and what is left open."""

    def __init__(self, told: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: dict[str, list[str]] = {}
        self.rows: list[list[str]] = []
        self.feed(told)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in self.open[-1:]:
            self.words.setdefault(tag, []).append(data.strip())
            if tag in {"td", "th"}:
                self.rows[-1][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def page(first: str = "Ash") -> tuple[str, Page]:
    told = staffing_page(with_everything(report(first))).decode()
    return told, Page(told)


def test_it_is_well_formed_and_in_british_english() -> None:
    _, found = page()
    assert found.open == []
    assert found.all("html") == [{"lang": "en-GB"}]
    assert len(found.all("h1")) == len(found.all("main")) == 1
    assert found.all("main")[0]["id"] == "main"
    ids = [a["id"] for _, a in found.found if "id" in a]
    assert len(ids) == len(set(ids))


def test_the_policy_lets_nothing_in_but_our_own_style() -> None:
    told, found = page()
    (policy,) = [
        a["content"] for a in found.all("meta") if a.get("http-equiv") == "Content-Security-Policy"
    ]
    style = re.search(r"<style>(.*?)</style>", told, re.DOTALL)
    assert policy is not None
    assert style is not None
    mark = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{mark}'; ")
    assert not found.all("script")
    assert not any(name.startswith("on") or name == "style" for _, a in found.found for name in a)


def test_nothing_is_asked_of_anybody() -> None:
    told, found = page()
    for _, attributes in found.found:
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            value = attributes.get(name)
            assert value is None or value.startswith(("#", "data:")), value
    assert "http://" not in told
    assert "https://" not in told
    assert "@import" not in told
    assert set(re.findall(r"url\((.)", told)) == {"#"}


def test_every_table_is_named_and_its_heads_are_scoped() -> None:
    _, found = page()
    tables = found.all("table")
    assert len(tables) >= 12
    assert len(found.all("caption")) == len(tables)
    assert all(head.get("scope") in {"col", "row"} for head in found.all("th"))


def test_every_chart_is_named_described_and_stands_over_a_table() -> None:
    told, found = page()
    charts = list(found.all("svg"))
    assert len(charts) >= 10
    for one in charts:
        assert one["role"] == "img"
        named = (one["aria-labelledby"] or "").split()
        assert all(f'id="{name}"' in told for name in named)
    for chart in re.finditer("</svg>", told):
        assert "<table>" in told[chart.end() : chart.end() + 400]


def test_the_figures_are_those_of_the_workbook() -> None:
    told, found = page()
    assert headline(report()) in [" ".join(words.split()) for words in found.words["p"]]
    for row in level_rows(report()):
        start = [f"{row.officers}", tenths(row.fte), signed(row.against_today)]
        (cells,) = [r for r in found.rows if r[:3] == start]
        assert cells[4:9] == [
            month(row.not_before),
            whole(row.arms_overdue),
            whole(row.visits_overdue),
            whole(row.hours_lacking),
            tenths(row.posts_lacking),
        ]
        assert cells[9] == whole(row.bound)
    for one in scenario_rows(report()):
        assert whole(one.figures.exposure) in told or signed(one.figures.exposure) in told
    last = [r for r in month_rows(report()) if r.run == "Today"][-4:]
    assert whole(sum(r.arms_overdue for r in last)) in told


def test_every_section_is_there_and_the_same_each_time() -> None:
    told, found = page()
    keys = {a["id"] for a in found.all("h2")}
    assert keys == {
        "answer",
        "curve",
        "scenarios",
        "burn-down",
        "hours",
        "draws",
        "cheapest",
        "familiar",
        "assumptions",
    }
    assert told == page()[0]
    plain = staffing_page(report()).decode()
    assert 'id="draws"' not in plain
    assert "25% (20% to 31%)" in told
    assert "£63,000" in told
    assert "None clears" in told


def test_every_assumption_has_its_source_and_date() -> None:
    _, found = page()
    (start,) = [n for n, r in enumerate(found.rows) if r and r[0] == "What" and "Source" in r]
    rows = found.rows[start + 1 :]
    assert len(rows) > 40
    assert all(r[4] and r[5] and r[6] in {"Yes", "No"} for r in rows)


def test_what_comes_from_the_register_is_text_and_stays_text() -> None:
    told, found = page(HOSTILE)
    assert HOSTILE not in told
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; " in told
    assert not found.all("script")
    assert not found.all("b")
    assert any(HOSTILE in cell for row in found.rows for cell in row)
    assert found.open == []


def test_no_person_stands_in_it() -> None:
    told, _ = page()
    for one in report().register.offenders:
        assert one.ref not in told
    for officer in report().register.officers:
        assert officer.staff_id not in told


def test_the_marking_prints_on_every_page() -> None:
    told, _ = page()
    marking = report().register.marking
    assert marking in told
    escaped = re.search(r'@top-center \{ content: "([^"]*)"', told)
    assert escaped is not None
    shown = re.sub(r"\\([0-9a-f]+) ", lambda m: chr(int(m[1], 16)), escaped[1])
    assert shown == marking


# --- charts ---------------------------------------------------------------------------------------

FRAME = Frame(key="k", title='A "title" <b>', says="What & what", across="Across", up="Up")


@pytest.mark.parametrize(
    "chart",
    [
        line_chart(FRAME, ["1", "2"], [Line("A <x>", [1.0, None]), Line("B", [0.0, 2.0])]),
        line_chart(FRAME, [], []),
        line_chart(
            FRAME,
            ["1", "2", "3"],
            [Line("A", [3.0, 2.0, 0.0], is_about=True)],
            places=[Place(1, "Here")],
            shaded=Stretch(0, 2, "No"),
        ),
        stacked_chart(FRAME, ["a", "b"], [Layer(f"L{n}", [1.0, 0.0]) for n in range(4)]),
        stacked_chart(FRAME, ["a"], [Layer("L", [0.0])]),
        band_chart(FRAME, ["a"], [Area("W", [0.0], [1.0])], Line("M", [0.5])),
        band_chart(
            FRAME, ["a"], [Area("W", [0.0], [4.0]), Area("N", [1.0], [2.0])], Line("M", [1.5])
        ),
        tornado_chart(
            FRAME, 5.0, [Swing("A & b", 3.0, 9.0, "1", "2"), Swing("C", 5.0, 5.0, "1", "2")]
        ),
    ],
)
def test_a_chart_is_sound_and_says_what_it_is(chart: str) -> None:
    root = ElementTree.fromstring(chart)
    assert root.attrib["role"] == "img"
    assert root[0].text == FRAME.title
    assert root[1].text == FRAME.says
    words = [e.text for e in root.iter() if e.tag == "text"]
    assert all(words)
    for one in root.iter():
        for name, value in one.attrib.items():
            if name in {"x", "y", "cx", "cy", "x1", "x2", "y1", "y2"}:
                assert -20 <= float(value) <= 800
            if name in {"width", "height"}:
                assert float(value) >= 0


@pytest.mark.parametrize(
    ("highest", "lowest", "last"),
    [(0.0, 0.0, 1e-9), (1.0, 0.0, 1.0), (99.0, 0.0, 100.0), (4000.0, 0.0, 4000.0), (7.0, 5.0, 7.0)],
)
def test_ticks_reach_the_highest(highest: float, lowest: float, last: float) -> None:
    found = ticks(highest, lowest)
    assert found[-1] >= highest
    assert found[0] <= lowest
    assert 2 <= len(found) <= 8
    assert found[-1] == pytest.approx(last, abs=1)


def test_numbers_and_names() -> None:
    assert [number(n) for n in (0.25, 10.0, 1500.0)] == ["0.25", "10", "1,500"]
    assert [whole(-0.2), tenths(-0.04), signed(-0.4), signed(3.0)] == ["0", "0.0", "0", "+3"]
    assert [signed(-1200.0), signed_tenths(-0.26)] == ["\N{MINUS SIGN}1,200", "\N{MINUS SIGN}0.3"]
    assert [shortened("abcdef", 6), shortened("abc defg", 5)] == ["abcdef", "abc…"]
