"""How our workbooks look, in one place: fonts, colours, number formats, page set-up.

Colours are the Government Analysis Function's for charts and GOV.UK's for text; status fills are
the set that stays apart under colour blindness. A fill never stands alone: a word says the same.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, ClassVar

Workbook = Any
Worksheet = Any
Format = Any
Chart = Any
"""XlsxWriter carries no types; these names say which of its objects is meant."""

INK = "#0b0c0c"
WHITE = "#ffffff"
BORDER = "#cecece"
NAVY = "#12436D"
TEAL = "#28A197"
PLUM = "#801650"
ORANGE = "#F46A25"
CHARCOAL = "#3D3D3D"
MID_BLUE = "#2073BC"
PALE_BLUE = "#6BACE6"

LATE: dict[str, object] = {"font_color": "#ca3535", "bold": True}
OVERDUE: dict[str, object] = {"bg_color": "#ca3535", "font_color": WHITE, "bold": True}
DUE_SOON: dict[str, object] = {"bg_color": "#ffdd00", "font_color": INK}
BOOKED: dict[str, object] = {"bg_color": "#8eb8dc", "font_color": INK}

EDITABLE: dict[str, object] = {"bg_color": "#fff6cc", "text_wrap": True}
EDITABLE_HEADER: dict[str, object] = {"bg_color": "#ffdd00", "font_color": INK}
NOT_FOR_THIS_ROW: dict[str, object] = {"bg_color": "#d9d9d9"}
SECOND_BAND: dict[str, object] = {"bg_color": "#edf3f9"}

LINES = {"border": 1, "border_color": BORDER}

FONT = {"font_name": "Arial", "font_size": 10, "font_color": INK}

A4 = 9


class Kind(Enum):
    """What a column holds; ``value`` is its number format."""

    TEXT = "@"
    PARAGRAPH = "General"
    WHOLE = "#,##0"
    HOURS = "#,##0.0"
    NUMBER = "#,##0.00"
    SIGNED = "+#,##0;-#,##0;0"
    SHARE = "0%"
    DATE = "dd/mm/yyyy"
    MONTH = "mmm yyyy"
    MIXED = "@@"


class Theme:
    """Formats of one workbook, each made once."""

    HEADER: ClassVar[dict[str, object]] = {
        "bold": True,
        "font_color": WHITE,
        "bg_color": NAVY,
        "border": 1,
        "border_color": BORDER,
        "text_wrap": True,
        "valign": "vcenter",
    }

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def style(self, **properties: object) -> Format:
        """A cell format on top of the house font."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format({**FONT, **properties})
        return self._made[key]

    @staticmethod
    def look(kind: Kind) -> dict[str, object]:
        """The properties of a kind of value."""
        return dict(_COLUMN[kind])

    def column(self, kind: Kind) -> Format:
        """The format that a whole column's cells take. No border: it would run down the sheet."""
        return self.style(**_COLUMN[kind])

    def cell(self, kind: Kind, *, editable: bool = False) -> Format:
        """The format of a cell in a table: as its column, with thin lines around."""
        return self.style(**{**_COLUMN[kind], **LINES, **(EDITABLE if editable else {})})

    def change(self, **properties: object) -> Format:
        """A conditional format: only what it changes."""
        return self._workbook.add_format(properties)

    @property
    def title(self) -> Format:
        return self.style(bold=True, font_size=14, font_color=NAVY)

    @property
    def marking(self) -> Format:
        return self.style(bold=True)

    @property
    def note(self) -> Format:
        return self.style()

    def header(self, kind: Kind, *, editable: bool = False) -> Format:
        """A header: where its column's values stand, clear of the filter button."""
        is_text = kind in {Kind.TEXT, Kind.PARAGRAPH, Kind.MIXED}
        place = {"align": "left", "indent": 1} if is_text else {"align": "center"}
        return self.style(**{**self.HEADER, **place, **(EDITABLE_HEADER if editable else {})})


_LEFT: dict[str, object] = {"valign": "top", "align": "left", "indent": 1}
_RIGHT: dict[str, object] = {"valign": "top", "align": "right", "indent": 1}
_CENTRE: dict[str, object] = {"valign": "top", "align": "center"}

_COLUMN: dict[Kind, dict[str, object]] = {
    Kind.TEXT: {**_LEFT, "num_format": Kind.TEXT.value},
    Kind.PARAGRAPH: {**_LEFT, "text_wrap": True, "quote_prefix": True},
    Kind.WHOLE: {**_RIGHT, "num_format": Kind.WHOLE.value},
    Kind.HOURS: {**_RIGHT, "num_format": Kind.HOURS.value},
    Kind.NUMBER: {**_RIGHT, "num_format": Kind.NUMBER.value},
    Kind.SIGNED: {**_RIGHT, "num_format": Kind.SIGNED.value},
    Kind.SHARE: {**_RIGHT, "num_format": Kind.SHARE.value},
    Kind.DATE: {**_CENTRE, "num_format": Kind.DATE.value},
    Kind.MONTH: {**_CENTRE, "num_format": Kind.MONTH.value},
    Kind.MIXED: _LEFT,
}


def set_up_page(sheet: Worksheet, title: str, marking: str, footer: str) -> None:
    """A4 landscape, one page wide, marked at head and foot of every page, pages counted."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.75)
    sheet.fit_to_pages(1, 0)
    mark, name, foot = (_escaped(text) for text in (marking, title, footer))
    sheet.set_header(
        f'&L&"Arial,Regular"&9{name}&C&"Arial,Bold"&10{mark}&R&"Arial,Regular"&9{foot}'
    )
    sheet.set_footer(f'&C&"Arial,Bold"&10{mark}&R&"Arial,Regular"&9Page &P of &N')


def _escaped(text: str) -> str:
    """Text for a page header, where ``&`` starts a code and at most 255 characters fit."""
    return text[:100].replace("&", "&&")
