"""A claims file is read row by row; what is wrong with it is said in words."""

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.contracts.claims import (
    Claim,
    open_claims,
    read_count,
    read_day,
    read_pence,
    read_rows,
    unread_columns,
)
from legalaid_sim.contracts.priced import in_pounds, safe_text
from legalaid_sim.errors import InputError, Refusal, UnreadableFile

HEADER = "claim_id,fee_code,in_start_date,in_concluded_date,in_vat_registered,in_net_profit_costs"


def claims_of(text: str) -> list[Claim | Refusal]:
    header, rows = read_rows(io.StringIO(text, newline=""), "claims.csv")
    read: list[Claim | Refusal] = []
    for row in rows:
        try:
            read.append(header.claim(row))
        except Refusal as refusal:
            read.append(refusal)
    return read


def only(text: str) -> Claim:
    (claim,) = claims_of(text)
    assert isinstance(claim, Claim)
    return claim


def refusal_of(text: str) -> Refusal:
    (refusal,) = claims_of(text)
    assert isinstance(refusal, Refusal)
    return refusal


def header_problems(text: str) -> str:
    with pytest.raises(InputError) as caught:
        read_rows(io.StringIO(text, newline=""), "claims.csv")
    return str(caught.value)


def test_cells_become_the_facts_of_a_matter() -> None:
    claim = only(f"{HEADER}\nA1,HOUS,2025-12-22,2026-03-01,true,669.01\n")
    assert claim.vat_registered is True
    assert claim.facts.fee_code == "HOUS"
    assert claim.facts.opened == date(2025, 12, 22)
    assert claim.facts.closed == date(2026, 3, 1)
    assert claim.facts.costs == {"profit": 66901}


def test_what_a_cell_leaves_open_is_not_a_fact() -> None:
    claim = only(f"{HEADER}\nA1,HOUS,,,,\n")
    assert claim == Claim(claim.facts, None)
    assert (claim.facts.opened, claim.facts.costs, claim.facts.region) == (None, {}, "")


def test_counts_texts_minutes_and_authority_have_their_places() -> None:
    claim = only(
        "record_id,fee_code,in_n_cmrh_oral,in_n_substantive_hearing,in_prior_authority,in_london_rate,category_type,"
        "in_profit_minutes,in_mediation_sessions\nA1,IACF,4,true,PA1,false,ASYLUM,90,2.0\n"
    )
    assert claim.facts.counts == {"cmrh_oral": 4, "substantive_hearing": 1, "mediation_session": 2}
    assert claim.facts.facts == {"prior_authority": True}
    assert claim.facts.region == "elsewhere"
    assert (claim.facts.category, claim.facts.minutes) == ("asylum", {"profit": 90})


@pytest.mark.parametrize(("cell", "facts"), [("PA1", {"prior_authority": True}), ("no", {}), ("", {})])
def test_a_reference_is_authority_and_a_no_is_none(cell: str, facts: dict[str, bool]) -> None:
    assert only(f"claim_id,fee_code,in_prior_authority\nA1,ICASD,{cell}\n").facts.facts == facts


@pytest.mark.parametrize(
    ("text", "pence"),
    [("157", 15700), ("157.5", 15750), ("157.05", 15705), ("0.10", 10), (".5", 50), ("2.500", 250)],
)
def test_money_is_read_exactly(text: str, pence: int) -> None:
    assert read_pence(text) == pence


@pytest.mark.parametrize(
    "text", ["-1", "+1", "1,000", "1.005", "£5", "1e3", "NaN", "inf", "0x1", "1.2.3", "\uff11", "1" * 12]
)
def test_what_is_no_money_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no amount; money is written 157\.00, without sign or comma"):
        read_pence(text)


@pytest.mark.parametrize("text", ["-1", "1.5", "two", "1e2"])
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no count; write a whole number such as 2"):
        read_count(text)


@pytest.mark.parametrize("text", ["22/12/2025", "2025-12-22T00:00", "20251222", "yesterday"])
def test_what_is_not_written_as_a_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no day; a day is written 2025-12-22"):
        read_day(text)


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="'2025-02-30' is not a day of the calendar"):
        read_day("2025-02-30")


def test_every_bad_cell_of_a_row_is_named() -> None:
    refusal = refusal_of(f"{HEADER}\nA1,HOUS,22/12/2025,2026-03-01,maybe,£5\n")
    assert refusal.code == "bad-value"
    assert "in_start_date: '22/12/2025' is no day" in refusal.why
    assert "in_vat_registered: 'maybe' is neither true nor false" in refusal.why
    assert "in_net_profit_costs: '£5' is no amount" in refusal.why


def test_a_case_that_ends_before_it_starts_is_refused() -> None:
    refusal = refusal_of(f"{HEADER}\nA1,HOUS,2026-03-01,2025-12-22,true,1\n")
    assert refusal.why == "the case ended on 2025-12-22, before it started on 2026-03-01"


def test_a_claim_without_an_id_is_refused() -> None:
    assert refusal_of(f"{HEADER}\n ,HOUS,,,,\n").code == "missing-input"


def test_a_short_row_is_refused_and_the_next_one_read() -> None:
    short, whole = claims_of(f"{HEADER}\nA1,HOUS,2025-12-22\nA2,DEBT,,,,\n")
    assert isinstance(short, Refusal)
    assert (short.code, short.why) == ("unreadable-row", "line 2 has 3 cells where the header has 6")
    assert isinstance(whole, Claim)


def test_a_quotation_mark_that_is_never_closed_is_named() -> None:
    first, swallowing = claims_of(f'{HEADER},notes\nA1,HOUS,,,,,x\nA2,HOUS,,,,,"open\nA3,DEBT,,,,,\n')
    assert isinstance(first, Claim)
    assert isinstance(swallowing, Refusal)
    said = "lines 3 to 4 cannot be read (unexpected end of data): is a quotation mark never closed?"
    assert (swallowing.code, swallowing.why) == ("unreadable-row", said)


def test_a_quotation_mark_in_the_middle_of_a_cell_spoils_only_its_row() -> None:
    broken, whole = claims_of(f'{HEADER}\nA1,"HOUS"E,,,,\nA2,DEBT,,,,\n')
    assert isinstance(broken, Refusal)
    assert broken.why == "line 2 cannot be read: ',' expected after '\"'"
    assert isinstance(whole, Claim)


def test_a_long_cell_is_cut_in_the_message() -> None:
    refusal = refusal_of(f"{HEADER}\nA1,HOUS,,,,{'9' * 5000}\n")
    assert f"'{'9' * 40}…' is no amount" in refusal.why
    assert len(refusal.why) < 200


def test_a_cell_beyond_reason_spoils_only_its_row() -> None:
    long, whole = claims_of(f"{HEADER}\nA1,{'X' * 200_000},,,,\nA2,DEBT,,,,\n")
    assert isinstance(long, Refusal)
    assert long.why == "line 2 cannot be read: field larger than field limit (131072)"
    assert isinstance(whole, Claim)


def test_blank_lines_windows_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    file.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}\r\n\r\nA1,HOUS,,,,\r\n\r\n".encode())
    with open_claims(file) as lines:
        header, rows = read_rows(lines, "claims.csv")
        assert [row.claim_id for row in rows] == ["A1"]
    assert header.claim_id == 0


def test_a_byte_that_is_not_utf8_spoils_only_its_cell(tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    file.write_bytes(f"{HEADER}\nA1,HOUS,,,,\xa35\nA2,DEBT,,,,\n".encode("latin-1"))
    with open_claims(file) as lines:
        header, rows = read_rows(lines, "claims.csv")
        first, second = rows
        assert header.claim(second).facts.fee_code == "DEBT"
        with pytest.raises(Refusal, match="bad-value"):
            header.claim(first)


def test_header_problems_are_all_said_at_once() -> None:
    said = header_problems("claimid,feecode,in_net_profit_cost,x,x\n")
    assert "CL001 no-claim-id  error: no column 'claim_id' (or 'record_id')" in said
    assert "Is 'claimid' meant? Rename it." in said
    assert "CL002 no-fee-code  error: no column 'fee_code' Is 'feecode' meant? Rename it." in said
    assert "CL003 column-twice  error: column 'x' stands in the file more than once Keep one of them." in said
    assert "CL004 unknown-column  error: no input is called 'in_net_profit_cost'" in said
    assert "Did you mean 'in_net_profit_costs'?" in said


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators_are_recognised(separator: str) -> None:
    said = header_problems(HEADER.replace(",", separator) + "\n")
    assert "CL008 other-separator  error: the columns are not separated by commas Save it as CSV" in said
    assert "CL001" not in said


def test_a_file_in_another_encoding_is_recognised(tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    file.write_bytes(f"{HEADER}\n".encode("utf-16"))
    with open_claims(file) as lines, pytest.raises(InputError) as caught:
        read_rows(lines, "claims.csv")
    assert "CL005 unreadable-header  error: this is not UTF-8 text" in str(caught.value)


def test_an_empty_file_is_said_to_be_empty() -> None:
    assert "CL006 empty-file  error: there is nothing on the first line" in header_problems("")


def test_a_header_beyond_reason_is_unreadable() -> None:
    assert "CL005 unreadable-header" in header_problems("x" * 200_000)


@pytest.mark.parametrize("missing", [True, False])
def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, missing: bool) -> None:
    path = tmp_path / "none.csv" if missing else tmp_path
    with pytest.raises(UnreadableFile, match=r"CL007 unreadable-file  error: .* Check the path\."):
        open_claims(path)


def test_columns_that_no_contract_hears_about_are_known() -> None:
    assert unread_columns(["claim_id", "in_start_date", "in_shoe_size"]) == ("in_shoe_size",)


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@sum", "\tx", "\rx", "-1+2"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    assert safe_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "V0001", "-12", "-12.50", "a=b"])
def test_other_text_is_left_alone(text: str) -> None:
    assert safe_text(text) == text


@given(st.integers(min_value=0, max_value=10**10))
def test_pounds_written_are_read_back(pence: int) -> None:
    assert read_pence(in_pounds(pence)) == pence
