"""Looks at a file before any library opens it: what it is, and whether it is safe to unpack."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from openpyxl.utils import column_index_from_string

if TYPE_CHECKING:
    from planner.workbooks.register_findings import SheetLog

MAX_UNPACKED = 300_000_000
"""Bytes. A register of 70,000 people unpacks to about 80 million."""

MAX_RATIO = 200
"""Unpacked to packed size, of a part above a million bytes. Honest sheets stay below 60."""

MAX_PARTS = 5_000
MAX_CELLS = 5_000_000
MAX_RANGE_CELLS = 1_000_000
"""Cells in merged or linked ranges: openpyxl makes every one of them."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 1 << 20
_OVERLAP = 512
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_RANGE = re.compile(
    rb"<(?:\w+:)?(?:mergeCell|hyperlink)\s[^>]*?\bref=.\$?([A-Z]{1,3})\$?(\d{1,7})"
    rb":\$?([A-Z]{1,3})\$?(\d{1,7})"
)


def guard(data: bytes, log: SheetLog, most_cells: int | None = None) -> bool:
    """Whether the bytes are a workbook that can be opened safely; if not, the log says why."""
    if not data:
        log.fault("not-a-workbook", "The file is empty.", "Save the register again as .xlsx.")
        return False
    if data.startswith(_OLE):
        _refuse_ole(data, log)
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _is_sound(archive, log, most_cells or MAX_CELLS)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        log.fault(
            "not-a-workbook",
            "The file is not an Excel workbook, or it is damaged.",
            "Open it in Excel and save it as .xlsx; for CSV, name the folder that holds the files.",
        )
        return False


def _refuse_ole(data: bytes, log: SheetLog) -> None:
    if _ENCRYPTED in data:
        log.fault(
            "password",
            "The workbook is protected by a password, so it cannot be read.",
            "In Excel take the password off (File, Info, Protect Workbook) and save a copy.",
        )
    else:
        log.fault(
            "old-format",
            "The file is in the old .xls format, which loses rows above 65,536.",
            "Open it in Excel and save it as .xlsx.",
        )


def _is_sound(archive: zipfile.ZipFile, log: SheetLog, most_cells: int) -> bool:
    parts = archive.infolist()
    names = {part.filename.casefold() for part in parts}
    if "xl/workbook.xml" not in names:
        log.fault(
            "not-a-workbook",
            "The file is not an .xlsx workbook (an .xlsb or .ods file, perhaps).",
            "Open it in Excel and save it as .xlsx.",
        )
        return False
    if _too_large(parts, log):
        return False
    if any(name.endswith("vbaproject.bin") for name in names):
        log.warn(
            "macros",
            "The workbook holds macros. They are not run; only its cells are read.",
            "Save it as .xlsx to leave the macros out.",
        )
    return _contents_are_safe(archive, parts, log, most_cells)


def _too_large(parts: list[zipfile.ZipInfo], log: SheetLog) -> bool:
    unpacked = sum(part.file_size for part in parts)
    bomb = any(
        part.file_size > 1_000_000 and part.file_size > MAX_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if unpacked <= MAX_UNPACKED and len(parts) <= MAX_PARTS and not bomb:
        return False
    log.fault(
        "too-large",
        f"The workbook unpacks to {unpacked:,} bytes in {len(parts):,} parts, more than any "
        "register needs, so it was not opened.",
        "Copy the register's sheets, values only, into a new workbook.",
    )
    return True


def _contents_are_safe(
    archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], log: SheetLog, most_cells: int
) -> bool:
    """Read every XML part once, in pieces, for what must not reach a parser."""
    cells = ranges = 0
    for part in parts:
        if not part.filename.casefold().endswith((".xml", ".rels")):
            continue
        with archive.open(part) as stream:
            tail = b""
            while chunk := stream.read(_CHUNK):
                piece = tail + chunk
                odd = not tail and b"\0" in chunk[:4]
                if odd or (b"<!" in piece and _DECLARATION.search(piece)):
                    _refuse_declaration(part.filename, log)
                    return False
                cells += chunk.count(b"<c ") + chunk.count(b":c ")
                ranges += _range_cells(tail, chunk)
                tail = (tail + chunk)[-_OVERLAP:]
    if cells > most_cells or ranges > MAX_RANGE_CELLS:
        log.fault(
            "too-large",
            f"The workbook holds {max(cells, ranges):,} cells, counting empty formatted and merged "
            "ones, more than any register needs, so it was not opened.",
            "Delete the empty formatted rows and columns, or copy the values into a new workbook.",
        )
        return False
    return True


def _range_cells(tail: bytes, chunk: bytes) -> int:
    """Cells in the merged or linked ranges that end in this piece."""
    piece = tail + chunk
    if b"mergeCell" not in piece and b"hyperlink" not in piece:
        return 0
    total = 0
    for match in _RANGE.finditer(piece):
        if match.end() <= len(tail):
            continue  # counted with the piece before
        left, top, right, bottom = (part.decode() for part in match.groups())
        wide = column_index_from_string(right) - column_index_from_string(left) + 1
        total += max(wide, 1) * max(int(bottom) - int(top) + 1, 1)
    return total


def _refuse_declaration(part: str, log: SheetLog) -> None:
    log.fault(
        "unsafe-xml",
        f"Part {part} of the workbook declares XML entities or is oddly encoded, which Excel never "
        "writes and which can be used to do harm, so it was not opened.",
        "Ask where the file comes from; copy the values into a new workbook made by Excel.",
    )
