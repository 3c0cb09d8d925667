"""What a matter earns by each kind of payment, held against the same sum worked out from the words of the contract."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from legalaid_sim.contracts.kinds.payments.fees import driven_by, reached
from legalaid_sim.contracts.kinds.payments.tendering import Award, Bid, has_won, winners
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.pricing_state import PricingState
from legalaid_sim.contracts.vocabulary.facts import ProviderFacts
from legalaid_sim.errors import Refusal
from tests.builders.contracts import AGENCY, contract, matter, payment

HALF = Fraction(1, 2)


def priced(text: str, beside: bool = False) -> CompiledTerms:
    fee = "- {id: fee, kind: fixed_fee, amount: 100.00}\n" if beside else ""
    return payment(f"{fee}- {{id: it, {text}}}")


def earned(made: CompiledTerms, block: str = "it", /, **known: Any) -> int:
    """Give what one block earns for a matter; what is known of it, but for its ranks and whether it is ahead."""
    more = {key: known.pop(key) for key in ("ranks", "forecast", "assessed") if key in known}
    found = made.price(matter(**known), AGENCY, **more)
    return sum(entry.pence for entry in found.entries if entry.block == block)


def told(made: CompiledTerms, /, **known: Any) -> list[str]:
    return [step.how for step in made.receipt(matter(**known), AGENCY).steps if step.block == "it"]


def nearest(pence: Fraction) -> int:
    return int(pence + HALF)


# ---- bands, drivers, tiers, stages --------------------------------------------------------------------------------


@given(st.integers(0, 8))
def test_a_band_begins_after_the_one_before_it_unless_it_says_where(count: int) -> None:
    follows = priced("kind: banded_fee, band_by: event.hearing, bands: "
                     "[{at_most: 1, amount: 10.00}, {at_most: 3, amount: 20.00}, {at_most: 5, amount: 30.00}], "
                     "otherwise: 40.00")  # fmt: skip
    by_hand = next((pence for most, pence in ((1, 1000), (3, 2000), (5, 3000)) if count <= most), 4000)
    assert earned(follows, counts={"hearing": count}) == by_hand
    # With a hole between two bands, what is in it is in none.
    hole = priced("kind: banded_fee, band_by: event.hearing, bands: "
                  "[{at_least: 1, at_most: 2, amount: 10.00}, {at_least: 4, at_most: 5, amount: 20.00}, "
                  "{at_most: 7, amount: 30.00}], otherwise: 40.00")  # fmt: skip
    bands = {1: 1000, 2: 1000, 4: 2000, 5: 2000, 6: 3000, 7: 3000}
    assert earned(hole, counts={"hearing": count}) == bands.get(count, 4000)


@pytest.mark.parametrize(("hours", "pence"), [("2", 1000), ("2.5", 2000), ("3", 2000), ("3.25", 4000)])
def test_between_whole_units_the_next_band_begins_at_once(hours: str, pence: int) -> None:
    made = priced("kind: banded_fee, band_by: work.hours, bands: "
                  "[{at_most: 2, amount: 10.00}, {at_most: 3, amount: 20.00}, {amount: 40.00}]")  # fmt: skip
    assert earned(made, minutes={"profit": int(Fraction(hours) * 60)}) == pence


def test_a_hole_between_bands_is_in_none_of_them_however_near_the_next_begins() -> None:
    made = priced(
        "kind: banded_fee, band_by: work.hours, otherwise: 9.00, bands: "
        "[{at_most: 2, amount: 1.00}, {at_least: 3.5, at_most: 4, amount: 2.00}, {at_most: 6, amount: 3.00}]"
    )
    hours = {"2": 100, "2.5": 900, "3.25": 900, "3.5": 200, "4": 200, "4.25": 300, "6": 300, "6.25": 900}
    assert {each: earned(made, minutes={"profit": int(Fraction(each) * 60)}) for each in hours} == hours


def test_a_claim_that_is_below_nought_is_in_no_band() -> None:
    made = priced("kind: banded_fee, band_by: tenants, bands: [{at_most: 2, amount: 10.00}]")
    assert earned(made, facts={"tenants": 0}) == earned(made) == 1000
    with pytest.raises(Refusal, match=r"tenants is -0\.5, and no band holds that"):
        earned(made, facts={"tenants": -0.5})


@given(st.none() | st.integers(0, 8), st.integers(0, 8))
def test_drivers_are_added_up_by_hand(hearings: int | None, letters: int) -> None:
    made = priced("kind: graduated_fee, combine: sum, drivers: "
                  "[{by: tribunals, base: {at_least: 2, amount: 7.00}, then: {at_least: 4, each: 3.00, at_most: 6}}, "
                  "{by: event.letter, base: {amount: 2.00}, then: {at_least: 1, each: 0.50}}]")  # fmt: skip
    facts = {} if hearings is None else {"tribunals": hearings}
    count = hearings or 0
    by_hand = (700 + 300 * len({4, 5, 6} & set(range(count + 1))) if count >= 2 else 0) + 200 + 50 * letters
    assert earned(made, facts=facts, counts={"letter": letters}) == by_hand
    flat = priced("kind: graduated_fee, drivers: [{by: tribunals, base: {at_least: 1, amount: 7.00}}]")
    assert earned(flat, facts=facts) == (700 if count else 0)


def test_uplifts_raise_what_the_block_itself_pays_and_nothing_else() -> None:
    made = payment("""
        - {id: fee, kind: fixed_fee, amount: 100.00, uplift_percent: 10, hit: sum,
           bolt_ons: {hearing: {amount: 20.00}}, escape: {over: 1.00, pays: excess, measured_on: [profit]}}
        - {id: it, kind: staged_fee, stages: [{stage: advice, amount: 40.00}], hit: sum}
        - {id: points, kind: graduated_fee, drivers: [{by: event.hearing, base: {amount: 30.00}}], hit: sum,
           uplifts: [{when: {outcome: kept}, add_percent: 50}, {when: {reopened: true}, add_percent: 20}]}
    """)
    facts = {
        "counts": {"hearing": 1}, "costs": {"profit": 200}, "outcome": "kept", "reopened": True,
        "facts": {"stages": ["advice"]},
    }  # fmt: skip
    assert earned(made, "fee", **facts) == 10000 + 2000 + 1000 + 100
    assert (earned(made, **facts), earned(made, "points", **facts)) == (4000, 3000 * 170 // 100)


@given(st.integers(1, 9), st.sampled_from(["marginal", "slab"]))
def test_the_matters_of_a_volume_together_earn_what_the_style_says(volume: int, style: str) -> None:
    made = priced(f"kind: tiers, style: {style}, tiers: "
                  "[{at_most: 2, amount: 9.00}, {at_most: 6, amount: 8.00}, {over: 6, amount: 5.00}]")  # fmt: skip
    prices = [900] * 2 + [800] * 4 + [500] * 3
    so_far = sum(earned(made, ranks={"it": rank}) for rank in range(1, volume + 1))
    assert so_far == (sum(prices[:volume]) if style == "marginal" else prices[volume - 1] * volume)
    assert (earned(made), told(made)) == (900, ["matter 1 of the contract_year: 9.00"])


@pytest.mark.parametrize("style", ["marginal", "slab"])
def test_a_matter_beyond_the_last_tier_is_refused_as_one_beyond_the_last_band(style: str) -> None:
    made = priced(
        f"kind: tiers, style: {style}, tiers: [{{at_most: 2, amount: 9.00}}, {{at_most: 4, amount: 8.00}}]"
    )
    assert sum(earned(made, ranks={"it": rank}) for rank in range(1, 5)) == (
        3400 if style == "marginal" else 3200
    )
    for rank in (5, 6):
        with pytest.raises(
            Refusal, match=f"it is matter {rank} of the contract year, and no tier holds that"
        ):
            earned(made, ranks={"it": rank})


def test_what_pays_by_stages_depends_on_those_that_were_reached() -> None:
    stages: tuple[object, ...] = (None, "advice", ["advice", "hearing"], ("advice",))
    found = [
        reached(PricingState(matter(facts={"stages": each} if each else {}), AGENCY, date(2026, 4, 1)))[2]
        for each in stages
    ]
    assert found == [(), ("advice",), ("advice", "hearing"), ("advice",)]


def test_a_reason_to_end_early_pays_its_share_only_where_no_stage_was_reached() -> None:
    made = priced("kind: staged_fee, stages: [{stage: advice, amount: 40.00}, {stage: hearing, amount: 95.00}], "
                  "ends_early: {withdrawn: {stage: hearing, pays_percent: 20}}")  # fmt: skip
    assert earned(made, outcome="withdrawn") == 1900
    assert earned(made, outcome="withdrawn", facts={"stages": ["advice"]}) == 4000
    assert earned(made, outcome="withdrawn", facts={"stages": "hearing"}) == 9500
    assert earned(made, outcome="lost") == 0


# ---- time and items -----------------------------------------------------------------------------------------------


def test_items_are_paid_for_each_and_the_first_rate_names_the_scheme() -> None:
    made = priced("kind: hourly, rates: {profit: {dated: {2020-01-01: 50.00, 2026-05-01: 60.00}}, "
                  "waiting: {dated: {2021-01-01: 30.00}}}, items: {letter: 4.10}")  # fmt: skip
    facts = matter(minutes={"profit": 60, "waiting": 60}, counts={"letter": 3})
    found = made.price(facts, AGENCY)
    assert (found.earned, found.scheme) == (6000 + 3000 + 3 * 410, "2026-05-01")
    fixed = payment("""
        - {id: fee, kind: fixed_fee, amount: {dated: {2019-01-01: 10.00}}, hit: sum}
        - {id: it, kind: hourly, rates: {profit: {dated: {2020-01-01: 50.00}}}, hit: sum}
    """)
    assert fixed.price(facts, AGENCY).scheme == "2019-01-01"


def test_what_drives_a_fee_is_named_by_its_heading_or_kind() -> None:
    names = [
        "work.hours",
        "work.minutes.travel",
        "event.hearing",
        "count.letter",
        "costs.counsel",
        "matter.tenants",
    ]
    assert driven_by(names) == [
        "minutes.profit", "minutes.travel", "counts.hearing", "counts.letter", "costs.counsel",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "pence"),
    [
        ({}, 0), ({"minutes": {"profit": 30}}, 3000), ({"costs": {"profit": 700}}, 700),
        ({"costs": {"profit": 700}, "minutes": {"profit": 30}}, 3000),
    ],
)  # fmt: skip
def test_an_hour_at_the_price_bid_is_paid_by_the_minute_or_as_stated(facts: Any, pence: int) -> None:
    made = priced("kind: tendered_price, unit_of_work: hour, award: {method: pay_as_bid}, amount: 60.00")
    assert earned(made, **facts) == pence
    assert told(made, **facts) == [f"{facts.get('minutes', {}).get('profit', 0)} min at 60.00 an hour"]


# ---- what was paid out --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("costs", "counts", "pence", "flags"),
    [
        ({"expert": 10000}, {}, 10000, ()),
        ({"expert": 10001}, {}, 10000, ("authority_needed",)),
        ({"expert": 9000}, {"expert": 2}, 6000, ()),
        ({"expert": 9000}, {"expert": 4}, 9000, ()),
        ({"travel": 5000}, {"travel": 1}, 4000, ()),
    ],
)
def test_an_outlay_is_paid_as_far_as_its_rate_its_ceiling_and_authority_go(
    costs: dict[str, int], counts: dict[str, int], pence: int, flags: tuple[str, ...]
) -> None:
    made = priced("kind: disbursements, kinds: {expert: {rate: 30.00, needs: authority_over_100}, "
                  "travel: {at_most: {amount: 40.00}}}")  # fmt: skip
    found = made.price(matter(costs=costs, counts=counts), AGENCY)
    assert (found.earned, found.flags) == (pence, flags)


# ---- leaving the fixed fee ----------------------------------------------------------------------------------------

ESCAPES = (
    "kind: fixed_fee, amount: 100.00, bolt_ons: {{hearing: {{amount: 20.00}}}}, escape: "
    "{{over: 150.00, measured_on: [profit, travel], rates: {{profit: 60.00}}, pays: {pays}{more}}}"
)


@given(
    st.integers(0, 400),
    st.integers(0, 2),
    st.sampled_from(["all_at_hourly", "on_assessment", "excess", "flag_only"]),
    st.booleans(),
)
def test_an_escape_is_paid_as_the_contract_says_and_beside_it_nothing_moves(
    minutes: int, hearings: int, pays: str, ahead: bool
) -> None:
    made = payment(f"""
        - {{id: it, {ESCAPES.format(pays=pays, more="")}, hit: sum}}
        - {{id: fee, kind: fixed_fee, amount: 33.00, hit: sum}}
    """)
    facts = {"minutes": {"profit": minutes}, "counts": {"hearing": hearings}, "forecast": ahead}
    fee, work = 10000 + 2000 * hearings, 100 * minutes
    beyond = {"excess": work - 15000, "flag_only": 0, "all_at_hourly": work - 10000}
    beyond["on_assessment"] = beyond["all_at_hourly"] if ahead else 0
    assert earned(made, **facts) == fee + (beyond[pays] if work > 15000 else 0)
    assert earned(made, "fee", **facts) == 3300


def test_without_terms_of_assessment_a_reduced_claim_loses_nothing() -> None:
    made = priced(ESCAPES.format(pays="on_assessment", more=""))
    by = {result: earned(made, minutes={"profit": 300}, assessed={"it": result})
          for result in ("paid_in_full", "reduced", "reduced_to_fixed_fee", "nilled")}  # fmt: skip
    assert by == {"paid_in_full": 30000, "reduced": 30000, "reduced_to_fixed_fee": 10000, "nilled": 0}
    cut = priced(ESCAPES.format(pays="on_assessment", more=", assessment: {reduced_by_percent: 10}"))
    assert earned(cut, minutes={"profit": 300}, assessed={"it": "reduced"}) == 27000


def test_a_receipt_says_how_far_a_matter_is_from_its_escape() -> None:
    made = priced(ESCAPES.format(pays="flag_only", more=""))
    said = {minutes: told(made, minutes={"profit": minutes})[-1] for minutes in (149, 150, 151)}
    assert said == {
        149: "149.00 measured is 1.00 under 150.00",
        150: "150.00 measured is at 150.00",
        151: "151.00 measured is 1.00 over 150.00: flag_only",
    }


# ---- the same adviser, the same client ----------------------------------------------------------------------------

CLIMBS = ("kind: continuity_premium, steps: [{at_least_percent: 60, add_percent: 10}, "
          "{at_least_percent: 90, amount: 3.00, add_percent: 20, of: fee}]")  # fmt: skip


@given(st.integers(0, 10), st.integers(0, 10), st.booleans())
def test_a_premium_by_hand(lead: int, other: int, ahead: bool) -> None:
    made = payment(f"""
        - {{id: fee, kind: fixed_fee, amount: 100.00, hit: sum, extras: [travel]}}
        - {{id: second, kind: hourly, rates: {{waiting: 60.00}}, headings: [], hit: sum}}
        - {{id: out, kind: disbursements}}
        - {{id: back, kind: continuity_premium, returning_client: {{within_months: 3, amount: 5.00}}}}
        - {{id: it, {CLIMBS}}}
    """)
    facts = {
        "by_adviser": {"a": lead, "b": other}, "minutes": {"waiting": 60}, "forecast": ahead,
        "costs": {"travel": 900, "disbursements": 700}, "facts": {"months_since_last_matter": 3},
    }  # fmt: skip
    total = lead + other
    share = Fraction(max(lead, other), total) if total else Fraction(int(ahead))
    # Of the fee alone at the top, of fees and hours below it; never of outlays, extras and other premiums.
    assert earned(made, **facts) == (
        300 + 2000 if share >= Fraction(9, 10) else 1600 if share >= Fraction(3, 5) else 0
    )
    assert earned(made, "back", **facts) == 500


def test_a_lead_that_did_too_little_is_told_what_the_first_step_needs() -> None:
    made = priced(CLIMBS, beside=True)
    assert told(made, by_adviser={"a": 1, "b": 1}) == ["lead did 50%, needs 60%"]
    assert told(made) == ["lead did 0%, needs 60%"]
    assert told(made, by_adviser={"a": 2, "b": 1}) == ["lead did 66.6667%, at least 60%"]


# ---- results ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lasts", [0, 1, 6])
@pytest.mark.parametrize("result", ["kept", "[kept, won]"])
def test_a_result_is_paid_at_closing_and_on_proof_by_hand(lasts: int, result: str) -> None:
    made = priced(f"kind: outcome_payment, outcome: {{is: {result}, lasts_months: {lasts}}}, amount: 10.00, "
                  "share_at: {closing_percent: 40, proof_percent: 60}", beside=True)  # fmt: skip
    for months in (None, 0, 1, 2, 5, 6, 7):
        facts = {"facts": {} if months is None else {"lasted_months": months}}
        proved = months is not None and months >= lasts
        assert earned(made, outcome="kept", **facts) == 400 + 600 * proved
        assert earned(made, outcome="won", **facts) == (400 + 600 * proved if "won" in result else 0)
        assert earned(made, outcome="k", **facts) == 0
    assert told(made, outcome="kept", facts={"lasted_months": 6}) == [
        "40% of 10.00 at closing",
        f"60% of 10.00 on proof that it lasted {lasts} {'month' if lasts == 1 else 'months'}",
    ]


def test_a_part_or_a_cost_of_nothing_has_no_row() -> None:
    made = priced("kind: outcome_payment, outcome: {is: kept, lasts_months: 6}, amount: 10.00, "
                  "share_at: {closing_percent: 0, proof_percent: 100}", beside=True)  # fmt: skip
    assert told(made, outcome="kept") == []
    hours = priced("kind: hourly, rates: {profit: 60.00}")
    assert told(hours, costs={"profit": 0}, minutes={"profit": 60}) == []
    assert told(hours, costs={"profit": 1}) == ["profit costs as claimed"]


# ---- budgets ------------------------------------------------------------------------------------------------------


@given(st.integers(0, 200), st.integers(0, 12000), st.booleans(), st.booleans())
@example(100, 0, True, False)
def test_a_budget_pays_what_is_left_of_it_and_the_client_the_rest(
    minutes: int, spent: int, top_up: bool, stated: bool
) -> None:
    up = "true" if top_up else "false"
    made = priced(f"kind: personal_budget, grants: {{amount: 100.00}}, "
                  f"spends_on: {{price: 60.00, client_may_top_up: {up}}}, broker: {{amount: 5.00}}")  # fmt: skip
    facts: dict[str, Any] = {"costs": {"profit": 7000}} if stated else {"minutes": {"profit": minutes}}
    worth, left = 7000 if stated else 100 * minutes, max(0, 10000 - spent)
    ahead = made.price(matter(**facts), AGENCY, ranks={"it.spent": spent}, forecast=True)
    now = made.price(matter(**facts), AGENCY, ranks={"it.spent": spent})
    helped = 500 * (not spent)
    assert now.earned == min(worth, left) + helped
    beyond = max(0, worth - left) if top_up else 0
    assert ahead.earned == now.earned + beyond
    assert now.flags == ("budget_spent",) * (not left) + ("topped_up",) * bool(beyond)
    case = PricingState(matter(**facts), AGENCY, date(2026, 4, 1), ranks={"it.spent": spent})
    made.run(case)
    assert case.topped_up == beyond


def test_a_receipt_tells_the_hours_their_price_and_what_was_left() -> None:
    made = priced("kind: personal_budget, grants: {amount: 100.00}, spends_on: {price: 60.00}")
    assert told(made, minutes={"profit": 30}) == ["30 min at 60.00 an hour, at most 100.00"]


def test_what_went_back_pays_no_more_than_was_paid() -> None:
    made = priced("kind: personal_budget, grants: {amount: 100.00}, spends_on: {price: 60.00, per: matter}")
    ranks = {"it.spent": 1000, "it.returned": 1}
    assert [earned(made, ranks={**ranks, **own}) for own in ({}, {"it.own": 1}, {"it.own": 4000})] == [
        0,
        1,
        4000,
    ]
    assert [earned(made, ranks={"it.granted": granted}) for granted in (0, 1, 9000)] == [0, 1, 6000]


# ---- tenders ------------------------------------------------------------------------------------------------------


def bidding(pence: object, *others: Bid, **facts: object) -> ProviderFacts:
    return ProviderFacts("own", facts={"bid": pence, "bids": others, **facts})


OTHER = Bid("other", 100, Fraction(10), "elsewhere")


@pytest.mark.parametrize(
    ("quality", "points"),
    [(None, 0), (10, 10), (10.5, Fraction(21, 2)), ("10", 0), (Fraction(1, 3), Fraction(1, 3))],
)
def test_a_bidder_is_weighed_by_its_quality_and_one_that_tells_none_by_none(
    quality: object, points: Fraction
) -> None:
    award = Award.model_validate(
        {"method": "quality_weighted", "price_weight_percent": 0, "quality_weight_percent": 100, "winners": 1}
    )
    told = {} if quality is None else {"quality": quality}
    for rival in (-1, Fraction(-1, 2), Fraction(1, 4), 1, 20):
        other = Bid("zz", 100, Fraction(rival), "elsewhere")
        assert has_won(award, bidding(100, other, **told)) == (points >= rival)


def test_a_bid_of_nothing_is_the_best_price_and_no_better_and_any_bid_is_within_no_reserves() -> None:
    award = Award.model_validate({"method": "pay_as_bid"})
    bids = [Bid("dear", 10**12, Fraction(0), "elsewhere"), OTHER, Bid("free", 0, Fraction(0), "elsewhere")]
    assert [bid.name for bid in winners(award, bids)] == ["free", "other", "dear"]
    weighed = Award.model_validate(
        {"method": "quality_weighted", "price_weight_percent": 90, "quality_weight_percent": 10}
    )
    free, good = Bid("free", 0, Fraction(0), "elsewhere"), Bid("zz", 0, Fraction(1), "elsewhere")
    assert [bid.name for bid in winners(weighed, [free, good])] == ["zz", "free"]
    # What is free has all the points of the price, and what is dearer then none: 5 against those of quality.
    by_quality = weighed.model_copy(update={"price_weight_percent": 5, "quality_weight_percent": 95})
    for quality, first in ((5, "free"), (6, "zz"), (1, "free")):
        rival = Bid("zz", 100, Fraction(quality), "elsewhere")
        assert winners(by_quality, [free, rival])[0].name == first


def test_whoever_bids_is_among_the_bids_once() -> None:
    award = Award.model_validate({"method": "pay_as_bid", "winners": 1})
    assert has_won(award, bidding(99, OTHER))
    assert not has_won(award, bidding(101, OTHER))
    assert not has_won(award, ProviderFacts("third", facts={"bid": 101, "bids": (OTHER,)}))
    own = Bid("own", 99, Fraction(0), "elsewhere")
    two = Award.model_validate({"method": "uniform_price", "winners": 2})
    made = priced("kind: tendered_price, award: {method: uniform_price, winners: 2}, amount: 5.00")
    later = Bid("zz", 150, Fraction(0), "elsewhere")
    assert made.price(matter(), bidding(99, own, OTHER, later)).earned == 100
    assert has_won(two, bidding(99, own, OTHER, later))


# ---- what cannot be written ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        ("kind: limit, on: {payments: [fee]}, per: client, at_most: {amount: 1.00}", True),
        ("kind: limit, on: {payments: [fee]}, per: client, at_least: {amount: 1.00}", False),
        ("kind: limit, on: {payments: [fee]}, per: client_year, ratchet: {floor_is_percent: 50}", False),
        ("kind: limit, on: {payments: [fee]}, per: contract_year, ratchet: {floor_is_percent: 50}", True),
        ("kind: standing_charge, amount: 1.00, per: session", True),
        ("kind: standing_charge, amount: 1.00, per: client, sessions: {least_clients: 2}", True),
        ("kind: standing_charge, amount: 1.00, per: session, sessions: {least_clients: 2}", False),
        ("kind: standing_charge, amount: 1.00, per: session, sessions: {per_month: 2}", True),
    ],
)
def test_terms_that_nothing_looks_at_are_refused_and_no_others(written: str, fits: bool) -> None:
    text = f"payments:\n  - {{id: fee, kind: fixed_fee, amount: 1.00}}\n  - {{id: it, {written}}}\n"
    if fits:
        contract(text)
    else:
        with pytest.raises(AssertionError):
            contract(text)
