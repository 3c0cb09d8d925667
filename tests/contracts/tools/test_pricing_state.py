"""A matter on its way through a contract: which day picks a version, what is entered, what limits take off."""

from datetime import date

import pytest

from legalaid_sim.contracts.tools.pricing_state import BASE, ESCAPE, TAX, PricingState, ReceiptRow
from legalaid_sim.errors import Refusal
from tests.builders.contracts import AGENCY, CLOSED, OPENED, matter, payment

STARTS = date(2026, 4, 1)
LATER = date(2026, 9, 1)


def test_the_day_that_picks_a_version_is_the_one_that_is_named() -> None:
    case = PricingState(matter(), AGENCY, STARTS)
    assert case.day("matter_opened", "fee") == OPENED
    assert case.day("matter_closed", "fee") == case.day("event", "fee") == CLOSED
    assert case.day("contract_started", "fee") == STARTS
    # A day that is given stands in for a closing that is not known, and is the day of what happens.
    running = PricingState(matter(closed=None), AGENCY, STARTS, on=LATER)
    assert running.day("matter_closed", "fee") == running.day("event", "fee") == LATER
    done = PricingState(matter(), AGENCY, STARTS, on=LATER)
    assert (done.day("matter_closed", "fee"), done.day("month_ended", "fee")) == (CLOSED, LATER)
    with pytest.raises(Refusal, match="its version is picked by matter_closed, and that day is not given"):
        PricingState(matter(closed=None), AGENCY, STARTS).day("matter_closed", "fee")


def test_what_is_entered_is_summed_and_nothing_is_not_entered() -> None:
    case = PricingState(matter(costs={"profit": 100}), AGENCY, STARTS)
    for phase, pence in ((BASE, 500), (TAX, 100), (ESCAPE, -50), (BASE, 0)):
        case.pay(phase, "fee", pence, "fees")
    assert len(case.entries) == 3
    assert case.sum_of(lambda entry: True) == 550
    assert case.sum_of(lambda entry: entry.phase == TAX) == 100
    assert (case.cost("profit"), case.cost("counsel"), case.cell("anything")) == (100, None, None)
    case.tell(BASE, "fee", 500, "as written")
    assert case.trace is None
    told = PricingState(matter(), AGENCY, STARTS, trace=[])
    told.tell(BASE, "fee", 500, "as written")
    assert told.trace == [ReceiptRow(BASE, "fee", 500, "as written")]


LIMITED = """
    - id: help
      kind: hourly
      headings: [profit, travel]
      limits: {{total: {{at_most: 100.00, on: [fees, disbursements]}}}}
    - {{id: out, kind: disbursements}}
"""


@pytest.mark.parametrize(
    ("profit", "out", "fees_left", "out_left"),
    [
        (4000, 6000, 4000, 6000), (4000, 6001, 3999, 6001), (0, 10050, 0, 10000), (30, 10000, 0, 10000),
        (30, 10050, 0, 10000), (12000, 0, 10000, 0), (9000, 9000, 1000, 9000),
    ],
)  # fmt: skip
def test_a_total_comes_off_fees_first_and_off_disbursements_last(
    profit: int, out: int, fees_left: int, out_left: int
) -> None:
    made = payment(LIMITED.format())
    priced = made.price(matter(costs={"profit": profit, "disbursements": out}), AGENCY)
    paid_out = sum(entry.pence for entry in priced.entries if entry.kind == "disbursements")
    assert paid_out == out_left
    assert priced.earned == fees_left + out_left
    assert priced.margins == {"total": profit + out - 10000}


BREACHED = """
    - id: help
      kind: hourly
      headings: [profit, counsel]
      limits: {profit: {at_most: 50.00, on_breach: BREACH, FLAG unless: authority}}
"""


@pytest.mark.parametrize(
    ("breach", "flag", "flags"),
    [
        ("cap", "", ()), ("warn", "", ("over_limit",)), ("seek_authority", "", ("authority_needed",)),
        ("cap", "flag: told,", ("told",)), ("warn", "flag: told,", ("told",)),
    ],
)  # fmt: skip
def test_a_breach_is_told_by_its_flag_and_only_by_a_breach(
    breach: str, flag: str, flags: tuple[str, ...]
) -> None:
    made = payment(BREACHED.replace("BREACH", breach).replace("FLAG", flag))
    for profit, told in ((5000, ()), (5001, flags)):
        facts = matter(costs={"profit": profit, "counsel": 900})
        assert made.price(facts, AGENCY).flags == told
    over = matter(costs={"profit": 7000, "counsel": 900})
    assert made.price(over, AGENCY).earned == (7900 if breach == "warn" else 5900)


def test_authority_lifts_a_limit_or_raises_it_but_never_lowers_it() -> None:
    made = payment(BREACHED.replace("BREACH", "cap").replace("FLAG", ""))

    def earned(**known: object) -> int:
        return made.price(matter(costs={"profit": 7000}, facts=known), AGENCY).earned

    assert earned() == earned(authority=False) == 5000
    assert earned(authority=True) == 7000
    assert earned(**{"authority.limit": 6000}) == 6000
    assert earned(**{"authority.limit": 9000}) == 7000
    assert earned(**{"authority.limit": 100}) == 5000
    # One that names a sum holds to it, whatever else is granted.
    assert earned(authority=True, **{"authority.limit": 6000}) == 6000
