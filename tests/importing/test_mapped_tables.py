"""Any other table: its form is found out, or said by a mapping; one to start from is suggested."""

import gzip
import io
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from legalaid_sim.authoring.checking import check_file
from legalaid_sim.cli.import_command import command
from legalaid_sim.errors import InputError
from legalaid_sim.importing import sources
from tests.contracts.language.test_bad_files import CORPUS
from tests.importing.making import rows_of, typed

MAPPING = """\
kind: import
schema_version: 1
dates: dmy
amounts: printed
columns:
  Case no: claim_id
  client ref.: client_id
  Opened: start_date
  Closed: concluded_date
  Area of law: category
  Profit costs: net_profit_costs
  Result: outcome
values:
  category: {Evictions: housing}
  outcome: {Won: resolved}
"""
HEADS = (
    "Case No",
    "Client ref",
    "Surname",
    "Opened",
    "Closed",
    "Area of law",
    "Profit costs",
    "Result",
    "Notes",
)
ROWS = (
    ("7", "A1", "Quexleigh", "13/01/2024", "20/02/2024", "Debt", "£1,200.50", "Won", "she rang, twice"),
    ("8", "A1", "Quexleigh", "14/01/2024", "", "evictions", "£90.00", "Lost at Quexleigh", ""),
    ("9", "", "Zorbley", "15/01/2024", "", "Quexleigh matter", "", "", "x"),
)


def table(mark: str = ",", *above: str) -> str:
    quoted = [mark.join(f'"{cell}"' for cell in cells) for cells in (HEADS, *ROWS)]
    return "\n".join((*above, *quoted)) + "\n"


def with_mapping(
    folder: Path, text: str | bytes, *more: object, mapping: str = MAPPING, name: str = "in.csv"
) -> Result:
    (folder / "map.yaml").write_text(mapping, encoding="utf-8")
    return typed(folder, text, "--mapping", folder / "map.yaml", *more, name=name)


def workbook() -> bytes:
    book, packed = openpyxl.Workbook(), io.BytesIO()
    for cells in (HEADS, *ROWS):
        book.active.append(list(cells))
    book.save(packed)
    return packed.getvalue()


FILES = {
    "commas": table(),
    "semicolons": table(";"),
    "tabs": table("\t"),
    "bars": table("|"),
    "titles": table(",", "The Bureau", "", "Cases, all of them,,"),
    "sep": table(";", "sep=;"),
    "utf-16": table().encode("utf-16"),
    "utf-16 unmarked": table().encode("utf-16-le"),
    "cp1252": table().encode("cp1252"),
    "packed": gzip.compress(table().encode()),
    "workbook": workbook(),
}


@pytest.mark.parametrize("text", FILES.values(), ids=list(FILES))
def test_a_table_is_read_the_same_however_it_is_written(tmp_path: Path, text: str | bytes) -> None:
    result = with_mapping(tmp_path, text, "--shift-days", 0)
    assert result.exit_code == 0, result.output
    first, second, third = rows_of(tmp_path / "out/cases.csv")
    assert (first["category"], first["opened"], first["closed"], first["outcome"]) == (
        "debt", "2024-01-13", "2024-02-20", "resolved",
    )  # fmt: skip
    assert (second["category"], second["closed"], second["outcome"]) == ("housing", "", "")
    assert first["client"] == second["client"] != ""
    assert (third["client"], third["category"]) == ("", "")
    assert rows_of(tmp_path / "out/claims.csv")[0]["in_net_profit_costs"] == "1200.50"
    assert "Taken as empty: category in 1 row" in result.stdout
    assert "Taken as empty: outcome in 1 row" in result.stdout
    assert "Columns not looked at, by place: 3, 9" in result.stdout


def test_a_workbooks_days_are_days_whatever_its_texts_are_written_like(tmp_path: Path) -> None:
    book, packed = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Unique File Number", "Fee Code", "Case Start Date", "Case Concluded Date"])
    book.active.append(["010320/001", "DEBT", datetime(2020, 3, 1), "4/5/2020"])
    book.save(packed)
    assert typed(tmp_path, packed.getvalue(), "--shift-days", 0).exit_code == 0
    (case,) = rows_of(tmp_path / "out/cases.csv")
    assert (case["opened"], case["closed"]) == ("2020-03-01", "2020-05-04")


def test_days_are_moved_and_durations_kept(tmp_path: Path) -> None:
    assert with_mapping(tmp_path, table()).exit_code == 0
    first, second, _ = rows_of(tmp_path / "out/cases.csv")
    opened, closed = date.fromisoformat(first["opened"]), date.fromisoformat(first["closed"])
    assert (closed - opened).days == 38
    # Both are of one client, and are moved together.
    assert (date.fromisoformat(second["opened"]) - opened).days == 1


@pytest.mark.parametrize("name", ["commas", "semicolons", "titles", "workbook"])
def test_a_suggested_mapping_is_clean_says_why_and_reads_the_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "in.csv").write_bytes(text.encode() if isinstance(text := FILES[name], str) else text)  # type: ignore[arg-type]
    result = CliRunner().invoke(command, [str(tmp_path / "in.csv"), "--suggest"])
    assert result.exit_code == 0, result.output
    suggested = result.stdout
    (tmp_path / "map.yaml").write_text(suggested, encoding="utf-8")
    assert check_file(str(tmp_path / "map.yaml")).problems == ()
    for words in (
        '"Case No": claim_id', '"Client ref": client_id', '"Opened": start_date', "dates: dmy", "amounts: printed",
        "# The head says so, and its cells are days.", '"Area of law": category', "# Not read, by place: 3, 9.",
        "# Words of category that are not known here: 2, 0 of them 10 times or more.",
    ):  # fmt: skip
        assert words in suggested, suggested
    assert not any(word in suggested for word in ("Quexleigh", "Zorbley", "A1", "13/01", "1,200", "Won"))
    again = with_mapping(tmp_path, text, mapping=suggested)  # type: ignore[arg-type]
    assert again.exit_code == 0, again.output
    assert len(rows_of(tmp_path / "out/cases.csv")) == 3


def test_a_first_row_that_is_a_persons_is_no_heads_and_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("7,Quexleigh,13/01/2024\n8,Zorbley,14/01/2024\n", encoding="utf-8")
    for words in (["--suggest"], ["--out", str(tmp_path / "out"), "--key", str(tmp_path / "k")]):
        result = CliRunner().invoke(command, [str(tmp_path / "in.csv"), *words])
        assert "Quexleigh" not in str(result.exception) + result.output
        assert result.exit_code != 0


BAD = sorted((CORPUS / "imports").iterdir())


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_what_no_file_can_be_is_told_in_its_words(tmp_path: Path, path: Path) -> None:
    words = {
        "CL020": "there is nothing in the file that can be read as a table",
        "CL021": "the file is neither claims as they are sent in bulk nor the export of claims",
        "CL022": "no line has the heads of the mapping: 'Case no', 'client ref.'",
        "CL024": "more than one column has the head 'Opened'",
    }[path.stem[:5]]
    (tmp_path / "map.yaml").write_text(MAPPING, encoding="utf-8")
    mapped = ["--mapping", str(tmp_path / "map.yaml")] if path.stem[:5] in ("CL022", "CL024") else []
    result = CliRunner().invoke(
        command, [str(path), "--out", str(tmp_path / "out"), "--key", str(tmp_path / "k"), *mapped]
    )
    assert words in str(result.exception)
    assert path.stem[:5] in str(result.exception)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["map.yaml"]


def test_a_workbook_that_nothing_can_read_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(sources, "import_module", missing)
    result = with_mapping(tmp_path, workbook())
    assert "CL023" in str(result.exception)
    assert "pip install" in str(result.exception)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"PK\x03\x04 not a workbook", "is packed and is no workbook"),
        (b"\x1f\x8b nothing packed", "is packed and cannot be unpacked"),
        (b"\x00\x01\x02\x00\x00", "is no text that can be read"),
    ],
)
def test_what_is_no_table_is_told(tmp_path: Path, text: bytes, words: str) -> None:
    assert words in str(with_mapping(tmp_path, text).exception)


EXPORT_HEADS = b"Unique File Number,Fee Code,Case Start Date\n"


@pytest.mark.parametrize("text", [b"OFFICE,account=1X522G\nOUTCOME,UFN=1\n", EXPORT_HEADS])
def test_a_layout_that_is_known_needs_no_mapping_and_may_have_one(tmp_path: Path, text: bytes) -> None:
    suggested = typed(tmp_path, text, "--suggest").stdout
    assert "they are read without a mapping" in suggested
    (tmp_path / "map.yaml").write_text(suggested.replace("[]", "[QX1]") + "dates: mdy\n", encoding="utf-8")
    assert check_file(str(tmp_path / "map.yaml")).problems == ()
    row = b"OUTCOME,UFN=290319/001,FEE_CODE=QX1,CASE_START_DATE=3/29/2019\n"
    result = typed(
        tmp_path, b"OFFICE,account=1X522G\n" + row, "--mapping", tmp_path / "map.yaml", "--shift-days", 0
    )
    assert result.exit_code == 0, result.output
    (claim,) = rows_of(tmp_path / "out/claims.csv")
    assert (claim["fee_code"], claim["in_start_date"]) == ("QX1", "2019-03-29")


def test_what_belongs_to_a_fit_is_refused_without_one(tmp_path: Path) -> None:
    result = typed(tmp_path, table(), "--since", "2024-01-01")
    assert result.exit_code == 2
    assert "are of a fit" in result.output


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))),
       st.sampled_from([b"", b"OFFICE,account=1\n", b"OUTCOME,UFN=1,", EXPORT_HEADS]),
       st.sampled_from([(), ("--suggest",), ("--mapping",)]))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_no_bytes_at_all_make_a_traceback(content: bytes, head: bytes, words: tuple[str, ...]) -> None:
    with TemporaryDirectory() as named:
        folder = Path(named)
        (folder / "map.yaml").write_text(MAPPING, encoding="utf-8")
        more = (*words, folder / "map.yaml") if words == ("--mapping",) else words
        result = typed(folder, head + content, *more)
        assert isinstance(result.exception, InputError | SystemExit | None), result.exception
