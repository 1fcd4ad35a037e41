"""The house in order: imports go down, each library in its place, nothing left over."""

import ast
from pathlib import Path

import pytest

from planner.domain.rules import Rule
from planner.verify.verifier import CHECKS

ROOT = Path(__file__).parent.parent / "planner"

FLOORS = {
    "__init__": 0,
    "errors": 1,
    "domain": 1,
    "files": 2,
    "workload": 2,
    "verify": 2,
    "sample": 2,
    "by_hand": 3,
    "levers": 3,
    "clashes": 3,
    "optimise": 3,
    "explain": 4,
    "history": 4,
    "progress": 4,
    "recommend": 5,
    "tables": 5,
    "review": 6,
    "staffing": 6,
    "roll": 7,
    "page": 8,
    "uncertainty": 7,
    "workbooks": 8,
    "commands": 9,
    "cli": 10,
    "__main__": 11,
}
"""A floor may use the floors below it; neighbours on one floor do not know each other."""

PLACES = {
    "ortools": {"optimise", "clashes"},  # clashes: the smallest set is a small exact solve
    "openpyxl": {"workbooks"},
    "xlsxwriter": {"workbooks"},
    "python_calamine": {"workbooks"},
    "typer": {"cli"},
    "sqlalchemy": {"history"},
    "alembic": {"history"},
    "psycopg": {"history"},
    "filelock": {"files"},
    "jinja2": {"page"},
    "markupsafe": {"page"},
    "starlette": {"page"},
    "uvicorn": {"page"},
    "joblib": {"uncertainty"},
    "distributed": {"uncertainty"},
    "holidays": {"workload", "verify", "tables", "workbooks"},
}
"""Where each outside library may be used."""

FILES = sorted(ROOT.rglob("*.py"))


def own_floor(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Every module a file imports, also inside functions and for types only."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_only_go_down(path: Path) -> None:
    own = own_floor(path)
    for module in imported(path):
        if not module.startswith("planner."):
            continue
        used = module.split(".")[1]
        if used != own and not (own == "domain" and used == "errors"):
            allowed = FLOORS[used] < FLOORS[own] or (own, used) == ("errors", "domain")
            assert allowed, f"{own} must not import {used}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_each_library_stays_in_its_place(path: Path) -> None:
    for module in imported(path):
        places = PLACES.get(module.split(".")[0])
        assert places is None or own_floor(path) in places, f"{module} is not for {path}"


def test_the_verifier_shares_nothing_with_the_model() -> None:
    for path in (ROOT / "verify").glob("*.py"):
        used = {m.split(".")[1] for m in imported(path) if m.startswith("planner.")}
        assert used <= {"domain", "errors", "verify"}, path.name


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_is_checked(rule: Rule) -> None:
    assert rule in CHECKS


def test_the_command_line_leaves_heavy_libraries_alone() -> None:
    """Help answers at once: what is slow to import waits for the command that needs it."""
    import subprocess
    import sys

    code = (
        "import sys, planner.cli; "
        "print([m for m in ('ortools', 'pandas', 'numpy', 'openpyxl', 'xlsxwriter', 'holidays', "
        "'sqlalchemy', 'alembic', 'jinja2', 'starlette', 'uvicorn') "
        "if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
