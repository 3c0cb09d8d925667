"""What providers see: the pay curve of a matter, whatever the blocks that make it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.pricing.incentive import GRID, join, pay_at, pay_curve, raised
from legalaid_sim.contracts.vocabulary.facts import PeriodFacts, Segment
from tests.builders.contracts import AGENCY, OPENED, REGISTERED, matter, payment, terms

STARTS = date(2026, 4, 1)


def curve(block: str, facts: object = None) -> tuple[Segment, ...]:
    account = Account(payment(block), AGENCY, STARTS)
    return account.incentive(facts or matter(closed=None))  # type: ignore[arg-type, no-any-return]


def pay_on(segments: tuple[Segment, ...], minutes: float) -> float:
    """Read a pay curve at so many minutes."""
    piece = next(segment for segment in reversed(segments) if segment.start <= minutes)
    return piece.base + piece.slope * (minutes - piece.start)


def test_a_fixed_fee_is_flat() -> None:
    assert curve("- {id: fee, kind: fixed_fee, amount: 157.00}") == (Segment(0, 15700.0, 0.0),)


def test_an_hour_is_a_straight_line() -> None:
    (piece,) = curve("- {id: help, kind: hourly, rates: {profit: 60.00}}")
    assert piece == Segment(0, 0.0, 100.0)


def test_an_escape_is_a_jump_and_then_a_line() -> None:
    flat, steep = curve("""
        - id: fee
          kind: fixed_fee
          amount: 100.00
          escape: {over: 300.00, pays: all_at_hourly, rates: {profit: 60.00}}
    """)
    assert flat == Segment(0, 10000.0, 0.0)
    assert (steep.start, steep.base) == (306, 30600.0)
    assert steep.slope == pytest.approx(100.0)


def test_excess_pay_has_no_jump() -> None:
    flat, rising = curve("""
        - id: fee
          kind: fixed_fee
          amount: 100.00
          escape: {over: 300.00, pays: excess, share_percent: 50, rates: {profit: 60.00}}
    """)
    assert flat == Segment(0, 10000.0, 0.0)
    assert (rising.start, rising.base, rising.slope) == (300, 10000.0, pytest.approx(50.0))  # type: ignore[comparison-overlap]


def test_a_cap_ends_the_line() -> None:
    rising, flat = curve(
        "- {id: help, kind: hourly, rates: {profit: 60.00}, limits: {profit: {at_most: 120.00}}}"
    )
    assert rising == Segment(0, 0.0, 100.0)
    assert flat == Segment(120, 12000.0, 0.0)


def test_bands_are_steps() -> None:
    pieces = curve("""
        - id: phone
          kind: banded_fee
          band_by: work.minutes
          bands: [{up_to: 120, amount: 65.00}, {amount: 150.00}]
    """)
    assert pieces == (Segment(0, 6500.0, 0.0), Segment(126, 15000.0, 0.0))


def test_tax_and_money_passed_on_are_no_incentive() -> None:
    made = terms("""
        payments:
          - {id: fee, kind: fixed_fee, amount: 100.00}
          - {id: out, kind: disbursements}
        taxes: [{id: vat, kind: tax, rate_percent: 20}]
    """)
    account = Account(made, REGISTERED, STARTS)
    facts = matter(closed=None, costs={"disbursements": 5000})
    assert account.incentive(facts) == (Segment(0, 10000.0, 0.0),)


def test_a_forecast_supposes_one_adviser() -> None:
    text = """
        - {id: fee, kind: fixed_fee, amount: 100.00}
        - {id: same, kind: continuity_premium, steps: [{at_least_percent: 80, add_percent: 10, of: fee}]}
    """
    assert curve(text) == (Segment(0, 11000.0, 0.0),)
    shared = matter(closed=None, by_adviser={"a": 50, "b": 50})
    assert curve(text, shared) == (Segment(0, 10000.0, 0.0),)


GRANT = """
    - id: grant
      kind: block_grant
      earned: monthly
      amount: 12000.00
      buys: {hours: 1200}
      shortfall: {recover_at: 60.00}
      surplus: {pay_at: 6.00}
"""


@pytest.mark.parametrize(("worked", "slope"), [(99 * 60, 100.0), (100 * 60, 10.0)])
def test_an_hour_toward_hours_bought_is_worth_what_it_saves(worked: int, slope: float) -> None:
    account = Account(payment(GRANT), AGENCY, STARTS)
    account.month_ended(PeriodFacts(STARTS, date(2026, 4, 30), minutes={"profit": worked}))
    assert account.incentive(matter(closed=None)) == (Segment(0, 0.0, slope),)


def test_a_curve_follows_the_version_of_the_day_and_the_kind_of_matter() -> None:
    made = payment("""
        - id: fee
          kind: fixed_fee
          amount: {dated: {2020-01-01: 1.00, 2026-05-02: 2.00}}
          bolt_ons: {hearing: {amount: 5.00}}
    """)
    account = Account(made, AGENCY, STARTS)
    bases = [
        account.incentive(matter(closed=None, opened=day, counts=counts))[0].base
        for day, counts in ((OPENED, {}), (date(2026, 5, 2), {}), (OPENED, {"hearing": 1}))
    ]
    assert bases == [100.0, 200.0, 600.0]


def test_a_curve_is_not_kept_beyond_the_last_day_of_its_row() -> None:
    made = terms("""
        tables:
          rates:
            starts: starts
            ends: ends
            columns: [fee_code, starts, ends, fee]
            rows: [[X, 2026-01-01, 2026-05-31, 70.00], [X, 2026-06-01, null, 80.00]]
        payments: [{id: fee, kind: fixed_fee, table: rates, amount: {column: fee}}]
    """)
    account = Account(made, AGENCY, STARTS)
    days = (date(2026, 5, 31), date(2026, 6, 1), date(2026, 5, 31))
    bases = [account.incentive(matter(closed=None, fee_code="X", opened=day))[0].base for day in days]
    assert bases == [7000.0, 8000.0, 7000.0]


def test_opening_many_accounts_leaves_the_terms_as_they_were() -> None:
    made = payment(GRANT)
    before = made.library.changes()
    for _ in range(3):
        Account(made, AGENCY, STARTS).month_ended(PeriodFacts(STARTS, date(2026, 4, 30)))
    assert made.library.changes() == before


CONTRACTS = [
    "- {id: fee, kind: fixed_fee, amount: 157.00}",
    "- {id: help, kind: hourly, rates: {profit: 65.35}, limits: {profit: {at_most: 800.00}}}",
    """
        - id: fee
          kind: fixed_fee
          amount: 157.00
          escape: {over: 471.00, pays: all_at_hourly, rates: {profit: 65.35}}
    """,
    """
        - id: phone
          kind: banded_fee
          band_by: work.minutes
          bands: [{up_to: 132, amount: 65.00}, {up_to: 899, amount: 150.00}, {from: 900, hourly: 60.00}]
    """,
]


@pytest.mark.parametrize("block", CONTRACTS)
def test_the_curve_agrees_with_the_price_on_the_grid(block: str) -> None:
    made = payment(block)
    facts = matter(closed=None)
    pieces = Account(made, AGENCY, STARTS).incentive(facts)
    for minutes in GRID:
        assert pay_on(pieces, minutes) == pytest.approx(pay_at(made, AGENCY, facts, minutes), abs=3)


@given(st.lists(st.integers(0, 5), min_size=len(GRID), max_size=len(GRID)))
def test_joined_pieces_start_in_order_and_begin_at_nought(jumps: list[int]) -> None:
    pay, total = [], 0
    for jump in jumps:
        total += 1000 * jump
        pay.append(total)
    pieces = join(pay)
    assert pieces[0].start == 0
    assert [piece.start for piece in pieces] == sorted({piece.start for piece in pieces})


RUNS = st.lists(st.tuples(st.sampled_from([0, 600, -120]), st.integers(2, 4), st.sampled_from([0, 5000, -700])),
                min_size=1, max_size=4)  # fmt: skip


@given(RUNS, st.integers(0, 900), st.booleans())
def test_pieces_pass_through_every_point_and_are_no_more_than_there_are_runs(
    runs: list[tuple[int, int, int]], first: int, ends_in_a_jump: bool
) -> None:
    pay = [first]
    for at, (slope, length, _) in enumerate(runs):
        jump = runs[at - 1][2] if at else 0
        pay += [pay[-1] + jump] * bool(jump)
        for _ in range(length):
            pay.append(pay[-1] + slope)
    pay += [pay[-1] + 5000] if ends_in_a_jump else []
    pieces = join(pay)
    assert [pay_on(pieces, minutes) for minutes in GRID[: len(pay)]] == pytest.approx(pay)
    assert len(pieces) <= len(runs) + ends_in_a_jump


def test_pieces_bend_by_a_penny_and_no_more() -> None:
    assert join([0, 10, 21, 31, 42]) == (Segment(0, 0.0, 42 / 24),)
    assert len(join([0, 10, 22, 34])) == 2
    # A step that drifts by a penny from the one before it goes on; one that turns back does not.
    assert len(join([0, 100, 200, 301, 403])) == 2
    up_and_down = join([0, 0, 0, 50, 50, 50, 0, 0, 0])
    assert up_and_down == (Segment(0, 0.0, 0.0), Segment(18, 50.0, 0.0), Segment(36, 0.0, 0.0))


def pay_by(*steps: int) -> list[int]:
    return [sum(steps[:at]) for at in range(len(steps) + 1)]


DRIFTS = (9, 10, 10, 10, 11, 10, 10, 10)


def test_pieces_that_only_drift_are_one_wherever_they_stand() -> None:
    steep = (500,) * 3
    for before, after in (((), ()), ((), steep), (steep, ()), (steep, steep)):
        pieces = join(pay_by(*before, *DRIFTS, *after))
        starts = [0, *[len(before) * 6] * bool(before), *[(len(before) + len(DRIFTS)) * 6] * bool(after)]
        assert [piece.start for piece in pieces] == starts


def test_a_step_within_a_penny_of_the_one_before_is_a_piece_and_no_jump() -> None:
    pieces = join(pay_by(100, 101, 102, 500, 500))
    assert [(piece.start, piece.base) for piece in pieces] == [(0, 0.0), (12, 201.0), (18, 303.0)]
    pieces = join(pay_by(100, 101, 103, 500, 500))
    assert [(piece.start, piece.base) for piece in pieces] == [(0, 0.0), (18, 304.0)]


@given(RUNS, st.floats(0, 9), st.sampled_from([0, 3, 6, 31, 60]))
def test_what_a_minute_is_worth_elsewhere_is_on_top_at_every_minute(
    runs: list[tuple[int, int, int]], slope: float, minutes: int
) -> None:
    pieces = join(pay_by(*(step for run, length, _ in runs for step in [run] * length)))
    on_top = pay_on(raised(pieces, slope), minutes)
    assert on_top == pytest.approx(pay_on(pieces, minutes) + slope * minutes)


def test_what_is_refused_pays_nothing() -> None:
    assert curve("- {id: fee, kind: fixed_fee, amount: {dated: {2027-01-01: 5.00}}}") == (
        Segment(0, 0.0, 0.0),
    )


def test_a_forecast_supposes_the_day_it_is_closed_or_else_opened_or_the_contracts_first() -> None:
    text = (
        "- {id: fee, kind: fixed_fee, dated_by: event, amount: {dated: {2020-01-01: 1.00, 2026-06-01: 2.00}}}"
    )
    made, later = payment(text), date(2026, 6, 15)
    bases = [
        pay_curve(made, AGENCY, matter(opened=opened, closed=closed))[0].base
        for opened, closed in ((OPENED, later), (later, None), (OPENED, None), (None, None), (None, later))
    ]
    assert bases == [200.0, 200.0, 100.0, 100.0, 200.0]


# ---- a curve that was kept is the one that would be drawn now -------------------------------------------------------

DEPENDS = """
    values: {rate: {dated: {2026-04-01: 60.00, 2026-06-01: 75.00}}}
    payments:
      - id: help
        kind: hourly
        rates: {profit: {value: rate}, travel: 30.00, waiting: 20.00}
        headings: [profit, counsel]
        dated_by: DATED
        applies_to: {category: housing, detained: true}
        limits: {profit: {at_most: 90.00, unless: prior_authority}}
        hit: sum
      - id: fee
        kind: fixed_fee
        amount: {by_region: {london: 20.00, elsewhere: 10.00}}
        bolt_ons: {hearing: {amount: 5.00, per: event}}
        escape:
          over: 40.00
          measured_on: [profit, counsel, travel]
          pays: excess
          share_percent: 50
          rates: {profit: 60.00}
        hit: sum
      - {id: late, kind: fixed_fee, amount: 7.00, applies_to: {channel: telephone}, not_if: {reopened: true}, hit: sum}
"""
PENCE = st.integers(0, 9000)
DIFFERS = st.fixed_dictionaries(
    {},
    optional={
        "minutes": st.dictionaries(
            st.sampled_from(["profit", "travel", "waiting"]), st.integers(0, 90), max_size=2
        ),
        "costs": st.dictionaries(st.sampled_from(["profit", "counsel", "disbursements"]), PENCE, max_size=2),
        "counts": st.dictionaries(st.just("hearing"), st.integers(0, 2)),
        "facts": st.dictionaries(st.sampled_from(["detained", "prior_authority"]), st.booleans()),
        "category": st.sampled_from(["housing", "debt"]),
        "channel": st.sampled_from(["telephone", "face_to_face"]),
        "region": st.sampled_from(["", "london"]),
        "reopened": st.booleans(),
        "opened": st.sampled_from([None, OPENED, date(2026, 5, 31), date(2026, 6, 1)]),
        "closed": st.sampled_from([None, date(2026, 5, 31), date(2026, 6, 1)]),
    },
)
KEPT = {
    dated: Account(terms(DEPENDS.replace("DATED", dated)), AGENCY, STARTS)
    for dated in ("matter_opened", "event")
}


@settings(max_examples=30)
@given(st.sampled_from(sorted(KEPT)), DIFFERS)
def test_a_curve_that_was_kept_is_the_one_that_would_be_drawn_now(
    dated: str, known: dict[str, object]
) -> None:
    account = KEPT[dated]
    facts = matter(**{"closed": None, **known})
    assert account.incentive(facts) == pay_curve(account.terms, AGENCY, facts)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"minutes": {"travel": 30}}, {"minutes": {"travel": 60}}),
        ({"minutes": {"travel": 30}}, {"minutes": {}}),
        ({"minutes": {"travel": 30, "profit": 6}}, {"minutes": {"waiting": 30, "profit": 6}}),
        ({"costs": {"counsel": 100}}, {"costs": {"counsel": 200}}),
        ({"counts": {"hearing": 1}}, {"counts": {"hearing": 2}}),
        ({"facts": {"detained": True}}, {"facts": {"detained": False}}),
        ({"facts": {"detained": True, "prior_authority": True}}, {"facts": {"detained": True}}),
        ({"channel": "telephone"}, {"channel": "telephone", "reopened": True}),
        ({"region": "london"}, {"region": "elsewhere"}),
    ],
)
def test_of_two_matters_that_differ_in_what_pays_each_has_its_own_curve(
    one: dict[str, object], other: dict[str, object]
) -> None:
    account = Account(terms(DEPENDS.replace("DATED", "event")), AGENCY, STARTS)
    detained = {"closed": None, "facts": {"detained": True}}
    first, second = (account.incentive(matter(**{**detained, **known})) for known in (one, other))
    assert first != second
    assert second == pay_curve(account.terms, AGENCY, matter(**{**detained, **other}))


PIECES = st.lists(
    st.tuples(st.integers(3, 12), st.integers(0, 9).map(lambda n: 20 * n), st.sampled_from([0, 0, 500, 900])),
    min_size=1,
    max_size=5,
)


@given(PIECES)
def test_joined_pieces_pass_through_every_point_that_they_join(pieces: list[tuple[int, int, int]]) -> None:
    pay = [0]
    for steps, slope, jump in pieces:
        pay += [pay[-1] + jump + slope * (n + 1) for n in range(steps)]
    joined = join(pay)
    for minutes, pence in zip(GRID, pay):
        assert abs(pay_on(joined, minutes) - pence) <= 1, (minutes, joined)
    assert len(joined) <= 2 * len(pieces)


def test_one_curve_serves_whatever_time_has_gone_into_a_matter_already() -> None:
    account = Account(payment("- {id: help, kind: hourly, rates: {profit: 60.00}}"), AGENCY, STARTS)
    first, later = (account.incentive(matter(minutes={"profit": minutes})) for minutes in (30, 60))
    assert later is first


def test_a_single_point_is_flat() -> None:
    assert join([500]) == (Segment(0, 500.0, 0.0),)
