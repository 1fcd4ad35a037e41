"""File names for people's references: sound on every system, and no two the same.

Windows and macOS take two names for one where only the letter case differs, and refuse some
characters and words altogether.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 50
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com\d|lpt\d)( *\..*)?", re.IGNORECASE)
"""Names of devices: Windows opens those instead of a file, whatever the ending."""


def file_stems(names: Iterable[str]) -> dict[str, str]:
    """A file's name without its ending for each reference; the reference itself where it can be.

    Where characters had to give way, or another reference would have the same file, a fingerprint
    of the reference follows. What a reference gets depends on the others only where they clash.
    """
    asked = sorted(set(names))
    plain = {name: _sound(name) for name in asked}
    marked = {name for name in asked if plain[name] != name}
    while True:
        made = {
            name: f"{stem}-{_fingerprint(name)}" if name in marked else stem
            for name, stem in plain.items()
        }
        times = Counter(stem.casefold() for stem in made.values())
        clashing = {name for name in asked if times[made[name].casefold()] > 1} - marked
        if not clashing:
            return made
        marked |= clashing


def _sound(name: str) -> str:
    """The name with what files cannot have replaced, cut to a length that every system takes."""
    text = unicodedata.normalize("NFC", name)
    text = "".join(c if c.isalnum() or c in "-_. " else "_" for c in text)
    text = text[:_LONGEST].strip(" .") or "_"
    return f"_{text}" if _RESERVED.fullmatch(unicodedata.normalize("NFKC", text)) else text


def _fingerprint(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]
