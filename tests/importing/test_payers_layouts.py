"""The payer's own files, with every trap seen in real ones: each row that has what its fee code needs is priced."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from legalaid_sim.cli.price_command import command as price
from legalaid_sim.importing.fields import BULK, EXPORT, FIELDS
from tests.importing.making import bulk, export, outcome, published, rows_of, typed

PUBLISHED = published()


def priced(folder: Path, claims: Path) -> tuple[Result, list[dict[str, str]]]:
    result = CliRunner().invoke(
        price, ["civil-scheme", "--claims", str(claims), "--out", str(folder / "priced.csv")]
    )
    return result, rows_of(folder / "priced.csv")


def sayable(fields: Sequence[str]) -> list[dict[str, str]]:
    """Published claims that say nothing for which a layout has no place."""
    columns = {FIELDS[name].column for name in fields}
    return [
        row for row in PUBLISHED
        if not any(text for name, text in row.items() if name.startswith("in_") and name not in columns)
    ]  # fmt: skip


@pytest.mark.parametrize("layout", ["bulk", "export"])
def test_every_claim_is_priced_as_it_was_before_it_was_imported(tmp_path: Path, layout: str) -> None:
    # Days are moved by up to two months and the price is the same: none is moved over a change of fees.
    rows = sayable(list((BULK if layout == "bulk" else EXPORT).values()))
    assert len(rows) > 300
    text = bulk(outcome(n, row) for n, row in enumerate(rows)) if layout == "bulk" else export(rows)
    assert typed(tmp_path, text, "--shift-days", 60).exit_code == 0
    _, found = priced(tmp_path, tmp_path / "out/claims.csv")
    assert [row["refusal_code"] for row in found] == [row.get("expected_refusal", "") for row in rows]
    wanted = [f"{float(row['expected_total']):.2f}" if row["expected_total"] else "" for row in rows]
    assert [row["total"] for row in found] == wanted
    moved = [row["in_start_date"] for row in rows_of(tmp_path / "out/claims.csv")]
    assert len([1 for there, row in zip(moved, rows) if there != row["in_start_date"]]) > len(rows) / 3


def test_all_traps_of_one_file_are_told_by_line_and_the_rest_is_priced(tmp_path: Path) -> None:
    good = next(row for row in PUBLISHED if row["fee_code"] == "HOUS")
    again = outcome(1, good)
    lines = [
        outcome(0, good) + ",VAT_INDICATOR=" + good["in_vat_registered"],  # 3: a key twice, alike
        again,
        again,  # 5: the same claim once more
        ",,,,",  # 6
        "",  # 7
        outcome(2, good, FEE_CODE=""),  # 8
        "MATTERSTARTS,SCHEDULE_REF=0P322F/2024/01,MAT=2",  # 9
        outcome(3, good) + ",FEE_CODE=DEBT",  # 10: a key twice, in two ways
        outcome(4, good, PRIOR_AUTHORITY_REF="N/A"),  # 11
        outcome(5, good, UFN="", CASE_ID=""),  # 12
        outcome(6, good, CASE_START_DATE="soon"),  # 13
        outcome(7, good, WORK_CONCLUDED_DATE="1/1/2001"),  # 14
        outcome(8, good, FEE_CODE="QUEX"),  # 15
        outcome(9, good, PROFIT_COST="12.345"),  # 16
        "Quexleigh rang again",  # 17
        outcome(10, good, WORK_CONCLUDED_DATE="00/00/0000"),  # 18
        outcome(11, good) + ',"CLIENT_SURNAME=never closed',  # 19
    ]
    result = typed(tmp_path, bulk(lines))
    assert result.exit_code == 1
    said = result.stdout
    for words in (
        "Read as claims sent in bulk",
        "Lines that are no claims, left: 1 MATTERSTARTS",
        "Lines of no known kind, left: 1",
        "Left: 1 row (line 10): a key stands twice and says two things",
        "Left: 1 row (line 12): no number by which the case is told from others",
        "Left: 1 row (line 13): start_date is no day written 22/12/2025",
        "Left: 1 row (line 14): closed before it was opened",
        "Left: 1 row (line 16): net_profit_costs is no amount such as 157.00",
        "is a quotation mark never closed",
        "Taken as empty: prior_authority in 1 row (line 11): what systems write for nothing",
        "Taken as empty: concluded_date in 1 row (line 18): what systems write for nothing",
        "Taken as empty: fee_code in 1 row (line 15): no contract known here has it",
        "Stood before: 1 row (line 5): the same case number; each is kept",
        "Not among the claims: 2 rows (lines 8, 15): neither a fee code nor a category",
    ):
        assert words in said, said
    outcome_of, found = priced(tmp_path, tmp_path / "out/claims.csv")
    # The last of them has no day on which it was concluded, and its fee needs one.
    assert [row["refusal_code"] for row in found] == ["", "", "", "", "missing-date"], outcome_of.stderr
    assert len(rows_of(tmp_path / "out/cases.csv")) == 7


def test_a_nil_submission_is_read_as_no_claims(tmp_path: Path) -> None:
    result = typed(
        tmp_path, "OFFICE,account=2Q271M,,\nSCHEDULE,submissionPeriod=FEB-2025,areaOfLaw=LEGAL HELP"
    )
    assert result.exit_code == 0
    assert "0 rows" in result.stdout
    assert rows_of(tmp_path / "out/claims.csv") == []


def test_days_written_month_first_are_found_out_by_the_file_numbers(tmp_path: Path) -> None:
    good = next(row for row in PUBLISHED if row["fee_code"] == "HOUS")
    lines = [
        outcome(n, good, CASE_START_DATE=f"3/{n}/2019", UFN=f"{n:02d}0319/{n:03d}", WORK_CONCLUDED_DATE="")
        for n in (1, 2, 4, 5, 6, 7)
    ]
    result = typed(tmp_path, bulk(lines))
    assert (
        "Doubtful: 6 rows (lines 3-8): file number and start day have day and month the other way"
        in result.stdout
    )
    assert "is it --dates mdy?" in result.stdout
    again = typed(tmp_path, bulk(lines), "--dates", "mdy", out="again")
    assert "Doubtful" not in again.stdout


def test_void_claims_are_left(tmp_path: Path) -> None:
    head = "Unique File Number,Fee Code,Case Start Date,Is Void\n"
    text = f"{head}010120/001,DEBT,01/01/2020,Y\n010120/002,DEBT,01/01/2020,N\n"
    result = typed(tmp_path, text)
    assert "Left: 1 row (line 2): void" in result.stdout
    assert len(rows_of(tmp_path / "out/cases.csv")) == 1
