"""Small pieces of inline SVG: elements, scales, axes, keys. Text is always escaped.

Colours are the Government Analysis Function's, in its order. A shape, a dash or a hatch always
goes with a colour, and each chart names itself and says in words what it shows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NAVY, TEAL, PLUM, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"
SERIES = (NAVY, ORANGE, PLUM, TEAL, "#3D3D3D")
DASHES = ("", "7 4", "2 3", "9 3 2 3", "14 3")
INK, QUIET, GRID = "#0b0c0c", "#484949", "#d6d9dc"
PALE, MIDDLE = "#cfe0f1", "#8eb8dc"
WIDTH, HEIGHT = 760, 290
LEFT, RIGHT, TOP, BOTTOM = 64, 18, 44, 52
_MOST_LABELS = 13
LETTER = 7.4
"""About the width of a letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a chart is called, says, and measures; ``key`` makes its ids the page's only ones.

    ``is_share``: upwards from 0 to 100%.
    """

    key: str
    title: str
    says: str
    across: str
    up: str
    height: int = HEIGHT
    is_share: bool = False


def element(tag: str, *inside: object, **attributes: object) -> Markup:
    """An element; what is inside is escaped unless it is an element already.

    ``stroke_width`` stands for ``stroke-width``, and ``class_`` for ``class``.
    """
    told = Markup("").join(
        Markup(' {}="{}"').format(name.rstrip("_").replace("_", "-"), _short(value))
        for name, value in attributes.items()
        if value is not None and value != ""
    )
    body = Markup("").join(escape(one) for one in inside)
    name = Markup(tag)
    return Markup("<{}{}>{}</{}>").format(name, told, body, name)


def _short(value: object) -> object:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value


def text(words: str, x: float, y: float, **attributes: object) -> Markup:
    """Words at a place."""
    return element("text", words, **{"x": x, "y": y, "fill": INK, "font_size": 13, **attributes})


def canvas(frame: Frame, *inside: object) -> Markup:
    """The whole chart, named and described for those who do not see it."""
    name, says = f"{frame.key}-name", f"{frame.key}-says"
    return element(
        "svg",
        element("title", frame.title, id=name),
        element("desc", frame.says, id=says),
        *inside,
        viewBox=f"0 0 {WIDTH} {frame.height}",
        role="img",
        aria_labelledby=f"{name} {says}",
        class_="chart",
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """From a value to a place on the page, evenly."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low
        share = (value - self.low) / span if span else 0.0
        return self.start + share * (self.end - self.start)


def ticks(highest: float, lowest: float = 0.0, about: int = 5) -> list[float]:
    """Round numbers from ``lowest`` or below to ``highest`` or above."""
    span = max(highest - lowest, 1e-9)
    step = 10.0 ** math.floor(math.log10(span / about))
    step *= next((m for m in (1, 2, 2.5, 5, 10) if span / (step * m) <= about), 10)
    first, last = math.floor(lowest / step + 1e-9), math.ceil(highest / step - 1e-9)
    return [n * step for n in range(first, max(last, first + 1) + 1)]


def number(value: float) -> str:
    """A tick's label."""
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 10 else f"{value:g}"


class Plot:
    """The area between the axes: evenly spaced places across, a scale upwards from 0."""

    def __init__(self, frame: Frame, labels: Sequence[str], highest: float) -> None:
        self.frame, self.labels = frame, labels
        marks = [0.0, 0.25, 0.5, 0.75, 1.0] if frame.is_share else ticks(highest)
        self.marks = marks
        self.foot, self.right = frame.height - BOTTOM, WIDTH - RIGHT
        self.up = Scale(0.0, marks[-1], self.foot, TOP)
        self.step = (self.right - LEFT) / max(1, len(labels))

    def across(self, place: float) -> float:
        """The middle of a place, counted from 0."""
        return LEFT + (place + 0.5) * self.step

    def axes(self) -> Markup:
        """Grid lines with their values, labels below, and what both measure."""
        parts = [
            text(self.frame.up, 8, 16, fill=QUIET),
            text(
                self.frame.across,
                (LEFT + self.right) / 2,
                self.frame.height - 8,
                fill=QUIET,
                text_anchor="middle",
            ),
        ]
        for mark in self.marks:
            y = self.up(mark)
            stroke = INK if mark == 0 else GRID
            parts.append(element("line", x1=LEFT, x2=self.right, y1=y, y2=y, stroke=stroke))
            label = f"{mark:.0%}" if self.frame.is_share else number(mark)
            parts.append(text(label, LEFT - 8, y + 4.5, text_anchor="end"))
        every = math.ceil(len(self.labels) / _MOST_LABELS)
        for place, label in enumerate(self.labels):
            if place % every == 0:
                x = self.across(place)
                parts.append(text(label, x, self.foot + 19, text_anchor="middle"))
        return Markup("").join(parts)


def key_row(entries: Iterable[tuple[Markup, str]], x: float = LEFT, y: float = 33) -> Markup:
    """What each mark stands for, side by side; a mark is drawn around 0, 0 and is 30 wide.

    Long names are cut so that all find room; the table has them whole.
    """
    parts, found = [], list(entries)
    room = int(((WIDTH - x) / max(1, len(found)) - 57) / LETTER)
    for mark, name in found:
        words = shortened(name, room)
        parts.append(element("g", mark, transform=f"translate({x:.0f} {y:.0f})"))
        parts.append(text(words, x + 37, y + 4.5))
        x += 37 + LETTER * len(words) + 20
    return Markup("").join(parts)


def shortened(name: str, most: int) -> str:
    """A name of so many letters at most."""
    return name if len(name) <= most else f"{name[: max(1, most - 1)].rstrip()}…"


def marker(number_of: int, x: float, y: float, colour: str) -> Markup:
    """A dot, a square, a diamond, a triangle or a cross, by the series' number."""
    shape = number_of % 5
    if shape == 4:
        arms = f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8"
        return element("path", d=arms, stroke=colour, stroke_width=2.5)
    if shape == 0:
        return element("circle", cx=x, cy=y, r=4, fill=colour)
    if shape == 1:
        return element("rect", x=x - 3.7, y=y - 3.7, width=7.4, height=7.4, fill=colour)
    if shape == 2:
        points = [(0, -5.4), (5.4, 0), (0, 5.4), (-5.4, 0)]
    else:
        points = [(0, -5), (5, 4), (-5, 4)]
    told = " ".join(f"{x + a:.1f},{y + b:.1f}" for a, b in points)
    return element("polygon", points=told, fill=colour)


def path(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """A path's data through some points."""
    told = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f"M{told}{'Z' if closed else ''}" if told else ""
