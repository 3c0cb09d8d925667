"""What a table or a history gives on a day, held against a search through everything that is written."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from legalaid_sim.contracts.pricing.terms import compile_terms
from legalaid_sim.contracts.tools import lookups
from legalaid_sim.contracts.tools.amounts import pence_of
from legalaid_sim.contracts.tools.lookups import ColumnLookup, Constant, History, Regional, Rows, ValueRow
from legalaid_sim.contracts.tools.pricing_state import PricingState
from legalaid_sim.contracts.vocabulary.facts import ProviderFacts
from legalaid_sim.errors import Refusal
from tests.builders.contracts import AGENCY, contract, matter, payment, terms

FIRST = date(2026, 1, 1)
ONE = timedelta(days=1)
NUMBERS = st.integers(0, 9)


def day(number: int) -> date:
    return FIRST + number * ONE


def case(provider: ProviderFacts = AGENCY, **known: object) -> PricingState:
    return PricingState(matter(**known), provider, FIRST)


@given(st.none() | st.integers(0, 99))
def test_an_empty_cell_is_nought_to_who_asks_for_a_number_and_nothing_to_who_asks_for_it(
    cell: int | None,
) -> None:
    row = ValueRow({"code": "A", "fee": cell}, date.min, date.max, "")
    looked = ColumnLookup(Rows("table", ("fee_code",), ("fee_code", "fee"), [row]), "fee", int)
    assert looked.on(FIRST, case()) == cell
    assert looked.or_nought(FIRST, case()) == (0 if cell is None else cell)


# ---- histories ----------------------------------------------------------------------------------------------------


@given(st.dictionaries(NUMBERS, st.integers(0, 99), min_size=1, max_size=5), st.integers(-2, 12))
def test_the_version_in_force_is_the_last_that_started(written: dict[int, int], asked: int) -> None:
    history = History("rate", {day(number): value for number, value in written.items()})
    started = sorted(number for number in written if number <= asked)
    if started:
        assert history.on(day(asked), case()) == written[started[-1]]
        assert history.version(day(asked), case()) == str(day(started[-1]))
    else:
        with pytest.raises(Refusal, match=f"the first version starts on {day(min(written))}"):
            history.on(day(asked), case())
        assert history.version(day(asked), case()) == ""
    assert history.before(day(asked), case()) == (written[started[-2]] if len(started) > 1 else None)
    assert history.changes() == tuple(day(number) for number in sorted(written))


def test_a_figure_that_is_still_expected_is_refused_from_its_day_on() -> None:
    history = History("rate", {day(0): 1, day(5): None})
    assert history.on(day(4), case()) == 1
    with pytest.raises(Refusal, match=f"the figure of {day(5)} is still 'expected'"):
        history.on(day(5), case())


def test_what_never_changes_has_no_versions() -> None:
    assert Constant(7).on(day(0), case()) == 7
    assert (Constant(7).version(day(0), case()), Constant(7).changes()) == ("", ())
    assert Constant(7).before(day(0), case()) is None


def test_a_region_of_the_matter_comes_before_that_of_the_provider() -> None:
    rate = Regional("rate", {"north": History("n", {day(0): 1, day(3): 2}), "south": Constant(9)})
    north = ProviderFacts(region="north")
    assert rate.on(day(4), case(north)) == 2
    assert rate.on(day(4), case(north, region="south")) == 9
    assert (rate.version(day(4), case(north)), rate.before(day(4), case(north))) == (str(day(3)), 1)
    assert rate.changes() == (day(0), day(3))


# ---- tables -------------------------------------------------------------------------------------------------------

SPANS = st.lists(st.tuples(st.sampled_from(["X", "Y", ""]), NUMBERS, NUMBERS), min_size=1, max_size=6)


@given(SPANS, st.integers(-1, 10), st.sampled_from(["X", "Y", "Z"]))
@example([("X", 0, 9), ("X", 3, 9), ("X", 1, 9)], 5, "X")
def test_a_table_gives_the_row_in_force_that_started_last(
    spans: list[tuple[str, int, int]], asked: int, code: str
) -> None:
    rows = [ValueRow({"fee_code": key, "n": n}, day(a), day(b), "") for n, (key, a, b) in enumerate(spans)]
    found = Rows("rates", ("fee_code",), ("fee_code", "n"), rows).find(day(asked), case(fee_code=code))
    # A row that names the code comes before one for all codes.
    for key in (code, ""):
        standing = [
            row for row in rows if row.cells["fee_code"] == key and row.starts <= day(asked) <= row.last
        ]
        if standing:
            assert found is not None
            assert found in standing
            assert found.starts == max(row.starts for row in standing)
            return
    assert found is None


def test_further_keys_pick_among_rows_and_an_empty_one_fits_all() -> None:
    cells = [("X", "london", 1), ("X", None, 2), ("Y", "london", 3)]
    rows = [
        ValueRow({"fee_code": code, "region": region, "fee": fee}, date.min, date.max, "")
        for code, region, fee in cells
    ]
    table = Rows("rates", ("fee_code", "region"), ("fee_code", "region", "fee"), rows)
    fee = ColumnLookup(table, "fee", int)
    assert fee.on(day(0), case(fee_code="X", region="london")) == 1
    assert fee.on(day(0), case(fee_code="X", region="elsewhere")) == 2
    assert fee.on(day(0), case(ProviderFacts(region="london"), fee_code="Y")) == 3
    with pytest.raises(Refusal, match="no row of 'Y' has region 'elsewhere'"):
        fee.on(day(0), case(fee_code="Y"))


def test_a_code_that_no_row_has_is_told_by_the_first_key() -> None:
    row = ValueRow({"fee_code": "X", "region": "london"}, date.min, date.max, "")
    table = Rows("rates", ("fee_code", "region"), ("fee_code", "region"), [row])
    with pytest.raises(Refusal, match="no row has fee_code 'Z'"):
        table.row(day(0), case(fee_code="Z", region="london"))


TABLE = """
    tables:
      rates: {key: [fee_code], COLUMNS}
    payments: [{id: fee, kind: fixed_fee, table: rates, amount: {column: fee}}]
"""


def test_a_row_is_in_force_from_the_day_it_names_to_the_day_it_names() -> None:
    made = terms(
        TABLE.replace(
            "COLUMNS",
            "starts: since, ends: last, version: scheme, columns: [fee_code, fee, since, last, scheme], "
            "rows: [[X, 1.00, 2026-05-01, 2026-05-31, old], [X, 2.00, 2026-06-01, null, new]]",
        )
    )
    for opened, pence, scheme in (
        (date(2026, 5, 1), 100, "old"), (date(2026, 5, 31), 100, "old"), (date(2026, 6, 1), 200, "new"),
    ):  # fmt: skip
        priced = made.price(matter(fee_code="X", opened=opened), AGENCY)
        assert (priced.earned, priced.scheme) == (pence, scheme)
    with pytest.raises(Refusal, match="'X' has rows from 2026-05-01, none on 2026-04-30"):
        made.price(matter(fee_code="X", opened=date(2026, 4, 30)), AGENCY)
    ended = terms(
        TABLE.replace("COLUMNS", "ends: last, columns: [fee_code, fee, last], rows: [[X, 1.00, 2026-05-31]]")
    )
    assert ended.price(matter(fee_code="X", opened=date(2026, 5, 31)), AGENCY).earned == 100
    with pytest.raises(Refusal, match="none on 2026-06-01"):
        ended.price(matter(fee_code="X", opened=date(2026, 6, 1)), AGENCY)


def test_the_first_column_that_is_missing_is_named() -> None:
    with pytest.raises(Refusal, match="the table has no column 'since'"):
        terms(
            TABLE.replace("COLUMNS", "starts: since, ends: last, columns: [fee_code, fee], rows: [[X, 1.00]]")
        )


@pytest.mark.parametrize(
    ("columns", "rule", "why"),
    [
        ("columns: [fee_code, fee], rows: [[X, 1.00], [Y]]", "rates", "row 2 has 1 of the 2 cells"),
        ("columns: [fee_code, fee], rows: [[X, 1.00, 2.00]]", "rates", "row 1 has 3 of the 2 cells"),
        ("starts: since, columns: [fee_code, fee, since], rows: [[X, 1.00, soon]]", "since", "holds 'soon'"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_column_or_its_number(
    columns: str, rule: str, why: str
) -> None:
    with pytest.raises(Refusal, match=why) as refused:
        terms(TABLE.replace("COLUMNS", columns))
    assert refused.value.rule == rule


@pytest.mark.parametrize(("table", "named"), [("", ""), ("table: tariff, ", "tariff")])
def test_a_column_of_a_table_that_is_not_there_is_refused(table: str, named: str) -> None:
    with pytest.raises(Refusal, match=f"a column is read but there is no table '{named}'"):
        payment(f"- {{id: fee, kind: fixed_fee, {table}amount: {{column: fee}}}}")


def test_a_value_gives_its_amount_and_one_without_a_number_is_refused() -> None:
    text = "values: {{rate: {{{}}}}}\npayments: [{{id: fee, kind: fixed_fee, amount: {{value: rate}}}}]"
    assert terms(text.format("amount: 7.50")).price(matter(), AGENCY).earned == 750
    with pytest.raises(Refusal, match="the entry holds no number"):
        terms(text.format(""))


def test_a_factor_multiplies_every_sum_of_money_to_the_nearest_penny() -> None:
    made = contract(
        "payments: [{id: help, kind: hourly, rates: {profit: 10.01}, limits: {profit: {at_most: 25.01}}}]"
    )
    for factor, hour, most in (
        (Fraction(0), 0, 0),
        (Fraction(1), 1001, 2501),
        (Fraction(2), 2002, 5002),
        (Fraction(3, 2), 1502, 3752),
    ):
        priced = compile_terms(made, factor=factor)
        assert priced.price(matter(minutes={"profit": 60}), AGENCY).earned == hour
        assert priced.price(matter(minutes={"profit": 600}), AGENCY).earned == most


def test_a_row_that_is_not_in_force_is_told_with_the_days_that_are() -> None:
    rows = [ValueRow({"fee_code": "X"}, day(2), day(4), ""), ValueRow({"fee_code": "X"}, day(6), day(8), "")]
    table = Rows("rates", ("fee_code",), ("fee_code",), rows)
    for asked in (1, 5, 9):
        with pytest.raises(Refusal, match=f"'X' has rows from {day(2)} to {day(8)}, none on {day(asked)}"):
            table.row(day(asked), case(fee_code="X"))
    for asked in (2, 4, 6, 8):
        assert table.row(day(asked), case(fee_code="X")) in rows
    local = Rows("rates", ("fee_code", "region"), ("fee_code", "region"), [
        ValueRow({"fee_code": "X", "region": "north"}, day(2), day(4), "")
    ])  # fmt: skip
    for asked, why in ((1, "none on"), (2, "has region 'south'"), (4, "has region 'south'"), (5, "none on")):
        with pytest.raises(Refusal, match=why):
            local.row(day(asked), case(fee_code="X", region="south"))
    assert table.days == (day(2), day(5), day(6), day(9))
    always = Rows(
        "rates", ("fee_code",), ("fee_code",), [ValueRow({"fee_code": "X"}, date.min, date.max, "")]
    )
    assert always.days == ()


def test_a_table_that_remembers_forgets_before_it_grows_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "MOST_REMEMBERED", 3)
    rows = [ValueRow({"fee_code": "X", "n": n}, day(n), day(n), "") for n in range(9)]
    table = Rows("rates", ("fee_code",), ("fee_code", "n"), rows)
    for n in range(9):
        assert table.row(day(n), case(fee_code="X")).cells["n"] == n
        assert len(table.seen) <= 3
    assert table.row(day(8), case(fee_code="X")) is table.row(day(8), case(fee_code="X"))


def test_a_version_is_as_written_or_the_first_day() -> None:
    assert ValueRow({}, day(3), date.max, "2026A").version == "2026A"
    assert ValueRow({}, day(3), date.max, "").version == str(day(3))
    assert ValueRow({}, date.min, date.max, "").version == ""


def test_an_empty_cell_is_no_number_and_words_are_none_either() -> None:
    row = ValueRow({"a": "", "b": None, "c": "1.25", "d": Decimal("0"), "e": "one"}, date.min, date.max, "")
    assert [row.number(column, pence_of) for column in "abcd"] == [None, None, 125, 0]
    assert row.number("nowhere", pence_of) is None
    with pytest.raises(Refusal, match="the cell holds 'one', which is no number"):
        row.number("e", pence_of)
    # The same cell may be read as money and as a count.
    assert (row.number("c", pence_of), row.number("c", int)) == (125, 1)
