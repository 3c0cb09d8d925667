"""A claims file is read row by row; what is wrong with it is said in words."""

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from legalaid_sim.contracts.claimsfile.cells import (
    DAYS,
    NO_DAYS,
    form_of_day,
    read_count,
    read_day,
    read_pence,
)
from legalaid_sim.contracts.claimsfile.claims import (
    Claim,
    open_claims,
    plain_head,
    read_header,
    read_rows,
)
from legalaid_sim.contracts.claimsfile.priced import in_pounds, safe_text
from legalaid_sim.contracts.vocabulary.columns import COSTS, KNOWN, MINUTES, TEXTS
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
    assert claim.vat_registered is None
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
    assert (
        "CL002 no-fee-code  error: no column 'fee_code', and none of 'category'. Is 'feecode' meant? Rename it."
        in said
    )
    assert (
        "CL003 column-twice  error: column 'x' stands in the file more than once. Keep one of them." in said
    )
    assert "CL004 unknown-column  error: no input is called 'in_net_profit_cost'" in said
    assert "Did you mean 'in_net_profit_costs'?" in said


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators_are_recognised(separator: str) -> None:
    said = header_problems(HEADER.replace(",", separator) + "\n")
    assert "CL008 other-separator  error: the columns are not separated by commas. Save it as CSV" in said
    assert "CL001" not in said


def test_a_file_in_another_encoding_is_recognised(tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    file.write_bytes(f"{HEADER}\n".encode("utf-16"))
    with open_claims(file) as lines, pytest.raises(InputError) as caught:
        read_rows(lines, "claims.csv")
    assert "CL005 unreadable-header  error: this is not UTF-8 text" in str(caught.value)


def test_an_empty_file_is_said_to_be_empty() -> None:
    assert "CL006 empty-file  error: there is nothing in the file" in header_problems("")


def test_a_header_beyond_reason_is_unreadable() -> None:
    assert "CL005 unreadable-header" in header_problems("x" * 200_000)


@pytest.mark.parametrize("missing", [True, False])
def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, missing: bool) -> None:
    path = tmp_path / "none.csv" if missing else tmp_path
    with pytest.raises(UnreadableFile) as raised:
        open_claims(path)
    assert f"CL007 unreadable-file  error: {path} cannot be opened: " in str(raised.value)
    assert str(raised.value).endswith(". Name a CSV file.")


def test_columns_that_no_contract_hears_about_are_known() -> None:
    header = read_header(
        ["claim_id", "Fee Code", "IN_START_DATE", "in_shoe_size", "Office", ""], "claims.csv"
    )
    assert header.read == ("claim_id", "Fee Code", "IN_START_DATE")
    assert header.unread == ("in_shoe_size", "Office")


@pytest.mark.parametrize(
    "head", ["Counsel Cost", "COUNSEL_FEES", "counsel_costs", "Total Counsel Costs", "in_net_counsel_cost"]
)
def test_an_input_under_another_name_is_never_passed_over(head: str) -> None:
    said = header_problems(f"claim_id,fee_code,{head}\nA1,HOUS,150\n")
    assert f"no input is called '{head}'. Did you mean 'in_net_counsel_costs'?" in said


@pytest.mark.parametrize("name", [name for name in KNOWN if name not in TEXTS])
def test_heads_are_read_in_any_case_with_blanks_and_without_in(name: str) -> None:
    for head in (
        name.upper(),
        name.replace("_", " ").title(),
        name.removeprefix("in_"),
        name.replace("_", "-"),
    ):
        assert plain_head(head) == name


def test_one_input_under_two_heads_is_refused() -> None:
    said = header_problems("claim_id,fee_code,Category,in_category\nA1,HOUS,housing,debt\n")
    assert (
        "CL003 column-twice  error: columns 'Category' and 'in_category' mean the same. Keep one of them."
        in said
    )


@pytest.mark.parametrize(
    "text", ["N/A", "n.a.", "None", "NULL", "-", "--", "00", "0000", "0.00", "TBC", "nil", "?", "xx"]
)
@pytest.mark.parametrize(
    "column", ["in_prior_authority", "in_region", "category", "in_channel", "in_outcome", "fee_code"]
)
def test_what_systems_write_for_nothing_is_no_fact(column: str, text: str) -> None:
    head, cells = ("claim_id,fee_code", f"A1,{text}") if column == "fee_code" else (
        f"claim_id,fee_code,{column}", f"A1,HOUS,{text}"
    )  # fmt: skip
    refusal = refusal_of(f"{head}\n{cells}\n")
    assert (refusal.code, refusal.rule) == ("bad-value", column)


@pytest.mark.parametrize("column", [*COSTS, *MINUTES, "in_vat_registered", "in_london_rate", "in_start_date"])
def test_what_systems_write_for_nothing_is_no_amount_day_or_answer(column: str) -> None:
    for text in ("N/A", "None", "TBC", "-", "unknown"):
        assert refusal_of(f"claim_id,fee_code,{column}\nA1,HOUS,{text}\n").code == "bad-value"


@pytest.mark.parametrize("text", ["1900-01-01", "1970-01-01", "9999-12-31"])
def test_a_day_that_stands_for_none_is_refused(text: str) -> None:
    assert (
        "what systems write for no day"
        in refusal_of(f"claim_id,fee_code,in_start_date\nA1,HOUS,{text}\n").why
    )


@pytest.mark.parametrize("text", ["PA1234", "111", "yes", "LAA/2024/0012"])
def test_no_form_of_a_reference_is_asked_for(text: str) -> None:
    assert only(f"claim_id,fee_code,in_prior_authority\nA1,ICASD,{text}\n").facts.facts == {
        "prior_authority": True
    }


def test_a_claim_that_is_paid_by_its_category_needs_no_code_and_one_with_neither_is_refused() -> None:
    one, other = claims_of("claim_id,category\nA1,Housing\nA2,\n")
    assert isinstance(one, Claim)
    assert (one.facts.category, one.facts.fee_code) == ("housing", "")
    assert isinstance(other, Refusal)
    assert other.code == "missing-input"


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)))
def test_a_day_is_the_same_in_whatever_form_the_file_writes_it(day: date) -> None:
    assume(day not in NO_DAYS)
    forms = {
        "iso": [f"{day}", f"{day} 00:00:00"],
        "dmy": [
            f"{day:%d/%m/%Y}",
            f"{day.day}/{day.month}/{day.year}",
            f"{day:%d-%b-%Y}".upper(),
            f"{day:%d.%m.%Y}",
        ],
        "mdy": [f"{day:%m/%d/%Y}"],
        "excel": [str((day - date(1899, 12, 30)).days)],
    }
    for form, texts in forms.items():
        assume(form != "excel" or 20_000 <= int(texts[0]) < 80_000)
        assert {DAYS[form](text) for text in texts} == {day}
        for text in texts:
            assert form_of_day(text) in (form, "either")


def test_blank_lines_and_lines_of_commas_are_no_rows() -> None:
    text = f",,,,,\nsep=,\n\n{HEADER}\n,,,,,\nA1,HOUS,,,,\n , ,,,,\n"
    assert only(text).facts.ref == "A1"


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@sum", "\tx", "\rx", "-1+2"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    assert safe_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "V0001", "-12", "-12.50", "a=b"])
def test_other_text_is_left_alone(text: str) -> None:
    assert safe_text(text) == text


@given(st.integers(min_value=0, max_value=10**10))
def test_pounds_written_are_read_back(pence: int) -> None:
    assert read_pence(in_pounds(pence)) == pence
