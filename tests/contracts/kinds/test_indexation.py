"""Values that follow an index: which days, by how much, and what is left as it is written."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from legalaid_sim.contracts.kinds.adjustments.indexation import Collar, collared
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.errors import Refusal
from tests.builders.contracts import AGENCY, matter, terms

TEXT = """
    values:
      rate: RATE
    series:
      cpi: {dated: {2026-03-01: 3.0, 2027-03-01: -2.0, 2027-12-01: 7.5}}
    payments: [{id: fee, kind: fixed_fee, amount: {value: rate}}]
    adjustments:
      - id: index
        kind: indexation
        on: {values: [rate]}
        index: cpi
        starts: 2026-10-01
        MORE
"""


def made(more: str = "", rate: str = "{dated: {2026-04-01: 100.00}}") -> CompiledTerms:
    return terms(TEXT.replace("MORE", more).replace("RATE", rate))


def fee(terms_made: CompiledTerms, *day: int, **known: object) -> int:
    return terms_made.price(matter(opened=date(*day), closed=date(2029, 5, 1), **known), AGENCY).earned


def test_it_follows_every_so_many_months_until_the_term_ends() -> None:
    yearly, half = made(), made("every_months: 6")
    assert [fee(yearly, *day) for day in ((2026, 9, 30), (2026, 10, 1), (2027, 9, 30), (2027, 10, 1))] == [
        10000, 10300, 10300, 10094,
    ]  # fmt: skip
    assert [fee(half, *day) for day in ((2027, 3, 31), (2027, 4, 1), (2027, 10, 1), (2028, 4, 1))] == [
        10300, 10094, 9892, 10634,
    ]  # fmt: skip
    # The term ends with March 2029, and so do the days of the index.
    assert fee(half, 2029, 4, 1) == fee(half, 2028, 10, 1) == 11432
    assert fee(made("every_months: 30"), 2029, 4, 1) == 10300


@pytest.mark.parametrize("share", [0, 40, 100])
@pytest.mark.parametrize("step", ["0.01", "0.05", "1"])
def test_a_change_is_taken_in_part_and_rounded_to_the_step_halves_up(share: int, step: str) -> None:
    found = fee(made(f"share_percent: {share}\n        rounds_to: {step}", "{amount: 77.77}"), 2026, 12, 1)
    exact = Fraction("77.77") * (1 + Fraction(3, 100) * share / 100)
    steps = exact / Fraction(step) + Fraction(1, 2)
    assert found == (steps.numerator // steps.denominator) * Fraction(step) * 100


def test_a_version_that_is_written_on_an_index_day_stands() -> None:
    written = made(rate="{dated: {2026-04-01: 100.00, 2027-10-01: 50.00}}")
    assert fee(written, 2027, 10, 1) == 5000
    assert fee(written, 2028, 10, 1) == 5375
    before = made(rate="{dated: {2027-04-01: 100.00}}")
    assert fee(before, 2027, 4, 1) == 10000
    assert fee(before, 2027, 10, 1) == 9800


def test_every_region_follows() -> None:
    by_region = made(rate="{by_region: {london: 10.00, elsewhere: 20.00}}")
    assert [fee(by_region, 2026, 10, 1, region=region) for region in ("london", "elsewhere")] == [1030, 2060]
    assert fee(by_region, 2026, 9, 30, region="london") == 1000


@pytest.mark.parametrize("change", ["-5", "-1", "0", "1.5", "4", "9"])
def test_a_collar_holds_a_change_between_its_ends(change: str) -> None:
    percent = Decimal(change)
    for low in (None, Decimal(-2), Decimal(0)):
        for high in (None, Decimal(0), Decimal(4)):
            found = collared(percent, Collar.model_construct(at_least=low, at_most=high))
            assert low is None or found >= low
            assert high is None or found <= high
            inside = (low is None or percent >= low) and (high is None or percent <= high)
            assert found == percent if inside else found in (low, high)


def test_what_cannot_follow_is_refused() -> None:
    with pytest.raises(Refusal, match="there is no series 'rpi'"):
        terms(TEXT.replace("index: cpi", "index: rpi").replace("MORE", "").replace("RATE", "{amount: 1.00}"))
    with pytest.raises(Refusal, match="the series has no figure on or before 2026-02-01"):
        terms(TEXT.replace("2026-10-01", "2026-02-01").replace("MORE", "").replace("RATE", "{amount: 1.00}"))
    with pytest.raises(Refusal, match="there is no entry 'fare' under values"):
        terms(TEXT.replace("[rate]", "[fare]").replace("MORE", "").replace("RATE", "{amount: 1.00}"))
