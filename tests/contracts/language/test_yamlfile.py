"""Reading and writing YAML: places, scalars, refusals; text survives a round trip."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.errors import UnreadableFile
from legalaid_sim.yamlfile import LARGEST_FILE, Mark, dotted, dump, load_document, parse, plain_scalar


def test_scalars_are_read_by_their_digits() -> None:
    data = parse(
        "a: 157.00\nb: 12\nc: -3\nd: true\ne: null\nf: yes\ng: 2013-04-01\nh: 007\ni: 1e5\nj: '12'"
    ).data
    assert data == {
        "a": Decimal("157.00"),
        "b": 12,
        "c": -3,
        "d": True,
        "e": None,
        "f": "yes",
        "g": "2013-04-01",
        "h": "007",
        "i": "1e5",
        "j": "12",
    }
    assert str(data["a"]) == "157.00"
    assert data["d"] is True


def test_keys_are_always_text() -> None:
    assert parse("2013-04-01: 1\n12: 2\ntrue: 3\n").data == {"2013-04-01": 1, "12": 2, "true": 3}


def test_places_of_keys_and_values_are_exact() -> None:
    document = parse("payments:\n  - id: fee\n    escape: {over: 471.00, less: [a]}\n", "f.yaml")
    assert document.marks.key(("payments",)) == Mark(1, 1, 8, "f.yaml")
    assert document.marks.value(("payments", 0, "id")) == Mark(2, 9, 3, "f.yaml")
    assert document.marks.key(("payments", 0, "escape", "over")) == Mark(3, 14, 4, "f.yaml")
    assert document.marks.value(("payments", 0, "escape", "over")) == Mark(3, 20, 6, "f.yaml")
    assert document.marks.value(("payments", 0, "escape")) == Mark(
        3, 13, len("{over: 471.00, less: [a]}"), "f.yaml"
    )


def test_a_place_that_is_not_there_is_that_of_what_would_hold_it() -> None:
    marks = parse("a:\n  b: 1\n").marks
    assert marks.value(("a", "c", 3)) == marks.value(("a",))


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb:\r\n  - 2\r\n")
    document = load_document(file)
    assert document.data == {"a": 1, "b": [2]}
    assert document.marks.value(("b", 0))[:3] == (3, 5, 1)
    assert not document.problems


def test_removing_an_item_moves_the_places_of_later_ones_up() -> None:
    marks = parse("p:\n  - a: 1\n  - a: 2\n  - a: 3\n").marks.without(("p", 1))
    assert marks.value(("p", 1, "a")).line == 4
    assert ("p", 2) not in marks.values


def test_all_faults_of_form_are_told_at_once() -> None:
    found = parse("a: &x 1\na: 2\nb: !!int 3\nc: *x\n").problems
    assert [(p.code, p.line) for p in found] == [("CS004", 1), ("CS002", 2), ("CS005", 3), ("CS004", 4)]
    assert found[1].also == ((1, "first here"),)


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30))
    document = parse(f"l0: &l0 [x]\n{levels}\n")
    assert {p.code for p in document.problems} == {"CS004"}
    assert len(document.problems) <= 20


@pytest.mark.parametrize("opener", ["[", "{a: ", "- "])
def test_absurd_nesting_is_refused_and_does_not_overflow(opener: str) -> None:
    problems = parse("a:\n  " + opener * 50_000).problems
    assert problems
    assert {p.code for p in problems} <= {"CS007", "CS001"}


def unreadable(file: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        load_document(file)
    assert caught.value.problems[0].code == "CS000"
    return str(caught.value)


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    utf16, binary, latin = tmp_path / "u.yaml", tmp_path / "b.yaml", tmp_path / "l.yaml"
    utf16.write_text("a: 1", encoding="utf-16")
    binary.write_bytes(b"\x7fELF\0\0\1")
    latin.write_bytes(b"a: 1\nb: caf\xe9\n")
    assert "does not exist" in unreadable(tmp_path / "none.yaml")
    assert "is a folder" in unreadable(tmp_path)
    assert "UTF-16" in unreadable(utf16)
    assert "is not a text file" in unreadable(binary)
    assert "is not UTF-8 text (line 2)" in unreadable(latin)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    file.write_text("# " + "x" * LARGEST_FILE)
    assert "larger than 2 MB" in unreadable(file)


def test_paths_are_said_as_a_reader_says_them() -> None:
    assert dotted(("payments", 0, "escape", "over")) == "payments[0].escape.over"


def test_decimals_and_dates_are_written_plainly() -> None:
    text = dump({"fee": Decimal("157.00"), "from": date(2013, 4, 1), "small": Decimal("0.0000001")})
    assert text == "fee: 157.00\nfrom: 2013-04-01\nsmall: 0.0000001\n"


READABLE = st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"], exclude_characters="\u00a0")
PLAIN_TEXT = st.text(READABLE, max_size=20)
DECIMALS = st.decimals(0, 10**9, places=2)
SCALARS = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | DECIMALS | PLAIN_TEXT


def branches(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(inner, max_size=4) | st.dictionaries(PLAIN_TEXT, inner, max_size=4)


TREES = st.recursive(SCALARS, branches, max_leaves=20)


@given(st.dictionaries(PLAIN_TEXT, TREES, min_size=1, max_size=4))
def test_what_is_written_reads_back_equal(data: dict[str, object]) -> None:
    document = parse(dump(data))
    assert not document.problems
    assert document.data == data


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    document = parse(text)
    assert all(problem.code.startswith("CS0") and problem.line >= 1 for problem in document.problems)


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_are_read_as_they_are_written(number: int) -> None:
    assert plain_scalar(str(number)) == number
