"""``planner explore`` as a user starts and stops it, and the page beside the workbook."""

from __future__ import annotations

import json
import signal
import socket
import stat
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
from typer.testing import CliRunner

from planner.cli import app
from planner.page.explore.kept import Kept
from planner.page.explore.serve import serve
from planner.workbooks.register_write import register_workbook
from tests.page_build import unit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUN = CliRunner()


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "register.xlsx"
    path.write_bytes(register_workbook(unit()))
    return path


@contextmanager
def running(register: Path, *more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command at work, and the address it printed."""
    command = [sys.executable, "-m", "planner", "explore", str(register), "--no-browser", *more]
    with subprocess.Popen(
        [*command, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            told = ""
            assert process.stdout is not None
            while not told.rstrip().endswith("}"):
                line = process.stdout.readline()
                assert line, "it ended before it told its address"
                told += line
            yield process, json.loads(told)["address"]
        finally:
            process.kill()


@contextmanager
def entered(address: str) -> Iterator[httpx.Client]:
    base = address.split("/?", maxsplit=1)[0]
    with httpx.Client(base_url=base, headers={"origin": base}, timeout=60) as client:
        assert client.get(address, follow_redirects=True).status_code == 200
        yield client


def test_it_listens_here_only_and_stops_when_told(register: Path) -> None:
    with running(register) as (process, address):
        assert address.startswith("http://127.0.0.1:")
        with entered(address) as client:
            page = client.get("/").text
            assert "What if?" in page
            assert client.get("/scenarios.toml").text == ""
            wrong = {"rows": [{"row": 0, "lever": "officers", "value": "lots"}]}
            (fault,) = client.post("/answer", json=wrong).json()["faults"]
            assert (fault["row"], fault["field"]) == (0, "value")
            assert client.get("/nowhere").status_code == 404
            assert client.get("/answer").status_code == 405
            assert client.post("/stop", json={}).json() == {"stopped": True}
        assert process.wait(timeout=60) == 0
        assert process.stderr is not None
        told = process.stderr.read()
        assert address.split("token=")[1] not in told
        assert "Traceback" not in told


def test_ctrl_c_ends_it_in_order(register: Path) -> None:
    with running(register, "--quiet") as (process, _):
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_idle_ends_it_by_itself(register: Path) -> None:
    with running(register, "--quiet", "--idle-minutes", "0.03") as (process, _):
        assert process.wait(timeout=60) == 0


def test_scenarios_go_into_the_file_named(register: Path, tmp_path: Path) -> None:
    file = tmp_path / "what-if.toml"
    with (
        running(register, "--quiet", "--scenarios", str(file)) as (_, address),
        entered(address) as client,
    ):
        rows = [{"row": 0, "lever": "officers", "value": "2", "team": "Ash"}]
        answer = client.post("/keep", json={"rows": rows, "name": "Two", "note": ""}).json()
        assert answer["fault"] is None
        again = client.post("/keep", json={"rows": rows, "name": "two", "note": ""}).json()
        assert "already" in again["fault"]
        none = client.post("/keep", json={"rows": [], "name": "None"}).json()
        assert "No lever" in none["fault"]
        assert client.get("/scenarios.toml").text == file.read_text()
    assert '[scenario."Two"]' in file.read_text()
    out = tmp_path / "out"
    told = RUN.invoke(
        app,
        [
            *("staffing", str(register), "--out", str(out), "--scenario", str(file)),
            *("--no-plans", "--json", "--quiet"),
        ],
    )
    assert told.exit_code == 0
    assert {row["scenario"] for row in json.loads(told.stdout)["scenarios"]} == {"Two"}
    page = out / "staffing.html"
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert "Two" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("what", ["register", "scenarios"])
def test_what_cannot_be_used_ends_with_3(register: Path, tmp_path: Path, what: str) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("this is no scenario file")
    command = {
        "register": ["explore", str(bad)],
        "scenarios": ["explore", str(register), "--scenarios", str(bad)],
    }[what]
    assert RUN.invoke(app, [*command, "--no-browser", "--quiet"]).exit_code == 3


def test_whoever_comes_as_soon_as_the_address_is_told_is_let_wait() -> None:
    """However long the page takes to begin, nobody is turned away."""
    reached: list[str] = []

    def opened(address: str) -> None:
        port = int(address.split(":")[2].split("/")[0])
        with socket.create_connection(("127.0.0.1", port), timeout=10):
            reached.append(address)

    serve(unit(), Kept((), None), lambda *_: b"", idle_minutes=0.01, opened=opened)
    assert len(reached) == 1
