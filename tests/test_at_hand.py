"""What a run's folder keeps ready for questions: the same answers, and none that is not proved."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner.cli import app
from planner.commands.at_hand import FILE, at_hand_bytes, read_at_hand
from planner.commands.plan_and_register import read_plan_and_register
from planner.commands.plan_register import PLAN_BOOK
from planner.domain.register import AgreedHours, Bar, Register
from planner.domain.terms import Duty
from planner.errors import InputError
from planner.history.faults import BadContentError
from planner.history.issued_json import canonical
from planner.history.register_json import register_told, told_register
from planner.workbooks.manifest import MANIFEST, read_manifest, sha256
from planner.workbooks.register_read import read_register
from tests.build import nasty_register

CLI = CliRunner()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of 100 people, its plan, and the plan rolled on with a decision, beside it."""
    there = tmp_path_factory.mktemp("at_hand")
    register = str(there / "register.xlsx")
    for command in (
        ["sample", register, "--offenders", "100", "--officers", "5"],
        ["plan", register, "--out", str(there / "plan"), "--effort", "quick"],
    ):
        done = CLI.invoke(app, [*command, "--quiet"])
        assert done.exit_code == 0, done.output
    return there


@pytest.fixture
def unit(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "unit"))


def kept(unit: Path) -> Path:
    """The file that is kept."""
    plan = unit / "plan"
    return plan / "runs" / str(read_manifest(plan)["run"]) / FILE


def asked(unit: Path, *options: str) -> Any:
    question = ["recommend", str(unit / "plan"), "--risk-level", "High", "--json", "--quiet"]
    question += ["--team", read_register(unit / "register.xlsx").register.teams[0], *options]
    done = CLI.invoke(app, question)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def is_quick(unit: Path, register: Path | None = None) -> bool:
    """Whether the question is answered without reading either workbook."""
    said: list[str] = []
    read_plan_and_register(unit / "plan", register, said.append)
    return said == ["Reading the plan"]


def test_the_answers_are_those_of_the_workbooks(unit: Path) -> None:
    quick, explained = asked(unit), explain(unit)
    assert is_quick(unit)
    kept(unit).unlink()
    assert not is_quick(unit)
    assert_same(quick, asked(unit))
    assert_same(explained, explain(unit))


def explain(unit: Path) -> Any:
    ref = next(o.ref for o in read_register(unit / "register.xlsx").register.offenders if o.som)
    done = CLI.invoke(app, ["explain", str(unit / "plan"), ref, "--json", "--quiet"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def assert_same(one: Any, other: Any) -> None:
    """Equal, figures to 12 digits: a workbook holds no more than 16."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one:
            assert_same(one[key], other[key])
    elif isinstance(one, list):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert_same(a, b)
    else:
        assert one == (pytest.approx(other, rel=1e-12) if isinstance(one, float) else other)


def test_an_edited_workbook_counts_as_it_stands(unit: Path) -> None:
    before = asked(unit)
    book = load_workbook(unit / "plan" / PLAN_BOOK)
    del book["Price of an hour"]
    book.save(unit / "plan" / PLAN_BOOK)
    assert not is_quick(unit)
    after = asked(unit)
    assert before["warnings"] != after["warnings"]


def test_the_register_must_be_the_plans_own(unit: Path) -> None:
    moved = unit / "moved.xlsx"
    own = unit / "register.xlsx"
    shutil.copy(own, moved)
    assert is_quick(unit, moved)
    book = load_workbook(moved)
    book["Staff"]["D4"] = "Somebody else"
    book.save(moved)
    assert not is_quick(unit, moved)
    assert asked(unit, "--register", str(moved))["same_register"] is False
    shutil.move(moved, own)
    with pytest.raises(InputError):
        is_quick(unit)


@pytest.mark.parametrize("what", ["changed", "cut short", "foreign", "of no manifest", "gone"])
def test_what_is_not_proved_is_passed_over(unit: Path, what: str) -> None:
    path, plan = kept(unit), unit / "plan"
    told = read_manifest(plan)
    if what == "changed":
        content = json.loads(gzip.decompress(path.read_bytes()))
        content["prices"] = []
        path.write_bytes(gzip.compress(canonical(content)))
    elif what == "cut short":
        path.write_bytes(path.read_bytes()[:-20])
    elif what == "foreign":
        path.write_bytes(gzip.compress(b'{"schema_version": 99}'))
        told["at_hand"] = sha256(path.read_bytes())
        (plan / MANIFEST).write_text(json.dumps(told))
    elif what == "of no manifest":
        del told["at_hand"]
        (plan / MANIFEST).write_text(json.dumps(told))
    else:
        path.unlink()
    assert read_at_hand(plan, PLAN_BOOK) is None
    assert not is_quick(unit)


def test_the_same_plan_made_again_keeps_what_it_has_at_hand(unit: Path) -> None:
    kept(unit).unlink()
    plan = ["plan", str(unit / "register.xlsx"), "--out", str(unit / "plan"), "--effort", "quick"]
    assert CLI.invoke(app, [*plan, "--quiet"]).exit_code == 0
    assert len(list((unit / "plan" / "runs").iterdir())) - 1 == 1  # besides the lock
    assert is_quick(unit)


def test_a_question_loads_no_heavy_library(unit: Path) -> None:
    """Whoever asks about one case waits for their answer."""
    code = (
        "import sys; from planner.cli import app; "
        f"app(['recommend', {str(unit / 'plan')!r}, '--ref', 'NOBODY', '--quiet'], "
        "standalone_mode=False)"
    )
    heavy = "('ortools', 'pandas', 'scipy', 'sqlalchemy', 'alembic', 'openpyxl', 'xlsxwriter')"
    checked = (
        "import sys, typer\n"
        "try:\n"
        f"    exec({code!r})\n"
        "except BaseException:\n"
        "    pass\n"
        "assert 'planner.recommend.recommendation' in sys.modules\n"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    out = subprocess.run(
        [sys.executable, "-c", checked], capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("seed", range(25))
def test_any_register_comes_back_as_it_was(seed: int) -> None:
    register = nasty_register(Random(seed))
    ref, month = register.offenders[0].ref, register.as_at.replace(day=1)
    more = Register(
        **{
            **{name: getattr(register, name) for name in register.__dataclass_fields__},
            "bars": (Bar(ref=ref, duty=Duty.ARMS, month=month, reason="away", by="DS"),),
            "agreed": (AgreedHours(team="North", month=month, hours=7.5),),
        }
    )
    for one in (register, more):
        assert told_register(json.loads(canonical(register_told(one)))) == one


def test_a_register_with_other_columns_is_refused() -> None:
    told = json.loads(canonical(register_told(nasty_register(Random(1)))))
    told["offenders"]["columns"][3] = "risk"
    with pytest.raises(BadContentError):
        told_register(told)
    with pytest.raises(BadContentError):
        told_register({})


def test_the_same_plan_always_keeps_the_same_bytes() -> None:
    register = nasty_register(Random(2))
    prices = {("North", 2): 1.5, ("North", 1): 0.25}
    assert at_hand_bytes(register, prices) == at_hand_bytes(register, dict(sorted(prices.items())))
