"""The commands as a person types them: exit codes, what is written, what is not."""

from __future__ import annotations

import json
import re
import stat
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from planner.cli import app

ROOT = Path(__file__).parent.parent
RUN = CliRunner()
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("register") / "register.xlsx"
    done = RUN.invoke(app, ["sample", str(path), "--offenders", "150", "--officers", "2"])
    assert done.exit_code == 0, done.output
    return path


@pytest.fixture(scope="module")
def planned(register: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("planned") / "out"
    done = RUN.invoke(app, ["plan", str(register), "--out", str(out), "--effort", "quick"])
    assert done.exit_code == 0, done.output
    return out


def test_a_plan_is_written_with_its_manifest_last_and_for_its_owner_only(planned: Path) -> None:
    files = [path for path in planned.rglob("*") if path.is_file()]
    names = {path.relative_to(planned).as_posix() for path in files}
    assert {"manifest.json", "plan.xlsx", "workload.xlsx", "officers/SOM-01.xlsx"} < names
    manifest = json.loads((planned / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["accepted"] is True
    assert 0 <= manifest["gap"] < 1
    if sys.platform != "win32":
        for path in planned.rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_the_same_register_gives_the_same_bytes(
    register: Path, planned: Path, tmp_path: Path
) -> None:
    done = RUN.invoke(app, ["plan", str(register), "--out", str(tmp_path), "--effort", "quick"])
    assert done.exit_code == 0
    assert (tmp_path / "plan.xlsx").read_bytes() == (planned / "plan.xlsx").read_bytes()


def test_verify_accepts_what_was_planned(register: Path, planned: Path) -> None:
    done = RUN.invoke(app, ["verify", str(planned), "--register", str(register)])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Accepted.")
    assert "Judging" in done.stderr


def test_quiet_says_nothing_on_standard_error(
    register: Path, planned: Path, tmp_path: Path
) -> None:
    for arguments in (
        ["check", str(register)],
        ["verify", str(planned), "--register", str(register)],
        ["sample", str(tmp_path / "s.xlsx"), "--offenders", "20", "--officers", "2"],
        ["template", str(tmp_path / "t.xlsx")],
    ):
        done = RUN.invoke(app, [*arguments, "--quiet"])
        assert (done.exit_code, done.stderr) == (0, ""), arguments


@pytest.mark.parametrize(
    "command", sorted(c.callback.__name__ for c in app.registered_commands if c.callback)
)
def test_every_command_takes_quiet_and_json(command: str) -> None:
    name = "progress" if command == "progress_so_far" else command
    told = RUN.invoke(app, [name, "--help"]).stdout
    assert "--quiet" in told
    assert "--json" in told


def test_verify_rejects_an_edited_plan_with_5(
    register: Path, planned: Path, tmp_path: Path
) -> None:
    book = load_workbook(planned / "plan.xlsx")
    sheet = book["Schedule"]
    header = next(
        row for row in sheet.iter_rows() if any(cell.value == "Second officer" for cell in row)
    )
    place = {str(cell.value): number for number, cell in enumerate(header)}
    visit = next(
        row
        for row in sheet.iter_rows(min_row=int(header[0].row or 0) + 1)
        if row[place["Crew"]].value == 2 and row[place["Second officer"]].value
    )
    visit[place["Second officer"]].value = visit[place["SOM"]].value
    book.save(tmp_path / "plan.xlsx")
    done = RUN.invoke(app, ["verify", str(tmp_path), "--register", str(register), "--json"])
    assert done.exit_code == 5
    broken = [r["rule"] for r in json.loads(done.stdout)["rules"] if r["broken"]]
    assert 9 in broken


def test_an_unusable_register_ends_with_3_and_writes_nothing(tmp_path: Path) -> None:
    faulty = tmp_path / "empty.xlsx"
    assert RUN.invoke(app, ["template", str(faulty)]).exit_code == 0
    out = tmp_path / "out"
    for arguments in (["check", str(faulty)], ["plan", str(faulty), "--out", str(out)]):
        assert RUN.invoke(app, arguments).exit_code == 3
    assert not out.exists()


def test_a_missing_register_ends_with_3(tmp_path: Path) -> None:
    assert RUN.invoke(app, ["check", str(tmp_path / "none.xlsx")]).exit_code == 3


def test_a_wrong_command_line_ends_with_2(tmp_path: Path) -> None:
    assert RUN.invoke(app, ["plan"]).exit_code == 2
    both = ["sample", str(tmp_path / "s.xlsx"), "--backlog", "5", "--completed", "0.5"]
    assert RUN.invoke(app, both).exit_code == 2


def test_a_folder_that_cannot_be_made_ends_with_6(register: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    out = tmp_path / "file" / "out"
    assert RUN.invoke(app, ["plan", str(register), "--out", str(out)]).exit_code == 6


def test_json_is_all_there_is_on_standard_output(register: Path, tmp_path: Path) -> None:
    arguments = ["plan", str(register), "--out", str(tmp_path), "--effort", "quick", "--json"]
    done = RUN.invoke(app, arguments)
    told = json.loads(done.stdout)
    assert told["accepted"] is True
    assert len(told["backlog_by_month"]) == 18
    assert told["bound"] <= told["cost"]


def test_progress_names_nobody(register: Path, tmp_path: Path) -> None:
    book = load_workbook(register)
    refs = {str(row[0].value) for row in book["Offenders"].iter_rows(min_row=2)}
    done = RUN.invoke(app, ["plan", str(register), "--out", str(tmp_path), "--effort", "quick"])
    assert refs
    assert not any(re.search(rf"\b{re.escape(ref)}\b", done.output) for ref in refs)


@pytest.mark.parametrize(
    ("name", "options"),
    [("sample.xlsx", []), ("sample-36-percent.xlsx", ["--completed", "0.36"])],
)
def test_the_samples_kept_are_what_the_command_makes(
    name: str, options: list[str], tmp_path: Path
) -> None:
    made = tmp_path / name
    assert RUN.invoke(app, ["sample", str(made), *options]).exit_code == 0
    assert made.read_bytes() == (ROOT / "data" / name).read_bytes()


def test_the_readme_names_every_command_and_no_other() -> None:
    named = set(re.findall(r"^\| `planner (\w+)", README, flags=re.MULTILINE))
    commands = [(c.name, c.callback) for c in app.registered_commands]
    there = {name or callback.__name__ for name, callback in commands if callback}
    assert named == there


def test_the_readme_gives_every_exit_code() -> None:
    for code in ("0 done", "2 wrong", "3 the input", "4 no plan", "5 the verifier", "6 the output"):
        assert code in README
