import csv
import json
from pathlib import Path

import openpyxl
import pytest

from legalaid_sim.events import KINDS
from legalaid_sim.exports import export
from legalaid_sim.exports.cells import inert, is_formula
from legalaid_sim.exports.tables import tables_of
from legalaid_sim.results import open_run
from legalaid_sim.results.tables import table_of
from tests.exports.making import HOSTILE, folder_of, log_of

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_there_is_a_table_of_every_kind_and_view_with_units(tmp_path: Path) -> None:
    with open_run(folder_of(tmp_path / "run")) as run:
        tables = {table.name: (table, list(table.rows)) for table in tables_of(run)}
    views = {"summary", "measures", "counted", "runs", "ledger", "clients", "matters", "advisers", "columns"}
    assert set(tables) == views | {table_of(kind) for kind in KINDS}
    for table, rows in tables.values():
        assert all(column.unit for column in table.columns)
        assert rows, table.name
        assert all(len(row) == len(table.columns) for row in rows)
        for column, values in zip(table.columns, zip(*rows)):
            held = {type(value) for value in values if value is not None}
            assert held <= {int if column.python is bool else column.python}, (table.name, column.name)


@pytest.mark.parametrize("name", HOSTILE)
def test_csv_gives_every_name_back_and_no_cell_is_a_formula(tmp_path: Path, name: str) -> None:
    place = export(folder_of(tmp_path / "run", name), "csv")
    assert place == tmp_path / "run-csv"
    for path in place.glob("*.csv"):
        for row in rows_of(path):
            for key, cell in row.items():
                number = key in ("at", "pence", "value", "mean", "low", "high") or cell.lstrip("-").isdigit()
                assert number or not cell.startswith(STARTS), (path.name, key)
    (contact,) = rows_of(place / "contact.csv")
    assert contact["adviser"] == inert(name)
    assert contact["regime"].removeprefix("'") == name
    assert contact["client"] == "c1"
    assert contact["trust_after"] == "0.25"
    assert (place / "contact.csv").read_bytes().endswith(b"\r\n")


def test_what_begins_a_formula_is_known() -> None:
    begins = [name for name in HOSTILE if is_formula(name)]
    assert begins == list(HOSTILE[1:7])
    assert not is_formula("c00041.p2")


def test_csv_keeps_what_is_undefined_empty(tmp_path: Path) -> None:
    rows = rows_of(export(folder_of(tmp_path / "run"), "csv") / "measures.csv")
    assert [(row["replication"], row["measure"], row["value"]) for row in rows] == [
        ("1", "admin.share", ""),
        ("1", "continuity.coc", "0.5"),
        ("2", "admin.share", ""),
        ("2", "continuity.coc", "0.5"),
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_workbook_holds_texts_and_numbers_and_nothing_that_runs(tmp_path: Path, name: str) -> None:
    book = openpyxl.load_workbook(export(folder_of(tmp_path / "run", name), "xlsx"))
    assert set(book.sheetnames) >= {"summary", "measures", "contact", "ledger", "columns"}
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    # The reader takes any text that begins with an equals sign for a formula; what the file says is the test.
    assert all(cell.hyperlink is None for cell in cells)
    adviser = next(cell for cell in book["contact"][1] if cell.value == "adviser")
    cell = book["contact"].cell(2, adviser.column)
    held = openpyxl.utils.escape.unescape(cell.value)
    assert held.replace("\r\n", "\n") == name.replace("\r\n", "\n")
    assert cell.quotePrefix is is_formula(name)


@pytest.mark.parametrize("name", HOSTILE)
def test_the_file_of_a_workbook_says_no_formula(tmp_path: Path, name: str) -> None:
    from xml.etree import ElementTree
    from zipfile import ZipFile

    with ZipFile(export(folder_of(tmp_path / "run", name), "xlsx")) as packed:
        sheets = [part for part in packed.namelist() if part.startswith("xl/worksheets/")]
        tags = {
            element.tag.rpartition("}")[2]
            for part in sheets
            for element in ElementTree.fromstring(packed.read(part)).iter()
        }
        assert not any("external" in part.lower() or "vba" in part.lower() for part in packed.namelist())
    assert {"c", "row"} <= tags
    assert not tags & {"f", "hyperlink"}


def test_a_table_too_long_for_a_sheet_goes_on_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from legalaid_sim.exports import workbook

    monkeypatch.setattr(workbook, "ROWS", 3)
    book = openpyxl.load_workbook(export(folder_of(tmp_path / "run"), "xlsx"))
    assert [name for name in book.sheetnames if name.startswith("measures")] == ["measures", "measures (2)"]
    first, second = book["measures"], book["measures (2)"]
    assert (first.max_row, second.max_row) == (4, 2)
    assert [cell.value for cell in first[1]] == [cell.value for cell in second[1]]


@pytest.mark.parametrize("name", HOSTILE)
def test_json_gives_everything_back_as_it_was(tmp_path: Path, name: str) -> None:
    told = json.loads(export(folder_of(tmp_path / "run", name), "json").read_text(encoding="utf-8"))
    assert set(told) == {"schema_version", "kind", "manifest", "tables"}
    assert told["manifest"]["scenario"]["name"] == name
    for event in log_of(name):
        table = told["tables"][table_of(type(event))]
        names = [column["name"] for column in table["columns"]]
        (row,) = table["rows"]
        assert [row[names.index(field)] for field in event._fields] == list(event)
    documented = (Path(__file__).parents[2] / "docs/json.md").read_text()
    assert all(f"`{key}`" in documented for key in told)


@pytest.mark.parametrize("name", HOSTILE)
def test_parquet_gives_everything_back_typed_with_units(tmp_path: Path, name: str) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs the extra parquet")
    place = export(folder_of(tmp_path / "run", name), "parquet")
    table = parquet.read_table(place / "contact.parquet")
    (row,) = table.to_pylist()
    assert row["adviser"] == row["regime"] == name
    assert row["known"] is True
    assert row["trust_after"] == 0.25
    assert table.schema.field("core").metadata == {b"unit": b"minutes"}
    assert parquet.read_table(place / "measures.parquet")["value"].to_pylist() == [None, 0.5, None, 0.5]


def test_what_a_comparison_found_goes_with_it(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "run")
    (folder / "differences.csv").write_text("contract,difference,low\r\n=b,0.5,\r\nc,-1,0\r\n")
    told = json.loads(export(folder, "json").read_text())["tables"]["differences"]
    assert told["rows"] == [["=b", 0.5, None], ["c", -1.0, 0.0]]
    rows = rows_of(export(folder, "csv") / "differences.csv")
    assert [row["contract"] for row in rows] == ["'=b", "c"]
