"""A plan's register and its prices, kept ready in the run's folder: a question is answered at once.

The truth stays where it was. What is kept counts only where the manifest proves that it belongs to
the plan workbook as it stands and to the register as it was planned with; else both are read.
"""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.errors import InputError
from planner.history.issued_json import canonical
from planner.history.register_json import register_told, told_register
from planner.history.run_folder import read_issued, run_folder
from planner.workbooks.manifest import AT_HAND, read_manifest, sha256

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planner.domain.register import Register
    from planner.domain.written import WrittenPlan

FILE = "at_hand.json.gz"
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """``register`` is with all that the plan had taken over; ``prices`` as in the workbook.

    ``written`` has no Run sheet.
    """

    written: WrittenPlan
    register: Register
    prices: Mapping[tuple[str, int], float]


def at_hand_bytes(register: Register, prices: Mapping[tuple[str, int], float]) -> bytes:
    """What is kept of a plan; ``prices`` of an hour by team and month number."""
    told = {
        "schema_version": SCHEMA_VERSION,
        "register": register_told(register),
        "prices": [[team, month, price] for (team, month), price in sorted(prices.items())],
    }
    return gzip.compress(canonical(told), compresslevel=6, mtime=0)


def read_at_hand(folder: Path, plan_book: str) -> AtHand | None:
    """What is kept of the plan in a folder; None where it is not proved to be that workbook's."""
    try:
        manifest = read_manifest(folder)
        run_id, proof = str(manifest["run"]), manifest[AT_HAND]
        if manifest["outputs"][plan_book] != sha256((folder / plan_book).read_bytes()):
            return None
        packed = (run_folder(folder, run_id) / FILE).read_bytes()
        if sha256(packed) != proof:
            return None
        told = json.loads(gzip.decompress(packed))
        if told["schema_version"] != SCHEMA_VERSION:
            return None
        return AtHand(
            written=read_issued(folder, run_id).plan.written,
            register=told_register(told["register"]),
            prices={(team, month): price for team, month, price in told["prices"]},
        )
    except (InputError, OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
        return None
