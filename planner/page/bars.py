"""Charts of bars: what is overdue by risk level, hours, and what each assumption swings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from planner.page.svg import (
    GRID,
    INK,
    LEFT,
    LETTER,
    NAVY,
    ORANGE,
    QUIET,
    SERIES,
    WIDTH,
    Frame,
    Plot,
    Scale,
    canvas,
    element,
    key_row,
    number,
    shortened,
    text,
    ticks,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

_ROW = 30


class Box(NamedTuple):
    """A rectangle's place and size."""

    x: float
    y: float
    width: float
    height: float


_IN_KEY = Box(0, -7, 30, 14)


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of stacked bars: its height at each place."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Swing:
    """One assumption's range: a figure at its low end and at its high end, with these named."""

    name: str
    at_low: float
    at_high: float
    low: str
    high: str


def stacked_chart(frame: Frame, labels: Sequence[str], layers: Sequence[Layer]) -> Markup:
    """Bars of up to four layers, the first at the foot, each with a colour and a hatch."""
    tops = [sum(layer.values[n] for layer in layers) for n in range(len(labels))]
    plot = Plot(frame, labels, max([*tops, 1.0]))
    parts = [_hatches(frame.key), plot.axes()]
    width = plot.step * 0.74
    for place in range(len(labels)):
        foot = 0.0
        for n, layer in enumerate(layers):
            value = max(0.0, layer.values[place])
            if value > 0:
                x, y = plot.across(place) - width / 2, plot.up(foot + value)
                parts.append(_block(frame.key, n, Box(x, y, width, plot.up(foot) - y)))
            foot += value
    parts.append(key_row((_block(frame.key, n, _IN_KEY), one.name) for n, one in enumerate(layers)))
    return canvas(frame, *parts)


def _block(key: str, number_of: int, at: Box) -> Markup:
    box: dict[str, object] = at._asdict()
    solid = element("rect", **box, fill=SERIES[number_of % 4], stroke="#ffffff")
    if number_of % 4 == 0:
        return solid
    return solid + element("rect", **box, fill=f"url(#{key}-hatch-{number_of % 4})")


def _hatches(key: str) -> Markup:
    lines = {1: "M0 8L8 0", 2: "M0 4H8", 3: "M4 0V8"}
    return element(
        "defs",
        *(
            element(
                "pattern",
                element("path", d=data, stroke="#ffffff", stroke_width=1.4, fill="none"),
                id=f"{key}-hatch-{n}",
                width=8,
                height=8,
                patternUnits="userSpaceOnUse",
            )
            for n, data in lines.items()
        ),
    )


def tornado_chart(frame: Frame, middle: float, swings: Sequence[Swing]) -> Markup:
    """One bar an assumption, from its low end's figure to its high end's, around the middle's."""
    found = [middle, *(v for one in swings for v in (one.at_low, one.at_high))]
    marks = ticks(max(found), min(found))
    left, right, top = 270, WIDTH - 60, 52
    foot = top + _ROW * len(swings)
    scale = Scale(marks[0], marks[-1], left, right)
    parts = [text(frame.across, (left + right) / 2, foot + 42, fill=QUIET, text_anchor="middle")]
    for mark in marks:
        x = scale(mark)
        parts.append(element("line", x1=x, x2=x, y1=top, y2=foot, stroke=GRID))
        parts.append(text(number(mark), x, foot + 20, text_anchor="middle"))
    parts.append(_hatches(frame.key))
    for n, one in enumerate(swings):
        y = top + n * _ROW + 5
        name = shortened(one.name, int((left - 40) / LETTER))
        parts.append(text(name, left - 40, y + 14, text_anchor="end"))
        parts += _ends(frame.key, scale, middle, one, y)
    x = scale(middle)
    parts.append(element("line", x1=x, x2=x, y1=top - 4, y2=foot, stroke=INK, stroke_width=2))
    keys = [
        (_end(frame.key, False, _IN_KEY), "at its low end"),
        (_end(frame.key, True, _IN_KEY), "at its high end"),
    ]
    parts.append(key_row(keys, x=LEFT))
    return canvas(replace(frame, height=foot + 54), *parts)


def _ends(key: str, scale: Scale, middle: float, one: Swing, y: float) -> list[Markup]:
    parts = []
    for is_high, value, words in ((False, one.at_low, one.low), (True, one.at_high, one.high)):
        start, end = sorted((scale(middle), scale(value)))
        parts.append(_end(key, is_high, Box(start, y, max(end - start, 1.0), _ROW - 10)))
        is_left = scale(value) < scale(middle) or (value == middle and not is_high)
        x = start - 5 if is_left else end + 5
        anchor = "end" if is_left else "start"
        parts.append(text(words, x, y + 14, text_anchor=anchor, font_size=12, class_="halo"))
    return parts


def _end(key: str, is_high: bool, at: Box) -> Markup:
    box: dict[str, object] = at._asdict()
    solid = element("rect", **box, fill=ORANGE if is_high else NAVY)
    return solid + element("rect", **box, fill=f"url(#{key}-hatch-1)") if is_high else solid
