"""Tables of examples: a matter in each row, with what is expected of it; here or in a CSV file.

Columns: ``ref``, ``category``, ``fee_code``, ``region``, ``channel``, ``outcome``, ``opened``, ``closed``;
``<heading>_costs``, ``<heading>_minutes``, ``<heading>_hours``, ``net_disbursements``, ``disbursement_vat``,
``n_<event>``; ``vat_registered`` and other facts. Expected: ``earned`` (or ``total``), ``scheme``,
``escape``, ``flag.<name>``, ``line.<block>``, ``margin.<name>``, ``refused``. The columns of a claims file
(``in_...``) and its ``expected_...`` columns are read too. Columns about where a row was found are passed
over.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from legalaid_sim.contracts.schema.contract import ExampleTable
from legalaid_sim.contracts.tools.amounts import pence_of
from legalaid_sim.contracts.tools.csvfile import read_cell_day, read_csv
from legalaid_sim.contracts.vocabulary.columns import COSTS, COUNTS
from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from legalaid_sim.errors import Refusal
from legalaid_sim.yamlfile import plain_scalar

PLAIN = ("ref", "category", "fee_code", "region", "channel", "outcome", "client")
PASSED_OVER = ("source_", "notes", "note", "description", "category_type", "fee_type", "category_of_law")
EXPECTED_SUMS = {
    "expected_vat_on_fee": "tax",
    "expected_fixed_fee": "fee",
    "expected_disbursements_allowed": "disbursements",
    "expected_disbursement_vat_allowed": "disbursement_tax",
}
RENAMED = {
    "record_id": "ref",
    "claim_id": "ref",
    "in_start_date": "opened",
    "in_concluded_date": "closed",
    "in_vat_registered": "vat_registered",
    "in_prior_authority": "prior_authority",
    "expected_total": "earned",
    "total": "earned",
    "expected_scheme": "scheme",
    "expected_refusal": "refused",
    "expected_escape": "escape",
    "net_disbursements": "disbursements_costs",
}


@dataclass(slots=True)
class Expected:
    """What a row expects, in pence where it is money."""

    earned: int | None = None
    scheme: str = ""
    refused: str = ""
    flags: dict[str, bool] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=dict)
    margins: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class TableRow:
    """A row, read: the matter, facts of its provider, what is expected."""

    facts: MatterFacts
    provider: dict[str, Any] = field(default_factory=dict)
    expected: Expected = field(default_factory=Expected)


def table_rows(table: ExampleTable, folder: Path) -> Iterator[TableRow]:
    """Read the rows of a table."""
    if table.file:
        columns, rows = read_csv(folder / table.file)
    else:
        columns, rows = table.columns or (), [list(row) for row in table.rows]
    for number, cells in enumerate(rows, start=1):
        if len(cells) != len(columns):
            why = f"row {number} has {len(cells)} of the {len(columns)} cells that the columns name"
            raise Refusal("bad-row", table.file or "table", why)
        yield _row(columns, cells, number)


def told_in(text: str) -> TableRow:
    """Read a matter from ``hours=6,category=housing,...``: the names are those of the columns of a table of examples.

    ``hours`` and ``minutes`` without a heading are those of profit. Raises ``Refusal`` where a part has no value.
    """
    told = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, written = (piece.strip() for piece in part.partition("="))
        if not equals or not name or not written:
            raise Refusal("bad-cell", part, f"'{part}' is not name=value, such as hours=6")
        told[f"profit_{name}" if name in ("hours", "minutes") else name] = plain_scalar(written)
    return row_of(told)


def row_of(told: Mapping[str, Any]) -> TableRow:
    """Read a matter from what is told of it, by the names of the columns; raises ``Refusal`` for what cannot be."""
    row = TableRow(MatterFacts("A"))
    for name, value in told.items():
        _read(row, name, value)
    return row


def _row(columns: tuple[str, ...], cells: list[Any], number: int) -> TableRow:
    row = TableRow(MatterFacts(f"row {number}"))
    for column, cell in zip(columns, cells):
        if cell is not None and cell != "":
            _read(row, column, cell)
    return row


def _read(row: TableRow, column: str, cell: Any) -> None:
    name = RENAMED.get(column, column)
    if name in PLAIN:
        setattr(row.facts, name, str(cell))
    elif name in ("opened", "closed"):
        setattr(row.facts, name, read_cell_day(cell, column))
    elif column in COSTS or name.endswith("_costs") or name == "disbursement_vat":
        row.facts.costs[COSTS.get(column, name.removesuffix("_costs"))] = _pence(cell, column)
    elif column in COUNTS or name.startswith("n_"):
        row.facts.counts[COUNTS.get(column, name.removeprefix("n_"))] = int(_number(cell, column))
    elif name.endswith(("_minutes", "_hours")):
        heading, _, unit = name.rpartition("_")
        row.facts.minutes[heading] = int(_number(cell, column) * (60 if unit == "hours" else 1))
    elif not _expect(row.expected, name, cell) and not column.startswith(PASSED_OVER):
        _tell(row, name, cell)


def _tell(row: TableRow, name: str, cell: Any) -> None:
    if name == "in_london_rate":
        row.facts.region = "london" if _yes(cell) else "elsewhere"
    elif name == "vat_registered":
        row.provider[name] = _yes(cell)
    elif name == "prior_authority":
        row.facts.facts[name] = True
    elif name.startswith("provider."):
        row.provider[name.removeprefix("provider.")] = cell
    else:
        row.facts.facts[name] = cell


def _expect(expected: Expected, name: str, cell: Any) -> bool:
    family, _, rest = name.partition(".")
    if name == "earned":
        expected.earned = _pence(cell, name)
    elif name in ("scheme", "refused"):
        setattr(expected, name, str(cell))
    elif name == "escape" or family == "flag":
        expected.flags[rest or name] = _yes(cell)
    elif family in ("line", "lines"):
        expected.lines[rest] = _pence(cell, name)
    elif family == "margin":
        expected.margins[rest] = _pence(cell, name)
    elif name in EXPECTED_SUMS:
        expected.sums[EXPECTED_SUMS[name]] = _pence(cell, name)
    else:
        return False
    return True


def _yes(cell: Any) -> bool:
    return cell is True or str(cell).lower() == "true"


def _number(cell: Any, column: str) -> Decimal:
    try:
        found = Decimal(str(cell))
        if isinstance(cell, bool) or not found.is_finite():
            raise ArithmeticError
        return found
    except ArithmeticError:
        raise Refusal("bad-cell", column, f"the cell holds '{cell}', which is no number") from None


def _pence(cell: Any, column: str) -> int:
    return pence_of(_number(cell, column))
