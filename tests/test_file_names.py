"""Names of files: sound everywhere, and no two references share one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.workbooks.file_names import file_stems


def test_an_ordinary_reference_is_its_own_name() -> None:
    names = ["OM01", "SOM-02", "Müller", "a.b_c d", "007"]
    assert file_stems(names) == {name: name for name in names}


@pytest.mark.parametrize(
    "name",
    [
        *("a/b", "a\\b", "a:b", "a*b", 'a"b', "a<b>c|d?", "a\tb", "a\0b", " a", "a.", "..", ""),
        *("CON", "nul.x", "com1", "LPT9", "com¹", "conin$"),
        *("x" * 300, "e\u0301", "../up", "~$x"),
    ],
)
def test_what_files_cannot_have_gives_way_and_is_marked(name: str) -> None:
    (stem,) = file_stems([name]).values()
    assert stem != name
    assert not set(stem) & set('/\\:*?"<>|\0\t')
    assert stem == stem.strip(" .")
    assert stem.partition(".")[0].casefold() not in {"con", "nul", "com1", "lpt9", ""}
    assert len(f"{stem}.xlsx".encode()) < 255


def test_references_that_differ_by_case_or_by_a_lost_character_do_not_collide() -> None:
    names = ["OM1", "om1", "a/b", "a:b", "a_b", "x" * 60, "x" * 61, "é", "e\u0301"]
    stems = file_stems(names)
    assert len({s.casefold() for s in stems.values()}) == len(names)
    assert stems["a_b"] == "a_b"
    assert stems["OM1"].startswith("OM1-")


def test_a_reference_made_to_look_like_anothers_file_gets_its_own() -> None:
    taken = file_stems(["a/b"])["a/b"]
    stems = file_stems(["a/b", taken])
    assert len(set(stems.values())) == 2


@given(st.lists(st.text(max_size=70), max_size=12, unique=True))
def test_no_references_ever_collide(names: list[str]) -> None:
    stems = file_stems(names)
    assert set(stems) == set(names)
    assert len({s.casefold() for s in stems.values()}) == len(names)
    assert stems == file_stems(reversed(names))
    for stem in stems.values():
        assert stem
        assert stem == stem.strip(" .")
        assert not set(stem) & set('/\\:*?"<>|')
