"""Charts of lines: the curve, burn-downs side by side, bands of draws."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from planner.page.svg import (
    DASHES,
    INK,
    LEFT,
    MIDDLE,
    NAVY,
    PALE,
    SERIES,
    TOP,
    Frame,
    Plot,
    canvas,
    element,
    key_row,
    marker,
    path,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a value for each place, None where there is none. ``is_about``: not final."""

    name: str
    values: Sequence[float | None]
    is_about: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A place across that has a name, such as today's number of officers."""

    at: int
    words: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Places from ``first`` to ``last``, shaded, with words in it."""

    first: int
    last: int
    words: str


@dataclass(frozen=True, slots=True)
class Area:
    """Between two lines of values."""

    name: str
    lows: Sequence[float]
    highs: Sequence[float]


def line_chart(
    frame: Frame,
    labels: Sequence[str],
    lines: Sequence[Line],
    *,
    places: Sequence[Place] = (),
    shaded: Stretch | None = None,
) -> Markup:
    """Up to four lines, each with its own colour, dash and marker."""
    highest = max((v for one in lines for v in one.values if v is not None), default=0.0)
    plot = Plot(frame, labels, max(highest, 1.0))
    parts = [] if shaded is None else [_shade(plot, shaded)]
    parts.append(plot.axes())
    parts += [_place(plot, one) for one in places]
    parts += [] if shaded is None else [_shade_words(plot, shaded)]
    parts += [_line(plot, n, one) for n, one in enumerate(lines)]
    parts.append(key_row((_key(n), one.name) for n, one in enumerate(lines)))
    return canvas(frame, *parts)


def band_chart(
    frame: Frame,
    labels: Sequence[str],
    areas: Sequence[Area],
    line: Line,
    *,
    places: Sequence[Place] = (),
) -> Markup:
    """Areas, the widest first, and a line through them."""
    highest = max((v for one in areas for v in one.highs), default=0.0)
    plot = Plot(frame, labels, max(highest, 1.0))
    fills = (PALE, MIDDLE) if len(areas) > 1 else (MIDDLE,)
    parts = [_area(plot, one, fill) for one, fill in zip(areas, fills, strict=True)]
    parts += [plot.axes(), *(_place(plot, one) for one in places), _line(plot, 0, line)]
    keys = [(_key(0), line.name)]
    keys += [
        (element("rect", x=0, y=-6, width=30, height=12, fill=fill, stroke=NAVY), one.name)
        for one, fill in zip(areas, fills, strict=True)
    ]
    parts.append(key_row(keys))
    return canvas(frame, *parts)


def _line(plot: Plot, number: int, line: Line) -> Markup:
    colour, dash = SERIES[number % 5], DASHES[number % 5]
    runs: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(line.values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((plot.across(place), plot.up(value)))
    look = {"fill": "none", "stroke": colour, "stroke_width": 2.5, "stroke_dasharray": dash}
    if line.is_about:
        look |= {"stroke_dasharray": "1 5", "stroke_linecap": "round"}
    parts = [element("path", d=path(run), **look) for run in runs if len(run) > 1]
    if not line.is_about:
        parts += [marker(number, x, y, colour) for x, y in itertools.chain(*runs)]
    return Markup("").join(parts)


def _key(number: int) -> Markup:
    colour, dash = SERIES[number % 5], DASHES[number % 5]
    line = element(
        "line", x1=0, x2=30, y1=0, y2=0, stroke=colour, stroke_width=2.5, stroke_dasharray=dash
    )
    return line + marker(number, 15, 0, colour)


def _place(plot: Plot, place: Place) -> Markup:
    x = plot.across(place.at)
    is_right = x > (LEFT + plot.right) * 0.6
    line = element(
        "line", x1=x, x2=x, y1=TOP + 14, y2=plot.foot, stroke=INK, stroke_dasharray="4 3"
    )
    words = text(
        place.words,
        x + (-5 if is_right else 5),
        TOP + 22,
        text_anchor="end" if is_right else "start",
        class_="halo",
    )
    return line + words


def _shade(plot: Plot, shaded: Stretch) -> Markup:
    x = plot.across(shaded.first - 0.5)
    width = plot.across(shaded.last + 0.5) - x
    area = element("rect", x=x, y=TOP, width=width, height=plot.foot - TOP, fill="#f3e6ee")
    edge = element("line", x1=x + width, x2=x + width, y1=TOP, y2=plot.foot, stroke=SERIES[2])
    return area + edge


def _shade_words(plot: Plot, shaded: Stretch) -> Markup:
    """Beside the stretch, where lines are low; within it where there is no room."""
    edge = plot.across(shaded.last + 0.5)
    is_left = edge > plot.right - 7.4 * len(shaded.words)
    return text(
        shaded.words,
        edge + (-6 if is_left else 6),
        TOP + 44,
        fill=SERIES[2],
        text_anchor="end" if is_left else "start",
        font_weight="bold",
        class_="halo",
    )


def _area(plot: Plot, area: Area, fill: str) -> Markup:
    there = [(plot.across(n), plot.up(v)) for n, v in enumerate(area.highs)]
    back = [(plot.across(n), plot.up(v)) for n, v in enumerate(area.lows)]
    return element("path", d=path([*there, *reversed(back)], closed=True), fill=fill)
