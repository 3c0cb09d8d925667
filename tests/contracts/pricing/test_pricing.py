"""Hourly pay, fixed fees, escapes, limits and taxes: amounts at and around every edge."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.contracts.pricing.terms import compile_terms
from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from legalaid_sim.contracts.vocabulary.service import Service
from legalaid_sim.errors import Refusal
from tests.builders.contracts import AGENCY, REGISTERED, contract, matter, payment, terms

HOUSING = """
    values:
      rate: {by_region: {london: 69.30, elsewhere: 65.35}}
    payments:
      - id: housing_fee
        kind: fixed_fee
        amount: {dated: {2013-04-01: 157.00, 2025-12-22: 223.00}}
        escape:
          over: {dated: {2013-04-01: 471.00, 2025-12-22: 669.00}}
          measured_on: [profit]
          pays: PAYS
          share_percent: 50
          rates: {profit: {value: rate}}
      - id: disbursements
        kind: disbursements
        limits: {disbursements: {at_most: 400.00, unless: prior_authority}}
    taxes:
      - id: vat
        kind: tax
        applies_to: {provider.vat_registered: true}
        rate_percent: {dated: {2010-01-01: 17.5, 2011-01-04: 20}}
"""


def housing(pays: str = "flag_only"):  # type: ignore[no-untyped-def]
    return terms(HOUSING.replace("PAYS", pays))


def lines(made, facts: MatterFacts, provider=AGENCY) -> dict[str, int]:  # type: ignore[no-untyped-def]
    return dict(made.receipt(facts, provider).by_block)


def test_a_fixed_fee_below_its_threshold_with_tax_on_each_part() -> None:
    facts = matter(costs={"profit": 40000, "disbursements": 2000, "disbursement_vat": 200})
    assert lines(housing(), facts, REGISTERED) == {
        "housing_fee": 22300, "disbursements": 2000, "vat": 4460, "disbursement_vat": 200,
    }  # fmt: skip


def test_the_day_of_opening_picks_the_fee() -> None:
    assert lines(housing(), matter(opened=date(2025, 12, 21))) == {"housing_fee": 15700}
    assert lines(housing(), matter(opened=date(2025, 12, 22))) == {"housing_fee": 22300}


@pytest.mark.parametrize(
    ("pays", "profit", "fee", "flags"),
    [
        ("flag_only", 66900, 22300, ()),
        ("flag_only", 66901, 22300, ("escape",)),
        ("all_at_hourly", 66900, 22300, ()),
        ("all_at_hourly", 66901, 66901, ("escape",)),
        ("excess", 66902, 22301, ("escape",)),
        ("excess", 76900, 27300, ("escape",)),
    ],
)
def test_escape_is_strictly_over_and_pays_as_written(
    pays: str, profit: int, fee: int, flags: tuple[str, ...]
) -> None:
    priced = housing(pays).price(matter(costs={"profit": profit}), AGENCY)
    assert (priced.earned, priced.flags) == (fee, flags)
    assert priced.margins["escape"] == profit - 66900


def test_escape_measures_minutes_at_the_hourly_rate_where_no_costs_are_stated() -> None:
    made = housing("all_at_hourly")
    assert made.price(matter(minutes={"profit": 614}), AGENCY).flags == ()
    assert made.price(matter(minutes={"profit": 615}), AGENCY).earned == 66984


def test_bolt_ons_and_bundled_items_come_off_what_is_measured() -> None:
    made = payment("""
        - id: hearing
          kind: fixed_fee
          amount: 100.00
          bundled: {hearing: 30.00}
          bolt_ons: {adjourned: {amount: 20.00, per: event}}
          extras: [form_filling]
          escape: {over: 200.00, measured_on: [profit, counsel], less: [bolt_ons, hearing], pays: flag_only}
    """)
    facts = matter(costs={"profit": 20000, "counsel": 9000, "form_filling": 500}, counts={"adjourned": 3})
    priced = made.price(facts, AGENCY)
    assert (priced.earned, priced.flags, priced.margins["escape"]) == (16500, (), 0)


def test_a_bolt_on_without_an_amount_pays_nothing_and_says_so() -> None:
    made = terms("""
        tables:
          rates: {columns: [fee_code, fee, extra], rows: [[X, 10.00, null]]}
        payments:
          - id: fee
            kind: fixed_fee
            table: rates
            amount: {column: fee}
            bolt_ons: {visit: {column: extra}}
    """)
    receipt = made.receipt(matter(fee_code="X", counts={"visit": 2}), AGENCY)
    assert receipt.earned == 1000
    assert receipt.steps[-1].how == "visit: 2, but the contract gives no amount for it here"


HOURLY = """
    - id: help
      kind: hourly
      rates: {profit: 60.00, travel: {by_region: {london: 27.81, elsewhere: 27.00}}}
      time_unit: {minutes: 6, part_unit: up}
      headings: [profit, counsel]
      limits: {profit: {at_most: 800.00, on_breach: BREACH, unless: prior_authority}}
"""


def test_hourly_pays_units_of_time_by_heading() -> None:
    made = payment(HOURLY.replace("BREACH", "cap"))
    assert made.price(matter(minutes={"profit": 61, "travel": 30}), AGENCY).earned == 6600 + 1350


def test_hourly_pays_costs_where_a_claim_states_them() -> None:
    made = payment(HOURLY.replace("BREACH", "cap"))
    assert made.price(matter(costs={"profit": 12345, "counsel": 100}), AGENCY).earned == 12445


@pytest.mark.parametrize(
    ("breach", "profit", "facts", "earned", "flags"),
    [
        ("cap", 80000, {}, 80000, ()),
        ("cap", 80001, {}, 80000, ()),
        ("cap", 80001, {"prior_authority": True}, 80001, ()),
        ("cap", 95000, {"prior_authority.limit": 90000}, 90000, ()),
        ("warn", 80001, {}, 80001, ("over_limit",)),
        ("seek_authority", 80001, {}, 80000, ("authority_needed",)),
    ],
)
def test_limits_cap_warn_or_wait_for_authority(
    breach: str, profit: int, facts: dict[str, object], earned: int, flags: tuple[str, ...]
) -> None:
    made = payment(HOURLY.replace("BREACH", breach))
    priced = made.price(matter(costs={"profit": profit}, facts=facts), AGENCY)
    assert (priced.earned, priced.flags) == (earned, flags)


def test_a_limit_may_refuse_outright() -> None:
    with pytest.raises(Refusal) as caught:
        payment(HOURLY.replace("BREACH", "refuse")).price(matter(costs={"profit": 80001}), AGENCY)
    assert str(caught.value) == "over-limit (help.limits.profit): 800.01 is over the limit of 800.00"


TOTAL = """
    payments:
      - id: help
        kind: hourly
        headings: [profit]
        limits: {total: {at_most: 100.00, on: [profit, disbursements]}}
        TAX_BEFORE
      - {id: disbursements, kind: disbursements, TAX_ON}
    taxes:
      - {id: vat, kind: tax, rate_percent: 20}
"""


@pytest.mark.parametrize(
    ("before", "on", "expected"),
    [
        ("", "tax_on: allowed", {"help": 2000, "disbursements": 8000, "vat": 400, "disbursement_vat": 1600}),
        (
            "tax_before: total_limit",
            "tax_on: claimed",
            {"help": 2000, "disbursements": 8000, "vat": 1800, "disbursement_vat": 1600},
        ),
    ],
)
def test_tax_before_or_after_a_total_limit(before: str, on: str, expected: dict[str, int]) -> None:
    made = terms(TOTAL.replace("TAX_BEFORE", before).replace("TAX_ON", on))
    facts = matter(costs={"profit": 9000, "disbursements": 8000, "disbursement_vat": 1700})
    assert lines(made, facts) == expected


@pytest.mark.parametrize(("on", "vat"), [("allowed", 200), ("claimed", 400)])
def test_tax_on_disbursements_follows_what_is_allowed_or_claimed(on: str, vat: int) -> None:
    made = terms(f"""
        payments:
          - id: disbursements
            kind: disbursements
            limits: {{disbursements: {{at_most: 10.00}}}}
            tax_on: {on}
        taxes: [{{id: vat, kind: tax, rate_percent: 20}}]
    """)
    facts = matter(costs={"disbursements": 2000, "disbursement_vat": 9999})
    assert lines(made, facts) == {"disbursements": 1000, "disbursement_vat": vat}


def test_a_heading_limit_keeps_disbursements_within_what_the_contract_allows() -> None:
    assert lines(housing(), matter(costs={"disbursements": 50000})) == {
        "housing_fee": 22300,
        "disbursements": 40000,
    }


def test_two_blocks_that_would_both_pay_are_refused_unless_one_is_an_exception() -> None:
    text = """
        - {id: usual, kind: fixed_fee, amount: 10.00}
        - {id: special, kind: fixed_fee, amount: 20.00, applies_to: {detained: true}MORE}
    """
    detained = matter(facts={"detained": True})
    with pytest.raises(Refusal, match="usual and special would both pay for this matter"):
        payment(text.replace("MORE", "")).price(detained, AGENCY)
    assert payment(text.replace("MORE", ", exception_to: usual")).price(detained, AGENCY).earned == 2000
    assert payment(text.replace("MORE", ", hit: sum")).price(detained, AGENCY).earned == 3000
    assert payment(text.replace("MORE", ", exception_to: usual")).price(matter(), AGENCY).earned == 1000


def test_a_matter_that_no_block_covers_is_refused() -> None:
    made = payment("- {id: fee, kind: fixed_fee, amount: 10.00, applies_to: {category: debt}}")
    with pytest.raises(Refusal) as caught:
        made.price(matter(), AGENCY)
    assert str(caught.value) == "not-covered (test): no payment block covers category 'housing'"


def test_whether_a_matter_is_covered_may_depend_on_who_asks() -> None:
    made = payment("- {id: fee, kind: fixed_fee, amount: 10.00, applies_to: {provider.vat_registered: true}}")
    assert [made.covers(matter(), provider) for provider in (AGENCY, REGISTERED)] == [False, True]


def test_a_missing_day_is_refused() -> None:
    with pytest.raises(Refusal, match="its version is picked by matter_opened, and that day is not given"):
        housing().price(matter(opened=None), AGENCY)


def test_not_if_stands_a_block_aside() -> None:
    made = payment("- {id: fee, kind: fixed_fee, amount: 10.00, hit: sum, not_if: {reopened: true}}")
    assert made.price(matter(), AGENCY).earned == 1000
    with pytest.raises(Refusal, match="not-covered"):
        made.price(matter(reopened=True), AGENCY)


def test_digest_follows_terms_and_not_words() -> None:
    plain = "payments: [{id: fee, kind: fixed_fee, amount: 10.00}]"
    worded = """
        title: A title
        summary: Some words
        payments:
          - {amount: 10, title: The fee, kind: fixed_fee, id: fee, source: {title: x, status: derived}}
        examples: [{name: nothing}]
    """
    dearer = "payments: [{id: fee, kind: fixed_fee, amount: 10.01}]"
    digests = [terms(text).digest for text in (plain, worded, dearer)]
    assert digests[0] == digests[1] != digests[2]


def test_terms_survive_pickling() -> None:
    import pickle

    made = housing()
    again = pickle.loads(pickle.dumps(made))
    assert again.digest == made.digest
    assert again.price(matter(), AGENCY) == made.price(matter(), AGENCY)


minutes = st.integers(0, 3000)
pence = st.integers(0, 500_000)
MONOTONE = [
    HOUSING.replace("PAYS", "flag_only"),
    HOUSING.replace("PAYS", "all_at_hourly"),
    HOUSING.replace("PAYS", "excess"),
    """
    payments:
      - {id: help, kind: hourly, rates: {profit: 65.35}, limits: {profit: {at_most: 800.00}}}
    """,
    """
    payments:
      - id: phone
        kind: banded_fee
        band_by: work.minutes
        bands: [{up_to: 132, amount: 65.00}, {up_to: 899, amount: 150.00}, {from: 900, hourly: 60.00}]
    """,
    """
    payments:
      - id: budget
        kind: personal_budget
        grants: {amount: 600.00}
        spends_on: {price: 47.35}
    """,
    """
    payments:
      - id: unit
        kind: tendered_price
        unit_of_work: hour
        award: {method: uniform_price}
        amount: 47.35
    """,
    """
    payments:
      - id: help
        kind: hourly
        rates: {profit: 45.95}
        time_unit: {minutes: 15, part_unit: nearest}
        uplift_percent: 12.5
        limits: {total: {at_most: 300.00}}
      - {id: same, kind: continuity_premium, steps: [{at_least_percent: 0, add_percent: 7, of: help}]}
    taxes: [{id: vat, kind: tax, rate_percent: 17.5}]
    """,
]


@pytest.mark.parametrize("text", MONOTONE)
@given(less=minutes, more=minutes)
def test_more_hours_never_lower_what_is_earned(text: str, less: int, more: int) -> None:
    made = terms_of(text)
    low, high = sorted((less, more))
    earned = [made.price(matter(minutes={"profit": m}), AGENCY).earned for m in (low, high)]
    assert earned[0] <= earned[1]


@given(profit=pence, paid_out=pence, vat=pence, registered=st.booleans(), events=st.integers(0, 5))
def test_lines_sum_to_what_is_earned_and_the_same_inputs_give_the_same_bytes(
    profit: int, paid_out: int, vat: int, registered: bool, events: int
) -> None:
    made = terms_of(HOUSING.replace("PAYS", "excess"))
    provider = REGISTERED if registered else AGENCY
    costs = {"profit": profit, "disbursements": paid_out, "disbursement_vat": vat}
    facts = matter(costs=costs, counts={"hearing": events})
    receipt = made.receipt(facts, provider)
    assert sum(step.pence or 0 for step in receipt.steps) == receipt.earned
    assert receipt.earned == made.price(facts, provider).earned
    assert receipt.as_json() == made.receipt(facts, provider).as_json()


MADE: dict[str, object] = {}


def terms_of(text: str):  # type: ignore[no-untyped-def]
    if text not in MADE:
        MADE[text] = terms(text)
    return MADE[text]


def test_every_fee_of_a_history_is_compiled_once() -> None:
    assert contract(HOUSING.replace("PAYS", "excess")).payments[0].id == "housing_fee"


def test_two_blocks_that_would_both_pay_are_told_at_the_first() -> None:
    made = payment("""
        - {id: usual, kind: fixed_fee, amount: 10.00}
        - {id: special, kind: fixed_fee, amount: 20.00}
    """)
    with pytest.raises(Refusal) as caught:
        made.price(matter(), AGENCY)
    assert caught.value.rule == "usual"


def test_what_covers_one_region_does_not_cover_another() -> None:
    made = payment("- {id: fee, kind: fixed_fee, amount: 10.00, applies_to: {region: london}}")
    for region, covered in (("london", True), ("elsewhere", False), ("london", True)):
        assert made.covers(matter(region=region), AGENCY) is covered
    assert not made.covers(matter(), AGENCY)
    assert made.price(matter(region="london"), AGENCY).earned == 1000
    with pytest.raises(Refusal, match="not-covered"):
        made.price(matter(region="elsewhere"), AGENCY)


def test_a_matter_is_paid_by_what_has_not_been_lost() -> None:
    made = payment("""
        - {id: fee, kind: fixed_fee, amount: 10.00, applies_to: {category: housing}}
        - {id: other, kind: fixed_fee, amount: 10.00, applies_to: {category: housing}, hit: sum}
    """)
    facts = matter()
    assert made.covers_without(frozenset(), facts, AGENCY)
    assert made.covers_without(frozenset({"fee"}), facts, AGENCY)
    assert not made.covers_without(frozenset({"fee", "other"}), facts, AGENCY)
    assert made.covers_without(frozenset({"fee", "other"}), matter(category="debt"), AGENCY)


def test_a_contract_that_says_nothing_of_the_service_demands_nothing() -> None:
    assert payment("- {id: fee, kind: fixed_fee, amount: 10.00}").service == Service()


def test_a_fee_that_waits_for_an_event_says_so_on_its_receipt() -> None:
    made = payment("- {id: fee, kind: fixed_fee, amount: 10.00, earned: on_event}")
    receipt = made.receipt(matter(), AGENCY)
    assert receipt.earned == 0
    assert [step.how for step in receipt.steps] == ["waits for something counted to happen"]
    assert made.receipt(matter(counts={"hearing": 1}), AGENCY).earned == 1000
    assert made.price(matter(), AGENCY, forecast=True).earned == 1000


def test_a_block_reads_its_table_to_see_whether_it_applies() -> None:
    made = terms("""
        tables:
          rates: {columns: [fee_code, fee, scheme], rows: [[X, 10.00, old], [Y, 20.00, new]]}
        payments:
          - {id: fee, kind: fixed_fee, table: rates, amount: {column: fee}, applies_to: {row.scheme: new}}
    """)
    assert made.price(matter(fee_code="Y"), AGENCY).earned == 2000
    with pytest.raises(Refusal, match="not-covered"):
        made.price(matter(fee_code="X"), AGENCY)
    assert ("fee", "row.scheme is old, needs new") in made.receipt(matter(fee_code="X"), AGENCY).not_applied


def test_what_a_contract_says_is_the_same_in_whatever_order_its_names_stand() -> None:
    one, other = (
        "values: {a: {amount: 1.00}, b: {amount: 2.00}}\n",
        "values: {b: {amount: 2.00}, a: {amount: 1.00}}\n",
    )
    assert terms(one).digest == terms(other).digest != terms(one.replace("1.00", "2.00")).digest


def test_a_contract_without_a_title_goes_by_its_name() -> None:
    assert [terms(text).title for text in ("title: A title", "")] == ["A title", "test"]


def test_a_table_stands_beside_its_contract(tmp_path: Path) -> None:
    (tmp_path / "fees.csv").write_text("fee_code,fee\nX,70.00\n", encoding="utf-8")
    text = """
        tables: {fees: {file: fees.csv, key: [fee_code]}}
        payments: [{id: fee, kind: fixed_fee, table: fees, amount: {column: fee}}]
    """
    assert compile_terms(contract(text), tmp_path).price(matter(fee_code="X"), AGENCY).earned == 7000
