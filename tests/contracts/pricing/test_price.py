"""``legalaid-sim price``: claims in, priced rows out, refusals in their rows, files whole or not at all."""

import csv
import io
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from legalaid_sim.cli.price_command import command
from legalaid_sim.contracts.claimsfile.claims import ClaimRow
from legalaid_sim.contracts.claimsfile.priced import OUTSIDE_TERM, PRICED_COLUMNS, written_whole
from legalaid_sim.contracts.claimsfile.pricer import open_pricer, receipt_name
from legalaid_sim.contracts.language.load import LIBRARY
from legalaid_sim.errors import ContractError, InputError, ResultsError

HEADER = "claim_id,fee_code,in_start_date,in_concluded_date,in_vat_registered,in_net_profit_costs"
HOUSING = "A1,HOUS,2025-12-22,2026-03-01,true,669.01"


ONE_FEE = """\
kind: contract
schema_version: 1
contract: one-fee
term: {starts: 2013-04-01, months: 153}
payments: [{id: fee, kind: fixed_fee, dated_by: contract_started, amount: 157.00}]
"""


def price(folder: Path, text: str, *more: str, contract: str = "civil-scheme") -> Result:
    claims = folder / "claims.csv"
    claims.write_text(text, encoding="utf-8", newline="")
    arguments = [contract, "--claims", str(claims), "--out", str(folder / "priced.csv"), *more]
    return CliRunner().invoke(command, arguments)


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "priced.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_claim_is_priced_into_one_row(tmp_path: Path) -> None:
    result = price(tmp_path, f"{HEADER}\n{HOUSING}\n")
    assert result.exit_code == 0
    assert result.stdout == (
        f"1 claim priced under civil-scheme: {tmp_path / 'priced.csv'}\n"
        f"Columns read: {HEADER.replace(',', ', ')}\n"
    )
    assert rows_of(tmp_path) == [
        {
            "claim_id": "A1", "total": "267.60", "escape": "true", "scheme": "HOUS_FS2025", "fee": "223.00",
            "bolt_ons": "0.00", "extras": "0.00", "total_limit": "0.00", "vat": "44.60",
            "disbursements_allowed": "0.00", "disbursement_vat_allowed": "0.00", "flags": "escape",
            "refusal_code": "", "refusal": "",
        }
    ]  # fmt: skip


def test_the_published_claims_are_priced_in_their_order(tmp_path: Path) -> None:
    text = (LIBRARY / "civil-scheme-claims.csv").read_text(encoding="utf-8")
    assert price(tmp_path, text).exit_code == 0
    ids = [line.split(",")[0] for line in text.splitlines()[1:]]
    assert [row["claim_id"] for row in rows_of(tmp_path)] == ids


def test_refusals_stand_in_their_rows_and_the_others_are_priced(tmp_path: Path) -> None:
    bad = "A0,HOUSE,2020-01-01,,false,1", "A2,HOUS,1999-01-01,,false,1", "A3,HOUS,2020-01-01,,false,x"
    result = price(tmp_path, "\n".join([HEADER, bad[0], HOUSING, bad[1], bad[2]]))
    assert result.exit_code == 1
    assert result.stderr == (
        "3 claims refused (1 bad-value, 1 no-version, 1 not-covered); "
        "see the columns refusal_code and refusal\n"
    )
    found = rows_of(tmp_path)
    assert [row["refusal_code"] for row in found] == ["not-covered", "", "no-version", "bad-value"]
    assert [row["total"] for row in found] == ["", "267.60", "", ""]
    assert found[0]["refusal"] == "civil-scheme: no payment block covers fee code 'HOUSE'; is HOUS meant?"


def test_an_endless_code_does_not_make_an_endless_row(tmp_path: Path) -> None:
    assert price(tmp_path, f"{HEADER}\nA1,{'H' * 100_000},2020-01-01,,false,1\n").exit_code == 1
    assert len(rows_of(tmp_path)[0]["refusal"]) == 500


def test_optional_columns_may_be_missing(tmp_path: Path) -> None:
    text = "claim_id,fee_code,in_start_date,in_net_disbursements\nA1,EDUDIS,2020-01-01,12.34\n"
    assert price(tmp_path, text).exit_code == 0
    assert rows_of(tmp_path)[0]["total"] == "12.34"


def test_an_unusable_header_writes_nothing(tmp_path: Path) -> None:
    result = price(tmp_path, "id,code\nA1,HOUS\n")
    assert isinstance(result.exception, InputError)
    assert "CL001 no-claim-id" in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["claims.csv"]


def test_an_unknown_contract_is_named_with_the_nearest(tmp_path: Path) -> None:
    result = price(tmp_path, f"{HEADER}\n", contract="civil-schem")
    assert isinstance(result.exception, ContractError)
    assert "civil-scheme" in str(result.exception)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = price(tmp_path, f"{HEADER}\n{HOUSING}\n", "--out", str(tmp_path / "none" / "priced.csv"))
    assert isinstance(result.exception, ResultsError)
    assert str(result.exception).endswith("priced.csv: cannot be written: No such file or directory")


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="is a folder; name the file to write"), written_whole(tmp_path):
        raise AssertionError("nothing can be written to a folder")


def test_a_refusal_names_its_column_once(tmp_path: Path) -> None:
    price(tmp_path, "claim_id,fee_code,in_start_date\n1,DEBT,01/05/2024\n")
    assert rows_of(tmp_path)[0]["refusal"] == (
        "in_start_date: '01/05/2024' is no day; a day is written 2025-12-22"
    )


def test_the_claims_are_never_written_over(tmp_path: Path) -> None:
    result = price(tmp_path, f"{HEADER}\n{HOUSING}\n", "--out", str(tmp_path / "claims.csv"))
    assert isinstance(result.exception, ResultsError)
    assert "is the claims file itself; give another name to write to" in str(result.exception)


def test_a_file_that_fails_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    kept = tmp_path / "priced.csv"
    kept.write_text("old", encoding="utf-8")

    def fail(target: IO[str]) -> None:
        target.write("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), written_whole(kept) as target:
        fail(target)
    assert kept.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["priced.csv"]


def test_quotes_and_formulas_in_cells_do_no_harm(tmp_path: Path) -> None:
    formula = '"=HYPERLINK(""http://x"",""a,b"")",HOUS,2025-12-22,2026-03-01,true,1'
    assert price(tmp_path, f'{HEADER}\n{formula}\n"say ""hi""\n",=cmd,,,,\n').exit_code == 1
    first, second = rows_of(tmp_path)
    assert first["claim_id"] == '\'=HYPERLINK("http://x","a,b")'
    assert second["claim_id"] == 'say "hi"'
    raw = (tmp_path / "priced.csv").read_bytes()
    assert raw.startswith(",".join(PRICED_COLUMNS).encode() + b"\r\n")


def test_receipts_say_why(tmp_path: Path) -> None:
    folder = tmp_path / "receipts"
    text = f"{HEADER}\n{HOUSING}\n../../A2,HOUSE,,,,\nA3,HOUS,x,,,\n"
    result = price(tmp_path, text, "--receipts", str(folder))
    assert result.exit_code == 1
    first, second, third = sorted(folder.iterdir())
    assert (first.name, second.name) == ("0000002-A1.txt", "0000003-.._.._A2.txt")
    text = first.read_text(encoding="utf-8")
    assert "standard_fee" in text
    assert "669.01 measured is 0.01 over 669.00: on_assessment" in text
    assert "20% of 223.00 (rate of 2011-01-04, picked by" in text
    assert "no payment block covers fee code 'HOUSE'" in second.read_text(encoding="utf-8")
    assert third.read_text(encoding="utf-8").startswith("refused: bad-value (in_start_date): ")


def test_receipts_need_a_folder(tmp_path: Path) -> None:
    result = price(tmp_path, f"{HEADER}\n{HOUSING}\n", "--receipts", str(tmp_path / "claims.csv"))
    assert isinstance(result.exception, ResultsError)
    assert "no folder can be made there" in str(result.exception)


@given(st.text(max_size=200), st.integers(min_value=1, max_value=10**6))
def test_a_receipt_is_never_written_outside_its_folder(claim_id: str, line: int) -> None:
    name = receipt_name(ClaimRow(claim_id, line, []))
    assert Path(name).name == name
    assert name.isascii()
    assert len(name) < 100


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(st.text(max_size=8), min_size=6, max_size=6), max_size=5))
def test_any_cells_at_all_give_one_row_each(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    folder, text = tmp_path_factory.mktemp("any"), io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([HEADER.split(","), *rows])
    result = price(folder, text.getvalue().encode("utf-8", "replace").decode())
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert result.exit_code == (1 if filled else 0)
    assert len(rows_of(folder)) == len(filled)


def test_a_book_may_be_priced_again_under_a_contract_that_pays_by_category(tmp_path: Path) -> None:
    text = f"{HEADER},category_type\n{HOUSING},HOUSING\nA2,DEBT,2011-10-03,2012-01-10,false,540.01,DEBT\n"
    assert price(tmp_path, text, contract="standard-civil-contract-2010").exit_code == 0
    assert [(row["total"], row["escape"], row["scheme"]) for row in rows_of(tmp_path)] == [
        ("802.81", "true", "2011-10-03"),
        ("540.01", "true", "2011-10-03"),
    ]


def test_a_table_row_without_a_first_day_belongs_to_no_version(tmp_path: Path) -> None:
    contract = tmp_path / "flat.yaml"
    contract.write_text(
        "kind: contract\nschema_version: 1\ncontract: flat\nterm: {starts: 2013-04-01, months: 12}\n"
        "tables:\n  rates:\n    columns: [fee_code, fee]\n    rows:\n      - [HOUS, 157.00]\n"
        "payments:\n  - id: fee\n    kind: fixed_fee\n    applies_to: {fee_code: HOUS}\n"
        "    table: rates\n    amount: {column: fee}\n",
        encoding="utf-8",
    )
    assert price(tmp_path, f"{HEADER}\n{HOUSING}\n", contract=str(contract)).exit_code == 0
    assert [(row["total"], row["scheme"]) for row in rows_of(tmp_path)] == [("157.00", "")]


def test_a_case_opened_outside_the_term_is_priced_and_flagged(tmp_path: Path) -> None:
    days = {
        "2013-03-31": True,
        "2013-04-01": False,
        "2025-12-31": False,
        "2026-01-01": True,
        "2125-12-22": True,
        "": False,
    }
    rows = "".join(f"A{at},DEBT,{day},,false,1\n" for at, day in enumerate(days))
    contract = tmp_path / "one-fee.yaml"
    contract.write_text(ONE_FEE, encoding="utf-8")
    receipts = str(tmp_path / "receipts")
    result = price(tmp_path, f"{HEADER}\n{rows}", "--receipts", receipts, contract=str(contract))
    told = "outside-term: the contract runs from 2013-04-01 to 2025-12-31"
    assert f"3 claims flagged {told}" in result.stderr
    assert [OUTSIDE_TERM in row["flags"] for row in rows_of(tmp_path)] == list(days.values())
    kept = sorted((tmp_path / "receipts").iterdir())
    assert [told in path.read_text(encoding="utf-8") for path in kept] == list(days.values())


def test_columns_that_are_not_read_are_said(tmp_path: Path) -> None:
    result = price(tmp_path, f"{HEADER.upper()},Office,Notes\n{HOUSING},1A,hello\n")
    assert result.exit_code == 0
    assert "Columns read: CLAIM_ID, FEE_CODE," in result.stdout
    assert "Columns not read: Office, Notes\n" in result.stdout
    assert rows_of(tmp_path)[0]["total"] == "267.60"


def test_a_code_that_is_paid_by_costs_is_refused_where_no_column_gives_any(tmp_path: Path) -> None:
    heads = "claim_id,fee_code,in_start_date,in_vat_registered"
    result = price(tmp_path, f"{heads}\nA1,IAXL,2020-01-01,false\nA2,HOUS,2020-01-01,false\n")
    assert result.exit_code == 1
    hourly, fixed = rows_of(tmp_path)
    assert hourly["refusal_code"] == "missing-input"
    assert "pays by what no column gives: in_net_profit_costs" in hourly["refusal"]
    assert fixed["total"] == "157.00"
    assert (
        "1 claim priced at the fee without a test for escape: no column gives costs or time" in result.stdout
    )
    priced = price(tmp_path, f"{heads},in_net_profit_costs\nA1,IAXL,2020-01-01,false,100\n")
    assert "1 claim priced" in priced.stdout
    assert rows_of(tmp_path)[0]["total"] == "100.00"


BY_CATEGORY = """kind: contract
schema_version: 1
contract: by-category
title: Debt by the matter
term: {starts: 2020-04-01, months: 36}
payments:
  - {id: grant, kind: standing_charge, earned: monthly, amount: 10.00}
  - {id: debt_fee, kind: fixed_fee, applies_to: {category: [debt]}, amount: 160.00}
cash: [{id: m, kind: variable_monthly}]
"""


def test_category_is_read_and_what_no_payment_is_about_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(BY_CATEGORY)
    contract = str(tmp_path / "c.yaml")
    assert (
        price(tmp_path, "claim_id,category,in_start_date\nA1,Debt,2020-05-01\n", contract=contract).exit_code
        == 0
    )
    assert rows_of(tmp_path)[0]["total"] == "160.00"
    price(tmp_path, "claim_id,fee_code,in_start_date\nA1,DEBT,2020-05-01\n", contract=contract)
    assert rows_of(tmp_path)[0]["refusal_code"] == "not-covered"
    assert "of debt_fee: category is empty, needs debt" in rows_of(tmp_path)[0]["refusal"]


def test_a_claim_id_that_stands_twice_is_told_and_priced_twice(tmp_path: Path) -> None:
    again = HOUSING.replace("A1", "A2")
    result = price(tmp_path, "\n".join([HEADER, HOUSING, again, HOUSING, HOUSING, again]))
    assert "3 rows have a claim id that stood before (lines 4, 5, 6): each is priced again" in result.stdout
    assert len(rows_of(tmp_path)) == 5


@pytest.mark.parametrize(
    ("days", "form"),
    [
        (("29/4/2019", "1/5/2019"), "dmy"),
        (("4/29/2019", "5/1/2019"), "mdy"),
        (("01-MAY-2024", "02-MAY-2024"), "dmy"),
        (("45413", "45414"), "excel"),
    ],
)
def test_one_remedy_is_told_for_a_file_whose_days_are_all_written_otherwise(
    tmp_path: Path, days: tuple[str, str], form: str
) -> None:
    text = f"{HEADER}\nA1,HOUS,{days[0]},,false,100\nA2,HOUS,{days[1]},,false,100\n"
    refused = price(tmp_path, text)
    assert refused.exit_code == 1
    assert refused.stderr.endswith(f"days of this file are read by --dates {form}\n")
    assert price(tmp_path, text, "--dates", form).exit_code == 0


def test_days_that_may_be_either_are_never_guessed(tmp_path: Path) -> None:
    told = price(tmp_path, f"{HEADER}\nA1,HOUS,4/5/2019,,true,1\n").stderr
    assert "--dates dmy (the day first) or --dates mdy (the month first)" in told
    both = price(tmp_path, f"{HEADER}\nA1,HOUS,29/5/2019,,true,1\nA2,HOUS,5/29/2019,,true,1\n").stderr
    assert "days are written in several ways (dmy, mdy): write them in one" in both


def test_printed_amounts_are_read_when_asked_for(tmp_path: Path) -> None:
    text = f'{HEADER}\nA1,HOUS,2025-12-22,,false,"£1,500.00"\n'
    assert "amounts with a sign or commas are read by --amounts printed" in price(tmp_path, text).stderr
    assert price(tmp_path, text, "--amounts", "printed").exit_code == 0


def test_standard_input_and_output_may_be_used(tmp_path: Path) -> None:
    typed = [sys.executable, "-m", "legalaid_sim", "price", "civil-scheme", "--claims", "-", "--out", "-"]
    text = f"{HEADER}\n{HOUSING}\n"
    done = subprocess.run(typed, input=text, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert [row["total"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["267.60"]
    assert done.stderr.startswith("1 claim priced under civil-scheme: -\nColumns read: claim_id")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04\x14\x00", "an Excel workbook"),
        (b"\x1f\x8b\x08\x00ab", "not UTF-8 text"),
        (b"Claims of May\n", "title"),
    ],
)
def test_files_of_other_kinds_are_told_what_to_do(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(InputError, match=said):
        open_pricer("civil-scheme").price_file(tmp_path / "other", tmp_path / "out.csv")
