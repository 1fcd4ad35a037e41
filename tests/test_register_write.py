"""What is written reads back the same, and the template asks for nothing but people."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.domain.policy import SETTINGS, Policy
from planner.domain.register import Absence, Lock, Offender, Officer, Register
from planner.domain.terms import LockKind, Management, RiskLevel, Role, Status, VisitType
from planner.workbooks.register_columns import OFFENDERS
from planner.workbooks.register_layouts import ABSENCES, LOCKS, STAFF
from planner.workbooks.register_read import read_register
from planner.workbooks.register_write import register_workbook, template_workbook
from tests.register_files import findings_of

if TYPE_CHECKING:
    from pathlib import Path

AS_AT = date(2026, 1, 15)


def _read_back(register: Register, folder: Path) -> tuple[Register, list[str]]:
    path = folder / "register.xlsx"
    path.write_bytes(register_workbook(register))
    read = read_register(path)
    return read.register, [finding.code for finding in read.warnings]


def _register(**parts: Any) -> Register:
    base: dict[str, Any] = {
        "as_at": AS_AT,
        "offenders": (
            Offender(ref="007", status=Status.COMMUNITY, level=RiskLevel.HIGH, team="North"),
        ),
        "officers": (Officer(staff_id="OM1", team="North"),),
    }
    return Register(**{**base, **parts})


def test_text_that_looks_like_something_else_stays_text(tmp_path: Path) -> None:
    offender = Offender(
        ref="0012",
        status=Status.ABROAD,
        level=RiskLevel.LOW,
        team="3",
        area="=1+1",
        release_date=date(1900, 1, 1),
    )
    register = _register(offenders=(offender,), officers=(Officer(staff_id="1E5", team="3"),))
    back, codes = _read_back(register, tmp_path)
    assert back == register
    assert codes == ["looks-like-formula"]


def test_the_same_register_gives_the_same_bytes() -> None:
    assert register_workbook(_register()) == register_workbook(_register())
    assert template_workbook() == template_workbook()


def test_the_sheets_and_headers_are_the_contracts() -> None:
    data = register_workbook(_register(), about=[("Synthetic", "No real person")])
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Offenders", "Staff", "Absences", "Locks", "Policy", "About"]
    for layout in (OFFENDERS, STAFF, ABSENCES, LOCKS):
        headers = [cell.value for cell in book[layout.name][1]]
        assert headers == [column.header for column in layout.columns]
    assert [cell.value for cell in book["Policy"][1]] == [
        "Setting",
        "Value",
        "Unit",
        "Meaning",
        "Source",
    ]
    policy = list(book["Policy"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in policy] == list(SETTINGS)
    assert all(
        str(row[4]).startswith("Assumption") == SETTINGS[str(row[0])].assumption for row in policy
    )
    about = list(book["About"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert ("Synthetic", "No real person") in about
    assert book["Offenders"].freeze_panes == "B2"


def test_the_template_lacks_people_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    path.write_bytes(template_workbook())
    assert [(f.code, f.sheet) for f in findings_of(path)] == [
        ("empty-register", "Offenders"),
        ("empty-register", "Staff"),
    ]


def test_the_template_checks_and_explains_every_column() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook()))
    assert book.sheetnames[0] == "Read me"
    explained = {(row[0], row[1]) for row in book["Read me"].iter_rows(values_only=True, max_col=2)}
    for layout in (OFFENDERS, STAFF, ABSENCES, LOCKS):
        checks = book[layout.name].data_validations.dataValidation
        assert len(checks) == len(layout.columns)
        for column, check in zip(layout.columns, checks, strict=True):
            assert (layout.name, column.header) in explained
            assert check.prompt == column.meaning and len(column.meaning) <= 255
            assert ("required" in check.promptTitle) == column.required
            if column.choices:
                assert check.formula1 == f'"{",".join(column.choices)}"'
    by_title = {c.promptTitle: c for c in book["Offenders"].data_validations.dataValidation}
    assert by_title["Team (required)"].formula1 == "Staff!$C$2:$C$20001"
    assert by_title["SOM (optional)"].formula1 == "Staff!$A$2:$A$20001"
    assert by_title["Last visit (optional)"].type == "date"


def test_a_filled_template_is_a_register(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook()))
    for column, value in enumerate(("01", "Custody", "Medium", None, "North"), 1):
        book["Offenders"].cell(2, column, value)
    for place, what in ((1, "OM1"), (3, "North"), (6, 1)):
        book["Staff"].cell(2, place, what)
    book.save(tmp_path / "filled.xlsx")
    read = read_register(tmp_path / "filled.xlsx", AS_AT)
    assert read.warnings == ()
    assert read.register.policy == Policy()
    assert read.register.offenders[0].status is Status.CUSTODY


@pytest.mark.parametrize("marking", ["OFFICIAL", "A & B"])
def test_the_marking_is_kept_and_printed(tmp_path: Path, marking: str) -> None:
    register = _register(marking=marking, title="Force list")
    back, codes = _read_back(register, tmp_path)
    assert (back, codes) == (register, [])
    header = openpyxl.load_workbook(tmp_path / "register.xlsx")["Offenders"].oddHeader
    assert header is not None and marking.replace("&", "&&") in str(header.center.text)


NAMES = st.text("ABCXYZabcxyz0123456789é £'\"&<_.-", min_size=1, max_size=8).map(str.strip)
REFS = NAMES.filter(lambda name: name[:1] not in {"", "-", "="} and "  " not in name)
WORDS = st.one_of(st.just(""), REFS)
DATES = st.dates(date(1900, 1, 1), date(2200, 12, 31))
PAST = st.dates(date(1900, 1, 1), AS_AT)


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


def _number(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda value: round(value, 6))


@st.composite
def registers(draw: st.DrawFn) -> Register:
    """Any register that has no fault; whoever it refers to is in it."""
    ids = draw(st.lists(REFS, min_size=1, max_size=4, unique_by=str.casefold))
    teams = draw(st.lists(REFS, min_size=1, max_size=3, unique_by=str.casefold))
    tags = draw(st.lists(REFS, max_size=3, unique_by=str.casefold))
    refs = draw(st.lists(REFS, min_size=1, max_size=5, unique_by=str.casefold))
    officers = tuple(draw(_officers(name, teams, tags)) for name in ids)
    posts = sorted({officer.team for officer in officers})
    offenders = tuple(draw(_offenders(ref, posts, ids, tags)) for ref in refs)
    locks = draw(st.lists(_locks(refs, ids), max_size=3))
    values = draw(st.lists(st.sampled_from(sorted(SETTINGS)), max_size=5, unique=True))
    return Register(
        as_at=AS_AT,
        offenders=offenders,
        officers=officers,
        absences=tuple(draw(st.lists(_absences(ids), max_size=3))),
        locks=tuple(Lock(**{**lock, "row": number}) for number, lock in enumerate(locks, 2)),
        policy=Policy.of({name: draw(_value(name)) for name in values}),
        title=draw(WORDS),
    )


def _value(name: str) -> st.SearchStrategy[Any]:
    setting = SETTINGS[name]
    if setting.kind == "switch":
        return st.booleans()
    if setting.kind == "whole":
        return st.integers(int(setting.low), int(setting.high)).map(float)
    return _number(setting.low, setting.high)


def _officers(name: str, teams: list[str], tags: list[str]) -> st.SearchStrategy[Officer]:
    return st.builds(
        Officer,
        staff_id=st.just(name),
        name=WORDS,
        team=st.sampled_from(teams),
        supervisor=WORDS,
        role=st.sampled_from(Role),
        fte=_number(0, 1),
        start=_maybe(st.dates(date(1990, 1, 1), date(2026, 1, 1))),
        end=_maybe(st.dates(date(2026, 1, 1), date(2030, 1, 1))),
        arms_trained_from=_maybe(DATES),
        skills=st.frozensets(st.sampled_from(tags)) if tags else st.just(frozenset()),
        cap=_maybe(st.integers(0, 200)),
        hours_per_month=_maybe(_number(0, 200)),
    )


def _offenders(
    ref: str, teams: list[str], ids: list[str], tags: list[str]
) -> st.SearchStrategy[Offender]:
    return st.builds(
        Offender,
        ref=st.just(ref),
        status=st.sampled_from(Status),
        level=st.sampled_from(RiskLevel),
        management=st.sampled_from(Management),
        team=st.sampled_from(teams),
        area=WORDS,
        som=_maybe(st.sampled_from(ids)),
        last_visit=_maybe(PAST),
        last_visit_type=_maybe(st.sampled_from(VisitType)),
        failed_attempts=st.integers(0, 99),
        visit_interval=_maybe(st.integers(1, 24)),
        interval_reason=REFS,
        crew=_maybe(st.sampled_from([1, 2])),
        arms_applicable=st.booleans(),
        last_arms=_maybe(PAST),
        arms_due=_maybe(DATES),
        registered_from=_maybe(PAST),
        registered_until=_maybe(st.dates(AS_AT, date(2100, 1, 1))),
        release_date=_maybe(DATES),
        not_with=st.frozensets(st.sampled_from(ids)),
        needs=st.frozensets(st.sampled_from(tags)) if tags else st.just(frozenset()),
        keep=st.booleans(),
    )


def _absences(ids: list[str]) -> st.SearchStrategy[Absence]:
    return st.builds(
        Absence,
        staff_id=st.sampled_from(ids),
        first=st.dates(date(2025, 1, 1), date(2026, 6, 1)),
        last=st.dates(date(2026, 6, 1), date(2028, 1, 1)),
        share=_number(0, 1),
        reason=WORDS,
    )


def _locks(refs: list[str], ids: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    common = {"ref": st.sampled_from(refs), "reason": WORDS, "by": WORDS}
    months = st.builds(date, st.just(2026), st.integers(2, 12), st.just(1))
    return st.one_of(
        st.fixed_dictionaries(
            {**common, "kind": st.just(LockKind.SOM), "staff_id": st.sampled_from(ids)}
        ),
        st.fixed_dictionaries(
            {
                **common,
                "kind": st.sampled_from([LockKind.VISIT, LockKind.ARMS]),
                "month": months,
            }
        ),
    )


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(register=registers())
def test_any_register_reads_back_the_same(tmp_path: Path, register: Register) -> None:
    back, codes = _read_back(register, tmp_path)
    assert back == register
    assert codes == []
